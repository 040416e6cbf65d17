#include "tracking/venue_check.h"

#include <cmath>
#include <map>
#include <string_view>

#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::tracking {
namespace {

constexpr double kOnWall_m = 0.05;        // a doorway's sides lie on the boundary within this
constexpr double kTagOnWall_m = 0.10;
constexpr double kDoorMin_m = 0.7;
constexpr double kDoorMax_m = 6.0;
constexpr double kHallAreaMin_m2 = 9.0;
constexpr double kShapeAreaMin_m2 = 0.0025;  // a post of 5 cm by 5 cm

bool is_known(HallPoint p) { return std::isfinite(p.x) && std::isfinite(p.y); }

std::string show(HallPoint p) { return base::formatted("({:.2f}, {:.2f})", p.x, p.y); }

class VenueCheck {
 public:
  VenueCheck(const Venue& venue, const std::string& file) : venue_(venue), file_(file) {}

  base::Findings run() {
    const bool hall = shape("hall.boundary_m", venue_.boundary, kHallAreaMin_m2);
    bool obstacles = true;
    for (std::size_t i = 0; i < venue_.obstacles.size(); ++i) {
      obstacles &= shape(item("hall.obstacles", i, "outline_m"), venue_.obstacles[i].outline, kShapeAreaMin_m2);
    }
    const bool kitting = shape("hall.kitting.outline_m", venue_.kitting, 1.0);
    if (hall) {
      for (std::size_t i = 0; obstacles && i < venue_.obstacles.size(); ++i) {
        inside(item("hall.obstacles", i, "outline_m"), venue_.obstacles[i].name, venue_.obstacles[i].outline);
      }
      if (kitting) inside("hall.kitting.outline_m", "The kitting area", venue_.kitting);
      if (obstacles) places(kitting);
    }
    marks_apart();
    marks_unlike();
    if (hall && obstacles) tags();
    seats_apart();
    duplicates();
    if (venue_.separation_reason.empty()) {
      add("reason-missing", "plan.separation_reason", "The separation in force has no reason.",
          "Say in a sentence why this distance is safe in this hall.");
    }
    base::Findings limits = check_limits(venue_.safety, venue_.separation_m, venue_.wall_margin_m, file_, "safety");
    findings_.insert(findings_.end(), limits.begin(), limits.end());
    return std::move(findings_);
  }

 private:
  void add(std::string code, std::string key, std::string message, std::string expected) {
    findings_.push_back({base::Severity::error, std::move(code), file_, 0, std::move(key), std::move(message),
                         std::move(expected)});
  }
  static std::string item(std::string_view list, std::size_t index, std::string_view key) {
    return base::formatted("{}[{}].{}", list, index, key);
  }

  // True when the polygon is known and fit for further questions.
  bool shape(const std::string& key, PolygonView polygon, double area_min_m2) {
    if (polygon.empty()) return false;
    if (polygon.size() < 3) {
      add("polygon-degenerate", key, base::formatted("The outline has {} corners.", polygon.size()),
          "Give at least three different corners.");
      return false;
    }
    if (!is_simple(polygon)) {
      add("polygon-crossing", key, "The outline crosses or touches itself.",
          "List the corners in the order in which one walks round.");
      return false;
    }
    const double area_m2 = std::abs(signed_area_m2(polygon));
    if (area_m2 < area_min_m2) {
      add("polygon-degenerate", key, base::formatted("The outline encloses only {:.4f} m².", area_m2),
          base::formatted("Give an outline of at least {} m².", area_min_m2));
      return false;
    }
    return true;
  }

  void inside(const std::string& key, const std::string& what, PolygonView outline) {
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
      const HallPoint p = outline[i];
      // Edges that start and end inside may still leave a hall with inner corners; their middle tells.
      const HallPoint middle{(p.x + outline[j].x) / 2.0, (p.y + outline[j].y) / 2.0};
      for (const HallPoint q : {p, middle}) {
        if (in_hall(q)) continue;
        add("outside-hall", key, base::formatted("{} reaches {}, which is outside the hall.", what, show(q)),
            "Move it inside hall.boundary_m or correct the boundary.");
        return;
      }
    }
  }

  bool in_hall(HallPoint p) const {
    constexpr double kTouch_m = 1e-6;  // shapes may stand flush against the wall
    return contains(venue_.boundary, p) || nearest_on_outline(venue_.boundary, p).distance_m <= kTouch_m;
  }

  // A point where somebody stands: inside, and clear of walls and obstacles by room_m.
  bool place(const std::string& key, const std::string& what, HallPoint p, double room_m) {
    if (!is_known(p)) return false;
    if (!contains(venue_.boundary, p)) {
      add("outside-hall", key, base::formatted("{} at {} is outside the hall.", what, show(p)),
          "Give a point inside hall.boundary_m.");
      return false;
    }
    const double clearance = venue_.clearance_m(p);
    if (clearance < room_m - 1e-9) {
      add("place-blocked", key,
          base::formatted("{} at {} is {:.2f} m from a wall or obstacle.", what, show(p), std::max(0.0, clearance)),
          base::formatted("Leave at least {:.2f} m.", room_m));
      return false;
    }
    return true;
  }

  void door(const std::string& key, const std::string& what, const Door& door) {
    place(key + ".at_m", what, door.at, venue_.wall_margin_m);
    for (const auto& [side, p] : {std::pair{".left_m", door.left}, std::pair{".right_m", door.right}}) {
      if (!is_known(p)) continue;
      const double off_m = nearest_on_outline(venue_.boundary, p).distance_m;
      if (off_m > kOnWall_m) {
        add("door-off-wall", key + side,
            base::formatted("{}'s side at {} is {:.2f} m from the boundary.", what, show(p), off_m),
            "Give a point on the boundary, where the doorway is.");
      }
    }
    const double width_m = distance(door.left, door.right);
    if (width_m < kDoorMin_m || width_m > kDoorMax_m) {
      add("value-range", key + ".right_m", base::formatted("{}'s doorway is {:.2f} m wide.", what, width_m),
          base::formatted("Give its two sides {} to {} m apart.", kDoorMin_m, kDoorMax_m));
    }
  }

  void places(bool kitting_known) {
    door("hall.entrance", "The entrance", venue_.entrance);
    door("hall.exit", "The exit", venue_.exit);
    for (std::size_t i = 0; i < venue_.seats.size(); ++i) {
      const Seat& seat = venue_.seats[i];
      const std::string key = item("hall.seats", i, "at_m");
      if (!place(key, "Seat " + seat.id, seat.at, seat.radius_m) || !kitting_known) continue;
      if (contains(venue_.kitting, seat.at)) {
        add("place-blocked", key, base::formatted("Seat {} stands in the kitting area.", seat.id),
            "Move the seat or the area: people stand and walk there.");
      }
    }
    for (std::size_t i = 0; i < venue_.attendant_posts.size(); ++i) {
      const AttendantPost& post = venue_.attendant_posts[i];
      place(item("hall.attendant_posts", i, "at_m"), "Post " + post.id, post.at, 0.3);
    }
    for (std::size_t i = 0; i < venue_.marks.size(); ++i) {
      const MarkPair& pair = venue_.marks[i];
      for (const auto& [key, p] : {std::pair{"first_m", pair.first}, std::pair{"second_m", pair.second}}) {
        if (!place(item("hall.marks", i, key), "A mark of pair " + pair.id, p, 0.1) || !kitting_known) continue;
        if (contains(venue_.kitting, p)) continue;
        add("place-blocked", item("hall.marks", i, key),
            base::formatted("A mark of pair {} at {} is not in the kitting area.", pair.id, show(p)),
            "Put it where headsets are handed over, so that every handover can use it.");
      }
    }
  }

  void marks_apart() {
    for (std::size_t i = 0; i < venue_.marks.size(); ++i) {
      const MarkPair& pair = venue_.marks[i];
      const double apart_m = distance(pair.first, pair.second);
      if (apart_m < kMarkBaselineMin_m) {
        add("marks-near", item("hall.marks", i, "second_m"),
            base::formatted("The marks of pair {} are {:.2f} m apart.", pair.id, apart_m),
            base::formatted("Put them at least {} m apart, or directions come out wrong.", kMarkBaselineMin_m));
      }
    }
  }

  // Whoever names one pair and touches other marks must be found out: no two other marks lie as far apart as a pair's.
  void marks_unlike() {
    struct Mark { std::size_t pair; bool second; HallPoint at; };
    std::vector<Mark> all;
    for (std::size_t i = 0; i < venue_.marks.size(); ++i) {
      all.push_back({i, false, venue_.marks[i].first});
      all.push_back({i, true, venue_.marks[i].second});
    }
    const auto name = [&](const Mark& mark) { return venue_.marks[mark.pair].id + (mark.second ? ".second" : ".first"); };
    for (std::size_t i = 0; i < venue_.marks.size(); ++i) {
      const double length_m = distance(venue_.marks[i].first, venue_.marks[i].second);
      if (!(length_m >= kMarkBaselineMin_m)) continue;
      for (std::size_t a = 0; a < all.size(); ++a) {
        for (std::size_t b = a + 1; b < all.size(); ++b) {
          // Two pairs of one length are told once, at the later one.
          if (all[a].pair == all[b].pair && all[a].pair >= i) continue;
          const double apart_m = distance(all[a].at, all[b].at);
          if (!(std::abs(apart_m - length_m) < kMarkLengthsApart_m - 1e-9)) continue;
          add("marks-alike", item("hall.marks", i, "second_m"),
              base::formatted("The marks of pair {} are {:.2f} m apart, and {} is {:.2f} m from {}.", venue_.marks[i].id, length_m,
                              name(all[b]), apart_m, name(all[a])),
              base::formatted("Let the distances differ by {} m, so that wrongly touched marks are noticed.", kMarkLengthsApart_m));
        }
      }
    }
  }

  void tags() {
    const std::size_t of_marks = 2 * venue_.marks.size();
    std::map<int, std::size_t> seen;
    for (std::size_t i = 0; i < venue_.tags.size(); ++i) {
      const Tag& tag = venue_.tags[i];
      const auto [at, is_new] = seen.try_emplace(tag.id, i);
      if (i < of_marks) continue;
      const std::size_t listed = i - of_marks;
      if (!is_new) {
        add("id-duplicate", item("hall.tags", listed, "id"), base::formatted("Tag {} is already {}.", tag.id, at->second < of_marks ? "on the sheet of a mark" : "in the list"),
            base::formatted("Give every tag an id of its own, from {} on.", of_marks));
      }
      const std::string key = item("hall.tags", listed, "at_m"), what = base::formatted("Tag {}", tag.id);
      if (tag.surface == Tag::Surface::floor) {
        place(key, what, tag.at, 0.05);
      } else if (is_known(tag.at) && std::abs(venue_.clearance_m(tag.at)) > kTagOnWall_m) {
        add("tag-off-wall", key, base::formatted("{} at {} is {:.2f} m from a wall or obstacle.", what, show(tag.at), std::abs(venue_.clearance_m(tag.at))),
            "Give the point of the wall where its centre hangs, or surface = \"floor\".");
      }
    }
  }

  void seats_apart() {
    for (std::size_t i = 0; i < venue_.seats.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double apart_m = distance(venue_.seats[i].at, venue_.seats[j].at);
        if (apart_m >= venue_.separation_m - 1e-9 || std::isnan(apart_m)) continue;
        add("seats-near", item("hall.seats", i, "at_m"),
            base::formatted("Seat {} is {:.2f} m from seat {}.", venue_.seats[i].id, apart_m, venue_.seats[j].id),
            base::formatted("Leave the separation of {} m.", venue_.separation_m));
      }
    }
  }

  void duplicates() {
    std::map<std::string, std::string, std::less<>> seen;
    const auto once = [&](const std::string& id, const std::string& key) {
      if (id.empty()) return;
      const auto [at, is_new] = seen.try_emplace(id, key);
      if (is_new) return;
      add("id-duplicate", key, base::formatted("\"{}\" is already the name of {}.", id, at->second),
          "Give every place a name of its own.");
    };
    for (std::size_t i = 0; i < venue_.obstacles.size(); ++i) {
      once(venue_.obstacles[i].name, item("hall.obstacles", i, "name"));
    }
    for (std::size_t i = 0; i < venue_.seats.size(); ++i) once(venue_.seats[i].id, item("hall.seats", i, "id"));
    for (std::size_t i = 0; i < venue_.attendant_posts.size(); ++i) {
      once(venue_.attendant_posts[i].id, item("hall.attendant_posts", i, "id"));
    }
    for (std::size_t i = 0; i < venue_.marks.size(); ++i) once(venue_.marks[i].id, item("hall.marks", i, "id"));
  }

  const Venue& venue_;
  const std::string& file_;
  base::Findings findings_;
};

}  // namespace

base::Findings check_venue(const Venue& venue, const std::string& file) { return VenueCheck(venue, file).run(); }

}  // namespace promenade::tracking
