#include "ticketing/circuit/venue_list.h"

#include "ticketing/circuit/log_key_text.h"

namespace promenade::ticketing::circuit {

using nlohmann::json;

base::Result<void> take_listed(CircuitStore& store, const json& list, base::UtcTime now) {
  for (const auto& one : list) {
    const auto text = [&](const char* name) { return one.is_object() && one.contains(name) && one[name].is_string() ? one[name].get<std::string>() : std::string(); };
    const auto pinned = log_key_from_text(text("log_key"));
    if (!pinned) return std::unexpected(pinned.error());
    const NewVenue listed{base::VenueId(text("venue")), text("url"), text("key"), *pinned, {text("client_id"), text("certificate"), text("certificate_key"), text("ca")}};
    const auto known = store.venue(listed.venue);
    if (!known && known.error().code != "venue-unknown") return std::unexpected(known.error());
    const auto given = [](const std::string& value) { return value.empty() ? std::nullopt : std::optional(value); };
    const auto done = known ? store.change_venue(listed.venue, {given(listed.url), given(listed.api_key), listed.pinned, listed.access}) : store.add_venue(listed, now);
    if (!done) return done;
  }
  return {};
}

base::Result<std::vector<VenueStanding>> list_venues(CircuitStore& store) {
  const auto rows = store.connection().query(
      "SELECT v.venue, v.name_zh, v.name_en, v.state, v.state_code, v.state_text, v.state_since, v.cursor_seq, c.seen_at, c.signed_at, coalesce(c.failures, 0), coalesce(c.error_code, ''), "
      "coalesce(c.error_text, '') FROM venues v LEFT JOIN contacts c ON c.venue = v.id ORDER BY v.venue");
  if (!rows) return std::unexpected(rows.error());
  std::vector<VenueStanding> out;
  for (int i = 0; i < rows->size(); ++i) {
    VenueStanding& v = out.emplace_back();
    v.venue = rows->text(i, 0);
    v.name_zh = rows->text(i, 1);
    v.name_en = rows->text(i, 2);
    v.state = rows->text(i, 3);
    v.state_code = rows->text(i, 4);
    v.state_text = rows->text(i, 5);
    v.state_since = from_time(rows->time(i, 6));
    v.events = static_cast<std::uint64_t>(rows->number(i, 7));
    if (!rows->is_null(i, 8)) v.seen_at = from_time(rows->time(i, 8));
    if (!rows->is_null(i, 9)) v.signed_at = from_time(rows->time(i, 9));
    v.failures = static_cast<int>(rows->number(i, 10));
    v.error_code = rows->text(i, 11);
    v.error_text = rows->text(i, 12);
  }
  return out;
}

json to_json(const std::vector<VenueStanding>& venues) {
  json out = json::array();
  for (const auto& v : venues) {
    json one{{"venue", v.venue}, {"name_zh", v.name_zh}, {"name_en", v.name_en}, {"state", v.state}, {"events", v.events}, {"failures", v.failures}};
    if (v.state != "active") one.update({{"code", v.state_code}, {"message", v.state_text}, {"since", to_text(v.state_since)}});
    if (v.seen_at) one["seen_at"] = to_text(*v.seen_at);
    if (v.signed_at) one["signed_at"] = to_text(*v.signed_at);
    if (v.failures > 0) one.update({{"error_code", v.error_code}, {"error", v.error_text}});
    out.push_back(std::move(one));
  }
  return {{"venues", out}};
}

}  // namespace promenade::ticketing::circuit
