#include "showcontrol/hall/records.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace promenade::hall {

namespace {

using nlohmann::json;

json time_json(HallTime time) { return time.time_since_epoch().count(); }
HallTime time_from(const json& in) { return HallTime(base::Duration(in.get<std::int64_t>())); }
json point_json(HallPoint p) { return json::array({p.x, p.y}); }
HallPoint point_from(const json& in) { return {in.at(0).get<double>(), in.at(1).get<double>()}; }
base::Bytes bytes_of(const json& value) {
  const std::string text = value.dump();
  return {text.begin(), text.end()};
}

// Any text may come back from a disk: whatever is missing or mistyped gives nothing.
template <class T, class Read>
std::optional<T> read(base::ByteView record, Read from) {
  const json value = json::parse(record.begin(), record.end(), nullptr, false);
  if (!value.is_object()) return std::nullopt;
  try {
    return from(value);
  } catch (const std::exception&) {  // of the parser or of a reader: not a record of ours
    return std::nullopt;
  }
}

json path_json(const planning::Path& path) {
  json out = json::array();
  for (const HallPoint& p : path) out.push_back(point_json(p));
  return out;
}
planning::Path path_from(const json& in) {
  planning::Path path;
  for (const json& p : in) path.push_back(point_from(p));
  if (path.empty()) throw std::runtime_error("a path without a point");
  return path;
}
planning::Path points_of(const std::vector<HallVec>& offsets) {
  planning::Path points;
  for (const HallVec offset : offsets) points.push_back({offset.x, offset.y});
  return points;
}

Phase phase_from(const json& in) {
  const auto number = in.get<unsigned>();
  return number <= static_cast<unsigned>(Phase::out_of_order) ? static_cast<Phase>(number) : Phase::idle;
}

json walked_json(const Walked& w) { return {{"block", w.block}, {"stage", static_cast<unsigned>(w.stage)}, {"scene_us", w.scene_time.count()}, {"ready", w.ready}}; }
Walked walked_from(const json& in) {
  Walked w;
  w.block = in.at("block").get<std::uint8_t>();
  w.stage = static_cast<BlockStage>(std::min(in.at("stage").get<unsigned>(), 3U));
  w.scene_time = base::Duration(in.at("scene_us").get<std::int64_t>());
  w.ready = in.at("ready").get<bool>();
  return w;
}

json play_json(const Play& p) {
  return {{"id", p.id.value()},       {"code", p.code},           {"course", p.course.value()}, {"walked", walked_json(p.walked)},
          {"granted", p.granted},     {"started", p.started},     {"ended", p.ended},           {"completed", p.completed},
          {"out", p.out},             {"pauses", p.interruptions}, {"swaps", p.swaps},          {"shown_s", p.shown_s},
          {"worn_s", p.worn_s},       {"motion_m", p.motion_m},    {"place", p.place},         {"hand", p.hand.value()},
          {"enter_scene", p.enter_scene}, {"shift", p.shift},   {"joined_way", path_json(p.joined_way)}, {"joined_stops", p.joined_stops}};
}
Play play_from(const json& in) {
  Play p;
  p.id = PlayId(in.at("id").get<std::uint64_t>());
  p.code = in.at("code").get<std::string>();
  p.course = PlayId(in.at("course").get<std::uint64_t>());
  p.walked = walked_from(in.at("walked"));
  p.granted = in.at("granted").get<bool>();
  p.started = in.at("started").get<bool>();
  p.ended = in.at("ended").get<bool>();
  p.completed = in.at("completed").get<bool>();
  p.out = in.at("out").get<bool>();
  p.interruptions = in.at("pauses").get<int>();
  p.swaps = in.at("swaps").get<int>();
  p.shown_s = in.at("shown_s").get<double>();
  p.worn_s = in.at("worn_s").get<double>();
  p.motion_m = in.at("motion_m").get<double>();
  p.place = in.value("place", std::uint8_t{0});
  p.hand = ViewerId(in.value("hand", std::uint32_t{0}));
  p.enter_scene = in.value("enter_scene", std::uint8_t{0});
  p.shift = in.value("shift", 0);
  for (const json& at : in.value("joined_way", json::array())) p.joined_way.push_back(point_from(at));
  p.joined_stops = in.value("joined_stops", std::vector<std::uint8_t>{});
  return p;
}

json blocks_json(const std::vector<planning::Block>& list) {
  json blocks = json::array();
  for (const planning::Block& block : list) {
    blocks.push_back({{"path", path_json(block.path)}, {"stay_s", block.stay_s}, {"hold_max_s", block.hold_max_s}, {"scene", block.scene}});
    if (block.lanes.empty()) continue;
    json lanes = json::array();
    for (const planning::Path& lane : block.lanes) lanes.push_back(path_json(lane));
    blocks.back()["lanes"] = std::move(lanes);
    blocks.back()["length_m"] = block.length_m;
  }
  return blocks;
}
// Of a play with so many members.
std::vector<planning::Block> blocks_from(const json& in, int members) {
  std::vector<planning::Block> blocks;
  for (const json& one : in) {
    blocks.push_back(planning::make_block(path_from(one.at("path")), one.at("stay_s").get<double>(), one.at("hold_max_s").get<double>(), one.at("scene").get<int>()));
    if (!one.contains("lanes")) continue;
    planning::Block& block = blocks.back();
    for (const json& lane : one.at("lanes")) block.lanes.push_back(path_from(lane));
    if (block.lanes.size() != static_cast<std::size_t>(members)) throw std::runtime_error("not a lane for each member");
    planning::fit_to_lanes(block);
    block.length_m = std::max(block.length_m, one.at("length_m").get<double>());
  }
  return blocks;
}

json plan_json(const planning::PlayPlan& plan) {
  json out{{"play", plan.play.value()}, {"joins", plan.joins.value()}, {"joins_block", plan.joins_block}, {"film", plan.film.value()}, {"yaw", plan.placement.yaw}, {"shift", json::array({plan.placement.shift.x, plan.placement.shift.y})},
          {"rise", plan.placement.rise}, {"mirrored", plan.placement.mirrored}, {"scale", plan.scale}, {"members", plan.members}, {"offsets", path_json(points_of(plan.offsets))}, {"seated", plan.seated},
          {"speed_mps", plan.speed_mps}, {"hold_total_max_s", plan.hold_total_max_s}, {"setting_off_s", plan.setting_off_s}, {"blocks", blocks_json(plan.blocks)}, {"enter_s", plan.enter_s}, {"end_s", plan.end_s}};
  for (const planning::Branch& branch : plan.branches) {
    out["branches"].push_back({{"after", branch.after}, {"way", branch.option}, {"blocks", blocks_json(branch.blocks)}, {"enter_s", branch.enter_s}, {"end_s", branch.end_s}});
  }
  return out;
}
planning::PlayPlan plan_from(const json& in) {
  planning::PlayPlan plan;
  plan.play = PlayId(in.at("play").get<std::uint64_t>());
  plan.joins = PlayId(in.value("joins", std::uint64_t{0}));
  plan.joins_block = in.value("joins_block", std::size_t{0});
  plan.film = base::FilmId(in.at("film").get<std::string>());
  plan.placement.yaw = in.at("yaw").get<double>();
  plan.placement.shift = {in.at("shift").at(0).get<double>(), in.at("shift").at(1).get<double>()};
  plan.placement.rise = in.at("rise").get<double>();
  plan.placement.mirrored = in.at("mirrored").get<bool>();
  plan.scale = in.at("scale").get<double>();
  plan.members = in.at("members").get<int>();
  for (const json& p : in.value("offsets", json::array())) plan.offsets.push_back({point_from(p).x, point_from(p).y});
  plan.seated = in.at("seated").get<bool>();
  plan.speed_mps = in.at("speed_mps").get<double>();
  plan.hold_total_max_s = in.value("hold_total_max_s", 0.0);  // unknown: none is left
  plan.setting_off_s = in.at("setting_off_s").get<double>();
  plan.blocks = blocks_from(in.at("blocks"), plan.members);
  for (const json& one : in.value("branches", json::array())) {
    plan.branches.push_back({one.at("after").get<std::size_t>(), one.at("way").get<std::uint8_t>(), blocks_from(one.at("blocks"), plan.members), one.at("enter_s").get<std::vector<double>>(), one.at("end_s").get<double>()});
    const planning::Branch& branch = plan.branches.back();
    if (branch.blocks.empty() || branch.enter_s.size() != branch.blocks.size()) throw std::runtime_error("a branch without a gate for each block");
  }
  plan.enter_s = in.at("enter_s").get<std::vector<double>>();
  plan.end_s = in.at("end_s").get<double>();
  return plan;
}

json saved_json(const planning::SavedPlay& saved) {
  json waits = json::array();
  for (const auto& block : saved.waits) {
    json list = json::array();
    for (const planning::OrderWait& wait : block) list.push_back(json::array({wait.play.value(), wait.block, wait.clear_m, wait.to_place}));
    waits.push_back(std::move(list));
  }
  json out{{"position_m", saved.at.position_m}, {"ready_s", saved.at.ready_s}, {"waits", std::move(waits)}, {"overtaken", saved.overtaken}, {"passed", saved.passed}};
  if (saved.at.block) out["block"] = *saved.at.block;
  if (saved.at.granted) out["granted"] = *saved.at.granted;
  return out;
}
planning::SavedPlay saved_from(const json& in, const planning::PlayPlan& plan) {
  planning::SavedPlay saved;
  saved.plan = plan;
  saved.at.position_m = in.at("position_m").get<double>();
  saved.overtaken = in.at("overtaken").get<int>();
  saved.passed = in.value("passed", 0);  // records of an earlier version have none
  saved.at.ready_s = in.at("ready_s").get<double>();
  if (in.contains("block")) saved.at.block = in.at("block").get<std::size_t>();
  if (in.contains("granted")) saved.at.granted = in.at("granted").get<std::size_t>();
  for (const json& list : in.at("waits")) {
    std::vector<planning::OrderWait> waits;
    for (const json& one : list) {
      waits.push_back({PlayId(one.at(0).get<std::uint64_t>()), one.at(1).get<std::size_t>(), one.at(2).get<double>(), one.at(3).get<bool>()});
    }
    saved.waits.push_back(std::move(waits));
  }
  return saved;
}

}  // namespace

base::Bytes to_record(const Visit& v) {
  json allowed = json::array();
  for (const base::FilmId& film : v.allowed) allowed.push_back(film.value());
  json out{{"viewer", v.viewer.value()}, {"headset", v.headset.value()}, {"body", v.body.value()}, {"phase", static_cast<unsigned>(v.phase)},
           {"arrived", time_json(v.arrived)}, {"arrived_utc_ms", v.arrived_utc_ms}, {"token", v.token}, {"redemption_key", v.redemption_key},
           {"ticket", v.ticket.value()}, {"redemption", v.redemption}, {"allowed", std::move(allowed)}, {"party", v.party}, {"wants_hand", v.wants_hand.value()}, {"height_m", v.height_m},
           {"child", v.child}, {"film", v.film.value()}, {"language", v.language}, {"staff_paused", v.staff_paused}, {"stopped", v.stopped},
           {"stop_cause", static_cast<unsigned>(v.stop_cause)}, {"panic", v.panic}, {"leading_out", v.leading_out}, {"unopened", v.unopened_gate},
           {"head_known", v.head_known}, {"head", point_json(v.last_head)}, {"age_years", v.age_years}, {"interrupted", v.interrupted},
           {"settlement", static_cast<unsigned>(v.settlement)}, {"counted_out", v.counted_out},
           {"came_in_again", v.came_in_again}};
  if (v.chosen) out["chosen"] = time_json(*v.chosen);
  if (v.first_told) out["first_told"] = time_json(*v.first_told);
  if (v.swap_until) out["swap_until"] = time_json(*v.swap_until);
  if (v.play) out["play"] = play_json(*v.play);
  return bytes_of(out);
}

std::optional<Visit> visit_from(base::ByteView record) {
  return read<Visit>(record, [](const json& in) {
    Visit v;
    v.viewer = ViewerId(in.at("viewer").get<std::uint32_t>());
    v.headset = HeadsetId(in.at("headset").get<std::uint16_t>());
    v.body = BodyId(in.at("body").get<std::uint32_t>());
    v.phase = phase_from(in.at("phase"));
    v.arrived = time_from(in.at("arrived"));
    v.arrived_utc_ms = in.at("arrived_utc_ms").get<std::int64_t>();
    v.token = in.at("token").get<std::string>();
    v.redemption_key = in.at("redemption_key").get<std::string>();
    v.ticket = base::TicketId(in.at("ticket").get<std::string>());
    v.redemption = in.at("redemption").get<std::string>();
    for (const json& film : in.at("allowed")) v.allowed.emplace_back(film.get<std::string>());
    v.party = in.at("party").get<std::uint16_t>();
    v.wants_hand = ViewerId(in.value("wants_hand", std::uint32_t{0}));
    v.height_m = in.at("height_m").get<double>();
    v.child = in.at("child").get<bool>();
    v.film = base::FilmId(in.at("film").get<std::string>());
    v.language = in.at("language").get<std::string>();
    v.staff_paused = in.at("staff_paused").get<bool>();
    v.stopped = in.at("stopped").get<bool>();
    v.stop_cause = static_cast<tracking::Cause>(std::min(in.at("stop_cause").get<unsigned>(), static_cast<unsigned>(tracking::Cause::fire)));
    v.panic = in.at("panic").get<bool>();
    v.leading_out = in.at("leading_out").get<bool>();
    v.unopened_gate = in.at("unopened").get<bool>();
    v.head_known = in.at("head_known").get<bool>();
    v.last_head = point_from(in.at("head"));
    v.age_years = in.value("age_years", std::uint8_t{0});
    v.interrupted = in.value("interrupted", false);
    v.settlement = static_cast<protocol::Settlement>(std::min(in.value("settlement", 0U), static_cast<unsigned>(protocol::Settlement::refund)));
    v.counted_out = in.value("counted_out", false);
    v.came_in_again = in.value("came_in_again", 0);
    if (in.contains("chosen")) v.chosen = time_from(in.at("chosen"));
    if (in.contains("first_told")) v.first_told = time_from(in.at("first_told"));
    if (in.contains("swap_until")) v.swap_until = time_from(in.at("swap_until"));
    if (in.contains("play")) v.play = play_from(in.at("play"));
    return v;
  });
}

base::Bytes to_record(const Course& c, const planning::SavedPlay* saved) {
  json members = json::array();
  for (const ViewerId id : c.members) members.push_back(id.value());
  json out{{"id", c.id.value()}, {"film", c.film.value()}, {"plan", plan_json(c.plan)}, {"members", std::move(members)}, {"granted_gate", c.granted_gate},
           {"closed", c.closed}, {"committed", time_json(c.committed)}};
  if (c.seat != Course::kNoSeat) out["seat"] = c.seat;
  for (const ViewerId id : c.awaited) out["awaited"].push_back(id.value());
  if (c.choice) out["choice"] = *c.choice;
  if (saved != nullptr) out["held"] = saved_json(*saved);
  return bytes_of(out);
}

std::optional<CourseRecord> course_from(base::ByteView record) {
  return read<CourseRecord>(record, [](const json& in) {
    CourseRecord r;
    r.course.id = PlayId(in.at("id").get<std::uint64_t>());
    r.course.film = base::FilmId(in.at("film").get<std::string>());
    r.course.plan = plan_from(in.at("plan"));
    for (const json& id : in.at("members")) r.course.members.emplace_back(id.get<std::uint32_t>());
    for (const json& id : in.value("awaited", json::array())) r.course.awaited.emplace_back(id.get<std::uint32_t>());
    r.course.granted_gate = in.at("granted_gate").get<int>();
    r.course.closed = in.at("closed").get<bool>();
    r.course.committed = time_from(in.at("committed"));
    if (in.contains("seat")) r.course.seat = in.at("seat").get<std::size_t>();
    if (in.contains("choice")) r.course.choice = in.at("choice").get<std::uint8_t>();
    if (in.contains("held")) r.saved = saved_from(in.at("held"), r.course.plan);
    return r;
  });
}

base::Bytes to_record(const SchoolClass& c) {
  json groups = json::array();
  for (const SchoolClass::Group& group : c.groups) {
    groups.push_back({{"course", group.course.value()}, {"people", group.people}, {"start", time_json(group.start)}, {"started", group.started}});
  }
  return bytes_of({{"film", c.film.value()}, {"people", c.people}, {"done", c.done}, {"groups", std::move(groups)}});
}

std::optional<SchoolClass> class_from(base::ByteView record) {
  return read<SchoolClass>(record, [](const json& in) {
    SchoolClass c;
    c.film = base::FilmId(in.at("film").get<std::string>());
    c.people = in.at("people").get<std::uint8_t>();
    c.done = in.at("done").get<std::uint8_t>();
    for (const json& one : in.at("groups")) {
      c.groups.push_back({PlayId(one.at("course").get<std::uint64_t>()), one.at("people").get<std::uint8_t>(), time_from(one.at("start")), one.at("started").get<bool>()});
    }
    return c;
  });
}

base::Bytes to_record(const OtherBody& b) {
  json out{{"id", b.id.value()}, {"staff", b.staff}, {"at", point_json(b.at)}, {"heard", time_json(b.heard)}, {"counted_out", b.counted_out}};
  if (!b.beside.is_none()) out["beside"] = b.beside.value();
  if (b.tag) out["tag"] = *b.tag;
  if (b.number) out["number"] = *b.number;
  return bytes_of(out);
}

std::optional<OtherBody> body_from(base::ByteView record) {
  return read<OtherBody>(record, [](const json& in) {
    OtherBody b;
    b.id = BodyId(in.at("id").get<std::uint32_t>());
    b.staff = in.at("staff").get<bool>();
    b.at = point_from(in.at("at"));
    b.heard = time_from(in.at("heard"));
    b.counted_out = in.value("counted_out", false);
    b.beside = HeadsetId(in.value("beside", std::uint16_t{0}));
    if (in.contains("tag")) b.tag = in.at("tag").get<std::uint16_t>();
    if (in.contains("number")) b.number = in.at("number").get<std::uint16_t>();
    return b;
  });
}

base::Bytes to_record(const Mode& m) {
  return bytes_of({{"closing", m.closing ? time_json(*m.closing) : json()}, {"stopped", m.stopped}, {"evacuate", m.evacuate}, {"admission_open", m.admission_open}, {"next_viewer", m.next_viewer}, {"next_play", m.next_play},
                   {"next_body", m.next_body}, {"plays_today", m.plays_today}, {"near_misses_today", m.near_misses_today}, {"day", m.day},
                   {"paused", m.paused}, {"redeemed_today", m.redeemed_today}, {"completed_today", m.completed_today}, {"ended_early_today", m.ended_early_today}, {"contacts_today", m.contacts_today},
                   {"evacuation_cause", static_cast<unsigned>(m.evacuation_cause)}, {"evacuation_utc_ms", m.evacuation_utc_ms}, {"evacuation_gone", m.evacuation_gone}});
}

std::optional<Mode> mode_from(base::ByteView record) {
  return read<Mode>(record, [](const json& in) {
    Mode m;
    m.stopped = in.at("stopped").get<bool>();
    m.evacuate = in.at("evacuate").get<bool>();
    m.admission_open = in.at("admission_open").get<bool>();
    m.next_viewer = in.at("next_viewer").get<std::uint32_t>();
    m.next_play = in.at("next_play").get<std::uint64_t>();
    m.next_body = in.at("next_body").get<std::uint32_t>();
    m.plays_today = in.at("plays_today").get<std::uint32_t>();
    m.near_misses_today = in.at("near_misses_today").get<std::uint32_t>();
    m.day = in.at("day").get<std::int64_t>();
    m.paused = in.value("paused", false);
    m.redeemed_today = in.value("redeemed_today", std::uint32_t{0});
    m.completed_today = in.value("completed_today", std::uint32_t{0});
    m.ended_early_today = in.value("ended_early_today", std::uint32_t{0});
    m.contacts_today = in.value("contacts_today", std::uint32_t{0});
    m.evacuation_cause = static_cast<tracking::Cause>(std::min(in.value("evacuation_cause", 0U), static_cast<unsigned>(tracking::Cause::fire)));
    m.evacuation_utc_ms = in.value("evacuation_utc_ms", std::int64_t{0});
    m.evacuation_gone = in.value("evacuation_gone", std::uint32_t{0});
    if (in.contains("closing") && !in.at("closing").is_null()) m.closing = time_from(in.at("closing"));
    return m;
  });
}

base::Bytes to_record(const ShelfRecord& s) {
  return bytes_of({{"phase", static_cast<unsigned>(s.phase)}, {"visit", s.visit.value()}, {"wanted", s.wanted_revision}});
}

std::optional<ShelfRecord> shelf_from(base::ByteView record) {
  return read<ShelfRecord>(record, [](const json& in) {
    ShelfRecord s;
    s.phase = phase_from(in.at("phase"));
    s.visit = ViewerId(in.at("visit").get<std::uint32_t>());
    s.wanted_revision = in.at("wanted").get<std::uint8_t>();
    return s;
  });
}

}  // namespace promenade::hall
