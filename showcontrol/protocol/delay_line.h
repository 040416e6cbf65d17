#pragma once
// One direction of an impaired link with what is still on its way: values go in, their surviving copies come out
// when they arrive. Pure; times as in impairment.h; bounded. The transport keeps datagrams in it, the rehearsal's
// in-process link messages.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "showcontrol/protocol/impairment.h"

namespace promenade::protocol {

template <class T>
class DelayLine {
 public:
  static constexpr std::size_t kMax = 65536;  // values on their way; what would exceed it is lost
  DelayLine(ImpairmentSettings settings, base::Random random) : impairment_(std::move(settings), std::move(random)) {}

  void set(ImpairmentSettings settings) { impairment_.set(std::move(settings)); }
  bool active() const { return impairment_.settings().any() || !waiting_.empty(); }

  void push(const T& value, std::size_t bytes, base::Duration now) {
    const auto arrivals = impairment_.pass(bytes, now);
    for (std::size_t i = 0; i < arrivals.count && waiting_.size() < kMax; ++i) waiting_.push({arrivals.at[i], order_++, value});
  }
  // What has arrived by `now`, earliest first; nothing when nothing has.
  std::optional<T> pop(base::Duration now) {
    if (waiting_.empty() || waiting_.top().at > now) return std::nullopt;
    std::optional<T> value(waiting_.top().value);
    waiting_.pop();
    return value;
  }
  std::optional<base::Duration> next_at() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.top().at);
  }
  void clear() { waiting_ = {}; }  // an end has gone: what was on its way with it

 private:
  struct Item {
    base::Duration at{0};
    std::uint64_t order = 0;  // equal times keep the order in which they went in
    T value;
  };
  struct Later {
    bool operator()(const Item& a, const Item& b) const { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  };
  Impairment impairment_;
  std::priority_queue<Item, std::vector<Item>, Later> waiting_;
  std::uint64_t order_ = 0;
};

}  // namespace promenade::protocol
