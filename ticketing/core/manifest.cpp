#include "ticketing/core/manifest.h"

#include <algorithm>

#include "ticketing/core/json_fields.h"

namespace promenade::ticketing {
namespace {

nlohmann::json unsigned_manifest(const DayManifest& m) {
  nlohmann::json out{{"format", kManifestDomain}, {"venue", m.venue.value()}, {"business_date", m.date.text()}, {"final", m.final}, {"revision", m.revision},
                     {"data_through", m.data_through}, {"json", base::to_hex(m.json)}, {"csv", base::to_hex(m.csv)}, {"key", base::to_hex(m.key)}};
  if (m.checkpoint) out["checkpoint"] = to_json(*m.checkpoint);
  return out;
}

base::Signature manifest_signature(FieldReader& in) {
  base::Signature out{};
  const auto bytes = base::from_hex(in.text("signature", 128, 128));
  if (bytes && bytes->size() == out.size()) std::ranges::copy(*bytes, out.begin());
  else in.reject("The field \"signature\" is not 128 hex digits.");
  return out;
}

}  // namespace

DayManifest sign_manifest(DayManifest manifest, const base::KeyPair& log_key) {
  manifest.key = log_key.public_key();
  manifest.signature = log_key.sign(kManifestDomain, base::as_bytes(canonical_text(unsigned_manifest(manifest))));
  return manifest;
}

bool is_signed(const DayManifest& manifest) {
  return base::verify(manifest.key, kManifestDomain, base::as_bytes(canonical_text(unsigned_manifest(manifest))), manifest.signature);
}

nlohmann::json to_json(const DayManifest& manifest) {
  nlohmann::json out = unsigned_manifest(manifest);
  out["signature"] = base::to_hex(manifest.signature);
  return out;
}

base::Result<DayManifest> manifest_from_json(const nlohmann::json& document) {
  FieldReader in(document, "manifest", "manifest-malformed");
  DayManifest m;
  if (in.text("format", 1, 40) != kManifestDomain) in.reject("The manifest is not of the format promenade-day-manifest-1.");
  m.venue = base::VenueId(in.text("venue", 1, 80));
  m.date = in.date("business_date");
  m.final = in.flag("final");
  m.revision = static_cast<int>(in.number("revision", 0, 1'000'000));
  m.data_through = static_cast<std::uint64_t>(in.number("data_through", 0, INT64_MAX));
  m.json = in.hash("json");
  m.csv = in.hash("csv");
  m.key = in.hash("key");
  m.signature = manifest_signature(in);
  if (in.has("checkpoint")) {
    auto checkpoint = checkpoint_from_json(in.any("checkpoint"));
    if (!checkpoint) return std::unexpected(checkpoint.error());
    m.checkpoint = std::move(*checkpoint);
  }
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return m;
}

}  // namespace promenade::ticketing
