#pragma once
// What a venue signs about one day's report: the hashes of the very bytes that it serves as JSON and CSV, and the checkpoint that
// it had signed by then. Whoever holds the two files and the log key can show later what the venue said. Pure.

#include <nlohmann/json.hpp>

#include "ticketing/core/checkpoint.h"

namespace promenade::ticketing {

inline constexpr std::string_view kManifestDomain = "promenade-day-manifest-1";

struct DayManifest {
  base::VenueId venue;
  BusinessDate date;
  bool final = false;
  int revision = 0;                      // 0 while the day is open
  std::uint64_t data_through = 0;        // last event that the report takes in
  base::Hash json{}, csv{};              // BLAKE2b-256
  std::optional<Checkpoint> checkpoint;  // the last one; none before the first minute
  base::PublicKey key{};
  base::Signature signature{};
  friend bool operator==(const DayManifest&, const DayManifest&) = default;
};

// Signs everything but the signature, the key too, which it sets.
DayManifest sign_manifest(DayManifest manifest, const base::KeyPair& log_key);
bool is_signed(const DayManifest& manifest);  // by the key that it names
nlohmann::json to_json(const DayManifest& manifest);
base::Result<DayManifest> manifest_from_json(const nlohmann::json& json);  // strict; error "manifest-malformed"; the signature is not checked

}  // namespace promenade::ticketing
