#include "runtime/headset/stats.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

namespace promenade::headset {

using nlohmann::json;

void Histogram::add(double ms) {
  const double step = std::clamp(ms * 10.0, 0.0, static_cast<double>(steps_.size() - 1));
  ++steps_[static_cast<std::size_t>(step)];
  ++count_;
  sum_ += ms;
  worst_ = std::max(worst_, ms);
}

double Histogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    seen += steps_[step];
    if (count_ > 0 && seen >= std::max<std::uint64_t>(wanted, 1)) return static_cast<double>(step + 1) / 10.0;
  }
  return 0.0;
}

base::Result<void> write_stats(const std::string& path, const RunStats& stats, const App& app, const xr::Headset& headset, const LinkThread& link) {
  const Telemetry& told = app.telemetry();
  const xr::FrameCounts& counts = headset.counts();
  json faults = json::array();
  for (const base::Error& fault : told.faults) faults.push_back({{"code", fault.code}, {"text", fault.text()}});
  std::set<std::string> states = told.states_reached;
  states.insert(headset.states_reached().begin(), headset.states_reached().end());
  const auto in_ms = [](const Histogram& h) { return json{{"mean", h.mean()}, {"p50", h.quantile(0.5)}, {"p99", h.quantile(0.99)}, {"worst", h.worst()}}; };
  const json all{
      {"runtime", headset.runtime()}, {"api_version", headset.api_version()}, {"headset", headset.headset()},
      {"passthrough", xr::to_string(headset.passthrough())}, {"gpu", stats.gpu},
      {"seconds", stats.seconds}, {"first_picture_s", stats.first_picture_s}, {"sessions", stats.sessions}, {"losses", stats.losses},
      {"frames", counts.frames}, {"late", counts.late}, {"missed_periods", counts.missed}, {"dropped", counts.dropped},
      {"late_run_max", counts.late_run_max}, {"cpu_ms", in_ms(stats.cpu_ms)}, {"photon_ms", in_ms(stats.photon_ms)},
      {"update_ms", {{"mean", told.update_ms_mean}, {"worst", told.update_ms_worst}}}, {"media_stalls", told.media_stalls},
      {"film", told.film.value()}, {"play", told.play.value()}, {"gates_passed", told.gates_passed}, {"holds", told.holds},
      {"states_reached", states},
      {"validation_messages", stats.vulkan_messages + headset.validation_messages()},
      {"validation", {{"vulkan", stats.vulkan_messages}, {"openxr", headset.validation_messages()},
                      {"last_vulkan", stats.last_vulkan_message}, {"last_openxr", headset.last_validation_message()}}},
      {"links", link.links()}, {"linked", link.up()}, {"round_trip_ms", link.round_trip_ms()}, {"unreadable", link.unreadable()}, {"faults", std::move(faults)}};
  const std::string beside = path + ".new";
  std::ofstream file(beside, std::ios::trunc);
  file << all.dump(2) << '\n';
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(beside, path, failed);
  if (!file || failed) return base::fail("stats-not-written", "The file " + path + " cannot be written.", "Free some disk space, or give --stats another place.");
  return {};
}

}  // namespace promenade::headset
