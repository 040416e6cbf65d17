#include "ticketing/api/witness_link.h"

#include "ticketing/api/gate.h"
#include "ticketing/store/witness_file.h"
#include "tracking/base/assert.h"
#include "tracking/base/http/client.h"

namespace promenade::ticketing::api {
namespace {

class FileLink final : public WitnessLink {
 public:
  explicit FileLink(store::WitnessFile file) : file_(std::move(file)) {}
  base::Result<std::optional<Checkpoint>> last() override { return file_.last(); }
  base::Result<void> offer(const Submission& submission) override { return file_.offer(submission); }

 private:
  store::WitnessFile file_;
};

class HttpWitness final : public WitnessLink {
 public:
  HttpWitness(base::http::Client client, const base::VenueId& venue) : client_(std::move(client)), path_("/v1/witness/" + base::http::url_encode(venue.value())) {}

  base::Result<std::optional<Checkpoint>> last() override {
    const auto response = client_.get(path_);
    if (!response) return std::unexpected(response.error());
    if (response->status == 404 && error_of(*response).code == "checkpoint-none") return std::nullopt;
    if (response->status != 200) return std::unexpected(error_of(*response));
    auto checkpoint = checkpoint_from_text(response->body);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    return *checkpoint;
  }

  base::Result<void> offer(const Submission& submission) override {
    const auto response = client_.post(path_, to_json(submission).dump(), "application/json");
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(error_of(*response));
    return {};
  }

 private:
  base::http::Client client_;
  std::string path_;
};

}  // namespace

base::Result<std::unique_ptr<WitnessLink>> open_witness(const std::string& place, const std::string& key, const base::VenueId& venue) {
  if (place.starts_with("http://") || place.starts_with("https://")) {
    base::http::Headers headers;
    if (!key.empty()) headers["Authorization"] = "Bearer " + key;
    auto client = base::http::Client::open({.base_url = place, .headers = headers});
    if (!client) return std::unexpected(client.error());
    return std::make_unique<HttpWitness>(std::move(*client), venue);
  }
  auto file = store::WitnessFile::open(place, venue);
  if (!file) return std::unexpected(file.error());
  return std::make_unique<FileLink>(std::move(*file));
}

base::Result<void> check_against(const Checkpoint& witnessed, const store::BoxOffice& office) {
  if (witnessed.size > office.head().seq) {
    return base::fail("ledger-cut", "The outside witness has a checkpoint of " + std::to_string(witnessed.size) + " events of " + to_text(witnessed.at) + "; this ledger ends at event " +
                                        std::to_string(office.head().seq) + ": its end was cut off, or it is an old copy.",
                      "Restore the newest copy; the events after it are with the circuit (docs/runbook.md).");
  }
  if (witnessed.root != office.tree().root(witnessed.size)) {
    return base::fail("checkpoint-differs", "The outside witness's checkpoint of " + std::to_string(witnessed.size) + " events is not of this ledger's: they were written anew.",
                      "Keep this ledger as evidence; restore the right one from a copy.");
  }
  return {};
}

Submission submission_of(const store::BoxOffice& office, std::uint64_t from) {
  const auto& last = office.last_checkpoint();
  PROMENADE_ASSERT(last && from <= last->size);
  return {*last, office.state().log_keys().all(), from, office.tree().consistency(from, last->size)};
}

}  // namespace promenade::ticketing::api
