#include "tests/bench/alert_crowd.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "showcontrol/protocol/codec.h"
#include "tests/bench/quantile.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {

namespace {

constexpr Steady::duration kPoseEvery = std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(1.0 / kPoseHz));
constexpr double kSway_m = 0.001;                         // a live head is never quite still
constexpr std::chrono::microseconds kNap{150};
constexpr std::size_t kLatenessKept = 2'000'000;

protocol::Connection connect(const AlertHall& hall, link::Role role, const std::string& name) {
  protocol::ConnectionConfig config;
  config.port = hall.udp_port();
  config.security = hall.security(role, name);
  auto opened = protocol::Connection::open(config);
  if (!opened) throw std::runtime_error(opened.error().text());
  return std::move(*opened);
}

client::Client make_client(const AlertHall& hall, base::HeadsetId id) {
  client::Client made(client::ClientConfig{id, "promenade-bench", hall.shelf()});
  client::Device device;
  device.worn = true;
  made.device(device);
  return made;
}

}  // namespace

// ---------------------------------------------------------------- headset

CrowdHeadset::CrowdHeadset(const AlertHall& hall, std::size_t index, Steady::time_point zero)
    : at(hall.homes()[index]),
      hall_(hall),
      id_(static_cast<std::uint16_t>(index + 1)),
      zero_(zero),
      next_pose_(zero + kPoseEvery * static_cast<long>(index * 37 % 100) / 100),  // moments of poses lie evenly apart
      client_(make_client(hall, id_)),
      connection_(connect(hall, link::Role::headset, std::to_string(index + 1))) {}

base::HeadsetTime CrowdHeadset::time(Steady::time_point at_time) const {
  return base::headset_time(10.0 * id_.value() + std::chrono::duration<double>(at_time - zero_).count());
}

void CrowdHeadset::poll() {
  events_.clear();
  connection_->poll(std::chrono::milliseconds(0), events_);
  for (const protocol::LinkEvent& event : events_) {
    if (std::holds_alternative<protocol::LinkConnected>(event)) {
      connected_ = true;
      client_.link_up(time(Steady::now()));
    } else if (const auto* datagram = std::get_if<protocol::LinkDatagram>(&event)) {
      const auto message = protocol::decode(datagram->bytes);
      if (!message) throw std::runtime_error("a frame of the hall could not be read");
      if (const auto* frame = std::get_if<protocol::HallState>(&*message); frame != nullptr && frame->sequence > sequence_) {
        sequence_ = frame->sequence;
        told_ = frame->safety.level;
        evacuating_ = frame->evacuate;
        placed_ = !frame->neighbours.empty();
        frame_time_ = frame->time;
        pose_ages_.clear();
        for (const protocol::Neighbour& neighbour : frame->neighbours) pose_ages_.push_back(neighbour.age);
        if (told_ >= watched_ && !told_at_) told_at_ = datagram->received;
      }
      client_.receive(*message, time(datagram->received));
    } else if (!connected_) {  // not taken in in time, which a starved machine does: again, as a headset would
      connection_.emplace(connect(hall_, link::Role::headset, std::to_string(id_.value())));
      return;
    } else {
      throw std::runtime_error(base::formatted("the link of headset {} was lost ({}). {}", id_.value(), static_cast<int>(std::get<protocol::LinkLost>(event).code), hall_.last_words()));
    }
  }
}

void CrowdHeadset::calibrate() {
  const bool places = client_.phase() == protocol::Phase::playing || client_.phase() == protocol::Phase::waiting;
  if (touched_ || !client_.clock_known() || client_.venue() == nullptr || !places) return;
  touched_ = true;
  const auto now = time(Steady::now());
  const tracking::MarkPair& marks = client_.venue()->marks.front();  // its STAGE lies as the hall does
  client_.touch_mark(marks.id + ".first", tracking::pose_at<tracking::Stage>({marks.first.x, marks.first.y}, 0.02, marks.arrow_rad()), now);
  client_.touch_mark(marks.id + ".second", tracking::pose_at<tracking::Stage>({marks.second.x, marks.second.y}, 0.02, marks.arrow_rad()), now);
}

bool CrowdHeadset::step(const std::function<void(Steady::time_point)>& moved) {
  const Steady::time_point now = Steady::now();
  if (now < next_pose_) return false;
  calibrate();
  if (moved) moved(now);
  next_pose_ = std::max(next_pose_ + kPoseEvery, now);
  swing_ = -swing_;
  client_.pose(tracking::pose_at<tracking::Stage>({at.x, at.y + swing_ * kSway_m}, 1.65, 0.0), protocol::TrackingQuality::good, time(now));
  client_.step(time(now));
  if (own() >= watched_ && !shown_at_) shown_at_ = now;
  if (ages_ != nullptr) {
    for (const base::Duration age : pose_ages_) ages_->add(base::to_seconds(client_.hall_time(time(now)) - frame_time_ + age));
  }
  send();
  return true;
}

void CrowdHeadset::send() {
  for (const protocol::Message& message : client_.take_outgoing()) {
    bytes_.clear();
    protocol::encode_into(message, bytes_);
    connection_->send(bytes_, protocol::delivery_of(message));
  }
  connection_->flush();
}

bool CrowdHeadset::ready() const { return touched_ && placed_ && client_.hall_from_stage().has_value() && told_ == tracking::Level::clear && own() == tracking::Level::clear; }

void CrowdHeadset::watch(tracking::Level level) {
  watched_ = level;
  told_at_.reset();
  shown_at_.reset();
}

// ---------------------------------------------------------------- staff

CrowdStaff::CrowdStaff(const AlertHall& hall) : connection_(connect(hall, link::Role::staff, "bench")) {}

void CrowdStaff::poll() {
  events_.clear();
  connection_->poll(std::chrono::milliseconds(0), events_);
  for (const protocol::LinkEvent& event : events_) {
    if (std::holds_alternative<protocol::LinkLost>(event)) throw std::runtime_error("the staff device's link was lost");
    const auto* datagram = std::get_if<protocol::LinkDatagram>(&event);
    if (datagram == nullptr) continue;
    const auto message = protocol::decode(datagram->bytes);
    if (!message) continue;
    if (std::holds_alternative<protocol::StaffWelcome>(*message)) welcome_ = true;
    if (const auto* reply = std::get_if<protocol::StaffReply>(&*message)) {
      open_.erase(reply->request);
      if (!reply->accepted) ++refused_;
    }
  }
  if (connection_->connected() && !greeted_) {
    greeted_ = true;
    const protocol::Message hello = protocol::StaffHello{protocol::kProtocolVersion, "bench", kAlertStaffKey};
    connection_->send(protocol::encode(hello), protocol::delivery_of(hello));
    connection_->flush();
  }
}

Steady::time_point CrowdStaff::command(protocol::StaffAction action) {
  const protocol::Message message = protocol::StaffCommand{++request_, std::move(action)};
  open_.insert(request_);
  const base::Bytes bytes = protocol::encode(message);
  const Steady::time_point now = Steady::now();
  connection_->send(bytes, protocol::delivery_of(message));
  connection_->flush();
  return now;
}

// ---------------------------------------------------------------- crowd

Crowd::Crowd(const AlertHall& hall) : staff(hall), hall_(hall) {
  const Steady::time_point zero = Steady::now();
  const auto welcome = [this] { return staff.ready(); };
  if (!run(10.0, welcome)) throw std::runtime_error("the hall does not welcome its staff. " + hall.last_words());
  // A few at a time: a hall takes only so many handshakes of one address at once, and here all come from the same.
  const auto linked = [this] { return std::ranges::all_of(headsets, [](const auto& one) { return one->linked(); }); };
  for (std::size_t i = 0; i < hall.homes().size(); ++i) {
    headsets.push_back(std::make_unique<CrowdHeadset>(hall, i, zero));
    if (i % 10 == 9) run(5.0, linked);
  }
  const auto ready = [this] { return std::ranges::all_of(headsets, [](const auto& one) { return one->ready(); }); };
  if (!run(30.0, ready)) throw std::runtime_error("not all viewers are under way. " + hall.last_words());
  late_ms_.clear();
}

bool Crowd::run(double limit_s, const std::function<bool()>& done, const std::function<void(std::size_t, Steady::time_point)>& moved,
                const std::function<void()>& turn) {
  const Steady::time_point end = Steady::now() + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(limit_s));
  for (;;) {
    if (done()) return true;
    if (Steady::now() >= end) return false;
    staff.poll();
    bool idle = true;
    for (std::size_t i = 0; i < headsets.size(); ++i) {
      CrowdHeadset& one = *headsets[i];
      one.poll();
      const Steady::time_point due = one.next_pose();
      const bool stepped = one.step([&](Steady::time_point at) {
        if (late_ms_.size() < kLatenessKept) late_ms_.push_back(std::chrono::duration<double, std::milli>(at - due).count());
        if (moved) moved(i, at);
      });
      if (stepped) {
        one.poll();
        idle = false;
      }
    }
    if (turn) turn();
    if (idle) std::this_thread::sleep_for(kNap);
  }
}

void Crowd::release_all() {
  const auto all_let_go = [this] { return std::ranges::all_of(headsets, [](const auto& one) { return one->told() < tracking::Level::stop && !one->evacuating(); }); };
  for (int tries = 0; tries < 20; ++tries) {
    for (const auto& one : headsets) {
      if (one->told() >= tracking::Level::stop) staff.command(protocol::ReleaseViewer{one->id()});
    }
    if (!run(5.0, [this] { return staff.answered(); })) break;
    if (run(0.2, all_let_go)) return;
  }
  throw std::runtime_error("viewers could not be released. " + hall_.last_words());
}

double Crowd::lateness_p99_ms() const { return late_ms_.empty() ? 0.0 : quantile(late_ms_, 0.99); }

}  // namespace promenade::bench
