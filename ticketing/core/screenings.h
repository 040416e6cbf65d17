#pragma once
// Screenings: the start windows of a lane, planned for a business date so that on one lane none overlaps another,
// the last start and the longest holds included. Pure.

#include <optional>
#include <vector>

#include "ticketing/core/config.h"

namespace promenade::ticketing {

struct Screening {
  base::ScreeningId id;  // 16 digits: last 6 of the screen code, yymmdd, 4-digit number in the day
  base::LaneId lane;
  base::HallId hall;
  base::FilmId film;
  BusinessDate business_date;
  int slots = 0;
  base::UtcTime window_from, window_until;  // viewers start in [from, until)
  base::UtcTime ends;                       // until + length + longest hold: the hall is free of it from here
  friend bool operator==(const Screening&, const Screening&) = default;
};

// Where lengths, windows, opening or the film of a lane change during a day, what is OPEN stays as it was opened. The new plan is
// numbered after the last one that does not fit it, so that a code is one screening's for ever, and leaves out what would overlap.

// All screenings of one lane on a date, in order; those whose window does not end by closing time are left out. OPEN: those of
// that date that are open, of any lanes.
std::vector<Screening> plan_lane(BusinessDate date, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar,
                                 const std::vector<Screening>& open = {});
// All lanes, in the order of the configuration.
std::vector<Screening> plan_screenings(BusinessDate date, const Config& config, const BusinessCalendar& calendar,
                                       const std::vector<Screening>& open = {});

// The date that a screening's code names; nullopt where it is no such code.
std::optional<BusinessDate> date_of_screening(const base::ScreeningId& id);
// One of a date's screenings by its code; nullopt where no lane has it. Does not plan the whole day.
std::optional<Screening> find_screening(const base::ScreeningId& id, const Config& config, const BusinessCalendar& calendar,
                                        const std::vector<Screening>& open = {});

// The lane's screening of its film whose start window holds TIME or else the next one of the same business date.
std::optional<Screening> current_or_next(base::UtcTime time, const Config& config, const LaneEntry& lane, const BusinessCalendar& calendar,
                                         const std::vector<Screening>& open = {});

}  // namespace promenade::ticketing
