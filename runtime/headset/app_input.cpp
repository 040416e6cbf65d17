// The App's hands: floor marks, the pointer, and what a press does.

#include <algorithm>
#include <charconv>
#include <iterator>
#include <cmath>

#include <glm/gtc/quaternion.hpp>

#include "runtime/headset/app_state.h"
#include "runtime/headset/story.h"

namespace promenade::headset {
namespace {

constexpr double kMarkHeight_m = 0.25;        // a controller lower than this lies on the floor
constexpr double kDwell_s = 1.5;              // of a gaze
constexpr float kPuckPitch_rad = -0.75f;      // a head bowed this far looks at its feet
const glm::vec2 kPanel_px{ui::kPanelWidth_px, ui::kPanelHeight_px};

glm::vec3 position_of(const protocol::StagePose& pose) {
  return {static_cast<float>(pose.position.x), static_cast<float>(pose.position.y), static_cast<float>(pose.position.z)};
}
glm::vec3 direction_of(const protocol::StagePose& pose) {
  const glm::dvec3 ahead = pose.orientation * glm::dvec3(0.0, 0.0, -1.0);
  return {static_cast<float>(ahead.x), static_cast<float>(ahead.y), static_cast<float>(ahead.z)};
}
bool pressed(const Controller& now, const Controller& before) { return (now.trigger && !before.trigger) || (now.select && !before.select); }

int number_after(const std::string& name, std::size_t at) {
  int number = 0;
  std::from_chars(name.data() + at, name.data() + name.size(), number);
  return number;
}

}  // namespace

void App::State::act(const Input& input) {
  touch_marks(input);
  for (std::size_t each = 0; each < input.hands.size(); ++each) {
    const Controller& controller = input.hands[each];
    const bool menu = controller.present && controller.menu && !before[each].menu;
    if (menu && position_of(controller.grip).y >= kMarkHeight_m && help_offered(client->view().screen)) visit.help = !visit.help;
  }
  point(input);
  gaze_at_puck();
  before = input.hands;
}

void App::State::touch_marks(const Input& input) {
  // Also in mid-visit: after a change of headset, a lost place or a new start of this program; and whenever he is held,
  // as staff go to him then.
  using client::Screen;
  const Screen where = client->view().screen;
  const bool staff_are_there = where == Screen::shelf || where == Screen::wait_staff || where == Screen::stand_still;
  if (!staff_are_there && client->view().level < tracking::Level::pause) return;
  const tracking::Venue* venue = client->venue();
  if (venue == nullptr || venue->marks.empty()) return;
  if (venue->find_marks(visit.pair) == nullptr) visit.pair = venue->marks.front().id;
  for (std::size_t each = 0; each < input.hands.size(); ++each) {
    const Controller& controller = input.hands[each];
    if (!controller.present) continue;
    if (controller.grip.position.y >= kMarkHeight_m) {
      // In the hand: an attendant who wears the headset and stands on a mark has it checked. Where the button opens the
      // help, it does that.
      if (controller.menu && !before[each].menu && !help_offered(where)) stand(each);
      continue;
    }
    if (controller.menu && !before[each].menu) {
      hand = each;
      touch({controller.grip.position, controller.aim.orientation});  // where it lies, and the way it points
    } else if (controller.trigger && !before[each].trigger) {
      const auto at = std::ranges::find(venue->marks, visit.pair, &tracking::MarkPair::id);
      visit.pair = std::next(at) == venue->marks.end() ? venue->marks.front().id : std::next(at)->id;
      visit.touched = 0;
      visit.mark_fault.clear();
    }
  }
}

void App::State::stand(std::size_t each) {
  if (!client->hall_from_stage()) return;
  const auto refusal_before = client->view().refusal;
  client->stand_on_mark(last_client);
  const auto& refusal = client->view().refusal;
  const bool far = refusal && (!refusal_before || refusal->text != refusal_before->text);
  const bool off = far || client->drift(last_client).drift == tracking::CalibrationState::out_of_trust;
  hand = each;
  haptics[hand] = off ? Haptic{0.35, 0.9, 80.0} : Haptic{0.08, 0.6, 0.0};
  say(off ? "Checked on a mark: the headset's place is wrong. Touch both marks." : "Checked on a mark: within 25 cm.");
}

void App::State::touch(const protocol::StagePose& laid) {
  const auto refusal_before = client->view().refusal;
  const bool calibrated_before = client->hall_from_stage().has_value();
  if (visit.touched >= 2) visit.touched = 0;
  client->touch_mark(visit.pair + (visit.touched == 0 ? ".first" : ".second"), laid, last_client);
  const auto& refusal = client->view().refusal;
  const bool refused = refusal.has_value() && (!refusal_before || refusal->text != refusal_before->text || (calibrated_before && !client->hall_from_stage()));
  if (refused || (visit.touched == 1 && !client->hall_from_stage())) {
    visit.mark_fault = refusal ? refusal->code : "calibration-residual";
    visit.touched = 0;
    touched_at = now;
    haptics[hand] = Haptic{0.35, 0.9, 80.0};
    say("A mark was refused: " + (refusal ? refusal->text : visit.mark_fault));
    return;
  }
  visit.mark_fault.clear();
  ++visit.touched;
  touched_at = now;
  haptics[hand] = Haptic{0.08, 0.6, 0.0};
}

void App::State::point(const Input& input) {
  pointer = {};
  ray_m.reset();
  pointed.clear();
  if (!panel_shown || !panel_place.placed()) {
    dwell_s = 0.0;
    return;
  }
  const std::size_t other = hand == kRight ? kLeft : kRight;
  if (input.hands[other].present && (!input.hands[hand].present || pressed(input.hands[other], before[other]))) hand = other;
  if (input.hands[hand].present) {
    dwelt.clear();
    dwell_s = 0.0;
    if (point_with(input, hand) && pressed(input.hands[hand], before[hand]) && !pointed.empty()) {
      haptics[hand] = Haptic{0.03, 0.5, 0.0};
      press(std::string(pointed));
    }
    return;
  }
  gaze(input);
}

bool App::State::point_with(const Input& input, std::size_t each) {
  const glm::vec3 from = position_of(input.hands[each].aim), direction = direction_of(input.hands[each].aim);
  const auto hit = meet(panel_place.plane(panel_size_m), kPanel_px, from, direction);
  if (!hit) return false;
  pointer.at = hit->pixel;
  ray_m = hit->distance_m;
  if (const ui::Target* target = ui::hit(interface->targets(), hit->pixel)) pointed = target->name;
  return true;
}

// Without controllers the head points, and resting on a target presses it, once.
void App::State::gaze(const Input& input) {
  if (input.quality == protocol::TrackingQuality::lost) return;
  const auto hit = meet(panel_place.plane(panel_size_m), kPanel_px, head, head_orientation * glm::vec3(0.0f, 0.0f, -1.0f));
  std::string at;
  if (hit) {
    pointer.at = hit->pixel;
    if (const ui::Target* target = ui::hit(interface->targets(), hit->pixel)) at = target->name;
  }
  dwell_s = !at.empty() && at == gazed ? dwell_s + step_s : 0.0;
  // What a new panel happens to put before the eyes was not looked for: the gaze must come to it from elsewhere.
  if (!panel || gazed_panel != panel->index()) dwelt = at;
  else if (at != gazed) dwelt.clear();
  gazed_panel = panel ? panel->index() : std::variant_npos;
  gazed = at;
  pointed = at;
  if (at.empty() || at == dwelt) return;
  pointer.dwell = static_cast<float>(std::min(1.0, dwell_s / kDwell_s));
  if (dwell_s < kDwell_s) return;
  dwelt = at;
  dwell_s = 0.0;
  press(at);
}

void App::State::gaze_at_puck() {
  const client::View& view = client->view();
  const float pitch = std::asin(std::clamp((head_orientation * glm::vec3(0.0f, 0.0f, -1.0f)).y, -1.0f, 1.0f));
  const bool offered = help_offered(view.screen) && view.screen != client::Screen::menu && !visit.help && view.level < tracking::Level::stop;
  const bool looks = offered && pitch < kPuckPitch_rad;
  puck_seen = approach(puck_seen, looks ? 1.0f : 0.0f, step_s, 3.0f);
  puck_s = looks && puck_seen >= 1.0f ? puck_s + step_s : 0.0;
  if (puck_s < kDwell_s) return;
  puck_s = 0.0;
  visit.help = true;
}

void App::State::press(const std::string& name) {
  if (name.starts_with("film:")) {
    visit.chosen = base::FilmId(name.substr(5));
    visit.asked = false;
  } else if (name.starts_with("language:")) {
    language = ui::language_of(name.substr(9));
  } else if (name.starts_with("page:")) {
    visit.page = static_cast<std::size_t>(std::max(0, number_after(name, 5)));
  } else if (name.starts_with("star:")) {
    const int stars = std::clamp(number_after(name, 5), 1, 5);
    visit.stars = stars;
    client->rate(static_cast<std::uint8_t>(stars), last_client);
  } else if (name.starts_with("way:")) {
    client->choose_way(static_cast<std::uint8_t>(std::clamp(number_after(name, 4), 0, 255)), last_client);
  } else if (name == "continue") {
    visit.welcomed = true;
  } else if (name == "choose") {
    choose();
  } else if (name == "help" || name == "close") {
    visit.help = name == "help";
  } else if (name == "stop") {
    visit.help = false;
    client->panic(last_client);
    say("The viewer has called for help: stopped.");
  }
}

void App::State::choose() {
  const auto cards = cards_of(facts());
  const bool known = std::ranges::contains(cards, visit.chosen, &ui::FilmCard::film);
  if (!known) visit.chosen = first_choice(cards);
  const client::Film* film = find_film(*shelf.shelf, visit.chosen);
  if (film == nullptr) return;
  const std::string wanted(ui::tag_of(language));
  const auto& spoken = film->manifest.languages;
  const bool has = std::ranges::any_of(spoken, [&](const std::string& tag) { return ui::language_of(tag) == language; });
  client->choose(visit.chosen, has || spoken.empty() ? wanted : spoken.front(), last_client);
  visit.asked = true;
  asked_at = now;
  say("The viewer has chosen " + visit.chosen.value() + ".");
}

}  // namespace promenade::headset
