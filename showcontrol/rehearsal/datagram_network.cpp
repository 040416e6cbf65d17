#include "showcontrol/rehearsal/datagram_network.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "showcontrol/link/handshake_runner.h"
#include "showcontrol/protocol/codec.h"
#include "tracking/base/assert.h"

namespace promenade::rehearsal {
namespace {

constexpr link::Address kHall{0x0a000001, 9560};
constexpr std::uint32_t kFirstHost = 0x0a000100;
constexpr std::uint16_t kPort = 40000;
constexpr base::Duration kZero{10'000'000};  // of the sockets' clock at the rehearsal's second 0
const base::UtcTime kDay = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
// A handshake costs the hall 3.2 ms of CPU in two turns (docs/measures.md, "The secure link").
constexpr base::Duration kHandshakeTurn{1'600};
constexpr std::size_t kHandshakesAtOnce = 8;  // as HandshakeThread
constexpr double kIdle_s = 1.0, kIdleStep_s = 0.05;  // a stretch with nobody there is passed in larger steps

struct Named {
  link::Role role;
  std::string name;
};
Named named(const Endpoint& endpoint) {
  constexpr std::string_view kHeadset = "headset-";
  const std::string name = endpoint.name();
  if (name.starts_with(kHeadset)) return {link::Role::headset, name.substr(kHeadset.size())};
  return {link::Role::staff, name};
}

protocol::ImpairmentSettings each_way(const NetworkHabits& habits) {
  protocol::ImpairmentSettings way;
  way.loss = habits.loss;
  way.duplication = habits.duplication;
  way.reordering = habits.reordering;
  way.delay_min = base::from_seconds(habits.delay_min_s);
  way.delay_max = base::from_seconds(habits.delay_max_s);
  return way;
}
protocol::ImpairmentSettings outage() {
  protocol::ImpairmentSettings way;
  way.loss = 1.0;
  return way;
}

// The hall's thread of that name on virtual time.
class TimedHandshakes final : public link::HandshakeRunner {
 public:
  explicit TimedHandshakes(const link::MemoryNetwork& air) : air_(air) {}
  bool has_room() const override { return done_.size() < kHandshakesAtOnce; }
  void give(link::HandshakeWork work) override {
    work.run();
    free_at_ = std::max(free_at_, air_.now().steady) + kHandshakeTurn;
    done_.push_back({free_at_, std::move(work)});
  }
  std::optional<link::HandshakeWork> take() override {
    if (done_.empty() || done_.front().at > air_.now().steady) return std::nullopt;
    std::optional<link::HandshakeWork> work(std::move(done_.front().work));
    done_.pop_front();
    return work;
  }
  bool busy() const override { return !done_.empty(); }

 private:
  struct Done {
    base::Duration at{0};
    link::HandshakeWork work;
  };
  const link::MemoryNetwork& air_;
  base::Duration free_at_{0};
  std::deque<Done> done_;
};

}  // namespace

class DatagramNetwork::DeviceSocket final : public link::DatagramSocket {  // of a device, which may get another address
 public:
  DeviceSocket(link::MemoryNetwork& air, link::Address first) : air_(air), socket_(air.bind(first)) {}
  void move_to(link::Address address) { socket_ = air_.bind(address); }
  link::Moment now() const override { return air_.now(); }
  link::Address local() const override { return socket_->local(); }
  void send(link::Address to, base::ByteView datagram) override { socket_->send(to, datagram); }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override { return socket_->receive(buffer); }
  void wait(base::Duration) override {}

 private:
  link::MemoryNetwork& air_;
  std::unique_ptr<link::DatagramSocket> socket_;
};

class DatagramNetwork::HallSocket final : public link::DatagramSocket {  // of a hall, which may be killed
 public:
  explicit HallSocket(std::unique_ptr<link::DatagramSocket> below) : below_(std::move(below)) {}
  void kill() { killed_ = true; }
  link::Moment now() const override { return below_->now(); }
  link::Address local() const override { return below_->local(); }
  void send(link::Address to, base::ByteView datagram) override {
    if (!killed_) below_->send(to, datagram);
  }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override { return below_->receive(buffer); }
  void wait(base::Duration) override {}

 private:
  std::unique_ptr<link::DatagramSocket> below_;
  bool killed_ = false;
};

struct DatagramNetwork::Line {
  Endpoint* endpoint = nullptr;
  std::shared_ptr<const link::SessionSettings> security;  // shared as SessionSettings says
  std::unique_ptr<LiveLink> link;
  DeviceSocket* socket = nullptr;  // the present connection's; none: it has none
  std::uint64_t number = 0;
  std::uint32_t opened = 0;
  double next_outage_s = 0.0, outage_until_s = -1.0;
};

DatagramNetwork::DatagramNetwork(std::vector<Endpoint*> endpoints, const NetworkHabits& habits, base::Random random)
    : habits_(habits), random_(random.fork("datagram network")), source_(random.fork("keys")), air_(moment_at(0.0)),
      authority_(link::Authority::make("rehearsal", kDay, source_)) {
  const auto settings = [this](link::SessionSettings::End end, link::Role role, const std::string& name) {
    const auto credentials = authority_.issue(role, name, kDay, source_);
    PROMENADE_ASSERT(credentials.has_value());
    auto made = link::SessionSettings::make(end, *credentials, source_);
    PROMENADE_ASSERT(made.has_value());
    return *made;
  };
  hall_security_ = settings(link::SessionSettings::End::hall, link::Role::hall, "hall");
  for (Endpoint* endpoint : endpoints) {
    auto line = std::make_unique<Line>();
    line->endpoint = endpoint;
    line->number = lines_.size();
    const Named who = named(*endpoint);
    line->security = settings(link::SessionSettings::End::device, who.role, who.name);
    line->link = std::make_unique<LiveLink>(*endpoint, [this, at = line.get()] { return open(*at); });
    line->next_outage_s = habits.outage_every_s > 0.0 ? random_.exponential(habits.outage_every_s) : 1e18;
    lines_.push_back(std::move(line));
  }
}

DatagramNetwork::~DatagramNetwork() = default;

link::Moment DatagramNetwork::moment_at(double now_s) const {
  const base::Duration since = base::from_seconds(now_s);
  return {kZero + since, kDay + std::chrono::floor<std::chrono::milliseconds>(since)};
}

link::Address DatagramNetwork::hall_address() const { return kHall; }

base::Result<protocol::Connection> DatagramNetwork::open(Line& line) {
  const protocol::ImpairmentSettings way = now_s_ < line.outage_until_s ? outage() : each_way(habits_);
  protocol::ConnectionConfig config;
  config.impairment = {way, way, random_.fork("line", line.number << 32 | ++line.opened)()};
  config.security = line.security;
  auto socket = std::make_unique<DeviceSocket>(air_, link::Address{kFirstHost + next_address_++, kPort});
  line.socket = socket.get();
  return protocol::Connection::open(config, std::move(socket), kHall);
}

void DatagramNetwork::roam(std::size_t endpoint) {
  if (DeviceSocket* socket = lines_.at(endpoint)->link->connected() ? lines_[endpoint]->socket : nullptr) socket->move_to({kFirstHost + next_address_++, kPort});
}

protocol::LinkTotals DatagramNetwork::link_totals() const { return listener_ ? listener_->totals() : protocol::LinkTotals{}; }
std::uint32_t DatagramNetwork::links(std::size_t endpoint) const { return lines_.at(endpoint)->opened; }

NetworkTotals DatagramNetwork::totals() const {
  NetworkTotals totals = totals_;
  totals.undecodable += door_.counts().unreadable;
  for (const auto& line : lines_) totals.undecodable += line->link->unreadable();
  return totals;
}

void DatagramNetwork::set_hall(server::InlineHall* hall, double) {
  hall_ = hall;
  if (hall_socket_ != nullptr) hall_socket_->kill();
  hall_socket_ = nullptr;
  listener_.reset();
  door_ = {};
  if (hall == nullptr) return;
  protocol::ListenerConfig config;
  config.security = hall_security_;
  auto socket = std::make_unique<HallSocket>(air_.bind(kHall));
  hall_socket_ = socket.get();
  auto opened = protocol::Listener::open(config, std::move(socket), std::make_unique<TimedHandshakes>(air_));
  PROMENADE_ASSERT(opened.has_value());
  listener_ = std::make_unique<protocol::Listener>(std::move(*opened));
}

// As server::Loop does on the system's time.
void DatagramNetwork::take(const protocol::LinkEvent& event) {
  const base::HallTime now = hall_time_at(now_s_);
  if (const auto* made = std::get_if<protocol::LinkConnected>(&event)) {
    if (!door_.opened(made->link, made->peer->subject, now)) return listener_->close(made->link, protocol::CloseCode::refused);
    return hall_->connected(hall::PeerId(made->link.value()), now);
  }
  if (const auto* lost = std::get_if<protocol::LinkLost>(&event)) {
    door_.closed(lost->link);
    return hall_->lost(hall::PeerId(lost->link.value()), now);
  }
  const auto& datagram = std::get<protocol::LinkDatagram>(event);
  ++totals_.messages;
  totals_.bytes += datagram.bytes.size();
  std::optional<protocol::Message> message;
  const server::Door::Verdict verdict = door_.judge(datagram, now, message);
  if (verdict == server::Door::Verdict::drop) return;
  if (verdict == server::Door::Verdict::cut) {
    listener_->close(datagram.link, protocol::CloseCode::refused);
    return hall_->lost(hall::PeerId(datagram.link.value()), now);
  }
  if (watch_) watch_(*message, now);
  hall_->receive(hall::PeerId(datagram.link.value()), std::move(*message), now);
}

void DatagramNetwork::trouble(Line& line, double now_s) {
  if (now_s >= line.next_outage_s) {
    line.outage_until_s = now_s + random_.uniform(habits_.outage_min_s, habits_.outage_max_s);
    line.next_outage_s = line.outage_until_s + random_.exponential(habits_.outage_every_s);
    line.link->set_impairment(outage(), outage());
  } else if (line.outage_until_s >= 0.0 && now_s >= line.outage_until_s) {
    line.outage_until_s = -1.0;
    line.link->set_impairment(each_way(habits_), each_way(habits_));
  }
}

void DatagramNetwork::step(double now_s) {
  const base::Duration behind = moment_at(now_s).steady - air_.now().steady;
  if (behind.count() > 0) air_.advance(behind);
  now_s_ = now_s;
  if (listener_) {
    events_.clear();
    listener_->poll(std::chrono::milliseconds(0), events_);
    for (const protocol::LinkEvent& event : events_) take(event);
    if (!events_.empty()) collect_from_hall(now_s);
  }
  for (const auto& line : lines_) {
    trouble(*line, now_s);
    line->link->receive(now_s);
  }
}

void DatagramNetwork::run(double now_s) {
  while (now_s_ < now_s) {
    const double left_s = now_s - now_s_;
    step(left_s > kIdle_s ? now_s_ + kIdleStep_s : std::min(now_s, now_s_ + kDatagramStep_s));
  }
}

void DatagramNetwork::collect_from_endpoints(double now_s) {
  for (const auto& line : lines_) line->link->send(now_s);
}

void DatagramNetwork::collect_from_hall(double) {
  if (hall_ == nullptr) return;
  for (const hall::Send& send : hall_->take_sends()) {
    const protocol::LinkId link(send.peer.value());
    const bool greeting = std::holds_alternative<protocol::Welcome>(send.message) || std::holds_alternative<protocol::StaffWelcome>(send.message);
    if (greeting) listener_->proven(link);
    bytes_.clear();
    protocol::encode_into(send.message, bytes_);
    ++totals_.messages;
    totals_.bytes += bytes_.size();
    listener_->send(link, bytes_, protocol::delivery_of(send.message));
  }
  for (const hall::Disconnect& gone : hall_->take_disconnects()) {
    const protocol::LinkId link(gone.peer.value());
    listener_->close(link, protocol::CloseCode::refused);
    door_.closed(link);
  }
  listener_->flush();
}

}  // namespace promenade::rehearsal
