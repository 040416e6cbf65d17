#include <algorithm>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

constexpr std::uint8_t kNeutralGrey = 160;

// Width and height as the file's head states them: a picture is not unpacked before they were judged.
std::optional<std::pair<std::uint64_t, std::uint64_t>> png_size(base::ByteView b) {
  constexpr std::uint8_t kHead[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  if (b.size() < 24 || !std::equal(std::begin(kHead), std::end(kHead), b.begin())) return std::nullopt;
  const auto number = [&](std::size_t at) {
    return std::uint64_t{b[at]} << 24 | std::uint64_t{b[at + 1]} << 16 | std::uint64_t{b[at + 2]} << 8 | b[at + 3];
  };
  return std::pair(number(16), number(20));
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> jpeg_size(base::ByteView b) {
  if (b.size() < 4 || b[0] != 0xff || b[1] != 0xd8) return std::nullopt;
  for (std::size_t at = 2; at + 9 <= b.size();) {
    if (b[at] != 0xff) return std::nullopt;
    const std::uint8_t marker = b[at + 1];
    if (marker == 0xff) { ++at; continue; }
    const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (frame) return std::pair(std::uint64_t{b[at + 7]} << 8 | b[at + 8], std::uint64_t{b[at + 5]} << 8 | b[at + 6]);
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += 2; continue; }
    at += 2 + (std::size_t{b[at + 2]} << 8 | b[at + 3]);
  }
  return std::nullopt;
}

class MaterialReader {
 public:
  MaterialReader(Source& source, Model& model) : source_(source), model_(model) {}

  void read(const tinygltf::Material& from, std::size_t number) {
    name_ = from.name.empty() ? base::formatted("material {}", number) : from.name;
    texture_set_ = -1;
    Material m;
    m.name = from.name;
    const tinygltf::PbrMetallicRoughness& pbr = from.pbrMetallicRoughness;
    for (int i = 0; i < 4; ++i) m.base_color[i] = at(pbr.baseColorFactor, static_cast<std::size_t>(i), 1.0);
    for (int i = 0; i < 3; ++i) m.emissive[i] = at(from.emissiveFactor, static_cast<std::size_t>(i), 0.0);
    m.metallic = std::clamp(finite(pbr.metallicFactor, 1.0f), 0.0f, 1.0f);
    m.roughness = std::clamp(finite(pbr.roughnessFactor, 1.0f), 0.0f, 1.0f);
    m.normal_scale = finite(from.normalTexture.scale, 1.0f);
    m.occlusion_strength = std::clamp(finite(from.occlusionTexture.strength, 1.0f), 0.0f, 1.0f);
    m.alpha = from.alphaMode == "MASK" ? AlphaMode::mask : from.alphaMode == "BLEND" ? AlphaMode::blend : AlphaMode::opaque;
    m.alpha_cutoff = finite(from.alphaCutoff, 0.5f);
    m.double_sided = from.doubleSided;
    m.unlit = from.extensions.contains("KHR_materials_unlit");
    m.base_color_texture = texture(pbr.baseColorTexture, Use::color);
    m.metallic_roughness_texture = texture(pbr.metallicRoughnessTexture, Use::data);
    m.normal_texture = texture(from.normalTexture, Use::data);
    m.occlusion_texture = texture(from.occlusionTexture, Use::data);
    m.emissive_texture = texture(from.emissiveTexture, Use::light);
    // A lamp whose picture is missing must not shine all over.
    if (from.emissiveTexture.index >= 0 && m.emissive_texture.image == kNone) m.emissive = glm::vec3(0.0f);
    if (const auto it = from.extensions.find("KHR_materials_emissive_strength"); it != from.extensions.end()) {
      m.emissive *= std::clamp(finite(number_of(it->second, "emissiveStrength", 1.0), 1.0f), 0.0f, 1e6f);
    }
    model_.materials.push_back(std::move(m));
    sets_.push_back(std::max(texture_set_, 0));
  }

  std::vector<int> take_sets() { return std::move(sets_); }

 private:
  enum class Use { color, light, data };

  static float at(const std::vector<double>& values, std::size_t i, double otherwise) {
    return i < values.size() ? std::clamp(finite(values[i], 0.0f), 0.0f, 1e6f) : static_cast<float>(otherwise);
  }

  static Wrap wrap(int value) {
    return value == TINYGLTF_TEXTURE_WRAP_CLAMP_TO_EDGE     ? Wrap::clamp
           : value == TINYGLTF_TEXTURE_WRAP_MIRRORED_REPEAT ? Wrap::mirror
                                                            : Wrap::repeat;
  }

  template <class Info>
  TextureUse texture(const Info& info, Use use) {
    TextureUse out;
    const auto& doc = source_.document();
    if (!source_.ok() || info.index < 0 || !source_.index(info.index, doc.textures.size(), "texture")) return out;
    const tinygltf::Texture& texture = doc.textures[static_cast<std::size_t>(info.index)];
    out.image = image(texture, use);
    if (out.image == kNone) return out;
    if (texture.sampler >= 0) {
      if (!source_.index(texture.sampler, doc.samplers.size(), "sampler")) return out;
      const tinygltf::Sampler& sampler = doc.samplers[static_cast<std::size_t>(texture.sampler)];
      out.wrap_u = wrap(sampler.wrapS);
      out.wrap_v = wrap(sampler.wrapT);
      out.nearest = sampler.magFilter == TINYGLTF_TEXTURE_FILTER_NEAREST;
    }
    int set = info.texCoord;
    if (const auto it = info.extensions.find("KHR_texture_transform"); it != info.extensions.end()) {
      const auto pair = [&](const char* key, glm::vec2 otherwise) {
        const tinygltf::Value* v = member(it->second, key);
        if (!v || !v->IsArray() || v->ArrayLen() != 2 || !v->Get(0).IsNumber() || !v->Get(1).IsNumber()) return otherwise;
        return glm::vec2(finite(v->Get(0).GetNumberAsDouble()), finite(v->Get(1).GetNumberAsDouble()));
      };
      out.offset = pair("offset", out.offset);
      out.scale = pair("scale", out.scale);
      out.rotation_rad = finite(number_of(it->second, "rotation", 0.0));
      set = static_cast<int>(std::clamp<std::int64_t>(whole_of(it->second, "texCoord", set), 0, 7));
    }
    if (texture_set_ < 0) texture_set_ = set;
    if (texture_set_ != set) {
      source_.warn("part-left-out", name_, "Its textures use two sets of texture coordinates; the first one is used for all.",
                   "Use one set for all textures of a material.");
    }
    return out;
  }

  std::uint32_t image(const tinygltf::Texture& texture, Use use) {
    if (texture.source < 0) {
      const bool other = texture.extensions.contains("KHR_texture_basisu") || texture.extensions.contains("EXT_texture_webp");
      return missing(other ? "texture-unsupported" : "texture-missing",
                     other ? "A texture is there only in a form that this program does not read." : "A texture has no image.", use);
    }
    if (!source_.index(texture.source, source_.pictures().size(), "image")) return kNone;
    const bool srgb = use != Use::data;
    const auto key = std::pair(texture.source, srgb);
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    const Source::Picture& picture = source_.pictures()[static_cast<std::size_t>(texture.source)];
    std::uint32_t number = kNone;
    if (picture.bytes.empty()) {
      number = missing("texture-missing", base::formatted("The picture of \"{}\" is missing. {}", picture.name, picture.why), use);
    } else if (auto decoded = decode_image(picture.bytes, picture.name); !decoded) {
      number = missing("texture-unsupported", decoded.error().message, use);
    } else if (source_.take(&LoadLimits::pixels, std::uint64_t{decoded->width} * decoded->height, "pictures")) {
      decoded->srgb = srgb;
      number = static_cast<std::uint32_t>(model_.images.size());
      model_.images.push_back(std::move(*decoded));
    }
    known_[key] = number;
    return number;
  }

  // Colour goes grey; light, roughness and bumps are left out.
  std::uint32_t missing(std::string code, std::string message, Use use) {
    source_.warn(std::move(code), name_, std::move(message),
                 "Pack the picture inside the GLB, as PNG or JPEG; a neutral one is shown instead.");
    if (use != Use::color) return kNone;
    if (grey_ == kNone) {
      grey_ = static_cast<std::uint32_t>(model_.images.size());
      model_.images.push_back({"missing", 1, 1, true, {kNeutralGrey, kNeutralGrey, kNeutralGrey, 255}});
    }
    return grey_;
  }

  Source& source_;
  Model& model_;
  std::string name_;
  int texture_set_ = -1;
  std::vector<int> sets_;
  std::map<std::pair<int, bool>, std::uint32_t> known_;
  std::uint32_t grey_ = kNone;
};

}  // namespace

base::Result<Image> decode_image(base::ByteView bytes, const std::string& name, std::uint64_t pixels_max) {
  auto size = png_size(bytes);
  if (!size) size = jpeg_size(bytes);
  if (!size) {
    return base::fail("image-unsupported", base::formatted("The picture {} is neither PNG nor JPEG.", name), "Save it as PNG or JPEG.");
  }
  const auto [width, height] = *size;
  if (width > 16384 || height > 16384 || width * height > pixels_max) {
    return base::fail("image-too-large", base::formatted("The picture {} has {} x {} pixels.", name, width, height),
                      "Make it smaller.");
  }
  tinygltf::Image decoded;
  std::string errors, warnings;
  const bool done = width > 0 && height > 0 && bytes.size() < (1u << 30) &&
                    tinygltf::LoadImageData(&decoded, 0, &errors, &warnings, 0, 0, bytes.data(),
                                            static_cast<int>(bytes.size()), nullptr);
  const std::size_t pixels = width * height;
  const std::size_t step = decoded.bits == 16 ? 2 : 1;
  if (!done || decoded.component != 4 || static_cast<std::uint64_t>(decoded.width) != width ||
      static_cast<std::uint64_t>(decoded.height) != height || decoded.image.size() != pixels * 4 * step) {
    return base::fail("image-malformed", base::formatted("The picture {} is damaged.", name), "Save it again.");
  }
  Image out{name, static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), true, {}};
  if (step == 1) {
    out.rgba = std::move(decoded.image);
  } else {  // the high byte of each little-endian pair
    out.rgba.resize(pixels * 4);
    for (std::size_t i = 0; i < out.rgba.size(); ++i) out.rgba[i] = decoded.image[2 * i + 1];
  }
  return out;
}

std::vector<int> read_materials(Source& source, Model& model) {
  MaterialReader reader(source, model);
  tinygltf::Material standard;
  standard.name = "standard";
  reader.read(standard, 0);
  for (std::size_t i = 0; source.ok() && i < source.document().materials.size(); ++i) reader.read(source.document().materials[i], i);
  return reader.take_sets();
}

}  // namespace promenade::film
