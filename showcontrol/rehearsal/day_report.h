#pragma once
// What came of a day's rehearsal, for people and as JSON: names end in their unit (_s, _m), the rest are counts. Pure;
// fails never.

#include <nlohmann/json.hpp>
#include <string>

#include "showcontrol/rehearsal/day_files.h"
#include "showcontrol/rehearsal/day_run.h"

namespace promenade::rehearsal {

// Everybody left, nobody passed a gate without authority, no contact, chain and rebuild hold, the day closed, and
// every difference between the counts is explained.
bool day_ok(const DayResult& day);
double quantile_of(std::vector<double> values, double share);  // 0 of none
std::string day_text(const DayResult& day, const DayFiles& files, double took_s);
nlohmann::ordered_json day_json(const DayResult& day, const DayFiles& files, double took_s);

}  // namespace promenade::rehearsal
