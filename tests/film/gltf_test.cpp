#include "runtime/film/gltf.h"

#include <meshoptimizer.h>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <glm/geometric.hpp>

#include "tests/film/glb.h"

using namespace promenade;
using namespace promenade::film;
using namespace promenade::film::testing;
using Catch::Approx;

namespace {

Model loaded(Glb& glb, base::Findings* findings = nullptr) {
  auto model = load_gltf(glb.file(), "test.glb", findings);
  INFO((model ? std::string() : model.error().text()));
  REQUIRE(model);
  return std::move(*model);
}

std::string refusal(Glb& glb) {
  const auto model = load_gltf(glb.file(), "test.glb");
  return model ? "none" : model.error().code + ": " + model.error().text();
}

bool has_code(const base::Findings& findings, std::string_view code) {
  for (const auto& f : findings) {
    if (f.code == code) return true;
  }
  return false;
}

std::optional<base::Bytes> asset(const std::string& path) {
  std::ifstream in(std::string(PROMENADE_SOURCE_DIR) + "/../shared/data/gltf/" + path, std::ios::binary);
  if (!in) return std::nullopt;
  return base::Bytes(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

TEST_CASE("a plain triangle gets a flat normal, a tangent and a box") {
  Glb glb;
  glb.triangle();
  const Model model = loaded(glb);
  REQUIRE(model.meshes.size() == 1);
  const Primitive& p = model.meshes[0].primitives.at(0);
  CHECK(p.vertices.size() == 3);
  CHECK(p.indices == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(p.vertices[0].normal == glm::vec3(0, 0, 1));
  CHECK(glm::dot(glm::vec3(p.vertices[0].tangent), p.vertices[0].normal) == Approx(0.0f));
  CHECK(p.box.high == glm::vec3(1, 1, 0));
  CHECK(p.material == 0);
  CHECK(model.materials.size() == 1);
}

TEST_CASE("nodes come after their parents, wherever they stand in the file") {
  Glb glb;
  glb.triangle();
  glb.root["nodes"] = json::array({{{"mesh", 0}, {"name", "leaf"}}, {{"children", {0}}, {"name", "root"}, {"translation", {1, 2, 3}}}});
  glb.root["scenes"][0]["nodes"] = {1};
  const Model model = loaded(glb);
  REQUIRE(model.nodes.size() == 2);
  CHECK(model.nodes[0].name == "root");
  CHECK(model.nodes[1].parent == 0);
  glb.root["nodes"][0]["children"] = {1};
  CHECK(refusal(glb).starts_with("gltf-malformed: test.glb: node 1 hangs in two places."));
}

TEST_CASE("a matrix becomes translation, rotation and scale") {
  Glb glb;
  glb.triangle();
  glb.root["nodes"][0]["matrix"] = {0, 0, -2, 0, 0, 3, 0, 0, -1, 0, 0, 0, 5, 6, 7, 1};  // mirrored, turned about y
  const Model model = loaded(glb);
  const Node& n = model.nodes[0];
  CHECK(n.translation == glm::vec3(5, 6, 7));
  CHECK(n.scale.x * n.scale.y * n.scale.z == Approx(-6.0f));
  CHECK(glm::length(n.rotation * (n.scale * glm::vec3(1, 0, 0)) - glm::vec3(0, 0, -2)) < 1e-5f);
  CHECK(glm::length(n.rotation * (n.scale * glm::vec3(0, 0, 1)) - glm::vec3(-1, 0, 0)) < 1e-5f);
}

TEST_CASE("indices, strips, colours and morph targets are read") {
  Glb glb;
  json& p = glb.triangle();
  p["mode"] = 5;
  const int four = glb.floats({0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0}, 3);
  glb.root["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = four;
  glb.root["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"] =
      glb.accessor<std::uint8_t>({255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 128}, "VEC4", 5121, 4, true);
  const int deltas = glb.floats({0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, -1}, 3);
  glb.root["meshes"][0]["primitives"][0]["targets"] = json::array({{{"POSITION", deltas}}});
  glb.root["meshes"][0]["primitives"][0]["indices"] = glb.accessor<std::uint16_t>({0, 1, 2, 3}, "SCALAR", 5123, 1);
  const Model model = loaded(glb);
  const Primitive& out = model.meshes[0].primitives.at(0);
  CHECK(out.indices.size() == 6);
  REQUIRE(out.vertices.size() == 6);  // flat: each triangle its own
  CHECK(out.vertices[0].color == glm::vec4(1, 0, 0, 1));
  REQUIRE(out.targets.size() == 1);
  CHECK(out.targets[0][0].position.z == 2.0f);
  CHECK(out.box.high.z == 2.0f);
  CHECK(out.box.low.z == -1.0f);
  CHECK(model.meshes[0].weights == std::vector<float>{0.0f});
  for (const Vertex& v : out.vertices) CHECK(v.normal.z == Approx(1.0f));
}

TEST_CASE("a normal map's tangents follow the texture") {
  Glb glb;
  json& p = glb.triangle();
  p["attributes"]["NORMAL"] = glb.floats({0, 0, 1, 0, 0, 1, 0, 0, 1}, 3);
  glb.root["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"] = glb.floats({0, 1, 1, 1, 0, 0}, 2);  // v down, as pictures are
  glb.root["meshes"][0]["primitives"][0]["material"] = 0;
  glb.root["images"] = json::array({{{"bufferView", glb.bytes_view(kPng)}, {"mimeType", "image/png"}}});
  glb.root["textures"] = json::array({{{"source", 0}}});
  glb.root["materials"] = json::array({{{"normalTexture", {{"index", 0}}}}});
  const Model model = loaded(glb);
  CHECK(model.meshes[0].primitives[0].vertices[0].tangent == glm::vec4(1, 0, 0, 1));
  REQUIRE(model.images.size() == 1);
  CHECK_FALSE(model.images[0].srgb);
  CHECK(model.images[0].rgba == base::Bytes{255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255});
}

TEST_CASE("materials keep their extensions") {
  Glb glb;
  glb.triangle()["material"] = 0;
  glb.root["extensionsUsed"] = {"KHR_texture_transform"};
  glb.root["images"] = json::array({{{"bufferView", glb.bytes_view(kPng)}, {"mimeType", "image/png"}}});
  glb.root["samplers"] = json::array({{{"wrapS", 33071}, {"wrapT", 33648}, {"magFilter", 9728}}});
  glb.root["textures"] = json::array({{{"source", 0}, {"sampler", 0}}});
  glb.root["materials"] = json::array(
      {{{"name", "lamp"}, {"alphaMode", "MASK"}, {"alphaCutoff", 0.25}, {"doubleSided", true}, {"emissiveFactor", {1, 0.5, 0}},
        {"pbrMetallicRoughness", {{"baseColorFactor", {0.5, 0.25, 1, 1}}, {"metallicFactor", 0},
          {"baseColorTexture", {{"index", 0}, {"extensions", {{"KHR_texture_transform", {{"offset", {0.5, 0}}, {"rotation", 1.5}, {"scale", {2, 3}}}}}}}}}},
        {"extensions", {{"KHR_materials_unlit", json::object()}, {"KHR_materials_emissive_strength", {{"emissiveStrength", 4}}}}}}});
  const Model model = loaded(glb);
  REQUIRE(model.materials.size() == 2);
  const Material& m = model.materials[1];
  CHECK(model.meshes[0].primitives[0].material == 1);
  CHECK((m.unlit && m.double_sided && m.alpha == AlphaMode::mask));
  CHECK(m.alpha_cutoff == 0.25f);
  CHECK(m.emissive == glm::vec3(4, 2, 0));
  CHECK(m.base_color == glm::vec4(0.5f, 0.25f, 1, 1));
  CHECK(m.base_color_texture.scale == glm::vec2(2, 3));
  CHECK(m.base_color_texture.offset == glm::vec2(0.5f, 0));
  CHECK(m.base_color_texture.rotation_rad == 1.5f);
  CHECK((m.base_color_texture.wrap_u == Wrap::clamp && m.base_color_texture.wrap_v == Wrap::mirror && m.base_color_texture.nearest));
  CHECK(model.images[0].srgb);
}

TEST_CASE("a missing texture is a finding and neutral grey, and a lamp without its picture is dark") {
  Glb glb;
  glb.triangle()["material"] = 0;
  glb.root["images"] = json::array({{{"uri", "elsewhere.png"}}, {{"bufferView", glb.bytes_view(base::Bytes{1, 2, 3})}, {"mimeType", "image/png"}}});
  glb.root["textures"] = json::array({{{"source", 0}}, {{"source", 1}}});
  glb.root["materials"] = json::array({{{"pbrMetallicRoughness", {{"baseColorTexture", {{"index", 0}}}}},
                                        {"emissiveFactor", {1, 1, 1}}, {"emissiveTexture", {{"index", 1}}}}});
  base::Findings findings;
  const Model model = loaded(glb, &findings);
  CHECK(has_code(findings, "texture-missing"));
  CHECK(has_code(findings, "texture-unsupported"));
  const Material& m = model.materials[1];
  REQUIRE(m.base_color_texture.image != kNone);
  const auto& grey = model.images[m.base_color_texture.image].rgba;
  CHECK((grey[0] == grey[1] && grey[1] == grey[2]));
  CHECK(m.emissive == glm::vec3(0.0f));
}

TEST_CASE("the sky, scenes and billboards of extras.promenade are read, and misspelt ones told") {
  Glb glb;
  glb.triangle();
  glb.root["scenes"][0]["extras"]["promenade"]["sky"] = {{"zenith", {0, 0.1, 0.2}}, {"stars", 1}, {"exposure", 0.5}, {"fog", 1}};
  glb.root["nodes"][0]["extras"]["promenade"] = {{"scenes", {1, 3}}, {"billboard", true}};
  base::Findings findings;
  const Model model = loaded(glb, &findings);
  CHECK(model.sky.zenith.y == Approx(0.1f));
  CHECK(model.sky.stars == 1.0f);
  CHECK(model.sky.exposure == 0.5f);
  CHECK((model.nodes[0].first_scene == 1 && model.nodes[0].last_scene == 3 && model.nodes[0].faces_viewer));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].key == "extras.promenade.sky.fog");
}

TEST_CASE("lights, instances and visibility") {
  Glb glb;
  glb.triangle();
  glb.root["extensions"]["KHR_lights_punctual"]["lights"] = json::array({{{"type", "directional"}, {"color", {1, 0.5, 0.25}}, {"intensity", 3}}});
  const int places = glb.floats({0, 0, 0, 4, 0, 0}, 3);
  glb.root["nodes"] = json::array({{{"mesh", 0}, {"extensions", {{"EXT_mesh_gpu_instancing", {{"attributes", {{"TRANSLATION", places}}}}},
                                                                   {"KHR_node_visibility", {{"visible", false}}}}}},
                                   {{"extensions", {{"KHR_lights_punctual", {{"light", 0}}}}}}});
  glb.root["scenes"][0]["nodes"] = {0, 1};
  const Model model = loaded(glb);
  CHECK_FALSE(model.nodes[0].visible);
  REQUIRE(model.nodes[0].instances.size() == 2);
  CHECK(model.nodes[0].instances[1][3].x == 4.0f);
  REQUIRE(model.nodes[1].light == 0);
  CHECK(model.lights[0].kind == LightKind::directional);
  CHECK(model.lights[0].intensity == 3.0f);
}

TEST_CASE("what cannot be shown is refused with what to do") {
  Glb glb;
  glb.triangle();
  glb.root["extensionsRequired"] = {"KHR_draco_mesh_compression"};
  CHECK(refusal(glb).find("gltfpack") != std::string::npos);
  glb.root["extensionsRequired"] = {"KHR_texture_basisu"};
  CHECK(refusal(glb).find("PNG or JPEG") != std::string::npos);
  glb.root["extensionsRequired"] = {"KHR_texture_transform", "ACME_magic"};
  CHECK(refusal(glb).starts_with("gltf-unsupported"));
}

TEST_CASE("ranges are checked before anything is read") {
  const auto broken = [](auto change) {
    Glb glb;
    json& p = glb.triangle();
    p["indices"] = glb.accessor<std::uint16_t>({0, 1, 2}, "SCALAR", 5123, 1);
    change(glb.root);
    return refusal(glb).substr(0, 14);
  };
  CHECK(broken([](json& r) { r["accessors"][0]["count"] = 4; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["accessors"][0]["count"] = 4'000'000'000u; }) == "gltf-too-large");
  CHECK(broken([](json& r) { r["accessors"][0]["byteOffset"] = 4; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["accessors"][0]["bufferView"] = 9; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["bufferViews"][0]["byteLength"] = 1000; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["bufferViews"][0]["byteOffset"] = 1ull << 60; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["bufferViews"][0]["buffer"] = 1; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["bufferViews"][0]["byteStride"] = 4; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["accessors"][1]["componentType"] = 5126; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["nodes"][0]["mesh"] = 7; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["scene"] = 7; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["meshes"][0]["primitives"][0]["material"] = 0; }) == "gltf-malformed");
  CHECK(broken([](json& r) { r["meshes"] = "none"; r["nodes"][0].erase("mesh"); }) == "none");
  Glb indices;
  indices.triangle()["indices"] = indices.accessor<std::uint16_t>({0, 1, 3}, "SCALAR", 5123, 1);
  CHECK(refusal(indices).find("vertex 3 of 3") != std::string::npos);
  Glb not_a_number;
  not_a_number.triangle();
  not_a_number.binary[3] = 0x7f, not_a_number.binary[2] = 0xc0;
  CHECK(refusal(not_a_number).starts_with("gltf-malformed"));
  CHECK(load_gltf(base::as_bytes(std::string(200, '[')), "deep").error().code == "gltf-malformed");
  CHECK(load_gltf({}, "empty").error().code == "gltf-malformed");
  Glb cut;
  cut.triangle();
  base::Bytes file = cut.file();
  file.resize(file.size() - 8);
  CHECK(load_gltf(file, "cut").error().code == "gltf-malformed");
}

TEST_CASE("buffers packed by meshopt are unpacked, and damaged ones refused") {
  const float positions[] = {0, 0, 0, 9, 1, 0, 0, 9, 0, 1, 0, 9};  // with a fourth number, that the stride skips
  const std::uint32_t indices[] = {0, 1, 2};
  base::Bytes vertices(meshopt_encodeVertexBufferBound(3, 16)), triangles(meshopt_encodeIndexBufferBound(3, 3));
  meshopt_encodeVertexVersion(0);
  meshopt_encodeIndexVersion(1);
  vertices.resize(meshopt_encodeVertexBuffer(vertices.data(), vertices.size(), positions, 3, 16));
  triangles.resize(meshopt_encodeIndexBuffer(triangles.data(), triangles.size(), indices, 3));
  const auto asset_with = [&](auto change) {
    Glb glb;
    const int v = glb.bytes_view(vertices), t = glb.bytes_view(triangles);
    const auto packed = [&](int view, json extension) {
      extension["buffer"] = 0;
      extension["byteOffset"] = glb.root["bufferViews"][static_cast<std::size_t>(view)]["byteOffset"];
      extension["byteLength"] = glb.root["bufferViews"][static_cast<std::size_t>(view)]["byteLength"];
      const std::uint64_t size = extension["count"].get<std::uint64_t>() * extension["byteStride"].get<std::uint64_t>();
      // The fallback buffer has neither bytes nor a place to find them.
      glb.root["bufferViews"][static_cast<std::size_t>(view)] = {{"buffer", 1}, {"byteLength", size}, {"extensions", {{"EXT_meshopt_compression", extension}}}};
    };
    packed(v, {{"count", 3}, {"byteStride", 16}, {"mode", "ATTRIBUTES"}});
    packed(t, {{"count", 3}, {"byteStride", 4}, {"mode", "TRIANGLES"}});
    glb.root["buffers"] = {{{"byteLength", glb.binary.size()}}, {{"byteLength", 60}, {"extensions", {{"EXT_meshopt_compression", {{"fallback", true}}}}}}};
    glb.root["extensionsRequired"] = {"EXT_meshopt_compression"};
    glb.root["accessors"] = {{{"bufferView", v}, {"componentType", 5126}, {"count", 3}, {"type", "VEC3"}},
                             {{"bufferView", t}, {"componentType", 5125}, {"count", 3}, {"type", "SCALAR"}}};
    glb.root["meshes"] = json::array({{{"primitives", json::array({{{"attributes", {{"POSITION", 0}}}, {"indices", 1}}})}}});
    change(glb);
    return load_gltf(glb.file(), "packed.glb");
  };
  const auto good = asset_with([](Glb&) {});
  INFO((good ? std::string() : good.error().text()));
  REQUIRE(good);
  const Primitive& p = good->meshes[0].primitives.at(0);
  CHECK(p.vertices[1].position == glm::vec3(1, 0, 0));
  CHECK(p.vertices[2].position == glm::vec3(0, 1, 0));
  const auto refused = [&](auto change) { return asset_with(change).error().code; };
  const auto extension = [](Glb& glb, std::size_t view) -> json& { return glb.root["bufferViews"][view]["extensions"]["EXT_meshopt_compression"]; };
  CHECK(refused([](Glb& glb) { glb.binary[0] ^= 0xff; }) == "gltf-malformed");
  CHECK(refused([&](Glb& glb) { extension(glb, 0)["byteStride"] = 18; }) == "gltf-malformed");
  CHECK(refused([&](Glb& glb) { extension(glb, 0)["byteLength"] = 4000; }) == "gltf-malformed");
  CHECK(refused([&](Glb& glb) { extension(glb, 0)["filter"] = "QUATERNION"; }) == "gltf-malformed");
  CHECK(refused([&](Glb& glb) { extension(glb, 0)["count"] = 100'000'000; }) == "gltf-too-large");
  CHECK(refused([&](Glb& glb) { extension(glb, 1)["count"] = 4; }) == "gltf-malformed");
  CHECK(refused([&](Glb& glb) { extension(glb, 1)["byteStride"] = 1; }) == "gltf-malformed");
}

TEST_CASE("a skin's joints are checked against the skin") {
  const auto skinned = [](std::uint8_t joint) {
    Glb glb;
    json& p = glb.triangle();
    p["attributes"]["JOINTS_0"] = glb.accessor<std::uint8_t>({0, 9, 0, 0, joint, 0, 0, 0, 0, 0, 0, 0}, "VEC4", 5121, 4);
    glb.root["meshes"][0]["primitives"][0]["attributes"]["WEIGHTS_0"] = glb.floats({2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, 4);
    glb.root["nodes"] = json::array({{{"mesh", 0}, {"skin", 0}}, {{"name", "bone"}}});
    glb.root["scenes"][0]["nodes"] = {0, 1};
    glb.root["skins"] = json::array({{{"joints", {1}}}});
    return load_gltf(glb.file(), "skin.glb");
  };
  const auto good = skinned(0);
  REQUIRE(good);
  CHECK(good->skins[0].joints == std::vector<std::uint32_t>{1});
  for (const Vertex& v : good->meshes[0].primitives[0].vertices) {
    CHECK(v.weights == glm::vec4(1, 0, 0, 0));
    CHECK(v.joints[1] == 0);
  }
  CHECK(skinned(1).error().code == "gltf-malformed");
}

TEST_CASE("pictures are judged before they are unpacked") {
  CHECK(decode_image(kPng, "p")->width == 2);
  base::Bytes large = kPng;
  large[16] = 0x40;
  CHECK(decode_image(large, "p").error().code == "image-too-large");
  CHECK(decode_image(base::as_bytes("GIF89a"), "p").error().code == "image-unsupported");
  base::Bytes damaged = kPng;
  damaged.resize(40);
  CHECK(decode_image(damaged, "p").error().code == "image-malformed");
}

TEST_CASE("assets of others load: skins, morphs, quantisation, meshopt, instancing") {
  if (!asset("README.md")) SKIP("the shared glTF assets are not beside this checkout (../shared/data/gltf)");
  struct Expected { const char* path; std::size_t nodes, skins, animations; bool morphs; };
  const Expected cases[] = {
      {"khronos/Fox/Fox.glb", 26, 1, 3, false},
      {"khronos/AnimatedMorphCube/AnimatedMorphCube.glb", 1, 0, 1, true},
      {"khronos/BoxAnimated/BoxAnimated.glb", 4, 0, 1, false},
      {"khronos/AlphaBlendModeTest/AlphaBlendModeTest.glb", 0, 0, 0, false},
      {"khronos/EmissiveStrengthTest/EmissiveStrengthTest.glb", 0, 0, 0, false},
      {"khronos/MultiUVTest/MultiUVTest.glb", 0, 0, 0, false},
      {"khronos/SimpleInstancing/SimpleInstancing.glb", 0, 0, 0, false},
      {"khronos/TextureTransformMultiTest/TextureTransformMultiTest.glb", 0, 0, 0, false},
      {"khronos/UnlitTest/UnlitTest.glb", 0, 0, 0, false},
      {"khronos/VertexColorTest/VertexColorTest.glb", 0, 0, 0, false},
      {"kaykit-characters/Knight.glb", 0, 1, 76, false},
      {"kaykit-dungeon/table_long_decorated_A.gltf.glb", 0, 0, 0, false},
      {"gltf-transform/BoxMeshopt.glb", 0, 0, 0, false},
      {"derived-meshopt/Fox-meshopt.glb", 0, 1, 3, false},
      {"derived-meshopt/Knight-meshopt.glb", 0, 1, 76, false},
  };
  for (const Expected& each : cases) {
    INFO(each.path);
    const auto bytes = asset(each.path);
    REQUIRE(bytes);
    base::Findings findings;
    const auto model = load_gltf(*bytes, each.path, &findings);
    INFO((model ? base::to_string(findings) : model.error().text()));
    REQUIRE(model);
    CHECK_FALSE(has_code(findings, "texture-missing"));
    CHECK_FALSE(has_code(findings, "texture-unsupported"));
    if (each.nodes) CHECK(model->nodes.size() == each.nodes);
    CHECK(model->skins.size() == each.skins);
    CHECK(model->animations.size() == each.animations);
    std::size_t triangles = 0, targets = 0;
    for (const Mesh& mesh : model->meshes) {
      for (const Primitive& p : mesh.primitives) {
        triangles += p.indices.size() / 3;
        targets += p.targets.size();
      }
    }
    CHECK(triangles > 0);
    CHECK((targets > 0) == each.morphs);
  }
}

TEST_CASE("packing by meshopt changes a model little") {
  if (!asset("README.md")) SKIP("the shared glTF assets are not beside this checkout (../shared/data/gltf)");
  const auto plain = load_gltf(*asset("khronos/Fox/Fox.glb"), "plain");
  const auto packed = load_gltf(*asset("derived-meshopt/Fox-meshopt.glb"), "packed");
  REQUIRE((plain && packed));
  REQUIRE(plain->animations.size() == packed->animations.size());
  for (std::size_t i = 0; i < plain->animations.size(); ++i) {
    CHECK(packed->animations[i].length_s == Approx(plain->animations[i].length_s).margin(0.05));
  }
}

TEST_CASE("assets in forms that are not read say what to do") {
  if (!asset("README.md")) SKIP("the shared glTF assets are not beside this checkout (../shared/data/gltf)");
  const auto text = [](const char* path) {
    const auto model = load_gltf(*asset(path), path);
    return model ? std::string("loaded") : model.error().text();
  };
  CHECK(text("khronos/Box-Draco/Box.gltf").find("without Draco") != std::string::npos);
  CHECK(text("khronos/StainedGlassLamp-KTX-BasisU/StainedGlassLamp.gltf").find("PNG or JPEG") != std::string::npos);
  CHECK(text("khronos/BoxWithSpaces/Box With Spaces.gltf").find("buffer 0 is not in the file") != std::string::npos);
}
