#include "showcontrol/link/rim/key_folder.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "showcontrol/link/rim/key_watch.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "tests/link/rig.h"
#include "tracking/base/crypto.h"

using namespace promenade;
using namespace promenade::link;
using promenade::link::testing::Folder;
using promenade::link::testing::kNow;

namespace {

namespace fs = std::filesystem;

unsigned mode_of(const fs::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("a hall's folder is made with modes that keep others out, and opened again with the same root") {
  const Folder folder;
  const auto made = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  REQUIRE(made.has_value());
  REQUIRE(made->own_settings(kNow).has_value());
  REQUIRE(made->issue(Role::headset, "12", kNow).has_value());
  CHECK(mode_of(folder / "link") == 0700);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "link")) CHECK(mode_of(entry.path()) == (entry.is_directory() ? 0700u : 0600u));
  const auto again = HallKeys::open_or_make(folder / "link", "another name", kNow);
  REQUIRE(again.has_value());
  CHECK(again->authority().root() == made->authority().root());
  CHECK(again->authority().venue() == "wuxi-420");
  CHECK(HallKeys::open(folder / "nowhere").error().code == "key-folder-missing");
}

TEST_CASE("keys that others could read are refused, with what to do") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  REQUIRE(save_credentials(folder / "headset", *keys->issue(Role::headset, "12", kNow)).has_value());
  REQUIRE(load_credentials(folder / "headset").has_value());
  ::chmod((folder / "headset/own.key").c_str(), 0640);
  const auto open = load_credentials(folder / "headset");
  REQUIRE_FALSE(open.has_value());
  CHECK(open.error().code == "key-folder-open");
  CHECK(open.error().text().contains("chmod"));
  ::chmod((folder / "headset/own.key").c_str(), 0600);
  ::chmod((folder / "headset").c_str(), 0755);
  CHECK(load_credentials(folder / "headset").error().code == "key-folder-open");
  ::chmod((folder / "link").c_str(), 0750);
  CHECK(HallKeys::open(folder / "link").error().code == "key-folder-open");
  CHECK(load_credentials(folder / "nowhere").error().code == "key-folder-missing");
}

TEST_CASE("the hall's own certificate is renewed while the old one is still good") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const auto serial = [&](base::UtcTime now) { return (*keys->own_settings(now))->own().serial; };
  const std::string first = serial(kNow);
  CHECK(serial(kNow + std::chrono::days(59)) == first);
  CHECK_FALSE(keys->own_needs_renewal(kNow + std::chrono::days(59)));
  CHECK(keys->own_needs_renewal(kNow + std::chrono::days(61)));
  const std::string second = serial(kNow + std::chrono::days(61));
  CHECK(second != first);
  CHECK(serial(kNow + std::chrono::days(62)) == second);
}

TEST_CASE("of two that use one folder both take the hall's renewed certificate, whoever made it") {
  const Folder folder;
  const auto one = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const auto two = HallKeys::open(folder / "link");
  const std::string old = (*one->own_settings(kNow))->own().serial;
  CHECK(*two->own_settings(kNow, old) == nullptr);
  const base::UtcTime later = kNow + std::chrono::days(61);
  const auto made = *one->own_settings(later, old);
  REQUIRE(made != nullptr);
  const auto taken = *two->own_settings(later, old);
  REQUIRE(taken != nullptr);
  CHECK(taken->own().serial == made->own().serial);
  CHECK(*one->own_settings(later, made->own().serial) == nullptr);
}

TEST_CASE("two that renew the hall's certificate at once make one, whose key fits") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  base::UtcTime now = kNow;
  for (int round = 0; round < 10; ++round, now += std::chrono::days(61)) {
    std::vector<std::string> serials(4);
    {
      std::vector<std::jthread> threads;
      for (std::string& serial : serials) {
        threads.emplace_back([&serial, &folder, now] {
          const auto mine = HallKeys::open(folder / "link");
          const auto settings = mine->own_settings(now);
          serial = settings ? (*settings)->own().serial : settings.error().code;
        });
      }
    }
    for (const std::string& serial : serials) CHECK(serial == (*keys->own_settings(now))->own().serial);
  }
  CHECK(keys->issued().size() == 10);
}

TEST_CASE("a device's certificate is renewed once, and never once it is revoked") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const Identity old = *read_certificate(keys->issue(Role::headset, "12", kNow)->certificate);
  CHECK(keys->renew(old, kNow + std::chrono::days(30)).error().code == "too-early");
  const base::UtcTime due = kNow + std::chrono::days(70);
  const auto next = keys->renew(old, due);
  REQUIRE(next.has_value());
  CHECK(*keys->renew(old, due + std::chrono::days(1)) == *next);
  CHECK(keys->issued().size() == 2);
  CHECK(*keys->revoke(Role::headset, "12", due) == 2);
  CHECK(keys->renew(old, due).error().code == "revoked");
  CHECK(keys->renew(*read_certificate(*next), due + std::chrono::days(70)).error().code == "revoked");
  CHECK(keys->issued().size() == 2);
}

TEST_CASE("a headset that renews while it is revoked gains nothing") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const base::UtcTime due = kNow + std::chrono::days(70);
  for (int round = 1; round <= 20; ++round) {
    const std::string name = std::to_string(round);
    const Identity old = *read_certificate(keys->issue(Role::headset, name, kNow)->certificate);
    {
      const std::jthread renews([&] { static_cast<void>(HallKeys::open(folder / "link")->renew(old, due)); });
      REQUIRE(keys->revoke(Role::headset, name, due).has_value());
    }
    const auto list = keys->revoked();
    for (const Identity& one : keys->issued()) CHECK(list->serials.contains(one.serial));
  }
}

TEST_CASE("a watch takes a certificate of the hall's that somebody else has renewed") {
  const Folder folder;
  auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const std::string serial = (*keys->own_settings(system_moment().utc))->own().serial;
  KeyWatch watch(std::move(*keys), "the one before it", [](const std::string& text) { FAIL_CHECK(text); });
  const auto begin = std::chrono::steady_clock::now();
  std::optional<std::shared_ptr<const SessionSettings>> settings;
  while (!(settings = watch.take_settings()) && std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)) std::this_thread::yield();
  REQUIRE(settings.has_value());
  CHECK((*settings)->own().serial == serial);
}

TEST_CASE("revoking a headset names each of its certificates, and lists are numbered") {
  const Folder folder;
  const auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  CHECK(keys->revoked()->number == 0);
  REQUIRE(keys->issue(Role::headset, "12", kNow).has_value());
  REQUIRE(keys->issue(Role::headset, "12", kNow + std::chrono::days(1)).has_value());
  REQUIRE(keys->issue(Role::headset, "13", kNow).has_value());
  CHECK(keys->issued().size() == 3);
  CHECK(*keys->revoke(Role::headset, "12", kNow + std::chrono::days(2)) == 2);
  CHECK(keys->revoked()->number == 1);
  CHECK(keys->revoked()->serials.size() == 2);
  CHECK(keys->revoke(Role::headset, "12", kNow + std::chrono::days(2)).error().code == "never-enrolled");
  CHECK(keys->revoke(Role::staff, "13", kNow).error().code == "never-enrolled");
  // What has expired needs no line any more.
  CHECK(*keys->revoke(Role::headset, "13", kNow + std::chrono::days(80)) == 1);
  REQUIRE(keys->issue(Role::headset, "14", kNow + std::chrono::days(85)).has_value());
  CHECK(*keys->revoke(Role::headset, "14", kNow + std::chrono::days(90) + std::chrono::hours(1)) == 1);
  CHECK(keys->revoked()->number == 3);
  CHECK(keys->revoked()->serials.size() == 2);
  std::ofstream(folder / "link/revoked.txt", std::ios::app) << "serial 00\n";
  CHECK(keys->revoked().error().code == "revocation-invalid");
}

TEST_CASE("a watch hands over a new revocation list within a second") {
  const Folder folder;
  auto keys = HallKeys::open_or_make(folder / "link", "wuxi-420", kNow);
  const auto other = HallKeys::open(folder / "link");
  KeyWatch watch(std::move(*keys), "", [](const std::string& text) { FAIL_CHECK(text); });
  REQUIRE(other->issue(Role::headset, "12", kNow).has_value());
  REQUIRE(other->revoke(Role::headset, "12", kNow).has_value());
  const auto begin = std::chrono::steady_clock::now();
  std::optional<RevocationList> list;
  while (!(list = watch.take_revoked()) && std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)) std::this_thread::yield();
  REQUIRE(list.has_value());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  CHECK(list->serials.size() == 1);
}
