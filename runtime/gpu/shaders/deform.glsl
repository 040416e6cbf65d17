// Morph targets, then the skin, then the instance's place: vertex to Stage.
layout(constant_id = 1) const bool kDeforms = false;

struct Placed {
  vec3 position;
  mat3 turn;                   // Stage from mesh, for tangents
  vec3 position_delta, normal_delta;
};

Placed place_vertex(vec3 position, uvec4 joint, vec4 weight) {
  Instance it = instances[gl_InstanceIndex];
  Placed placed;
  placed.normal_delta = vec3(0.0);
  vec4 x = it.row_x, y = it.row_y, z = it.row_z;
  if (kDeforms) {
    uint vertex = uint(gl_VertexIndex) - it.range.y;
    for (uint t = 0u; t < it.deform.z; ++t) {
      float w = weights[it.deform.y + t];
      if (w == 0.0) continue;
      uint at = (it.deform.w + t * it.range.x + vertex) * 6u;
      position += w * vec3(deltas[at], deltas[at + 1u], deltas[at + 2u]);
      placed.normal_delta += w * vec3(deltas[at + 3u], deltas[at + 4u], deltas[at + 5u]);
    }
    if (dot(weight, vec4(1.0)) > 0.0 && it.deform.x != ~0u) {
      x = y = z = vec4(0.0);
      for (int i = 0; i < 4; ++i) {
        uint at = (it.deform.x + joint[i]) * 3u;
        x += weight[i] * joints[at];
        y += weight[i] * joints[at + 1u];
        z += weight[i] * joints[at + 2u];
      }
    }
  }
  vec4 p = vec4(position, 1.0);
  placed.position = vec3(dot(x, p), dot(y, p), dot(z, p));
  placed.turn = transpose(mat3(x.xyz, y.xyz, z.xyz));
  return placed;
}
