#pragma once
// A hall's end and devices' ends of the secure link, joined in memory under a virtual clock. What each end sends arrives a
// millisecond later, through a seeded impairment if one is set. Handshakes are run inline.

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "showcontrol/link/device_end.h"
#include "showcontrol/link/hall_end.h"
#include "showcontrol/protocol/delay_line.h"
#include "tracking/base/crypto.h"

namespace promenade::link::testing {

inline const base::UtcTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

base::Bytes text(std::string_view words);  // something to say
std::shared_ptr<const SessionSettings> settings_of(SessionSettings::End end, const Credentials& credentials, RandomSource& random);

struct Folder {  // gone with its content at the end
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("promenade-link-" + base::to_hex(base::random_bytes(8)));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path / name) << text;
    return *this / name;
  }
};

struct Device {
  Address address;
  Credentials credentials;
  std::unique_ptr<DeviceEnd> end;
  std::vector<DeviceEnd::Inner> heard;
};

struct Flying { bool to_hall = true; Address from, to; base::Bytes bytes; };

class Rig {
 public:
  explicit Rig(HallEndLimits limits = {}, protocol::ImpairmentSettings network = {}, std::uint64_t seed = 1);

  Credentials credentials(Role role, std::string_view name, base::UtcTime from = kNow, std::chrono::seconds lasts = kCertificateLasts);
  Device& add(const Credentials& credentials);
  Device& add(std::string_view name) { return add(credentials(Role::headset, name)); }
  void step();  // 1 ms
  bool until(const std::function<bool()>& done, int milliseconds = 10'000);
  bool all_open();
  Moment now() const { return {steady, kNow + std::chrono::duration_cast<std::chrono::milliseconds>(steady)}; }
  template <class Change>
  std::vector<Change> changes() const {
    std::vector<Change> found;
    for (const LinkChange& change : happened) {
      if (const auto* one = std::get_if<Change>(&change)) found.push_back(*one);
    }
    return found;
  }
  const Device* device_at(Address address) const;

  SeededRandom random;
  base::Duration steady{1'000'000};
  Authority authority;
  HallEnd hall;
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<Delivered> heard;          // at the hall
  std::vector<LinkChange> happened;
  std::function<void(const Flying&)> tap;  // sees each datagram as it is sent

 private:
  void send(Flying flying);
  protocol::DelayLine<Flying> air_;
};

}  // namespace promenade::link::testing
