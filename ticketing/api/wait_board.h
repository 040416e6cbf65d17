#pragma once
// How long viewers wait for a film by now, as each hall last told it. No fact of the ledger: it is kept in memory, and what
// is older than kFresh is unknown. Pure; the caller gives the time. One thread: the desk's.

#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"

namespace promenade::ticketing::api {

class WaitBoard {
 public:
  static constexpr std::chrono::seconds kFresh{60};

  void tell(const base::HallId& hall, std::map<base::FilmId, std::chrono::seconds> waits, base::UtcTime now) {
    halls_.insert_or_assign(hall, std::pair(now, std::move(waits)));
  }
  // The shortest of the halls that know; nullopt: none does.
  std::optional<std::chrono::seconds> wait(const base::FilmId& film, base::UtcTime now) const {
    std::optional<std::chrono::seconds> shortest;
    for (const auto& [hall, told] : halls_) {
      const auto at = told.second.find(film);
      if (at == told.second.end() || now - told.first >= kFresh || now < told.first) continue;
      if (!shortest || at->second < *shortest) shortest = at->second;
    }
    return shortest;
  }

 private:
  std::map<base::HallId, std::pair<base::UtcTime, std::map<base::FilmId, std::chrono::seconds>>> halls_;  // of the configuration
};

}  // namespace promenade::ticketing::api
