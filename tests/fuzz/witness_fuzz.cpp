// Any text as a submission to a witness, and as a counter's file: never crashes; what reads writes the same again; a witness
// takes nothing that the venue's key has not signed.
#include <cstddef>
#include <cstdint>

#include "ticketing/core/observation_file.h"
#include "ticketing/core/witness.h"
#include "tracking/base/assert.h"
#include "tracking/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace promenade;
  using namespace promenade::ticketing;
  static const auto nobody = base::KeyPair::from_seed({42});  // has signed nothing that a corpus could hold
  const auto text = base::as_text({data, size});
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_discarded()) {
    const auto submission = submission_from_json(json);
    if (submission) {
      PROMENADE_ASSERT(submission_from_json(to_json(*submission)) == submission);
      Witness witness(base::VenueId("test-venue"), nobody.public_key());
      PROMENADE_ASSERT(!witness.offer(*submission) && !witness.last());
    }
    if (const auto checkpoint = checkpoint_from_json(json)) {
      PROMENADE_ASSERT(checkpoint_from_json(to_json(*checkpoint)) == checkpoint);
      static_cast<void>(is_signed(*checkpoint));
    }
    if (const auto key = log_key_from_json(json)) {
      LogKeys keys;
      static_cast<void>(keys.add(*key));
    }
  }
  const RequestHead head{"", "fuzz", base::UtcTime(std::chrono::seconds(1'777'608'000)), "fuzz"};
  if (const auto read = observations_from_csv(text, head)) {
    for (const Observation& o : *read) PROMENADE_ASSERT(request_from_json(to_json(Request(o))).has_value());
  }
  return 0;
}
