#pragma once
// Strong identifiers: ids of different kinds never compare, convert or mix.
// Number ids have 0 as "none"; text ids have the empty string as "none".

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace promenade::base {

template <class Tag, class Rep>
class Id {
 public:
  using rep = Rep;
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(std::move(value)) {}
  constexpr const Rep& value() const { return value_; }
  constexpr bool is_none() const { return value_ == Rep{}; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  Rep value_{};
};

using HeadsetId = Id<struct HeadsetTag, std::uint16_t>;   // number on the headset's shell, 1..65535
using ViewerId = Id<struct ViewerTag, std::uint32_t>;     // one visit of one person to the hall
using PlayId = Id<struct PlayTag, std::uint64_t>;         // one viewer or group watching one film once
using BodyId = Id<struct BodyTag, std::uint32_t>;         // one person's body in the hall
using GroupId = Id<struct GroupTag, std::uint32_t>;       // viewers who watch together
using EpochId = Id<struct EpochTag, std::uint64_t>;       // one start or take-over of a hall program
using FilmId = Id<struct FilmTag, std::string>;           // film code of the package's manifest
using TicketId = Id<struct TicketTag, std::string>;       // ticket code as printed, 16 digits
using LaneId = Id<struct LaneTag, std::string>;           // screen code of a lane
using ScreeningId = Id<struct ScreeningTag, std::string>; // reporting unit of tickets
using HallId = Id<struct HallTag, std::string>;
using VenueId = Id<struct VenueTag, std::string>;

}  // namespace promenade::base

template <class Tag, class Rep>
struct std::hash<promenade::base::Id<Tag, Rep>> {
  std::size_t operator()(const promenade::base::Id<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value());
  }
};
