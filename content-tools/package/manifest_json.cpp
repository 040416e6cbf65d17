#include <algorithm>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "content-tools/package/manifest.h"
#include "content-tools/package/manifest_names.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

using nlohmann::json;

// One object of the input. Each getter notes its key; `finish` reports the keys that nobody asked for.
class Object {
 public:
  Object(const json& value, std::string path, base::Findings& findings, const std::string& file)
      : value_(value), path_(std::move(path)), findings_(findings), file_(file) {
    if (!value_.is_object()) add("type-wrong", path_, "This is not an object.", "Give an object.");
  }

  void add(std::string code, std::string key, std::string message, std::string expected) {
    // A hostile input must not make a finding for each of its bytes.
    if (findings_.size() >= 100) return;
    findings_.push_back({base::Severity::error, std::move(code), file_, 0, std::move(key), std::move(message),
                         std::move(expected)});
  }
  std::string key(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }

  const json* find(const std::string& name, bool required = true) {
    known_.insert(name);
    if (!value_.is_object()) return nullptr;
    const auto it = value_.find(name);
    if (it != value_.end()) return &*it;
    if (required) add("key-missing", key(name), "The key is missing.", "Add it.");
    return nullptr;
  }
  std::string text(const std::string& name) {
    const json* v = find(name);
    if (v && v->is_string()) return v->get<std::string>();
    if (v) add("type-wrong", key(name), "This is not a text.", "Give a text.");
    return {};
  }
  double number(const std::string& name) {
    const json* v = find(name);
    if (v && v->is_number()) return v->get<double>();
    if (v) add("type-wrong", key(name), "This is not a number.", "Give a number.");
    return 0.0;
  }
  template <class Int>
  Int integer(const std::string& name, std::uint64_t max = std::numeric_limits<Int>::max()) {
    const json* v = find(name);
    if (v && v->is_number_unsigned() && v->get<std::uint64_t>() <= max) return static_cast<Int>(v->get<std::uint64_t>());
    if (v) add("type-wrong", key(name), "This is not a whole number in range.", base::formatted("Give 0 to {}.", max));
    return 0;
  }
  bool boolean(const std::string& name) {
    const json* v = find(name);
    if (v && v->is_boolean()) return v->get<bool>();
    if (v) add("type-wrong", key(name), "This is neither true nor false.", "Give true or false.");
    return false;
  }
  template <class E>
  E choice(const std::string& name, Names<E> names) {
    const std::string value = text(name);
    std::string list;
    for (const auto& [each, text] : names) {
      if (text == value) return each;
      list += (list.empty() ? "" : ", ") + std::string(text);
    }
    if (!value.empty()) add("choice-unknown", key(name), base::formatted("\"{}\" is unknown.", value), "Give one of: " + list + ".");
    return names.begin()->first;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> hex(const std::string& name) {
    std::array<std::uint8_t, N> out{};
    const json* v = find(name);
    if (!v) return out;
    const auto bytes = v->is_string() ? base::from_hex(v->get_ref<const std::string&>()) : std::nullopt;
    if (bytes && bytes->size() == N) {
      std::ranges::copy(*bytes, out.begin());
    } else {
      add("type-wrong", key(name), "This is not a hexadecimal number of the right length.",
          base::formatted("Give {} hex digits.", 2 * N));
    }
    return out;
  }
  Object object(const std::string& name) {
    static const json kNothing = json::object();
    const json* v = find(name);
    return {v ? *v : kNothing, key(name), findings_, file_};
  }
  // Calls `each(json, key)` for the members of an array.
  template <class F>
  void array(const std::string& name, F each) {
    const json* v = find(name);
    if (!v) return;
    if (!v->is_array()) return add("type-wrong", key(name), "This is not a list.", "Give a list.");
    std::size_t i = 0;
    for (const json& member : *v) each(member, base::formatted("{}[{}]", key(name), i++));
  }
  template <class F>
  void objects(const std::string& name, F each) {
    array(name, [&](const json& member, const std::string& path) {
      Object object(member, path, findings_, file_);
      each(object);
      object.finish();
    });
  }
  TextByLanguage texts(const std::string& name) {
    TextByLanguage out;
    const json* v = find(name);
    if (!v) return out;
    if (!v->is_object()) {
      add("type-wrong", key(name), "This is not an object of texts by language.", "Give {\"en\": \"...\"}.");
      return out;
    }
    for (const auto& [language, text] : v->items()) {
      if (text.is_string()) out[language] = text.get<std::string>();
      else add("type-wrong", key(name) + "." + language, "This is not a text.", "Give a text.");
    }
    return out;
  }
  void finish() {
    if (!value_.is_object()) return;
    for (const auto& [name, unused] : value_.items()) {
      if (!known_.contains(name)) add("key-unknown", key(name), "The key is unknown.", "Remove it.");
    }
  }

 private:
  const json& value_;
  std::string path_;
  base::Findings& findings_;
  const std::string& file_;
  std::set<std::string> known_;
};

FilmPoint read_point(Object& o, const std::string& name) {
  const json* at = o.find(name);
  if (at && at->is_array() && at->size() == 2 && (*at)[0].is_number() && (*at)[1].is_number()) {
    return {(*at)[0].get<double>(), (*at)[1].get<double>()};
  }
  if (at) o.add("type-wrong", o.key(name), "This is not a point.", "Give [x, y] in metres.");
  return {};
}

StoryTime read_story_time(Object object) {
  StoryTime at{object.integer<std::uint32_t>("scene"), object.number("time_s")};
  object.finish();
  return at;
}

Route read_route(Object object) {
  Route route;
  object.objects("scenes", [&](Object& o) {
    Scene scene;
    scene.name = o.text("name");
    scene.at = read_point(o, "at_m");
    scene.free_radius_m = o.number("free_radius_m");
    scene.dwell_s = o.number("dwell_s");
    scene.hold_max_s = o.number("hold_max_s");
    if (o.find("loop_s", false)) scene.loop_s = o.number("loop_s");
    if (o.find("group_radius_m", false)) scene.group_radius_m = o.number("group_radius_m");
    if (o.find("choose_s", false)) scene.choose_s = o.number("choose_s");
    if (o.find("next", false)) {
      scene.next.emplace();
      o.objects("next", [&](Object& n) {
        Next next{n.integer<std::uint32_t>("scene"), {}};
        if (n.find("text", false)) next.text = n.texts("text");
        scene.next->push_back(std::move(next));
      });
    }
    route.scenes.push_back(std::move(scene));
  });
  route.walk_speed_mps = object.number("walk_speed_mps");
  route.hold_total_max_s = object.number("hold_total_max_s");
  route.mirrorable = object.boolean("mirrorable");
  route.scale_min = object.number("scale_min");
  route.scale_max = object.number("scale_max");
  route.group_max = object.integer<int>("group_max");
  route.headway_min_s = object.number("headway_min_s");
  object.finish();
  return route;
}

void read_story(Object& o, Manifest& m) {
  m.format_version = o.integer<std::uint32_t>("format_version");
  m.film = base::FilmId{o.text("film")};
  m.permit_number = o.text("permit_number");
  m.titles = o.texts("titles");
  m.synopses = o.texts("synopses");
  m.kind = o.choice("kind", kKinds);
  m.length_s = o.number("length_s");
  m.age_min_years = o.integer<int>("age_min_years");
  m.comfort = o.choice("comfort", kComforts);
  m.ai_content = o.choice("ai_content", kAiContents);
  Object access = o.object("accessibility");
  m.accessibility = {access.boolean("described_audio"), access.boolean("sign_language"), access.boolean("captions")};
  access.finish();
  o.array("languages", [&](const json& member, const std::string& key) {
    if (member.is_string()) m.languages.push_back(member.get<std::string>());
    else o.add("type-wrong", key, "This is not a text.", "Give a language tag.");
  });
  m.distributor = o.text("distributor");
  m.signer = o.hex<32>("signer");
  if (o.find("route", false)) m.route = read_route(o.object("route"));
  if (o.find("place", false)) {
    Object place = o.object("place");
    m.place = Place{place.choice("seat", kSeats), place.number("radius_m")};
    place.finish();
  }
}

void read_parts(Object& o, Manifest& m) {
  o.objects("tracks", [&](Object& t) {
    m.tracks.push_back({t.text("name"), t.choice("kind", kTracks), t.text("language"), t.text("codec"), t.text("path")});
  });
  if (o.find("sounds", false)) {
    o.objects("sounds", [&](Object& s) {
      Sound sound;
      sound.path = s.text("path");
      sound.at = {s.integer<std::uint32_t>("scene"), s.number("time_s")};
      sound.loop = s.boolean("loop");
      sound.whole_film = s.boolean("whole_film");
      sound.gain_db = s.number("gain_db");
      sound.ambisonic = s.boolean("ambisonic");
      if (s.find("at_m", false) || s.find("height_m", false)) {
        sound.source = SoundSource{read_point(s, "at_m"), s.number("height_m")};
      }
      m.sounds.push_back(std::move(sound));
    });
  }
  if (o.find("video", false)) {
    Object video = o.object("video");
    m.video = Video{video.choice("layout", kLayouts), video.integer<int>("span_deg")};
    video.finish();
  }
  o.objects("subtitles", [&](Object& t) {
    SubtitleTrack track{.language = t.text("language"), .lines = {}};
    t.objects("lines", [&](Object& l) {
      track.lines.push_back({l.integer<std::uint32_t>("scene"), l.number("start_s"), l.number("end_s"), l.text("text")});
    });
    m.subtitles.push_back(std::move(track));
  });
  o.objects("cues", [&](Object& c) { m.cues.push_back({{c.integer<std::uint32_t>("scene"), c.number("time_s")}, c.text("name")}); });
  o.objects("chunks", [&](Object& c) {
    Chunk chunk;
    chunk.index = c.integer<std::uint32_t>("index");
    chunk.name = c.text("name");
    chunk.size = c.integer<std::uint64_t>("size");
    chunk.plain_size = c.integer<std::uint64_t>("plain_size");
    chunk.hash = c.hex<32>("hash");
    if (c.find("key_id", false)) chunk.key_id = c.hex<16>("key_id");
    chunk.needed_by = read_story_time(c.object("needed_by"));
    m.chunks.push_back(std::move(chunk));
  });
  o.objects("files", [&](Object& f) {
    FileEntry file;
    file.path = f.text("path");
    file.size = f.integer<std::uint64_t>("size");
    file.hash = f.hex<32>("hash");
    file.first_chunk = f.integer<std::uint32_t>("first_chunk");
    file.first_segment = f.integer<std::uint32_t>("first_segment");
    file.segments = f.integer<std::uint32_t>("segments");
    file.needed_by = read_story_time(f.object("needed_by"));
    m.files.push_back(std::move(file));
  });
}

ParsedManifest refuse(const std::string& file, std::string code, std::string message, std::string expected) {
  return {std::nullopt,
          {{base::Severity::error, std::move(code), file, 0, "", std::move(message), std::move(expected)}}};
}

}  // namespace

ParsedManifest parse_manifest(base::ByteView bytes, const std::string& file) {
  if (bytes.size() > kMaxManifestSize) {
    return refuse(file, "manifest-too-large", base::formatted("The manifest has {} bytes.", bytes.size()),
                  base::formatted("The limit is {} bytes.", kMaxManifestSize));
  }
  const json root = json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (root.is_discarded()) return refuse(file, "json-malformed", "The manifest is not JSON.", "Pack the film again.");
  ParsedManifest parsed{Manifest{}, {}};
  Object object(root, "", parsed.findings, file);
  read_story(object, *parsed.manifest);
  read_parts(object, *parsed.manifest);
  object.finish();
  if (!base::has_errors(parsed.findings)) {
    base::Findings findings = check_manifest(*parsed.manifest, file);
    parsed.findings.insert(parsed.findings.end(), findings.begin(), findings.end());
  }
  if (!base::has_errors(parsed.findings) && !std::ranges::equal(manifest_bytes(*parsed.manifest), bytes)) {
    parsed.findings.push_back({base::Severity::error, "not-canonical", file, 0, "",
                               "The manifest is not in canonical form.", "Pack the film again with promenade-film."});
  }
  if (base::has_errors(parsed.findings)) parsed.manifest.reset();
  return parsed;
}

}  // namespace promenade::package
