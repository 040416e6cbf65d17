#include "ticketing/core/codes.h"

#include <algorithm>

namespace promenade::ticketing {
namespace {

bool digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool is_code(std::string_view text, std::size_t size) { return text.size() == size && digits(text); }

}  // namespace

bool is_cinema_code(std::string_view code) { return is_code(code, kCinemaCodeSize); }
bool is_screen_code(std::string_view code) { return is_code(code, kScreenCodeSize); }
bool is_screening_code(std::string_view code) { return is_code(code, kScreeningCodeSize); }
bool is_film_code(std::string_view code) { return is_code(code, kFilmCodeSize); }
bool is_ticket_code(std::string_view code) { return is_code(code, kTicketCodeSize); }
bool is_channel_code(std::string_view code) { return is_code(code, kChannelCodeSize); }

bool is_permit_number(std::string_view permit) {
  constexpr std::string_view kFront = "电审虚字[", kMiddle = "]第", kBack = "号";
  if (!permit.starts_with(kFront) || !permit.ends_with(kBack)) return false;
  permit.remove_prefix(kFront.size());
  permit.remove_suffix(std::min(kBack.size(), permit.size()));
  if (permit.size() < 4 + kMiddle.size() + 3 || permit.substr(4, kMiddle.size()) != kMiddle) return false;
  const std::string_view number = permit.substr(4 + kMiddle.size());
  return digits(permit.substr(0, 4)) && digits(number) && number.size() <= 6;
}

}  // namespace promenade::ticketing
