#include "ticketing/web/qr.h"

#include <qrencode.h>

#include <memory>

#include "ticketing/web/html.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

constexpr int kQuiet = 4;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

class Modules {
 public:
  explicit Modules(std::unique_ptr<QRcode, FreeCode> code) : code_(std::move(code)) {}
  int width() const { return code_->width; }
  bool dark(int x, int y) const {
    if (x < 0 || y < 0 || x >= width() || y >= width()) return false;
    return (code_->data[y * width() + x] & 1) != 0;
  }

 private:
  std::unique_ptr<QRcode, FreeCode> code_;
};

base::Result<Modules> encode(std::string_view text) {
  const std::string copy(text);
  std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeData(static_cast<int>(copy.size()), reinterpret_cast<const unsigned char*>(copy.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr)
    return base::fail("qr-too-long", base::formatted("{} bytes do not fit a QR code.", copy.size()), "Use a shorter text.");
  return Modules(std::move(code));
}

}  // namespace

base::Result<std::string> qr_svg(std::string_view text, std::string_view label) {
  auto modules = encode(text);
  if (!modules) return std::unexpected(modules.error());
  const int size = modules->width() + 2 * kQuiet;
  std::string path;
  for (int y = 0; y < modules->width(); ++y) {
    for (int x = 0; x < modules->width(); ++x) {
      if (!modules->dark(x, y)) continue;
      int run = 1;
      while (modules->dark(x + run, y)) ++run;
      path += base::formatted("M{} {}h{}v1h-{}z", x + kQuiet, y + kQuiet, run, run);
      x += run;
    }
  }
  return base::formatted(
      "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" role=\"img\" aria-label=\"{1}\" "
      "shape-rendering=\"crispEdges\"><rect width=\"{0}\" height=\"{0}\" fill=\"#fff\"/><path d=\"{2}\" fill=\"#000\"/></svg>",
      size, escape(label), path);
}

base::Result<std::string> qr_terminal(std::string_view text) {
  auto modules = encode(text);
  if (!modules) return std::unexpected(modules.error());
  std::string out;
  for (int y = -kQuiet; y < modules->width() + kQuiet; y += 2) {
    out += "\x1b[30;107m";
    for (int x = -kQuiet; x < modules->width() + kQuiet; ++x) {
      const bool upper = modules->dark(x, y);
      const bool lower = modules->dark(x, y + 1);
      out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    out += "\x1b[0m\n";
  }
  return out;
}

}  // namespace promenade::ticketing::web
