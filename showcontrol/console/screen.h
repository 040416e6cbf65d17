#pragma once
// The whole screen as a function of what is known and what was chosen: bar, banners, plan, the right-hand side, and the
// commands for the whole hall. Between ImGui::NewFrame and Render; its thread.

#include "showcontrol/console/ui.h"

namespace promenade::console {

void draw_screen(Frame& frame);

}  // namespace promenade::console
