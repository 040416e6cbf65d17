// Contacts: what the options say, what readings mean, and the whole way from a file to a headset.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "showcontrol/server/contact_input.h"
#include "tests/server/rig.h"

using namespace promenade;
using namespace promenade::server_test;
using hall::Contact;
using server::ContactDebouncer;
using server::ContactSpec;

namespace {

constexpr std::chrono::milliseconds kEvery{20};

struct Readings {  // every 20 ms
  explicit Readings(bool normally_open = false) : debouncer(normally_open, at) {}
  Contact next(std::optional<bool> closed, int times = 1) {
    Contact state = Contact::absent;
    for (int i = 0; i < times; ++i) state = debouncer.read(closed, at += kEvery);
    return state;
  }
  server::SteadyTime at{};
  ContactDebouncer debouncer;
};

// As a bridge to a panel does it: whole at once.
void put(const std::string& path, const std::string& text) {
  std::ofstream(path + ".new") << text;
  std::filesystem::rename(path + ".new", path);
}

bool becomes(const server::ContactWatch& watch, Contact state) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (watch.state(std::chrono::steady_clock::now()) == state) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace

TEST_CASE("What a contact is wired to stands in its option") {
  CHECK(*server::contact_spec("gpio:gpiochip0:17") == ContactSpec{ContactSpec::Source::gpio, "/dev/gpiochip0", 17, false});
  CHECK(*server::contact_spec("gpio:/dev/gpiochip1:4:normally-open") == ContactSpec{ContactSpec::Source::gpio, "/dev/gpiochip1", 4, true});
  CHECK(*server::contact_spec("file:/run/panel/fire") == ContactSpec{ContactSpec::Source::file, "/run/panel/fire", 0, false});
  CHECK(*server::contact_spec("file:/run/a:b:normally-open") == ContactSpec{ContactSpec::Source::file, "/run/a:b", 0, true});
  for (const char* text : {"", "file", "file:", "gpio:", "gpio:gpiochip0", "gpio:gpiochip0:", "gpio::3", "gpio:gpiochip0:x", "gpio:gpiochip0:-1", "gpio:gpiochip0:3x", "serial:/dev/tty:1", "file::normally-open"}) {
    INFO(text);
    const auto spec = server::contact_spec(text);
    REQUIRE_FALSE(spec.has_value());
    CHECK(spec.error().code == "contact-option");
  }
}

TEST_CASE("A contact is believed after three equal readings, and shorter pulses are not") {
  Readings closed;
  CHECK(closed.next(true, 10) == Contact::ready);
  CHECK(closed.next(false, 2) == Contact::ready);
  CHECK(closed.next(true) == Contact::ready);
  CHECK(closed.next(false, 2) == Contact::ready);
  CHECK(closed.next(false) == Contact::fire);
  CHECK(closed.next(true, 2) == Contact::fire);
  CHECK(closed.next(true) == Contact::ready);
  SECTION("fire at the very start, too") {
    Readings burning;
    CHECK(burning.next(false, 2) == Contact::ready);
    CHECK(burning.next(false) == Contact::fire);
  }
  SECTION("normally open: fire when it closes") {
    Readings open(true);
    CHECK(open.next(false, 5) == Contact::ready);
    CHECK(open.next(true, 3) == Contact::fire);
  }
}

TEST_CASE("What cannot be read for a second is a fault, and clears; so is a contact that rattles") {
  Readings one;
  CHECK(one.next(true, 5) == Contact::ready);
  CHECK(one.next(std::nullopt, 49) == Contact::ready);
  CHECK(one.next(std::nullopt) == Contact::fault);
  CHECK(one.next(true, 2) == Contact::fault);
  CHECK(one.next(true) == Contact::ready);
  CHECK(one.next(false, 3) == Contact::fire);
  CHECK(one.next(std::nullopt, 49) == Contact::fire);  // the last that was believed, for a second
  CHECK(one.next(std::nullopt) == Contact::fault);
  CHECK(one.next(false, 3) == Contact::fire);
  Contact rattled = Contact::ready;
  Readings rattling;
  for (int i = 0; i < 51; ++i) rattled = rattling.next(i % 2 == 0);
  CHECK(rattled == Contact::fault);
}

TEST_CASE("A watch follows a file, and a file or a chip that is not there is a fault") {
  Folder folder;
  const std::string path = folder / "fire";
  put(path, "1\n");
  const server::ContactWatch watch(*server::contact_spec("file:" + path));
  put(path, "0\n");
  CHECK(becomes(watch, Contact::fire));
  put(path, "1");
  CHECK(becomes(watch, Contact::ready));
  put(path, "yes");
  CHECK(becomes(watch, Contact::fault));
  put(path, "1");
  CHECK(becomes(watch, Contact::ready));
  CHECK(watch.state(std::chrono::steady_clock::now() + std::chrono::hours(1)) == Contact::fault);  // a reader that hangs
  const server::ContactWatch nowhere(*server::contact_spec("gpio:" + (folder / "no-such-chip") + ":3"));
  CHECK(becomes(nowhere, Contact::fault));
}

TEST_CASE("The program with a fire contact: an open one evacuates, staff end it once it is closed") {
  Folder folder;
  FakeBoxOffice office;
  const std::string path = folder / "fire";
  put(path, "1");
  auto given = options(folder, office.url());
  given.fire_contact = "file:" + path;
  Running hall(given);
  auto console = staff(hall->udp_port());
  REQUIRE(console.has_value());
  const auto summary = [&](bool evacuate) {
    return console->until([&](const protocol::Message& message) {
      const auto* told = std::get_if<protocol::HallSummary>(&message);
      return told != nullptr && told->evacuate == evacuate;
    });
  };
  REQUIRE(summary(false));
  put(path, "0");
  REQUIRE(summary(true));
  CHECK(console->command(protocol::SetEvacuation{false}).code == "fire-contact-open");
  put(path, "1");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  bool ended = false;
  while (!ended && std::chrono::steady_clock::now() < deadline) ended = console->command(protocol::SetEvacuation{false}).accepted;
  CHECK(ended);
  CHECK(summary(false));
  given.fire_contact = "fire";
  given.data_dir = folder / "other";
  const auto refused = server::Server::open(given);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().exit_code == server::kExitInput);
}
