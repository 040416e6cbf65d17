// What headsets tell of their surroundings becomes alarms: one for each headset whose device is wanting, and one for
// all headsets on which a film is wanting, or a morning with a bad film would bury every other alarm. Films of which this
// hall knows nothing are one, and no more than kTroublesWaiting wait: a headset may say what it likes.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {

using protocol::Trouble;

constexpr std::size_t kHeadsetsNamed = 8;
constexpr std::size_t kTroublesWaiting = 64;
constexpr const char* kMoreCode = "troubles-more";

struct Wording {
  std::string_view code, text, what_to_do;  // `text` after the film's and the headsets' names
};

Wording wording(Trouble what) {
  switch (what) {
    case Trouble::film_damaged: return {"film-damaged", "cannot be shown: its file is damaged.", "Copy the film to the headset again. Let viewers choose another film."};
    case Trouble::film_incomplete: return {"film-incomplete", "is shown with parts missing.", "Run promenade film verify on it; copy it again, or ask the distributor."};
    case Trouble::film_newer: return {"film-newer", "cannot be shown: it is newer than the program.", "Update the headset's program, or ask for the film in the older format."};
    case Trouble::film_missing: return {"film-missing", "is not there.", "Copy the film to the headset. Let viewers choose another film."};
    case Trouble::no_sound: return {"headset-no-sound", "has no sound.", "Check its sound device. Hand out another headset meanwhile."};
    case Trouble::no_picture: return {"headset-no-picture", "has no graphics device (Vulkan).", "Install its graphics driver. Hand out another headset."};
    case Trouble::no_runtime: return {"headset-no-runtime", "hears no OpenXR runtime.", "Start the runtime on its computer. Hand out another headset meanwhile."};
    case Trouble::no_headset: return {"headset-not-found", "is not found by its runtime.", "Is it on, charged and near its computer? Hand out another headset meanwhile."};
  }
  return {};
}

bool of_film(Trouble what) { return what <= Trouble::film_missing; }

bool of_trouble(std::string_view code) {
  for (auto what = Trouble::film_damaged; what <= Trouble::no_headset; what = static_cast<Trouble>(static_cast<int>(what) + 1)) {
    if (wording(what).code == code) return true;
  }
  return false;
}

}  // namespace

void Hall::State::tell_trouble(const Headset& headset, const protocol::HeadsetTrouble& trouble) {
  const Wording words = wording(trouble.what);
  if (!of_film(trouble.what)) return note_trouble(words.code, headset.id(), {}, base::formatted("Headset {} {}", headset.id().value(), words.text), words.what_to_do);
  const Film* known = film(trouble.film);
  std::string named;
  std::size_t more = 0, count = 0;
  for (const auto& [id, other] : headsets) {
    const auto same = [&](const protocol::HeadsetTrouble& one) { return one.what == trouble.what && film(one.film) == known; };
    if (!std::ranges::any_of(other.newest().troubles, same)) continue;
    if (++count > kHeadsetsNamed) ++more;
    else named += base::formatted("{}{}", named.empty() ? "" : ", ", id.value());
  }
  if (more > 0) named += base::formatted(" and {} more", more);
  const std::string which = known == nullptr ? std::string("A film file that is none of this hall's films") : base::formatted("Film {} ({})", trouble.film.value(), known->manifest.title("en"));
  note_trouble(words.code, {}, known == nullptr ? base::FilmId{} : trouble.film, base::formatted("{} on headset {} {}", which, named, words.text), words.what_to_do);
}

void Hall::State::note_trouble(std::string_view code, HeadsetId headset, const base::FilmId& film, std::string text, std::string_view what_to_do) {
  const auto waits = [](const Alarm& one) { return one.told.taken_by.empty(); };
  const bool again = std::ranges::any_of(alarms, [&](const Alarm& one) { return waits(one) && one.told.code == code && one.told.headset == headset && one.film == film; });
  const auto waiting = static_cast<std::size_t>(std::ranges::count_if(alarms, [&](const Alarm& one) { return waits(one) && of_trouble(one.told.code); }));
  const bool shown = again || waiting < kTroublesWaiting;
  note(NoteKind::alarm, headset, {}, std::move(text), std::string(what_to_do), shown ? std::string(code) : std::string(), film);
  if (shown || std::ranges::any_of(alarms, [&](const Alarm& one) { return waits(one) && one.told.code == kMoreCode; })) return;
  note(NoteKind::alarm, {}, {}, "More is wrong with headsets and films than is listed.", "See to what is listed and take it; what the hall prints names the rest.", kMoreCode);
}

}  // namespace promenade::hall
