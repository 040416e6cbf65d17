#include "ticketing/api/national_reporter.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "ticketing/api/data_dir.h"

namespace promenade::ticketing::api {

NationalReporter::NationalReporter(Desk& desk, Metrics& metrics, std::unique_ptr<NationalLink> link, std::function<void(const std::string&)> say)
    : desk_(desk), metrics_(metrics), link_(std::move(link)), say_(std::move(say)) {}

void NationalReporter::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void NationalReporter::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  link_->cancel();
  thread_.join();
}

void NationalReporter::run(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::chrono::seconds again = kAgain;
  auto forget_at = std::chrono::steady_clock::now() + kRefusedAgain;
  while (!stop.stop_requested()) {
    if (std::chrono::steady_clock::now() >= forget_at) {
      forget_refused();
      forget_at = std::chrono::steady_clock::now() + kRefusedAgain;
    }
    const auto received = turn();
    if (!received && stop.stop_requested()) return;  // a call that was given up is no trouble
    const std::string trouble = received || received.error().code == "stopping" ? std::string() : received.error().code;
    if (trouble != trouble_) say_(trouble.empty() ? "the national system receives records again" : received.error().text());
    trouble_ = trouble;
    if (received && *received > 0) continue;
    std::unique_lock lock(mutex);
    ended.wait_for(lock, stop, received ? kEvery : again, [] { return false; });
    again = received ? kAgain : std::min(again * 2, kAgainMost);
  }
}

base::Result<std::size_t> NationalReporter::turn() {
  std::optional<NationalBatch> batch;
  base::UtcTime sent;
  std::uint64_t missing = 0;
  const auto looked = desk_.look([&](const store::BoxOffice& office, base::UtcTime now) {
    sent = now;
    batch = next_national_batch(office.state(), now, refused_);
    for (const BusinessDate date : office.state().national_missing()) missing += office.state().national().at(date).missing;
  });
  if (!looked) return std::unexpected(looked.error());
  if (!batch) {
    metrics_.nationally(missing, false);
    return 0;
  }
  const auto received = link_->hand_in(*batch);
  metrics_.nationally(received ? missing - std::min<std::uint64_t>(missing, received->numbers.size()) : missing, !received);
  if (!received) return std::unexpected(received.error());
  for (const auto& [number, reason] : received->refused) {
    refused_[batch->date].insert(number);
    say_("the national system refused record " + national_record_id(batch->cinema_code, batch->date, number) + ": " + reason);
  }
  if (received->numbers.empty()) {
    // Neither received nor refused: left for later, so that other records have their turn.
    for (const NationalRecord& record : batch->records) refused_[batch->date].insert(record.number);
    return 0;
  }
  NationalReceipt receipt;
  receipt.head = {new_idempotency_key("national-"), "box-office", sent, "box-office"};
  receipt.date = batch->date;
  receipt.records = received->numbers;
  receipt.sent = sent;
  receipt.reference = received->reference;
  const auto booked = desk_.ask(Request(std::move(receipt)));
  if (!booked) return std::unexpected(booked.error());
  return received->numbers.size();
}

}  // namespace promenade::ticketing::api
