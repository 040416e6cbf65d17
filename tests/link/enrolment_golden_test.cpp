// The bytes of one enrolment of each kind, with fixed token, session and numbers, and the lines of docs/protocol.md that show them.
// A client in another language is checked against the same files. Key, root and certificate stand in the files too, so that nothing
// here depends on how a library draws or signs. With PROMENADE_UPDATE_GOLDEN=1 all of it is written anew.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <numeric>
#include <sstream>

#include "showcontrol/link/enrolment.h"
#include "tests/link/rig.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::link;
using promenade::link::testing::kNow;

namespace {

const std::string kGoldenFolder = PROMENADE_SOURCE_DIR "/tests/protocol/golden/";
const std::string kProtocolDocument = PROMENADE_SOURCE_DIR "/docs/protocol.md";
const std::string kExamplesBegin = "<!-- From here: written by the link tests (PROMENADE_UPDATE_GOLDEN=1). -->\n";
const std::string kExamplesEnd = "<!-- To here. -->\n";
constexpr Address kExampleDevice{0x0a000009, 4000};

std::array<std::uint8_t, 16> counted_from(std::uint8_t first) {  // first, first + 1, ...
  std::array<std::uint8_t, 16> bytes{};
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}
const Token kExampleToken = counted_from(0x00);
const Nonce kExampleSession = counted_from(0x10), kExampleDeviceNumber = counted_from(0x20), kExampleHallNumber = counted_from(0x30);

class HallNumbers final : public RandomSource {  // what a hall draws by code: its number, and nothing else
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    REQUIRE(bytes.size() == kExampleHallNumber.size());
    std::ranges::copy(kExampleHallNumber, bytes.begin());
  }
};

// The datagrams as docs/protocol.md has them, written apart from the code that ships.
struct Written {
  base::Bytes bytes;
  Written(std::uint8_t kind, base::ByteView session) {
    for (const char c : std::string_view("PEN1")) bytes.push_back(static_cast<std::uint8_t>(c));
    bytes.push_back(kind);
    raw(session);
  }
  Written& raw(base::ByteView more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  Written& blob(base::ByteView more) {
    bytes.push_back(static_cast<std::uint8_t>(more.size() & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(more.size() >> 8));
    return raw(more);
  }
  Written& proof(const Token& token, std::string_view who) {
    base::Bytes hashed(token.begin(), token.end());
    for (const char c : who) hashed.push_back(static_cast<std::uint8_t>(c));
    hashed.insert(hashed.end(), bytes.begin(), bytes.end());
    const base::Hash hash = base::blake2b(hashed);
    return raw(base::ByteView(hash).first(16));
  }
};

base::Bytes joined(std::initializer_list<base::ByteView> parts) {
  base::Bytes all;
  for (const base::ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
void write_text(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }
bool updating_golden() { return std::getenv("PROMENADE_UPDATE_GOLDEN") != nullptr; }

std::string hex_lines(base::ByteView bytes) {
  const std::string hex = base::to_hex(bytes);
  std::string out;
  for (std::size_t at = 0; at < hex.size(); at += 96) out += hex.substr(at, 96) + "\n";
  return out;
}
base::Bytes golden(const std::string& file) {
  std::string hex;
  for (const char c : read_text(kGoldenFolder + file + ".hex")) {
    if (c != '\n') hex += c;
  }
  const auto bytes = base::from_hex(hex);
  REQUIRE(bytes.has_value());
  return *bytes;
}

constexpr std::array<std::string_view, 8> kDatagramNames{"ask_by_token", "certificate_by_token", "ask_by_code", "commitment", "device_number", "hall_number", "ask_again", "certificate"};
std::string file_of(int kind) { return base::formatted("enrolment_{}_{}", kind, kDatagramNames.at(static_cast<std::size_t>(kind - 1))); }

struct Material {
  base::Bytes root, certificate;  // DER
  std::string key;                // PEM, public
};

Material new_material() {
  SeededRandom random{base::Random(1)};
  const Authority authority = Authority::make("wuxi", kNow, random);
  Material made;
  made.key = public_half(make_key(random), random).value();
  made.root = certificate_der(authority.root()).value();
  made.certificate = certificate_der(authority.certify({Role::headset, "12", "wuxi"}, made.key, kNow, random).value()).value();
  return made;
}
// As the golden answer to a token and the golden question have it.
Material golden_material() {
  const base::Bytes asked = golden(file_of(1)), answered = golden(file_of(2));
  const auto blob = [](base::ByteReader& reader) { return reader.raw(reader.u16()); };
  base::ByteReader ask(asked), answer(answered);
  ask.raw(21);
  answer.raw(21);
  Material found;
  found.key = std::string(base::as_text(blob(ask)));
  const auto root = blob(answer), certificate = blob(answer);
  REQUIRE(ask.ok());
  REQUIRE(answer.ok());
  found.root.assign(root.begin(), root.end());
  found.certificate.assign(certificate.begin(), certificate.end());
  return found;
}

struct Example {
  std::vector<base::Bytes> datagrams;  // of kind 1, 2, ...
  std::string invitation, digits;
};

Example written_example(const Material& material) {
  const base::ByteView key = base::as_bytes(material.key);
  const base::Hash key_hash = base::blake2b(key), root_hash = base::blake2b(material.root);
  const base::Hash commitment = base::blake2b(joined({base::as_bytes("promenade enrolment commitment"), kExampleHallNumber, key_hash, root_hash}));
  const base::Hash code = base::blake2b(joined({base::as_bytes("promenade enrolment code"), kExampleHallNumber, kExampleDeviceNumber, key_hash, root_hash}));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | code[i];
  Example made;
  const auto of_kind = [&](std::uint8_t kind) { return Written(kind, kExampleSession); };
  made.datagrams = {of_kind(1).blob(key).proof(kExampleToken, "device").bytes,
                    of_kind(2).blob(material.root).blob(material.certificate).proof(kExampleToken, "hall").bytes,
                    of_kind(3).blob(key).bytes,
                    of_kind(4).blob(commitment).blob(material.root).bytes,
                    of_kind(5).raw(kExampleDeviceNumber).bytes,
                    of_kind(6).raw(kExampleHallNumber).bytes,
                    of_kind(7).bytes,
                    of_kind(8).blob(material.certificate).bytes};
  made.digits = base::formatted("{:06}", number % 1'000'000);
  made.invitation = to_text({"10.0.0.2:9562", fingerprint(certificate_pem(material.root).value()).value(), kExampleToken, kNow + kInvitationLasts});
  return made;
}

std::string example_text(const Example& example) {
  std::string out = "Examples, each whole: token `" + base::to_hex(kExampleToken) + "`, session `" + base::to_hex(kExampleSession) + "`, device's number\n`" + base::to_hex(kExampleDeviceNumber) +
                    "`, hall's number `" + base::to_hex(kExampleHallNumber) + "`, for which both show the digits `" + example.digits +
                    "`; venue\n`wuxi`, headset 12. Key, root and certificate stand in them. The QR code, `tests/protocol/golden/enrolment_invitation.txt`:\n\n```\n" + example.invitation + "\n```\n";
  for (std::size_t i = 0; i < example.datagrams.size(); ++i) {
    out += base::formatted("\nKind {}, `tests/protocol/golden/{}.hex`:\n\n```\n{}```\n", i + 1, file_of(static_cast<int>(i + 1)), hex_lines(example.datagrams[i]));
  }
  return out;
}

}  // namespace

TEST_CASE("golden datagrams of enrolment are those that docs/protocol.md describes and shows") {
  const Example example = written_example(updating_golden() ? new_material() : golden_material());
  REQUIRE(example.datagrams.size() == kDatagramNames.size());
  for (int kind = 1; kind <= 8; ++kind) {
    INFO(file_of(kind));
    const std::string text = hex_lines(example.datagrams[static_cast<std::size_t>(kind - 1)]);
    if (updating_golden()) write_text(kGoldenFolder + file_of(kind) + ".hex", text);
    CHECK(read_text(kGoldenFolder + file_of(kind) + ".hex") == text);
    CHECK(example.datagrams[static_cast<std::size_t>(kind - 1)].size() <= kOuterMax);
  }
  if (updating_golden()) write_text(kGoldenFolder + "enrolment_invitation.txt", example.invitation + "\n");
  CHECK(read_text(kGoldenFolder + "enrolment_invitation.txt") == example.invitation + "\n");
  CHECK(read_invitation(example.invitation).has_value());
  const std::string document = read_text(kProtocolDocument);
  const std::size_t begin = document.find(kExamplesBegin), end = document.find(kExamplesEnd);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const std::string wanted = document.substr(0, begin) + kExamplesBegin + "\n" + example_text(example) + "\n" + document.substr(end);
  if (updating_golden()) write_text(kProtocolDocument, wanted);
  CHECK(read_text(kProtocolDocument) == wanted);
}

TEST_CASE("a hall gives the golden answers to the golden questions") {
  const Material material = golden_material();
  const std::string root = certificate_pem(material.root).value(), certificate = certificate_pem(material.certificate).value();
  CHECK(certifies(certificate, root, material.key));
  CHECK(read_certificate(certificate)->subject == Subject{Role::headset, "12", "wuxi"});
  const auto certify = [&](std::string_view key) {
    CHECK(key == material.key);
    return base::Result<std::string>(certificate);
  };
  const Moment now{base::Duration{1'000'000}, kNow};
  HallNumbers numbers;
  const auto answer = [&](EnrolHall& hall, int kind) {
    INFO(file_of(kind));
    const auto reply = hall.receive(kExampleDevice, golden(file_of(kind)), now);
    REQUIRE(reply.has_value());
    return reply->bytes;
  };
  EnrolHall by_token(root, kExampleToken, now, numbers, certify);
  CHECK(answer(by_token, 1) == golden(file_of(2)));
  EnrolHall by_code(root, kExampleToken, now, numbers, certify);
  CHECK(answer(by_code, 3) == golden(file_of(4)));
  CHECK(answer(by_code, 5) == golden(file_of(6)));
  CHECK_FALSE(by_code.receive(kExampleDevice, golden(file_of(7)), now).has_value());  // nobody has typed the digits yet
  const std::string digits = written_example(material).digits;
  CHECK(by_code.code() == digits);
  CHECK(by_code.enter(digits) == EnrolHall::Entered::right);
  CHECK(answer(by_code, 7) == golden(file_of(8)));
}

TEST_CASE("a device asks as docs/protocol.md has it") {
  const Moment now{base::Duration{1'000'000}, kNow};
  SeededRandom random{base::Random(3)};
  const auto session_in = [](base::ByteView asked) { return asked.subspan(5, 16); };
  const auto key_in = [](base::ByteView asked) {
    base::ByteReader reader(asked.subspan(21));
    return reader.raw(reader.u16());
  };
  EnrolDevice invited(read_invitation(written_example(golden_material()).invitation).value(), random);
  const auto by_token = invited.next(now);
  REQUIRE(by_token.has_value());
  CHECK(*by_token == Written(1, session_in(*by_token)).blob(key_in(*by_token)).proof(kExampleToken, "device").bytes);
  EnrolDevice device(std::nullopt, random);
  const auto by_code = device.next(now);
  REQUIRE(by_code.has_value());
  CHECK(*by_code == Written(3, session_in(*by_code)).blob(key_in(*by_code)).bytes);
  const base::Bytes root = golden_material().root;
  const base::Bytes key(key_in(*by_code).begin(), key_in(*by_code).end()), session(session_in(*by_code).begin(), session_in(*by_code).end());
  const base::Hash commitment = base::blake2b(joined({base::as_bytes("promenade enrolment commitment"), kExampleHallNumber, base::blake2b(key), base::blake2b(root)}));
  device.receive(Written(4, session).blob(commitment).blob(root).bytes, now);
  const auto number = device.next(now);
  REQUIRE(number.has_value());
  REQUIRE(number->size() == 37);
  CHECK(*number == Written(5, session).raw(base::ByteView(*number).last(16)).bytes);
  CHECK_FALSE(device.code().has_value());
  device.receive(Written(6, session).raw(kExampleHallNumber).bytes, now);
  REQUIRE(device.code().has_value());
  const auto again = device.next({now.steady + base::Duration{1'000'000}, kNow});
  REQUIRE(again.has_value());
  CHECK(*again == Written(7, session).bytes);
}
