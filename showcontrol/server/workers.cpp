#include "showcontrol/server/workers.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <print>

#include "ticketing/core/ticket.h"

namespace promenade::server {

namespace {
constexpr std::chrono::milliseconds kStoreRetry{500};
constexpr std::chrono::milliseconds kIdle{250};
constexpr std::chrono::milliseconds kUnreachable{1000};
constexpr std::chrono::milliseconds kConnect{800};
constexpr std::chrono::milliseconds kAnswer{1200};  // with the connection two seconds in all
constexpr std::chrono::seconds kLanesEvery{60}, kLanesAgain{5};
constexpr int kBehindLoop = 5;                      // in nice's steps: where cores are short, the loop's safety work goes first

template <class Answer>
base::Result<Answer> only(base::Result<ticketing::Answer> answer) {
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (Answer* one = std::get_if<Answer>(&*answer)) return std::move(*one);
  return base::fail("http-error", "The box office answered something else than was asked.", "Check that its version fits this hall.");
}
// What the problem document of an answer says.
base::Error refusal_of(const base::http::Response& response) {
  const auto body = nlohmann::json::parse(response.body, nullptr, false);
  const auto text = [&](const char* name) { return body.is_object() && body.contains(name) && body[name].is_string() ? body[name].get<std::string>() : std::string(); };
  if (text("code").empty()) return {"http-error", "The box office answered with status " + std::to_string(response.status) + ".", "Check the address of the box office."};
  return {text("code"), text("detail"), text("advice")};
}
}  // namespace

std::string text_of_lanes(const std::set<base::LaneId>& lanes) {
  std::string text;
  for (const base::LaneId& lane : lanes) text += lane.value() + "\n";
  return text;
}

std::set<base::LaneId> lanes_of_text(std::string_view text) {
  std::set<base::LaneId> lanes;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lanes.insert(base::LaneId(std::string(text.substr(0, end))));
    text.remove_prefix(end + 1);
  }
  return lanes;
}

void push_event(EventQueue& queue, hall::Event event, std::stop_token stop) {
  base::BoundedQueue<int> nothing(1, base::Overflow::drop_oldest);
  while (!stop.stop_requested() && !queue.push(event)) nothing.pop_for(stop, std::chrono::milliseconds(5));
}

// ---------------------------------------------------------------- planner

PlannerWorker::PlannerWorker(planning::FloorPlan floor, EventQueue& events)
    : planner_(std::move(floor)), events_(events), thread_([this](std::stop_token stop) { run(stop); }) {}

void PlannerWorker::run(std::stop_token stop) {
  [[maybe_unused]] const int niceness = ::nice(kBehindLoop);  // of this thread alone, as Linux has it; to step back is never refused
  while (const auto ask = questions_.pop(stop)) {
    works_.store(true, std::memory_order_relaxed);
    auto answer = planner_.plan(ask->plan, ask->snapshot, ask->budget, ask->seed);
    works_.store(false, std::memory_order_relaxed);
    push_event(events_, hall::PlanAnswered{ask->request, std::move(answer)}, stop);
  }
}

// ---------------------------------------------------------------- lines

void LinePrinter::run(std::stop_token stop) {
  while (const auto line = lines_.pop(stop)) std::println(stderr, "{}", *line);
}

LinePrinter::~LinePrinter() {
  thread_.request_stop();
  thread_.join();
  while (const auto line = lines_.try_pop()) std::println(stderr, "{}", *line);
}

// ---------------------------------------------------------------- store

StoreWorker::StoreWorker(ticketing::store::HallJournal journal, EventQueue& events, base::BoundedQueue<Batch>& batches, std::optional<Pair> pair)
    : journal_(std::move(journal)), events_(events), batches_(batches), pair_(std::move(pair)), thread_([this](std::stop_token stop) { run(stop); }) {}

StoreWorker::~StoreWorker() {
  thread_.request_stop();
  thread_.join();
  while (auto job = jobs_.try_pop()) {
    if (std::holds_alternative<Fetch>(*job) || std::holds_alternative<Copy>(*job)) continue;
    if (const auto written = write(*job, {}); !written) {
      std::println(stderr, "promenade-hall: the last records could not be written: {}", written.error().text());
      return;
    }
  }
}

base::Result<void> StoreWorker::write(const Job& job, std::stop_token stop) {
  using ticketing::store::Record;
  if (pair_) {
    if (const auto* keep = std::get_if<Keep>(&job)) return server::write(journal_, keep->save);
    if (!std::holds_alternative<Fetch>(job)) return write_for_both(job);
  }
  if (const auto* append = std::get_if<Append>(&job)) {
    std::vector<Record> records;
    for (const hall::StateRecord& one : append->persist.records) records.push_back({one.kind, one.key, one.value, one.value.empty()});
    std::vector<ticketing::store::OutboxItem> facts;
    for (const hall::OutboxItem& one : append->persist.facts) facts.push_back({0, one.idempotency_key, one.kind, one.body_json});
    return journal_.append(records, facts);
  }
  if (const auto* used = std::get_if<Used>(&job)) {
    const std::string until = std::to_string(used->valid_until.time_since_epoch().count());
    const Record record{"used-ticket", used->code.value(), {until.begin(), until.end()}, false};
    return journal_.append(std::span(&record, 1));
  }
  if (const auto* mark = std::get_if<Mark>(&job)) {
    const std::string text = mark->clock.text();
    const Record record{"clock", "mark", {text.begin(), text.end()}, false};
    return journal_.append(std::span(&record, 1));
  }
  if (const auto* lanes = std::get_if<Lanes>(&job)) {
    const std::string text = text_of_lanes(lanes->own);
    const Record record{"lanes", "own", {text.begin(), text.end()}, false};
    return journal_.append(std::span(&record, 1));
  }
  if (const auto* settle = std::get_if<Settle>(&job)) {
    if (auto done_with = journal_.acknowledge(std::span(settle->delivered)); !done_with) return done_with;
    for (const auto& [seq, reason] : settle->refused) {
      if (auto kept = journal_.dead_letter(seq, reason); !kept) return kept;
    }
    return {};
  }
  auto pending = journal_.pending(kFetchMax);
  if (!pending) return std::unexpected(pending.error());
  const auto waiting = journal_.pending_count();
  if (!waiting) return std::unexpected(waiting.error());
  if (!stop.stop_requested()) batches_.push({std::move(*pending), *waiting});
  return {};
}

std::optional<succession::Batch> StoreWorker::batch_of(const Job& job) const {
  succession::Batch batch;
  batch.position = {pair_->epoch, index_ + 1};
  const auto put = [&](std::string kind, std::string key, const std::string& text) {
    batch.records.push_back({std::move(kind), std::move(key), base::Bytes(text.begin(), text.end())});
  };
  if (const auto* append = std::get_if<Append>(&job)) {
    for (const hall::StateRecord& one : append->persist.records) {
      batch.records.push_back({one.kind, one.key, one.value.empty() ? std::nullopt : std::optional(one.value)});
    }
    for (const hall::OutboxItem& one : append->persist.facts) batch.facts.push_back({one.idempotency_key, one.kind, one.body_json});
  } else if (const auto* used = std::get_if<Used>(&job)) {
    put("used-ticket", used->code.value(), std::to_string(used->valid_until.time_since_epoch().count()));
  } else if (const auto* mark = std::get_if<Mark>(&job)) {
    put("clock", "mark", mark->clock.text());
  } else if (const auto* lanes = std::get_if<Lanes>(&job)) {
    put("lanes", "own", text_of_lanes(lanes->own));
  } else if (const auto* settle = std::get_if<Settle>(&job)) {
    batch.settled = settle->keys;
  } else {
    return std::nullopt;
  }
  return batch;
}

base::Result<void> StoreWorker::write_for_both(const Job& job) {
  written_.reset();
  if (std::holds_alternative<Copy>(job)) {
    auto copy = whole_copy(journal_);
    if (!copy) return std::unexpected(copy.error());
    copy->position = {pair_->epoch, index_};
    written_ = std::move(*copy);
    return {};
  }
  if (const auto* settle = std::get_if<Settle>(&job)) {  // the reasons stay here
    for (const auto& [seq, reason] : settle->refused) {
      if (auto kept = journal_.dead_letter(seq, reason); !kept) return kept;
    }
  }
  auto batch = batch_of(job);
  if (auto written = server::write(journal_, *batch, false); !written) return written;
  index_ = batch->position.index;
  written_ = std::move(*batch);
  return {};
}

void StoreWorker::tell_pair(PairNews news, std::stop_token stop) {
  base::BoundedQueue<int> nothing(1, base::Overflow::drop_oldest);
  while (!stop.stop_requested() && !pair_->inbox.push(news)) nothing.pop_for(stop, std::chrono::milliseconds(5));
}

void StoreWorker::done(Job job, std::stop_token stop) {
  if (pair_ && std::holds_alternative<Keep>(job)) return tell_pair(PairSaved{std::get<Keep>(job).save}, stop);
  if (pair_ && written_) {
    if (std::holds_alternative<Copy>(job)) return tell_pair(PairCopied{*std::exchange(written_, std::nullopt)}, stop);
    std::optional<hall::Event> then;
    if (const auto* append = std::get_if<Append>(&job)) then = hall::Persisted{append->persist.token};
    if (auto* used = std::get_if<Used>(&job)) then = std::move(used->then);
    return tell_pair(PairWrote{*std::exchange(written_, std::nullopt), std::move(then)}, stop);
  }
  if (const auto* append = std::get_if<Append>(&job)) push_event(events_, hall::Persisted{append->persist.token}, stop);
  if (auto* used = std::get_if<Used>(&job); used != nullptr && used->then) push_event(events_, std::move(*used->then), stop);
}

void StoreWorker::run(std::stop_token stop) {
  base::BoundedQueue<int> nothing(1, base::Overflow::drop_oldest);
  while (auto job = jobs_.pop(stop)) {
    for (;;) {
      const auto written = write(*job, stop);
      if (written) {
        failing_ = false;
        done(std::move(*job), stop);
        break;
      }
      if (!failing_.exchange(true)) std::println(stderr, "promenade-hall: {}", written.error().text());
      const auto* append = std::get_if<Append>(&*job);
      push_event(events_, hall::PersistFailed{append != nullptr ? append->persist.token : 0, written.error()}, stop);
      // A settlement that cannot be noted is only delivered once more, under the same keys.
      if (std::holds_alternative<Settle>(*job) || std::holds_alternative<Mark>(*job) || std::holds_alternative<Lanes>(*job)) break;
      if (std::holds_alternative<Copy>(*job)) break;  // it is asked for again
      if (std::holds_alternative<Fetch>(*job)) {
        batches_.push({});
        break;
      }
      nothing.pop_for(stop, kStoreRetry);
      if (stop.stop_requested()) {
        std::println(stderr, "promenade-hall: the last records could not be written: {}", written.error().text());
        return;
      }
    }
  }
}

// ---------------------------------------------------------------- box office

base::Result<BoxOfficeClient> BoxOfficeClient::open(const BoxOfficeAddress& address) {
  base::http::ClientOptions options;
  options.base_url = address.url;
  options.connect_timeout = kConnect;
  options.read_timeout = kAnswer;
  options.max_answer_bytes = 1U << 20;
  if (!address.key.empty()) options.headers = {{"Authorization", "Bearer " + address.key}};
  options.tls = address.tls;
  auto client = base::http::Client::open(std::move(options));
  if (!client) return std::unexpected(client.error());
  return BoxOfficeClient(std::move(*client));
}

base::Result<ticketing::Answer> BoxOfficeClient::ask(const ticketing::Request& request) {
  struct Address {
    std::string operator()(const ticketing::RedemptionRequest&) const { return "/v1/redemptions"; }
    std::string operator()(const ticketing::ChangeRequest&) const { return "/v1/changes"; }
    std::string operator()(const ticketing::GrantRequest&) const { return "/v1/grants"; }
    std::string operator()(const ticketing::PlayStarted&) const { return "/v1/plays"; }
    std::string operator()(const ticketing::PlayEnded&) const { return "/v1/plays"; }
    std::string operator()(const ticketing::HeadsetSwap&) const { return "/v1/swaps"; }
    std::string operator()(const ticketing::Observation&) const { return "/v1/observations"; }
    std::string operator()(const ticketing::SaleRequest&) const { return "/v1/sales"; }
    std::string operator()(const ticketing::RefundRequest&) const { return "/v1/refunds"; }
    std::string operator()(const ticketing::DayClose&) const { return "/v1/closes"; }
    std::string operator()(const ticketing::Correction&) const { return "/v1/corrections"; }
    std::string operator()(const ticketing::SettleEvacuation&) const { return "/v1/settlements"; }
    std::string operator()(const ticketing::NationalReceipt&) const { return "/v1/national/receipts"; }
    std::string operator()(const ticketing::LateEntryApproval&) const { return "/v1/national/approvals"; }
    std::string operator()(const ticketing::ReservationRequest&) const { return "/v1/reservations"; }
    std::string operator()(const ticketing::ReservationRelease&) const { return "/v1/reservations/release"; }
  };
  const auto response = client_.post(std::visit(Address{}, request), ticketing::to_json(request).dump(), "application/json");
  if (!response) return std::unexpected(response.error());
  if (response->status < 300) return ticketing::answer_from_text(response->body);
  return std::unexpected(refusal_of(*response));
}

base::Result<void> BoxOfficeClient::tell_waits(std::string body) {
  const auto response = client_.post("/v1/waits", std::move(body), "application/json");
  if (!response) return std::unexpected(response.error());
  if (response->status < 300) return {};
  return std::unexpected(refusal_of(*response));
}

base::Result<std::set<base::LaneId>> BoxOfficeClient::lanes_of(const base::HallId& hall) {
  const auto response = client_.get("/v1/venue");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(refusal_of(*response));
  const auto body = nlohmann::json::parse(response->body, nullptr, false);
  const auto text = [](const nlohmann::json& one, const char* name) { return one.is_object() && one.contains(name) && one[name].is_string() ? one[name].get<std::string>() : std::string(); };
  if (!body.is_object() || !body.contains("lanes") || !body["lanes"].is_array()) return base::fail("http-error", "The box office does not tell its lanes.", "Check that its version fits this hall.");
  std::set<base::LaneId> own;
  for (const auto& one : body["lanes"]) {
    if (text(one, "hall") == hall.value() && !text(one, "lane").empty()) own.insert(base::LaneId(text(one, "lane")));
  }
  return own;
}

bool BoxOfficeClient::alive() {
  const auto response = client_.get("/healthz");
  return response && response->status == 200;
}

QuestionWorker::QuestionWorker(BoxOfficeClient client, OfflineDesk desk, StoreWorker& store, EventQueue& events)
    : client_(std::move(client)), desk_(std::move(desk)), store_(store), events_(events), thread_([this](std::stop_token stop) { run(stop); }) {}

void QuestionWorker::run(std::stop_token stop) {
  while (const auto question = questions_.pop(stop)) {
    if (auto lanes = lanes_.load(); lanes != known_) {
      desk_.know_lanes(*lanes);
      known_ = std::move(lanes);
    }
    if (const auto* ticket = std::get_if<hall::AskTicket>(&*question)) {
      answer(*ticket, stop);
    } else {
      const auto& change = std::get<hall::AskChange>(*question);
      push_event(events_, hall::ChangeAnswered{change.request, only<ticketing::ChangeAnswer>(client_.ask(change.change))}, stop);
    }
  }
}

void QuestionWorker::answer(const hall::AskTicket& ask, std::stop_token stop) {
  auto said = only<ticketing::RedemptionAnswer>(client_.ask(ask.redemption));
  if (!said && is_unreachable(said.error())) said = desk_.redeem(ask.redemption, system_time());
  hall::Event event = hall::TicketAnswered{ask.request, said};
  if (!said) return push_event(events_, std::move(event), stop);
  // The code counts as used here from now on, whoever took the ticket; durable before the viewer is let in.
  const auto ticket = ticketing::parse_ticket(ask.redemption.token);
  const base::UtcTime until = ticket ? ticket->valid_until : system_time() + std::chrono::hours(48);
  desk_.note_used(said->ticket, until);
  if (!store_.ask(StoreWorker::Used{said->ticket, until, event})) {
    push_event(events_, hall::TicketAnswered{ask.request, base::fail("hall-busy", "The hall's records cannot be written.", "Make room on the disk.")}, stop);
  }
}

// ---------------------------------------------------------------- delivery

DeliveryWorker::DeliveryWorker(BoxOfficeClient client, DeliveryTalk talk, StoreWorker& store, EventQueue& events, base::BoundedQueue<Batch>& batches)
    : client_(std::move(client)), talk_(std::move(talk)), store_(store), events_(events), batches_(batches), thread_([this](std::stop_token stop) { run(stop); }) {}

void DeliveryWorker::tell(bool reachable, std::uint64_t waiting, std::stop_token stop) {
  if (told_ == reachable && told_waiting_ == waiting) return;
  told_ = reachable;
  told_waiting_ = waiting;
  push_event(events_, hall::BoxOfficeReachable{reachable, static_cast<std::uint16_t>(std::min<std::uint64_t>(waiting, 65535))}, stop);
}

bool DeliveryWorker::deliver(const Batch& batch) {
  StoreWorker::Settle settle;
  bool reached = true;
  for (const auto& item : batch.items) {
    const auto request = ticketing::request_from_text(item.body, item.kind);
    const auto answer = request ? client_.ask(*request) : base::Result<ticketing::Answer>(std::unexpected(request.error()));
    if (answer || answer.error().code == "idempotency-mismatch" || answer.error().code == "play-already-recorded" || answer.error().code == "play-already-ended") {
      settle.keys.push_back(item.idempotency_key);
      settle.delivered.push_back(item.seq);  // a mismatch: the same deed was booked online before the line broke
      continue;
    }
    if (is_unreachable(answer.error()) || answer.error().code.starts_with("key") || answer.error().code == "certificate-unknown") {
      reached = false;
      break;
    }
    std::println(stderr, "promenade-hall: the box office refused {} {}: {}", item.kind, item.idempotency_key, answer.error().text());
    settle.keys.push_back(item.idempotency_key);
    settle.refused.emplace_back(item.seq, answer.error().code + ": " + answer.error().message);
  }
  if (!settle.delivered.empty() || !settle.refused.empty()) store_.ask(std::move(settle));
  return reached;
}

// Nobody waits for it and nothing is kept: what did not get through is told anew with what holds then.
void DeliveryWorker::tell_waits() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_waits_) return;
  auto body = talk_.waits();
  if (!body) return;
  next_waits_ = now + kWaitsEvery;
  const auto told = client_.tell_waits(std::move(*body));
  const std::string refused = told || is_unreachable(told.error()) ? std::string() : told.error().code;
  if (!refused.empty() && refused != waits_refused_) std::println(stderr, "promenade-hall: the box office does not take this hall's waits: {}", told.error().text());
  if (told || !refused.empty()) waits_refused_ = refused;
}

// A venue changes its lanes seldom, and never in mid-film.
void DeliveryWorker::ask_lanes() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_lanes_) return;
  auto lanes = client_.lanes_of(talk_.hall);
  next_lanes_ = now + (lanes ? kLanesEvery : kLanesAgain);
  if (!lanes || lanes_ == *lanes) return;
  lanes_ = std::move(*lanes);
  talk_.lanes(*lanes_);
}

void DeliveryWorker::run(std::stop_token stop) {
  base::BoundedQueue<int> nothing(1, base::Overflow::drop_oldest);
  while (!stop.stop_requested()) {
    store_.ask(StoreWorker::Fetch{});
    const auto batch = batches_.pop_for(stop, std::chrono::seconds(5));
    if (stop.stop_requested()) return;
    if (!batch) continue;
    const bool reached = batch->items.empty() ? client_.alive() : deliver(*batch);
    tell(reached, reached && batch->waiting <= batch->items.size() ? 0 : batch->waiting, stop);
    if (reached) {
      ask_lanes();
      tell_waits();
    }
    if (!reached) nothing.pop_for(stop, kUnreachable);
    else if (batch->waiting <= batch->items.size()) nothing.pop_for(stop, kIdle);
  }
}

}  // namespace promenade::server
