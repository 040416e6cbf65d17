// Checkpoints, log keys and the witness: what is taken, and how each lie is refused.
#include "ticketing/core/checkpoint.h"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/merkle.h"
#include "ticketing/core/witness.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::test;

namespace {


base::KeyPair log_key(std::uint8_t number) {
  base::KeySeed seed{};
  seed.fill(number);
  return base::KeyPair::from_seed(seed);
}

// A venue's log of numbered leaves, and what it would send a witness.
struct Log {
  MerkleTree tree;
  base::KeyPair key = log_key(1);
  std::vector<LogKey> keys{make_log_key(kVenue, 1, log_key(1), nullptr)};

  explicit Log(std::uint64_t size = 0, const std::string& leaf = "event ") {
    for (std::uint64_t i = 0; i < size; ++i) add(leaf);
  }
  void add(const std::string& leaf = "event ") { tree.append(base::as_bytes(leaf + std::to_string(tree.size()))); }
  void rotate(std::uint8_t number) {
    keys.push_back(make_log_key(kVenue, tree.size() + 1, log_key(number), &key));
    add("key ");
    key = log_key(number);
  }
  Checkpoint checkpoint() const { return sign_checkpoint({kVenue, tree.size(), tree.root(), merkle_leaf(base::as_bytes("head")), noon(), std::nullopt, {}, {}}, key); }
  Submission submission(std::uint64_t from) const { return {checkpoint(), keys, from, from < tree.size() ? tree.consistency(from, tree.size()) : std::vector<base::Hash>{}}; }
};

std::string refused(Witness& witness, const Submission& submission) {
  const auto before = witness.last();
  const auto done = witness.offer(submission);
  CHECK(witness.last() == (done ? std::optional(submission.checkpoint) : before));
  return done ? std::string() : done.error().code;
}

}  // namespace

TEST_CASE("the text of a checkpoint is fixed and reads back") {
  Checkpoint c{kVenue, 7, merkle_leaf(base::as_bytes("root")), merkle_leaf(base::as_bytes("head")), noon(), BusinessDate::from_text("2026-05-01").value(), {}, {}};
  c = sign_checkpoint(c, log_key(1));
  const std::string text = canonical_text(to_json(c));
  CHECK(matches_golden("checkpoint.json", text + "\n"));
  CHECK(checkpoint_from_text(text) == base::Result<Checkpoint>(c));
  CHECK(is_signed(c));
  for (const char* field : {"venue", "size", "root", "head_hash", "at", "closes", "key", "signature"}) {
    auto json = to_json(c);
    json[field] = field == std::string("size") ? nlohmann::json(8) : field == std::string("closes") ? nlohmann::json("2026-05-02")
                  : field == std::string("at") ? nlohmann::json("2026-05-01T04:00:01Z") : field == std::string("venue") ? nlohmann::json("other")
                  : nlohmann::json(std::string(field == std::string("signature") ? 128 : 64, 'a'));
    INFO(field);
    CHECK_FALSE(is_signed(checkpoint_from_json(json).value()));
  }
  for (const char* bad : {"", "[]", "{}", R"({"format":"promenade-checkpoint-2"})"}) CHECK(checkpoint_from_text(bad).error().code == "checkpoint-malformed");
  auto more = to_json(c);
  more["note"] = "x";
  CHECK(checkpoint_from_json(more).error().code == "checkpoint-malformed");
}

TEST_CASE("a log key follows another only with the other's word") {
  const LogKey first = make_log_key(kVenue, 1, log_key(1), nullptr);
  const auto old_key = log_key(1);
  const LogKey second = make_log_key(kVenue, 9, log_key(2), &old_key);
  CHECK(log_key_from_json(to_json(second)) == base::Result<LogKey>(second));
  LogKeys keys;
  REQUIRE(keys.add(first));
  REQUIRE(keys.add(second));
  CHECK(keys.at(8)->key == first.key);
  CHECK(keys.at(9)->key == second.key);
  CHECK(keys.at(0) == nullptr);
  const auto refused_after_first = [&](const LogKey& key) {
    LogKeys only;
    REQUIRE(only.add(first));
    return only.add(key).error().code;
  };
  const auto thief = log_key(9);
  CHECK(refused_after_first(make_log_key(kVenue, 9, log_key(2), &thief)) == "log-key-unendorsed");
  CHECK(refused_after_first(make_log_key(kVenue, 9, log_key(2), nullptr)) == "log-key-unendorsed");
  CHECK(refused_after_first(make_log_key(kVenue, 1, log_key(2), &old_key)) == "log-key-malformed");
  CHECK(refused_after_first(make_log_key(base::VenueId("other"), 9, log_key(2), &old_key)) == "log-key-malformed");
  LogKey borrowed = second;
  borrowed.key = log_key(3).public_key();
  CHECK(refused_after_first(borrowed) == "log-key-malformed");
  CHECK(LogKeys{}.add(second).error().code == "log-key-unendorsed");
  CHECK(LogKeys{}.add(make_log_key(kVenue, 0, log_key(1), nullptr)).error().code == "log-key-malformed");
}

TEST_CASE("a witness takes what grows and refuses a shorter and another ledger") {
  Log log(5);
  Witness witness(kVenue);
  CHECK(refused(witness, log.submission(0)) == "");
  CHECK(refused(witness, log.submission(0)) == "");  // the same again, as a sign of life
  for (int i = 0; i < 3; ++i) log.add();
  CHECK(refused(witness, log.submission(4)) == "proof-needed");
  CHECK(refused(witness, log.submission(5)) == "");
  CHECK(refused(witness, Log(5).submission(0)) == "checkpoint-rolled-back");
  CHECK(refused(witness, Log(8, "lie ").submission(8)) == "checkpoint-forked");
  CHECK(refused(witness, Log(20, "lie ").submission(8)) == "checkpoint-forked");
  Submission unproven = Log(20).submission(8);
  unproven.proof.clear();
  CHECK(refused(witness, unproven) == "checkpoint-forked");
  Submission forged = Log(20).submission(8);
  forged.checkpoint.root[0] ^= 1;
  CHECK(refused(witness, forged) == "checkpoint-forged");
  CHECK(refused(witness, Log(20).submission(8)) == "");
}

TEST_CASE("a witness follows a rotation and no other key") {
  Log log(5);
  Witness witness(kVenue, log.keys[0].key);
  REQUIRE(witness.offer(log.submission(0)));
  Log stolen = log;
  stolen.key = log_key(9);
  stolen.add();
  CHECK(refused(witness, stolen.submission(5)) == "log-key-unknown");
  stolen.keys = {make_log_key(kVenue, 1, log_key(9), nullptr)};
  CHECK(refused(witness, stolen.submission(5)) == "log-key-other");
  log.rotate(2);
  CHECK(refused(witness, log.submission(5)) == "");
  log.add();
  Submission old_signed = log.submission(6);
  old_signed.checkpoint = sign_checkpoint(old_signed.checkpoint, log_key(1));
  CHECK(refused(witness, old_signed) == "log-key-unknown");
  Submission forgetful = log.submission(6);
  forgetful.keys.pop_back();
  CHECK(refused(witness, forgetful) == "log-key-other");
  CHECK(refused(witness, log.submission(6)) == "");
  Witness other(kVenue, log_key(7).public_key());
  CHECK(refused(other, log.submission(0)) == "log-key-other");
  Witness elsewhere(base::VenueId("elsewhere"));
  CHECK(refused(elsewhere, log.submission(0)) == "log-key-other");
}

TEST_CASE("a submission reads back, and malformed ones are refused") {
  Log log(6);
  log.rotate(2);
  const Submission whole = log.submission(3);
  CHECK(submission_from_json(to_json(whole)) == base::Result<Submission>(whole));
  auto json = to_json(whole);
  json["proof"][0] = "xyz";
  CHECK(submission_from_json(json).error().code == "submission-malformed");
  json["proof"] = nlohmann::json::array();
  for (int i = 0; i < 65; ++i) json["proof"].push_back(std::string(64, '0'));
  CHECK(submission_from_json(json).error().code == "submission-malformed");
  CHECK(submission_from_json(nlohmann::json::object()).error().code == "submission-malformed");
}

TEST_CASE("invariant 3: each checkpoint a witness takes is a prefix of the next") {
  CHECK(rc::check([](std::uint64_t seed) {
    base::Random random(seed);
    Log log(1 + random.below(20));
    Witness witness(kVenue);
    RC_ASSERT(witness.offer(log.submission(0)).has_value());
    std::uint8_t number = 1;
    for (int step = 0; step < 12; ++step) {
      const std::uint64_t from = witness.last()->size;
      for (auto more = random.below(9); more > 0; --more) log.add();
      if (random.chance(0.2)) log.rotate(++number);
      // A past that differs in one event, wherever it is, is never taken.
      Log lie;
      const std::uint64_t at = random.below(from);
      for (std::uint64_t i = 0; i < log.tree.size(); ++i) lie.add(i == at ? "lie " : "event ");
      lie.keys = log.keys;
      lie.key = log.key;
      RC_ASSERT(!witness.offer(lie.submission(from)).has_value());
      const base::Hash root_before = witness.last()->root;
      RC_ASSERT(witness.offer(log.submission(from)).has_value());
      RC_ASSERT(verify_consistency(from, root_before, log.tree.size(), witness.last()->root, log.tree.consistency(from, log.tree.size())));
    }
  }));
}
