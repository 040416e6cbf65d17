#include "showcontrol/link/library_time.h"

#include <dlfcn.h>

#include <chrono>
#include <ctime>
#include <optional>

#include "tracking/base/assert.h"

namespace {
constinit thread_local std::optional<std::time_t> told;
}

extern "C" std::time_t time(std::time_t* out) noexcept {
  using Time = std::time_t (*)(std::time_t*);
  static const auto system = reinterpret_cast<Time>(::dlsym(RTLD_NEXT, "time"));
  const std::time_t now = told ? *told : system(nullptr);
  if (out != nullptr) *out = now;
  return now;
}

namespace promenade::link {

LibraryTime::LibraryTime(base::UtcTime now) {
  PROMENADE_ASSERT(!told);
  told = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
}
LibraryTime::~LibraryTime() { told.reset(); }

}  // namespace promenade::link
