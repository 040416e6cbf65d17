#include "ticketing/core/event_body.h"

#include "ticketing/core/json_fields.h"

namespace promenade::ticketing {
namespace {

using nlohmann::json;

json without_tokens(json answer) {
  if (const auto tickets = answer.find("tickets"); tickets != answer.end()) {
    for (auto& ticket : *tickets) ticket["token"] = "";
  }
  if (const auto ticket = answer.find("ticket"); ticket != answer.end() && ticket->is_object()) (*ticket)["token"] = "";
  return answer;
}

}  // namespace

std::string hash_of_secret(const std::string& secret) { return base::to_hex(base::blake2b(base::as_bytes(secret))); }

std::string booked_request_text(json request) {
  if (const auto token = request.find("token"); token != request.end()) {
    *token = hash_of_secret(token->get_ref<const std::string&>());
  }
  if (const auto codes = request.find("voucher_codes"); codes != request.end()) {
    for (auto& code : *codes) code = hash_of_secret(code.get_ref<const std::string&>());
  }
  return canonical_text(request);
}

std::string body_text(const BookedRequest& booked) {
  return body_text(booked_request_text(to_json(booked.request)), booked.answer, booked.digest, booked.price_class);
}

// Canonical like its parts: the names in their order, no blanks.
std::string body_text(const std::string& request, const Answer& answer, const base::Hash& digest, const std::string& price_class) {
  std::string body = R"({"answer":)" + canonical_text(without_tokens(to_json(answer))) + R"(,"digest":")" + base::to_hex(digest) + '"';
  if (!price_class.empty()) body += R"(,"price_class":)" + canonical_text(price_class);
  return body + R"(,"request":)" + request + '}';
}

base::Result<BookedRequest> booked_from_text(const std::string& text) {
  const json body = json::parse(text, nullptr, false);
  if (body.is_discarded()) return base::fail(kCorrupt, "The body of an event is not JSON.");
  FieldReader in(body, "event body", kCorrupt);
  BookedRequest booked;
  auto request = request_from_json(in.any("request"));
  auto answer = answer_from_json(in.any("answer"));
  booked.digest = in.hash("digest");
  booked.price_class = in.optional_text("price_class", 40);
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  if (!request) return base::fail(kCorrupt, request.error().message);
  if (!answer) return base::fail(kCorrupt, answer.error().message);
  booked.request = std::move(*request);
  booked.answer = std::move(*answer);
  return booked;
}

std::string screening_text(const Screening& s) {
  return canonical_text({{"screening", s.id.value()}, {"lane", s.lane.value()}, {"hall", s.hall.value()}, {"film", s.film.value()},
                         {"business_date", s.business_date.text()}, {"slots", s.slots}, {"window_from", to_text(s.window_from)},
                         {"window_until", to_text(s.window_until)}, {"ends", to_text(s.ends)}});
}

base::Result<Screening> screening_from_text(const std::string& text) {
  const json body = json::parse(text, nullptr, false);
  if (body.is_discarded()) return base::fail(kCorrupt, "The body of an event is not JSON.");
  FieldReader in(body, "screening", kCorrupt);
  Screening s;
  s.id = base::ScreeningId(in.text("screening", 16, 16));
  s.lane = base::LaneId(in.text("lane", 16, 16));
  s.hall = base::HallId(in.text("hall", 1, 40));
  s.film = base::FilmId(in.text("film", 12, 12));
  s.business_date = in.date("business_date");
  s.slots = static_cast<int>(in.number("slots", 1, 10'000));
  s.window_from = in.time("window_from");
  s.window_until = in.time("window_until");
  s.ends = in.time("ends");
  if (auto done = in.finish(); !done) return std::unexpected(done.error());
  return s;
}

}  // namespace promenade::ticketing
