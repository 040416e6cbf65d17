#include "showcontrol/server/pair_line.h"

#include <thread>
#include <utility>

#include "showcontrol/server/hall_clock.h"

namespace promenade::server {

namespace {
constexpr std::chrono::milliseconds kAgainAfter{200};
constexpr std::chrono::milliseconds kSilentAfter{1500};  // the other one speaks ten times a second
constexpr std::chrono::milliseconds kJoiningMost{3000};
constexpr std::chrono::seconds kKeysEvery{60};
constexpr const char* kName = "standby";
}  // namespace

base::Result<PairLine> PairLine::open(PairAddress address, link::HallKeys keys) {
  PairLine line(std::move(address), std::move(keys));
  if (line.address_.place == succession::Member::Place::second) return line;
  protocol::ListenerConfig config;
  config.bind = line.address_.bind;
  config.port = line.address_.port;
  config.links_max = 4;  // the standby, and the same one again before its old line has gone
  auto security = line.keys_.own_settings(system_time());
  if (!security) return std::unexpected(security.error());
  line.certificate_ = (*security)->own().serial;
  config.security = std::move(*security);
  auto listener = protocol::Listener::open(config);
  if (!listener) return std::unexpected(listener.error());
  line.listener_.emplace(std::move(*listener));
  return line;
}

void PairLine::complain(const std::string& text) {
  if (text == last_complaint_) return;
  last_complaint_ = text;
  complaint_ = text;
}

std::optional<std::string> PairLine::take_complaint() { return std::exchange(complaint_, std::nullopt); }

void PairLine::lose() {
  up_ = false;
  link_ = {};
  reader_ = {};
}

void PairLine::connect(Clock::time_point now) {
  if (connection_ || now < again_) return;
  again_ = now + kAgainAfter;
  heard_ = now;
  // With a certificate of its own each time: it lasts longer than any line, and is written nowhere.
  const auto credentials = keys_.authority().issue(link::Role::standby, kName, system_time(), link::system_random());
  if (!credentials) return complain(credentials.error().text());
  auto security = link::SessionSettings::make(link::SessionSettings::End::device, *credentials, link::system_random());
  if (!security) return complain(security.error().text());
  protocol::ConnectionConfig config;
  config.host = address_.host;
  config.port = address_.port;
  config.security = std::move(*security);
  auto opened = protocol::Connection::open(config);
  if (!opened) return complain(opened.error().text());
  connection_.emplace(std::move(*opened));
}

// A hall runs for longer than its certificate lasts. Its listener for devices has the same one, and may renew it first.
void PairLine::look_at_keys(Clock::time_point now) {
  if (!listener_ || now < keys_again_) return;
  keys_again_ = now + kKeysEvery;
  if (auto revoked = keys_.revoked()) listener_->revoke(std::move(*revoked));
  auto security = keys_.own_settings(system_time(), certificate_);
  if (!security || *security == nullptr) return;
  certificate_ = (*security)->own().serial;
  listener_->use(std::move(*security));
}

void PairLine::take(const protocol::LinkEvent& event, std::vector<succession::Said>& said) {
  if (const auto* connected = std::get_if<protocol::LinkConnected>(&event)) {
    if (listener_) {
      if (!connected->peer || connected->peer->subject.role != link::Role::standby) {
        listener_->close(connected->link, protocol::CloseCode::refused);
        return complain("A device that is no standby hall called at the standby's port; it was refused.");
      }
      if (!link_.is_none()) listener_->close(link_, protocol::CloseCode::done);
      listener_->proven(connected->link);
    }
    lose();
    link_ = connected->link;
    up_ = true;
    ++lines_;
    last_complaint_.clear();
    return;
  }
  if (const auto* lost = std::get_if<protocol::LinkLost>(&event)) {
    if (lost->link != link_ && listener_) return;
    if (lost->code == protocol::CloseCode::refused) complain("The other hall program refused the line. Do both have the same link keys (--link)?");
    return lose();
  }
  const auto& datagram = std::get<protocol::LinkDatagram>(event);
  if (listener_ && datagram.link != link_) return;
  auto read = reader_.take(datagram.bytes);
  if (!read) return complain(read.error().text());
  if (*read) said.push_back(std::move(**read));
}

void PairLine::poll(std::chrono::milliseconds timeout, std::vector<succession::Said>& said) {
  const auto now = Clock::now();
  look_at_keys(now);
  events_.clear();
  if (listener_) {
    listener_->poll(timeout, events_);
  } else {
    connect(now);
    if (connection_) connection_->poll(timeout, events_);
    else std::this_thread::sleep_for(timeout);
  }
  for (const protocol::LinkEvent& event : events_) take(event, said);
  if (!events_.empty()) heard_ = now;
  if (connection_ && (connection_->over() || now - heard_ > (up_ ? kSilentAfter : kJoiningMost))) {
    connection_.reset();
    lose();
  }
}

bool PairLine::send(const succession::Said& said, bool surely) {
  if (!up_) return false;
  const bool word = std::holds_alternative<succession::Word>(said);
  const auto delivery = word && !surely ? protocol::Delivery::unreliable : protocol::Delivery::reliable;
  for (const base::Bytes& message : succession::to_messages(said)) {
    if (listener_ ? listener_->send(link_, message, delivery) : connection_->send(message, delivery)) continue;
    if (listener_) listener_->close(link_, protocol::CloseCode::done);
    else connection_.reset();
    lose();
    return false;
  }
  listener_ ? listener_->flush() : connection_->flush();
  return true;
}

}  // namespace promenade::server
