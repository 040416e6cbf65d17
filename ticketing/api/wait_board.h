#pragma once
// How long viewers wait for a film by now, as each hall last told it, and until when its word holds good: what is over is
// unknown. No fact of the ledger: it is kept in memory. Pure; the caller gives the time. One thread: the desk's.

#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "tracking/base/clock.h"
#include "tracking/base/id.h"

namespace promenade::ticketing::api {

class WaitBoard {
 public:
  static constexpr std::chrono::seconds kMostFresh{60};  // no hall's word holds good for longer

  // All that HALL knows; what it told before is forgotten. GOOD_FOR: at most kMostFresh.
  void tell(const base::HallId& hall, std::map<base::FilmId, std::chrono::seconds> waits, base::UtcTime now, std::chrono::seconds good_for = kMostFresh) {
    halls_.insert_or_assign(hall, Word{now, now + good_for, std::move(waits)});
  }
  // The shortest of the halls that know; nullopt: none does.
  std::optional<std::chrono::seconds> wait(const base::FilmId& film, base::UtcTime now) const {
    std::optional<std::chrono::seconds> shortest;
    for (const auto& [hall, word] : halls_) {
      const auto at = word.waits.find(film);
      if (at == word.waits.end() || now >= word.until || now < word.told) continue;
      if (!shortest || at->second < *shortest) shortest = at->second;
    }
    return shortest;
  }

 private:
  struct Word {
    base::UtcTime told, until;
    std::map<base::FilmId, std::chrono::seconds> waits;
  };
  std::map<base::HallId, Word> halls_;  // of the configuration
};

}  // namespace promenade::ticketing::api
