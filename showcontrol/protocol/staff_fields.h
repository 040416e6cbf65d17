#pragma once
// Fields in wire order of the messages between staff and hall; continues fields.h, for codec.cpp alone.

#include "showcontrol/protocol/fields.h"

namespace promenade::protocol {

template <class Io> void fields(Io& io, Ref<Io, StaffHello> m) {
  io.number("protocol_version", 8, m.protocol_version, 0, 255);
  io.text("name", m.name, kStaffNameMax);
  io.text("key", m.key, kStaffKeyMax);
}

template <class Io> void fields(Io& io, Ref<Io, StaffWelcome> m) {
  io.number("protocol_version", 8, m.protocol_version, 0, 255);
  io.id("epoch", kEpochBits, m.epoch, kAnyEpoch, false);
  io.text("venue_toml", m.venue_toml, kVenueTomlMax);
}

template <class Io> void fields(Io& io, Ref<Io, BindTicket> m) {
  io.id("headset", 16, m.headset, 65535, false);
  io.text("ticket", m.ticket, kTicketMax);
  io.number("party", 16, m.party, 0, 65535);
  io.measure("height_m", m.height_m, kBodyHeightScale);
  io.flag("child", m.child);
  io.number("age_years", 7, m.age_years, 0, 127);
  io.number("people", 8, m.people, 0, 255);
  io.id("hand", 16, m.hand, 65535, true);
}
template <class Io> void fields(Io& io, Ref<Io, SetFitted> m) {
  io.id("headset", 16, m.headset, 65535, false);
  io.flag("fitted", m.fitted);
}
template <class Io> void fields(Io& io, Ref<Io, SetViewerPaused> m) {
  io.id("headset", 16, m.headset, 65535, false);
  io.flag("paused", m.paused);
}
template <class Io> void fields(Io& io, Ref<Io, ReleaseViewer> m) { io.id("headset", 16, m.headset, 65535, false); }
template <class Io> void fields(Io& io, Ref<Io, SetHallStopped> m) { io.flag("stopped", m.stopped); }
template <class Io> void fields(Io& io, Ref<Io, SetEvacuation> m) { io.flag("evacuate", m.evacuate); }
template <class Io> void fields(Io& io, Ref<Io, SwapHeadset> m) {
  io.id("from", 16, m.from, 65535, false);
  io.id("to", 16, m.to, 65535, false);
}
template <class Io> void fields(Io& io, Ref<Io, PlaceBody> m) {
  io.number("number", 16, m.number, 0, 65535);
  io.point("at", m.at);
  io.flag("staff", m.staff);
  io.id("beside", 16, m.beside, 65535, true);
}
template <class Io> void fields(Io& io, Ref<Io, ConfirmBodyGone> m) { io.id("body", 12, m.body, kBodyMost, false); }
template <class Io> void fields(Io& io, Ref<Io, LeadOut> m) { io.id("headset", 16, m.headset, 65535, false); }
template <class Io> void fields(Io& io, Ref<Io, SetReturned> m) { io.id("headset", 16, m.headset, 65535, false); }
template <class Io> void fields(Io& io, Ref<Io, SetCleaned> m) { io.id("headset", 16, m.headset, 65535, false); }
template <class Io> void fields(Io& io, Ref<Io, SetAdmission> m) { io.flag("open", m.open); }
template <class Io> void fields(Io& io, Ref<Io, TakeAlarm> m) { io.number("number", 32, m.number, 0, kAny32); }
template <class Io> void fields(Io& io, Ref<Io, SetHallPaused> m) { io.flag("paused", m.paused); }
template <class Io> void fields(Io& io, Ref<Io, LiftCause> m) {
  io.id("headset", 16, m.headset, 65535, false);
  io.choice("cause", m.cause, tracking::Cause::fire);
  io.flag("lifted", m.lifted);
}
template <class Io> void fields(Io& io, Ref<Io, CountOut> m) {
  io.id("body", 12, m.body, kBodyMost, false);
  io.flag("out", m.out);
}
template <class Io> void fields(Io& io, Ref<Io, SettleEvacuation> m) {
  io.id("headset", 16, m.headset, 65535, true);
  io.choice("settlement", m.settlement, Settlement::refund);
}

template <class Io> void fields(Io& io, Ref<Io, SetClosing> m) {
  io.maybe("at", m.at, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
}

inline constexpr std::array kStaffActionNames{"BindTicket",    "SetFitted",   "SetViewerPaused", "ReleaseViewer", "SetHallStopped",
                                              "SetEvacuation", "SwapHeadset", "PlaceBody",       "ConfirmBodyGone", "LeadOut",
                                              "SetReturned",   "SetCleaned",  "SetAdmission",    "TakeAlarm",     "SetHallPaused",
                                              "LiftCause",     "CountOut",    "SettleEvacuation", "SetClosing"};
static_assert(kStaffActionNames.size() == std::variant_size_v<StaffAction>);

inline void action_fields(WriteIo& io, const StaffAction& action) {
  io.number("action", 6, action.index(), 0, std::variant_size_v<StaffAction> - 1);
  std::visit([&](const auto& a) { fields(io, a); }, action);
}
template <std::size_t I = 0>
void emplace_action(StaffAction& action, std::size_t index) {
  if constexpr (I < std::variant_size_v<StaffAction>) {
    if (index == I) action.emplace<I>();
    else emplace_action<I + 1>(action, index);
  }
}
inline void action_fields(ReadIo& io, StaffAction& action) {
  std::size_t index = 0;
  io.number("action", 6, index, 0, std::variant_size_v<StaffAction> - 1);
  emplace_action(action, index);
  std::visit([&](auto& a) { fields(io, a); }, action);
}
template <std::size_t I = 0>
void action_rows(TableIo& io) {
  if constexpr (I < std::variant_size_v<StaffAction>) {
    std::variant_alternative_t<I, StaffAction> each{};
    io.note(std::string("action ") + std::to_string(I), kStaffActionNames[I]);
    io.nested(kStaffActionNames[I], "", [&] { fields(io, each); });
    action_rows<I + 1>(io);
  }
}
inline void action_fields(TableIo& io, StaffAction&) {
  io.row("action", "6", "", "0.." + std::to_string(std::variant_size_v<StaffAction> - 1) + ", then that action's fields:");
  action_rows(io);
}

template <class Io> void fields(Io& io, Ref<Io, StaffCommand> m) {
  io.number("request", 32, m.request, 0, kAny32);
  action_fields(io, m.action);
}

template <class Io> void fields(Io& io, Ref<Io, StaffReply> m) {
  io.number("request", 32, m.request, 0, kAny32);
  io.flag("accepted", m.accepted);
  io.text("code", m.code, kCodeMax);
  io.text("text", m.text, kTextMax);
}

template <class Io> void fields(Io& io, Ref<Io, TagReport> m) {
  io.number("tag", 16, m.tag, 0, 65535);
  io.time("time", m.time);
  io.point("at", m.at);
  io.measure("error_m", m.error_m, kErrorScale, true);
}

template <class Io> void fields(Io& io, Ref<Io, FilmWait> m) {
  io.film("film", m.film, false);
  io.duration("wait", 16, m.wait, Duration{1'000'000}, true);
  io.number("waiting", 8, m.waiting, 0, 255);
  io.number("playing", 8, m.playing, 0, 255);
  io.maybe("last_admission", m.last_admission, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
}

template <class Io> void fields(Io& io, Ref<Io, ClassGroup> m) {
  io.number("people", 8, m.people, 0, 255);
  io.time("start", m.start);
  io.flag("planned", m.planned);
  io.flag("started", m.started);
}
template <class Io> void fields(Io& io, Ref<Io, ClassProgress> m) {
  io.number("party", 16, m.party, 0, 65535);
  io.film("film", m.film, true);
  io.number("people", 8, m.people, 0, 255);
  io.number("done", 8, m.done, 0, 255);
  io.list("groups", m.groups, kClassGroupsMax, [](Io& inner, Ref<Io, ClassGroup> each) { fields(inner, each); });
}

template <class Io> void fields(Io& io, Ref<Io, HallSummary> m) {
  io.id("epoch", kEpochBits, m.epoch, kAnyEpoch, false);
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.time("time", m.time);
  io.flag("stopped", m.stopped);
  io.flag("evacuate", m.evacuate);
  io.flag("admission_open", m.admission_open);
  io.flag("box_office_reachable", m.box_office_reachable);
  io.number("headsets", 16, m.headsets, 0, 65535);
  io.number("waiting", 16, m.waiting, 0, 65535);
  io.number("playing", 16, m.playing, 0, 65535);
  io.number("plays_today", 32, m.plays_today, 0, kAny32);
  io.number("near_misses_today", 32, m.near_misses_today, 0, kAny32);
  io.number("outbox", 16, m.outbox, 0, 65535);
  io.flag("paused", m.paused);
  io.flag("records_failing", m.records_failing);
  io.number("viewers", 16, m.viewers, 0, 65535);
  io.number("redeemed_today", 32, m.redeemed_today, 0, kAny32);
  io.number("completed_today", 32, m.completed_today, 0, kAny32);
  io.number("ended_early_today", 32, m.ended_early_today, 0, kAny32);
  io.number("contacts_today", 32, m.contacts_today, 0, kAny32);
  io.list("waits", m.waits, kMenuMax, [](Io& inner, Ref<Io, FilmWait> w) { fields(inner, w); });
  io.choice("evacuation_cause", m.evacuation_cause, tracking::Cause::fire);
  io.number("people", 16, m.people, 0, 65535);
  io.number("counted_out", 16, m.counted_out, 0, 65535);
  io.number("unsettled", 16, m.unsettled, 0, 65535);
  io.choice("fire_contact", m.fire_contact, ContactState::fault);
  io.choice("evacuate_button", m.evacuate_button, ContactState::fault);
  io.list("classes", m.classes, kClassesMax, [](Io& inner, Ref<Io, ClassProgress> each) { fields(inner, each); });
  io.maybe("closing", m.closing, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
  io.maybe("all_out", m.all_out, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
}

template <class Io> void fields(Io& io, Ref<Io, HeadsetCard> m) {
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.id("headset", 16, m.headset, 65535, false);
  io.id("body", 12, m.body, kBodyMost, true);
  io.choice("phase", m.phase, Phase::out_of_order);
  io.film("film", m.film, true);
  io.number("block", 8, m.block, 0, 255);
  io.number("blocks", 8, m.blocks, 0, 255);
  io.duration("remaining", 16, m.remaining, Duration{1'000'000}, false);
  io.point("position", m.position);
  io.angle("yaw_rad", m.yaw_rad);
  io.measure("error_m", m.error_m, kErrorScale, true);
  level_fields(io, m.level, m.cause);
  io.choice("tracking", m.tracking, TrackingQuality::lost);
  io.flag("connected", m.connected);
  io.flag("worn", m.worn);
  io.number("battery_percent", 7, m.battery_percent, 0, 100);
  io.number("loss_percent", 7, m.loss_percent, 0, 100);
  io.duration("age", 16, m.age, Duration{10'000}, true);
  io.duration("wait", 16, m.wait, Duration{1'000'000}, true);
  io.list("route_ahead", m.route_ahead, kWaypointsMax, [](Io& inner, Ref<Io, HallPoint> p) { inner.point("point", p); });
  io.flag("placed", m.placed);
  io.measure("radius_m", m.radius_m, kRadiusScale, true);
  io.number("scene", 8, m.scene, 0, 255);
  io.number("scenes", 8, m.scenes, 0, 255);
  io.choice("stage", m.stage, BlockStage::done);
  io.flag("seated", m.seated);
  io.number("party", 16, m.party, 0, 65535);
  io.flag("child", m.child);
  io.flag("staff_paused", m.staff_paused);
  io.flag("stopped", m.stopped);
  io.flag("panic", m.panic);
  io.flag("lost", m.lost);
  io.flag("leading_out", m.leading_out);
  io.flag("marks_wanted", m.marks_wanted);
  io.measure("residual_m", m.residual_m, kErrorScale, true);
  io.flag("charging", m.charging);
  io.signed_byte("temperature_c", m.temperature_c, "Celsius");
  io.counter("round_trip_ms", 12, m.round_trip_ms, "ms");
  io.number("frame_rate", 8, m.frame_rate, 0, 255);
  io.number("late_permille", 10, m.late_permille, 0, 1000);
  io.number("photon_ms", 8, m.photon_ms, 0, 255);
  io.duration("waited", 16, m.waited, Duration{1'000'000}, false);
  io.duration("late", 16, m.late, Duration{1'000'000}, false);
  io.number("reserved", 5, m.reserved, 0, kWaypointsMax);
  io.list("path_ahead", m.path_ahead, kWaypointsMax, [](Io& inner, Ref<Io, HallPoint> p) { inner.point("point", p); });
  io.number("path_reserved", 5, m.path_reserved, 0, kWaypointsMax);
  io.flag("battery_known", m.battery_known);
  io.flag("swapping", m.swapping);
  io.choice("drift", m.drift, tracking::CalibrationState::out_of_trust);
  io.choice("measured_by", m.measured_by, tracking::DriftMeasure::anchor);
  io.measure("offset_m", m.offset_m, kErrorScale, true);
  io.duration("measured_ago", 12, m.measured_ago, Duration{1'000'000}, true);
  io.number("age_years", 7, m.age_years, 0, 127);
  io.number("lifted", 16, m.lifted, 0, 65535);
  io.flag("escorted", m.escorted);
  io.flag("counted_out", m.counted_out);
  io.flag("interrupted", m.interrupted);
  io.choice("settlement", m.settlement, Settlement::refund);
  io.choice("waits_for", m.waits_for, WaitsFor::plan);
  io.id("waits_for_headset", 16, m.waits_for_headset, 65535, true);
  io.id("waits_for_body", 12, m.waits_for_body, kBodyMost, true);
  io.point("waits_at", m.waits_at);
  io.maybe("waits_until", m.waits_until, [](Io& inner, Ref<Io, HallTime> t) { inner.time("waits_until", t); });
  io.choice("latecomer", m.latecomer, Latecomer::led);
  io.number("joins_scene", 8, m.joins_scene, 0, 255);
  io.number("clock_error_us", 16, m.clock_error_us, 0, 65535);
}

template <class Io> void fields(Io& io, Ref<Io, ForecastPoint> m) {
  io.point("at", m.at);
  io.duration("after", 13, m.after, Duration{100'000}, false);
}

template <class Io> void fields(Io& io, Ref<Io, PlayForecast> m) {
  io.id("play", 64, m.play, kAny64, false);
  io.time("time", m.time);
  io.film("film", m.film, true);
  io.list("headsets", m.headsets, kForecastHeadsetsMax, [](Io& inner, Ref<Io, HeadsetId> h) { inner.id("headset", 16, h, 65535, false); });
  io.list("points", m.points, kForecastPointsMax, [](Io& inner, Ref<Io, ForecastPoint> p) { fields(inner, p); });
  io.flag("ends", m.ends);
}

template <class Io> void fields(Io& io, Ref<Io, BodyCard> m) {
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.id("body", 12, m.body, kBodyMost, false);
  io.choice("kind", m.kind, Relation::unknown_body);
  io.point("position", m.position);
  io.measure("radius_m", m.radius_m, kRadiusScale, true);
  io.duration("age", 16, m.age, Duration{10'000}, true);
  io.number("number", 16, m.number, 0, 65535);
  io.flag("tagged", m.tagged);
  io.id("beside", 16, m.beside, 65535, true);
  io.flag("counted_out", m.counted_out);
}

template <class Io> void fields(Io& io, Ref<Io, FilmCard> m) {
  io.film("film", m.film, false);
  io.text("title_zh", m.title_zh, kTitleMax);
  io.text("title_en", m.title_en, kTitleMax);
  io.flag("seated", m.seated);
  io.number("scenes", 8, m.scenes, 0, 255);
  io.duration("length", 16, m.length, Duration{1'000'000}, false);
}

template <class Io> void fields(Io& io, Ref<Io, StaffAlarm> m) {
  io.number("number", 32, m.number, 0, kAny32);
  io.time("time", m.time);
  io.id("headset", 16, m.headset, 65535, true);
  io.flag("placed", m.placed);
  io.point("at", m.at);
  io.text("code", m.code, kCodeMax);
  io.text("text", m.text, kTextMax);
  io.text("what_to_do", m.what_to_do, kTextMax);
  io.text("taken_by", m.taken_by, kStaffNameMax);
}

}  // namespace promenade::protocol
