#include "showcontrol/server/near_misses.h"

#include <algorithm>
#include <print>

namespace promenade::server {

namespace store = ticketing::store;

namespace {

std::string hex_of(const base::Hash& hash) { return hash == base::Hash{} ? std::string() : base::to_hex(hash); }

store::NearMissPerson person_of(const hall::NearMissSide& side, base::HallTime nearest) {
  store::NearMissPerson one;
  one.kind = std::string(tracking::to_string(side.kind));
  one.headset = side.headset.value();
  one.play = side.play_code;
  one.film = side.film.film.value();
  one.package = hex_of(side.film.package_hash);
  one.part = std::string(hall::to_string(side.film.part));
  one.scene = side.film.scene;
  one.scene_name = side.film.scene_name;
  one.scene_s = side.film.scene_s;
  one.level = std::string(tracking::to_string(side.level));
  one.cause = std::string(tracking::to_string(side.cause));
  one.warned_s = side.warned_s;
  one.tracked = side.tracked;
  one.x_m = side.at.x;
  one.y_m = side.at.y;
  if (side.film.at) {
    one.film_x_m = side.film.at->x;
    one.film_y_m = side.film.at->y;
  }
  for (const tracking::TrackPoint& point : side.track) {
    const auto apart = std::chrono::duration_cast<std::chrono::milliseconds>(point.time - nearest);
    one.track.push_back({static_cast<std::int32_t>(apart.count()), point.at.x, point.at.y});
  }
  return one;
}

}  // namespace

std::int64_t milliseconds(base::UtcTime at) { return at.time_since_epoch().count(); }

store::NearMissRecord record_of(const hall::NearMissKept& kept) {
  store::NearMissRecord record{
      0, std::string(tracking::to_string(kept.kind)), milliseconds(kept.begin), milliseconds(kept.nearest), milliseconds(kept.end),
      kept.nearest_m, {}};
  for (const hall::NearMissSide& side : kept.sides) record.people.push_back(person_of(side, kept.nearest_time));
  return record;
}

std::vector<store::ViewerTimeRow> rows_of(const hall::ViewerTime& time) {
  std::vector<store::ViewerTimeRow> rows;
  for (const hall::ViewerTime::Part& part : time.parts) {
    rows.push_back({part.film.value(), hex_of(part.package_hash), std::string(hall::to_string(part.part)), part.scene, part.scene_name, part.seconds});
  }
  return rows;
}

NearMissWorker::NearMissWorker(std::string path, const store::FileOptions& options)
    : path_(std::move(path)), options_(options), thread_([this](std::stop_token stop) { run(stop); }) {}

NearMissWorker::~NearMissWorker() {
  thread_.request_stop();
  thread_.join();
  while (const auto job = jobs_.try_pop()) write(**job);
}

void NearMissWorker::keep(Job job) {
  const bool near_miss = std::holds_alternative<hall::NearMissKept>(job);
  if (!jobs_.push(std::make_unique<const Job>(std::move(job))) && near_miss) ++lost_;
}

base::Result<void> NearMissWorker::open_log() {
  if (log_) return {};
  auto opened = store::NearMissLog::open(path_, {}, options_);
  if (!opened) return std::unexpected(opened.error());
  log_ = std::move(*opened);
  return {};
}

base::Result<void> NearMissWorker::try_write(const Job& job) {
  if (auto opened = open_log(); !opened) return opened;
  if (const auto* kept = std::get_if<hall::NearMissKept>(&job)) return log_->keep(record_of(*kept));
  const auto& time = std::get<hall::ViewerTime>(job);
  return log_->add_time(milliseconds(time.until), rows_of(time));
}

void NearMissWorker::write(const Job& job) {
  const bool near_miss = std::holds_alternative<hall::NearMissKept>(job);
  const auto written = try_write(job);
  if (written) {
    told_ = false;
    if (near_miss) ++kept_;
    return;
  }
  tell(written.error());
  if (near_miss) ++lost_;
}

void NearMissWorker::tell(const base::Error& error) {
  if (!told_) std::println(stderr, "promenade-hall: near misses are not kept: {}", error.text());
  told_ = true;
}

// A report finds the file from the first moment on, and who starts the hall is told at once what is wrong with it.
void NearMissWorker::run(std::stop_token stop) {
  if (const auto opened = open_log(); !opened) tell(opened.error());
  while (const auto job = jobs_.pop(stop)) write(**job);
}

}  // namespace promenade::server
