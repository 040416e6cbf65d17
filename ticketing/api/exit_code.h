#pragma once
// Exit codes of the ticketing programs: 0 done; 1 refused by the rules or by a check; 2 wrong usage or bad input;
// 3 the surroundings failed (port in use, disk full, ledger held by another program, no server). Pure.

#include <string_view>

namespace promenade::ticketing::api {

inline constexpr int kExitDone = 0, kExitRefused = 1, kExitUsage = 2, kExitEnvironment = 3;

int exit_code_of(std::string_view error_code);

}  // namespace promenade::ticketing::api
