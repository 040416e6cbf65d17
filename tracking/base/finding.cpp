#include "tracking/base/finding.h"

#include <algorithm>

#include "tracking/base/formatted.h"

namespace promenade::base {

std::string to_string(const Finding& finding) {
  std::string where = finding.file;
  if (finding.line > 0) where += base::formatted(":{}", finding.line);
  if (!where.empty()) where += ": ";
  const char* severity = finding.severity == Severity::error ? "error" : "warning";
  std::string text = base::formatted("{}{}[{}]", where, severity, finding.code);
  if (!finding.key.empty()) text += " " + finding.key;
  text += ": " + finding.message;
  if (!finding.expected.empty()) text += " " + finding.expected;
  return text;
}

std::string to_string(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) text += to_string(finding) + "\n";
  return text;
}

bool has_errors(const Findings& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::error; });
}

}  // namespace promenade::base
