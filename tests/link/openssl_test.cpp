// OpenSSL's DTLS client, which shares no code with the link, as the other end of the hall's handshake: over loopback, with
// the hall's own thread for handshakes. It knows no connection ids, so its records are told apart by its address.

#include <sys/wait.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>

#include "showcontrol/link/rim/handshake_thread.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/link/secure_socket.h"
#include "tests/link/rig.h"
#include "tracking/base/crypto.h"
#include "tracking/base/formatted.h"

using namespace promenade;
using namespace promenade::link;
using promenade::link::testing::Folder;
using promenade::link::testing::settings_of;

namespace {

struct Said {
  int code = -1;
  std::string text;
};

Said run(const std::string& command) {
  Said said;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return said;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) said.text.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

struct Hall {  // at its own port, driven until the client has ended
  SystemRandom random;
  base::UtcTime utc = system_moment().utc;
  Authority authority = Authority::make("wuxi", utc, random);
  std::unique_ptr<UdpSocket> udp = std::move(*UdpSocket::open("127.0.0.1", 0));
  SecureHallSocket socket{*udp, settings_of(SessionSettings::End::hall, *authority.issue(Role::hall, "hall", utc, random), random), {}, std::make_unique<HandshakeThread>()};
  Folder folder;
  std::string heard;
  std::vector<Opened> opened;

  Said client(const std::string& options) {
    const std::string command = base::formatted("printf '\\001a pose' | timeout 20 openssl s_client -dtls1_2 -connect 127.0.0.1:{} -CAfile {} -verify_return_error -brief {}",
                                                udp->local().port, folder.write("root.pem", authority.root()), options);
    auto running = std::async(std::launch::async, [&] { return run(command); });
    std::array<std::uint8_t, kOuterMax> buffer;
    const auto turn = [&] {
      socket.work();
      while (const auto received = socket.receive(buffer)) heard += base::as_text(std::span(buffer).first(received->size));
      for (const LinkChange& change : std::exchange(socket.changes(), {})) {
        if (const auto* one = std::get_if<Opened>(&change)) opened.push_back(*one);
      }
    };
    while (running.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      turn();
      socket.wait(base::Duration{5'000});
    }
    turn();
    return running.get();
  }
  std::string with(const Credentials& credentials) const {
    return base::formatted("-cert {} -key {}", folder.write("device.pem", credentials.certificate), folder.write("device.key", credentials.key));
  }
};

}  // namespace

TEST_CASE("OpenSSL's client with a certificate of the venue completes the handshake and is heard") {
  Hall hall;
  const Said said = hall.client(hall.with(*hall.authority.issue(Role::headset, "5", hall.utc, hall.random)));
  INFO(said.text);
  CHECK(said.code == 0);
  CHECK(said.text.contains("DTLSv1.2"));
  CHECK(said.text.contains("ECDHE-ECDSA-"));
  REQUIRE(hall.opened.size() == 1);
  CHECK(hall.opened[0].peer.subject.name == "5");
  CHECK(hall.heard == "a pose");
}

TEST_CASE("OpenSSL's client without a certificate, or with one that counts no more or never did, is refused") {
  Hall hall;
  constexpr int kTimeout = 124;
  const int without = hall.client("").code;
  CHECK(without != 0);
  CHECK(without != kTimeout);  // it was told
  CHECK(hall.socket.end().counts().handshakes_failed == 1);
  const Authority other = Authority::make("wuxi", hall.utc, hall.random);
  CHECK(hall.client(hall.with(*other.issue(Role::headset, "5", hall.utc, hall.random))).code != 0);
  CHECK(hall.client(hall.with(*hall.authority.issue(Role::headset, "5", hall.utc - std::chrono::days(91), hall.random))).code != 0);
  const Credentials lost = *hall.authority.issue(Role::headset, "6", hall.utc, hall.random);
  hall.socket.end().revoke({1, {read_certificate(lost.certificate)->serial}});
  CHECK(hall.client(hall.with(lost)).code != 0);
  CHECK(hall.client(hall.with(*hall.authority.issue(Role::hall, "another hall", hall.utc, hall.random))).code != 0);
  CHECK(hall.socket.end().counts().handshakes_failed == 5);
  CHECK(hall.opened.empty());
  CHECK(hall.heard.empty());
}

TEST_CASE("OpenSSL's client refuses a hall of another root") {
  Hall hall;
  const Authority other = Authority::make("wuxi", hall.utc, hall.random);
  const std::string root = hall.folder.write("other.pem", other.root());
  const Said said = hall.client(hall.with(*hall.authority.issue(Role::headset, "5", hall.utc, hall.random)) + " -no-CApath -CAfile " + root);
  INFO(said.text);
  CHECK(said.code != 0);
  CHECK(hall.opened.empty());
}
