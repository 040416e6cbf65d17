#include "tracking/base/bytes.h"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using namespace promenade::base;

TEST_CASE("hex is lower case out and either case in") {
  CHECK(to_hex(Bytes{0x00, 0xff, 0x1a}) == "00ff1a");
  CHECK(from_hex("00FF1a") == Bytes{0x00, 0xff, 0x1a});
  CHECK(from_hex("") == Bytes{});
  for (const char* wrong : {"0", "0g", "00 ff", "00:ff", " 00", "0x00", "00\n"}) CHECK_FALSE(from_hex(wrong));
}

TEST_CASE("base64url gives the vectors of RFC 4648 section 10 without padding") {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},         {"f", "Zg"},        {"fo", "Zm8"},
                                                          {"foo", "Zm9v"},  {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : kVectors) {
    CHECK(to_base64url(as_bytes(plain)) == coded);
    REQUIRE(from_base64url(coded));
    CHECK(as_text(*from_base64url(coded)) == plain);
  }
  CHECK(to_base64url(Bytes{0xfb, 0xff}) == "-_8");
}

TEST_CASE("base64url refuses padding, the other alphabet, white space and stray bits") {
  for (const char* wrong : {"Zg==", "+/8", "Zm 9v", "Z", "Zm9v\n", "Zh"}) CHECK_FALSE(from_base64url(wrong));
}

TEST_CASE("every text has one spelling: no other byte stands for a digit") {
  for (int c = 0; c < 256; ++c) {
    const std::string four{'Z', 'm', '9', static_cast<char>(c)};
    if (const auto bytes = from_base64url(four)) CHECK(to_base64url(*bytes) == four);
    const std::string two{'0', static_cast<char>(c)};
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    CHECK(from_hex(two).has_value() == digit);
  }
}

TEST_CASE("any bytes go through hex and base64url and back") {
  CHECK(rc::check([](const Bytes& bytes) {
    RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
    RC_ASSERT(from_base64url(to_base64url(bytes)) == bytes);
  }));
}

TEST_CASE("integers are little-endian") {
  Bytes out;
  ByteWriter writer(out);
  writer.u8(0x01);
  writer.u16(0x0302);
  writer.u32(0x07060504);
  writer.u64(0x0f0e0d0c0b0a0908);
  CHECK(to_hex(out) == "0102030405060708090a0b0c0d0e0f");
}

TEST_CASE("what a writer puts, a reader gets") {
  CHECK(rc::check([](std::uint8_t a, std::uint16_t b, std::uint32_t c, std::uint64_t d, std::int64_t e, double f,
                     const std::string& g, const Bytes& h) {
    Bytes out;
    ByteWriter writer(out);
    writer.u8(a);
    writer.u16(b);
    writer.u32(c);
    writer.u64(d);
    writer.i64(e);
    writer.f64(f);
    writer.text(g);
    writer.raw(h);
    ByteReader reader(out);
    RC_ASSERT(reader.u8() == a);
    RC_ASSERT(reader.u16() == b);
    RC_ASSERT(reader.u32() == c);
    RC_ASSERT(reader.u64() == d);
    RC_ASSERT(reader.i64() == e);
    RC_ASSERT(reader.f64() == f);
    RC_ASSERT(reader.text() == g);
    const ByteView rest = reader.raw(reader.remaining());
    RC_ASSERT(Bytes(rest.begin(), rest.end()) == h);
    RC_ASSERT(reader.ok());
  }));
}

TEST_CASE("numbers that are not numbers keep their bits") {
  Bytes out;
  ByteWriter writer(out);
  writer.f64(std::numeric_limits<double>::quiet_NaN());
  writer.f64(-0.0);
  ByteReader reader(out);
  CHECK(std::isnan(reader.f64()));
  CHECK(std::signbit(reader.f64()));
}

TEST_CASE("a reader past its end gives zeros from then on and says so") {
  const Bytes three{1, 2, 3};
  ByteReader reader(three);
  CHECK(reader.u16() == 0x0201);
  CHECK(reader.u32() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.u8() == 0);
  CHECK(reader.raw(1).empty());
  CHECK(reader.text().empty());
}

TEST_CASE("a text whose length promises more than there is gives nothing") {
  const Bytes lying{0xff, 0xff, 'a'};
  ByteReader reader(lying);
  CHECK(reader.text().empty());
  CHECK_FALSE(reader.ok());
}
