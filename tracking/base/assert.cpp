#include "tracking/base/assert.h"

#include <cstdio>
#include <exception>

namespace promenade::base {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "promenade: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::terminate();
}

}  // namespace promenade::base
