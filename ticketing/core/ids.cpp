#include "ticketing/core/ids.h"

#include <algorithm>
#include <array>

namespace promenade::ticketing {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 20 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void SeededIdSource::fill(std::span<std::uint8_t> bytes) {
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_() >> 56);
}

base::TicketId random_ticket_code(IdSource& source) {
  constexpr std::uint64_t kFirst = 1'000'000'000'000'000;
  constexpr std::uint64_t kCount = 9 * kFirst;
  constexpr std::uint64_t kLimit = (~std::uint64_t{0} / kCount) * kCount;  // beyond it the low codes would be likelier
  std::uint64_t value = 0;
  do {
    std::array<std::uint8_t, 8> bytes{};
    source.fill(bytes);
    value = 0;
    for (const auto byte : bytes) value = value << 8 | byte;
  } while (value >= kLimit);
  return base::TicketId(std::to_string(kFirst + value % kCount));
}

PlayCode play_code(const base::HallId& hall, base::EpochId epoch, std::uint64_t number) {
  return PlayCode(hall.value() + "-" + std::to_string(epoch.value()) + "-" + std::to_string(number));
}

bool is_play_code(const std::string& text) {
  if (text.size() > 80) return false;
  const std::size_t last = text.rfind('-');
  if (last == std::string::npos || last == 0) return false;
  const std::size_t middle = text.rfind('-', last - 1);
  if (middle == std::string::npos || middle == 0) return false;
  const std::string_view view = text;
  const auto hall_letter = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  return std::ranges::all_of(view.substr(0, middle), hall_letter) && is_number(view.substr(middle + 1, last - middle - 1)) &&
         is_number(view.substr(last + 1));
}

}  // namespace promenade::ticketing
