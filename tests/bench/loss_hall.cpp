#include "tests/bench/loss_hall.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "tests/bench/processor_time.h"

namespace promenade::bench {

namespace {
constexpr std::size_t kHeardKept = 128;  // bundles of each: some seconds
}

LossHall::LossHall(int viewers, const rehearsal::NetworkHabits& network, std::uint64_t seed) : crowd_(standing_crowd(viewers)) {
  client::Film film{standing_film(), {}};
  film.package_hash.fill(1);
  shelf_ = std::make_shared<const client::FilmShelf>(1, film);
  films_ = std::make_shared<const std::vector<hall::Film>>(1, hall::Film{film.manifest, film.package_hash});
  memory_.append({0, standing_records(crowd_, film.manifest), {}});
  const base::Random random(seed);
  heard_.resize(crowd_.homes.size());
  bundles_.resize(crowd_.homes.size());
  std::vector<rehearsal::Endpoint*> endpoints;
  for (std::size_t i = 0; i < crowd_.homes.size(); ++i) {
    viewers_.push_back(std::make_unique<LossViewer>(static_cast<std::uint16_t>(i + 1), crowd_.homes[i], shelf_, random.fork("viewer", i),
                                                    [this](protocol::BodyId body, base::HallTime frame) { return pose_time(body, frame); }));
    endpoints.push_back(viewers_.back().get());
  }
  network_ = std::make_unique<rehearsal::DatagramNetwork>(std::move(endpoints), network, random);
  network_->set_watch([this](const protocol::Message& message, base::HallTime at) {
    const auto* state = std::get_if<protocol::HeadsetState>(&message);
    if (state == nullptr || state->samples.empty()) return;
    auto& heard = heard_.at(state->headset.value() - std::size_t{1});
    if (!heard.empty() && heard.back().pose >= state->samples.back().time) return;  // an old bundle, overtaken
    if (heard.size() == kHeardKept) heard.pop_front();
    heard.push_back({at, state->samples.back().time});
    bundles_[state->headset.value() - std::size_t{1}] = *state;
  });
  start();
}

std::optional<base::HallTime> LossHall::pose_time(protocol::BodyId body, base::HallTime frame) const {
  const std::size_t index = body.value() - std::size_t{1};  // the crowd's bodies have their headsets' numbers
  if (index >= heard_.size()) return std::nullopt;
  const auto& heard = heard_[index];
  const auto later = std::ranges::upper_bound(heard, frame, {}, &Heard::at);
  return later == heard.begin() ? std::nullopt : std::optional(std::prev(later)->pose);
}

void LossHall::start() {
  hall::HallConfig config;
  config.venue = crowd_.venue;
  config.venue_toml = crowd_.venue_toml;
  config.films = films_;
  config.start = rehearsal::hall_time_at(now_s_);
  hall_ = std::make_unique<server::InlineHall>(std::move(config), memory_, server::BoxOfficeLine{});
  network_->set_hall(hall_.get(), now_s_);
}

void LossHall::kill() {
  network_->set_hall(nullptr, now_s_);
  hall_.reset();
}

void LossHall::step() {
  now_s_ += rehearsal::kDatagramStep_s;
  network_->run(now_s_);
  for (const auto& viewer : viewers_) viewer->step(now_s_);
  network_->collect_from_endpoints(now_s_);
  if (!hall_) return;
  const base::HallTime now = rehearsal::hall_time_at(now_s_);
  if (now < hall_->core().next_tick()) return;
  hall_->tick(now);
  network_->collect_from_hall(now_s_);
  static_cast<void>(hall_->take_notes());
  static_cast<void>(hall_->take_near_misses());
  static_cast<void>(hall_->take_viewer_times());
}

void LossHall::run(double seconds) {
  const double end_s = now_s_ + seconds;
  while (now_s_ < end_s) step();
}

bool LossHall::run_until(const std::function<bool()>& done, double limit_s) {
  const double end_s = now_s_ + limit_s;
  while (!done()) {
    if (now_s_ >= end_s) return false;
    step();
  }
  return true;
}

bool LossHall::all_ready(double limit_s) {
  return run_until([this] { return std::ranges::all_of(viewers_, [](const auto& viewer) { return viewer->ready(); }); }, limit_s);
}

double LossHall::evaluate(double seconds) {
  constexpr int kSteps = 33;                         // of a millisecond, between two bundles of one headset
  std::map<base::HeadsetId, hall::PeerId> peers;
  double spent_s = 0.0;
  std::vector<protocol::HeadsetState> states = bundles_;
  const int steps = static_cast<int>(seconds / rehearsal::kDatagramStep_s);
  for (int step = -3 * kSteps; step < steps; ++step) {  // at first only to see who is who
    now_s_ += rehearsal::kDatagramStep_s;
    const base::HallTime now = rehearsal::hall_time_at(now_s_);
    std::vector<std::pair<hall::PeerId, protocol::Message>> come;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const auto peer = peers.find(states[i].headset);
      if (peer == peers.end() || static_cast<int>(i % kSteps) != (step % kSteps + kSteps) % kSteps) continue;
      ++states[i].sequence;
      const base::Duration later = now - states[i].samples.back().time;
      for (protocol::PoseSample& sample : states[i].samples) sample.time += later;
      come.emplace_back(peer->second, states[i]);
    }
    const double before_s = thread_processor_s();
    for (auto& [peer, message] : come) hall_->receive(peer, std::move(message), now);
    if (now >= hall_->core().next_tick()) hall_->tick(now);
    const auto sends = hall_->take_sends();
    if (step >= 0) spent_s += thread_processor_s() - before_s;
    for (const hall::Send& send : sends) {
      if (const auto* frame = std::get_if<protocol::HallState>(&send.message)) peers[frame->headset] = send.peer;
    }
    static_cast<void>(hall_->take_notes());
    static_cast<void>(hall_->take_near_misses());
    static_cast<void>(hall_->take_viewer_times());
  }
  return spent_s;
}

Ages LossHall::frame_ages() const {
  Ages all;
  for (const auto& viewer : viewers_) all.add(viewer->frame_ages());
  return all;
}

Ages LossHall::pose_ages() const {
  Ages all;
  for (const auto& viewer : viewers_) all.add(viewer->pose_ages());
  return all;
}

std::uint32_t LossHall::losses() const {
  std::uint32_t sum = 0;
  for (const auto& viewer : viewers_) sum += viewer->losses();
  return sum;
}

}  // namespace promenade::bench
