#include "tracking/venue_file.h"

#include <algorithm>
#include <iterator>
#include <numbers>
#include <utility>

#include "tracking/base/formatted.h"
#include "tracking/base/text_file.h"
#include "tracking/toml_reader.h"
#include "tracking/venue_check.h"

namespace promenade::tracking {
namespace {

constexpr std::string_view kFormat = "promenade-venue/1";
constexpr std::size_t kIdMax = 32;
// Keys of the hall's requests to the box office begin with it, and have 80 letters at most; the longest, of a ticket
// settled after an evacuation, has 49 more.
constexpr std::size_t kHallIdMax = 30;
constexpr std::size_t kNameMax = 120;
constexpr std::size_t kReasonMax = 500;
constexpr std::size_t kPlacesMax = 64;
constexpr std::size_t kTagsMax = 128;

void read_rule(TomlReader& safety, std::string_view key, DistanceRule& rule) {
  TomlReader in = safety.table(key, Need::optional);
  in.number("warn_m", rule.warn_m, 0.0, 3.0, "m", Need::optional);
  in.number("pause_m", rule.pause_m, 0.0, 3.0, "m", Need::optional);
  in.number("stop_m", rule.stop_m, 0.0, 3.0, "m", Need::optional);
  in.number("warn_contact_s", rule.warn_contact_s, 0.0, 5.0, "s", Need::optional);
  in.number("pause_contact_s", rule.pause_contact_s, 0.0, 5.0, "s", Need::optional);
  in.finish();
}

DistanceRule larger(const DistanceRule& a, const DistanceRule& b) {
  return {std::max(a.warn_m, b.warn_m), std::max(a.pause_m, b.pause_m), std::max(a.stop_m, b.stop_m), std::max(a.warn_contact_s, b.warn_contact_s),
          std::max(a.pause_contact_s, b.pause_contact_s)};
}

void read_safety(TomlReader& root, SafetyLimits& limits) {
  TomlReader safety = root.table("safety", Need::optional);
  read_rule(safety, "stranger", limits.stranger);
  // A file that asks for more between strangers asks for as much here.
  limits.off_plan = larger(limits.off_plan, limits.stranger);
  read_rule(safety, "off_plan", limits.off_plan);
  read_rule(safety, "group", limits.group);
  read_rule(safety, "attendant", limits.attendant);
  read_rule(safety, "kitting", limits.kitting);
  read_rule(safety, "door", limits.door);
  read_rule(safety, "chair", limits.chair);
  read_rule(safety, "wall", limits.wall);
  safety.number("wall_on_plan_s", limits.wall_on_plan_s, 0.0, 5.0, "s", Need::optional);
  safety.number("ghost_m", limits.ghost_m, 2.0, 10.0, "m", Need::optional);
  safety.number("tracking_allowance_m", limits.tracking_allowance_m, 0.0, 0.3, "m", Need::optional);
  safety.number("running_mps", limits.running_mps, 1.2, 3.0, "m/s", Need::optional);
  safety.number("low_head_fraction", limits.low_head_fraction, 0.3, 0.9, "of standing height", Need::optional);
  safety.number("low_head_s", limits.low_head_s, 0.5, 10.0, "s", Need::optional);
  safety.number("warn_dwell_s", limits.warn_dwell_s, 0.1, 10.0, "s", Need::optional);
  safety.number("pause_dwell_s", limits.pause_dwell_s, 0.1, 10.0, "s", Need::optional);

  TomlReader stale = safety.table("stale", Need::optional);
  stale.number("warn_s", limits.stale_warn_s, 0.1, 2.0, "s", Need::optional);
  stale.number("ghost_s", limits.stale_ghost_s, 0.1, 3.0, "s", Need::optional);
  stale.number("pause_s", limits.stale_pause_s, 0.2, 3.0, "s", Need::optional);
  stale.number("off_plan_mps", limits.off_plan_mps, 0.1, 2.0, "m/s", Need::optional);
  stale.number("silence_pause_s", limits.silence_pause_s, 2.0, 30.0, "s", Need::optional);
  stale.number("silence_lift_off_s", limits.silence_lift_off_s, 2.0, 60.0, "s", Need::optional);
  stale.finish();

  TomlReader stray = safety.table("stray", Need::optional);
  stray.number("off_plan_m", limits.off_plan_m, 0.3, 3.0, "m", Need::optional);
  stray.number("warn_m", limits.stray_warn_m, 0.5, 3.0, "m", Need::optional);
  stray.number("pause_m", limits.stray_pause_m, 0.5, 5.0, "m", Need::optional);
  stray.finish();

  TomlReader tracking = safety.table("tracking", Need::optional);
  tracking.number("warn_s", limits.tracking_warn_s, 0.1, 3.0, "s", Need::optional);
  tracking.number("pause_s", limits.tracking_pause_s, 0.1, 3.0, "s", Need::optional);
  tracking.number("stop_s", limits.tracking_stop_s, 0.1, 5.0, "s", Need::optional);
  tracking.finish();
  safety.finish();
}

void read_door(TomlReader& hall, std::string_view key, Door& door) {
  TomlReader in = hall.table(key, Need::required);
  in.point("at_m", door.at);
  in.point("left_m", door.left);
  in.point("right_m", door.right);
  in.finish();
}

void read_tags(TomlReader& hall, Venue& venue) {
  for (std::size_t i = 0; i < venue.marks.size(); ++i) {
    for (const bool second : {false, true}) venue.tags.push_back(mark_tag(venue.marks[i], i, second));
  }
  for (TomlReader& in : hall.tables("tags", kTagsMax)) {
    Tag& tag = venue.tags.emplace_back();
    in.integer("id", tag.id, 0, kTagIdMax, Need::required);
    in.point("at_m", tag.at);
    double yaw_deg = 0.0, size_mm = tag.size_m * 1000.0;
    in.number("yaw_deg", yaw_deg, -360.0, 360.0, "degrees", Need::required);
    in.number("size_mm", size_mm, 50.0, 600.0, "mm", Need::optional);
    tag.yaw_rad = wrap_angle(yaw_deg * std::numbers::pi / 180.0);
    tag.size_m = size_mm / 1000.0;
    std::string surface = "floor";
    in.text("surface", surface, kIdMax, Need::optional);
    tag.surface = surface == "wall" ? Tag::Surface::wall : Tag::Surface::floor;
    if (surface != "wall" && surface != "floor") {
      in.add("value-range", 0, in.path_of("surface"), base::formatted("\"{}\" is no surface.", base::printable(surface)), "Give \"floor\" or \"wall\".");
    }
    if (tag.surface == Tag::Surface::wall) in.number("height_m", tag.height_m, 0.1, 4.0, "m", Need::required);
    in.finish();
  }
}

void read_hall(TomlReader& root, Venue& venue) {
  TomlReader hall = root.table("hall", Need::required);
  std::string id;
  hall.code("id", id, kHallIdMax, Need::required);
  venue.hall = base::HallId{id};
  hall.text("name_zh", venue.name.zh, kNameMax, Need::required);
  hall.text("name_en", venue.name.en, kNameMax, Need::required);
  hall.outline("boundary_m", venue.boundary);
  hall.number("wall_margin_m", venue.wall_margin_m, 0.5, 3.0, "m", Need::required);
  read_door(hall, "entrance", venue.entrance);
  read_door(hall, "exit", venue.exit);
  TomlReader kitting = hall.table("kitting", Need::required);
  kitting.outline("outline_m", venue.kitting);
  kitting.finish();
  for (TomlReader& in : hall.tables("obstacles", kPlacesMax)) {
    Obstacle& obstacle = venue.obstacles.emplace_back();
    in.text("name", obstacle.name, kNameMax, Need::required);
    in.outline("outline_m", obstacle.outline);
    in.finish();
  }
  for (TomlReader& in : hall.tables("seats", kPlacesMax)) {
    Seat& seat = venue.seats.emplace_back();
    in.text("id", seat.id, kIdMax, Need::required);
    in.point("at_m", seat.at);
    in.number("radius_m", seat.radius_m, 0.3, 1.5, "m", Need::optional);
    in.finish();
  }
  for (TomlReader& in : hall.tables("attendant_posts", kPlacesMax)) {
    AttendantPost& post = venue.attendant_posts.emplace_back();
    in.text("id", post.id, kIdMax, Need::required);
    in.point("at_m", post.at);
    in.finish();
  }
  for (TomlReader& in : hall.tables("marks", kPlacesMax)) {
    MarkPair& pair = venue.marks.emplace_back();
    in.text("id", pair.id, kIdMax, Need::required);
    in.point("first_m", pair.first);
    in.point("second_m", pair.second);
    in.finish();
  }
  if (hall.present() && venue.marks.empty()) {
    hall.add("key-missing", 0, hall.path_of("marks"), "There are no calibration marks.",
             "Give at least one [[hall.marks]] pair in the kitting area.");
  }
  read_tags(hall, venue);
  hall.finish();
}

Venue read_tables(const toml::table& table, const std::string& file, base::Findings& findings) {
  Venue venue;
  TomlReader root(&table, "", file, findings);
  std::string format;
  root.text("format", format, kIdMax, Need::required);
  if (!format.empty() && format != kFormat) {
    root.add("value-range", 0, "format", base::formatted("\"{}\" is not a format known here.", base::printable(format)),
             base::formatted("Give \"{}\".", kFormat));
  }
  TomlReader about = root.table("venue", Need::required);
  std::string id;
  about.text("id", id, kIdMax, Need::required);
  venue.venue = base::VenueId{id};
  about.finish();
  read_hall(root, venue);

  TomlReader plan = root.table("plan", Need::required);
  plan.number("separation_m", venue.separation_m, kSeparationMin_m, kSeparationMax_m, "m", Need::required);
  plan.text("separation_reason", venue.separation_reason, kReasonMax, Need::optional);
  plan.number("time_tolerance_s", venue.time_tolerance_s, 0.0, 10.0, "s", Need::required);
  plan.finish();

  TomlReader capacity = root.table("capacity", Need::required);
  capacity.integer("viewers", venue.capacity.viewers, 1, 500, Need::required);
  capacity.integer("attendants", venue.capacity.attendants, 1, 50, Need::required);
  capacity.finish();

  TomlReader zones = root.table("zones", Need::optional);
  zones.number("door_m", venue.door_zone_m, 0.0, 3.0, "m", Need::optional);
  zones.number("chair_m", venue.chair_zone_m, 0.0, 2.0, "m", Need::optional);
  zones.finish();
  read_safety(root, venue.safety);
  root.finish();
  return venue;
}

// The line of a key, or of the nearest table above it that the file has.
int line_of(const toml::table& table, std::string key) {
  while (!key.empty()) {
    if (const auto node = table.at_path(key)) {
      const auto line = static_cast<int>(node.node()->source().begin.line);
      if (line > 0) return line;
    }
    const std::size_t cut = key.find_last_of(".[");
    key.resize(cut == std::string::npos ? 0 : cut);
  }
  return 1;
}

// A finding about something that could not even be read repeats what was said before; so does one about safety limits
// that were held against a margin or separation that could not be read.
bool is_consequence(const base::Finding& finding, const base::Findings& before) {
  return std::ranges::any_of(before, [&](const base::Finding& known) {
    const std::string& a = known.key;
    const std::string& b = finding.key;
    if (b.starts_with("safety.") && (a == "hall.wall_margin_m" || a == "plan.separation_m")) return true;
    return b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '.' || b[a.size()] == '[');
  });
}

base::Findings one(std::string code, const std::string& file, int line, std::string message, std::string expected) {
  return {{base::Severity::error, std::move(code), file, line, "", std::move(message), std::move(expected)}};
}

}  // namespace

std::expected<Venue, base::Findings> read_venue(std::string_view text, const std::string& file_name) {
  if (text.size() > kVenueFileMax) {
    return std::unexpected(one("file-too-large", file_name, 0, base::formatted("The file has {} bytes.", text.size()),
                               base::formatted("Give a venue file of at most {} bytes.", kVenueFileMax)));
  }
  const auto parsed = base::parse_toml(text);
  if (!parsed) {
    return std::unexpected(one("toml-syntax", file_name, parsed.error().line, parsed.error().message,
                               "Correct this line; the rest is read only then."));
  }
  const toml::table& table = *parsed;
  base::Findings findings;
  const Venue venue = read_tables(table, file_name, findings);
  const base::Findings unread = findings;
  for (base::Finding& finding : check_venue(venue, file_name)) {
    if (!is_consequence(finding, unread)) findings.push_back(std::move(finding));
  }
  for (base::Finding& finding : findings) {
    if (finding.line == 0) finding.line = line_of(table, finding.key);
  }
  std::ranges::stable_sort(findings, {}, &base::Finding::line);
  if (base::has_errors(findings)) return std::unexpected(std::move(findings));
  return venue;
}

std::expected<Venue, base::Findings> load_venue(const std::string& path) {
  const auto text = base::read_text_file(path, kVenueFileMax);
  if (!text) {
    return std::unexpected(one("file-unreadable", path, 0, base::formatted("The file cannot be read: {}.", text.error()),
                               "Name a venue file, e.g. venue-configs/wuxi-420/venue.toml."));
  }
  return read_venue(*text, path);
}

}  // namespace promenade::tracking
