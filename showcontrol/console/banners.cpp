#include "showcontrol/console/banners.h"

#include <algorithm>

#include "showcontrol/console/parts.h"
#include "showcontrol/console/roll.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

namespace {

struct Banner {
  ImU32 colour = colour::kRaised;
  bool pulses = false;
  std::string title;
  std::string text;
};

std::string evacuation_cause(const Frame& frame) {
  const Strings& w = frame.words;
  switch (evacuated_by(frame.snapshot.summary)) {
    case EvacuatedBy::fire_contact: return w.by_fire_contact;
    case EvacuatedBy::button: return w.by_button;
    case EvacuatedBy::staff: return w.by_staff;
    case EvacuatedBy::staff_or_button: return w.by_staff_or_button;
  }
  return {};
}

// The state of the whole, if it is not the usual one: the gravest only.
bool hall_banner(Frame& frame, Banner& banner) {
  const Strings& w = frame.words;
  const Snapshot& s = frame.snapshot;
  if (!s.connected()) {
    if (s.link.refused) banner = {colour::kStopDeep, false, w.key_refused, ""};
    else if (s.link.contact == Contact::never) banner = {colour::kRaised, true, base::formatted_by(w.connecting, frame.address), ""};
    else banner = {colour::kStopDeep, true,
                   base::formatted_by(w.not_connected_since, frame.wall_clock(s.link.since_s), minutes(frame.now_s() - s.link.since_s)),
                   s.summary.evacuate ? w.evacuation_was_on : w.not_connected_text};
    return true;
  }
  if (s.summary.evacuate) {
    banner = {colour::kStop, true, std::string(w.evacuating) + " · " + evacuation_cause(frame), w.evacuating_text};
    return true;
  }
  if (s.summary.stopped) {
    banner = {colour::kStop, true, w.stopped, w.stopped_text};
    return true;
  }
  if (s.summary.unsettled > 0) {
    banner = {colour::kPauseDeep, true, base::formatted_by(w.unsettled, static_cast<int>(s.summary.unsettled)), w.unsettled_text};
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

float hall_state(Frame& frame, float y, float width) {
  Banner banner;
  if (!hall_banner(frame, banner)) return 0.0F;
  const ImU32 fill_colour = banner.pulses ? mixed(banner.colour, colour::kBack, 0.35 * frame.pulse(1.2)) : banner.colour;
  panel({0.0F, y}, {width, size::kBanner}, fill_colour, 0.0F);
  float room = width - 32.0F;
  const auto to_release = waiting_release(frame.snapshot);
  const bool acts = frame.snapshot.connected() && !frame.snapshot.summary.stopped && !frame.snapshot.summary.evacuate;
  ButtonLook look;
  look.fill = colour::kText;
  look.text = kInk;
  if (acts && frame.snapshot.summary.unsettled > 0) {
    if (tap_button(frame, "settle", frame.words.settle, {width - 172.0F, y + 4.0F}, {160.0F, size::kBanner - 8.0F}, look)) {
      frame.ui.choose(HeadsetId{});
      frame.ui.tab = Tab::evacuation;
    }
    room -= 176.0F;
  } else if (acts && !to_release.empty()) {
    if (tap_button(frame, "next-release", frame.words.next_viewer, {width - 172.0F, y + 4.0F}, {160.0F, size::kBanner - 8.0F}, look)) {
      const auto after = std::ranges::find_if(to_release, [&](const auto* card) { return card->headset > frame.ui.chosen; });
      frame.ui.choose((after == to_release.end() ? to_release.front() : *after)->headset);
      frame.ui.tab = Tab::headsets;
    }
    room -= 176.0F;
  }
  put_text(frame, Face::large, {16.0F, y + 12.0F}, IM_COL32_WHITE, banner.title, room);
  const float x = 16.0F + text_width(frame, Face::large, banner.title) + 22.0F;
  const float rest = room - x + 16.0F;
  if (x >= room) return size::kBanner;
  const bool two_lines = wrapped_height(frame, Face::body, banner.text, rest) > 30.0F;
  put_wrapped(frame, Face::body, {x, y + (two_lines ? 7.0F : 18.0F)}, IM_COL32_WHITE, banner.text, rest);
  return size::kBanner;
}

// The newest alarm that nobody has taken. It stays until somebody says that he goes there.
float newest_alarm(Frame& frame, float y, float width) {
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

// A fire contact or button that cannot be read stays on the screen for as long as it cannot: it would not evacuate.
float contact_fault(Frame& frame, const char* name, protocol::ContactState state, float y, float width) {
  if (state != protocol::ContactState::fault || !frame.snapshot.connected()) return 0.0F;
  constexpr float kHeight = 46.0F;
  const Strings& w = frame.words;
  const ImU32 ground = mixed(colour::kPause, colour::kPauseDeep, 0.7 * frame.pulse(0.9));
  panel({0.0F, y}, {width, kHeight}, ground, 0.0F);
  canvas().AddLine({0.0F, y}, {width, y}, colour::kBack, 4.0F);
  const std::string title = base::formatted_by(w.contact_fault, name);
  put_text(frame, Face::large, {16.0F, y + 7.0F}, IM_COL32_WHITE, title);
  const float x = 16.0F + text_width(frame, Face::large, title) + 22.0F;
  const float room = width - x - 16.0F;
  const Face face = text_width(frame, Face::body, w.contact_fault_text) <= room ? Face::body : Face::small;
  const float lines = wrapped_height(frame, face, w.contact_fault_text, room);
  put_wrapped(frame, face, {x, y + 2.0F + (kHeight - lines) / 2}, IM_COL32_WHITE, w.contact_fault_text, room);
  return kHeight;
}

}  // namespace

float draw_banners(Frame& frame, float y, float width) {
  const float from = y;
  y += hall_state(frame, y, width);
  y += contact_fault(frame, frame.words.fire_contact, frame.snapshot.summary.fire_contact, y, width);
  y += contact_fault(frame, frame.words.evacuate_button, frame.snapshot.summary.evacuate_button, y, width);
  y += newest_alarm(frame, y, width);
  return y - from;
}

}  // namespace promenade::console
