#include "showcontrol/link/enrolment.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/link/rig.h"

using namespace promenade;
using namespace promenade::link;
using promenade::link::testing::kNow;

namespace {

constexpr Address kDevice{0x0a000009, 4000};

struct Enrolment {
  SeededRandom random{base::Random(1)};
  Authority authority = Authority::make("wuxi", kNow, random);
  Moment now{base::Duration{1'000'000}, kNow};
  Token token{};
  int certified = 0;
  std::unique_ptr<EnrolHall> hall;

  Enrolment() {
    random.fill(token);
    hall = std::make_unique<EnrolHall>(authority.root(), token, now, random, [this](std::string_view key) {
      ++certified;
      return authority.certify({Role::headset, "12", "wuxi"}, key, kNow, random);
    });
  }
  Invitation invitation() const { return {"10.0.0.2:9562", fingerprint(authority.root()).value(), token, kNow + kInvitationLasts}; }
  // Passes datagrams for so many turns of 100 ms; `spoil` may change what goes by.
  void run(EnrolDevice& device, int turns, const std::function<void(base::Bytes&)>& spoil = {}) {
    for (int i = 0; i < turns; ++i) {
      now.steady += base::Duration{100'000};
      auto said = device.next(now);
      if (!said) continue;
      if (spoil) spoil(*said);
      auto reply = hall->receive(kDevice, *said, now);
      if (!reply) continue;
      CHECK(reply->bytes.size() <= kOuterMax);
      if (spoil) spoil(reply->bytes);
      device.receive(reply->bytes, now);
    }
  }
};

}  // namespace

TEST_CASE("an invitation is what its text says") {
  const Enrolment enrolment;
  const Invitation one = enrolment.invitation();
  const std::string text = to_text(one);
  CHECK(text.size() < 130);
  const auto read = read_invitation(text);
  REQUIRE(read.has_value());
  CHECK(read->hall == one.hall);
  CHECK(read->root == one.root);
  CHECK(read->token == one.token);
  CHECK(read->expires == one.expires);
  for (const std::string& bad : {std::string(), std::string("https://x"), text.substr(0, text.size() - 14), text + "x", text.substr(0, 40)}) {
    CHECK(read_invitation(bad).error().code == "invitation-invalid");
  }
}

TEST_CASE("a device that was invited gets a certificate that the link takes, and nobody else does by the same token") {
  Enrolment enrolment;
  EnrolDevice device(enrolment.invitation(), enrolment.random);
  enrolment.run(device, 3);
  REQUIRE(device.done().has_value());
  CHECK(enrolment.certified == 1);
  CHECK(enrolment.hall->state(enrolment.now) == EnrolHall::State::done);
  CHECK(read_certificate(device.done()->certificate)->subject == Subject{Role::headset, "12", "wuxi"});
  CHECK(SessionSettings::make(SessionSettings::End::device, *device.done(), enrolment.random).has_value());
  EnrolDevice second(enrolment.invitation(), enrolment.random);
  enrolment.run(second, 10);
  CHECK_FALSE(second.done().has_value());
  CHECK(enrolment.certified == 1);
}

TEST_CASE("a lost answer is given again to the same device") {
  Enrolment enrolment;
  EnrolDevice device(enrolment.invitation(), enrolment.random);
  enrolment.now.steady += base::Duration{500'000};
  REQUIRE(enrolment.hall->receive(kDevice, *device.next(enrolment.now), enrolment.now).has_value());  // and lost
  enrolment.run(device, 5);
  CHECK(device.done().has_value());
  CHECK(enrolment.certified == 1);
}

TEST_CASE("a wrong token, a late device, a hall of another root and damaged datagrams enrol nobody") {
  {
    Enrolment enrolment;
    Invitation wrong = enrolment.invitation();
    wrong.token[3] ^= 1;
    EnrolDevice device(wrong, enrolment.random);
    enrolment.run(device, 20);
    CHECK_FALSE(device.done().has_value());
    CHECK(enrolment.certified == 0);
    CHECK(enrolment.hall->refused() > 0);
  }
  {
    Enrolment enrolment;
    EnrolDevice device(enrolment.invitation(), enrolment.random);
    enrolment.now.steady += kInvitationLasts;
    enrolment.run(device, 20);
    CHECK_FALSE(device.done().has_value());
    CHECK(enrolment.hall->state(enrolment.now) == EnrolHall::State::expired);
  }
  {
    Enrolment enrolment;
    Invitation other = enrolment.invitation();
    other.root[0] ^= 1;
    EnrolDevice device(other, enrolment.random);
    enrolment.run(device, 20);
    CHECK_FALSE(device.done().has_value());
  }
  base::Random random(9);
  for (int i = 0; i < 60; ++i) {
    Enrolment enrolment;
    EnrolDevice device(enrolment.invitation(), enrolment.random);
    enrolment.run(device, 4, [&](base::Bytes& bytes) { bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + random.below(255)); });
    CHECK_FALSE(device.done().has_value());
    CHECK(enrolment.certified == 0);
  }
}

TEST_CASE("by code: both ends show the same digits, and the certificate comes when people have said so at both") {
  Enrolment enrolment;
  EnrolDevice device(std::nullopt, enrolment.random);
  enrolment.run(device, 10);
  REQUIRE(device.code().has_value());
  CHECK(device.code()->size() == 6);
  CHECK(enrolment.hall->code() == device.code());
  CHECK(enrolment.certified == 0);
  CHECK(enrolment.hall->enter(*device.code()) == EnrolHall::Entered::right);
  enrolment.run(device, 10);
  CHECK_FALSE(device.done().has_value());  // nobody has confirmed it at the device
  device.confirm();
  enrolment.run(device, 10);
  REQUIRE(device.done().has_value());
  CHECK(device.done()->root == enrolment.authority.root());
}

TEST_CASE("by code: three wrong entries end it, and each entry is of fresh digits") {
  Enrolment enrolment;
  std::vector<std::string> codes;
  for (int i = 0; i < kCodeTries; ++i) {
    EnrolDevice device(std::nullopt, enrolment.random);
    device.confirm();
    enrolment.run(device, 10);
    REQUIRE(device.code().has_value());
    codes.push_back(*device.code());
    const std::string wrong = codes.back() == "000000" ? "000001" : "000000";
    CHECK(enrolment.hall->enter(wrong) == (i + 1 < kCodeTries ? EnrolHall::Entered::wrong : EnrolHall::Entered::no_more_tries));
    enrolment.run(device, 10);
    CHECK_FALSE(device.done().has_value());
  }
  CHECK(codes[0] != codes[1]);
  CHECK(enrolment.hall->state(enrolment.now) == EnrolHall::State::out_of_tries);
  CHECK(enrolment.hall->enter("000000") == EnrolHall::Entered::nobody_asks);
  CHECK(enrolment.certified == 0);
}

TEST_CASE("by code: who stands between shows two different codes") {
  // The one between plays a hall of its own towards the device, and a device of its own towards the hall.
  Enrolment honest, between;
  between.random = SeededRandom(base::Random(77));
  EnrolDevice victim(std::nullopt, honest.random), own(std::nullopt, between.random);
  between.authority = Authority::make("wuxi", kNow, between.random);
  EnrolHall false_hall(between.authority.root(), between.token, between.now, between.random,
                       [&](std::string_view key) { return between.authority.certify({Role::headset, "12", "wuxi"}, key, kNow, between.random); });
  for (int i = 0; i < 10; ++i) {
    between.now.steady += base::Duration{400'000};
    if (const auto said = victim.next(between.now)) {
      if (const auto reply = false_hall.receive(kDevice, *said, between.now)) victim.receive(reply->bytes, between.now);
    }
  }
  honest.run(own, 10);
  REQUIRE(victim.code().has_value());
  REQUIRE(honest.hall->code().has_value());
  CHECK(*victim.code() != *honest.hall->code());
  CHECK(honest.hall->enter(*victim.code()) == EnrolHall::Entered::wrong);
}
