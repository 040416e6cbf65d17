#include "runtime/ui/font.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "runtime/ui/text.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::ui {
namespace {

struct Cut {
  float size_px;
  bool bold;
};
// Heights from ascent to descent, as ImGui counts: Noto's em is 0.69 of it, so a caption's em is 23 pixels, about one
// degree at the panel's distance.
constexpr std::array<Cut, kStyles> kCuts{{{34.0f, false}, {46.0f, false}, {38.0f, true}, {54.0f, true}, {82.0f, true}, {64.0f, true}, {190.0f, true}, {330.0f, true}}};
constexpr int kSimplifiedChinese = 2;  // of the faces in NotoSansCJK-*.ttc: JP, KR, SC, TC, HK
constexpr int kAtlasWidth = 2048;
constexpr std::string_view kAlways = " ?….0123456789";

constexpr std::array<const char*, 4> kPlaces{"/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-sans-cjk-fonts",
                                             "/usr/local/share/fonts/noto-cjk"};

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_collection(const std::vector<std::uint8_t>& font) { return font.size() > 4 && std::string_view(reinterpret_cast<const char*>(font.data()), 4) == "ttcf"; }
bool is_font(const std::vector<std::uint8_t>& font) {
  if (font.size() < 64) return false;
  const std::string_view tag(reinterpret_cast<const char*>(font.data()), 4);
  return tag == "ttcf" || tag == "OTTO" || tag == "true" || tag == std::string_view("\0\1\0\0", 4);
}

}  // namespace

float size_px(Style style) { return kCuts[static_cast<std::size_t>(style)].size_px; }

base::Result<FontFiles> find_fonts(std::span<const std::filesystem::path> instead) {
  std::vector<std::filesystem::path> places(instead.begin(), instead.end());
  if (places.empty()) places.assign(kPlaces.begin(), kPlaces.end());
  std::string looked;
  for (const auto& place : places) {
    const FontFiles files{place / "NotoSansCJK-Regular.ttc", place / "NotoSansCJK-Bold.ttc"};
    std::error_code failed;
    if (std::filesystem::exists(files.regular, failed) && std::filesystem::exists(files.bold, failed)) return files;
    looked += (looked.empty() ? "" : ", ") + place.string();
  }
  return base::fail("font-missing", base::formatted("The typeface Noto Sans CJK was not found in {}.", looked), "Install the package fonts-noto-cjk.");
}

Fonts::Fonts() : atlas_(std::make_unique<ImFontAtlas>()) {}
Fonts::~Fonts() = default;

base::Result<std::unique_ptr<Fonts>> Fonts::open(const FontFiles& files) {
  std::unique_ptr<Fonts> fonts(new Fonts);
  fonts->regular_ = bytes_of(files.regular);
  fonts->bold_ = bytes_of(files.bold);
  for (const auto* each : {&fonts->regular_, &fonts->bold_}) {
    if (is_font(*each)) continue;
    return base::fail("font-missing", base::formatted("{} is not a font.", (each == &fonts->regular_ ? files.regular : files.bold).string()),
                      "Install the package fonts-noto-cjk anew.");
  }
  for (std::size_t i = 0; i < kStyles; ++i) fonts->need(static_cast<Style>(i), kAlways);
  return fonts;
}

bool Fonts::need(Style style, std::string_view text) {
  auto& glyphs = glyphs_[static_cast<std::size_t>(style)];
  bool had = true;
  for (const char32_t c : decode_utf8(text)) {
    if (c >= U' ' && glyphs.insert(c).second) had = false;
  }
  if (!had) stale_ = true;
  return had && !stale_;
}

void Fonts::build() {
  if (!stale_) return;
  atlas_->Clear();
  atlas_->Flags = ImFontAtlasFlags_NoBakedLines | ImFontAtlasFlags_NoMouseCursors;
  atlas_->TexDesiredWidth = kAtlasWidth;
  std::array<std::vector<ImWchar>, kStyles> ranges;
  for (std::size_t i = 0; i < kStyles; ++i) {
    for (const char32_t c : glyphs_[i]) {
      const auto sign = static_cast<ImWchar>(c);
      if (!ranges[i].empty() && ranges[i].back() + 1 == sign) ranges[i].back() = sign;
      else ranges[i].insert(ranges[i].end(), {sign, sign});
    }
    ranges[i].push_back(0);
    std::vector<std::uint8_t>& font = kCuts[i].bold ? bold_ : regular_;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    config.FontNo = is_collection(font) ? kSimplifiedChinese : 0;
    config.OversampleH = kCuts[i].size_px > 60.0f ? 1 : 2;
    config.OversampleV = 1;
    fonts_[i] = atlas_->AddFontFromMemoryTTF(font.data(), static_cast<int>(font.size()), kCuts[i].size_px, &config, ranges[i].data());
  }
  int width = 0, height = 0;
  const bool built = atlas_->Build();
  PROMENADE_ASSERT(built);
  atlas_->GetTexDataAsAlpha8(&pixels_, &width, &height);
  width_ = static_cast<std::uint32_t>(width);
  height_ = static_cast<std::uint32_t>(height);
  stale_ = false;
  ++revision_;
}

std::span<const std::uint8_t> Fonts::alpha() const { return {pixels_, static_cast<std::size_t>(width_) * height_}; }

}  // namespace promenade::ui
