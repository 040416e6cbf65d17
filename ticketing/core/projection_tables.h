#pragma once
// The tables of the projection by name, for the state that fills them. Pure.

#include <cstddef>

namespace promenade::ticketing {

enum TableIndex : std::size_t {
  kScreeningTable, kTicketTable, kRefundTable, kRedemptionTable, kGrantTable, kPlayTable, kObservationTable, kDayTable,
  kRevisionTable, kEvacuationTable, kReservationTable, kConcessionTable, kNationalTable, kTableCount
};

}  // namespace promenade::ticketing
