#include "showcontrol/server/loop.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "showcontrol/protocol/codec.h"
#include "tracking/base/formatted.h"

namespace promenade::server {

namespace {
constexpr std::chrono::milliseconds kWaitMost{2};    // for a datagram; the workers' answers are looked for this often
constexpr std::size_t kAnswersAtOnce = 256;
constexpr std::size_t kUnaskedMax = 65536;
constexpr base::Duration kContactsAgain{100'000};    // state is repeated
hall::PeerId peer_of(protocol::LinkId link) { return hall::PeerId(link.value()); }
protocol::LinkId link_of(hall::PeerId peer) { return protocol::LinkId(peer.value()); }

hall::DeviceCutOff device_of(const link::Subject& who) {
  if (who.role == link::Role::staff) return {base::formatted("The staff device \"{}\"", who.name), {}};
  base::HeadsetId::rep number = 0;  // stays 0, none, where the name is no number
  std::from_chars(who.name.data(), who.name.data() + who.name.size(), number);
  return {base::formatted("Headset {}", who.name), base::HeadsetId(number)};
}

// Times that somebody was told a pause or worse.
std::uint64_t alerts_told(const hall::Counts& counts) {
  std::uint64_t told = 0;
  for (auto level = static_cast<std::size_t>(tracking::Level::pause); level < std::size(counts.level_entries); ++level) told += counts.level_entries[level];
  return told;
}
}  // namespace

Loop::Loop(hall::Hall hall, protocol::Listener listener, LoopParts parts)
    : hall_(std::move(hall)), listener_(std::move(listener)), parts_(parts), now_(parts.clock.start()), next_mark_(parts.clock.start()) {}

void Loop::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    links_.clear();
    take_keys();
    listener_.poll(kWaitMost, links_);
    const auto began = std::chrono::steady_clock::now();
    const bool planned = parts_.planner.works();
    bool handled = !links_.empty();
    for (const protocol::LinkEvent& event : links_) take(event);
    for (const link::Subject& who : listener_.take_cut_off()) keep_out(who);
    for (std::size_t i = 0; i < kAnswersAtOnce; ++i) {
      const auto answer = parts_.events.try_pop();
      if (!answer) break;
      handled = true;
      advance(parts_.clock.now());
      if (std::holds_alternative<hall::PlanAnswered>(*answer)) plans_.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - plan_asked_).count());
      hand(*answer);
    }
    read_contacts();
    advance(parts_.clock.now());
    if (now_ >= hall_.next_tick()) {
      handled = true;
      effects_.clear();
      hall_.tick(now_, effects_);
      carry_out(effects_);
    }
    listener_.flush();
    while (!unasked_.empty() && parts_.store.ask(unasked_.front())) unasked_.pop_front();
    if (now_ >= next_mark_) {
      next_mark_ = now_ + kClockRecordEvery;
      parts_.store.ask(StoreWorker::Mark{{now_, system_time()}});
    }
    const double turn_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    busy_s_ += turn_s;
    longest_s_ = std::max(longest_s_, turn_s);
    if (handled) (planned || parts_.planner.works() ? turns_beside_planner_ : turns_alone_).add(turn_s);
    publish();
  }
  parts_.store.ask(StoreWorker::Mark{{now_, system_time()}});
  for (auto& job : unasked_) parts_.store.ask(std::move(job));
}

void Loop::take(const protocol::LinkEvent& event) {
  if (const auto* connected = std::get_if<protocol::LinkConnected>(&event)) {
    advance(parts_.clock.now());
    if (!connected->peer || !door_.opened(connected->link, connected->peer->subject, now_)) return listener_.close(connected->link, protocol::CloseCode::refused);
    return hand(hall::PeerConnected{peer_of(connected->link)});
  }
  if (const auto* lost = std::get_if<protocol::LinkLost>(&event)) {
    advance(parts_.clock.now());
    door_.closed(lost->link);
    return hand(hall::PeerLost{peer_of(lost->link)});
  }
  const auto& datagram = std::get<protocol::LinkDatagram>(event);
  const base::HallTime received = parts_.clock.at(datagram.received);
  std::optional<protocol::Message> message;
  const Door::Verdict verdict = door_.judge(datagram, received, message);
  if (verdict == Door::Verdict::drop) return;
  if (verdict == Door::Verdict::cut) return cut_off(datagram.link);
  if (const auto* request = std::get_if<protocol::ClockRequest>(&*message)) {
    bytes_.clear();
    protocol::encode_into(protocol::Message(protocol::ClockReply{request->sequence, request->sent, received, parts_.clock.now()}), bytes_);
    listener_.send(datagram.link, bytes_, protocol::Delivery::beside);
    return;
  }
  advance(received);
  hand(hall::Received{peer_of(datagram.link), std::move(*message)}, datagram.received);
}

void Loop::cut_off(protocol::LinkId link) {
  const link::Subject who = *door_.who(link);
  door_.closed(link);
  listener_.close(link, protocol::CloseCode::refused);
  advance(parts_.clock.now());
  hand(hall::PeerLost{peer_of(link)});
  hand(device_of(who));
}

void Loop::keep_out(const link::Subject& who) {
  advance(parts_.clock.now());
  door_.cut_off(who, now_);
  hand(device_of(who));
}

void Loop::take_keys() {
  if (auto list = parts_.keys.take_revoked()) listener_.revoke(std::move(*list));
  if (auto settings = parts_.keys.take_settings()) listener_.use(std::move(*settings));
  for (auto& renewal : listener_.take_renewals()) {
    if (!parts_.keys.ask({renewal.connection, std::move(renewal.peer), {}})) listener_.not_renewed(renewal.connection);
  }
  while (const auto renewed = parts_.keys.take_renewed()) listener_.renewed(renewed->connection, renewed->certificate);
}

// A frame that raises a level waits neither until all else of this turn is done, nor for anything to be written.
void Loop::hand(const hall::Event& event, std::optional<SteadyTime> cause) {
  const std::uint64_t before = alerts_told(hall_.counts());
  effects_.clear();
  hall_.handle(event, now_, effects_);
  carry_out(effects_);
  const bool alerts = alerts_told(hall_.counts()) != before;
  if (alerts || hall_.has_unwritten()) listener_.flush();
  if (alerts && cause) alerts_.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - *cause).count());
  if (!hall_.has_unwritten()) return;
  effects_.clear();
  hall_.write_down(now_, effects_);
  carry_out(effects_);
}

void Loop::read_contacts() {
  if (parts_.fire_contact == nullptr && parts_.evacuate_button == nullptr) return;
  const auto now = std::chrono::steady_clock::now();
  hall::ContactsRead read;
  if (parts_.fire_contact != nullptr) read.fire_contact = parts_.fire_contact->state(now);
  if (parts_.evacuate_button != nullptr) read.evacuate_button = parts_.evacuate_button->state(now);
  if (contacts_ == read && now_ < next_contacts_) return;
  contacts_ = read;
  advance(parts_.clock.at(now));
  next_contacts_ = now_ + kContactsAgain;
  hand(read, now);
}

void Loop::carry_out(hall::Effects& effects) {
  bool told = false;
  for (hall::Effect& effect : effects) {
    if (const auto* message = std::get_if<hall::Send>(&effect)) {
      send(*message);
      told = true;
    } else if (const auto* disconnect = std::get_if<hall::Disconnect>(&effect)) {
      listener_.close(link_of(disconnect->peer), protocol::CloseCode::refused);
      door_.closed(link_of(disconnect->peer));
    } else if (auto* persist = std::get_if<hall::Persist>(&effect)) {
      if (std::exchange(told, false)) listener_.flush();
      StoreWorker::Job job = StoreWorker::Append{std::move(*persist)};
      if ((!unasked_.empty() || !parts_.store.ask(job)) && unasked_.size() < kUnaskedMax) unasked_.push_back(std::move(job));
    } else if (auto* plan = std::get_if<hall::AskPlan>(&effect)) {
      plan_asked_ = std::chrono::steady_clock::now();
      parts_.planner.ask(std::move(*plan));
    } else if (auto* ticket = std::get_if<hall::AskTicket>(&effect)) {
      const hall::RequestId request = ticket->request;
      if (!parts_.questions.ask(std::move(*ticket))) parts_.events.push(hall::TicketAnswered{request, base::fail("hall-busy", "Too many tickets wait to be checked.", "Scan it again.")});
    } else if (auto* change = std::get_if<hall::AskChange>(&effect)) {
      const hall::RequestId request = change->request;
      if (!parts_.questions.ask(std::move(*change))) parts_.events.push(hall::ChangeAnswered{request, base::fail("hall-busy", "Too many questions wait for the box office.", "Choose again.")});
    } else if (auto* near_miss = std::get_if<hall::NearMissKept>(&effect)) {
      parts_.near_misses.keep(std::move(*near_miss));
    } else if (auto* time = std::get_if<hall::ViewerTime>(&effect)) {
      parts_.near_misses.keep(std::move(*time));
    } else if (const auto* note = std::get_if<hall::Note>(&effect)) {
      print(*note);
    }
  }
}

void Loop::send(const hall::Send& send) {
  const bool greeting = std::holds_alternative<protocol::Welcome>(send.message) || std::holds_alternative<protocol::StaffWelcome>(send.message);
  if (greeting) listener_.proven(link_of(send.peer));
  bytes_.clear();
  protocol::encode_into(send.message, bytes_);
  listener_.send(link_of(send.peer), bytes_, protocol::delivery_of(send.message));
}

void Loop::print(const hall::Note& note) {
  const char* kind = note.kind == hall::NoteKind::alarm || note.kind == hall::NoteKind::contact ? "ALARM" : "note";
  const std::string where = note.headset.is_none() ? std::string() : " headset " + std::to_string(note.headset.value());
  parts_.lines.print(base::formatted("{:.3f} {}{}: {}{}{}", base::seconds_since_zero(note.time), kind, where, note.text, note.what_to_do.empty() ? "" : " ", note.what_to_do));
}

void Loop::publish() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_status_) return;
  next_status_ = now + kStatusEvery;
  auto status = std::make_shared<Status>();
  status->made = now;
  status->summary = hall_.summary(now_);
  status->counts = hall_.counts();
  status->link = listener_.totals();
  status->links = listener_.link_count();
  status->door = door_.counts();
  for (const hall::VisitView& visit : hall_.visits()) {
    ++status->phases[static_cast<std::size_t>(visit.phase)];
    status->staff_paused += visit.staff_paused ? 1 : 0;
    status->stopped += visit.stopped ? 1 : 0;
  }
  for (const hall::BodyView& body : hall_.bodies()) {
    ++status->bodies;
    status->attendants += body.kind == tracking::BodyKind::attendant ? 1 : 0;
    status->unknown_bodies += body.kind == tracking::BodyKind::unknown ? 1 : 0;
    if (!body.headset.is_none()) ++status->levels[static_cast<std::size_t>(body.level)];
  }
  status->store_failing = parts_.store.failing();
  status->store_waiting = parts_.store.waiting() + unasked_.size();
  status->near_misses_kept = parts_.near_misses.kept();
  status->near_misses_lost = parts_.near_misses.lost();
  status->events_refused = parts_.events.overflows();
  status->alerts = alerts_;
  status->turns_alone = turns_alone_;
  status->turns_beside_planner = turns_beside_planner_;
  status->plans = plans_;
  status->contacts = hall_.contacts();
  status->paired = parts_.pair != nullptr;
  status->standby_armed = parts_.pair != nullptr && parts_.pair->follower_armed();
  status->loop_busy_s = busy_s_;
  status->loop_longest_s = std::exchange(longest_s_, 0.0);
  parts_.status.store(std::move(status));
}

}  // namespace promenade::server
