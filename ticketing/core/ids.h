#pragma once
// Where ticket codes come from: an injected source of random bytes, seeded in simulation, the system's own at
// the rim. Other ids need no randomness: a redemption and a grant are named by their request's idempotency key,
// a sale or refund by its place in the ledger.

#include <cstdint>
#include <span>
#include <string>

#include "tracking/base/id.h"
#include "tracking/base/random.h"

namespace promenade::ticketing {

using RedemptionId = base::Id<struct RedemptionTag, std::string>;
using GrantId = base::Id<struct GrantTag, std::string>;
using ReservationId = base::Id<struct ReservationTag, std::string>;  // the idempotency key of its request
using PlayCode = base::Id<struct PlayCodeTag, std::string>;  // "HALL-<epoch>-<n>"

class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

class SeededIdSource final : public IdSource {
 public:
  explicit SeededIdSource(std::uint64_t seed) : random_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  base::Random random_;
};

base::TicketId random_ticket_code(IdSource& source);  // 16 digits, the first not 0

PlayCode play_code(const base::HallId& hall, base::EpochId epoch, std::uint64_t number);
bool is_play_code(const std::string& text);  // HALL-<epoch>-<n>; HALL of letters, digits, '-' and '_'

}  // namespace promenade::ticketing
