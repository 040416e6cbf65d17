#include "tracking/base/bounded_queue.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using namespace promenade::base;

TEST_CASE("values come out in the order they went in") {
  BoundedQueue<int> queue(3, Overflow::refuse_newest);
  CHECK_FALSE(queue.try_pop());
  for (const int value : {1, 2, 3}) CHECK(queue.push(value));
  CHECK(queue.size() == 3);
  CHECK(queue.try_pop() == 1);
  CHECK(queue.try_pop() == 2);
  CHECK(queue.try_pop() == 3);
  CHECK_FALSE(queue.try_pop());
}

TEST_CASE("a full queue of requests refuses the newest, and counts it") {
  BoundedQueue<int> queue(2, Overflow::refuse_newest);
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  CHECK_FALSE(queue.push(3));
  CHECK(queue.overflows() == 1);
  CHECK(queue.try_pop() == 1);
  CHECK(queue.push(4));
  CHECK(queue.try_pop() == 2);
  CHECK(queue.try_pop() == 4);
}

TEST_CASE("a full queue of samples drops the oldest, and counts it") {
  BoundedQueue<int> queue(2, Overflow::drop_oldest);
  for (const int value : {1, 2, 3, 4}) CHECK(queue.push(value));
  CHECK(queue.size() == 2);
  CHECK(queue.overflows() == 2);
  CHECK(queue.try_pop() == 3);
  CHECK(queue.try_pop() == 4);
}

TEST_CASE("values that only move pass through") {
  BoundedQueue<std::unique_ptr<int>> queue(1, Overflow::refuse_newest);
  CHECK(queue.push(std::make_unique<int>(7)));
  CHECK(**queue.try_pop() == 7);
}

TEST_CASE("a consumer thread gets everything that producers push, each producer's in order") {
  constexpr int kProducers = 4;
  constexpr int kEach = 2000;
  BoundedQueue<std::pair<int, int>> queue(kProducers * kEach, Overflow::refuse_newest);
  std::vector<int> next(kProducers, 0);
  bool in_order = true;
  {
    std::jthread consumer([&](std::stop_token stop) {
      for (int i = 0; i < kProducers * kEach; ++i) {
        const auto value = queue.pop(stop);
        if (!value) return;
        const auto [producer, number] = *value;
        in_order = in_order && next[static_cast<std::size_t>(producer)]++ == number;
      }
    });
    std::vector<std::jthread> producers;
    for (int producer = 0; producer < kProducers; ++producer) {
      producers.emplace_back([&queue, producer] {
        for (int number = 0; number < kEach; ++number) queue.push({producer, number});
      });
    }
    producers.clear();
    consumer.join();
  }
  CHECK(in_order);
  for (const int count : next) CHECK(count == kEach);
}

TEST_CASE("a waiting consumer ends when it is asked to stop") {
  BoundedQueue<int> queue(1, Overflow::refuse_newest);
  bool got_value = true;
  {
    std::jthread consumer([&](std::stop_token stop) { got_value = queue.pop(stop).has_value(); });
    consumer.request_stop();
  }
  CHECK_FALSE(got_value);
}

TEST_CASE("a stop comes before what is left in the queue") {
  BoundedQueue<int> queue(1, Overflow::refuse_newest);
  queue.push(1);
  std::stop_source source;
  source.request_stop();
  CHECK_FALSE(queue.pop(source.get_token()));
  CHECK(queue.size() == 1);
}

TEST_CASE("a pop with a limit gives up when nothing comes and takes what is there") {
  using namespace std::chrono_literals;
  BoundedQueue<int> queue(1, Overflow::refuse_newest);
  CHECK_FALSE(queue.pop_for(std::stop_token{}, 0ms));
  queue.push(5);
  CHECK(queue.pop_for(std::stop_token{}, 0ms) == 5);
}

TEST_CASE("a cell holds the newest value, also across threads") {
  LatestCell<std::pair<int, int>> cell;
  CHECK(cell.load() == std::pair{0, 0});
  bool torn = false;
  {
    std::jthread writer([&] {
      for (int i = 1; i <= 5000; ++i) cell.store({i, -i});
    });
    for (int i = 0; i < 5000; ++i) {
      const auto [a, b] = cell.load();
      torn = torn || a != -b;
    }
  }
  CHECK_FALSE(torn);
  CHECK(cell.load() == std::pair{5000, -5000});
}
