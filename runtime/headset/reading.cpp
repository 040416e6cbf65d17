#include "runtime/headset/reading.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "runtime/headset/channels.h"
#include "runtime/headset/story.h"
#include "tracking/geometry.h"

namespace promenade::headset {
namespace {

using client::Screen;

constexpr double kHoldTold_s = 5.0;       // a shorter hold is not worth a word: the scene goes on by itself
constexpr double kStopTold_s = 1.0;       // at a stop of the way the viewer waits for nothing that he sees
constexpr double kWayTold_s = 12.0;
constexpr double kLoadingTold_s = 1.5;

const FilmFault* fault_of(const Facts& facts, const base::FilmId& film) {
  const auto found = std::ranges::find(*facts.faults, film, &FilmFault::film);
  return found == facts.faults->end() || film.is_none() ? nullptr : &*found;
}

std::string title_of(const Facts& facts, const base::FilmId& film) {
  const client::Film* found = find_film(*facts.shelf, film);
  return found != nullptr ? found->manifest.title(ui::tag_of(facts.language)) : film.value();
}

std::string fault_text(ui::Language language, ui::Why why) {
  const bool zh = language == ui::Language::zh;
  switch (why) {
    case ui::Why::film_missing: return zh ? "本机没有这部影片。" : "This film is not on the headset.";
    case ui::Why::film_newer: return zh ? "影片需要更新版本的程序。" : "This film needs a newer program.";
    default: return zh ? "影片文件已损坏，无法放映。" : "The film's file is damaged and cannot be shown.";
  }
}

std::string refusal_text(ui::Language language, const protocol::Refusal& refusal) {
  const bool zh = language == ui::Language::zh;
  if (refusal.code == "link-lost" || refusal.code == "hall-unknown") return zh ? "还没有连上影厅，请稍候。" : "The hall is not heard; one moment.";
  return zh ? "这部影片现在不能安排，请另选一部。" : "This film cannot be had now; choose another.";
}

ui::FilmCard card_of(const Facts& facts, const protocol::MenuEntry& entry) {
  ui::FilmCard card;
  card.film = entry.film;
  card.wait_s = base::to_seconds(entry.wait);
  card.available = entry.available;
  card.title = title_of(facts, entry.film);
  if (const client::Film* film = find_film(*facts.shelf, entry.film)) {
    const package::Manifest& m = film->manifest;
    card.synopsis = m.synopsis(ui::tag_of(facts.language));
    card.length_s = m.length_s;
    card.age_min_years = m.age_min_years;
    card.comfort = m.comfort;
    card.kind = m.kind;
    card.languages = m.languages;
    card.captions = m.accessibility.captions;
    card.ai_content = m.ai_content;
  } else if (fault_of(facts, entry.film) == nullptr) {
    card.fault = fault_text(facts.language, ui::Why::film_missing);
  }
  if (const FilmFault* fault = fault_of(facts, entry.film)) card.fault = fault_text(facts.language, fault->why);
  return card;
}

ui::Shelf shelf_panel(const Facts& facts, bool hall_heard) {
  ui::Shelf panel{facts.headset, hall_heard, facts.battery_percent, facts.faults->size(), facts.silent};
  if (!facts.clock_error || !hall_heard) return panel;
  const auto grade = protocol::clock_grade(static_cast<std::uint32_t>(std::min<std::int64_t>(facts.clock_error->count(), protocol::kClockUnknown_us - 1)));
  if (grade == protocol::ClockGrade::good) return panel;
  // Whole milliseconds: the panel is not to change all the time.
  panel.clock_off_ms = static_cast<int>(std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(*facts.clock_error).count(), 999));
  panel.clock_useless = grade == protocol::ClockGrade::red;
  return panel;
}

ui::Panel marks_panel(const Facts& facts) {
  return ui::WaitStaff{facts.headset, facts.visit->pair, facts.visit->touched, facts.phase == protocol::Phase::calibrated, facts.visit->mark_fault};
}

ui::Panel stand_still(const Facts& facts) {
  if (!facts.head && (facts.visit->touched == 1 || !facts.visit->mark_fault.empty())) return marks_panel(facts);  // staff are at it
  if (!facts.linked) return ui::StandStill{ui::Why::hall, {}};
  if (facts.view->play) {
    const base::FilmId& film = facts.view->play->film;
    if (const FilmFault* fault = fault_of(facts, film)) return ui::StandStill{fault->why, fault->error.code};
    if (find_film(*facts.shelf, film) == nullptr) return ui::StandStill{ui::Why::film_missing, film.value()};
  }
  return ui::StandStill{facts.head ? ui::Why::calm : ui::Why::place, {}};
}

// The next piece of the way out that the hall has told, and how long it is from here; straight to the door where it has
// told none.
struct WayOut { tracking::Vec<tracking::Hall> towards; double length_m = 0.0; };
WayOut way_out_from(const client::View& view, protocol::HallPoint here) {
  constexpr double kAhead_m = 1.5;           // of the point to go to, along the way
  const auto& way = view.way_out;
  if (way.size() < 2) return {view.way_out_door - here, tracking::distance(view.way_out_door, here)};
  std::size_t piece = 0;
  protocol::HallPoint at = way.front();
  double off_m = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    const protocol::HallPoint nearest = tracking::nearest_on_segment(way[i], way[i + 1], here);
    if (tracking::distance(nearest, here) >= off_m) continue;
    off_m = tracking::distance(nearest, here);
    at = nearest;
    piece = i;
  }
  WayOut out{view.way_out_door - here, off_m};
  double left_m = kAhead_m;
  bool found = false;
  for (protocol::HallPoint from = at; piece + 1 < way.size(); from = way[++piece]) {
    const double length_m = tracking::distance(from, way[piece + 1]);
    if (!found && length_m >= left_m) {
      out.towards = from + (way[piece + 1] - from) * (left_m / length_m) - here;
      found = true;
    }
    left_m -= length_m;
    out.length_m += length_m;
  }
  return out;
}

ui::Panel evacuate(const Facts& facts) {
  const client::View& view = *facts.view;
  ui::Evacuate panel;
  panel.entrance = view.way_out_name == protocol::DoorName::entrance;
  panel.see_through = facts.see_through;
  panel.hall_silent = view.cause == tracking::Cause::link_lost;
  if (!facts.head) return panel;
  const WayOut way = way_out_from(view, tracking::floor_point(*facts.head));
  // In steps: a panel that changes with every breath would be laid out anew with every frame.
  constexpr double kStep_rad = 0.05;
  panel.door_clockwise_rad = std::round(clockwise_rad(*facts.head, std::atan2(-way.towards.x, way.towards.y)) / kStep_rad) * kStep_rad;
  panel.door_m = std::max(1, static_cast<int>(std::lround(way.length_m)));
  return panel;
}

ui::Panel way_choice(const client::Choice& choice) {
  ui::WayChoice panel{{}, {}, static_cast<int>(std::ceil(choice.left_s))};
  for (const client::Choice::Way& way : choice.ways) panel.ways.push_back({way.number, way.text});
  if (choice.chosen) panel.chosen = *choice.chosen;
  return panel;
}

ui::Panel menu_panel(const Facts& facts) {
  if (!facts.visit->welcomed) return ui::Welcome{};
  ui::Menu menu;
  menu.films = cards_of(facts);
  menu.chosen = facts.visit->chosen;
  const bool known = std::ranges::contains(menu.films, menu.chosen, &ui::FilmCard::film);
  if (!known) menu.chosen = first_choice(menu.films);
  // Refusals of marks are not the menu's.
  const auto& refusal = facts.view->refusal;
  if (refusal && (refusal->request > 0 || refusal->code == "link-lost" || refusal->code == "film-unknown")) menu.refusal = refusal_text(facts.language, *refusal);
  menu.asked = facts.visit->asked && menu.refusal.empty();
  menu.page = facts.visit->page;
  return menu;
}

}  // namespace

std::vector<ui::FilmCard> cards_of(const Facts& facts) {
  std::vector<ui::FilmCard> cards;
  for (const protocol::MenuEntry& entry : facts.view->menu) cards.push_back(card_of(facts, entry));
  ui::FilmCard* soonest = nullptr;
  for (ui::FilmCard& card : cards) {
    if (card.available && card.fault.empty() && (soonest == nullptr || card.wait_s < soonest->wait_s)) soonest = &card;
  }
  if (soonest != nullptr) soonest->soonest = true;
  return cards;
}

base::FilmId first_choice(const std::vector<ui::FilmCard>& cards) {
  const auto soonest = std::ranges::find(cards, true, &ui::FilmCard::soonest);
  if (soonest != cards.end()) return soonest->film;
  return cards.empty() ? base::FilmId{} : cards.front().film;
}

std::optional<ui::Panel> panel_of(const Facts& facts) {
  const client::View& view = *facts.view;
  if (facts.visit->help && help_offered(view.screen) && view.level < tracking::Level::stop) return ui::Help{};
  switch (view.screen) {
    case Screen::shelf: return shelf_panel(facts, facts.linked);
    case Screen::wait_staff: return marks_panel(facts);
    case Screen::menu: return menu_panel(facts);
    case Screen::wait_start: {
      if (view.word_stop) return std::nullopt;  // nothing beside that word
      const base::FilmId film = view.play ? view.play->film : facts.visit->chosen;
      std::optional<int> seconds;
      if (view.told_wait_s && *view.told_wait_s >= 1.0) seconds = static_cast<int>(std::ceil(*view.told_wait_s));
      return ui::WaitStart{title_of(facts, film), film, seconds};
    }
    case Screen::rate: {
      const base::FilmId film = view.play ? view.play->film : facts.visit->chosen;
      return ui::Rate{title_of(facts, film), film, facts.visit->stars};
    }
    case Screen::stand_still: return facts.phase == protocol::Phase::idle && !facts.linked ? ui::Panel(shelf_panel(facts, false)) : stand_still(facts);
    case Screen::evacuate: return evacuate(facts);
    case Screen::film:
    case Screen::leg: {
      const FilmFault* fault = view.play ? fault_of(facts, view.play->film) : nullptr;
      if (fault != nullptr) return ui::StandStill{fault->why, fault->error.code};
      if (view.choice && view.level < tracking::Level::pause) return way_choice(*view.choice);
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

double clockwise_rad(const protocol::HallPose& head, double hall_yaw_rad) { return tracking::wrap_angle(tracking::yaw_rad(head) - hall_yaw_rad); }

std::optional<ui::Note> note_of(const Facts& facts) {
  const client::View& view = *facts.view;
  if (view.screen == Screen::evacuate || view.screen == Screen::stand_still || view.screen == Screen::shelf || view.screen == Screen::wait_staff) return std::nullopt;
  if (view.level == tracking::Level::pause || view.level == tracking::Level::stop) {
    return ui::Note{ui::NoteKind::pause, view.cause, view.arrow_rad.has_value(), {}, {}};
  }
  if (channels_of(view.level, view.cause).sign) {
    ui::Note warning{ui::NoteKind::warn, view.cause, false, {}, {}};
    if (view.danger_rad && facts.head) {
      constexpr double kEighth_rad = std::numbers::pi / 4.0;
      warning.danger_eighth = (static_cast<int>(std::lround(clockwise_rad(*facts.head, *view.danger_rad) / kEighth_rad)) + 8) % 8;
    }
    return warning;
  }
  if (facts.visit->help) return std::nullopt;
  std::optional<int> seconds;
  if (view.countdown_s && *view.countdown_s < 3600.0) seconds = static_cast<int>(std::ceil(*view.countdown_s));
  const bool guide = view.screen == Screen::guide_in || view.screen == Screen::guide_out;
  if (guide && facts.hold_s > kStopTold_s) return ui::Note{ui::NoteKind::wait_at_stop, tracking::Cause::none, false, {}, {}};
  if (view.screen == Screen::guide_in && (facts.screen_s < kWayTold_s || seconds)) return ui::Note{ui::NoteKind::walk_on, tracking::Cause::none, false, seconds, {}};
  if (view.screen == Screen::guide_out && facts.screen_s < kWayTold_s) return ui::Note{ui::NoteKind::way_out, tracking::Cause::none, false, {}, {}};
  if (view.screen != Screen::film && view.screen != Screen::leg) return std::nullopt;
  if (!facts.film_ready && facts.screen_s > kLoadingTold_s) return ui::Note{ui::NoteKind::loading, tracking::Cause::none, false, {}, {}};
  if (facts.hold_s > kHoldTold_s) return ui::Note{ui::NoteKind::hold, tracking::Cause::none, false, {}, {}};
  return std::nullopt;
}

ui::Why why_of(const base::Error& error) {
  if (error.code == "film-too-new" || error.code == "version-unknown") return ui::Why::film_newer;
  if (error.code == "file-unreadable" || error.code == "file-missing" || error.code == "film-missing") return ui::Why::film_missing;
  return ui::Why::film_damaged;
}

protocol::Trouble trouble_of(ui::Why why) {
  switch (why) {
    case ui::Why::film_newer: return protocol::Trouble::film_newer;
    case ui::Why::film_missing: return protocol::Trouble::film_missing;
    default: return protocol::Trouble::film_damaged;
  }
}

bool help_offered(Screen screen) {
  return screen != Screen::shelf && screen != Screen::wait_staff && screen != Screen::stand_still && screen != Screen::evacuate;
}

std::string_view name_of(Screen screen) {
  constexpr std::array<std::string_view, 11> kNames{"shelf", "wait_staff", "menu", "wait_start", "guide_in", "film", "leg", "guide_out", "rate", "stand_still", "evacuate"};
  return kNames[static_cast<std::size_t>(screen)];
}

}  // namespace promenade::headset
