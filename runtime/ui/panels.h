#pragma once
// The panels and signs themselves, each drawn from its values onto a canvas. Private to runtime/ui.

#include "runtime/ui/canvas.h"
#include "runtime/ui/interface.h"

namespace promenade::ui {

void draw(Canvas& canvas, const Shelf& panel, Language language);
void draw(Canvas& canvas, const WaitStaff& panel, Language language);
void draw(Canvas& canvas, const Welcome& panel, Language language);
void draw(Canvas& canvas, const Menu& panel, Language language);
void draw(Canvas& canvas, const WaitStart& panel, Language language);
void draw(Canvas& canvas, const Rate& panel, Language language);
void draw(Canvas& canvas, const StandStill& panel, Language language);
void draw(Canvas& canvas, const Evacuate& panel, Language language);
void draw(Canvas& canvas, const Help& panel, Language language);
void draw(Canvas& canvas, const WayChoice& panel, Language language);

void draw_subtitle(Canvas& canvas, const std::string& text);
void draw_note(Canvas& canvas, const Note& note, Language language);
void draw_word_stop(Canvas& canvas);
void draw_puck(Canvas& canvas, Language language, float dwell);
void draw_ray(Canvas& canvas);

inline constexpr std::size_t kFilmsAPage = 9;

}  // namespace promenade::ui
