#include "ticketing/api/event_reader.h"

#include <optional>

namespace promenade::ticketing::api {

base::Result<store::Page> EventReader::read(std::uint64_t after, std::size_t limit) {
  std::optional<store::LedgerReader> reader;
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) {
    auto opened = store::LedgerReader::open(path_, venue_);
    if (!opened) return std::unexpected(opened.error());
    reader = std::move(*opened);
  }
  auto page = reader->read(after, limit);
  if (page) {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(*reader));
  }
  return page;
}

std::vector<Event> EventReader::events(std::span<const std::uint64_t> numbers) {
  std::vector<Event> out;
  for (const std::uint64_t seq : numbers) {
    auto page = read(seq - 1, 1);
    if (page && !page->events.empty()) out.push_back(std::move(page->events.front()));
  }
  return out;
}

}  // namespace promenade::ticketing::api
