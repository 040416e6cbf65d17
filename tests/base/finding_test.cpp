#include "tracking/base/finding.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::base;

TEST_CASE("a finding prints as one line: place, severity, code, key, sentence, expectation") {
  const Finding finding{.severity = Severity::error,
                        .code = "polygon-open",
                        .file = "venue.toml",
                        .line = 12,
                        .key = "hall.outline_m",
                        .message = "The outline is not closed.",
                        .expected = "Repeat the first point at its end."};
  CHECK(to_string(finding) ==
        "venue.toml:12: error[polygon-open] hall.outline_m: The outline is not closed. Repeat the first point at its end.");
}

TEST_CASE("parts that a format does not have are left out") {
  Finding finding{.severity = Severity::warning, .code = "short", .file = {}, .line = 0, .key = {},
                  .message = "It is short.", .expected = {}};
  CHECK(to_string(finding) == "warning[short]: It is short.");
  finding.file = "film.ppk";
  CHECK(to_string(finding) == "film.ppk: warning[short]: It is short.");
}

TEST_CASE("only errors forbid the use of a file") {
  Findings findings;
  CHECK_FALSE(has_errors(findings));
  CHECK(to_string(findings).empty());
  findings.push_back({.severity = Severity::warning, .code = "a", .file = {}, .line = 0, .key = {}, .message = "A.", .expected = {}});
  CHECK_FALSE(has_errors(findings));
  findings.push_back({.severity = Severity::error, .code = "b", .file = {}, .line = 0, .key = {}, .message = "B.", .expected = {}});
  CHECK(has_errors(findings));
  CHECK(to_string(findings) == "warning[a]: A.\nerror[b]: B.\n");
}
