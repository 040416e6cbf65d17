#include "showcontrol/console/screen.h"

#include <algorithm>

#include "showcontrol/console/ahead_view.h"
#include "showcontrol/console/banners.h"
#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "showcontrol/console/plan_view.h"
#include "showcontrol/console/roll.h"
#include "showcontrol/console/signs.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

// ------------------------------------------------------------ top

// Fire contact and button, one below the other: a filled dot is read, a hollow one is not there.
void contacts(Frame& frame, float right) {
  using protocol::ContactState;
  const Strings& w = frame.words;
  const protocol::HallSummary& s = frame.snapshot.summary;
  struct One {
    const char* name;
    ContactState state;
  };
  const One both[]{{w.fire_contact, s.fire_contact}, {w.evacuate_button, s.evacuate_button}};
  const auto text = [&](const One& one) {
    return std::string(one.name) + " " + w.contact_states[static_cast<std::size_t>(one.state) % w.contact_states.size()];
  };
  const float left = right - std::max(text_width(frame, Face::small, text(both[0])), text_width(frame, Face::small, text(both[1])));
  float y = (size::kBar - 2 * text_height(frame, Face::small)) / 2;
  for (const One& one : both) {
    ImU32 ink = colour::kFaint;
    if (one.state == ContactState::ready && frame.snapshot.connected()) ink = colour::kDim;
    if (one.state == ContactState::alarm) ink = mixed(colour::kStop, IM_COL32_WHITE, 0.25 * frame.pulse(0.8));
    if (one.state == ContactState::fault) ink = mixed(colour::kPause, IM_COL32_WHITE, 0.3 * frame.pulse(0.9));
    const ImVec2 dot{left - 12.0F, y + text_height(frame, Face::small) / 2};
    if (one.state == ContactState::none) canvas().AddCircle(dot, 4.5F, ink, 16, 1.5F);
    else canvas().AddCircleFilled(dot, 5.0F, one.state == ContactState::ready && frame.snapshot.connected() ? colour::kClear : ink, 16);
    put_text(frame, Face::small, {left, y}, ink, text(one));
    y += text_height(frame, Face::small);
  }
  frame.layout.says["fire-contact"] = protocol::to_string(s.fire_contact);
  frame.layout.says["evacuate-button"] = protocol::to_string(s.evacuate_button);
}

void bar(Frame& frame, float width) {
  const Strings& w = frame.words;
  const Snapshot& s = frame.snapshot;
  panel({0.0F, 0.0F}, {width, size::kBar}, colour::kPanel, 0.0F);
  const std::string name = s.venue == nullptr ? w.hall : frame.ui.language == Language::zh ? s.venue->name.zh : s.venue->name.en;
  put_text(frame, Face::large, {16.0F, 13.0F}, colour::kText, name, width * 0.3F);
  float x = 16.0F + std::min(text_width(frame, Face::large, name), width * 0.3F) + 28.0F;
  const auto figure = [&](std::size_t count, const char* what) {
    const std::string number = std::to_string(count);
    put_text(frame, Face::large, {x, 13.0F}, colour::kText, number);
    x += text_width(frame, Face::large, number) + 7.0F;
    put_text(frame, Face::body, {x, 18.0F}, colour::kDim, what);
    x += text_width(frame, Face::body, what) + 22.0F;
  };
  if (s.summary_known) {
    figure(s.summary.playing, w.in_hall);
    figure(s.summary.waiting, w.waiting);
    figure(s.summary.headsets, w.headsets);
  }
  float right = width - 12.0F;
  constexpr float kLanguage = 104.0F;
  if (tap_button(frame, "language", w.other_language, {right - kLanguage, 4.0F}, {kLanguage, size::kTouch})) {
    frame.ui.language = frame.ui.language == Language::zh ? Language::en : Language::zh;
  }
  right -= kLanguage + 18.0F;
  put_text_right(frame, Face::large, {right, 13.0F}, colour::kText, frame.clock);
  right -= text_width(frame, Face::large, frame.clock) + 22.0F;
  if (!s.summary_known) return;
  const char* admission = s.summary.admission_open ? w.admission_open : w.admission_closed;
  const ImU32 ink = !s.connected() ? colour::kFaint : s.summary.admission_open ? colour::kClear : colour::kWarn;
  put_text_right(frame, Face::body, {right, 17.0F}, ink, admission);
  canvas().AddCircleFilled({right - text_width(frame, Face::body, admission) - 12.0F, 30.0F}, 5.0F, ink);
  right -= text_width(frame, Face::body, admission) + 40.0F;
  contacts(frame, right);
}

// ------------------------------------------------------------ bottom

const Request* hall_wide(const Snapshot& snapshot) {
  return newest_request(snapshot, [](const protocol::StaffAction& a) {
    return std::holds_alternative<protocol::SetHallPaused>(a) || std::holds_alternative<protocol::SetHallStopped>(a) || std::holds_alternative<protocol::SetEvacuation>(a) ||
           (std::holds_alternative<protocol::PlaceBody>(a) && headset_of(a).is_none()) || std::holds_alternative<protocol::SetAdmission>(a);
  });
}

void bottom(Frame& frame, float y, float width) {
  const Strings& w = frame.words;
  const protocol::HallSummary& s = frame.snapshot.summary;
  panel({0.0F, y}, {width, size::kBottom}, colour::kPanel, 0.0F);
  const float height = size::kBottom - 20.0F;
  const float top = y + 10.0F;
  const auto look = [&](ImU32 fill_colour, ImU32 text, const char* below) {
    ButtonLook made;
    made.fill = fill_colour;
    made.text = text;
    made.below = below;
    made.face = Face::large;
    made.enabled = frame.snapshot.connected();
    return made;
  };
  const std::string hold_stop = std::string(w.stop_hall_text) + " · " + w.hold;
  const std::string hold_evacuate = std::string(w.evacuate_text) + " · " + w.hold;
  float x = 12.0F;
  constexpr float kPause = 216.0F, kStop = 286.0F, kEvacuate = 286.0F;
  const auto unless_evacuated = [&](ButtonLook made) {  // then nothing is to be held up
    made.enabled = made.enabled && !s.evacuate;
    return made;
  };
  if (s.paused) {
    if (hold_button(frame, "go-on-all", w.go_on_all, {x, top}, {kPause, height}, look(colour::kClear, kInk, ""))) frame.wish(protocol::SetHallPaused{false});
  } else if (tap_button(frame, "pause-all", w.pause_all, {x, top}, {kPause, height}, unless_evacuated(look(colour::kPause, kInk, w.pause_all_text)))) {
    frame.wish(protocol::SetHallPaused{true});
  }
  x += kPause + 12.0F;
  if (s.stopped) {
    if (hold_button(frame, "end-stop", w.end_stop, {x, top}, {kStop, height}, look(colour::kClear, kInk, ""))) frame.wish(protocol::SetHallStopped{false});
  } else {
    ButtonLook made = unless_evacuated(look(colour::kStopDeep, colour::kText, hold_stop.c_str()));
    made.border = colour::kStop;
    if (hold_button(frame, "stop-hall", w.stop_hall, {x, top}, {kStop, height}, made)) frame.wish(protocol::SetHallStopped{true});
  }
  x += kStop + 16.0F;
  // Evacuation stands apart, at the far end: nobody comes upon it while he means something else.
  const float right = width - 12.0F - kEvacuate;
  if (s.evacuate) {
    const int inside = std::max(0, s.people - s.counted_out);
    const std::string below = (inside == 0 ? std::string() : base::formatted_by(w.roll_unticked, inside) + " · ") + w.hold;
    const ButtonLook made = inside == 0 ? look(colour::kClear, kInk, below.c_str()) : look(colour::kRaised, colour::kText, below.c_str());
    if (hold_button(frame, "end-evacuation", w.end_evacuation, {right, top}, {kEvacuate, height}, made)) {
      frame.wish(protocol::SetEvacuation{false});
    }
  } else if (hold_button(frame, "evacuate", w.evacuate, {right, top}, {kEvacuate, height}, look(colour::kStop, IM_COL32_WHITE, hold_evacuate.c_str()))) {
    frame.wish(protocol::SetEvacuation{true});
  }
  if (const Request* request = hall_wide(frame.snapshot)) {
    frame.layout.says["hall-answer"] = request->state == Request::State::asked ? "asked" : request->state == Request::State::accepted ? "accepted" : request->code;
    const bool refused = request->state == Request::State::refused;
    const std::string text = refused ? base::formatted_by(w.refused, refusal_text(frame, *request)) : request->state == Request::State::accepted ? w.done : w.asked;
    const float room = right - x - 16.0F;
    const float lines = wrapped_height(frame, Face::small, text, room);
    put_wrapped(frame, Face::small, {x, y + (size::kBottom - lines) / 2}, refused ? colour::kPause : request->state == Request::State::accepted ? colour::kClear : colour::kDim, text, room);
  }
}

// ------------------------------------------------------------ middle

void plan_and_tools(Frame& frame, ImVec2 at, ImVec2 extent) {
  const Strings& w = frame.words;
  UiState& ui = frame.ui;
  constexpr float kTool = 158.0F;
  const bool narrow = extent.x < 700.0F;  // then the two tools stand one above the other
  constexpr float kHigh = size::kTouch + 8.0F;
  const float legend_width = extent.x - (narrow ? 1.0F : 2.0F) * (kTool + size::kGap) - 8.0F;
  const float tools = narrow ? 2 * size::kTouch + size::kGap : 72.0F;
  const bool evacuated = frame.snapshot.summary.evacuate;  // then only what is now counts
  const float ahead = evacuated ? 0.0F : kAheadRow + size::kGap;
  const ImVec2 plan{extent.x, extent.y - tools - ahead - size::kGap};
  draw_plan(frame, at, plan);
  if (!evacuated) draw_ahead(frame, {at.x, at.y + plan.y + size::kGap}, plan.x);
  const float y = at.y + plan.y + ahead + size::kGap;
  if (ui.placing != Placing::nothing) {
    if (!frame.snapshot.connected()) ui.placing = Placing::nothing;
    const char* text = ui.placing == Placing::attendant ? w.tap_place_attendant : w.tap_place_viewer;
    const ImVec2 box{text_width(frame, Face::strong, text) + 40.0F, 44.0F};
    const ImVec2 middle{at.x + (plan.x - box.x) / 2, at.y + 14.0F};
    panel(middle, box, colour::kAccent, 22.0F);
    put_text_centred(frame, Face::strong, {middle.x + box.x / 2, middle.y + 22.0F}, IM_COL32_WHITE, text);
    canvas().AddRect(at, {at.x + plan.x, at.y + plan.y}, colour::kAccent, size::kRound, 0, 3.0F);
  }
  draw_legend(frame, {at.x + 4.0F, y + 2.0F}, {legend_width, tools});
  ImVec2 next{at.x + extent.x - kTool - (narrow ? 0.0F : kTool + size::kGap), narrow ? y : y + 6.0F};
  const ImVec2 box{kTool, narrow ? size::kTouch : kHigh};
  const auto tool = [&](const char* name, const char* label, Placing placing) {
    ButtonLook look;
    look.enabled = frame.snapshot.connected();
    if (ui.placing == placing) look.fill = colour::kAccent;
    if (tap_button(frame, name, ui.placing == placing ? w.cancel : label, next, box, look)) ui.placing = ui.placing == placing ? Placing::nothing : placing;
    if (narrow) next.y += size::kTouch + size::kGap;
    else next.x += kTool + size::kGap;
  };
  tool("place-attendant", w.place_attendant, Placing::attendant);
  tool("place-somebody", w.place_viewer, Placing::somebody);
}

// An evacuation shows its roll on every console at once; when it ends, what becomes of the films; and when that is said
// and done, what was there before.
void follow_evacuation(Frame& frame) {
  UiState& ui = frame.ui;
  if (!frame.snapshot.summary_known) return;
  const bool evacuated = frame.snapshot.summary.evacuate;
  if (evacuated && !ui.evacuated) {
    ui.choose(HeadsetId{});
    ui.tab = Tab::evacuation;
    ui.placing = Placing::nothing;
  }
  if (evacuated) ui.confirming = protocol::Settlement::open;
  ui.evacuated = evacuated;
  if (ui.tab == Tab::evacuation && !evacuated && interrupted(frame.snapshot).empty()) ui.tab = Tab::headsets;
}

void tabs(Frame& frame, ImVec2 at, float width) {
  const Strings& w = frame.words;
  UiState& ui = frame.ui;
  struct Named {
    const char* name;
    std::string label;
    Tab tab;
    ImU32 ink = 0;  // 0: as usual
  };
  const protocol::HallSummary& s = frame.snapshot.summary;
  const auto counted = [](const char* label, std::size_t count) { return label + (count > 0 ? " " + std::to_string(count) : std::string()); };
  std::vector<Named> list;
  if (s.evacuate) list.push_back({"tab-roll", w.tab_roll, Tab::evacuation, mixed(colour::kStop, IM_COL32_WHITE, 0.4)});
  else if (!interrupted(frame.snapshot).empty()) {
    list.push_back({"tab-settle", counted(w.tab_settle, s.unsettled), Tab::evacuation, s.unsettled > 0 ? colour::kPause : 0});
  }
  list.push_back({"tab-headsets", w.tab_headsets, Tab::headsets});
  const auto queue = queue_of(frame.snapshot);
  const bool late = std::ranges::any_of(queue, [](const auto* card) { return base::to_seconds(card->late) > kLateTold_s; });
  if (!s.evacuate) list.push_back({"tab-queue", counted(w.tab_queue, queue.size()), Tab::queue, late ? mixed(colour::kStop, IM_COL32_WHITE, 0.25) : 0});
  list.push_back({"tab-day", w.tab_day, Tab::day});
  float words = 0.0F;
  for (const Named& one : list) words += text_width(frame, Face::strong, one.label);
  const auto count = static_cast<float>(list.size());
  const float each = (width - (count - 1) * size::kGap - words) / count;  // room round each word
  float x = at.x;
  for (const Named& one : list) {
    ButtonLook look;
    look.fill = ui.tab == one.tab ? colour::kPressed : colour::kPanel;
    look.text = one.ink != 0 ? one.ink : ui.tab == one.tab ? colour::kText : colour::kDim;
    const float wide = text_width(frame, Face::strong, one.label) + each;
    if (tap_button(frame, one.name, one.label.c_str(), {x, at.y}, {wide, size::kTouch}, look)) ui.tab = one.tab;
    x += wide + size::kGap;
  }
}

void right_side(Frame& frame, ImVec2 at, ImVec2 extent) {
  UiState& ui = frame.ui;
  const protocol::HeadsetCard* card = frame.snapshot.headset(ui.chosen);
  const protocol::BodyCard* body = frame.snapshot.body(ui.chosen_body);
  if (card != nullptr && ui.tab == Tab::headsets) return draw_headset(frame, *card, at, extent);
  if (body != nullptr && ui.tab == Tab::headsets) return draw_body(frame, *body, at, extent);
  tabs(frame, at, extent.x);
  const ImVec2 below{at.x, at.y + size::kTouch + size::kGap};
  const ImVec2 room{extent.x, extent.y - size::kTouch - size::kGap};
  switch (ui.tab) {
    case Tab::headsets: return draw_cards(frame, below, room);
    case Tab::queue: return draw_queue(frame, below, room);
    case Tab::day: return draw_day(frame, below, room);
    case Tab::evacuation: return frame.snapshot.summary.evacuate ? draw_roll(frame, below, room) : draw_settlements(frame, below, room);
  }
}

void say(Frame& frame) {
  auto& says = frame.layout.says;
  const Snapshot& s = frame.snapshot;
  says["link"] = s.connected() ? "connected" : s.link.refused ? "refused" : s.link.contact == Contact::lost ? "lost" : "connecting";
  says["epoch"] = s.connected() && s.summary_known ? std::to_string(s.summary.epoch.value()) : "";
  says["language"] = frame.ui.language == Language::zh ? "zh" : "en";
  says["tab"] = frame.ui.tab == Tab::headsets ? "headsets" : frame.ui.tab == Tab::queue ? "queue" : frame.ui.tab == Tab::day ? "day" : "evacuation";
  says["placing"] = frame.ui.placing == Placing::nothing ? "" : frame.ui.placing == Placing::attendant ? "attendant" : "somebody";
  says["asked"] = s.requests.empty() ? "" : std::to_string(s.requests.back().number);
  says["alarms"] = std::to_string(untaken(s).size());
  std::string& codes = says["alarm-codes"];
  for (const protocol::StaffAlarm* alarm : untaken(s)) codes += (codes.empty() ? "" : " ") + alarm->code;
}

}  // namespace

void draw_screen(Frame& frame) {
  const ImVec2 whole = ImGui::GetIO().DisplaySize;
  frame.layout.width = whole.x;
  frame.layout.height = whole.y;
  follow_evacuation(frame);
  follow_ahead(frame);
  say(frame);
  ImGui::SetNextWindowPos({0.0F, 0.0F});
  ImGui::SetNextWindowSize(whole);
  ImGui::Begin("console", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBringToFrontOnFocus);
  bar(frame, whole.x);
  float y = size::kBar;
  y += draw_banners(frame, y, whole.x);
  const float low = whole.y - size::kBottom;
  const float side = std::clamp(whole.x * 0.33F, 400.0F, 520.0F);
  const float margin = 12.0F;
  const ImVec2 plan{whole.x - side - 3 * margin, low - y - 2 * margin};
  plan_and_tools(frame, {margin, y + margin}, plan);
  right_side(frame, {2 * margin + plan.x, y + margin}, {side, low - y - 2 * margin});
  if (!frame.snapshot.connected()) {  // old, and to be seen as such
    ImGui::GetForegroundDrawList()->AddRectFilled({2 * margin + plan.x, y + margin}, {whole.x, low}, with_alpha(colour::kBack, 0.55));
  }
  bottom(frame, low, whole.x);
  ImGui::End();
}

}  // namespace promenade::console
