#include "ticketing/api/exit_code.h"

#include <algorithm>
#include <array>

namespace promenade::ticketing::api {
namespace {

constexpr std::array<std::string_view, 15> kUsage{"request-malformed", "query-malformed", "date-malformed", "time-malformed", "money-malformed", "http-bad-url",
                                                  "scope-unknown", "key-name-bad", "config-malformed", "export-malformed", "http-malformed", "usage", "observations-malformed", "tls-unusable", "certificate-malformed"};

constexpr std::array<std::string_view, 36> kEnvironment{
    "ledger-in-use", "ledger-unreadable", "ledger-other-venue", "ledger-not-durable", "ledger-write-failed", "ledger-missing", "disk-full", "projection-differs",
    "port-in-use", "address-unavailable", "port-forbidden", "listen-failed", "http-unreachable", "http-interrupted", "http-answer-too-large", "http-error",
    "environment", "keys-unreadable", "keys-malformed", "key-unreadable", "key-malformed", "key-unwritable", "time-zones-missing", "busy", "stopping", "internal",
    "key-file", "store-unreadable", "store-in-use", "witness-in-use", "witness-unreadable", "witness-other-venue", "witness-write-failed", "backup-exists", "backup-failed",
    "copy-broken"};

}  // namespace

int exit_code_of(std::string_view error_code) {
  if (std::ranges::find(kUsage, error_code) != kUsage.end()) return kExitUsage;
  if (std::ranges::find(kEnvironment, error_code) != kEnvironment.end()) return kExitEnvironment;
  return kExitRefused;
}

}  // namespace promenade::ticketing::api
