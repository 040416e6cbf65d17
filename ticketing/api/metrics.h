#pragma once
// What the server counts about itself, in the Prometheus text format (version 0.0.4). Thread-safe. Labels are route
// patterns and statuses, never a ticket, a key or a person.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "ticketing/api/desk.h"

namespace promenade::ticketing::api {

class Metrics {
 public:
  void count(const std::string& method, const std::string& pattern, int status, std::chrono::microseconds took);
  // How the last exchange with the outside witness went: events under what it took, or that it failed.
  void witnessed(std::uint64_t events) { witnessed_ = events; witness_failed_ = false; }
  void witness_failed() { witness_failed_ = true; }
  // Records that the national system has not received, of all dates; and whether the last call failed.
  void nationally(std::uint64_t missing, bool failed) { national_missing_ = missing; national_failed_ = failed; }
  std::string text(const DeskFigures& desk, std::uint64_t refused_connections) const;

 private:
  struct Sum {
    std::uint64_t requests = 0;
    std::chrono::microseconds took{0};
  };
  std::atomic<std::uint64_t> witnessed_{0};
  std::atomic<bool> witness_failed_{false};
  std::atomic<std::uint64_t> national_missing_{0};
  std::atomic<bool> national_failed_{false};
  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, Sum> sums_;  // bounded by routes times statuses
};

}  // namespace promenade::ticketing::api
