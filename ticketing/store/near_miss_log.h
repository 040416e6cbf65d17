#pragma once
// The hall's near misses on disk: contacts and near misses with both people's tracks, and the time that viewers spent
// in each part of each film, against which they are counted. A SQLite file of its own beside the hall's journal, with
// the same durability, so that nothing about it can hold up the journal; it may be copied and sent.
//
// Plain values: words (kinds, parts, levels, causes) are those of the hall. Times in milliseconds UTC, metres, seconds.
// Kept for a number of days and up to a number of records; the oldest go first. A later version may add columns and
// tables and raises user_version: this one then reads what it knows and refuses to write.
// Not thread-safe; one owner. Errors: "near-misses-in-use", "near-misses-unreadable", "near-misses-not-durable",
// "near-misses-write-failed", "disk-full"; a failed call leaves the file as it was.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ticketing/store/ledger.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::store {

inline constexpr const char* kNearMissFile = "near-misses.sqlite";  // in the hall's data folder

struct TrackSample {
  std::int32_t at_ms = 0;   // from the nearest moment; before it: negative
  double x_m = 0.0, y_m = 0.0;  // on the hall's floor; kept to the millimetre
  friend bool operator==(const TrackSample&, const TrackSample&) = default;
};

struct NearMissPerson {
  std::string kind;          // "viewer", ...
  int headset = 0;           // 0: none
  std::string play;          // code; empty: no play
  std::string film;          // empty: no film
  std::string package;       // hash of this cut in hex; empty where the film is not known any more
  std::string part;          // "none", "way_in", "scene", "leg", "way_out"
  int scene = -1;            // from 0
  std::string scene_name;
  double scene_s = 0.0;
  std::string level, cause;  // when it began
  double warned_s = 0.0;     // at warn or above for so long when it began
  bool tracked = true;
  double x_m = 0.0, y_m = 0.0;
  std::optional<double> film_x_m, film_y_m;  // in the film's own frame
  std::vector<TrackSample> track;
  friend bool operator==(const NearMissPerson&, const NearMissPerson&) = default;
};

struct NearMissRecord {
  std::int64_t number = 0;   // set by the log; grows
  std::string kind;          // "contact", "near_miss", "wall_contact", "wall_near_miss"
  std::int64_t begin_ms = 0, nearest_ms = 0, end_ms = 0;
  double gap_m = 0.0;        // smallest
  std::vector<NearMissPerson> people;  // one for walls, two for pairs
  friend bool operator==(const NearMissRecord&, const NearMissRecord&) = default;
};

struct ViewerTimeRow {
  std::string film, package, part;
  int scene = -1;
  std::string scene_name;
  double seconds = 0.0;
  friend bool operator==(const ViewerTimeRow&, const ViewerTimeRow&) = default;
};

struct NearMissLimits {
  int days = 400;
  std::int64_t records = 100'000;  // about 250 MB
};

class NearMissLog {
 public:
  // Creates the file where missing.
  static base::Result<NearMissLog> open(const std::string& path, const NearMissLimits& limits = {}, const FileOptions& options = {});
  NearMissLog(NearMissLog&&) noexcept;
  NearMissLog& operator=(NearMissLog&&) noexcept;
  ~NearMissLog();

  base::Result<void> keep(const NearMissRecord& record);
  // Added to what is known of the half hour in which `until_ms` lies.
  base::Result<void> add_time(std::int64_t until_ms, std::span<const ViewerTimeRow> rows);
  // What is older than the limits at `now_ms` goes. Done by `keep` as well, once for each day of its records.
  base::Result<void> prune(std::int64_t now_ms);

 private:
  NearMissLog(std::unique_ptr<Database> database, const NearMissLimits& limits);
  std::unique_ptr<Database> database_;
  NearMissLimits limits_;
  std::int64_t pruned_day_ = -1;
};

// A second, reading connection, also while a hall writes.
class NearMissReader {
 public:
  static base::Result<NearMissReader> open(const std::string& path);
  NearMissReader(NearMissReader&&) noexcept;
  NearMissReader& operator=(NearMissReader&&) noexcept;
  ~NearMissReader();

  // Begun within [from_ms, to_ms), by their beginning.
  base::Result<std::vector<NearMissRecord>> read(std::int64_t from_ms, std::int64_t to_ms) const;
  // Sums over the half hours that begin within [from_ms, to_ms), by film, package, part and scene.
  base::Result<std::vector<ViewerTimeRow>> time(std::int64_t from_ms, std::int64_t to_ms) const;

 private:
  explicit NearMissReader(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace promenade::ticketing::store
