#include "showcontrol/link/certificate.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using promenade::link::testing::kNow;

TEST_CASE("a certificate says for whom, from when and until when") {
  SeededRandom random{base::Random(1)};
  const Authority authority = Authority::make("wuxi-420", kNow, random);
  const auto made = authority.issue(Role::staff, "tablet 1", kNow, random);
  REQUIRE(made.has_value());
  const auto identity = read_certificate(made->certificate);
  REQUIRE(identity.has_value());
  CHECK(identity->subject == Subject{Role::staff, "tablet 1", "wuxi-420"});
  CHECK(identity->serial.size() == 32);
  CHECK(identity->not_after == kNow + kCertificateLasts);
  CHECK(identity->not_before == kNow - std::chrono::minutes(5));
  CHECK(fingerprint(made->root)->size() == 32);
  CHECK(fingerprint(made->root) != fingerprint(made->certificate));
  CHECK(authority.issue(Role::headset, "a,CN=hall", kNow, random).error().code == "name-invalid");
  CHECK(authority.issue(Role::headset, "", kNow, random).error().code == "name-invalid");
  CHECK(read_certificate("nonsense").error().code == "certificate-invalid");
  CHECK(read_certificate(made->root).error().code == "certificate-invalid");  // a root is nobody
}

TEST_CASE("an authority comes back from its files, and not from files of two venues") {
  SeededRandom random{base::Random(1)};
  const Authority first = Authority::make("wuxi-420", kNow, random), second = Authority::make("wuxi-420", kNow, random);
  const auto again = Authority::from(first.root(), first.key(), random);
  REQUIRE(again.has_value());
  CHECK(again->venue() == "wuxi-420");
  CHECK(Authority::from(first.root(), second.key(), random).error().code == "key-foreign");
  CHECK(Authority::from(first.root(), "no key", random).error().code == "key-invalid");
  CHECK(Authority::from("no root", first.key(), random).error().code == "certificate-invalid");
}

TEST_CASE("a revocation list is taken as it was signed, and not otherwise") {
  SeededRandom random{base::Random(1)};
  const Authority authority = Authority::make("wuxi-420", kNow, random), other = Authority::make("wuxi-420", kNow, random);
  const RevocationList list{42, {std::string(32, 'a'), std::string(32, 'b')}};
  const std::string text = authority.sign(list, random);
  const auto read = read_revocation_list(text, authority.root());
  REQUIRE(read.has_value());
  CHECK(*read == list);
  CHECK(read_revocation_list(text, other.root()).error().code == "revocation-invalid");
  CHECK(read_revocation_list("", authority.root()).error().code == "revocation-invalid");
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
    const auto result = read_revocation_list(damaged, authority.root());
    CHECK_FALSE(result.has_value());
  }
  CHECK(read_revocation_list(authority.sign({0, {}}, random), authority.root())->serials.empty());
}
