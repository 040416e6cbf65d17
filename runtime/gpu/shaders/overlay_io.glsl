layout(push_constant) uniform Push {
  uint first_eye;
  float strength;              // what the world hides is drawn fainter
  float nearer;                // compared as if this much nearer: marks lie on floors that are not quite even
  float spare;
  vec4 place;                  // of a figure: floor, yaw
  vec4 size;                   // radius, height
  vec4 color;
} push;
