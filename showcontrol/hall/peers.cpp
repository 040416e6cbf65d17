// Connections: who is at the other end, and what he may say.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {
constexpr std::size_t kNameMax = 64;

// In a time that does not depend on where they differ.
bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differs |= static_cast<unsigned char>(a[i] ^ b[i]);
  return differs == 0;
}
}  // namespace

std::string clipped(std::string text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
  return text;
}

void Hall::State::refuse(PeerId peer, std::string_view why) {
  ++counts.refused_messages;
  note(NoteKind::refused_message, {}, {}, base::formatted("Connection {} was refused: {}.", peer.value(), why));
  out->push_back(Disconnect{peer, std::string(why)});
  const auto found = peers.find(peer);
  if (found == peers.end()) return;
  if (found->second.handle != nullptr && found->second.handle->peer() == peer) found->second.handle->disconnected();
  peers.erase(found);
}

void Hall::State::reply(PeerId peer, std::uint32_t request, const base::Result<void>& done) {
  if (!peers.contains(peer)) return;
  if (done) return send(peer, protocol::StaffReply{request, true, {}, {}});
  send(peer, protocol::StaffReply{request, false, clipped(done.error().code, kCodeMax), clipped(done.error().text(), kTextMax)});
}

void Hall::State::refuse_choice(const Headset& headset, std::uint32_t request, const base::Error& why) {
  if (headset.is_connected()) send(headset.peer(), protocol::Refusal{request, clipped(why.code, kCodeMax), clipped(why.message, kTextMax)});
}

void Hall::State::on(const PeerConnected& event) {
  if (peers.size() >= config.limits.peers_max) {
    refuse(event.peer, "too many connections");
    return;
  }
  peers.emplace(event.peer, Peer{});
}

void Hall::State::on(const PeerLost& event) {
  const auto found = peers.find(event.peer);
  if (found == peers.end()) return;
  Headset* headset = found->second.handle;
  if (headset != nullptr && headset->peer() == event.peer) headset->disconnected();
  peers.erase(found);
}

void Hall::State::on(const DeviceCutOff& event) {
  note(NoteKind::alarm, event.headset, {}, base::formatted("{} has sent what it may not, and is kept out for a minute.", event.device),
       "It is broken, or in the wrong hands: find it. If it is gone, revoke it (promenade enrol revoke); hand out another.", "device-cut-off");
}

void Hall::State::on(const Received& event) {
  const auto found = peers.find(event.peer);
  if (found == peers.end()) return;  // refused a moment ago
  Peer& peer = found->second;
  switch (peer.role) {
    case PeerRole::unknown:
      if (const auto* hello = std::get_if<protocol::Hello>(&event.message)) return greet_headset(event.peer, peer, *hello);
      if (const auto* staff = std::get_if<protocol::StaffHello>(&event.message)) return greet_staff(event.peer, peer, *staff);
      // State may overtake the reliable Hello; clock requests are the rim's.
      if (!std::holds_alternative<protocol::HeadsetState>(event.message) &&
          !std::holds_alternative<protocol::ClockRequest>(event.message)) {
        refuse(event.peer, "it did not say who it is");
      }
      return;
    case PeerRole::headset: return from_headset(peer, event.message);
    case PeerRole::staff: return from_staff(event.peer, event.message);
  }
}

void Hall::State::greet_headset(PeerId id, Peer& peer, const protocol::Hello& hello) {
  if (hello.protocol_version != protocol::kProtocolVersion) return refuse(id, "its protocol version is not known here");
  if (hello.headset.is_none() || !knows_headset(hello.headset)) return refuse(id, "its headset number is not of this hall");
  if (!headsets.contains(hello.headset) && headsets.size() >= config.limits.headsets_max) {
    return refuse(id, "the hall has as many headsets as it can hold");
  }
  Headset& headset = headset_of(hello.headset);
  if (headset.is_connected() && headset.peer() != id) {  // the newest connection is the headset's own
    const PeerId old = headset.peer();
    out->push_back(Disconnect{old, "the headset has connected anew"});
    peers.erase(old);
  }
  peer.role = PeerRole::headset;
  peer.headset = hello.headset;
  peer.handle = &headset;
  peer.name = hello.software.substr(0, kNameMax);
  headset.connected(id);
  headset.next_down = now;
  send(id, protocol::Welcome{protocol::kProtocolVersion, config.epoch, config.venue_toml});
}

void Hall::State::greet_staff(PeerId id, Peer& peer, const protocol::StaffHello& hello) {
  if (hello.protocol_version != protocol::kProtocolVersion) return refuse(id, "its protocol version is not known here");
  const bool known = std::ranges::any_of(config.staff_keys, [&](const std::string& key) { return same_key(key, hello.key); });
  if (!known) return refuse(id, "its staff key is wrong");
  peer.role = PeerRole::staff;
  peer.name = hello.name.substr(0, kNameMax);
  send(id, protocol::StaffWelcome{protocol::kProtocolVersion, config.epoch, config.venue_toml});
  tell_films(id);
  tell_alarms(id);
  for (auto& [headset, place] : shelf) place.next_card = now;  // the next round is whole
  next_forecasts = now;
}

void Hall::State::from_headset(Peer& peer, const protocol::Message& message) {
  Headset& headset = *peer.handle;
  if (const auto* state = std::get_if<protocol::HeadsetState>(&message)) {
    ++counts.bundles;
    Visit* visit = visit_in(headset.id());
    headset.bound_height(visit == nullptr ? 0.0 : visit->height_m);
    if (!headset.take(*state, now, config.venue.safety)) {
      ++counts.bundles_old;
      return;
    }
    counts.impossible_poses += static_cast<std::uint64_t>(headset.impossible_poses());
    if (headset.jumped_m() || headset.gave_place_up()) doubt_place(headset);
    for (const protocol::HeadsetTrouble& trouble : headset.new_troubles()) tell_trouble(headset, trouble);
    if (visit == nullptr) return;
    if (visit->phase == Phase::fitted || visit->phase == Phase::calibrated || visit->phase == Phase::choosing) advance_fitting(*visit);
    place_viewer(*visit, headset);
    headset.ordered(visit->ordered.level >= tracking::Level::stop);
    if (headset.panic_begun()) begin_panic(*visit);
    evaluate(*visit, headset);
    evaluate_near(*visit);
  } else if (const auto* choice = std::get_if<protocol::ChooseFilm>(&message)) {
    choose_film(headset, *choice);
  } else if (const auto* rating = std::get_if<protocol::RateFilm>(&message)) {
    if (rating->stars >= 1 && rating->stars <= 5) {
      note(NoteKind::play_event, headset.id(), rating->play, base::formatted("Rated with {} of 5 stars.", rating->stars));
    }
  } else if (std::holds_alternative<protocol::Hello>(message) && headset.is_connected()) {
    send(headset.peer(), protocol::Welcome{protocol::kProtocolVersion, config.epoch, config.venue_toml});
  } else {
    ++counts.refused_messages;
  }
}

void Hall::State::from_staff(PeerId id, const protocol::Message& message) {
  if (const auto* order_from_staff = std::get_if<protocol::StaffCommand>(&message)) {
    command(id, *order_from_staff);
  } else if (const auto* tag = std::get_if<protocol::TagReport>(&message)) {
    take_tag(*tag);
  } else {
    ++counts.refused_messages;
  }
}

}  // namespace promenade::hall
