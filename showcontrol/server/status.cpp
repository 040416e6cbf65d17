#include "showcontrol/server/status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tracking/base/formatted.h"

namespace promenade::server {

namespace {

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help, double value) {
  text += base::formatted("# HELP promenade_hall_{} {}\n# TYPE promenade_hall_{} {}\npromenade_hall_{} {}\n", name, help, name, type, name, value);
}
void counter(std::string& text, std::string_view name, std::string_view help, double value) { add(text, name, "counter", help, value); }
void gauge(std::string& text, std::string_view name, std::string_view help, double value) { add(text, name, "gauge", help, value); }

base::http::Response plain(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
  base::http::Response response;
  response.status = status;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

bool turns(const std::shared_ptr<const Status>& status) { return status && std::chrono::steady_clock::now() - status->made < kStatusStale; }

void histogram_kind(std::string& text, std::string_view name, std::string_view help) {
  text += base::formatted("# HELP promenade_hall_{} {}\n# TYPE promenade_hall_{} histogram\n", name, help, name);
}

// `label`: empty, or one label with its value.
void add_histogram(std::string& text, std::string_view name, std::string_view label, const Latencies& times) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < times.counts.size(); ++i) {
    so_far += times.counts[i];
    const std::string bound = i < Latencies::kBounds_s.size() ? base::formatted("{}", Latencies::kBounds_s[i]) : std::string("+Inf");
    text += base::formatted("promenade_hall_{}_bucket{{{}{}le=\"{}\"}} {}\n", name, label, label.empty() ? "" : ",", bound, so_far);
  }
  const std::string labels = label.empty() ? std::string() : base::formatted("{{{}}}", label);
  text += base::formatted("promenade_hall_{}_sum{} {}\npromenade_hall_{}_count{} {}\n", name, labels, times.sum_s, name, labels, so_far);
}

}  // namespace

void Latencies::add(double seconds) {
  const auto bound = std::ranges::lower_bound(kBounds_s, seconds);
  ++counts[static_cast<std::size_t>(bound - kBounds_s.begin())];
  sum_s += seconds;
}

std::string metrics_text(const Status& s) {
  std::string text;
  const hall::Counts& c = s.counts;
  gauge(text, "epoch", "Epoch of this run.", static_cast<double>(s.summary.epoch.value()));
  if (s.paired) gauge(text, "standby_armed", "1: the other hall program stands by to take over.", s.standby_armed ? 1 : 0);
  gauge(text, "headsets_connected", "Headsets connected.", s.summary.headsets);
  gauge(text, "viewers_waiting", "Viewers who have chosen and wait.", s.summary.waiting);
  gauge(text, "viewers_playing", "Viewers in a play.", s.summary.playing);
  gauge(text, "bodies", "Bodies in the hall.", static_cast<double>(s.bodies));
  gauge(text, "attendants", "Attendants in the hall, by their tags or placed on a console.", static_cast<double>(s.attendants));
  gauge(text, "unknown_bodies", "Bodies without a headset, placed or left behind.", static_cast<double>(s.unknown_bodies));
  gauge(text, "box_office_reachable", "1 while the box office answers.", s.summary.box_office_reachable ? 1 : 0);
  gauge(text, "outbox", "Facts that the box office does not have yet.", s.summary.outbox);
  gauge(text, "store_failing", "1 while records cannot be written.", s.store_failing ? 1 : 0);
  gauge(text, "store_waiting", "Records that wait to be written.", static_cast<double>(s.store_waiting));
  gauge(text, "stopped", "1 while the hall is stopped.", s.summary.stopped ? 1 : 0);
  gauge(text, "paused", "1 while the whole hall is paused.", s.summary.paused ? 1 : 0);
  gauge(text, "viewers_paused_by_staff", "Viewers whom staff have paused one by one.", static_cast<double>(s.staff_paused));
  gauge(text, "viewers_stopped", "Viewers who wait to be released.", static_cast<double>(s.stopped));
  gauge(text, "evacuate", "1 while the hall is evacuated.", s.summary.evacuate ? 1 : 0);
  gauge(text, "evacuation_people", "People on the roll of the last evacuation; 0 when there was none.", s.summary.people);
  gauge(text, "evacuation_counted_out", "Of these, counted out.", s.summary.counted_out);
  gauge(text, "evacuation_unsettled", "Interrupted viewers of whom nobody has said what becomes of them.", s.summary.unsettled);
  gauge(text, "fire_contact", "0 none is wired, 1 at rest, 2 fire, 3 cannot be read.", static_cast<double>(s.contacts.fire_contact));
  gauge(text, "evacuate_button", "0 none is wired, 1 at rest, 2 pressed, 3 cannot be read.", static_cast<double>(s.contacts.evacuate_button));
  counter(text, "bundles_total", "Headset states handled.", static_cast<double>(c.bundles));
  counter(text, "bundles_old_total", "Headset states that came late or twice.", static_cast<double>(c.bundles_old));
  counter(text, "refused_messages_total", "Messages and connections refused.", static_cast<double>(c.refused_messages));
  counter(text, "impossible_poses_total", "Poses of headsets that nobody can have walked to.", static_cast<double>(c.impossible_poses));
  counter(text, "places_doubted_total", "Times that a headset's place was given up because it had jumped.", static_cast<double>(c.places_doubted));
  counter(text, "decode_errors_total", "Datagrams that are no message.", static_cast<double>(s.door.unreadable));
  counter(text, "tickets_accepted_total", "Tickets accepted.", static_cast<double>(c.tickets_accepted));
  counter(text, "tickets_refused_total", "Tickets refused.", static_cast<double>(c.tickets_refused));
  counter(text, "plans_asked_total", "Plans asked of the planner.", static_cast<double>(c.plans_asked));
  counter(text, "looks_asked_total", "Asked of the planner only to tell how soon a film would find room.", static_cast<double>(c.looks_asked));
  counter(text, "plans_committed_total", "Plans committed.", static_cast<double>(c.plans_committed));
  counter(text, "plans_stale_total", "Plans that no longer held.", static_cast<double>(c.plans_stale));
  counter(text, "gates_opened_total", "Gates opened.", static_cast<double>(c.gates_opened));
  counter(text, "gates_unopened_total", "Viewers found past a gate that was not opened.", static_cast<double>(c.commands_without_gate));
  counter(text, "plays_started_total", "Plays started.", static_cast<double>(c.plays_started));
  counter(text, "plays_completed_total", "Plays completed.", static_cast<double>(c.plays_completed));
  counter(text, "plays_ended_early_total", "Plays ended before their end.", static_cast<double>(c.plays_ended_early));
  counter(text, "swaps_total", "Headsets swapped.", static_cast<double>(c.swaps));
  counter(text, "near_misses_total", "Near misses between viewers.", static_cast<double>(c.near_misses));
  counter(text, "contacts_total", "Contacts between viewers, by their reported places.", static_cast<double>(c.contacts));
  counter(text, "wall_near_misses_total", "Near misses with walls.", static_cast<double>(c.wall_near_misses));
  counter(text, "near_misses_kept_total", "Near misses and contacts written for reports.", static_cast<double>(s.near_misses_kept));
  counter(text, "near_misses_lost_total", "Near misses and contacts that could not be written.", static_cast<double>(s.near_misses_lost));
  counter(text, "persist_failures_total", "Times that records could not be written.", static_cast<double>(c.persist_failures));
  counter(text, "notes_dropped_total", "Notes beyond the limit.", static_cast<double>(c.notes_dropped));
  const auto& security = s.link.security;
  counter(text, "link_handshakes_total", "Handshakes begun by addresses that can be heard from.", static_cast<double>(security.handshakes));
  counter(text, "link_handshakes_refused_total", "Handshakes that were refused, failed or timed out.",
          static_cast<double>(security.handshakes_failed + security.handshakes_timed_out + security.handshakes_refused));
  counter(text, "link_dropped_total", "Datagrams dropped because they were not DTLS, of no connection, or not authentic.",
          static_cast<double>(security.oversize + security.not_dtls + security.no_connection + security.not_authentic));
  counter(text, "link_moved_total", "Changes of a device's address.", static_cast<double>(security.moved));
  counter(text, "link_revoked_total", "Connections closed because their certificate was revoked.", static_cast<double>(security.revoked));
  counter(text, "link_impostors_total", "Links closed because their certificate was another's than they said.", static_cast<double>(s.door.impostors));
  counter(text, "link_too_many_total", "Messages dropped because their device sent too many.", static_cast<double>(s.door.too_many));
  counter(text, "link_datagrams_too_many_total", "Datagrams dropped because their device sent too many.", static_cast<double>(security.too_many));
  counter(text, "link_unused_total", "Datagrams of devices beside ENet that nobody here takes.", static_cast<double>(s.link.unused_beside));
  counter(text, "link_cut_off_total", "Links closed for what their device sent.", static_cast<double>(s.door.cut_off));
  counter(text, "link_kept_out_total", "Links not opened for what their device had sent before.", static_cast<double>(s.door.kept_out));
  gauge(text, "links", "Links with headsets and staff devices, proven or not.", static_cast<double>(s.link.links));
  gauge(text, "link_waiting_commands", "Reliable commands of ENet that no device has acknowledged yet.", static_cast<double>(s.link.waiting_commands));
  gauge(text, "link_waiting_out_bytes", "Bytes of these.", static_cast<double>(s.link.waiting_out));
  gauge(text, "link_waiting_in_bytes", "Bytes from devices that wait in ENet for what was sent before them.", static_cast<double>(s.link.waiting_in));
  counter(text, "datagrams_in_total", "UDP datagrams received.", static_cast<double>(s.link.packets_in));
  counter(text, "datagrams_out_total", "UDP datagrams sent.", static_cast<double>(s.link.packets_out));
  counter(text, "bytes_in_total", "Bytes received.", static_cast<double>(s.link.bytes_in));
  counter(text, "bytes_out_total", "Bytes sent.", static_cast<double>(s.link.bytes_out));
  counter(text, "loop_busy_seconds_total", "Time that the loop has worked.", s.loop_busy_s);
  gauge(text, "loop_longest_seconds", "Longest turn of the loop lately.", s.loop_longest_s);
  histogram_kind(text, "loop_turn_seconds", "Turns of the loop that handled anything, by whether the planner worked meanwhile.");
  add_histogram(text, "loop_turn_seconds", "planner=\"rests\"", s.turns_alone);
  add_histogram(text, "loop_turn_seconds", "planner=\"works\"", s.turns_beside_planner);
  histogram_kind(text, "plan_seconds", "From a question to the planner until the loop has the answer.");
  add_histogram(text, "plan_seconds", "", s.plans);
  histogram_kind(text, "alert_seconds", "From a datagram to the frames on the wire that tell a pause or worse because of it.");
  add_histogram(text, "alert_seconds", "", s.alerts);
  text += "# HELP promenade_hall_viewers_at_level Viewers at each safety level.\n# TYPE promenade_hall_viewers_at_level gauge\n";
  for (std::size_t i = 0; i < 5; ++i) text += base::formatted("promenade_hall_viewers_at_level{{level=\"{}\"}} {}\n", tracking::to_string(static_cast<tracking::Level>(i)), s.levels[i]);
  text += "# HELP promenade_hall_level_seconds_total Viewer-seconds under way at each safety level.\n# TYPE promenade_hall_level_seconds_total counter\n";
  for (std::size_t i = 0; i < 5; ++i) text += base::formatted("promenade_hall_level_seconds_total{{level=\"{}\"}} {}\n", tracking::to_string(static_cast<tracking::Level>(i)), c.level_seconds[i]);
  text += "# HELP promenade_hall_viewers_in_phase Viewers in each phase of a visit.\n# TYPE promenade_hall_viewers_in_phase gauge\n";
  for (std::size_t i = 0; i < std::size(s.phases); ++i) text += base::formatted("promenade_hall_viewers_in_phase{{phase=\"{}\"}} {}\n", protocol::to_string(static_cast<protocol::Phase>(i)), s.phases[i]);
  return text;
}

std::string status_json(const Status& s) {
  nlohmann::json level_seconds = nlohmann::json::object();
  for (std::size_t i = 0; i < 5; ++i) level_seconds[std::string(tracking::to_string(static_cast<tracking::Level>(i)))] = s.counts.level_seconds[i];
  nlohmann::json body{{"epoch", s.summary.epoch.value()}, {"headsets", s.summary.headsets}, {"viewers", s.summary.viewers}, {"waiting", s.summary.waiting}, {"playing", s.summary.playing},
                      {"stopped", s.summary.stopped}, {"evacuate", s.summary.evacuate}, {"admission_open", s.summary.admission_open},
                      {"box_office_reachable", s.summary.box_office_reachable}, {"outbox", s.summary.outbox}, {"store_failing", s.store_failing},
                      {"plays_started", s.counts.plays_started}, {"plays_completed", s.counts.plays_completed}, {"plays_ended_early", s.counts.plays_ended_early},
                      {"near_misses", s.counts.near_misses}, {"contacts", s.counts.contacts}, {"gates_unopened", s.counts.commands_without_gate},
                      {"bodies", s.bodies}, {"level_seconds", std::move(level_seconds)}};
  if (s.paired) body["standby_armed"] = s.standby_armed;
  return body.dump();
}

void add_status_routes(base::http::Server& http, const StatusCell& cell) {
  http.route("GET", "/healthz", [&cell](const base::http::Request&) {
    return turns(cell.load()) ? plain(200, "ok\n") : plain(503, "the hall's loop stands still\n");
  });
  http.route("GET", "/readyz", [&cell](const base::http::Request&) {
    const auto status = cell.load();
    if (!turns(status)) return plain(503, "the hall's loop stands still\n");
    if (status->store_failing) return plain(503, "the hall's records cannot be written: nothing new starts\n");
    if (status->summary.evacuate) return plain(503, "the hall is being evacuated\n");
    return plain(200, status->summary.box_office_reachable ? "ready\n" : "ready; the box office cannot be reached\n");
  });
  http.route("GET", "/metrics", [&cell](const base::http::Request&) {
    const auto status = cell.load();
    return status ? plain(200, metrics_text(*status), "text/plain; version=0.0.4; charset=utf-8") : plain(503, "not yet\n");
  });
  http.route("GET", "/status", [&cell](const base::http::Request&) {
    const auto status = cell.load();
    return status ? plain(200, status_json(*status), "application/json") : plain(503, "{}", "application/json");
  });
}

}  // namespace promenade::server
