#pragma once
// A value that holds for whole business dates: what the venue sets on a date counts from the next one on, so that nothing is
// judged by two rules within a day. What it sets first counts for all before as well. Not thread-safe; a value.

#include <iterator>
#include <map>
#include <utility>

#include "ticketing/core/business_date.h"

namespace promenade::ticketing {

template <class T>
class ByDate {
 public:
  ByDate() = default;
  explicit ByDate(T value) { set({}, std::move(value)); }

  // Of what was set for later dates, by a clock that was set back since, nothing is kept.
  void set(BusinessDate booked, T value) {
    const BusinessDate from = values_.empty() ? BusinessDate{} : booked.plus_days(1);
    values_.erase(values_.lower_bound(from), values_.end());
    if (!values_.empty() && values_.rbegin()->second == value) return;
    values_.emplace(from, std::move(value));
  }
  void put(BusinessDate from, T value) { values_.insert_or_assign(from, std::move(value)); }  // as all() gave it
  bool empty() const { return values_.empty(); }
  const T& on(BusinessDate date) const {  // not where it is empty
    const auto after = values_.upper_bound(date);
    return after == values_.begin() ? after->second : std::prev(after)->second;
  }
  const std::map<BusinessDate, T>& all() const { return values_; }  // by the date from which it counts
  friend bool operator==(const ByDate&, const ByDate&) = default;

 private:
  std::map<BusinessDate, T> values_;
};

}  // namespace promenade::ticketing
