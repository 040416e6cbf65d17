#pragma once
// How threads meet: a bounded queue with a stated overflow policy, and a newest-value cell. Thread-safe;
// every other type in this tree is owned by one thread at a time.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::base {

enum class Overflow {
  refuse_newest,  // push returns false: the producer must say so (requests)
  drop_oldest,    // the oldest goes, push returns true (samples whose newest value is enough)
};

template <class T>
class BoundedQueue {
 public:
  BoundedQueue(std::size_t capacity, Overflow overflow) : capacity_(capacity), overflow_(overflow) {
    PROMENADE_ASSERT(capacity > 0);
  }

  bool push(T value) {
    {
      std::lock_guard lock(mutex_);
      if (values_.size() == capacity_) {
        ++overflows_;
        if (overflow_ == Overflow::refuse_newest) return false;
        values_.pop_front();
      }
      values_.push_back(std::move(value));
    }
    ready_.notify_one();
    return true;
  }

  std::optional<T> try_pop() {
    std::lock_guard lock(mutex_);
    return take();
  }

  // Blocks until a value comes or a stop is requested (then nullopt, also when values remain).
  std::optional<T> pop(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    if (!ready_.wait(lock, stop, [this] { return !values_.empty(); })) return std::nullopt;
    if (stop.stop_requested()) return std::nullopt;
    return take();
  }

  // As pop, but gives up after `timeout`. For rims that also have work of their own to do on a clock.
  template <class Rep, class Period>
  std::optional<T> pop_for(std::stop_token stop, std::chrono::duration<Rep, Period> timeout) {
    std::unique_lock lock(mutex_);
    if (!ready_.wait_for(lock, stop, timeout, [this] { return !values_.empty(); })) return std::nullopt;
    return take();
  }

  std::size_t overflows() const {
    std::lock_guard lock(mutex_);
    return overflows_;
  }
  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  std::optional<T> take() {
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable_any ready_;
  std::deque<T> values_;
  const std::size_t capacity_;
  const Overflow overflow_;
  std::size_t overflows_ = 0;
};

// Holds the newest value written; readers take a copy. Use with std::shared_ptr<const T> for large snapshots.
template <class T>
class LatestCell {
 public:
  void store(T value) {
    std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }
  T load() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace promenade::base
