// Checkpoints, log keys, and the proofs of RFC 6962 against them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ticketing/api/endpoints.h"
#include "ticketing/api/problem.h"

namespace promenade::ticketing::api {
namespace {

using base::http::Response;
using nlohmann::json;

constexpr std::uint64_t kMaxCheckpoints = 5000;

json hex_of(const std::vector<base::Hash>& proof) {
  json out = json::array();
  for (const base::Hash& hash : proof) out.push_back(base::to_hex(hash));
  return out;
}

std::unexpected<base::Error> no_checkpoint() {
  return base::fail("checkpoint-none", "This ledger has no checkpoint yet.", "The first one is signed within a minute of the box office's start.");
}

std::unexpected<base::Error> out_of_range(std::string_view name, std::uint64_t high) {
  return base::fail("query-malformed", "\"" + std::string(name) + "\" is missing or beyond " + std::to_string(high) + ".", "Name a number in that range.");
}

// How many events the tree of a proof has: NAME of the query, else those of the last checkpoint.
base::Result<std::uint64_t> tree_size(const store::BoxOffice& box, std::string_view name, std::uint64_t asked) {
  if (asked > box.tree().size()) return out_of_range(name, box.tree().size());
  if (asked > 0) return asked;
  if (!box.last_checkpoint()) return no_checkpoint();
  return box.last_checkpoint()->size;
}

base::Result<json> inclusion(const store::BoxOffice& box, std::uint64_t seq, std::uint64_t asked_size) {
  const auto size = tree_size(box, "size", asked_size);
  if (!size) return std::unexpected(size.error());
  if (seq == 0 || seq > *size) return out_of_range("seq", *size);
  const auto page = box.events_after(seq - 1, 1);
  if (!page) return std::unexpected(page.error());
  return json{{"venue", box.state().venue().value()}, {"seq", seq}, {"leaf", base::to_hex(merkle_leaf(page->stored.front()))}, {"size", *size},
              {"root", base::to_hex(box.tree().root(*size))}, {"proof", hex_of(box.tree().inclusion(seq - 1, *size))}};
}

base::Result<json> consistency(const store::BoxOffice& box, std::optional<std::uint64_t> from, std::uint64_t asked_to) {
  const auto to = tree_size(box, "to", asked_to);
  if (!to) return std::unexpected(to.error());
  if (!from || *from > *to) return out_of_range("from", *to);
  return json{{"venue", box.state().venue().value()}, {"from", *from}, {"from_root", base::to_hex(box.tree().root(*from))}, {"to", *to},
              {"to_root", base::to_hex(box.tree().root(*to))}, {"proof", hex_of(box.tree().consistency(*from, *to))}};
}

base::Result<json> checkpoints(const store::BoxOffice& box, std::uint64_t after, std::uint64_t limit) {
  const auto found = box.checkpoints(after, limit);
  if (!found) return std::unexpected(found.error());
  json list = json::array();
  for (const Checkpoint& checkpoint : *found) list.push_back(to_json(checkpoint));
  return json{{"venue", box.state().venue().value()}, {"head_seq", box.head().seq}, {"checkpoints", list}};
}

json log_keys(const store::BoxOffice& box) {
  json keys = json::array();
  for (const LogKey& key : box.state().log_keys().all()) keys.push_back(to_json(key));
  return {{"venue", box.state().venue().value()}, {"keys", keys}};
}

}  // namespace

Response answer_proof(Office& office, std::string_view id, const base::http::Request& request) {
  const auto after = query_number(request, "after", 0, INT64_MAX, 0), limit = query_number(request, "limit", 1, kMaxCheckpoints, 500);
  const auto seq = query_number(request, "seq", 1, INT64_MAX, 0), size = query_number(request, "size", 1, INT64_MAX, 0);
  const auto from = query_number(request, "from", 0, INT64_MAX, 0), to = query_number(request, "to", 1, INT64_MAX, 0);
  for (const auto* number : {&after, &limit, &seq, &size, &from, &to})
    if (!*number) return query_problem(number->error());
  base::Result<json> body = no_checkpoint();
  const auto done = office.desk.look([&](const store::BoxOffice& box, base::UtcTime) {
    if (id == "checkpoints") body = checkpoints(box, *after, *limit);
    else if (id == "logKeys") body = log_keys(box);
    else if (id == "inclusion") body = inclusion(box, *seq, *size);
    else if (id == "consistency") body = consistency(box, request.param("from") ? std::optional(*from) : std::nullopt, *to);
    else if (box.last_checkpoint()) body = to_json(*box.last_checkpoint());
  });
  if (!done) return problem(done.error());
  if (!body) return body.error().code == "query-malformed" ? query_problem(body.error()) : problem(body.error());
  Response response = json_response(200, *body);
  response.headers["Cache-Control"] = "no-store";
  return response;
}

}  // namespace promenade::ticketing::api
