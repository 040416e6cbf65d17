#include "showcontrol/server/pair_records.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "tracking/base/formatted.h"

namespace promenade::server {

namespace {

using ticketing::store::HallJournal;
using ticketing::store::Record;

constexpr std::string_view kMemberKey = "member", kPositionKey = "position";

Record pair_record(std::string_view key, const std::string& text) {
  return {std::string(kPairKind), std::string(key), {text.begin(), text.end()}, false};
}

// So many numbers with blanks between them; nothing: they are not that.
template <std::size_t N>
std::optional<std::array<std::uint64_t, N>> numbers_from(std::string_view text) {
  std::array<std::uint64_t, N> numbers{};
  for (std::size_t i = 0; i < N; ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (i + 1 == N) break;
    if (text.empty() || text.front() != ' ') return std::nullopt;
    text.remove_prefix(1);
  }
  if (!text.empty()) return std::nullopt;
  return numbers;
}

}  // namespace

base::Result<PairMemory> read_pair_memory(const HallJournal& journal, succession::Member::Place place, base::UtcTime now) {
  const auto records = journal.restore();
  if (!records) return std::unexpected(records.error());
  const auto epoch = journal.epoch();
  if (!epoch) return std::unexpected(epoch.error());
  PairMemory memory;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  memory.kept = {*epoch, static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)), place == succession::Member::Place::first && !epoch->is_none()};
  for (const Record& record : *records) {
    if (record.kind != kPairKind) continue;
    const std::string_view text = base::as_text(record.body);
    const auto damaged = [&] { return base::fail("journal-unreadable", base::formatted("The record {} {} of the hall's journal is damaged: {}.", record.kind, record.key, text), "Restore the journal from a copy."); };
    if (record.key == kMemberKey) {
      const auto numbers = numbers_from<3>(text);
      if (!numbers || (*numbers)[2] > 1) return damaged();
      memory.kept = {std::max(*epoch, base::EpochId((*numbers)[0])), (*numbers)[1], (*numbers)[2] == 1};
    } else if (record.key == kPositionKey) {
      const auto numbers = numbers_from<2>(text);
      if (!numbers) return damaged();
      memory.position = {base::EpochId((*numbers)[0]), (*numbers)[1]};
    }
  }
  return memory;
}

Record position_record(const succession::Position& position) {
  return pair_record(kPositionKey, base::formatted("{} {}", position.epoch.value(), position.index));
}

base::Result<void> write(HallJournal& journal, const succession::Save& save) {
  std::vector<Record> records{pair_record(kMemberKey, base::formatted("{} {} {}", save.kept.epoch.value(), save.kept.run, save.kept.alone ? 1 : 0))};
  if (save.begins_records) records.push_back(position_record({save.kept.epoch, 0}));
  return journal.apply({.records = records, .epoch = save.kept.epoch});
}

base::Result<void> write(HallJournal& journal, const succession::Batch& batch, bool from_other) {
  std::vector<Record> records;
  for (const succession::RecordChange& change : batch.records) {
    if (from_other && std::ranges::find(kOwnKinds, change.kind) != kOwnKinds.end()) continue;
    records.push_back({change.kind, change.key, change.value.value_or(base::Bytes{}), !change.value});
  }
  records.push_back(position_record(batch.position));
  std::vector<ticketing::store::OutboxItem> facts;
  for (const succession::Fact& fact : batch.facts) facts.push_back({0, fact.key, fact.kind, fact.body});
  return journal.apply({.records = records, .outbox = facts, .settled = batch.settled, .whole = batch.whole, .kinds_that_stay = kOwnKinds});
}

base::Result<succession::Batch> whole_copy(const HallJournal& journal) {
  succession::Batch batch;
  batch.whole = true;
  auto records = journal.restore();
  if (!records) return std::unexpected(records.error());
  for (Record& record : *records) {
    if (std::ranges::find(kOwnKinds, record.kind) == kOwnKinds.end()) batch.records.push_back({std::move(record.kind), std::move(record.key), std::move(record.body)});
  }
  auto facts = journal.pending(std::numeric_limits<std::uint32_t>::max());
  if (!facts) return std::unexpected(facts.error());
  for (auto& fact : *facts) batch.facts.push_back({std::move(fact.idempotency_key), std::move(fact.kind), std::move(fact.body)});
  return batch;
}

}  // namespace promenade::server
