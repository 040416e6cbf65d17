// What is kept of contacts and near misses: who was where in which film when two came nearest, and the time that
// viewers spend in each part of each film. Taken down after levels have been told, and bounded: it delays none.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

using tracking::EpisodeKind;

namespace {

constexpr double kPairWatch_m = 1.5;
constexpr base::Duration kViewerTimeEvery{60'000'000};
constexpr std::array kPairKinds{EpisodeKind::contact, EpisodeKind::near_miss};
constexpr std::array kWallKinds{EpisodeKind::wall_contact, EpisodeKind::wall_near_miss};

struct Part {
  FilmPart part = FilmPart::none;
  int scene = -1;
};

// The way to a scene is the leg that leaves the scene before it; the way to the first one is the way in.
Part part_of(const Course& course, const Walked& walked) {
  const std::size_t at = std::min<std::size_t>(walked.block, course.blocks() - 1);
  const planning::Block& block = course.plan.blocks[at];
  if (walked.stage == BlockStage::before || at < course.first_scene()) return {FilmPart::way_in, -1};
  if (at >= course.scenes()) return {FilmPart::way_out, -1};
  if (walked.stage != BlockStage::walking) return {FilmPart::scene, block.scene};
  return at == course.first_scene() ? Part{FilmPart::way_in, -1} : Part{FilmPart::leg, course.plan.blocks[at - 1].scene};
}

std::string scene_name(const Film& film, int scene) {
  if (scene < 0 || !film.manifest.route) return {};
  const auto& scenes = film.manifest.route->scenes;
  return static_cast<std::size_t>(scene) < scenes.size() ? scenes[static_cast<std::size_t>(scene)].name : std::string();
}

bool is_contact(EpisodeKind kind) { return kind == EpisodeKind::contact || kind == EpisodeKind::wall_contact; }

std::string_view words(FilmPart part) {
  switch (part) {
    case FilmPart::way_in: return "on the way in";
    case FilmPart::scene: return "in scene";
    case FilmPart::leg: return "on the way on from scene";
    case FilmPart::way_out: return "on the way out";
    case FilmPart::none: break;
  }
  return "";
}

std::string place_in_film(const FilmMoment& film) {
  if (film.film.is_none()) return {};
  std::string text = base::formatted(" in film {}", film.film.value());
  if (film.part != FilmPart::none) text += base::formatted(" {}", words(film.part));
  if (film.scene >= 0) text += base::formatted(" {}", film.scene + 1);
  return text;
}

}  // namespace

std::string_view to_string(FilmPart part) {
  switch (part) {
    case FilmPart::none: return "none";
    case FilmPart::way_in: return "way_in";
    case FilmPart::scene: return "scene";
    case FilmPart::leg: return "leg";
    case FilmPart::way_out: return "way_out";
  }
  return "none";
}

FilmMoment Hall::State::film_moment(const Visit& visit, HallPoint at) const {
  FilmMoment moment;
  const Course* course = course_of(visit);
  if (course == nullptr) return moment;
  const Walked& walked = visit.play->walked;
  const Part part = part_of(*course, walked);
  moment.film = course->film;
  moment.part = part.part;
  moment.scene = part.scene;
  if (course->shown != nullptr) {
    moment.package_hash = course->shown->package_hash;
    moment.scene_name = scene_name(*course->shown, part.scene);
  }
  if (part.part == FilmPart::scene) {
    moment.scene_s = base::to_seconds(walked.scene_time);
  } else if (part.part == FilmPart::leg) {
    const planning::Block& block = course->plan.blocks[walked.block];
    moment.scene_s = course->plan.blocks[walked.block - 1U].stay_s + nearest_on_path(block.lane(visit.play->place), at).along_m / course->plan.speed_mps;
  }
  if (course->seat == Course::kNoSeat) {
    const auto laid = tracking::inverse(course->plan.placement) * at;
    moment.at = tracking::Point<tracking::Film>{laid.x / course->plan.scale, laid.y / course->plan.scale};
  }
  return moment;
}

NearMissSide Hall::State::side_of(const tracking::Body& body) const {
  NearMissSide side;
  side.body = body.id;
  side.kind = body.kind;
  side.headset = body.headset.value_or(HeadsetId{});
  side.at = body.position;
  const Visit* visit = viewer_body(body.id);
  if (visit == nullptr) return side;
  side.headset = visit->headset;
  side.level = visit->ordered.level;
  side.cause = visit->ordered.cause;
  if (visit->ordered.level > tracking::Level::clear) side.warned_s = base::to_seconds(now - visit->warned_since);
  if (visit->play) side.play_code = visit->play->code;
  side.film = film_moment(*visit, body.position);
  const auto headset = headsets.find(visit->headset);
  if (headset != headsets.end()) {
    const tracking::CalibrationState known = headset->second.calibration();
    side.tracked = known != tracking::CalibrationState::none && known != tracking::CalibrationState::out_of_trust &&
                   headset->second.tracking_lost_s(now) == 0.0;
  }
  return side;
}

// What is nearest counts; the level is that of the beginning.
void Hall::State::keep_moment(EpisodeKind kind, const tracking::EpisodeNews& news, const tracking::Body& one, const tracking::Body* other) {
  if (!news.nearer(kind)) return;
  const bool swapped = other != nullptr && other->id < one.id;
  const BodyId first = swapped ? other->id : one.id;
  const BodyId second = other == nullptr ? BodyId{} : swapped ? one.id : other->id;
  std::vector<NearMissSide> sides;
  sides.push_back(side_of(swapped ? *other : one));
  if (other != nullptr) sides.push_back(side_of(swapped ? one : *other));
  std::vector<NearMissSide>& kept = near_miss_sides[{first, second, kind}];
  for (std::size_t i = 0; !news.begun(kind) && i < std::min(kept.size(), sides.size()); ++i) {
    sides[i].level = kept[i].level;
    sides[i].cause = kept[i].cause;
    sides[i].warned_s = kept[i].warned_s;
  }
  kept = std::move(sides);
  if (news.begun(kind) && is_contact(kind)) call_to_contact(kind, kept.front(), one.position);
}

// At once: they may stand there for long before the episode is over.
void Hall::State::call_to_contact(EpisodeKind kind, const NearMissSide& who, HallPoint at) {
  const Visit* visit = viewer_body(who.body);
  const bool pair = kind == EpisodeKind::contact;
  note(NoteKind::alarm, who.headset, visit != nullptr && visit->play ? visit->play->id : PlayId{},
       base::formatted("{} at {:.1f}, {:.1f} m{}.", pair ? "Two viewers have touched" : "A viewer has touched a wall or column", at.x, at.y, place_in_film(who.film)),
       pair ? "Go there; ask both whether they are hurt." : "Go there; ask whether he is hurt.", std::string(tracking::to_string(kind)));
}

void Hall::State::watch_near_misses(const Visit& visit, const tracking::Body& body, std::span<const tracking::Neighbour> near) {
  if (!under_way(visit.phase)) return;
  if (body.zone != tracking::Zone::chair) {
    const tracking::EpisodeNews news = near_misses.wall(now, body.id, body.position, config.venue.clearance_m(body.position));
    if (news.any()) {
      for (const EpisodeKind kind : kWallKinds) keep_moment(kind, news, body, nullptr);
    }
  }
  for (const tracking::Neighbour& one : near) {
    const tracking::Body& other = *one.body;
    if (!other.reports || tracking::distance(other.position, body.position) > kPairWatch_m || other.hand_pair == body.id) continue;
    // Whoever sees comes so near on purpose: he helps, releases, takes the headset back. Where an attendant is, his
    // tag tells too coarsely (0.3 m) to say that two touched.
    if (tracking::sees_hall(other.kind)) continue;
    const bool group = !body.group.is_none() && other.group == body.group;
    const tracking::EpisodeNews news = near_misses.pair(now, body.id, body.position, other.id, other.position, !group);
    if (!news.any()) continue;
    for (const EpisodeKind kind : kPairKinds) keep_moment(kind, news, body, &other);
  }
}

void Hall::State::take_episodes() {
  counts.near_misses = near_misses.begun(EpisodeKind::near_miss);
  counts.contacts = near_misses.begun(EpisodeKind::contact);
  counts.wall_near_misses = near_misses.begun(EpisodeKind::wall_near_miss);
  counts.wall_contacts = near_misses.begun(EpisodeKind::wall_contact);
  for (tracking::Episode& episode : near_misses.take_closed()) {
    NearMissKept kept{episode.kind, utc(episode.begin), utc(episode.nearest_time), utc(episode.end), episode.nearest_time, episode.nearest_m, {}};
    if (const auto sides = near_miss_sides.find({episode.first, episode.second, episode.kind}); sides != near_miss_sides.end()) {
      kept.sides = std::move(sides->second);
      near_miss_sides.erase(sides);
    }
    if (!kept.sides.empty()) kept.sides.front().track = std::move(episode.first_track);
    if (kept.sides.size() > 1) kept.sides.back().track = std::move(episode.second_track);
    ++mode.near_misses_today;
    if (is_contact(episode.kind)) ++mode.contacts_today;
    const auto told = std::ranges::find_if(kept.sides, [](const NearMissSide& side) { return !side.film.film.is_none(); });
    const NearMissSide who = told != kept.sides.end() ? *told : kept.sides.empty() ? NearMissSide{} : kept.sides.front();
    const bool contact = is_contact(episode.kind);
    const Visit* visit = viewer_body(who.body);
    note(contact ? NoteKind::contact : NoteKind::near_miss, who.headset, visit != nullptr && visit->play ? visit->play->id : PlayId{},
         base::formatted("{} at {:.1f}, {:.1f} m{}: {:.2f} m for {:.1f} s.", tracking::to_string(episode.kind),
                         episode.nearest_place.x, episode.nearest_place.y, place_in_film(who.film), episode.nearest_m,
                         base::to_seconds(episode.end - episode.begin)));
    if (!kept.sides.empty()) out->push_back(std::move(kept));
  }
  // An episode that the detector had to drop for want of room leaves no sides behind.
  if (near_misses.open_count() == 0) near_miss_sides.clear();
}

// ---------------------------------------------------------------- viewer time

void Hall::State::count_viewer_time(const Visit& visit, double seconds) {
  const Course* course = course_of(visit);
  if (course == nullptr) {
    viewer_time[TimeKey{}] += seconds;
    return;
  }
  const Part part = part_of(*course, visit.play->walked);
  viewer_time[TimeKey{course->shown, part.part, part.scene}] += seconds;
}

void Hall::State::tell_viewer_time() {
  if (now < next_viewer_time) return;
  next_viewer_time = now + kViewerTimeEvery;
  ViewerTime told{utc(), {}};
  for (const auto& [key, seconds] : viewer_time) {
    if (seconds <= 0.0) continue;
    ViewerTime::Part part{{}, {}, key.part, key.scene, {}, seconds};
    if (key.film != nullptr) {
      part.film = key.film->manifest.film;
      part.package_hash = key.film->package_hash;
      part.scene_name = scene_name(*key.film, key.scene);
    }
    told.parts.push_back(std::move(part));
  }
  viewer_time.clear();
  if (!told.parts.empty()) out->push_back(std::move(told));
}

}  // namespace promenade::hall
