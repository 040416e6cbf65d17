#pragma once
// What the viewer reads in the headset, as a function of plain values: panels to choose from and signs to obey, in
// Chinese and English, laid out by Dear ImGui into triangles. Frame thread; knows neither Vulkan nor the client.
// Pixels from the top left of the surface. A drawing returned is valid until the same surface is drawn again.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <glm/ext/vector_float2.hpp>

#include "content-tools/package/manifest.h"
#include "runtime/gpu/ui_draw.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"
#include "tracking/level.h"

namespace promenade::ui {

enum class Language : std::uint8_t { zh, en };
Language language_of(std::string_view tag);    // "zh-HK" is zh; what is unknown is en
std::string_view tag_of(Language language);

inline constexpr std::uint32_t kPanelWidth_px = 1280, kPanelHeight_px = 800;    // 1.6 x 1.0 m
inline constexpr std::uint32_t kSubtitleWidth_px = 1280, kSubtitleHeight_px = 200;
inline constexpr std::uint32_t kNoteWidth_px = 1120, kNoteHeight_px = 240;
inline constexpr std::uint32_t kWordWidth_px = 800, kWordHeight_px = 520;
inline constexpr std::uint32_t kPuckWidth_px = 360, kPuckHeight_px = 160;
inline constexpr std::uint32_t kRayWidth_px = 8, kRayHeight_px = 64;
enum class Surface : std::uint32_t { panel = 1, subtitle, note, word, puck, ray };

// What one film's card says. Texts are in the language of the panel.
struct FilmCard {
  base::FilmId film;
  std::string title, synopsis;
  double length_s = 0.0;
  int age_min_years = 0;
  package::Comfort comfort = package::Comfort::calm;
  package::FilmKind kind = package::FilmKind::walking;
  std::vector<std::string> languages;
  bool captions = false;
  package::AiContent ai_content = package::AiContent::none;
  double wait_s = 0.0;                        // as the hall expects it
  bool available = true;
  bool soonest = false;                       // recommended: starts before all others
  std::string fault;                          // why this headset cannot show it; empty: it can
  friend bool operator==(const FilmCard&, const FilmCard&) = default;
};

struct Shelf {
  std::uint16_t headset = 0;
  bool hall_heard = false;
  std::optional<std::uint8_t> battery_percent;  // none: not known
  std::size_t faults = 0;                     // films that cannot be shown
  bool silent = false;
  int clock_off_ms = 0;                       // its clock may be; 0: too little to be shown
  bool clock_useless = false;                 // and that is too much
  friend bool operator==(const Shelf&, const Shelf&) = default;
};
struct WaitStaff {
  std::uint16_t headset = 0;
  std::string pair;                           // of marks that is touched now: "M1"
  int touched = 0;                            // of its two marks
  bool done = false;                          // the hall has taken the calibration
  std::string fault;                          // of the last touch
  friend bool operator==(const WaitStaff&, const WaitStaff&) = default;
};
struct Welcome { friend bool operator==(const Welcome&, const Welcome&) = default; };
struct Menu {
  std::vector<FilmCard> films;
  base::FilmId chosen;                        // whose particulars are shown; the caller begins with the film that starts soonest
  bool asked = false;                         // the choice is with the hall
  std::string refusal;
  std::size_t page = 0;
  friend bool operator==(const Menu&, const Menu&) = default;
};
struct WaitStart { std::string title; base::FilmId film; std::optional<int> seconds; friend bool operator==(const WaitStart&, const WaitStart&) = default; };
// Over the film: where its story divides.
struct WayChoice {
  struct Way {
    int number = 0;                           // as the target "way:1" names it
    std::string text;
    friend bool operator==(const Way&, const Way&) = default;
  };
  std::vector<Way> ways;                      // the first is taken where nobody chooses
  std::optional<int> chosen;                  // a number
  int seconds = 0;                            // left to choose in
  friend bool operator==(const WayChoice&, const WayChoice&) = default;
};
struct Rate { std::string title; base::FilmId film; int stars = 0; friend bool operator==(const Rate&, const Rate&) = default; };
enum class Why : std::uint8_t { place, hall, film_missing, film_damaged, film_newer, calm };
struct StandStill { Why why = Why::place; std::string detail; friend bool operator==(const StandStill&, const StandStill&) = default; };
struct Evacuate {
  std::optional<double> door_clockwise_rad;   // which way to go; none: the place is not known
  int door_m = 0;                             // of the way there; 0: not told
  bool entrance = false;                      // by which one leaves; else the exit
  bool see_through = false;                   // the real hall is seen: the headset may stay on
  bool hall_silent = false;                   // nobody has ordered it: the hall has not been heard for too long
  friend bool operator==(const Evacuate&, const Evacuate&) = default;
};
struct Help { friend bool operator==(const Help&, const Help&) = default; };
using Panel = std::variant<Shelf, WaitStaff, Welcome, Menu, WaitStart, Rate, StandStill, Evacuate, Help, WayChoice>;

enum class NoteKind : std::uint8_t { hold, wait_at_stop, pause, loading, walk_on, way_out, warn };
struct Note {
  NoteKind kind = NoteKind::hold;
  tracking::Cause cause = tracking::Cause::none;  // of a pause or a warning
  bool arrow = false;                             // one lies on the floor
  std::optional<int> seconds;
  std::optional<int> danger_eighth;               // of a warning: where it lies, in eighths clockwise from ahead
  friend bool operator==(const Note&, const Note&) = default;
};

struct Pointer {
  std::optional<glm::vec2> at;                // on the panel
  float dwell = 0.0f;                         // 0..1 of the time that a gaze must rest; 0 for a controller
  friend bool operator==(const Pointer&, const Pointer&) = default;
};
// "film:001100012026", "choose", "language:en", "continue", "star:4", "page:1", "way:1", "help", "stop", "close".
struct Target {
  std::string name;
  glm::vec2 low{0.0f}, high{0.0f};
};

// A film's own picture, in the hands of whoever paints what is drawn here.
struct Poster {
  std::uint32_t texture = 0;                  // as UiCommand's
  std::uint32_t width_px = 0, height_px = 0;
  friend bool operator==(const Poster&, const Poster&) = default;
};

class Interface {
 public:
  // Error: "font-missing".
  static base::Result<std::unique_ptr<Interface>> create(std::span<const std::filesystem::path> fonts = {});
  ~Interface();

  // Texts that will be shown, so that no frame waits for their glyphs. `build_glyphs` after the last of them; it takes
  // some tenths of a second.
  void prepare_film(const package::Manifest& film);
  void build_glyphs();

  // From now on the film's cards show this picture, as much of its middle as fills them. The texture lives until it is
  // replaced or dropped. Films without one have a drawn picture.
  void show_poster(const base::FilmId& film, const Poster& poster);
  void drop_posters();

  // Redrawn only where panel, language or pointer differ from the last call; `changed` tells.
  const gpu::UiDraw& panel(const Panel& panel, Language language, const Pointer& pointer, bool& changed);
  const std::vector<Target>& targets() const;       // of the panel as last drawn; later ones lie over earlier ones
  const gpu::UiDraw& subtitle(const std::string& text, bool& changed);
  const gpu::UiDraw& note(const Note& note, Language language, bool& changed);
  const gpu::UiDraw& word_stop(bool& changed);
  const gpu::UiDraw& puck(Language language, float dwell, bool& changed);  // "unwell?", at the viewer's feet
  const gpu::UiDraw& ray(bool& changed);

 private:
  struct State;
  explicit Interface(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The target under a point; nullptr: none.
const Target* hit(std::span<const Target> targets, glm::vec2 at);

}  // namespace promenade::ui
