// The bytes of one message of every type, and the tables of docs/protocol.md that stand beside them. A change of the
// wire form shows here first. With PROMENADE_UPDATE_GOLDEN=1 the files are written anew.

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "showcontrol/link/datagram.h"
#include "showcontrol/protocol/codec.h"
#include "tests/protocol/examples.h"

using namespace promenade;
using namespace promenade::protocol;

namespace {

const std::string kFolder = PROMENADE_SOURCE_DIR "/tests/protocol/golden/";
const std::string kDocument = PROMENADE_SOURCE_DIR "/docs/protocol.md";
const std::string kMarker = "<!-- Below: written by the protocol tests (PROMENADE_UPDATE_GOLDEN=1). -->\n";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
void write_file(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
bool updating() { return std::getenv("PROMENADE_UPDATE_GOLDEN") != nullptr; }

std::string lines(const std::string& hex) {
  std::string out;
  for (std::size_t at = 0; at < hex.size(); at += 96) out += hex.substr(at, 96) + "\n";
  return out;
}

bool beside(const Message& message) { return delivery_of(message) == Delivery::beside; }

base::Bytes inner_datagram(const Message& message) {
  base::Bytes bytes{static_cast<std::uint8_t>(link::DatagramKind::clock)};
  encode_into(message, bytes);
  return bytes;
}

std::string tables() {
  std::string out;
  std::string last;
  for (const auto& [file, message] : examples::all()) {
    const std::string name(name_of(message));
    if (name != last) {
      const auto type = type_of(message);
      out += "\n### " + name + "\n\nType " + std::to_string(static_cast<int>(type)) +
             (delivery_of(message) == Delivery::reliable ? ", reliable.\n\n" : beside(message) ? ", beside ENet, in an inner datagram of kind 2.\n\n" : ", unreliable.\n\n") + field_table(type);
    }
    last = name;
    out += "\nExample `tests/protocol/golden/" + file + ".hex`:\n\n```\n" + lines(base::to_hex(encode(message))) + "```\n";
    if (beside(message)) out += "\nAs an inner datagram, `tests/protocol/golden/" + file + "_datagram.hex`:\n\n```\n" + lines(base::to_hex(inner_datagram(message))) + "```\n";
  }
  return out;
}

}  // namespace

TEST_CASE("golden bytes") {
  for (const auto& [file, message] : examples::all()) {
    INFO(file);
    const std::string text = lines(base::to_hex(encode(message)));
    if (updating()) {
      write_file(kFolder + file + ".hex", text);
      const base::Bytes bytes = encode(message);
      write_file(PROMENADE_SOURCE_DIR "/tests/fuzz/corpus/codec/" + file, std::string(base::as_text(bytes)));
    }
    const std::string golden = read_file(kFolder + file + ".hex");
    CHECK(golden == text);
    std::string hex;
    for (const char c : golden) {
      if (c != '\n') hex += c;
    }
    const auto got = decode(base::from_hex(hex).value());
    REQUIRE(got.has_value());
    CHECK(encode(decode(encode(*got)).value()) == encode(*got));
    CHECK(type_of(*got) == type_of(message));
  }
}

TEST_CASE("golden inner datagrams of what goes beside ENet") {
  int count = 0;
  for (const auto& [file, message] : examples::all()) {
    if (!beside(message)) continue;
    ++count;
    INFO(file);
    const std::string text = lines(base::to_hex(inner_datagram(message)));
    if (updating()) write_file(kFolder + file + "_datagram.hex", text);
    CHECK(read_file(kFolder + file + "_datagram.hex") == text);
  }
  CHECK(count == 2);
}

TEST_CASE("docs/protocol.md holds the tables of the fields as they are") {
  const std::string document = read_file(kDocument);
  const std::size_t at = document.find(kMarker);
  REQUIRE(at != std::string::npos);
  const std::string wanted = document.substr(0, at) + kMarker + tables();
  if (updating()) write_file(kDocument, wanted);
  CHECK(read_file(kDocument) == wanted);
}
