#include "ticketing/core/projection.h"

#include <algorithm>


#include "ticketing/core/projection_tables.h"

namespace promenade::ticketing {
namespace {

constexpr Column kScreenings[] = {{"screening"}, {"lane"}, {"hall"}, {"film"}, {"business_date"}, {"slots", true},
                                  {"window_from"}, {"window_until"}, {"ends"}, {"live", true}};
constexpr Column kTickets[] = {{"ticket"}, {"sale"}, {"screening"}, {"lane"}, {"film"}, {"slot", true}, {"business_date"},
                               {"valid_from"}, {"valid_until"}, {"price_class"}, {"ticket_kind"}, {"price_minor", true},
                               {"currency"}, {"channel"}, {"refunded", true}, {"changed_to"}, {"redemption"}};
constexpr Column kRefunds[] = {{"refund"}, {"ticket"}, {"business_date"}, {"amount_minor", true}, {"currency"}, {"reason"},
                               {"supervisor"}, {"watched", true}};
constexpr Column kRedemptions[] = {{"redemption"}, {"ticket"}, {"hall"}, {"headset", true}, {"at"}, {"business_date"},
                                   {"offline", true}, {"conflict", true}, {"revoked", true}, {"active_grant"}, {"completed_play"}};
constexpr Column kGrants[] = {{"grant_id"}, {"redemption"}, {"headset", true}, {"film"}, {"package_hash"}, {"play"},
                              {"offline", true}, {"conflict", true}, {"revoked", true}};
constexpr Column kPlays[] = {{"play"}, {"grant_id"}, {"redemption"}, {"ticket"}, {"film"}, {"package_hash"}, {"headset", true},
                             {"business_date"}, {"started"}, {"ended"}, {"completed", true}, {"moved", true},
                             {"film_mismatch", true}, {"worn_share_ppm", true}, {"interruptions", true}, {"swaps", true}, {"reason"}};
constexpr Column kObservations[] = {{"observation"}, {"sensor"}, {"hall"}, {"business_date"}, {"seen_from"}, {"seen_to"},
                                    {"known", true}, {"entered", true}, {"left_hall", true}, {"reason"}};
constexpr Column kDays[] = {{"business_date"}, {"revision", true}, {"data_through", true}, {"late_events", true}};
constexpr Column kRevisions[] = {{"revision_id"}, {"report_hash"}, {"report"}};
constexpr Column kEvacuations[] = {{"evacuation_case"}, {"evacuation"}, {"ticket"}, {"redemption"}, {"play"}, {"business_date"}, {"at"},
                                   {"scene"}, {"settlement"}, {"settled_at"}, {"settled_by"}, {"screening"}, {"slot", true},
                                   {"valid_from"}, {"valid_until"}, {"new_redemption"}, {"followed_by"}};

constexpr Column kReservations[] = {{"reservation"}, {"name"}, {"film"}, {"screening"}, {"business_date"}, {"asked", true}, {"slots"},
                                    {"expires"}, {"released", true}};
constexpr Column kConcessions[] = {{"ticket"}, {"discount"}, {"voucher"}, {"voucher_key"}, {"off_minor", true}, {"currency"}, {"live", true}};
constexpr Column kNational[] = {{"national_receipt"}, {"business_date"}, {"records", true}, {"sent"}, {"entry"}, {"reference"}};

// In the order of TableIndex.
constexpr Table kTables[] = {{"screenings", kScreenings}, {"tickets", kTickets}, {"refunds", kRefunds}, {"redemptions", kRedemptions},
                             {"grants", kGrants}, {"plays", kPlays}, {"observations", kObservations}, {"days", kDays},
                             {"revisions", kRevisions}, {"evacuations", kEvacuations}, {"reservations", kReservations},
                             {"concessions", kConcessions}, {"national_receipts", kNational}};
static_assert(std::size(kTables) == kTableCount);

void append_escaped(std::string& out, const std::string& text) {
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
}

}  // namespace

std::span<const Table> projection_tables() { return kTables; }

std::string row_line(const Row& row) {
  std::string out(kTables[row.table].name);
  for (const auto& cell : row.cells) {
    out += '\t';
    if (const auto* number = std::get_if<std::int64_t>(&cell)) out += std::to_string(*number);
    else append_escaped(out, std::get<std::string>(cell));
  }
  return out;
}

std::string dump_rows(std::vector<Row> rows) {
  std::ranges::sort(rows, [](const Row& a, const Row& b) {
    if (a.table != b.table) return a.table < b.table;
    return std::get<std::string>(a.cells.front()) < std::get<std::string>(b.cells.front());
  });
  std::string out;
  for (const auto& row : rows) {
    out += row_line(row);
    out += '\n';
  }
  return out;
}

}  // namespace promenade::ticketing
