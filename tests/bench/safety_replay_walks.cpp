#include "tests/bench/safety_replay_walks.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"
#include "tracking/pose_history.h"

namespace promenade::bench {
namespace {

constexpr double kHeadHeight_m = 1.6;  // the recordings have none
constexpr int kTriesMax = 1'000'000;

// Every number of a text whose separators are commas, blanks and line ends; nullopt at anything else.
std::optional<std::vector<double>> numbers_of(std::string_view text) {
  std::vector<double> numbers;
  const auto is_gap = [](char c) { return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (true) {
    while (!text.empty() && is_gap(text.front())) text.remove_prefix(1);
    if (text.empty()) return numbers;
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

base::Result<std::vector<double>> read_numbers(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail("walks-unreadable", base::formatted("{} cannot be read.", path.string()));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto numbers = numbers_of(text);
  if (!numbers) return base::fail("walks-unreadable", base::formatted("{} holds something that is no number.", path.string()));
  return *std::move(numbers);
}

base::Result<Walk> read_walk(const std::filesystem::path& folder) {
  const auto positions = read_numbers(folder / "user_virtual_positions.csv");
  if (!positions) return std::unexpected(positions.error());
  const auto intervals = read_numbers(folder / "sampling_intervals.csv");
  if (!intervals) return std::unexpected(intervals.error());
  if (positions->size() != 2 * intervals->size() || intervals->size() < 2) {
    return base::fail("walks-unreadable", base::formatted("{} holds {} coordinates for {} times.", folder.string(), positions->size(), intervals->size()),
                      "Two coordinates are wanted for every time, and two times at least.");
  }
  std::vector<HallPoint> points;
  points.reserve(intervals->size());
  for (std::size_t i = 0; i < positions->size(); i += 2) points.push_back({(*positions)[i], (*positions)[i + 1]});
  return walk_of(resampled(points, *intervals));
}

// The number at the end of a folder's name: 4 of user4, 2 of 2.
std::optional<int> number_after(const std::string& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<HallPoint> resampled(const std::vector<HallPoint>& points, const std::vector<double>& interval_s) {
  PROMENADE_ASSERT(points.size() == interval_s.size());
  std::vector<HallPoint> out;
  double begin_s = 0.0;  // of the piece that ends at point i
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double end_s = begin_s + std::max(0.0, interval_s[i]);
    for (double t = static_cast<double>(out.size()) / kReplayRate_hz; t < end_s; t = static_cast<double>(out.size()) / kReplayRate_hz) {
      out.push_back(points[i - 1] + (points[i] - points[i - 1]) * ((t - begin_s) / (end_s - begin_s)));
    }
    begin_s = end_s;
  }
  return out;
}

Walk walk_of(std::vector<HallPoint> at) {
  Walk walk;
  walk.velocity.reserve(at.size());
  tracking::PoseHistory history;
  for (std::size_t i = 0; i < at.size(); ++i) {
    // A pose that the history refuses leaves the velocity before it, as in the hall.
    (void)history.add(base::hall_time(static_cast<double>(i) / kReplayRate_hz), tracking::pose_at<tracking::Hall>(at[i], kHeadHeight_m, 0.0));
    walk.velocity.push_back(history.velocity());
  }
  walk.at = std::move(at);
  return walk;
}

base::Result<std::vector<Walk>> read_walks(const std::filesystem::path& folder) {
  std::error_code error;
  const auto missing = [&] {
    return base::fail("walks-missing", base::formatted("There are no recorded walks in {}.", folder.string()),
                      "Give their folder with --walks (TASK/userN/K/user_virtual_positions.csv and sampling_intervals.csv).");
  };
  if (!std::filesystem::is_directory(folder, error)) return missing();
  std::vector<Walk> walks;
  for (const auto& task : std::filesystem::directory_iterator(folder)) {
    if (!task.is_directory()) continue;
    for (const auto& user : std::filesystem::directory_iterator(task)) {
      const auto user_number = number_after(user.path().filename().string(), "user");
      if (!user_number || !user.is_directory()) continue;
      for (const auto& way : std::filesystem::directory_iterator(user)) {
        const auto way_number = number_after(way.path().filename().string(), "");
        if (!way_number || !way.is_directory()) continue;
        auto walk = read_walk(way.path());
        if (!walk) return std::unexpected(walk.error());
        walk->task = task.path().filename().string();
        walk->user = *user_number;
        walk->way = *way_number;
        walks.push_back(*std::move(walk));
      }
    }
  }
  if (walks.empty()) return missing();
  std::ranges::sort(walks, {}, [](const Walk& walk) { return std::tuple(walk.task, walk.user, walk.way); });
  return walks;
}

Window::Window(const Walk& walk, std::size_t first, std::size_t size, double turn_rad)
    : walk_(&walk), first_(first), size_(size), cosine_(std::cos(turn_rad)), sine_(std::sin(turn_rad)) {
  PROMENADE_ASSERT(size > 0 && first + size <= walk.at.size());
}

bool Window::place(const Floor& floor, base::Random& random) {
  const double room_x = floor.width_m - 2.0 * floor.margin_m;
  const double room_y = floor.depth_m - 2.0 * floor.margin_m;
  HallVec low{1e9, 1e9};
  HallVec high{-1e9, -1e9};
  for (std::size_t i = first_; i < first_ + size_; ++i) {
    const HallVec v = turned(walk_->at[i] - HallPoint{});
    low = {std::min(low.x, v.x), std::min(low.y, v.y)};
    high = {std::max(high.x, v.x), std::max(high.y, v.y)};
    if (high.x - low.x > room_x || high.y - low.y > room_y) return false;
  }
  const HallVec spare{room_x - (high.x - low.x), room_y - (high.y - low.y)};
  shift_ = {floor.margin_m - low.x + random.uniform() * spare.x, floor.margin_m - low.y + random.uniform() * spare.y};
  return true;
}

WindowSource::WindowSource(const std::vector<Walk>& walks, double seconds, const Floor& floor)
    : size_(samples_in(seconds) + 1), floor_(floor) {
  for (const Walk& walk : walks) {
    if (walk.at.size() >= size_) walks_.push_back(&walk);
  }
  PROMENADE_ASSERT(!walks_.empty());
}

Window WindowSource::draw(base::Random& random) const {
  for (int i = 0; i < kTriesMax; ++i) {
    const Walk& walk = *walks_[random.below(walks_.size())];
    Window window(walk, random.below(walk.at.size() - size_ + 1), size_, random.uniform(-std::numbers::pi, std::numbers::pi));
    if (window.place(floor_, random)) return window;
  }
  throw std::runtime_error("no part of the recorded walks fits the floor");
}

}  // namespace promenade::bench
