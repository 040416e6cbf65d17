#include "showcontrol/console/screen.h"

#include <algorithm>

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/plan_view.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

constexpr ImU32 kInk = IM_COL32(10, 13, 18, 255);

struct Banner {
  ImU32 colour = colour::kRaised;
  bool pulses = false;
  std::string title;
  std::string text;
};

// ------------------------------------------------------------ top

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
  if (s.summary_known) {
    const char* admission = s.summary.admission_open ? w.admission_open : w.admission_closed;
    const ImU32 ink = !s.connected() ? colour::kFaint : s.summary.admission_open ? colour::kClear : colour::kWarn;
    put_text_right(frame, Face::body, {right, 17.0F}, ink, admission);
    canvas().AddCircleFilled({right - text_width(frame, Face::body, admission) - 12.0F, 30.0F}, 5.0F, ink);
  }
}

// ------------------------------------------------------------ banners

std::size_t still_bound(const Snapshot& snapshot) {
  return static_cast<std::size_t>(std::ranges::count_if(snapshot.headsets, [](const protocol::HeadsetCard& card) { return with_viewer(card); }));
}

// The state of the whole, if it is not the usual one: the gravest only.
bool hall_banner(Frame& frame, Banner& banner) {
  const Strings& w = frame.words;
  const Snapshot& s = frame.snapshot;
  if (!s.connected()) {
    if (s.link.refused) banner = {colour::kStopDeep, false, w.key_refused, ""};
    else if (s.link.contact == Contact::never) banner = {colour::kRaised, true, base::formatted_by(w.connecting, frame.address), ""};
    else banner = {colour::kStopDeep, true, base::formatted_by(w.not_connected_since, frame.wall_clock(s.link.since_s), minutes(frame.now_s() - s.link.since_s)), w.not_connected_text};
    return true;
  }
  if (s.summary.evacuate) {
    const std::size_t left = still_bound(s);
    banner = {colour::kStop, true, w.evacuating, base::formatted_by(w.evacuating_text, left)};
    return true;
  }
  if (s.summary.stopped) {
    banner = {colour::kStop, true, w.stopped, w.stopped_text};
    return true;
  }
  const auto to_release = waiting_release(s);
  if (!to_release.empty()) {
    const std::size_t count = to_release.size();
    banner = {colour::kPauseDeep, true, base::formatted_by(w.to_release, count), w.to_release_text};
    return true;
  }
  if (s.summary.paused) {
    banner = {colour::kPauseDeep, false, w.paused, w.paused_text};
    return true;
  }
  if (s.summary.records_failing) {
    banner = {colour::kPauseDeep, false, w.records_failing, ""};
    return true;
  }
  return false;
}

float draw_hall_banner(Frame& frame, float y, float width) {
  Banner banner;
  if (!hall_banner(frame, banner)) return 0.0F;
  const ImU32 fill_colour = banner.pulses ? mixed(banner.colour, colour::kBack, 0.35 * frame.pulse(1.2)) : banner.colour;
  panel({0.0F, y}, {width, size::kBanner}, fill_colour, 0.0F);
  float room = width - 32.0F;
  const auto to_release = waiting_release(frame.snapshot);
  if (frame.snapshot.connected() && !frame.snapshot.summary.stopped && !frame.snapshot.summary.evacuate && !to_release.empty()) {
    ButtonLook look;
    look.fill = colour::kText;
    look.text = kInk;
    if (tap_button(frame, "next-release", frame.words.next_viewer, {width - 172.0F, y + 4.0F}, {160.0F, size::kBanner - 8.0F}, look)) {
      const auto after = std::ranges::find_if(to_release, [&](const auto* card) { return card->headset > frame.ui.chosen; });
      frame.ui.choose((after == to_release.end() ? to_release.front() : *after)->headset);
      frame.ui.tab = Tab::headsets;
    }
    room -= 176.0F;
  }
  put_text(frame, Face::large, {16.0F, y + 12.0F}, IM_COL32_WHITE, banner.title, room);
  const float x = 16.0F + text_width(frame, Face::large, banner.title) + 22.0F;
  if (x < room) put_wrapped(frame, Face::body, {x, y + (wrapped_height(frame, Face::body, banner.text, room - x + 16.0F) > 30.0F ? 7.0F : 18.0F)}, IM_COL32_WHITE, banner.text, room - x + 16.0F);
  return size::kBanner;
}

// The newest alarm that nobody has taken. It stays until somebody says that he goes there.
float draw_alarm(Frame& frame, float y, float width) {
  const auto alarms = untaken(frame.snapshot);
  if (alarms.empty() || !frame.snapshot.connected()) return 0.0F;
  constexpr float kHeight = 76.0F;
  const Strings& w = frame.words;
  const protocol::StaffAlarm& alarm = *alarms.front();
  frame.layout.says["alarm"] = alarm.code;
  panel({0.0F, y}, {width, kHeight}, mixed(colour::kStopDeep, colour::kStop, 0.85 * frame.pulse(0.9)), 0.0F);
  canvas().AddLine({0.0F, y}, {width, y}, colour::kBack, 4.0F);
  canvas().AddTriangleFilled({44.0F, y + 12.0F}, {18.0F, y + 60.0F}, {70.0F, y + 60.0F}, IM_COL32_WHITE);
  put_text_centred(frame, Face::large, {44.0F, y + 43.0F}, colour::kStopDeep, "!");
  constexpr float kTake = 168.0F, kShow = 110.0F;
  const bool shows = !alarm.headset.is_none() || alarm.placed;
  float right = width - 12.0F - kTake;
  ButtonLook look;
  look.fill = IM_COL32_WHITE;
  look.text = colour::kStopDeep;
  if (tap_button(frame, "alarm-take", w.taken, {right, y + 10.0F}, {kTake, kHeight - 20.0F}, look)) frame.wish(protocol::TakeAlarm{alarm.number});
  if (shows) {
    right -= kShow + size::kGap;
    ButtonLook quiet;
    quiet.fill = with_alpha(colour::kBack, 0.55);
    if (tap_button(frame, "alarm-show", w.show, {right, y + 10.0F}, {kShow, kHeight - 20.0F}, quiet)) {
      frame.ui.choose(alarm.headset);
      frame.ui.tab = Tab::headsets;
    }
  }
  const double age_s = frame.snapshot.hall_age_s(alarm.time);
  std::string beside = base::formatted_by(w.ago, minutes(age_s));
  const std::size_t more = alarms.size() - 1;
  if (more > 0) beside += " · " + base::formatted_by(w.more_alarms, more);
  const int number = alarm.headset.value();
  const std::string title = (alarm.headset.is_none() ? std::string() : base::formatted_by(w.headset, number) + ": ") + alarm_text(frame, alarm);
  const float room = right - 88.0F - 12.0F;
  put_text(frame, Face::large, {88.0F, y + 6.0F}, IM_COL32_WHITE, title, room);
  const float beside_width = text_width(frame, Face::small, beside);
  put_text(frame, Face::body, {88.0F, y + 41.0F}, IM_COL32_WHITE, alarm_advice(frame, alarm), room - beside_width - 20.0F);
  put_text_right(frame, Face::small, {right - 12.0F, y + 44.0F}, with_alpha(IM_COL32_WHITE, 0.8), beside);
  return kHeight;
}

// ------------------------------------------------------------ bottom

const Request* hall_wide(const Snapshot& snapshot) {
  return newest_request(snapshot, [](const protocol::StaffAction& a) {
    return std::holds_alternative<protocol::SetHallPaused>(a) || std::holds_alternative<protocol::SetHallStopped>(a) || std::holds_alternative<protocol::SetEvacuation>(a) ||
           std::holds_alternative<protocol::PlaceBody>(a) || std::holds_alternative<protocol::SetAdmission>(a);
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
    if (hold_button(frame, "end-evacuation", w.end_evacuation, {right, top}, {kEvacuate, height}, look(colour::kRaised, colour::kText, ""))) frame.wish(protocol::SetEvacuation{false});
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
  const float legend_width = extent.x - 2 * (kTool + size::kGap) - 8.0F;
  const float tools = 60.0F;
  const ImVec2 plan{extent.x, extent.y - tools - size::kGap};
  draw_plan(frame, at, plan);
  const float y = at.y + plan.y + size::kGap;
  if (ui.placing != Placing::nothing) {
    if (!frame.snapshot.connected()) ui.placing = Placing::nothing;
    const char* text = ui.placing == Placing::attendant ? w.tap_place_attendant : w.tap_place_viewer;
    const ImVec2 box{text_width(frame, Face::strong, text) + 40.0F, 44.0F};
    const ImVec2 middle{at.x + (plan.x - box.x) / 2, at.y + 14.0F};
    panel(middle, box, colour::kAccent, 22.0F);
    put_text_centred(frame, Face::strong, {middle.x + box.x / 2, middle.y + 22.0F}, IM_COL32_WHITE, text);
    canvas().AddRect(at, {at.x + plan.x, at.y + plan.y}, colour::kAccent, size::kRound, 0, 3.0F);
  }
  draw_legend(frame, {at.x + 4.0F, y + 4.0F}, legend_width);
  float x = at.x + extent.x - 2 * kTool - size::kGap;
  const auto tool = [&](const char* name, const char* label, Placing placing) {
    ButtonLook look;
    look.enabled = frame.snapshot.connected();
    if (ui.placing == placing) look.fill = colour::kAccent;
    if (tap_button(frame, name, ui.placing == placing ? w.cancel : label, {x, y + 3.0F}, {kTool, size::kTouch}, look)) ui.placing = ui.placing == placing ? Placing::nothing : placing;
    x += kTool + size::kGap;
  };
  tool("place-attendant", w.place_attendant, Placing::attendant);
  tool("place-somebody", w.place_viewer, Placing::somebody);
}

void right_side(Frame& frame, ImVec2 at, ImVec2 extent) {
  UiState& ui = frame.ui;
  const Strings& w = frame.words;
  const protocol::HeadsetCard* card = frame.snapshot.headset(ui.chosen);
  const protocol::BodyCard* body = frame.snapshot.body(ui.chosen_body);
  if (card != nullptr && ui.tab == Tab::headsets) return draw_headset(frame, *card, at, extent);
  if (body != nullptr && ui.tab == Tab::headsets) return draw_body(frame, *body, at, extent);
  const float each = (extent.x - 2 * size::kGap) / 3;
  struct Named {
    const char* name;
    std::string label;
    Tab tab;
  };
  const std::size_t waiting = queue_of(frame.snapshot).size();
  const Named tabs[]{{"tab-headsets", w.tab_headsets, Tab::headsets}, {"tab-queue", w.tab_queue + (waiting > 0 ? " " + std::to_string(waiting) : std::string()), Tab::queue}, {"tab-day", w.tab_day, Tab::day}};
  float x = at.x;
  for (const Named& one : tabs) {
    ButtonLook look;
    look.fill = ui.tab == one.tab ? colour::kPressed : colour::kPanel;
    look.text = ui.tab == one.tab ? colour::kText : colour::kDim;
    const bool late = one.tab == Tab::queue && std::ranges::any_of(queue_of(frame.snapshot), [](const auto* c) { return base::to_seconds(c->late) > kLateTold_s; });
    if (late) look.text = mixed(colour::kStop, IM_COL32_WHITE, 0.25);
    if (tap_button(frame, one.name, one.label.c_str(), {x, at.y}, {each, size::kTouch}, look)) ui.tab = one.tab;
    x += each + size::kGap;
  }
  const ImVec2 below{at.x, at.y + size::kTouch + size::kGap};
  const ImVec2 room{extent.x, extent.y - size::kTouch - size::kGap};
  switch (ui.tab) {
    case Tab::headsets: return draw_cards(frame, below, room);
    case Tab::queue: return draw_queue(frame, below, room);
    case Tab::day: return draw_day(frame, below, room);
  }
}

void say(Frame& frame) {
  auto& says = frame.layout.says;
  const Snapshot& s = frame.snapshot;
  says["link"] = s.connected() ? "connected" : s.link.refused ? "refused" : s.link.contact == Contact::lost ? "lost" : "connecting";
  says["epoch"] = s.connected() && s.summary_known ? std::to_string(s.summary.epoch.value()) : "";
  says["language"] = frame.ui.language == Language::zh ? "zh" : "en";
  says["tab"] = frame.ui.tab == Tab::headsets ? "headsets" : frame.ui.tab == Tab::queue ? "queue" : "day";
  says["alarms"] = std::to_string(untaken(s).size());
  std::string& codes = says["alarm-codes"];
  for (const protocol::StaffAlarm* alarm : untaken(s)) codes += (codes.empty() ? "" : " ") + alarm->code;
}

}  // namespace

void draw_screen(Frame& frame) {
  const ImVec2 whole = ImGui::GetIO().DisplaySize;
  frame.layout.width = whole.x;
  frame.layout.height = whole.y;
  say(frame);
  ImGui::SetNextWindowPos({0.0F, 0.0F});
  ImGui::SetNextWindowSize(whole);
  ImGui::Begin("console", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBringToFrontOnFocus);
  bar(frame, whole.x);
  float y = size::kBar;
  y += draw_hall_banner(frame, y, whole.x);
  y += draw_alarm(frame, y, whole.x);
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
