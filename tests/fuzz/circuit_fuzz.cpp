// Any lines "KIND BODY" as a venue's events at a circuit: never crashes; what is read is JSON for another reader, too; and the
// sums that are taken are those of the tickets that are kept.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/admissions.h"
#include "tracking/base/assert.h"
#include "tracking/base/bytes.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::circuit;

namespace {

std::vector<Fact> read(std::string_view text) {
  std::vector<Fact> facts;
  Event event;
  event.ts = base::UtcTime(std::chrono::seconds(1'777'608'000));
  event.business_date = BusinessDate::from_text("2026-05-01").value();
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++event.seq;
    event.kind = line.substr(0, line.find(' '));
    event.body = line.substr(std::min(event.kind.size() + 1, line.size()));
    auto fact = fact_of(event);
    if (!fact) continue;
    PROMENADE_ASSERT(fact->kind == Fact::Kind::none || nlohmann::json::accept(event.body));
    facts.push_back(std::move(*fact));
  }
  return facts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<Fact> facts = read(base::as_text({data, size}));
  static_cast<void>(AdmissionBook::unknown_in(facts));
  AdmissionBook book(ByDate<double>(0.8), Currency{});
  for (const Fact& fact : facts)
    if (!book.take(fact)) return 0;  // of a ledger that does not fit itself nothing is taken
  DayCounts sum;
  for (const auto& [film, counts] : book.by_film()) sum.add(counts);
  DayCounts kept;
  for (const auto* one : book.added()) kept.add(counts_of(*one));
  PROMENADE_ASSERT(sum == kept && book.altered().empty());
  return 0;
}
