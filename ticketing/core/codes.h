#pragma once
// Shapes of the codes that the Chinese national ticketing system uses, as public adapters show them; the
// governing text, DY/T 10-2025, is not public. Pure; all codes are decimal digits.

#include <string_view>

namespace promenade::ticketing {

inline constexpr std::size_t kCinemaCodeSize = 8;
inline constexpr std::size_t kScreenCodeSize = 16;     // one per lane
inline constexpr std::size_t kScreeningCodeSize = 16;
inline constexpr std::size_t kFilmCodeSize = 12;       // 3 country, 1 version, 4 serial, 4 year
inline constexpr std::size_t kTicketCodeSize = 16;
inline constexpr std::size_t kChannelCodeSize = 8;     // who sold: "00000000" is the venue's own counter
inline constexpr std::size_t kMaxTicketsPerSale = 50;

bool is_cinema_code(std::string_view code);
bool is_screen_code(std::string_view code);
bool is_screening_code(std::string_view code);
bool is_film_code(std::string_view code);
bool is_ticket_code(std::string_view code);
bool is_channel_code(std::string_view code);
// Public screening permit, "电审虚字[2025]第001号" style: 4-digit year in brackets, 3 digits or more as number.
bool is_permit_number(std::string_view permit);

}  // namespace promenade::ticketing
