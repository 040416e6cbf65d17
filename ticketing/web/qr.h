#pragma once
// QR codes of short texts, as inline SVG and as text for a terminal. Pure. The one home of libqrencode.
// Error correction level M (ISO/IEC 18004: 15 % of the code may be lost), for prints that get creased.

#include <string>
#include <string_view>

#include "tracking/base/result.h"

namespace promenade::ticketing::web {

// One path on a white square with the four modules of quiet zone that scanners need. Scales to its box.
// Fails with code "qr-too-long" beyond 2,331 bytes.
base::Result<std::string> qr_svg(std::string_view text, std::string_view label);
// Half-block characters, dark on light, two rows of modules a line.
base::Result<std::string> qr_terminal(std::string_view text);

}  // namespace promenade::ticketing::web
