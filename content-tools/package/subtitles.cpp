#include "content-tools/package/subtitles.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "content-tools/package/text.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

constexpr std::size_t kMaxTextSize = 400;
constexpr int kMaxSubtitleFindings = 100;

class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
  }
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    return true;
  }
  int number() const { return number_; }

 private:
  std::string_view rest_;
  int number_ = 0;
};

// "HH:MM:SS,mmm" or "HH:MM:SS.mmm"; VTT may leave the hours out.
std::optional<double> parse_time(std::string_view text) {
  const std::size_t point = text.find_first_of(",.");
  if (point == std::string_view::npos || text.size() - point != 4) return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || digits.size() > 3 || digits.front() == '-' || error != std::errc{} ||
        end != digits.data() + digits.size()) {
      return std::nullopt;
    }
    return value;
  };
  double time_s = 0.0;
  int parts = 0;
  std::string_view clock = text.substr(0, point);
  for (std::size_t at = 0; at <= clock.size(); ++parts) {
    const std::size_t end = std::min(clock.find(':', at), clock.size());
    const auto value = number(clock.substr(at, end - at));
    if (!value || (parts > 0 && *value > 59)) return std::nullopt;
    time_s = time_s * 60.0 + *value;
    at = end + 1;
  }
  const auto thousandths = number(text.substr(point + 1));
  if (!thousandths || parts < 2 || parts > 3) return std::nullopt;
  return time_s + *thousandths / 1000.0;
}

// Without <...> and {...} marks, which the headset's own style replaces.
std::string without_tags(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char close = line[i] == '<' ? '>' : line[i] == '{' ? '}' : '\0';
    const std::size_t end = close ? line.find(close, i) : std::string_view::npos;
    if (end != std::string_view::npos) i = end;
    else out += line[i];
  }
  return std::string(trimmed(out));
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : lines_(text), file_(file) {}

  SubtitleFile run() {
    std::string_view line;
    while (lines_.next(line)) {
      // Only times matter; numbers, headers and notes between the blocks are for other programs.
      if (line.find("-->") != std::string_view::npos) block(line);
    }
    if (out_.texts.empty() && out_.findings.empty()) {
      add(0, "subtitle-none", "There is no subtitle in the file.", "Give SubRip (.srt) or WebVTT (.vtt).");
    }
    return std::move(out_);
  }

 private:
  void add(int line, std::string code, std::string message, std::string expected) {
    if (out_.findings.size() >= kMaxSubtitleFindings) return;
    out_.findings.push_back({base::Severity::error, std::move(code), file_, line, "", std::move(message), std::move(expected)});
  }

  void block(std::string_view times) {
    const int number = lines_.number();
    const std::size_t arrow = times.find("-->");
    const std::string_view after = trimmed(times.substr(arrow + 3));
    const auto start = parse_time(trimmed(times.substr(0, arrow)));
    const auto end = parse_time(after.substr(0, after.find_first_of(" \t")));
    TimedText entry{.line = number, .start_s = start.value_or(0), .end_s = end.value_or(0), .text = {}};
    std::string_view line;
    while (lines_.next(line) && !line.empty()) {
      const std::string plain = without_tags(line);
      if (!plain.empty()) entry.text += (entry.text.empty() ? "" : "\n") + plain;
    }
    if (!start || !end || *end <= *start) {
      return add(number, "subtitle-time", "The time of this subtitle is not right.",
                 "Write \"00:00:01,000 --> 00:00:03,500\", the end after the start.");
    }
    if (entry.text.empty()) return add(number, "subtitle-empty", "This subtitle has no text.", "Write it, or remove its time.");
    if (entry.text.size() > kMaxTextSize) {
      return add(number, "subtitle-too-long", base::formatted("This subtitle has {} bytes.", entry.text.size()),
                 base::formatted("Split it; the limit is {} bytes.", kMaxTextSize));
    }
    if (!out_.texts.empty() && entry.start_s < out_.texts.back().end_s - 1e-6) {
      return add(number, "subtitle-order", base::formatted("This subtitle begins before the one of line {} ends.", out_.texts.back().line),
                 "Put subtitles in order, without overlap.");
    }
    out_.texts.push_back(std::move(entry));
  }

  LineReader lines_;
  const std::string& file_;
  SubtitleFile out_;
};

double rounded_ms(double time_s) { return static_cast<double>(static_cast<std::int64_t>(time_s * 1000.0 + 0.5)) / 1000.0; }

}  // namespace

SubtitleFile parse_subtitles(std::string_view text, const std::string& file) {
  if (!is_utf8(text)) {
    return {{}, {{base::Severity::error, "subtitle-encoding", file, 0, "", "The file is not UTF-8.", "Save it as UTF-8."}}};
  }
  return Parser(text, file).run();
}

std::vector<double> scene_starts_s(const Manifest& manifest) {
  std::vector<double> starts = {0.0};
  if (!manifest.route) {
    starts.push_back(manifest.length_s);
    return starts;
  }
  const Route& route = *manifest.route;
  for (std::size_t i = 0; i < route.scenes.size(); ++i) {
    starts.push_back(starts.back() + route.scenes[i].dwell_s + leg_after_s(route, i));
  }
  return starts;
}

SubtitleTrack place_subtitles(const Manifest& manifest, const std::string& language, const SubtitleFile& subtitles,
                              const std::string& file, base::Findings& findings) {
  const std::vector<double> starts = scene_starts_s(manifest);
  SubtitleTrack track{.language = language, .lines = {}};
  std::vector<bool> spoken(manifest.scene_count(), false);
  const auto add = [&](int line, std::string code, std::string message, std::string expected, base::Severity severity) {
    findings.push_back({severity, std::move(code), file, line, "", std::move(message), std::move(expected)});
  };
  for (const TimedText& text : subtitles.texts) {
    const auto after = std::upper_bound(starts.begin(), starts.end() - 1, text.start_s + 1e-9);
    const auto scene = static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(after - starts.begin() - 1, 0));
    const bool is_last = scene + 2 == starts.size();
    if (text.end_s > starts[scene + 1] + 1e-6) {
      add(text.line, is_last ? "subtitle-beyond-end" : "subtitle-crosses-scene",
          base::formatted("The subtitle lasts until {:.3f} s, {} at {:.3f} s.", text.end_s,
                      is_last ? "the film ends" : base::formatted("scene {} begins", scene + 1), starts[scene + 1]),
          "End it before.", base::Severity::error);
      continue;
    }
    spoken[scene] = true;
    track.lines.push_back({scene, rounded_ms(text.start_s - starts[scene]),
                           std::min(rounded_ms(text.end_s - starts[scene]), starts[scene + 1] - starts[scene]), text.text});
  }
  for (std::size_t i = 0; manifest.route && i < spoken.size(); ++i) {
    if (spoken[i]) continue;
    add(0, "subtitle-scene-silent", base::formatted("Scene {} (\"{}\") has no subtitle in \"{}\".", i, manifest.route->scenes[i].name, language),
        "Nothing to do if nobody speaks there.", base::Severity::warning);
  }
  return track;
}

}  // namespace promenade::package
