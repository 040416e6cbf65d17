#include "runtime/ui/text.h"

#include <algorithm>
#include <array>

namespace promenade::ui {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::u32string_view kNeverFirst = U"，。、；：？！…—·）》」』”’】〉〕％,.;:?!)]}%";
constexpr std::u32string_view kNeverLast = U"（《「『“‘【〈〔([{";

char32_t take(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : (lead >> 5) == 0x6 ? 2 : (lead >> 4) == 0xE ? 3 : (lead >> 3) == 0x1E ? 4 : 0;
  if (length == 0 || at + length > text.size()) return ++at, kReplacement;
  char32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return ++at, kReplacement;
    c = (c << 6) | (byte(at + i) & 0x3Fu);
  }
  at += length;
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  return c < kLeast[length] || c > 0xFFFF || (c >= 0xD800 && c < 0xE000) ? kReplacement : c;
}

bool may_break_between(char32_t before, char32_t after) {
  if (after == U' ') return false;  // the blank goes with the piece before it
  if (kNeverFirst.contains(after) || kNeverLast.contains(before)) return false;
  return before == U' ' || is_wide(before) || is_wide(after);
}

std::u32string_view without_last_blanks(std::u32string_view line) {
  while (!line.empty() && line.back() == U' ') line.remove_suffix(1);
  return line;
}

// What stands together, with the blanks behind it.
struct Piece {
  std::u32string_view text;
  bool ends_line = false;  // a line feed stood behind it
};

std::vector<Piece> pieces_of(std::u32string_view points) {
  std::vector<Piece> pieces;
  std::size_t from = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool forced = points[i] == U'\n';
    const bool last = i + 1 == points.size();
    if (!forced && !last && !may_break_between(points[i], points[i + 1]) && points[i + 1] != U'\n') continue;
    pieces.push_back({points.substr(from, i - from + (forced ? 0 : 1)), forced});
    from = i + 1;
  }
  return pieces;
}

class Breaker {
 public:
  Breaker(float width, const Measure& measure) : width_(width), measure_(measure) {}

  void add(std::u32string_view piece) {
    if (fits(line_ + std::u32string(piece))) {
      line_ += piece;
      return;
    }
    if (!line_.empty()) finish();
    while (!fits(piece) && piece.size() > 1) {
      std::size_t n = piece.size() - 1;
      while (n > 1 && !fits(piece.substr(0, n))) --n;
      line_ = piece.substr(0, n);
      finish();
      piece.remove_prefix(n);
    }
    line_ = piece;
  }
  void finish() {
    lines_.push_back(encode_utf8(without_last_blanks(line_)));
    line_.clear();
  }
  std::vector<std::string> lines_;

 private:
  bool fits(std::u32string_view text) const { return measure_(encode_utf8(without_last_blanks(text))) <= width_; }
  float width_;
  const Measure& measure_;
  std::u32string line_;
};

std::string with_ellipsis(std::string_view line, float width, const Measure& measure) {
  std::u32string text = decode_utf8(line);
  const bool wide = !text.empty() && is_wide(text.back());
  const std::string dots = wide ? "…" : "...";  // the Chinese face sets the one sign in mid-height
  while (!text.empty() && measure(encode_utf8(text) + dots) > width) text.pop_back();
  while (!text.empty() && (text.back() == U' ' || kNeverFirst.contains(text.back()))) text.pop_back();
  return encode_utf8(text) + dots;
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) points.push_back(take(text, at));
  return points;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3);
  for (const char32_t c : text) {
    if (c < 0x80) {
      bytes += static_cast<char>(c);
    } else if (c < 0x800) {
      bytes += static_cast<char>(0xC0 | (c >> 6));
      bytes += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      bytes += static_cast<char>(0xE0 | (c >> 12));
      bytes += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      bytes += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return bytes;
}

bool is_wide(char32_t c) { return (c >= 0x2E80 && c < 0xD7A4) || (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE50) || (c >= 0xFF00 && c < 0xFFF0); }

std::vector<std::string> break_lines(std::string_view text, float width, const Measure& measure, std::size_t lines_max) {
  const std::u32string points = decode_utf8(text);
  Breaker breaker(width, measure);
  for (const Piece& piece : pieces_of(points)) {
    breaker.add(piece.text);
    if (piece.ends_line) breaker.finish();
  }
  breaker.finish();
  std::vector<std::string> lines = std::move(breaker.lines_);
  if (lines.size() > lines_max && lines_max > 0) {
    lines.resize(lines_max);
    lines.back() = with_ellipsis(lines.back(), width, measure);
  }
  return lines;
}

std::vector<std::string> break_evenly(std::string_view text, float width, const Measure& measure, std::size_t lines_max) {
  constexpr int kHalvings = 8;  // to a 256th of the width
  const std::size_t count = break_lines(text, width, measure).size();
  if (count == 1 || count > lines_max) return break_lines(text, width, measure, lines_max);
  float fits = width, tight = 0.0f;  // so wide it takes as many lines; so wide more, or a word is cut
  const std::u32string points = decode_utf8(text);
  for (const Piece& piece : pieces_of(points)) tight = std::max(tight, measure(encode_utf8(without_last_blanks(piece.text))));
  for (int i = 0; i < kHalvings && tight < fits; ++i) {
    const float middle = (fits + tight) / 2;
    (break_lines(text, middle, measure).size() == count ? fits : tight) = middle;
  }
  return break_lines(text, fits, measure);
}

}  // namespace promenade::ui
