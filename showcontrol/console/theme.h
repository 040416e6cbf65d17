#pragma once
// How the console looks: colours, sizes and fonts, for a tablet in a dim hall. Constant, but for the font atlas.
// Colour of safety is never colour of a film: green, yellow, orange and red are kept for levels.

#include <imgui.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "showcontrol/console/judge.h"
#include "tracking/base/result.h"
#include "tracking/level.h"

namespace promenade::console {

namespace colour {
inline constexpr ImU32 kBack = IM_COL32(13, 16, 21, 255);
inline constexpr ImU32 kPanel = IM_COL32(20, 25, 32, 255);
inline constexpr ImU32 kRaised = IM_COL32(33, 40, 51, 255);
inline constexpr ImU32 kPressed = IM_COL32(50, 61, 78, 255);
inline constexpr ImU32 kLine = IM_COL32(52, 62, 78, 255);
inline constexpr ImU32 kText = IM_COL32(233, 238, 245, 255);
inline constexpr ImU32 kDim = IM_COL32(160, 172, 188, 255);
inline constexpr ImU32 kFaint = IM_COL32(104, 116, 134, 255);
inline constexpr ImU32 kChosen = IM_COL32(255, 255, 255, 255);
inline constexpr ImU32 kAccent = IM_COL32(76, 141, 214, 255);
inline constexpr ImU32 kClear = IM_COL32(94, 196, 130, 255);
inline constexpr ImU32 kWarn = IM_COL32(245, 208, 80, 255);
inline constexpr ImU32 kPause = IM_COL32(246, 150, 60, 255);
inline constexpr ImU32 kStop = IM_COL32(240, 72, 72, 255);
inline constexpr ImU32 kStopDeep = IM_COL32(150, 28, 34, 255);
inline constexpr ImU32 kPauseDeep = IM_COL32(124, 70, 18, 255);
inline constexpr ImU32 kFloor = IM_COL32(38, 46, 58, 255);
inline constexpr ImU32 kGrid = IM_COL32(255, 255, 255, 9);
inline constexpr ImU32 kWall = IM_COL32(176, 188, 204, 255);
inline constexpr ImU32 kColumn = IM_COL32(150, 161, 178, 255);
inline constexpr ImU32 kKitting = IM_COL32(86, 120, 166, 70);
inline constexpr ImU32 kForecast = IM_COL32(196, 170, 255, 255);  // of what is not yet: nothing else has it
inline constexpr ImU32 kAttendant = IM_COL32(236, 240, 246, 255);
}  // namespace colour

ImU32 of_level(tracking::Level level);
ImU32 of_weight(Weight weight);
ImU32 of_film(std::size_t place);           // by the film's place in the hall's list
ImU32 with_alpha(ImU32 colour, double alpha);  // 0..1
ImU32 mixed(ImU32 from, ImU32 to, double share);

namespace size {
inline constexpr float kTouch = 52.0F;      // least height of what is tapped; 44 is the floor
inline constexpr float kGap = 8.0F;
inline constexpr float kBar = 60.0F;
inline constexpr float kBanner = 58.0F;
inline constexpr float kBottom = 84.0F;
inline constexpr float kRound = 8.0F;
}  // namespace size

enum class Face { small, body, strong, large, huge };

// The fonts of one ImGui context. Glyphs are those of the strings in use: `cover` adds what a text needs and says
// whether the atlas has to be made anew before the next frame.
class Fonts {
 public:
  // Reads the font files; codes: "font-missing".
  base::Result<void> load();
  bool cover(std::string_view text);
  void build(float scale);                  // into the current context's atlas
  ImFont* face(Face face) const { return faces_[static_cast<std::size_t>(face)]; }

 private:
  std::vector<unsigned char> regular_, bold_;
  std::set<ImWchar> wanted_;
  std::vector<ImWchar> ranges_;             // kept: the atlas reads it while it is built
  ImFont* faces_[5] = {};
};

void apply_style();                         // of the current ImGui context

}  // namespace promenade::console
