#pragma once
// Programmer errors: checks that stay on in release, say where, and end the program.
// In a venue systemd starts hall and box office again (units in docs/runbook.md); a headset program that is started
// again shows "stand still" until it knows hall and place.

namespace promenade::base {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}

#define PROMENADE_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::promenade::base::assertion_failed(#expression, __FILE__, __LINE__))
