#include "ticketing/circuit/venue_pull.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/circuit/settled_days.h"
#include "ticketing/core/config.h"
#include "ticketing/core/event_body.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/circuit/pull.h"

namespace promenade::ticketing::circuit {
namespace {

using base::http::Client;
using nlohmann::json;

constexpr int kMinutesAQuarter = 15, kQuarters = 200;  // of a business day and its night, from midnight on

std::unexpected<base::Error> rolled_back(const VenueRecord& venue, std::uint64_t shown) {
  return base::fail("checkpoint-rolled-back", "The venue " + venue.venue.value() + " shows a ledger of " + std::to_string(shown) + " events, and " + std::to_string(venue.cursor.seq) + " were taken from it.",
                    "A ledger never shrinks: ask the venue; one restored from a copy takes its events back with boxoffice restore --events.");
}

// One pull under way. Steps return errors; run() turns them into an outcome.
class Puller {
 public:
  Puller(const VenueRecord& venue, const PullLimits& limits, const PullMemory& memory, VenueTokens& tokens, base::UtcTime now)
      : venue_(venue), limits_(limits), memory_(memory), tokens_(tokens), now_(now), book_(venue.worn_floors, venue.currency) {}

  PullOutcome run() {
    PullOutcome outcome = Unsigned{};
    const auto done = steps(outcome);
    if (done) return outcome;
    if (!accuses(done.error().code)) return Failure{done.error()};
    return Refusal{done.error().code, done.error().message, evidence_};
  }

 private:
  base::Result<void> steps(PullOutcome& outcome) {
    const auto address = venue_address(venue_.url);
    if (!address) return std::unexpected(address.error());
    path_ = address->path;
    auto client = open_client(address->server, venue_.api_key);
    if (client && has_token(venue_)) {
      auto token = open_client(address->server, {}).and_then([&](Client stranger) { return tokens_.token(venue_, stranger, path_); });
      if (!token) return std::unexpected(token.error());
      client = open_client(address->server, *token);
    }
    if (!client) return std::unexpected(client.error());
    client_ = &*client;
    auto last = last_checkpoint();
    if (!last) return std::unexpected(last.error());
    if (!*last) return {};
    if (auto done = check_place(**last); !done) return done;
    if ((*last)->size == venue_.cursor.seq) {
      outcome = Idle{(*last)->at};
      return {};
    }
    auto target = target_of(**last);
    if (!target) return std::unexpected(target.error());
    evidence_ = canonical_text(to_json(*target));
    batch_.more = target->size < (*last)->size;
    if (auto done = take_events(*target); !done) return done;
    if (auto done = take_facts(); !done) return done;
    auto days = settled_days(*client_, path_, venue_, book_.settled(), memory_.counted, batch_, evidence_);
    if (!days) return days;
    finish(*target);
    outcome = std::move(batch_);
    return {};
  }

  base::Result<Client> open_client(const std::string& server, const std::string& bearer) const {
    base::http::ClientOptions options{.base_url = server, .connect_timeout = limits_.connect_timeout, .read_timeout = limits_.read_timeout, .max_answer_bytes = limits_.answer_bytes, .headers = {},
                                      .tls = tls_of(venue_.access)};
    if (!bearer.empty()) options.headers["Authorization"] = "Bearer " + bearer;
    return Client::open(std::move(options));
  }

  base::Result<std::optional<Checkpoint>> last_checkpoint() {
    const auto body = ask_json(*client_, path_ + "/v1/checkpoints/latest");
    if (!body && body.error().code == "checkpoint-none") {
      if (venue_.cursor.seq == 0) return std::nullopt;
      return base::fail("checkpoint-missing", "The venue " + venue_.venue.value() + " shows no checkpoint, and had signed one of " + std::to_string(venue_.cursor.seq) + " events.",
                        "Ask the venue; a restored ledger shows its checkpoints again within a minute.");
    }
    if (!body) return std::unexpected(body.error());
    auto checkpoint = checkpoint_from_json(*body);
    if (!checkpoint) return std::unexpected(checkpoint.error());
    evidence_ = canonical_text(to_json(*checkpoint));
    return std::optional(std::move(*checkpoint));
  }

  // Against the one before: not smaller, and the same ledger where it is as large.
  base::Result<void> check_place(const Checkpoint& last) const {
    if (last.venue != venue_.venue)
      return base::fail("venue-other", "At " + venue_.url + " a venue answers that calls itself " + last.venue.value() + ", not " + venue_.venue.value() + ".", "Correct the address, or ask the venue.");
    if (last.size < venue_.cursor.seq) return rolled_back(venue_, last.size);
    if (last.size > venue_.cursor.seq) return {};
    if (auto done = venue_.keys.check(last); !done) return done;
    if (last.root != venue_.frontier.root() || last.head_hash != venue_.cursor.hash)
      return base::fail("checkpoint-forked", "The venue " + venue_.venue.value() + " shows another past than it did at " + std::to_string(last.size) + " events.", "A ledger never changes: keep the evidence and ask the venue.");
    return {};
  }

  // How far this pull goes: to the last checkpoint, or after a long absence to one on the way there.
  base::Result<Checkpoint> target_of(const Checkpoint& last) {
    if (last.size - venue_.cursor.seq <= limits_.batch_events) return last;
    const auto body = ask_json(*client_, path_ + "/v1/checkpoints?after=" + std::to_string(venue_.cursor.seq) + "&limit=500");
    if (!body) return std::unexpected(body.error());
    std::optional<Checkpoint> best;
    for (const auto& one : body->value("checkpoints", json::array())) {
      auto checkpoint = checkpoint_from_json(one);
      if (!checkpoint) return std::unexpected(checkpoint.error());
      if (checkpoint->size <= venue_.cursor.seq || checkpoint->venue != venue_.venue) continue;
      const bool fits = checkpoint->size - venue_.cursor.seq <= limits_.batch_events;
      if (!best || (fits && checkpoint->size > best->size) || (!fits && checkpoint->size < best->size)) best = std::move(*checkpoint);
    }
    if (!best) best = last;
    if (best->size - venue_.cursor.seq > limits_.most_events)
      return base::fail("checkpoint-too-far", "The venue " + venue_.venue.value() + " has signed nothing between its events " + std::to_string(venue_.cursor.seq) + " and " + std::to_string(best->size) + ".",
                        "It must run promenade-boxoffice serve, which signs every minute.");
    return *best;
  }

  base::Result<void> take_events(const Checkpoint& target) {
    batch_.after = venue_;
    batch_.from = venue_.cursor.seq;
    std::uint64_t page = limits_.page_events;
    std::size_t bytes = 0;
    while (batch_.after.cursor.seq < target.size) {
      const std::uint64_t limit = std::min(page, target.size - batch_.after.cursor.seq);
      const auto response = client_->get(path_ + "/v1/events?after=" + std::to_string(batch_.after.cursor.seq) + "&limit=" + std::to_string(limit), {{"Accept", "application/vnd.promenade.events"}});
      if (!response && response.error().code == "http-answer-too-large" && page > 1) {
        page /= 2;  // events that are unusually long
        continue;
      }
      if (!response) return std::unexpected(response.error());
      if (response->status != 200) {
        const base::Error error = venue_error(*response);
        if (error.code == "cursor-beyond-head") return rolled_back(venue_, batch_.after.cursor.seq - 1);
        return std::unexpected(error);
      }
      bytes += response->body.size();
      if (bytes > limits_.batch_bytes)
        return base::fail("checkpoint-too-far", "The venue " + venue_.venue.value() + " has signed more bytes at once than a pull takes.", "It must run promenade-boxoffice serve, which signs every minute.");
      if (auto done = take_page(*response, limit); !done) return done;
    }
    if (batch_.after.frontier.root() != target.root || batch_.after.cursor.hash != target.head_hash)
      return base::fail("checkpoint-differs", "The venue " + venue_.venue.value() + " has signed a checkpoint of " + std::to_string(target.size) + " events that are not those it gave here.",
                        "It shows different people different ledgers: keep the evidence and ask the venue.");
    if (auto done = batch_.after.keys.check(target); !done) return done;
    const auto& keys = batch_.after.keys.all();
    if (venue_.pinned && std::ranges::none_of(keys, [&](const LogKey& key) { return key.key == *venue_.pinned; }))
      return base::fail("log-key-other", "The log keys of the venue " + venue_.venue.value() + " do not include the one that was given for it.", "Somebody else signs for the venue: ask the venue, by another way.");
    return {};
  }

  base::Result<void> take_page(const base::http::Response& response, std::uint64_t limit) {
    auto reader = ExportReader::open(base::as_bytes(response.body), batch_.after.cursor);
    if (!reader) return std::unexpected(reader.error());
    if (reader->header().venue != venue_.venue) return base::fail("venue-other", "The venue " + venue_.venue.value() + " sent events of " + reader->header().venue.value() + ".", "Ask the venue.");
    std::uint64_t taken = 0;
    while (true) {
      const auto item = reader->next();
      if (!item) return std::unexpected(item.error());
      if (!*item) break;
      if (++taken > limit) return base::fail("export-malformed", "The venue sent more events than were asked for.", "Ask again.");
      if (auto done = take_event((*item)->event, (*item)->stored); !done) return std::unexpected(fault_of_rest(*reader).value_or(done.error()));
      batch_.after.frontier.append((*item)->stored);
    }
    if (taken == 0) return rolled_back(venue_, batch_.after.cursor.seq);
    batch_.after.cursor = reader->head();
    batch_.event_count += static_cast<std::int64_t>(taken);
    return {};
  }

  // An event that was altered may say what cannot be: only the next one's hash of it, or the header's, tells why.
  static std::optional<base::Error> fault_of_rest(ExportReader& reader) {
    while (true) {
      const auto item = reader.next();
      if (!item) return item.error();
      if (!*item) return std::nullopt;
    }
  }

  base::Result<void> take_event(const Event& event, base::ByteView stored) {
    const BusinessDate today(std::chrono::floor<std::chrono::days>(now_));
    if (event.business_date < kFirstBusinessDate || event.business_date > today.plus_days(limits_.days_ahead))
      return base::fail("event-malformed", "Event " + std::to_string(event.seq) + " is of the business date " + event.business_date.text() + ".", "Its clock is wrong, or it was altered: ask the venue.");
    if (event.kind.find('\0') != std::string::npos) return base::fail("event-malformed", "The kind of event " + std::to_string(event.seq) + " is no text.", "Ask the venue.");
    if (event.kind == kVenueSetUp) {
      if (auto done = set_up(event); !done) return done;
    } else if (event.kind == kLogKeyEvent) {
      const auto key = log_key_from_json(json::parse(event.body, nullptr, false));
      if (!key) return std::unexpected(key.error());
      if (key->from != event.seq || key->venue != venue_.venue) return base::fail("log-key-malformed", "The log key of event " + std::to_string(event.seq) + " is of another venue or event.", "Ask the venue.");
      if (auto done = batch_.after.keys.add(*key); !done) return done;
      batch_.new_keys.push_back(*key);
    }
    auto fact = fact_of(event);
    if (!fact) return std::unexpected(fact.error());
    batch_.dates.insert(event.business_date);
    if (fact->kind != Fact::Kind::none) facts_.push_back(std::move(*fact));
    add_event_row(batch_.events, venue_.id, event, stored);
    return {};
  }

  base::Result<void> set_up(const Event& event) {
    const auto body = json::parse(event.body, nullptr, false);
    const auto config = body.is_object() && body.contains("config") ? config_from_json(body["config"]) : base::fail(kCorrupt, "it has no configuration");
    if (!config) return base::fail(kCorrupt, "Event " + std::to_string(event.seq) + ", the venue's set-up: " + config.error().message, "Ask the venue.");
    VenueRecord& v = batch_.after;
    v.name_zh = storable(config->name_zh, 200);
    v.name_en = storable(config->name_en, 200);
    v.cinema_code = storable(config->cinema_code, 20);
    v.time_zone = storable(config->time_zone, 80);
    v.cut_over = config->cut_over;
    v.currency = config->currency;
    if (event.seq == 1) v.worn_floors = {};
    v.worn_floors.set(event.business_date, config->worn_share_floor);
    for (const auto& film : config->films) batch_.films.push_back({storable(film.id.value(), 40), storable(film.title_zh, 200), storable(film.title_en, 200)});
    if (!v.first_date) v.first_date = event.business_date;
    return {};
  }

  base::Result<void> take_facts() {
    book_ = AdmissionBook(batch_.after.worn_floors, batch_.after.currency);
    if (const auto names = AdmissionBook::unknown_in(facts_); !names.empty()) {
      auto earlier = memory_.admissions(names, batch_.dates);
      if (!earlier) return std::unexpected(earlier.error());
      for (auto& one : *earlier) book_.know(std::move(one));
    }
    for (const Fact& fact : facts_)
      if (auto done = book_.take(fact); !done) return done;
    facts_.clear();
    return {};
  }

  void finish(const Checkpoint& target) {
    VenueRecord& v = batch_.after;
    v.checkpoint = target;
    for (const Admission* one : book_.added()) {
      add_admission_row(batch_.added, v.id, *one);
      batch_.dates.insert(one->date);
    }
    for (const Admission* one : book_.altered()) add_admission_row(batch_.altered, v.id, *one);
    for (const auto& [key, counts] : book_.by_film())
      if (counts != DayCounts{}) add_film_day_row(batch_.film_days, v.id, key.first, key.second, counts);
    add_curve();
  }

  // By the venue's own wall clock, so that the evening of one city lies over that of another.
  void add_curve() {
    const auto calendar = BusinessCalendar::make(batch_.after.time_zone, batch_.after.cut_over);
    if (!calendar) return;  // a venue whose zone this machine does not know is missing from the curve only
    std::map<std::pair<BusinessDate, int>, std::pair<std::int64_t, std::int64_t>> quarters;
    std::map<BusinessDate, base::UtcTime> midnights;
    for (const auto& moment : book_.moments()) {
      auto midnight = midnights.find(moment.date);
      if (midnight == midnights.end()) midnight = midnights.emplace(moment.date, calendar->starts_at(moment.date) - batch_.after.cut_over).first;
      const auto quarter = std::clamp<std::int64_t>(std::chrono::floor<std::chrono::minutes>(moment.at - midnight->second).count() / kMinutesAQuarter, 0, kQuarters);
      auto& [sold, redeemed] = quarters[{moment.date, static_cast<int>(quarter)}];
      (moment.sold ? sold : redeemed) += moment.count;
    }
    for (const auto& [key, counts] : quarters) batch_.curve.row().date(as_date(key.first)).smallint(static_cast<std::int16_t>(key.second)).bigint(counts.first).bigint(counts.second);
  }

  const VenueRecord& venue_;
  const PullLimits& limits_;
  const PullMemory& memory_;
  VenueTokens& tokens_;
  base::UtcTime now_;
  Client* client_ = nullptr;
  std::string path_, evidence_;
  std::vector<Fact> facts_;
  AdmissionBook book_;
  VenueBatch batch_;
};

}  // namespace

bool accuses(std::string_view code) {
  for (const std::string_view one : {"checkpoint-rolled-back", "checkpoint-forked", "checkpoint-differs", "checkpoint-missing", "checkpoint-forged", "checkpoint-too-far", "log-key-other",
                                     "log-key-unknown", "log-key-unendorsed", "log-key-malformed", "chain-gap", "chain-broken", "event-malformed", "export-head", "export-start", "venue-other",
                                     "report-differs", "report-altered", kCorrupt})
    if (code == one) return true;
  return false;
}

base::Result<VenueAddress> venue_address(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = scheme == std::string::npos ? std::string::npos : url.find('/', scheme + 3);
  VenueAddress out{url.substr(0, slash), slash == std::string::npos ? std::string() : url.substr(slash)};
  while (out.path.ends_with('/')) out.path.pop_back();
  const bool plain = std::ranges::all_of(out.path, [](char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#'; });
  if (!plain) return base::fail("http-bad-url", "'" + url + "' is not the address of a venue.", "Give http://HOST:PORT, with a path where the venue's box office has one.");
  if (auto client = Client::open({.base_url = out.server, .headers = {}}); !client) return std::unexpected(client.error());
  return out;
}

PullOutcome pull_venue(const VenueRecord& venue, const PullLimits& limits, const PullMemory& memory, VenueTokens& tokens, base::UtcTime now) {
  PullOutcome outcome = Puller(venue, limits, memory, tokens, now).run();
  const auto* failure = std::get_if<Failure>(&outcome);
  if (failure == nullptr || failure->error.code != "key-wrong" || !has_token(venue)) return outcome;
  tokens.forget(venue);
  return Puller(venue, limits, memory, tokens, now).run();
}

}  // namespace promenade::ticketing::circuit
