#pragma once
// A film's manifest: everything that a hall, a box office or a headset must know before any picture is read.
// Pure values. Times are seconds, lengths metres, text UTF-8; languages are BCP 47 tags ("zh", "en", "zh-HK").
// `manifest_bytes` and `parse_manifest` are inverse on manifests that pass `check_manifest`; the bytes are the
// canonical form that is signed: JSON with sorted keys and no white space.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content-tools/package/route.h"
#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"
#include "tracking/base/finding.h"
#include "tracking/base/id.h"

namespace promenade::package {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kMaxManifestSize = 4u << 20;  // bytes; room for a film of about 20 GB

enum class FilmKind { walking, seated };
enum class Comfort { calm, moderate, intense };            // how much motion the viewer does not make
enum class AiContent { none, assisted, generated };        // label required for films shown to the public
enum class SeatKind { swivel_chair, fixed_chair };
enum class VideoLayout { mono, top_bottom, side_by_side };   // left eye on top, or on the left
enum class TrackKind { world, video, audio, described_audio, sign_language, poster };

using KeyId = std::array<std::uint8_t, 16>;

struct Accessibility {
  bool described_audio = false;
  bool sign_language = false;
  bool captions = false;
  friend bool operator==(const Accessibility&, const Accessibility&) = default;
};

// Where a seated film's viewer sits, and how far the head may lean from there.
struct Place {
  SeatKind seat = SeatKind::swivel_chair;
  double radius_m = 0.6;
  friend bool operator==(const Place&, const Place&) = default;
};

// A point of the story: seconds since scene `scene` began, holds not counted. A scene lasts until the next
// begins, so a time beyond its dwell lies on the leg that follows. A seated film has scene 0 only.
struct StoryTime {
  std::uint32_t scene = 0;
  double time_s = 0.0;
  friend auto operator<=>(const StoryTime&, const StoryTime&) = default;
};

struct Track {
  std::string name;  // unique in the film
  TrackKind kind = TrackKind::world;
  std::string language;  // empty: no language
  std::string codec;     // e.g. "glb", "h264", "opus"
  std::string path;      // of a file in the package
  friend bool operator==(const Track&, const Track&) = default;
};

// Where a sound comes from, in the film frame.
struct SoundSource {
  FilmPoint at;
  double height_m = 0.0;
  friend bool operator==(const SoundSource&, const SoundSource&) = default;
};

// A sound of the film: FLAC or WAV, told by its content. It begins at `at`; with `loop` it repeats until the next
// scene begins (seated: until the film's end).
struct Sound {
  std::string path;  // of a file in the package
  StoryTime at{};
  bool loop = false;
  // Goes by the play's own seconds instead, through holds: begins `at.time_s` after the play's beginning (scene 0) and
  // a loop lasts until the film's end.
  bool whole_film = false;
  double gain_db = 0.0;
  std::optional<SoundSource> source{};  // none: from all round
  bool ambisonic = false;  // four channels, first order, ACN order, SN3D
  friend bool operator==(const Sound&, const Sound&) = default;
};

// How the picture of a seated film's video track lies round the viewer: equirectangular.
struct Video {
  VideoLayout layout = VideoLayout::mono;
  int span_deg = 360;  // 180 or 360
  friend bool operator==(const Video&, const Video&) = default;
};

struct SubtitleLine {
  std::uint32_t scene = 0;
  double start_s = 0.0;  // as StoryTime, since the scene began
  double end_s = 0.0;
  std::string text;      // one or two lines, joined by '\n'
  friend bool operator==(const SubtitleLine&, const SubtitleLine&) = default;
};

struct SubtitleTrack {
  std::string language;
  std::vector<SubtitleLine> lines;  // by scene, then start
  friend bool operator==(const SubtitleTrack&, const SubtitleTrack&) = default;
};

struct Cue {
  StoryTime at;
  std::string name;
  friend bool operator==(const Cue&, const Cue&) = default;
};

// One chunk of the package as stored. `hash` is BLAKE2b-256 of its stored bytes.
struct Chunk {
  std::uint32_t index = 0;
  std::string name;              // "NNNNNN-HASH8", unique for caches and transfers
  std::uint64_t size = 0;        // stored bytes
  std::uint64_t plain_size = 0;  // bytes of files in it
  base::Hash hash{};
  std::optional<KeyId> key_id;   // none: not encrypted
  StoryTime needed_by;           // the earliest use of anything in it
  friend bool operator==(const Chunk&, const Chunk&) = default;
};

// One file of the package: `segments` consecutive segments, from `first_segment` of chunk `first_chunk` on.
struct FileEntry {
  std::string path;  // relative, '/' between parts, no "." or ".."
  std::uint64_t size = 0;
  base::Hash hash{};  // BLAKE2b-256 of the file
  std::uint32_t first_chunk = 0;
  std::uint32_t first_segment = 0;
  std::uint32_t segments = 0;
  StoryTime needed_by{};
  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

// The text in `language`, else in its primary part ("zh" for "zh-HK"), else in English, else the first there is; empty: none.
const std::string& text_in(const TextByLanguage& texts, std::string_view language);

struct Manifest {
  std::uint32_t format_version = kFormatVersion;
  base::FilmId film;  // 12 digits: 3 country, 1 version, 4 serial, 4 year
  std::string permit_number;
  TextByLanguage titles;
  TextByLanguage synopses;
  FilmKind kind = FilmKind::walking;
  double length_s = 0.0;  // without holds, for who never chooses
  int age_min_years = 0;  // 0: for everybody
  Comfort comfort = Comfort::calm;
  AiContent ai_content = AiContent::none;
  Accessibility accessibility;
  std::vector<std::string> languages;
  std::string distributor;
  std::optional<Route> route;  // walking films
  std::optional<Place> place;  // seated films
  std::vector<Track> tracks;
  std::vector<Sound> sounds;
  std::optional<Video> video;  // seated films; none: mono, 360 degrees
  std::vector<SubtitleTrack> subtitles;
  std::vector<Cue> cues;
  std::vector<Chunk> chunks;
  std::vector<FileEntry> files;  // in the order in which they are stored
  base::PublicKey signer{};

  // As text_in.
  const std::string& title(std::string_view language) const;
  const std::string& synopsis(std::string_view language) const;
  std::size_t scene_count() const { return route ? route->scenes.size() : 1; }
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string_view to_text(FilmKind);
std::string_view to_text(Comfort);
std::string_view to_text(AiContent);
std::string_view to_text(SeatKind);
std::string_view to_text(TrackKind);
std::string_view to_text(VideoLayout);

// Everything about a manifest that can be checked without the package's bytes; keys as in the JSON
// ("route.scenes[2].dwell_s"). A manifest without errors describes a film that can be planned and shown.
// `check_story` leaves out chunks, files and the tracks' and sounds' files, as for a film that is not yet packed.
base::Findings check_story(const Manifest& manifest, const std::string& file);
base::Findings check_manifest(const Manifest& manifest, const std::string& file);

// Canonical bytes. The texts must be valid UTF-8 and the numbers finite (both are checked by check_story).
base::Bytes manifest_bytes(const Manifest& manifest);

// Strict: unknown, missing or mistyped keys, numbers out of range, and bytes that are not canonical are findings
// of severity error, and then the manifest is empty. Never allocates more than a small multiple of the input;
// inputs above kMaxManifestSize are refused.
struct ParsedManifest {
  std::optional<Manifest> manifest;
  base::Findings findings;
};
ParsedManifest parse_manifest(base::ByteView bytes, const std::string& file);

// "001100012026": twelve ASCII digits.
bool is_film_code(std::string_view text);
// A path that may stand in a package: relative, UTF-8, no empty part, ".", "..", backslash or control character,
// at most 255 bytes.
bool is_package_path(std::string_view path);
bool is_language_tag(std::string_view text);

}  // namespace promenade::package
