#version 460
layout(push_constant) uniform Push {
  vec2 pixel;                  // two over the size
  uint texture, mode;          // mode: 0 alpha of the atlas, 1 straight picture, 2 premultiplied picture; +4: encode sRGB
} push;
layout(location = 0) in vec2 in_position;
layout(location = 1) in vec2 in_uv;
layout(location = 2) in vec4 in_color;       // sRGB, straight
layout(location = 0) out vec2 out_uv;
layout(location = 1) out vec4 out_color;

void main() {
  out_uv = in_uv;
  out_color = in_color;
  gl_Position = vec4(in_position * push.pixel - 1.0, 0.0, 1.0);
}
