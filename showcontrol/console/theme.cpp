#include "showcontrol/console/theme.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace promenade::console {

namespace {

constexpr const char* kRegular = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
constexpr const char* kBold = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
constexpr int kSimplifiedChinese = 2;  // of the collection's fonts

std::vector<unsigned char> read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Told apart by hue and lightness in the dark, and far from the colours of levels.
constexpr std::array kFilms{
    IM_COL32(88, 166, 255, 255),  IM_COL32(190, 140, 255, 255), IM_COL32(70, 212, 205, 255),  IM_COL32(255, 140, 205, 255), IM_COL32(150, 178, 214, 255),
    IM_COL32(120, 132, 250, 255), IM_COL32(216, 180, 160, 255), IM_COL32(150, 225, 255, 255), IM_COL32(222, 110, 230, 255), IM_COL32(200, 205, 180, 255)};

int channel(ImU32 colour, int shift) { return static_cast<int>((colour >> shift) & 0xFFU); }

}  // namespace

ImU32 of_level(tracking::Level level) {
  switch (level) {
    case tracking::Level::clear: return colour::kClear;
    case tracking::Level::warn: return colour::kWarn;
    case tracking::Level::pause: return colour::kPause;
    case tracking::Level::stop:
    case tracking::Level::evacuate: return colour::kStop;
  }
  return colour::kStop;
}

ImU32 of_weight(Weight weight) {
  switch (weight) {
    case Weight::idle: return colour::kLine;
    case Weight::fine: return colour::kClear;
    case Weight::note: return colour::kAccent;
    case Weight::look: return colour::kWarn;
    case Weight::act: return colour::kPause;
    case Weight::alarm: return colour::kStop;
  }
  return colour::kStop;
}

ImU32 of_film(std::size_t place) { return kFilms[place % kFilms.size()]; }

ImU32 with_alpha(ImU32 colour, double alpha) {
  const auto a = static_cast<ImU32>(std::clamp(alpha, 0.0, 1.0) * channel(colour, IM_COL32_A_SHIFT) + 0.5);
  return (colour & ~IM_COL32_A_MASK) | (a << IM_COL32_A_SHIFT);
}

ImU32 mixed(ImU32 from, ImU32 to, double share) {
  const auto mix = [&](int shift) { return static_cast<int>(channel(from, shift) + (channel(to, shift) - channel(from, shift)) * std::clamp(share, 0.0, 1.0) + 0.5); };
  return IM_COL32(mix(IM_COL32_R_SHIFT), mix(IM_COL32_G_SHIFT), mix(IM_COL32_B_SHIFT), mix(IM_COL32_A_SHIFT));
}

base::Result<void> Fonts::load() {
  regular_ = read_file(kRegular);
  bold_ = read_file(kBold);
  if (regular_.empty() || bold_.empty()) {
    return base::fail("font-missing", "The font Noto Sans CJK is not installed.", "Install the package fonts-noto-cjk.");
  }
  for (ImWchar c = 0x20; c < 0x7F; ++c) wanted_.insert(c);
  for (const ImWchar c : {0xB0, 0xB2, 0xB7, 0x2013, 0x2014, 0x2019, 0x2026, 0x2039, 0x2212}) wanted_.insert(c);
  return {};
}

bool Fonts::cover(std::string_view text) {
  bool more = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length <= 3 && i + length <= text.size()) {  // beyond: outside the plane that ImGui draws
      unsigned code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
      for (std::size_t k = 1; k < length; ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      if (code >= 0x20) more = wanted_.insert(static_cast<ImWchar>(code)).second || more;
    }
    i += length;
  }
  return more;
}

void Fonts::build(float scale) {
  ranges_.clear();
  for (const ImWchar code : wanted_) {
    if (!ranges_.empty() && ranges_.back() + 1 == code) ranges_.back() = code;
    else ranges_.insert(ranges_.end(), {code, code});
  }
  ranges_.push_back(0);
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.FontNo = kSimplifiedChinese;
  config.OversampleH = 2;
  config.PixelSnapH = true;
  const auto add = [&](Face face, std::vector<unsigned char>& file, float pixels) {
    faces_[static_cast<std::size_t>(face)] = atlas.AddFontFromMemoryTTF(file.data(), static_cast<int>(file.size()), pixels * scale, &config, ranges_.data());
  };
  add(Face::body, regular_, 21.0F);
  add(Face::small, regular_, 17.0F);
  add(Face::strong, bold_, 21.0F);
  add(Face::large, bold_, 27.0F);
  add(Face::huge, bold_, 38.0F);
  atlas.Build();
}

void apply_style() {
  ImGui::StyleColorsDark();
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowPadding = {0.0F, 0.0F};
  style.WindowBorderSize = 0.0F;
  style.WindowRounding = 0.0F;
  style.ChildRounding = 0.0F;
  style.ItemSpacing = {size::kGap, size::kGap};
  style.ScrollbarSize = 10.0F;
  style.Colors[ImGuiCol_WindowBg] = ImGui::ColorConvertU32ToFloat4(colour::kBack);
  style.Colors[ImGuiCol_Text] = ImGui::ColorConvertU32ToFloat4(colour::kText);
  style.Colors[ImGuiCol_ScrollbarBg] = ImGui::ColorConvertU32ToFloat4(IM_COL32(0, 0, 0, 0));
  style.Colors[ImGuiCol_ScrollbarGrab] = ImGui::ColorConvertU32ToFloat4(colour::kLine);
}

}  // namespace promenade::console
