#include "showcontrol/rehearsal/real_headset.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <nlohmann/json.hpp>

#include "showcontrol/client/view_json.h"
#include "tracking/base/formatted.h"

namespace promenade::rehearsal {
namespace {

constexpr double kPoseEvery_s = 1.0 / 60.0;
constexpr double kAgainEvery_s = 1.0;
constexpr double kOnMark_m = 0.02;             // height of the controller's grip above the mark
constexpr std::size_t kLineMost = 256U << 10;  // bytes; a driver that sends longer lines is no driver
constexpr std::size_t kUnsentMost = 64U << 10;

nlohmann::json numbers(glm::dvec3 p) { return nlohmann::json::array({p.x, p.y, p.z}); }

}  // namespace

base::Result<std::unique_ptr<RealHeadset>> RealHeadset::open(base::HeadsetId id, std::string socket_path) {
  std::unique_ptr<RealHeadset> headset(new RealHeadset(id, std::move(socket_path)));
  if (auto connected = headset->connect(); !connected) return std::unexpected(connected.error());
  return headset;
}

RealHeadset::~RealHeadset() { close(); }

base::Result<void> RealHeadset::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof(address.sun_path)) {
    return base::fail("driver-away", base::formatted("{} is too long for a socket's path.", path_), "Give a shorter one.");
  }
  std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
  socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    const std::string why = std::strerror(errno);
    close();
    return base::fail("driver-away", base::formatted("The headset's driver does not answer at {}: {}.", path_, why), "Start it first.");
  }
  return {};
}

void RealHeadset::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  linked_ = false;
  heard_.clear();
  unsent_.clear();
}

void RealHeadset::say(const std::string& line) {
  if (socket_ < 0) return;
  unsent_ += line;
  unsent_ += '\n';
  while (!unsent_.empty()) {
    const ssize_t sent = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if ((errno != EAGAIN && errno != EWOULDBLOCK) || unsent_.size() > kUnsentMost) close();
      return;
    }
    unsent_.erase(0, static_cast<std::size_t>(sent));
  }
}

void RealHeadset::listen() {
  std::array<char, 16384> bytes{};
  while (socket_ >= 0) {
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0 || heard_.size() + static_cast<std::size_t>(got) > kLineMost) return close();
    heard_.append(bytes.data(), static_cast<std::size_t>(got));
    // Of whole lines only the newest counts.
    const std::size_t end = heard_.rfind('\n');
    if (end == std::string::npos) continue;
    const std::size_t before = end == 0 ? std::string::npos : heard_.rfind('\n', end - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const nlohmann::json line = nlohmann::json::parse(heard_.substr(begin, end - begin), nullptr, false);
    heard_.erase(0, end + 1);
    if (!line.is_object()) continue;
    linked_ = line.value("linked", false);
    if (const auto view = line.find("view"); view != line.end()) {
      if (auto read = client::read_view_json(view->dump())) view_ = std::move(*read);
    }
  }
}

void RealHeadset::step(double now_s, const HeadPlace& place) {
  if (socket_ < 0) {
    if (now_s < again_s_) return;
    again_s_ = now_s + kAgainEvery_s;
    if (!connect()) return;
  }
  listen();
  if (now_s < next_pose_s_) return;
  next_pose_s_ = now_s + kPoseEvery_s;
  const auto head = stage_from_hall_ * tracking::pose_at(place.at, place.height_m, place.yaw_rad);
  const glm::dquat& turn = head.orientation;
  say(nlohmann::json{{"head", {head.position.x, head.position.y, head.position.z, turn.x, turn.y, turn.z, turn.w}}}.dump());
}

void RealHeadset::touch_mark(const std::string& mark, HallPoint at, double along_rad, double) {
  const auto laid = stage_from_hall_ * tracking::pose_at(at, kOnMark_m, along_rad);
  const glm::dquat& turn = laid.orientation;
  say(nlohmann::json{{"touch", mark}, {"at", numbers(laid.position)}, {"turn", {turn.x, turn.y, turn.z, turn.w}}}.dump());
}

void RealHeadset::choose(const base::FilmId& film, const std::string& language, double) {
  say(nlohmann::json{{"choose", film.value()}, {"language", language}}.dump());
}

void RealHeadset::choose_way(std::uint8_t way, double) { say(nlohmann::json{{"way", way}}.dump()); }

void RealHeadset::rate(std::uint8_t stars, double) { say(nlohmann::json{{"rate", stars}}.dump()); }

}  // namespace promenade::rehearsal
