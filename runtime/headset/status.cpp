#include "runtime/headset/status.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include <glm/gtc/quaternion.hpp>
#include <nlohmann/json.hpp>

#include "showcontrol/client/view_json.h"

namespace promenade::headset {
namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kEvery{50};

json point(const glm::vec3& p) { return {p.x, p.y, p.z}; }
json point(const glm::dvec3& p) { return {p.x, p.y, p.z}; }
json menu_of(const App& app, const MenuPlane& menu) {
  json items = json::array();
  const glm::vec2 pixels{static_cast<float>(menu.draw->width_px), static_cast<float>(menu.draw->height_px)};
  for (const App::Target& target : app.menu_targets()) {
    const glm::vec2 middle = (target.low + target.high) * 0.5f / pixels;
    const glm::vec3 in_plane{(middle.x - 0.5f) * menu.size_m.x, (0.5f - middle.y) * menu.size_m.y, 0.0f};
    items.push_back({{"name", target.name}, {"at", point(menu.center + menu.orientation * in_plane)}});
  }
  return items;
}

}  // namespace

StatusLine::StatusLine(int fd) : fd_(fd) {
  if (fd_ >= 0) fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

void StatusLine::tell(const App& app, const Output& output, const Input& input, const xr::Headset& headset, bool linked) {
  if (fd_ < 0 || input.now < next_) return;
  next_ = input.now + kEvery;
  const Telemetry& telemetry = app.telemetry();
  json line{{"linked", linked}, {"focused", headset.focused()}, {"passthrough", xr::to_string(headset.passthrough())}, {"see_through", output.see_through}, {"screen", telemetry.screen}, {"film", telemetry.film.value()},
            {"gates_passed", telemetry.gates_passed}, {"frames", headset.counts().frames}, {"head", point(input.head.position)},
            {"view", json::parse(client::view_json(app.client().view()))}};
  const App::Marks marks = app.marks();
  line["marks"] = {{"pair", marks.pair}, {"touched", marks.touched}};
  json hands = json::array();
  for (const Controller& hand : input.hands) {
    const glm::dvec3 ahead = hand.aim.orientation * glm::dvec3(0.0, 0.0, -1.0);
    hands.push_back({{"present", hand.present}, {"grip", point(hand.grip.position)}, {"aim", point(hand.aim.position)}, {"ahead", point(ahead)}, {"trigger", hand.trigger}, {"menu", hand.menu}});
  }
  line["hands"] = std::move(hands);
  if (output.menu && output.menu->draw) {
    line["menu"] = menu_of(app, *output.menu);
    line["panel"] = point(output.menu->center);
  }
  if (rest_.empty()) rest_ = line.dump() + "\n";
  const ssize_t written = write(fd_, rest_.data(), rest_.size());
  if (written > 0) rest_.erase(0, static_cast<std::size_t>(written));
  else if (!begun_) rest_.clear();                 // nobody reads now: this line is dropped
  begun_ = !rest_.empty();
  if (written < 0 && errno != EAGAIN && errno != EINTR) fd_ = -1;
}

}  // namespace promenade::headset
