#include "content-tools/package/source.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "tracking/base/formatted.h"
#include "tracking/base/toml.h"

namespace promenade::package {
namespace {

// What is found in one film.toml.
struct Context {
  std::string file;
  base::Findings findings;

  void add(int line, std::string code, std::string key, std::string message, std::string expected) {
    if (findings.size() >= 100) return;
    findings.push_back({base::Severity::error, std::move(code), file, line, std::move(key), std::move(message),
                        std::move(expected)});
  }
};

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

// One table. Each getter notes its key; `finish` reports keys that nobody asked for.
class Table {
 public:
  Table(const toml::table& table, std::string path, Context& context)
      : table_(table), path_(std::move(path)), context_(context) {}

  std::string key(std::string_view name) const { return path_.empty() ? std::string(name) : path_ + "." + std::string(name); }
  int line() const { return line_of(table_); }
  int line(std::string_view name) const {
    const toml::node* node = table_.get(name);
    return node ? line_of(*node) : line();
  }
  Context& context() { return context_; }

  const toml::node* find(std::string_view name, bool required) {
    known_.insert(std::string(name));
    const toml::node* node = table_.get(name);
    if (!node && required) context_.add(line(), "key-missing", key(name), "The key is missing.", "Add it.");
    return node;
  }
  void wrong_type(const toml::node& node, const std::string& at, std::string_view wanted) {
    context_.add(line_of(node), "type-wrong", at, base::formatted("This is not {}.", wanted), base::formatted("Give {}.", wanted));
  }
  std::string text(std::string_view name, std::optional<std::string> otherwise = std::nullopt) {
    const toml::node* node = find(name, !otherwise);
    if (!node) return otherwise.value_or("");
    if (const auto value = node->value_exact<std::string>()) return *value;
    wrong_type(*node, key(name), "a text");
    return otherwise.value_or("");
  }
  double number(std::string_view name, std::optional<double> otherwise = std::nullopt) {
    const toml::node* node = find(name, !otherwise);
    if (!node) return otherwise.value_or(0.0);
    if (node->is_number()) return node->value<double>().value_or(0.0);
    wrong_type(*node, key(name), "a number");
    return otherwise.value_or(0.0);
  }
  int integer(std::string_view name, std::optional<int> otherwise = std::nullopt) {
    const toml::node* node = find(name, !otherwise);
    if (!node) return otherwise.value_or(0);
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= -1'000'000 && *value <= 1'000'000) return static_cast<int>(*value);
    wrong_type(*node, key(name), "a whole number");
    return otherwise.value_or(0);
  }
  bool boolean(std::string_view name, std::optional<bool> otherwise = std::nullopt) {
    const toml::node* node = find(name, !otherwise);
    if (!node) return otherwise.value_or(false);
    if (const auto value = node->value_exact<bool>()) return *value;
    wrong_type(*node, key(name), "true or false");
    return otherwise.value_or(false);
  }
  template <class E>
  E choice(std::string_view name, std::initializer_list<E> values, std::optional<E> otherwise = std::nullopt) {
    const std::string given = text(name, otherwise ? std::optional(std::string(to_text(*otherwise))) : std::nullopt);
    std::string list;
    for (const E value : values) {
      if (to_text(value) == given) return value;
      list += (list.empty() ? "" : ", ") + std::string(to_text(value));
    }
    if (!given.empty()) {
      context_.add(line(name), "choice-unknown", key(name), base::formatted("\"{}\" is unknown.", given), "Give one of: " + list + ".");
    }
    return *values.begin();
  }
  TextByLanguage texts(std::string_view name) {
    TextByLanguage out;
    const toml::node* node = find(name, true);
    if (!node) return out;
    if (!node->is_table()) {
      wrong_type(*node, key(name), "a table of texts by language");
      return out;
    }
    for (const auto& [language, text] : *node->as_table()) {
      if (const auto value = text.value_exact<std::string>()) out[std::string(language.str())] = *value;
      else wrong_type(text, key(name) + "." + std::string(language.str()), "a text");
    }
    return out;
  }
  void table(std::string_view name, bool required, const std::function<void(Table&)>& each) {
    const toml::node* node = find(name, required);
    if (!node) return;
    if (!node->is_table()) return wrong_type(*node, key(name), "a table");
    Table inner(*node->as_table(), key(name), context_);
    each(inner);
    inner.finish();
  }
  void tables(std::string_view name, bool required, const std::function<void(Table&)>& each) {
    array(name, required, [&](const toml::node& node, const std::string& at) {
      if (!node.is_table()) return wrong_type(node, at, "a table");
      Table inner(*node.as_table(), at, context_);
      each(inner);
      inner.finish();
    });
  }
  void array(std::string_view name, bool required, const std::function<void(const toml::node&, const std::string&)>& each) {
    const toml::node* node = find(name, required);
    if (!node) return;
    if (!node->is_array()) return wrong_type(*node, key(name), "a list");
    std::size_t i = 0;
    for (const toml::node& member : *node->as_array()) each(member, base::formatted("{}[{}]", key(name), i++));
  }
  std::optional<std::pair<double, double>> pair(std::string_view name, bool required, std::string_view wanted) {
    const toml::node* node = find(name, required);
    if (!node) return std::nullopt;
    const toml::array* list = node->as_array();
    if (list && list->size() == 2 && list->get(0)->is_number() && list->get(1)->is_number()) {
      return std::pair(list->get(0)->value<double>().value_or(0), list->get(1)->value<double>().value_or(0));
    }
    wrong_type(*node, key(name), wanted);
    return std::nullopt;
  }
  void finish() {
    for (const auto& [name, node] : table_) {
      if (!known_.contains(std::string(name.str()))) {
        context_.add(static_cast<int>(name.source().begin.line), "key-unknown", key(name.str()), "The key is unknown.",
                     "Check its spelling, or remove it.");
      }
    }
  }

 private:
  const toml::table& table_;
  std::string path_;
  Context& context_;
  std::set<std::string> known_;
};

Route read_route(Table& table) {
  struct Named {
    std::size_t scene, next;
    std::string name;
    int line;
    std::string key;
  };
  std::vector<Named> named;
  Route route;
  route.walk_speed_mps = table.number("walk_speed_mps", 0.7);
  route.hold_total_max_s = table.number("hold_total_max_s");
  route.mirrorable = table.boolean("mirrorable", false);
  if (const auto scale = table.pair("scale", false, "two numbers, the smallest and the largest scale")) {
    route.scale_min = scale->first;
    route.scale_max = scale->second;
  }
  route.group_max = table.integer("group_max", 1);
  route.headway_min_s = table.number("headway_min_s", 0.0);
  table.tables("scenes", true, [&](Table& t) {
    Scene scene;
    scene.name = t.text("name");
    if (const auto at = t.pair("at_m", true, "a point [x, y] in metres")) scene.at = {at->first, at->second};
    scene.free_radius_m = t.number("free_radius_m", 0.5);
    scene.dwell_s = t.number("dwell_s");
    scene.hold_max_s = t.number("hold_max_s");
    scene.loop_s = t.number("loop_s", 0.0);
    scene.group_radius_m = t.number("group_radius_m", 0.0);
    scene.choose_s = t.number("choose_s", 0.0);
    if (t.find("next", false)) {
      scene.next.emplace();
      t.tables("next", false, [&](Table& n) {
        named.push_back({route.scenes.size(), scene.next->size(), n.text("scene"), n.line("scene"), n.key("scene")});
        Next next;
        if (n.find("text", false)) next.text = n.texts("text");
        scene.next->push_back(std::move(next));
      });
    }
    route.scenes.push_back(std::move(scene));
  });
  // Scenes are named before they are described.
  for (const Named& one : named) {
    const auto found = std::ranges::find(route.scenes, one.name, &Scene::name);
    if (found == route.scenes.end()) {
      table.context().add(one.line, "scene-unknown", one.key, base::formatted("There is no scene \"{}\".", one.name), "Give the name of a scene of the route.");
    } else {
      (*route.scenes[one.scene].next)[one.next].scene = static_cast<std::uint32_t>(found - route.scenes.begin());
    }
  }
  return route;
}

void read_identity(Table& root, Manifest& m) {
  const int format = root.integer("format");
  if (format != static_cast<int>(kFormatVersion)) {
    root.context().add(root.line("format"), "version-unknown", "format", base::formatted("The format is {}.", format),
                       base::formatted("This program reads format {}.", kFormatVersion));
  }
  m.film = base::FilmId{root.text("film")};
  m.permit_number = root.text("permit_number");
  m.titles = root.texts("titles");
  m.synopses = root.texts("synopses");
  m.kind = root.choice("kind", {FilmKind::walking, FilmKind::seated});
  m.length_s = root.number("length_s");
  m.age_min_years = root.integer("age_min_years", 0);
  m.comfort = root.choice("comfort", {Comfort::calm, Comfort::moderate, Comfort::intense});
  m.ai_content = root.choice("ai_content", {AiContent::none, AiContent::assisted, AiContent::generated});
  root.table("accessibility", false, [&](Table& t) {
    m.accessibility = {t.boolean("described_audio", false), t.boolean("sign_language", false), t.boolean("captions", false)};
  });
  root.array("languages", true, [&](const toml::node& node, const std::string& at) {
    if (const auto value = node.value_exact<std::string>()) m.languages.push_back(*value);
    else root.wrong_type(node, at, "a language tag");
  });
  m.distributor = root.text("distributor");
  root.table("route", false, [&](Table& t) { m.route = read_route(t); });
  root.table("place", false, [&](Table& t) {
    m.place = Place{t.choice("seat", {SeatKind::swivel_chair, SeatKind::fixed_chair}), t.number("radius_m", 0.6)};
  });
}

// The scene that `name` names; a seated film has one, which needs no name.
std::uint32_t scene_index(Table& table, std::string_view key, const Manifest& m, bool needed = true) {
  const std::string name = table.text(key, m.route && needed ? std::nullopt : std::optional<std::string>(""));
  if (!m.route || name.empty()) return 0;
  const auto& scenes = m.route->scenes;
  const auto it = std::ranges::find(scenes, name, &Scene::name);
  if (it != scenes.end()) return static_cast<std::uint32_t>(it - scenes.begin());
  table.context().add(table.line(key), "scene-unknown", table.key(key), base::formatted("There is no scene \"{}\".", name),
                      "Give the name of a scene of the route.");
  return 0;
}

std::string file_path(Table& table) {
  const std::string path = table.text("path");
  if (!path.empty() && !is_package_path(path)) {
    table.context().add(table.line("path"), "path-malformed", table.key("path"),
                        base::formatted("\"{}\" cannot stand in a package.", path),
                        "Give a path inside the film's folder, with '/' between its parts.");
  }
  return path;
}

Sound read_sound(Table& t, const Manifest& m) {
  Sound sound;
  sound.path = file_path(t);
  sound.whole_film = t.boolean("whole_film", false);
  sound.at.scene = scene_index(t, "scene", m, !sound.whole_film);
  sound.at.time_s = t.number("time_s", 0.0);
  sound.loop = t.boolean("loop", false);
  sound.gain_db = t.number("gain_db", 0.0);
  sound.ambisonic = t.boolean("ambisonic", false);
  const toml::node* height = t.find("height_m", false);
  if (const auto at = t.pair("at_m", height != nullptr, "a point [x, y] in metres")) {
    sound.source = SoundSource{{at->first, at->second}, t.number("height_m")};
  }
  return sound;
}

void read_parts(Table& root, FilmToml& out) {
  Manifest& m = out.manifest;
  root.tables("cues", false, [&](Table& t) {
    const std::uint32_t scene = scene_index(t, "scene", m);
    const double time_s = t.number("time_s");
    m.cues.push_back({{scene, time_s}, t.text("name")});
  });
  std::ranges::stable_sort(m.cues, [](const Cue& a, const Cue& b) { return a.at < b.at; });
  root.tables("subtitles", false, [&](Table& t) {
    const std::string language = t.text("language");
    out.subtitles.push_back({language, file_path(t), t.line()});
  });
  std::map<std::string, MediaReference> media;
  const auto add_media = [&](const std::string& path, StoryTime first_use, int line) {
    const auto [it, added] = media.try_emplace(path, MediaReference{path, first_use, line});
    if (!added && first_use < it->second.needed_by) it->second.needed_by = first_use;
  };
  root.tables("tracks", false, [&](Table& t) {
    Track track;
    track.name = t.text("name");
    track.kind = t.choice("kind", {TrackKind::world, TrackKind::video, TrackKind::audio, TrackKind::described_audio,
                                   TrackKind::sign_language, TrackKind::poster});
    track.language = t.text("language", "");
    track.codec = t.text("codec");
    track.path = file_path(t);
    StoryTime first_use;
    t.table("first_use", false, [&](Table& use) {
      first_use.scene = scene_index(use, "scene", m);
      first_use.time_s = use.number("time_s", 0.0);
    });
    add_media(track.path, first_use, t.line());
    m.tracks.push_back(std::move(track));
  });
  root.tables("sounds", false, [&](Table& t) {
    Sound sound = read_sound(t, m);
    // What goes by the play's own seconds may be heard in any scene: it is needed from the beginning.
    add_media(sound.path, sound.whole_film ? StoryTime{} : sound.at, t.line());
    m.sounds.push_back(std::move(sound));
  });
  root.table("video", false, [&](Table& t) {
    m.video = Video{t.choice("layout", {VideoLayout::mono, VideoLayout::top_bottom, VideoLayout::side_by_side}),
                    t.integer("span_deg", 360)};
  });
  for (auto& [path, reference] : media) out.media.push_back(std::move(reference));
}

}  // namespace

FilmToml read_film_toml(std::string_view text, const std::string& file) {
  FilmToml out;
  Context context{file, {}};
  auto parsed = base::parse_toml(text);
  if (!parsed) {
    context.add(parsed.error().line, "toml-malformed", "", parsed.error().message, "Correct the line.");
    out.findings = std::move(context.findings);
    return out;
  }
  toml::table& table = *parsed;
  Table root(table, "", context);
  read_identity(root, out.manifest);
  read_parts(root, out);
  root.finish();
  if (!base::has_errors(context.findings)) {
    for (base::Finding finding : check_story(out.manifest, file)) {
      // The nearest node of the finding's key has the line to look at.
      std::string key = finding.key;
      toml::node_view<toml::node> node = table.at_path(key);
      while (!node && key.find_last_of(".[") != std::string::npos) {
        key.resize(key.find_last_of(".["));
        node = table.at_path(key);
      }
      if (node) finding.line = line_of(*node.node());
      context.findings.push_back(std::move(finding));
    }
  }
  out.findings = std::move(context.findings);
  return out;
}

}  // namespace promenade::package
