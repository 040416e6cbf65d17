#pragma once
// Every sentence of the interface in Chinese and English, and how times and causes are said. Pure.

#include <string>
#include <string_view>
#include <utility>

#include "runtime/ui/interface.h"

namespace promenade::ui {

struct Words {
  // shelf, being fitted
  std::string_view name, at_rest, at_rest_hint, no_hall, battery, battery_unknown, clock_off, no_sound, films_faulty, film_faulty, please_wait, please_wait_hint;
  std::string_view mark_first, mark_second, mark_other, marks_done, marks_failed, marks_swapped;
  // welcome
  std::string_view welcome, warning_1, warning_2, warning_3, go_on;
  // menu
  std::string_view menu, menu_hint, walking, seated, minutes, for_all, age_from, calm, moderate, intense, spoken, captions, ai_assisted, ai_generated;
  std::string_view starts_now, starts_in, not_now, soonest, recommended, choose, asked, broken, page_next, page_before;
  // waiting, rating
  std::string_view your_film, about_to_start, stay_here, wait_known, thanks, how_was_it, rated, hand_back;
  // a choice in a film
  std::string_view which_way, which_way_hint, way_taken;
  // safety
  std::string_view stand_still, place_lost, hall_lost, film_missing, film_damaged, film_newer, calm_hint, lift_off, staff_come;
  std::string_view leave, leave_by_entrance, door_exit, door_entrance, walk_calmly, film_ended, wait_for_staff, lift_1, lift_2, lift_3_leave, lift_3_entrance, lift_3_wait;
  std::string_view hold, hold_hint, at_stop, at_stop_hint, loading, loading_hint, walk_on, walk_on_hint, way_out, way_out_hint;
  std::string_view paused, pause_wall, pause_body, pause_stray, pause_lost, pause_posture, pause_running, pause_worn, pause_staff, pause_other, pause_panic, follow_arrow;
  std::string_view warn_wall, warn_body, warn_stale, warn_stray, warn_lost, warn_other, slow_down, back_to_path;
  // help
  std::string_view unwell, help, help_hint, stop_and_call, close;
};

const Words& words(Language language);

std::string minutes_text(Language language, double length_s);        // "12 分钟"
std::string wait_text(Language language, double wait_s);             // "4 分钟内开始", rounded up: nobody is told less than the hall said
std::string faulty_text(Language language, std::size_t films);       // "1 film cannot be shown"
// Why the two marks gave no place, by the code of the refusal.
std::string_view marks_refused_text(Language language, std::string_view code);
std::string clock_text(int seconds);                                 // "2:05"
std::string age_text(Language language, int years);
std::string languages_text(Language language, const FilmCard& film);
std::string_view comfort_text(Language language, package::Comfort comfort);
// What is wrong, and what to do.
std::pair<std::string_view, std::string_view> pause_text(Language language, tracking::Cause cause, bool arrow);
// What is near, and where it lies (in eighths clockwise from ahead), or what to do where that is not known.
std::pair<std::string_view, std::string_view> warn_text(Language language, tracking::Cause cause, std::optional<int> danger_eighth);

}  // namespace promenade::ui
