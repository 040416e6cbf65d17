#include "showcontrol/link/hall_end.h"

#include <algorithm>
#include <utility>

#include "tracking/base/assert.h"

namespace promenade::link {

namespace {

constexpr std::size_t kInboxMax = 16;
constexpr base::Duration kSweepEvery{20'000};

base::Hash secret_of(RandomSource& random) {
  base::Hash secret;
  random.fill(secret);
  return secret;
}

}  // namespace

HallEnd::HallEnd(std::shared_ptr<const SessionSettings> settings, HallEndLimits limits)
    : settings_(std::move(settings)), limits_(limits), cookies_(secret_of(settings_->random())), revoked_(std::make_shared<const RevocationList>()) {
  PROMENADE_ASSERT(settings_->end() == SessionSettings::End::hall);
}

std::optional<ConnectionNumber> HallEnd::by_address(const std::map<Address, ConnectionNumber>& map, Address from) const {
  const auto found = map.find(from);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

void HallEnd::receive(Address from, base::ByteView datagram, Moment came) {
  ++counts_.datagrams;
  if (datagram.size() > kOuterMax) {
    ++counts_.oversize;
    return;
  }
  const auto header = read_record_header(datagram);
  if (!header) {
    ++counts_.not_dtls;
    return;
  }
  if (const auto hello = read_client_hello(datagram)) return receive_hello(*hello, from, datagram, came);
  std::optional<ConnectionNumber> number;
  if (header->type == RecordHeader::Type::connection_id) {
    const auto found = by_id_.find(header->connection_id);
    if (found != by_id_.end()) number = found->second;
  } else {  // the flights of a handshake, and those who take no connection id: by their address
    number = by_address(shaking_by_address_, from);
    if (!number) number = by_address(open_by_address_, from);
  }
  const auto open = number ? open_.find(*number) : open_.end();
  if (open != open_.end()) return receive_open(open, *header, from, datagram, came);
  if (number) return receive_shaking(*number, datagram, came.steady);
  ++counts_.no_connection;
}

void HallEnd::receive_hello(const ClientHello& hello, Address from, base::ByteView datagram, Moment now) {
  if (hello.cookie.empty()) {
    ++counts_.cookies_sent;
    outgoing_.push_back({from, cookies_.hello_verify_request(hello, from, now.steady)});
    return;
  }
  if (!cookies_.valid(hello, from, now.steady)) {
    // It may be one of an hour ago; the other end starts anew when it gets a fresh one.
    ++counts_.cookies_wrong;
    outgoing_.push_back({from, cookies_.hello_verify_request(hello, from, now.steady)});
    return;
  }
  if (const auto number = by_address(shaking_by_address_, from)) {
    const auto shaking = shaking_.find(*number);
    if (shaking->second.random == hello.random) return receive_shaking(*number, datagram, now.steady);
    if (shaking->second.session == nullptr) return;  // it says so again
    come_to_nothing(shaking, now.steady);  // the device has begun anew
  }
  begin(hello, from, datagram, now);
}

void HallEnd::begin(const ClientHello& hello, Address from, base::ByteView datagram, Moment now) {
  if (!make_room(from, now.steady)) {
    ++counts_.handshakes_refused;
    return;
  }
  std::uint64_t id = 0;
  do {
    std::array<std::uint8_t, 8> bytes;
    settings_->random().fill(bytes);
    for (const std::uint8_t byte : bytes) id = id << 8 | byte;
  } while (id == 0 || by_id_.contains(id));
  const ConnectionNumber number{next_number_++};
  Shaking shaking;
  shaking.from = from;
  shaking.id = id;
  shaking.random = hello.random;
  shaking.session = std::make_unique<Session>(settings_, id, revoked_);
  shaking.begun = shaking.advanced = now.steady;
  by_id_.emplace(id, number);
  shaking_by_address_.insert_or_assign(from, number);
  shaking_.emplace(number, std::move(shaking));
  ++counts_.handshakes;
  receive_shaking(number, datagram, now.steady);
}

bool HallEnd::make_room(Address from, base::Duration now) {
  if (open_.size() + shaking_.size() >= limits_.connections_max + limits_.handshakes_max || open_.size() >= limits_.connections_max) return false;
  const auto same_host = [&](const auto& s) { return s.second.from.host == from.host; };
  const bool crowded = static_cast<std::size_t>(std::ranges::count_if(shaking_, same_host)) >= limits_.handshakes_per_host;
  if (!crowded && shaking_.size() < limits_.handshakes_max) return true;
  const auto place = to_give_way(from, crowded, now);
  if (place == shaking_.end()) return false;
  ++counts_.handshakes_timed_out;
  come_to_nothing(place, now);
  return true;
}

// One that has stalled, or of a host that holds more places than the one that comes would, or of a host in doubt where the one that
// comes is in none: whoever can be heard at a few addresses or at many, and says his hello again and again, keeps nobody out.
HallEnd::ShakingMap::iterator HallEnd::to_give_way(Address from, bool crowded, base::Duration now) {
  std::map<std::uint32_t, std::size_t> held;
  for (const auto& [number, shaking] : shaking_) ++held[shaking.from.host];
  const bool trusted = !doubted(from, now);
  return std::ranges::find_if(shaking_, [&](const auto& one) {
    const Shaking& shaking = one.second;
    if (shaking.session == nullptr) return false;
    const bool stalled = now - shaking.advanced > limits_.handshake_stalled;
    if (crowded) return stalled && shaking.from.host == from.host;
    return stalled || held[shaking.from.host] > held[from.host] + 1 || (trusted && doubted(shaking.from, now));
  });
}

bool HallEnd::doubted(Address from, base::Duration now) const {
  const auto found = doubted_.find(from.host);
  return found != doubted_.end() && now - found->second < limits_.in_doubt;
}

void HallEnd::doubt(Address from, base::Duration now) {
  const auto [found, added] = doubted_.try_emplace(from.host, now);
  if (!added && now - found->second < limits_.in_doubt / 2) return;  // said lately
  found->second = now;
  doubts_.emplace_back(now, from.host);
  while (!doubts_.empty() && (doubts_.size() > limits_.in_doubt_max || now - doubts_.front().first >= limits_.in_doubt)) {
    const auto oldest = doubted_.find(doubts_.front().second);
    if (oldest != doubted_.end() && oldest->second == doubts_.front().first) doubted_.erase(oldest);
    doubts_.pop_front();
  }
}

void HallEnd::queue(ConnectionNumber number, Shaking& shaking, base::Duration now) {
  if (shaking.queued || shaking.session == nullptr) return;
  shaking.queued = true;
  std::deque<ConnectionNumber>& ready = doubted(shaking.from, now) ? ready_in_doubt_ : ready_;
  ready.push_back(number);
  // Those that were given up meanwhile are taken out as they come to the front, which may be late.
  if (ready.size() > 4 * limits_.handshakes_max) std::erase_if(ready, [&](ConnectionNumber one) { return !shaking_.contains(one); });
}

void HallEnd::receive_shaking(ConnectionNumber number, base::ByteView datagram, base::Duration now) {
  const auto found = shaking_.find(number);
  PROMENADE_ASSERT(found != shaking_.end());
  Shaking& shaking = found->second;
  if (shaking.inbox.size() >= kInboxMax) return;  // it is sent again
  shaking.inbox.emplace_back(datagram.begin(), datagram.end());
  queue(number, shaking, now);
}

std::optional<HandshakeWork> HallEnd::take_work(Moment now) {
  while (!ready_.empty() || !ready_in_doubt_.empty()) {
    std::deque<ConnectionNumber>& from = ready_.empty() ? ready_in_doubt_ : ready_;
    const ConnectionNumber number = from.front();
    from.pop_front();
    const auto found = shaking_.find(number);
    if (found == shaking_.end()) continue;
    HandshakeWork work;
    work.number_ = number;
    work.session_ = std::move(found->second.session);
    work.inbox_ = std::exchange(found->second.inbox, {});
    work.now_ = now;
    found->second.queued = false;
    return work;
  }
  return std::nullopt;
}

void HallEnd::give_back(HandshakeWork work, Moment now) {
  const auto found = shaking_.find(work.number_);
  if (found == shaking_.end()) return;  // it took too long
  Shaking& shaking = found->second;
  flush(*work.session_, shaking.from);
  if (work.session_->state() == Session::State::over) {
    ++counts_.handshakes_failed;
    return come_to_nothing(found, now.steady);
  }
  if (work.session_->state() == Session::State::open) return promote(found, std::move(work.session_), now);
  if (shaking.advanced == shaking.begun && work.session_->has_certificate()) shaking.advanced = now.steady;
  shaking.session = std::move(work.session_);
  if (!shaking.inbox.empty()) queue(work.number_, shaking, now.steady);
}

void HallEnd::promote(ShakingMap::iterator shaking, std::unique_ptr<Session> session, Moment now) {
  const ConnectionNumber number = shaking->first;
  Shaking was = std::move(shaking->second);
  doubted_.erase(was.from.host);
  shaking_by_address_.erase(was.from);
  shaking_.erase(shaking);
  // Its certificate may have been revoked, and the hall filled, while its handshake went on.
  if (open_.size() >= limits_.connections_max || revoked_->serials.contains(session->peer().serial)) {
    ++counts_.handshakes_refused;
    session->close();
    flush(*session, was.from);
    by_id_.erase(was.id);
    return;
  }
  const Identity peer = session->peer();
  end_oldest_of(peer.serial);
  const auto [open, added] = open_.emplace(number, Open{was.from, was.id, std::move(session), peer, 0, now.steady, 0.0, 0.0, now.steady, {}});
  PROMENADE_ASSERT(added);
  open->second.allowed = most_datagrams(open->second);
  open_by_address_.insert_or_assign(was.from, number);
  changes_.push_back(Opened{number, peer, was.from});
  for (const base::Bytes& early : was.inbox) {  // came while the worker had the session
    const auto header = read_record_header(early);
    const auto still = open_.find(number);
    if (header && still != open_.end()) receive_open(still, *header, was.from, early, now);
  }
}

void HallEnd::end_oldest_of(const std::string& serial) {
  std::size_t count = 0;
  auto oldest = open_.end();
  for (auto it = open_.begin(); it != open_.end(); ++it) {
    if (it->second.peer.serial != serial) continue;
    ++count;
    if (oldest == open_.end() || it->first < oldest->first) oldest = it;
  }
  if (count < limits_.per_certificate_max) return;
  oldest->second.session->close();
  flush(*oldest->second.session, oldest->second.from);
  end(oldest, "its device has connected anew");
}

void HallEnd::receive_open(OpenMap::iterator open, const RecordHeader& header, Address from, base::ByteView datagram, Moment now) {
  Open& it = open->second;
  const ConnectionNumber number = open->first;
  inner_.clear();
  const bool authentic = it.session->open(datagram, now, inner_);
  flush(*it.session, it.from);  // a last flight that is sent again, or an alert
  if (authentic) {
    it.heard = now.steady;
    ++counts_.accepted;
  } else {
    ++counts_.not_authentic;
  }
  for (base::Bytes& bytes : inner_) {
    if (!may_send(it, now.steady)) {
      ++counts_.too_many;
      continue;
    }
    if (bytes.size() > kInnerMax + 1 || !known_kind(bytes[0])) {
      ++counts_.not_authentic;
      continue;
    }
    const auto kind = static_cast<DatagramKind>(bytes[0]);
    bytes.erase(bytes.begin());
    delivered_.push_back({number, kind, std::move(bytes), now.steady});
  }
  if (it.session->state() == Session::State::over) return end(open, it.session->reason());
  if (it.dropped > 0.0 && it.dropped >= most_datagrams(it)) {
    it.session->close();
    flush(*it.session, it.from);
    return end(open, "it sends too much", true);
  }
  // RFC 9146 section 6: an address changes only by a record that is authentic and newer than all before it.
  if (!authentic || header.type != RecordHeader::Type::connection_id || header.number <= it.newest_record) return;
  it.newest_record = header.number;
  if (from == it.from) return;
  if (by_address(open_by_address_, it.from) == number) open_by_address_.erase(it.from);
  it.from = from;
  open_by_address_.insert_or_assign(from, number);
  ++counts_.moved;
  changes_.push_back(Moved{number, from});
  // What was said last went to where nobody is any more; ENet drops it where it came after all.
  if (!it.said_last.empty() && it.session->seal(it.said_last)) flush(*it.session, it.from);
}

double HallEnd::most_datagrams(const Open& open) const {
  switch (open.peer.subject.role) {
    case Role::headset: return limits_.headset_datagrams;
    case Role::staff: return limits_.staff_datagrams;
    default: return 0.0;
  }
}

bool HallEnd::may_send(Open& open, base::Duration now) const {
  const double most = most_datagrams(open);
  if (most == 0.0) return true;
  open.allowed = std::min(most, open.allowed + most * std::max(0.0, base::to_seconds(now - open.counted)));
  open.counted = std::max(open.counted, now);
  if (open.allowed == most) open.dropped = 0.0;
  if (open.allowed < 1.0) {
    open.dropped += 1.0;
    return false;
  }
  open.allowed -= 1.0;
  return true;
}

bool HallEnd::send(ConnectionNumber connection, DatagramKind kind, base::ByteView bytes) {
  PROMENADE_ASSERT(bytes.size() <= kInnerMax);
  const auto found = open_.find(connection);
  if (found == open_.end()) return false;
  text_.assign(1, static_cast<std::uint8_t>(kind));
  text_.insert(text_.end(), bytes.begin(), bytes.end());
  const bool sealed = found->second.session->seal(text_);
  if (kind == DatagramKind::enet) found->second.said_last.assign(text_.begin(), text_.end());
  flush(*found->second.session, found->second.from);
  if (!sealed) end(found, found->second.session->reason());
  return sealed;
}

void HallEnd::flush(Session& session, Address to) {
  for (base::Bytes& bytes : session.out()) outgoing_.push_back({to, std::move(bytes)});
  session.out().clear();
}

void HallEnd::tick(Moment now) {
  if (now.steady - swept_ < kSweepEvery) return;
  swept_ = now.steady;
  for (auto it = shaking_.begin(); it != shaking_.end();) {
    const auto here = it++;
    Shaking& shaking = here->second;
    if (shaking.session == nullptr) continue;
    if (now.steady - shaking.begun > limits_.handshake_time) {
      ++counts_.handshakes_timed_out;
      come_to_nothing(here, now.steady);
    } else if (const auto timer = shaking.session->next_timer(); timer && now.steady >= *timer) {
      queue(here->first, shaking, now.steady);
    }
  }
  for (auto it = open_.begin(); it != open_.end();) {
    const auto here = it++;
    if (now.steady - here->second.heard <= limits_.idle) continue;
    here->second.session->close();
    flush(*here->second.session, here->second.from);
    end(here, "nothing has come from it");
  }
}

void HallEnd::close(ConnectionNumber connection) {
  const auto found = open_.find(connection);
  if (found == open_.end()) return;
  found->second.session->close();
  flush(*found->second.session, found->second.from);
  forget(found);
}

void HallEnd::revoke(RevocationList list) {
  if (list.number <= revoked_->number) return;
  revoked_ = std::make_shared<const RevocationList>(std::move(list));
  for (auto it = open_.begin(); it != open_.end();) {
    const auto here = it++;
    if (!revoked_->serials.contains(here->second.peer.serial)) continue;
    ++counts_.revoked;
    here->second.session->close();
    flush(*here->second.session, here->second.from);
    end(here, "its certificate is revoked");
  }
}

std::optional<Address> HallEnd::address_of(ConnectionNumber connection) const {
  const auto found = open_.find(connection);
  return found == open_.end() ? std::nullopt : std::optional(found->second.from);
}

void HallEnd::come_to_nothing(ShakingMap::iterator shaking, base::Duration now) {
  doubt(shaking->second.from, now);
  forget(shaking);
}

void HallEnd::forget(ShakingMap::iterator shaking) {
  by_id_.erase(shaking->second.id);
  if (by_address(shaking_by_address_, shaking->second.from) == shaking->first) shaking_by_address_.erase(shaking->second.from);
  shaking_.erase(shaking);
}

void HallEnd::forget(OpenMap::iterator open) {
  by_id_.erase(open->second.id);
  if (by_address(open_by_address_, open->second.from) == open->first) open_by_address_.erase(open->second.from);
  open_.erase(open);
}

void HallEnd::end(OpenMap::iterator open, std::string reason, bool too_much) {
  changes_.push_back(Closed{open->first, std::move(reason), too_much});
  forget(open);
}

}  // namespace promenade::link
