#include "ticketing/circuit/pull.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "ticketing/core/report.h"

namespace promenade::ticketing::circuit {
namespace {

using base::http::Client;
using base::http::Response;
using nlohmann::json;

constexpr std::size_t kPage = 1000;
constexpr int kMaxPages = 100'000;

base::Result<ExportContent> fetch(Client& client, ChainHead from, std::size_t limit) {
  const auto response = client.get("/v1/events?after=" + std::to_string(from.seq) + "&limit=" + std::to_string(limit),
                                   {{"Accept", "application/vnd.promenade.events"}});
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(venue_error(*response));
  return read_export(base::as_bytes(response->body), from);
}

std::unexpected<base::Error> rolled_back(const EventFile& file) {
  return base::fail("venue-rolled-back", "The venue " + file.venue().value() + " no longer has event " + std::to_string(file.head().seq) + ", which was pulled from it before.",
                    "A ledger never shrinks. Nothing was changed here; keep this file as evidence and ask the venue.");
}

std::unexpected<base::Error> altered(const EventFile& file, std::uint64_t seq, const std::string& how) {
  return base::fail("venue-altered", "The venue " + file.venue().value() + " now shows another past at event " + std::to_string(seq) + " (" + how + ").",
                    "A ledger never changes. Nothing was changed here; keep this file as evidence and ask the venue.");
}

// The venue must still hold our last event as we do, also when nothing new follows it.
base::Result<void> check_overlap(Client& client, const EventFile& file) {
  if (file.head().seq == 0) return {};
  const auto last = decode_event(*file.last_stored(), file.venue());
  if (!last) return std::unexpected(last.error());
  const auto content = fetch(client, {last->seq - 1, last->prev_hash}, 1);
  if (!content) {
    const std::string& code = content.error().code;
    if (code == "cursor-beyond-head") return rolled_back(file);
    if (code == "chain-broken" || code == "export-head" || code == "export-start") return altered(file, last->seq, content.error().message);
    return std::unexpected(content.error());
  }
  if (content->stored.empty()) return rolled_back(file);
  if (content->stored.front() != *file.last_stored()) return altered(file, last->seq, "its bytes differ");
  return {};
}

// State of the ledger as far as it has been replayed.
class Replay {
 public:
  explicit Replay(const EventFile& file) : file_(file), state_(file.venue()) {}
  const LedgerState& state() const { return state_; }

  base::Result<void> to(std::uint64_t seq) {
    if (state_.head().seq >= seq) return {};
    const auto done = file_.for_each([&](const Event& event) -> base::Result<void> {
      if (event.seq <= state_.head().seq || event.seq > seq) return {};
      return state_.apply(event);
    });
    if (!done) return std::unexpected(done.error());
    return {};
  }

 private:
  const EventFile& file_;
  LedgerState state_;
};

std::string difference(const json& theirs, const json& ours) {
  std::string out;
  for (const char* name : {"sold", "comps", "refunded", "redeemed", "plays_started", "played", "gross", "refunds", "net"}) {
    const json a = theirs.value("totals", json::object()).value(name, json());
    const json b = ours.value("totals", json::object()).value(name, json());
    if (a != b) out += (out.empty() ? "" : ", ") + std::string(name) + " " + a.dump() + " there and " + b.dump() + " here";
  }
  return out.empty() ? "the totals agree, other parts do not" : out;
}

}  // namespace

base::Error venue_error(const Response& response) {
  const json body = json::parse(response.body, nullptr, false);
  const auto text = [&](const char* name) { return body.is_object() && body.contains(name) && body[name].is_string() ? body[name].get<std::string>() : std::string{}; };
  if (text("code").empty() && response.status == 401) return {"key-wrong", "The venue does not take this key or token.", "Ask the venue for a key with the scope read."};
  if (text("code").empty()) return {"http-error", "The venue answered with status " + std::to_string(response.status) + ".", "Check that a box office runs at this address."};
  return {text("code"), text("detail"), text("advice")};
}

base::Result<json> ask_json(Client& client, const std::string& target) {
  const auto response = client.get(target);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(venue_error(*response));
  json body = json::parse(response->body, nullptr, false);
  if (body.is_discarded()) return base::fail("http-error", "The answer to " + target + " is not JSON.", "Check that a box office runs at this address.");
  return body;
}

base::Result<Venue> ask_venue(Client& client) {
  const auto response = client.get("/v1/venue");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(venue_error(*response));
  const json body = json::parse(response->body, nullptr, false);
  if (!body.is_object() || body.value("venue", "").empty())
    return base::fail("http-error", "The answer of " + client.base_url() + " names no venue.", "Check that a box office runs at this address.");
  return Venue{base::VenueId(body.value("venue", "")), body.value("head_seq", std::uint64_t{0})};
}

base::Result<PullResult> pull_events(Client& client, EventFile& file) {
  if (const auto same = check_overlap(client, file); !same) return std::unexpected(same.error());
  PullResult result{.events_before = file.head().seq, .events_new = 0, .head = file.head(), .touched = {}};
  std::set<BusinessDate> touched;
  for (int page = 0; page < kMaxPages; ++page) {
    const auto content = fetch(client, file.head(), kPage);
    if (!content) {
      if (content.error().code == "cursor-beyond-head") return rolled_back(file);
      if (content.error().code.starts_with("chain-")) return altered(file, file.head().seq + 1, content.error().message);
      return std::unexpected(content.error());
    }
    if (content->header.venue != file.venue()) return altered(file, file.head().seq + 1, "it calls itself " + content->header.venue.value());
    if (content->stored.empty()) break;
    if (const auto kept = file.append(content->stored); !kept) return std::unexpected(kept.error());
    for (const Event& event : content->events) touched.insert(event.business_date);
    result.events_new += content->stored.size();
    if (content->stored.size() < kPage) break;
  }
  result.head = file.head();
  result.touched.assign(touched.begin(), touched.end());
  return result;
}

base::Result<int> check_reports(Client& client, EventFile& file, const std::vector<BusinessDate>& dates) {
  Replay replay(file);
  if (const auto done = replay.to(file.head().seq); !done) return std::unexpected(done.error());
  int equal = 0;
  for (const BusinessDate date : dates) {
    const auto response = client.get("/v1/reports/days/" + date.text());
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(venue_error(*response));
    const json theirs = json::parse(response->body, nullptr, false);
    const std::uint64_t through = theirs.is_object() ? theirs.value("data_through", std::uint64_t{0}) : 0;
    // A day closed or corrected since the pull: its closing event follows the last one that its report takes in.
    const auto day = replay.state().days().find(date);
    const int our_revision = day == replay.state().days().end() ? 0 : day->second.revision;
    const bool revised = theirs.is_object() && theirs.value("revision", 0) > our_revision;
    if (through > file.head().seq || revised)
      if (const auto more = pull_events(client, file); !more) return std::unexpected(more.error());
    // An open day is compared exactly where its report ends; a closed one as its last revision stands.
    if (const auto done = replay.to(revised ? file.head().seq : through); !done) return std::unexpected(done.error());
    const std::string ours = report_json_text(replay.state().report(date));
    if (ours != response->body)
      return base::fail("report-differs", "The venue's report of " + date.text() + " is not what its own events amount to: " + difference(theirs, json::parse(ours)) + ".",
                        "Keep this file and the report as evidence and ask the venue.");
    ++equal;
  }
  return equal;
}

base::Result<StoreSummary> summarise(const EventFile& file) {
  LedgerState state(file.venue());
  const auto head = file.for_each([&](const Event& event) { return state.apply(event); });
  if (!head) return std::unexpected(head.error());
  StoreSummary summary{*head, {}};
  std::set<BusinessDate> dates;
  for (const auto& [id, screening] : state.screenings()) dates.insert(screening.screening.business_date);
  for (const auto& [date, day] : state.days()) dates.insert(date);
  for (const BusinessDate date : dates) summary.days.push_back(state.report(date));
  return summary;
}

}  // namespace promenade::ticketing::circuit
