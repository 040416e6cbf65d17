#include "showcontrol/enrol/terminal_qr.h"

#include <qrencode.h>

#include <memory>

namespace promenade::enrol {

base::Result<std::string> terminal_qr(std::string_view text) {
  const std::string terminated(text);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  if (!code) return base::fail("qr-too-large", "The text is too long for a QR code.");
  constexpr int kBorder = 4;
  const auto dark = [&](int x, int y) { return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0; };
  std::string lines;
  for (int y = -kBorder; y < code->width + kBorder; y += 2) {
    lines += "\x1b[30;107m";  // black on bright white
    for (int x = -kBorder; x < code->width + kBorder; ++x) {
      const bool upper = dark(x, y), lower = dark(x, y + 1);
      lines += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    lines += "\x1b[0m\n";
  }
  return lines;
}

}  // namespace promenade::enrol
