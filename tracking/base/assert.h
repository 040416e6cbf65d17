#pragma once
// Programmer errors: checks that stay on in release, say where, and end the program.
// The supervisor restarts it; a headset restarts in "stand still".

namespace promenade::base {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}

#define PROMENADE_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::promenade::base::assertion_failed(#expression, __FILE__, __LINE__))
