#include "showcontrol/console/model.h"

#include <algorithm>
#include <utility>

#include "showcontrol/console/forecast.h"
#include "tracking/venue_file.h"

namespace promenade::console {

namespace {

// Replaces or inserts by key in a list sorted by it; not beyond `most`.
template <class T, class Key>
void put(std::vector<T>& list, const T& value, Key key, std::size_t most) {
  const auto at = std::ranges::lower_bound(list, std::invoke(key, value), {}, key);
  if (at != list.end() && std::invoke(key, *at) == std::invoke(key, value)) *at = value;
  else if (list.size() < most) list.insert(at, value);
}

template <class List, class Value, class Key>
auto* found(List& list, const Value& value, Key key) {
  const auto at = std::ranges::find(list, value, key);
  return at == list.end() ? nullptr : &*at;
}

}  // namespace

const protocol::HeadsetCard* Snapshot::headset(HeadsetId id) const { return found(headsets, id, &protocol::HeadsetCard::headset); }
const protocol::BodyCard* Snapshot::body(BodyId id) const { return found(bodies, id, &protocol::BodyCard::body); }
const Film* Snapshot::film(const FilmId& id) const { return found(films, id, &Film::id); }
std::optional<std::size_t> Snapshot::film_place(const FilmId& id) const {
  const Film* one = film(id);
  if (one == nullptr) return std::nullopt;
  return static_cast<std::size_t>(one - films.data());
}
double Snapshot::hall_age_s(HallTime at) const {
  return hall_ahead_s ? std::max(0.0, now_s + *hall_ahead_s - base::seconds_since_zero(at)) : 0.0;
}

ConsoleModel::ConsoleModel(std::string name, std::string key) : key_(std::move(key)) { snapshot_.name = std::move(name); }

void ConsoleModel::link_up(double now_s) {
  snapshot_.now_s = now_s;
  out_.clear();
  out_.emplace_back(protocol::StaffHello{protocol::kProtocolVersion, snapshot_.name, key_});
}

void ConsoleModel::link_down(double now_s, bool refused) {
  snapshot_.now_s = now_s;
  Link& link = snapshot_.link;
  // "Since" is the last word heard: until then what is shown was true.
  if (link.contact == Contact::welcome) link = {Contact::lost, snapshot_.heard_s, refused, link.unreadable_venue};
  link.refused = refused;
  out_.clear();
  repeats_.clear();
  for (Request& request : snapshot_.requests) {
    if (request.state != Request::State::asked) continue;
    request.state = Request::State::refused;
    request.answered_s = now_s;
    request.code = "no-answer";
    request.text = "The connection was lost before the hall answered. Look whether it took effect.";
  }
}

void ConsoleModel::receive(const protocol::Message& message, double now_s) {
  snapshot_.now_s = now_s;
  if (const auto* first = std::get_if<protocol::StaffWelcome>(&message)) return welcome(*first, now_s);
  if (!snapshot_.connected()) return;  // state may overtake the welcome
  snapshot_.heard_s = now_s;
  if (const auto* summary = std::get_if<protocol::HallSummary>(&message)) take(*summary, now_s);
  else if (const auto* card = std::get_if<protocol::HeadsetCard>(&message)) take(*card);
  else if (const auto* body = std::get_if<protocol::BodyCard>(&message)) take(*body);
  else if (const auto* forecast = std::get_if<protocol::PlayForecast>(&message)) take(*forecast);
  else if (const auto* film = std::get_if<protocol::FilmCard>(&message)) take(*film);
  else if (const auto* alarm = std::get_if<protocol::StaffAlarm>(&message)) take(*alarm);
  else if (const auto* reply = std::get_if<protocol::StaffReply>(&message)) take(*reply, now_s);
}

void ConsoleModel::welcome(const protocol::StaffWelcome& message, double now_s) {
  forget_hall();
  snapshot_.link = {Contact::welcome, now_s, false, false};
  snapshot_.heard_s = now_s;
  auto venue = tracking::read_venue(message.venue_toml, "venue.toml");
  snapshot_.link.unreadable_venue = !venue.has_value();
  snapshot_.venue = venue ? std::make_shared<const tracking::Venue>(std::move(*venue)) : nullptr;
}

// What is told anew after a welcome. Cards of before would otherwise stand beside those of a new run.
void ConsoleModel::forget_hall() {
  snapshot_.summary_known = false;
  snapshot_.summary = {};
  snapshot_.headsets.clear();
  snapshot_.bodies.clear();
  snapshot_.forecasts.clear();
  snapshot_.films.clear();
  snapshot_.alarms.clear();
  snapshot_.hall_ahead_s.reset();
}

void ConsoleModel::take(const protocol::HallSummary& summary, double now_s) {
  const protocol::HallSummary& known = snapshot_.summary;
  if (snapshot_.summary_known && (summary.epoch < known.epoch || (summary.epoch == known.epoch && summary.sequence <= known.sequence))) return;
  // Delay only ever makes the hall's time look earlier: the quickest summary tells it best.
  const double ahead_s = base::seconds_since_zero(summary.time) - now_s;
  snapshot_.hall_ahead_s = std::max(snapshot_.hall_ahead_s.value_or(ahead_s), ahead_s);
  snapshot_.summary = summary;
  snapshot_.summary_known = true;
  std::erase_if(snapshot_.bodies, [&](const protocol::BodyCard& body) { return body.sequence + kForgetRounds < summary.sequence; });
}

void ConsoleModel::take(const protocol::HeadsetCard& card) {
  const auto* known = snapshot_.headset(card.headset);
  if (known == nullptr || card.sequence >= known->sequence) put(snapshot_.headsets, card, &protocol::HeadsetCard::headset, kHeadsetsMax);
}

void ConsoleModel::take(const protocol::BodyCard& card) {
  const auto* known = snapshot_.body(card.body);
  if (known == nullptr || card.sequence >= known->sequence) put(snapshot_.bodies, card, &protocol::BodyCard::body, kBodiesMax);
}

void ConsoleModel::take(const protocol::PlayForecast& forecast) {
  const auto* known = found(snapshot_.forecasts, forecast.play, &protocol::PlayForecast::play);
  if (known == nullptr || forecast.time >= known->time) put(snapshot_.forecasts, forecast, &protocol::PlayForecast::play, kForecastsMax);
}

void ConsoleModel::take(const protocol::FilmCard& card) {
  put(snapshot_.films, Film{card.film, card.title_zh, card.title_en, card.seated, card.scenes, base::to_seconds(card.length)}, &Film::id, 256);
}

void ConsoleModel::take(const protocol::StaffAlarm& alarm) {
  std::erase_if(snapshot_.alarms, [&](const protocol::StaffAlarm& one) { return one.number == alarm.number; });
  const auto later = std::ranges::find_if(snapshot_.alarms, [&](const protocol::StaffAlarm& one) { return one.time > alarm.time; });
  snapshot_.alarms.insert(later, alarm);
  if (snapshot_.alarms.size() <= kAlarmsMax) return;
  const auto taken = std::ranges::find_if(snapshot_.alarms, [](const protocol::StaffAlarm& one) { return !one.taken_by.empty(); });
  if (taken != snapshot_.alarms.end()) snapshot_.alarms.erase(taken);
  else if (snapshot_.alarms.size() > kAlarmsWaitingMax) snapshot_.alarms.erase(snapshot_.alarms.begin());
}

void ConsoleModel::take(const protocol::StaffReply& reply, double now_s) {
  std::erase_if(repeats_, [&](const Repeat& one) { return one.number == reply.request; });
  Request* request = found(snapshot_.requests, reply.request, &Request::number);
  if (request == nullptr || request->state != Request::State::asked) return;
  request->state = reply.accepted ? Request::State::accepted : Request::State::refused;
  request->answered_s = now_s;
  request->code = reply.code;
  request->text = reply.text;
}

namespace {

// Whether saying `older` once more after `newer` could undo it.
bool would_undo(const protocol::StaffAction& older, const protocol::StaffAction& newer) {
  using namespace protocol;
  const auto* stop = std::get_if<SetHallStopped>(&newer);
  const auto* evacuation = std::get_if<SetEvacuation>(&newer);
  if ((stop != nullptr && stop->stopped) || (evacuation != nullptr && evacuation->evacuate)) {
    const auto* viewer = std::get_if<SetViewerPaused>(&older);
    const auto* hall = std::get_if<SetHallPaused>(&older);
    const auto* lift = std::get_if<LiftCause>(&older);
    if (std::holds_alternative<ReleaseViewer>(older) || (viewer != nullptr && !viewer->paused) || (hall != nullptr && !hall->paused) || (lift != nullptr && lift->lifted)) return true;
  }
  if (older.index() != newer.index()) return false;
  return std::visit([&]<class Action>(const Action& now) {
    const Action& before = std::get<Action>(older);
    if constexpr (std::is_same_v<Action, LiftCause>) return before.headset == now.headset && before.cause == now.cause;
    else if constexpr (std::is_same_v<Action, SetFitted> || std::is_same_v<Action, SetViewerPaused> || std::is_same_v<Action, SettleEvacuation>) return before.headset == now.headset;
    else if constexpr (std::is_same_v<Action, CountOut>) return before.body == now.body;
    else return std::is_same_v<Action, SetHallStopped> || std::is_same_v<Action, SetEvacuation> || std::is_same_v<Action, SetAdmission> || std::is_same_v<Action, SetHallPaused> || std::is_same_v<Action, SetClosing>;
  }, newer);
}

}  // namespace

std::uint32_t ConsoleModel::ask(protocol::StaffAction action, double now_s) {
  snapshot_.now_s = now_s;
  std::erase_if(snapshot_.requests, [&](const Request& one) {  // the newer one stands for it; its answer, should it come, is of no interest
    if (one.state != Request::State::asked || !would_undo(one.action, action)) return false;
    std::erase_if(repeats_, [&](const Repeat& repeat) { return repeat.number == one.number; });
    return true;
  });
  Request request;
  request.number = next_request_++;
  request.action = std::move(action);
  request.asked_s = now_s;
  if (snapshot_.connected()) {
    out_.emplace_back(protocol::StaffCommand{request.number, request.action});
    repeats_.push_back({request.number, now_s + kAgain_s});
  } else {
    request.state = Request::State::refused;
    request.answered_s = now_s;
    request.code = "not-connected";
    request.text = "This console is not connected to the hall: nothing was done.";
  }
  if (snapshot_.requests.size() == kRequestsMax) {
    const std::uint32_t oldest = snapshot_.requests.front().number;
    std::erase_if(repeats_, [&](const Repeat& one) { return one.number == oldest; });
    snapshot_.requests.erase(snapshot_.requests.begin());
  }
  snapshot_.requests.push_back(std::move(request));
  return snapshot_.requests.back().number;
}

void ConsoleModel::step(double now_s) {
  snapshot_.now_s = now_s;
  std::erase_if(snapshot_.requests, [&](const Request& one) {
    if (one.state == Request::State::asked) return false;
    return now_s - one.answered_s > (one.state == Request::State::accepted ? kAnswerShown_s : kRefusalShown_s);
  });
  std::erase_if(snapshot_.forecasts, [&](const protocol::PlayForecast& one) { return snapshot_.hall_age_s(one.time) > kForecastKept_s; });
  if (!snapshot_.connected()) return;
  for (Repeat& repeat : repeats_) {
    if (now_s < repeat.again_s) continue;
    repeat.again_s = now_s + kAgain_s;
    if (const Request* request = found(snapshot_.requests, repeat.number, &Request::number)) {
      out_.emplace_back(protocol::StaffCommand{request->number, request->action});
    }
  }
}

std::vector<protocol::Message> ConsoleModel::take_outgoing() { return std::exchange(out_, {}); }

std::uint16_t ConsoleModel::next_body_number() const {
  std::uint16_t number = 1;
  const auto taken = [&](std::uint16_t wanted) {
    return std::ranges::any_of(snapshot_.bodies, [&](const protocol::BodyCard& body) { return body.number == wanted; }) ||
           std::ranges::any_of(snapshot_.requests, [&](const Request& request) {  // asked a moment ago
             const auto* place = std::get_if<protocol::PlaceBody>(&request.action);
             return place != nullptr && place->number == wanted && request.state != Request::State::refused;
           });
  };
  while (number < 65535 && taken(number)) ++number;
  return number;
}

}  // namespace promenade::console
