#include "tracking/base/formatted.h"

namespace promenade::base {

std::string vformatted(std::string_view pattern, std::format_args arguments) { return std::vformat(pattern, arguments); }

}  // namespace promenade::base
