#pragma once
// Builds small GLBs for tests: JSON with accessors whose bytes are put behind it.

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tracking/base/bytes.h"

namespace promenade::film::testing {

using nlohmann::json;

// A PNG of 2 x 2 pixels: red, green, blue, white.
inline const base::Bytes kPng = *base::from_hex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001249444154789c63f8cfc0c000c2"
    "0cff8100001fee05fb0bd9688b0000000049454e44ae426082");

class Glb {
 public:
  json root = {{"asset", {{"version", "2.0"}}}, {"scene", 0}, {"scenes", json::array({{{"nodes", json::array({0})}}})},
               {"nodes", json::array({{{"mesh", 0}}})}};

  // Puts values behind, aligned, and returns the number of their accessor.
  template <class T>
  int accessor(const std::vector<T>& values, const char* type, int component, std::size_t components, bool normalized = false) {
    const int view = bytes_view(base::ByteView(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)));
    json a = {{"bufferView", view}, {"componentType", component}, {"count", values.size() / components}, {"type", type}};
    if (normalized) a["normalized"] = true;
    root["accessors"].push_back(std::move(a));
    return static_cast<int>(root["accessors"].size()) - 1;
  }
  int floats(const std::vector<float>& values, std::size_t components) {
    static const char* const kTypes[] = {"", "SCALAR", "VEC2", "VEC3", "VEC4"};
    return accessor(values, components == 16 ? "MAT4" : kTypes[components], 5126, components);
  }
  int bytes_view(base::ByteView bytes) {
    while (binary.size() % 4 != 0) binary.push_back(0);
    root["bufferViews"].push_back({{"buffer", 0}, {"byteOffset", binary.size()}, {"byteLength", bytes.size()}});
    binary.insert(binary.end(), bytes.begin(), bytes.end());
    return static_cast<int>(root["bufferViews"].size()) - 1;
  }
  // A triangle in the plane z = 0 as mesh 0.
  json& triangle() {
    const int positions = floats({0, 0, 0, 1, 0, 0, 0, 1, 0}, 3);
    root["meshes"] = json::array({{{"primitives", json::array({{{"attributes", {{"POSITION", positions}}}}})}}});
    return root["meshes"][0]["primitives"][0];
  }

  base::Bytes file() {
    if (!binary.empty() && !root.contains("buffers")) root["buffers"] = json::array({{{"byteLength", binary.size()}}});
    std::string text = root.dump();
    while (text.size() % 4 != 0) text += ' ';
    base::Bytes out;
    base::ByteWriter w(out);
    w.u32(0x46546c67);
    w.u32(2);
    w.u32(static_cast<std::uint32_t>(12 + 8 + text.size() + (binary.empty() ? 0 : 8 + binary.size())));
    w.u32(static_cast<std::uint32_t>(text.size()));
    w.u32(0x4e4f534a);
    w.raw(base::as_bytes(text));
    if (!binary.empty()) {
      w.u32(static_cast<std::uint32_t>(binary.size()));
      w.u32(0x004e4942);
      w.raw(binary);
    }
    return out;
  }

  base::Bytes binary;
};

}  // namespace promenade::film::testing
