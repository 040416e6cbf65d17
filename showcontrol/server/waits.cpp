#include "showcontrol/server/waits.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace promenade::server {

namespace {
constexpr std::int64_t kLongest_s = 86'400;  // as the box office takes it

bool nobody_starts(const protocol::HallSummary& hall) { return hall.evacuate || hall.stopped || hall.paused || hall.records_failing || !hall.admission_open; }
}  // namespace

std::optional<std::string> waits_body(const base::HallId& hall, const Status* status, std::chrono::steady_clock::time_point now) {
  if (status == nullptr || now - status->made >= kStatusStale) return std::nullopt;
  const protocol::HallSummary& summary = status->summary;
  nlohmann::json waits = nlohmann::json::array();
  for (const protocol::FilmWait& one : summary.waits) {
    const bool too_late = one.last_admission && summary.time > *one.last_admission;
    if (nobody_starts(summary) || too_late) continue;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(one.wait).count();
    waits.push_back({{"film", one.film.value()}, {"wait_s", std::clamp<std::int64_t>(wait, 0, kLongest_s)}});
  }
  return nlohmann::json{{"hall", hall.value()}, {"good_for_s", kWaitsGoodFor.count()}, {"waits", std::move(waits)}}.dump();
}

}  // namespace promenade::server
