#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDocument = 64u << 20;  // bytes of JSON
constexpr int kMaxDepth = 100;
constexpr std::uint32_t kGlbMagic = 0x46546c67, kJsonChunk = 0x4e4f534a, kBinaryChunk = 0x004e4942;

constexpr std::string_view kUnderstood[] = {
    "KHR_mesh_quantization",     "EXT_meshopt_compression",         "KHR_texture_transform",
    "KHR_lights_punctual",       "KHR_materials_unlit",             "KHR_materials_emissive_strength",
    "EXT_mesh_gpu_instancing",   "KHR_node_visibility",             "KHR_animation_pointer",
};

std::string advice_for(std::string_view extension) {
  if (extension == "KHR_draco_mesh_compression") {
    return "Pack the world again without Draco: gltfpack -c packs as small, by EXT_meshopt_compression.";
  }
  if (extension == "KHR_texture_basisu" || extension == "EXT_texture_webp" || extension == "EXT_texture_avif") {
    return "Give the textures as PNG or JPEG.";
  }
  return "Export the world without it.";
}

// Whether brackets nest no deeper than kMaxDepth: parsers further on go down by recursion.
bool is_shallow(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      else if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return false;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return true;
}

std::optional<base::Bytes> from_base64(std::string_view text) {
  base::Bytes out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int have = 0;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  for (const char c : text) {
    const int value = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+' ? 62 : c == '/' ? 63 : -1;
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> have));
  }
  return out;
}

std::optional<base::Bytes> from_data_uri(std::string_view uri) {
  const std::size_t comma = uri.find(";base64,");
  if (!uri.starts_with("data:") || comma == std::string_view::npos) return std::nullopt;
  return from_base64(uri.substr(comma + 8));
}

std::string text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// The member as a list of objects; the asset is malformed where it is something else.
const json& objects(Source& source, const json& root, const char* name) {
  static const json kNone = json::array();
  const auto it = root.find(name);
  if (it == root.end()) return kNone;
  if (!it->is_array() || !std::ranges::all_of(*it, [](const json& each) { return each.is_object(); })) {
    source.malformed(base::formatted("\"{}\" is not a list of objects", name));
    return kNone;
  }
  return *it;
}

// The first required extension that is not understood; empty: none.
std::string first_unknown(const json& root) {
  const auto required = root.find("extensionsRequired");
  if (required == root.end() || !required->is_array()) return {};
  for (const json& each : *required) {
    const std::string extension = each.is_string() ? each.get<std::string>() : "?";
    if (std::ranges::find(kUnderstood, extension) == std::end(kUnderstood)) return extension;
  }
  return {};
}

// What is left for tinygltf.
std::string without_bytes(json root) {
  for (const char* unread : {"buffers", "images", "cameras"}) root.erase(unread);
  if (const auto it = root.find("extensions"); it != root.end() && it->is_object()) {
    json kept = json::object();
    if (it->contains("KHR_lights_punctual")) kept["KHR_lights_punctual"] = (*it)["KHR_lights_punctual"];
    *it = std::move(kept);
  }
  return root.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Source::Source(std::string name, const LoadLimits& limits, base::Findings* findings)
    : name_(std::move(name)), left_(limits), findings_(findings) {}

void Source::fail(std::string code, const std::string& message, std::string advice) {
  if (!error_) error_ = base::Error{std::move(code), base::formatted("{}: {}.", name_, message), std::move(advice)};
}

void Source::malformed(const std::string& message) {
  fail("gltf-malformed", message, "Export the asset again, and check it with a glTF validator.");
}

void Source::warn(std::string code, std::string key, std::string message, std::string expected) {
  if (!findings_ || findings_->size() >= 100) return;
  findings_->push_back({base::Severity::warning, std::move(code), name_, 0, std::move(key), std::move(message),
                        std::move(expected)});
}

bool Source::index(std::int64_t index, std::size_t size, std::string_view what) {
  if (index >= 0 && static_cast<std::uint64_t>(index) < size) return true;
  malformed(base::formatted("there is no {} {}", what, index));
  return false;
}

bool Source::take(std::uint64_t LoadLimits::* limit, std::uint64_t amount, std::string_view what) {
  if (amount <= left_.*limit) {
    left_.*limit -= amount;
    return true;
  }
  fail("gltf-too-large", base::formatted("it holds too much: {}", what), "Make the asset smaller.");
  return false;
}

void Source::open(base::ByteView bytes) {
  base::ByteReader in(bytes);
  const bool is_glb = bytes.size() >= 12 && in.u32() == kGlbMagic;
  if (!is_glb) return open_document(bytes, std::nullopt);
  const std::uint32_t version = in.u32();
  const std::uint32_t length = in.u32();
  if (version != 2) return malformed(base::formatted("this is version {} of GLB, and not 2", version));
  if (length > bytes.size()) return malformed(base::formatted("it is cut short at {} of {} bytes", bytes.size(), length));
  in = base::ByteReader(bytes.subspan(12, std::max<std::size_t>(length, 12) - 12));
  base::ByteView text;
  std::optional<base::ByteView> binary;
  while (in.remaining() >= 8) {
    const std::uint32_t size = in.u32();
    const std::uint32_t kind = in.u32();
    const base::ByteView chunk = in.raw(size);
    if (!in.ok()) return malformed("a chunk goes on beyond the file's end");
    if (kind == kJsonChunk && text.empty()) text = chunk;
    if (kind == kBinaryChunk && !binary) binary = chunk;
  }
  open_document(text, binary);
}

void Source::open_document(base::ByteView bytes, std::optional<base::ByteView> binary) {
  const std::string_view text = base::as_text(bytes);
  if (text.size() > kMaxDocument) return fail("gltf-too-large", "its JSON is larger than 64 MiB");
  json root = is_shallow(text) ? json::parse(text, nullptr, false) : json();
  if (!root.is_object()) return malformed("its JSON cannot be read");
  if (const std::string extension = first_unknown(root); !extension.empty()) {
    return fail("gltf-unsupported", base::formatted("it needs the extension {}, which this program does not read", extension),
                advice_for(extension));
  }
  const json& buffers = objects(*this, root, "buffers");
  const json& images = objects(*this, root, "images");
  if (!ok()) return;
  for (const json& buffer : buffers) {
    // The first buffer may be the GLB's own; a fallback of EXT_meshopt_compression has no bytes and is not read.
    const bool own = text_of(buffer, "uri").empty() && buffers_.empty();
    buffers_.push_back(own ? binary : keep_inside(text_of(buffer, "uri")));
  }
  std::vector<std::pair<std::size_t, std::int64_t>> in_views;  // picture, buffer view
  for (const json& image : images) {
    Picture picture{text_of(image, "name"), {}, ""};
    if (picture.name.empty()) picture.name = base::formatted("image {}", pictures_.size());
    const std::string uri = text_of(image, "uri");
    const auto at = image.find("bufferView");
    if (at != image.end() && at->is_number_integer()) {
      in_views.emplace_back(pictures_.size(), at->get<std::int64_t>());
    } else if (const auto data = keep_inside(uri)) {
      picture.bytes = *data;
    } else {
      picture.why = uri.empty() ? "It has no bytes." : base::formatted("It stands in another file, \"{}\".", uri.substr(0, 80));
    }
    pictures_.push_back(std::move(picture));
  }
  parse(without_bytes(std::move(root)));
  for (const auto& [picture, view_index] : in_views) {
    if (!ok() || !index(view_index, document_.bufferViews.size(), "buffer view")) return;
    pictures_[picture].bytes = view(static_cast<int>(view_index)).bytes;
  }
}

// Data that stand in the document as text; none: something else is meant.
std::optional<base::ByteView> Source::keep_inside(std::string_view uri) {
  auto data = from_data_uri(uri);
  if (!data) return std::nullopt;
  return inside_.emplace_back(std::move(*data));
}

void Source::parse(const std::string& text) {
  std::string errors, warnings;
  try {
    tinygltf::TinyGLTF parser;
    parser.RemoveImageLoader();
    if (!parser.LoadASCIIFromString(&document_, &errors, &warnings, text.data(), static_cast<unsigned>(text.size()), "")) {
      malformed(errors.substr(0, errors.find('\n')));
    }
  } catch (const std::exception& e) {  // the parser's own, where a member has an unexpected type
    malformed(std::string(e.what()).substr(0, 200));
  }
}

const tinygltf::Value* member(const tinygltf::Value& object, const std::string& name) {
  return object.IsObject() && object.Has(name) ? &object.Get(name) : nullptr;
}

double number_of(const tinygltf::Value& object, const std::string& name, double otherwise) {
  const tinygltf::Value* value = member(object, name);
  return value && value->IsNumber() ? value->GetNumberAsDouble() : otherwise;
}

std::int64_t whole_of(const tinygltf::Value& object, const std::string& name, std::int64_t otherwise) {
  const double value = number_of(object, name, -1e18);
  if (value != std::floor(value) || std::abs(value) > 9e15) return otherwise;
  return static_cast<std::int64_t>(value);
}

float finite(double value, float otherwise) {
  return std::isfinite(value) && std::abs(value) < 3e38 ? static_cast<float>(value) : otherwise;
}

}  // namespace promenade::film
