#pragma once
// A QR code (ISO/IEC 18004, error correction M) as text for a terminal: two modules in each character. Pure.

#include <string>
#include <string_view>

#include "tracking/base/result.h"

namespace promenade::enrol {

// Lines for a terminal, with the quiet border of four modules, dark on light whatever the terminal's colours are. Code "qr-too-large".
base::Result<std::string> terminal_qr(std::string_view text);

}  // namespace promenade::enrol
