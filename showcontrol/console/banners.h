#pragma once
// What fills the width below the bar: the state of the whole hall, a contact that cannot be read, the newest alarm that
// nobody has taken. Between ImGui::NewFrame and Render; its thread; points of the screen.

#include "showcontrol/console/ui.h"

namespace promenade::console {

float draw_banners(Frame& frame, float y, float width);  // their height

}  // namespace promenade::console
