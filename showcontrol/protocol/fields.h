#pragma once
// Every message's fields in wire order, written once for writer, reader and table (wire_io.h). Part of the codec;
// nothing else includes it. Adding a field: at the end of its message, and a golden file, and docs/protocol.md.

#include "showcontrol/protocol/wire_io.h"

namespace promenade::protocol {

template <class Io, class T>
using Ref = std::conditional_t<Io::kWrites, const T&, T&>;

inline constexpr std::size_t kSoftwareMax = 64, kLanguageMax = 15, kVenueTomlMax = 15000, kCodeMax = 48, kTextMax = 400,
                             kStaffNameMax = 32, kStaffKeyMax = 64, kTicketMax = 512, kTitleMax = 96;
inline constexpr std::uint64_t kAny32 = 0xffffffff, kAny64 = ~std::uint64_t{0};
inline constexpr std::uint64_t kAnyEpoch = (std::uint64_t{1} << kEpochBits) - 1;
inline constexpr std::uint64_t kBodyMost = 4095;
inline constexpr unsigned kNeighbourBits = 78, kPlannedBits = 48, kMenuEntryBits = 57;

// Pose samples (samples.cpp): the first whole, later ones as differences where they fit.
void sample_fields(WriteIo& io, const std::vector<PoseSample>& samples);
void sample_fields(ReadIo& io, std::vector<PoseSample>& samples);
void sample_fields(TableIo& io, std::vector<PoseSample>& samples);

template <class Io> void fields(Io& io, Ref<Io, Hello> m) {
  io.number("protocol_version", 8, m.protocol_version, 0, 255);
  io.id("headset", 16, m.headset, 65535, false);
  io.text("software", m.software, kSoftwareMax);
  io.id("last_epoch", kEpochBits, m.last_epoch, kAnyEpoch, true);
}

template <class Io> void fields(Io& io, Ref<Io, CalibrationState> m) {
  io.flag("known", m.known);
  io.number("revision", 8, m.revision, 0, 255);
  io.measure("error_m", m.error_m, kErrorScale, true);
  io.measure("residual_m", m.residual_m, kErrorScale, true);
  io.choice("drift", m.drift, tracking::CalibrationState::out_of_trust);
  io.choice("measured_by", m.measured_by, tracking::DriftMeasure::anchor);
  io.measure("offset_m", m.offset_m, kErrorScale, true);
  io.duration("measured_ago", 12, m.measured_ago, Duration{1'000'000}, true);
}

template <class Io> void fields(Io& io, Ref<Io, Progress> m) {
  io.id("play", 64, m.play, kAny64, true);
  io.number("block", 8, m.block, 0, 255);
  io.choice("stage", m.stage, BlockStage::done);
  io.duration("scene_time", 24, m.scene_time, kSceneTimeStep, false);
  io.flag("ready", m.ready);
}

template <class Io> void fields(Io& io, Ref<Io, FrameTiming> m) {
  io.number("frames", 16, m.frames, 0, 65535);
  io.number("late", 16, m.late, 0, 65535);
  io.number("dropped", 16, m.dropped, 0, 65535);
  io.number("photon_ms", 8, m.photon_ms, 0, 255);
}

template <class Io> void level_fields(Io& io, Ref<Io, tracking::Level> level, Ref<Io, tracking::Cause> cause) {
  io.choice("level", level, tracking::Level::evacuate);
  io.choice("cause", cause, tracking::Cause::fire);
}

template <class Io> void fields(Io& io, Ref<Io, HeadsetState> m) {
  io.id("headset", 16, m.headset, 65535, false);
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.id("epoch", kEpochBits, m.epoch, kAnyEpoch, true);
  io.number("last_state_sequence", 32, m.last_state_sequence, 0, kAny32);
  sample_fields(io, m.samples);
  fields(io, m.calibration);
  fields(io, m.progress);
  level_fields(io, m.level, m.cause);
  io.flag("worn", m.worn);
  io.flag("panic", m.panic);
  io.measure("standing_height_m", m.standing_height_m, kBodyHeightScale);
  io.number("battery_percent", 7, m.battery_percent, 0, 100);
  io.flag("charging", m.charging);
  io.signed_byte("temperature_c", m.temperature_c, "Celsius");
  io.number("loss_percent", 7, m.loss_percent, 0, 100);
  io.counter("round_trip_ms", 12, m.round_trip_ms, "ms");
  io.number("clock_error_us", 16, m.clock_error_us, 0, 65535);
  fields(io, m.timing);
  io.flag("battery_known", m.battery_known);
  io.list("troubles", m.troubles, kTroublesMax, [](Io& inner, Ref<Io, HeadsetTrouble> each) {
    inner.choice("what", each.what, Trouble::no_headset);
    inner.film("film", each.film, true);
  });
  io.list("chosen", m.chosen, kChoicesMax, [](Io& inner, Ref<Io, std::uint8_t> way) { inner.number("way", 2, way, 0, kWaysMax - 1); });
}

template <class Io> void fields(Io& io, Ref<Io, ClockRequest> m) {
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.time("sent", m.sent);
}

template <class Io> void fields(Io& io, Ref<Io, ChooseFilm> m) {
  io.number("request", 32, m.request, 0, kAny32);
  io.film("film", m.film, false);
  io.text("language", m.language, kLanguageMax);
}

template <class Io> void fields(Io& io, Ref<Io, RateFilm> m) {
  io.id("play", 64, m.play, kAny64, false);
  io.number("stars", 3, m.stars, 1, 5);
}

template <class Io> void fields(Io& io, Ref<Io, Welcome> m) {
  io.number("protocol_version", 8, m.protocol_version, 0, 255);
  io.id("epoch", kEpochBits, m.epoch, kAnyEpoch, false);
  io.text("venue_toml", m.venue_toml, kVenueTomlMax);
}

template <class Io> void fields(Io& io, Ref<Io, PlayOrder> m) {
  const auto each_point = [](Io& inner, Ref<Io, HallPoint> p) { inner.point("point", p); };
  const auto each_stop = [](Io& inner, Ref<Io, std::uint8_t> index) { inner.number("index", 4, index, 1, kWaypointsMax - 2); };
  io.id("play", 64, m.play, kAny64, false);
  io.film("film", m.film, false);
  io.text("language", m.language, kLanguageMax);
  io.hash("package_hash", m.package_hash);
  io.angle("placement.yaw", m.placement.yaw);
  io.measure("placement.shift.x", m.placement.shift.x, kShiftScale);
  io.measure("placement.shift.y", m.placement.shift.y, kShiftScale);
  io.measure("placement.rise", m.placement.rise, kRiseScale);
  io.flag("placement.mirrored", m.placement.mirrored);
  io.measure("scale", m.scale, kFilmScale);
  io.time("start", m.start);
  io.list("way_in", m.way_in, kWaypointsMax, each_point);
  io.list("way_in_stops", m.way_in_stops, kStopsMax, each_stop);
  io.list("way_out", m.way_out, kWaypointsMax, each_point);
  io.list("way_out_stops", m.way_out_stops, kStopsMax, each_stop);
  io.choice("run", m.run, PlayRun::ended);
  io.number("resume_block", 8, m.resume_block, 0, 255);
  io.choice("resume_stage", m.resume_stage, BlockStage::done);
  io.duration("resume_scene_time", 24, m.resume_scene_time, kSceneTimeStep, false);
}

void planned_fields(WriteIo& io, const Neighbour& m);
void planned_fields(ReadIo& io, Neighbour& m);
void planned_fields(TableIo& io, Neighbour& m);

template <class Io> void fields(Io& io, Ref<Io, Neighbour> m) {
  io.id("body", 12, m.body, kBodyMost, false);
  io.choice("relation", m.relation, Relation::placed_staff);
  io.point("position", m.position);
  io.measure("velocity.x", m.velocity.x, kSpeedScale);
  io.measure("velocity.y", m.velocity.y, kSpeedScale);
  io.measure("radius_m", m.radius_m, kRadiusScale, true);
  io.duration("age", 6, m.age, kAgeStep, true);
  planned_fields(io, m);
}

// Planned points lie around the present position, the later the coarser.
inline void planned_fields(WriteIo& io, const Neighbour& m) {
  if (!m.planned.empty() && m.planned.size() != kPlannedPoints) return io.fail("planned");
  const bool with = !m.planned.empty() && io.take.planned > 0;
  if (with) --io.take.planned;
  io.flag("planned", with);
  if (!with) return;
  const HallPoint base{kPositionScale.value(kPositionScale.raw(m.position.x)), kPositionScale.value(kPositionScale.raw(m.position.y))};
  for (std::size_t i = 0; i < kPlannedPoints; ++i) {
    io.measure("planned", m.planned[i].x - base.x, kPlannedScales[i]);
    io.measure("planned", m.planned[i].y - base.y, kPlannedScales[i]);
  }
}
inline void planned_fields(ReadIo& io, Neighbour& m) {
  bool with = false;
  io.flag("planned", with);
  if (!with) return;
  m.planned.clear();
  for (std::size_t i = 0; i < kPlannedPoints; ++i) {
    tracking::Vec<tracking::Hall> from;
    io.measure("planned", from.x, kPlannedScales[i]);
    io.measure("planned", from.y, kPlannedScales[i]);
    m.planned.push_back(m.position + from);
  }
}
inline void planned_fields(TableIo& io, Neighbour&) {
  io.row("planned (present)", "1", "", "0..1; when 1, three points from `position`, at +3, +6 and +10 s:");
  for (std::size_t i = 0; i < kPlannedPoints; ++i) {
    double value = 0.0;
    io.measure("planned.x", value, kPlannedScales[i]);
    io.measure("planned.y", value, kPlannedScales[i]);
  }
}

template <class Io> void fields(Io& io, Ref<Io, MenuEntry> m) {
  io.film("film", m.film, false);
  io.duration("wait", 16, m.wait, Duration{1'000'000}, true);
  io.flag("available", m.available);
}

template <class Io> void fields(Io& io, Ref<Io, HallState> m) {
  io.id("epoch", kEpochBits, m.epoch, kAnyEpoch, false);
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.time("time", m.time);
  io.id("headset", 16, m.headset, 65535, false);
  io.number("last_headset_sequence", 32, m.last_headset_sequence, 0, kAny32);
  io.choice("phase", m.phase, Phase::out_of_order);
  io.number("calibration_wanted", 8, m.calibration_wanted, 0, 255);
  io.maybe("play", m.play, [](Io& inner, Ref<Io, PlayOrder> order) { fields(inner, order); });
  io.signed_byte("authority.last_gate", m.authority.last_gate, "gate");
  io.time("authority.until", m.authority.until);
  io.maybe("told_start", m.told_start, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
  io.maybe("hold_until", m.hold_until, [](Io& inner, Ref<Io, HallTime> t) { inner.time("time", t); });
  level_fields(io, m.safety.level, m.safety.cause);
  io.angle("safety.away_rad", m.safety.away_rad);
  io.time("safety.expires", m.safety.expires);
  io.flag("safety.stay", m.safety.stay);
  io.flag("evacuate", m.evacuate);
  io.point("way_out_door", m.way_out_door);
  io.choice("way_out_name", m.way_out_name, DoorName::exit);
  io.list("way_out", m.way_out, kWaypointsMax, [](Io& inner, Ref<Io, HallPoint> p) { inner.point("point", p); });
  io.number("lifted", 16, m.lifted, 0, 65535);
  io.list_first("menu", m.menu, kMenuMax, io.take.menu, [](Io& inner, Ref<Io, MenuEntry> e) { fields(inner, e); });
  io.list_first("neighbours", m.neighbours, kNeighboursMax, io.take.neighbours,
                [](Io& inner, Ref<Io, Neighbour> n) { fields(inner, n); });
  io.maybe("own_place", m.own_place, [](Io& inner, Ref<Io, OwnPlace> place) {
    inner.measure("offset.x", place.offset.x, kShiftScale);
    inner.measure("offset.y", place.offset.y, kShiftScale);
    inner.number("enter_scene", 8, place.enter_scene, 0, 255);
    inner.duration("enter_scene_time", 24, place.enter_scene_time, kSceneTimeStep, false);
  });
  io.list("ways", m.ways, kChoicesMax, [](Io& inner, Ref<Io, WayOrder> w) {
    inner.number("way", 2, w.way, 0, kWaysMax - 1);
    inner.number("offered", 3, w.offered, 1, (1u << kWaysMax) - 1);
  });
}

template <class Io> void fields(Io& io, Ref<Io, ClockReply> m) {
  io.number("sequence", 32, m.sequence, 0, kAny32);
  io.time("sent", m.sent);
  io.time("received", m.received);
  io.time("replied", m.replied);
}

template <class Io> void fields(Io& io, Ref<Io, Refusal> m) {
  io.number("request", 32, m.request, 0, kAny32);
  io.text("code", m.code, kCodeMax);
  io.text("text", m.text, kTextMax);
}

}  // namespace promenade::protocol
