#pragma once
// The interface's typeface, as sizes of one family, and the atlas of the glyphs that are in use. Frame thread.
// Noto Sans CJK from the system's package fonts-noto-cjk, in its simplified Chinese face.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "tracking/base/result.h"

struct ImFont;
struct ImFontAtlas;

namespace promenade::ui {

enum class Style : std::uint8_t { caption, body, strong, title, headline, subtitle, number, word };
inline constexpr std::size_t kStyles = 8;
float size_px(Style style);

struct FontFiles {
  std::filesystem::path regular, bold;
};
// Looks through `instead`, or where Debian, Arch and Fedora put the family when that is empty.
// Error: "font-missing": names the package and the places.
base::Result<FontFiles> find_fonts(std::span<const std::filesystem::path> instead = {});

class Fonts {
 public:
  // Error: "font-missing" when a file cannot be read as a font.
  static base::Result<std::unique_ptr<Fonts>> open(const FontFiles& files);
  ~Fonts();

  // Notes the glyphs of a text; true when the atlas has all of them already.
  bool need(Style style, std::string_view text);
  // Rebuilds the atlas if glyphs were noted since. Costs tens of milliseconds: prepare texts that are known.
  void build();
  bool stale() const { return stale_; }
  std::uint32_t revision() const { return revision_; }

  ImFontAtlas* atlas() { return atlas_.get(); }
  const ImFont* font(Style style) const { return fonts_[static_cast<std::size_t>(style)]; }  // after build()
  std::span<const std::uint8_t> alpha() const;      // one byte a pixel
  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }

 private:
  Fonts();
  std::vector<std::uint8_t> regular_, bold_;
  std::unique_ptr<ImFontAtlas> atlas_;
  std::array<ImFont*, kStyles> fonts_{};
  std::array<std::set<char32_t>, kStyles> glyphs_;
  std::uint8_t* pixels_ = nullptr;
  std::uint32_t width_ = 0, height_ = 0, revision_ = 0;
  bool stale_ = true;
};

}  // namespace promenade::ui
