#include "ticketing/core/observation_file.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

namespace promenade::ticketing {
namespace {

constexpr std::size_t kMostLines = 100'000;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::unexpected<base::Error> malformed(std::size_t line, const std::string& what) {
  return base::fail("observations-malformed", "Line " + std::to_string(line) + ": " + what + ".", "Nothing of the file was booked: correct it and hand it in again.");
}

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

base::Result<std::vector<Observation>> observations_from_csv(std::string_view text, const RequestHead& head) {
  if (text.starts_with(kBom)) text.remove_prefix(kBom.size());
  std::vector<Observation> out;
  std::map<std::string, std::size_t> columns;
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (line > kMostLines) return malformed(line, "there are more lines than 100,000");
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto fields = fields_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (columns.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) columns[fields[i]] = i;
      for (const char* name : {"sensor", "hall", "from", "to", "entered", "left"})
        if (!columns.contains(name)) return malformed(line, std::string("the header has no column ") + name);
      continue;
    }
    const auto field = [&](const char* name) { const auto at = columns.find(name); return at == columns.end() || at->second >= fields.size() ? std::string() : fields[at->second]; };
    Observation o;
    o.head = head;
    o.sensor = field("sensor");
    o.hall = base::HallId(field("hall"));
    o.reason = field("reason");
    o.known = o.reason.empty();
    const auto from = utc_from_text(field("from")), to = utc_from_text(field("to"));
    if (!from || !to) return malformed(line, "\"from\" or \"to\" is not a UTC time such as 2026-05-01T04:00:00Z");
    o.from = *from;
    o.to = *to;
    for (const auto& [name, number] : {std::pair("entered", &o.entered), std::pair("left", &o.left)}) {
      const std::string digits = field(name);
      if (!o.known && digits.empty()) continue;
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
      if (error != std::errc{} || stop != digits.data() + digits.size()) return malformed(line, std::string("\"") + name + "\" is not a whole number");
    }
    o.head.idempotency_key = "observation-" + o.sensor + "-" + std::to_string(o.from.time_since_epoch().count());
    if (const auto checked = request_from_json(to_json(Request(o))); !checked) return malformed(line, checked.error().message);
    out.push_back(std::move(o));
  }
  if (columns.empty()) return malformed(1, "the file is empty");
  return out;
}

}  // namespace promenade::ticketing
