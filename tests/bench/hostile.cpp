#include "tests/bench/hostile.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/protocol/codec.h"
#include "tracking/base/formatted.h"
#include "tracking/base/random.h"

namespace promenade::bench {

namespace {

constexpr std::size_t kCaptured = 400;
constexpr std::uint32_t kLoopback = 0x7f000001;
constexpr int kSources = 8;
constexpr std::size_t kTooLarge = 1400, kRandomAt = 27, kRandomSize = 32;  // where a ClientHello's record has its random number
constexpr std::chrono::microseconds kBatchEvery{500};

}  // namespace

class CapturedDevice::Tap final : public link::DatagramSocket {
 public:
  Tap(std::unique_ptr<link::DatagramSocket> below, std::vector<base::Bytes>& sent) : below_(std::move(below)), sent_(sent) {}
  link::Moment now() const override { return below_->now(); }
  link::Address local() const override { return below_->local(); }
  void send(link::Address to, base::ByteView datagram) override {
    sent_.emplace_back(datagram.begin(), datagram.end());
    below_->send(to, datagram);
  }
  std::optional<Received> receive(std::span<std::uint8_t> buffer) override { return below_->receive(buffer); }
  void wait(base::Duration at_most) override { below_->wait(at_most); }

 private:
  std::unique_ptr<link::DatagramSocket> below_;
  std::vector<base::Bytes>& sent_;
};

CapturedDevice::CapturedDevice(const AlertHall& hall, const std::string& name) {
  auto socket = link::UdpSocket::open("127.0.0.1", 0);
  if (!socket) throw std::runtime_error(socket.error().text());
  protocol::ConnectionConfig config;
  config.security = hall.security(link::Role::staff, name);
  auto opened = protocol::Connection::open(config, std::make_unique<Tap>(std::move(*socket), sent_), {kLoopback, hall.udp_port()});
  if (!opened) throw std::runtime_error(opened.error().text());
  connection_ = std::make_unique<protocol::Connection>(std::move(*opened));
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!connection_->connected() && std::chrono::steady_clock::now() < limit) connection_->poll(std::chrono::milliseconds(5), events_);
  if (!connection_->connected()) throw std::runtime_error("the captured device was not let in. " + hall.last_words());
  handshake_ = std::exchange(sent_, {});
  const protocol::Message hello = protocol::StaffHello{protocol::kProtocolVersion, name, kAlertStaffKey};
  connection_->send(protocol::encode(hello), protocol::delivery_of(hello));
  while (sent_.size() < kCaptured && std::chrono::steady_clock::now() < limit) {
    connection_->poll(std::chrono::milliseconds(5), events_);
    events_.clear();
    connection_->send(protocol::encode(protocol::ClockRequest{static_cast<std::uint32_t>(sent_.size()), {}}), protocol::Delivery::beside);
  }
  records_ = std::exchange(sent_, {});
}

CapturedDevice::~CapturedDevice() = default;

void CapturedDevice::poll() {
  connection_->poll(std::chrono::milliseconds(0), events_);
  events_.clear();
  sent_.clear();
}

bool CapturedDevice::over() const { return connection_->over(); }

namespace {

class Hostile {
 public:
  Hostile(std::vector<base::Bytes> handshake, std::vector<base::Bytes> records) : handshake_(std::move(handshake)), records_(std::move(records)) {}

  const base::Bytes& next() {
    switch (number_++ % 8) {
      case 0: return garbage(random_.below(1200));
      case 1: return garbage(kTooLarge);
      case 2: return hello();
      case 3: return flipped(records_);
      case 4: return one_of(records_);
      case 5: return forged_ending();
      case 6: return cut(handshake_);
      default: return flipped(handshake_);
    }
  }

 private:
  const base::Bytes& one_of(const std::vector<base::Bytes>& from) { return made_ = from[random_.below(from.size())]; }
  const base::Bytes& garbage(std::size_t size) {
    made_.resize(size + 1);
    for (auto& byte : made_) byte = static_cast<std::uint8_t>(random_());
    if (random_.chance(0.5)) made_[0] = static_cast<std::uint8_t>(20 + random_.below(6));  // looks like a record
    return made_;
  }
  const base::Bytes& hello() {  // the first flight is one; each time by somebody new
    made_ = handshake_.front();
    for (std::size_t i = kRandomAt; i < std::min(kRandomAt + kRandomSize, made_.size()); ++i) made_[i] = static_cast<std::uint8_t>(random_());
    return made_;
  }
  const base::Bytes& flipped(const std::vector<base::Bytes>& from) {
    one_of(from);
    made_[random_.below(made_.size())] ^= static_cast<std::uint8_t>(1u << random_.below(8));
    return made_;
  }
  const base::Bytes& cut(const std::vector<base::Bytes>& from) {
    one_of(from);
    made_.resize(1 + random_.below(made_.size()));
    return made_;
  }
  const base::Bytes& forged_ending() {
    if (random_.chance(0.5)) return made_ = {21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0};  // close_notify, unprotected
    return made_ = {0x80, 0x00, 0x12, 0x34, 0x84, 0xff, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00};       // ENet's disconnect, as it is without DTLS
  }

  std::vector<base::Bytes> handshake_, records_;
  base::Random random_{1};
  std::uint64_t number_ = 0;
  base::Bytes made_;
};

}  // namespace

Flood::Flood(std::uint16_t port, const CapturedDevice& captured, double per_second)
    : thread_([this, port, hostile = Hostile(captured.handshake(), captured.records()), per_second](std::stop_token stop) mutable {
        std::vector<std::unique_ptr<link::UdpSocket>> sources;
        for (int i = 0; i < kSources; ++i) {
          auto socket = link::UdpSocket::open(base::formatted("127.0.0.{}", 2 + i), 0);
          if (socket) sources.push_back(std::move(*socket));
        }
        const auto began = std::chrono::steady_clock::now();
        while (!stop.stop_requested() && !sources.empty()) {
          const double due = per_second * std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
          for (; static_cast<double>(sent_.load()) < due; ++sent_) sources[sent_ % sources.size()]->send({kLoopback, port}, hostile.next());
          std::this_thread::sleep_for(kBatchEvery);
        }
      }) {}

Flood::~Flood() = default;

// ------------------------------------------------------------ past the cookie

namespace {

constexpr std::size_t kSessionIdAt = kRandomAt + kRandomSize, kCookieSize = 16;  // in a hello's record; its session id is empty

std::string own_address(int block, int number) { return base::formatted("127.{}.{}.{}", block, number / 250, 1 + number % 250); }

class Attacker {
 public:
  enum class Deed { silent, garbage, damaged, captured, again };
  Attacker(std::unique_ptr<link::UdpSocket> socket, link::Address hall, Deed deed, base::Random random) : socket_(std::move(socket)), hall_(hall), deed_(deed), random_(std::move(random)) {}

  // Begins anew with its next turn.
  void begin(const std::vector<base::Bytes>& handshake) {
    hello_ = handshake.front();
    for (auto& byte : number_) byte = static_cast<std::uint8_t>(random_());
    std::ranges::copy(number_, hello_.begin() + kRandomAt);
    stage_ = Stage::greeting;
    say(hello_);
  }
  void turn(const std::vector<base::Bytes>& handshake) {
    std::array<std::uint8_t, 2048> buffer;
    while (const auto heard = socket_->receive(buffer)) {
      if (stage_ == Stage::greeting && heard->size == 44) {  // the HelloVerifyRequest, which ends with the cookie
        hello_ = handshake.at(1);
        std::ranges::copy(number_, hello_.begin() + kRandomAt);
        std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(heard->size - kCookieSize), kCookieSize, hello_.begin() + kSessionIdAt + 2);
        say(hello_);
        ++begun;
        stage_ = Stage::begun;
      } else if (stage_ != Stage::greeting && heard->size != 44) {
        ++answered;
        act(handshake);
      }
    }
    if (stage_ == Stage::begun && deed_ == Deed::again && random_.chance(0.1)) say(hello_);
  }
  std::uint64_t begun = 0, sent = 0, answered = 0;

 private:
  enum class Stage { idle, greeting, begun };

  void act(const std::vector<base::Bytes>& handshake) {
    for (std::size_t i = 2; i < handshake.size(); ++i) {
      base::Bytes bytes = handshake[i];
      switch (deed_) {
        case Deed::silent:
        case Deed::again: return;
        case Deed::garbage:
          bytes.resize(14 + random_.below(1100));
          for (std::size_t at = 13; at < bytes.size(); ++at) bytes[at] = static_cast<std::uint8_t>(random_());
          bytes[11] = static_cast<std::uint8_t>((bytes.size() - 13) >> 8);  // a whole record by its header
          bytes[12] = static_cast<std::uint8_t>(bytes.size() - 13);
          break;
        case Deed::damaged:
          if (random_.chance(0.5)) bytes.resize(1 + random_.below(bytes.size() - 1));
          else bytes[random_.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
          break;
        case Deed::captured: break;
      }
      say(bytes);
    }
  }
  void say(const base::Bytes& bytes) {
    socket_->send(hall_, bytes);
    ++sent;
  }

  std::unique_ptr<link::UdpSocket> socket_;
  link::Address hall_;
  Deed deed_;
  base::Random random_;
  base::Bytes hello_;
  std::array<std::uint8_t, kRandomSize> number_{};  // its hello's
  Stage stage_ = Stage::idle;
};

}  // namespace

ConnectFlood::ConnectFlood(std::uint16_t port, const CapturedDevice& captured, Deeds deeds, int attackers, std::chrono::milliseconds every)
    : thread_([this, port, handshake = captured.handshake(), deeds, attackers, every](std::stop_token stop) {
        std::vector<Attacker> crowd;
        const base::Random random(2);
        for (int i = 0; i < attackers; ++i) {
          auto socket = link::UdpSocket::open(own_address(1, i), 0);
          if (socket) crowd.emplace_back(std::move(*socket), link::Address{kLoopback, port}, static_cast<Attacker::Deed>(deeds == Deeds::silent ? 0 : i % 5), random.fork("attacker", static_cast<std::uint64_t>(i)));
        }
        const auto began = std::chrono::steady_clock::now();
        const auto between = std::chrono::duration<double>(every) / static_cast<double>(crowd.size());  // of one beginning and another's
        std::uint64_t turns = 0;
        while (!stop.stop_requested() && !crowd.empty()) {
          for (; began + static_cast<double>(turns) * between < std::chrono::steady_clock::now(); ++turns) crowd[turns % crowd.size()].begin(handshake);
          std::uint64_t begun = 0, sent = 0, answered = 0;
          for (Attacker& one : crowd) {
            one.turn(handshake);
            begun += one.begun;
            sent += one.sent;
            answered += one.answered;
          }
          begun_ = begun;
          sent_ = sent;
          answered_ = answered;
          std::this_thread::sleep_for(kBatchEvery);
        }
      }) {}

ConnectFlood::~ConnectFlood() = default;

Joiners::Joiners(const AlertHall& hall, int count) : port_(hall.udp_port()) {
  for (int i = 0; i < count; ++i) credentials_.push_back(hall.security(link::Role::headset, std::to_string(1001 + i)));
  next();
}

Joiners::~Joiners() = default;

void Joiners::next() {
  auto socket = link::UdpSocket::open(own_address(2, static_cast<int>(took_s_.size())), 0);
  if (!socket) throw std::runtime_error(socket.error().text());
  protocol::ConnectionConfig config;
  config.security = credentials_[took_s_.size()];
  auto opened = protocol::Connection::open(config, std::move(*socket), {kLoopback, port_});
  if (!opened) throw std::runtime_error(opened.error().text());
  connection_ = std::make_unique<protocol::Connection>(std::move(*opened));
}

void Joiners::poll() {
  if (all_in()) return;
  if (began_ == std::chrono::steady_clock::time_point()) began_ = std::chrono::steady_clock::now();
  events_.clear();
  connection_->poll(std::chrono::milliseconds(0), events_);
  if (connection_->connected()) {
    took_s_.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count());
    connection_->close();
    began_ = std::chrono::steady_clock::now();
    if (!all_in()) next();
  } else if (connection_->over()) {
    next();
  }
}

}  // namespace promenade::bench
