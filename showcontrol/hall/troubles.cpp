// What headsets tell of their surroundings becomes alarms: one for each headset whose device is wanting, and one for
// all headsets on which a film is wanting, or a morning with a bad film would bury every other alarm.

#include <algorithm>

#include "showcontrol/hall/state.h"
#include "tracking/base/formatted.h"

namespace promenade::hall {

namespace {

using protocol::Trouble;

constexpr std::size_t kHeadsetsNamed = 8;

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

}  // namespace

void Hall::State::tell_trouble(const Headset& headset, const protocol::HeadsetTrouble& trouble) {
  const Wording words = wording(trouble.what);
  if (!of_film(trouble.what)) {
    note(NoteKind::alarm, headset.id(), {}, base::formatted("Headset {} {}", headset.id().value(), words.text), std::string(words.what_to_do), std::string(words.code));
    return;
  }
  std::string named;
  std::size_t more = 0, count = 0;
  for (const auto& [id, other] : headsets) {
    if (!std::ranges::contains(other.newest().troubles, trouble)) continue;
    if (++count > kHeadsetsNamed) ++more;
    else named += base::formatted("{}{}", named.empty() ? "" : ", ", id.value());
  }
  if (more > 0) named += base::formatted(" and {} more", more);
  const Film* known = film(trouble.film);
  const std::string which = trouble.film.is_none() ? std::string("A film file") : known == nullptr ? "Film " + trouble.film.value() : base::formatted("Film {} ({})", trouble.film.value(), known->manifest.title("en"));
  note(NoteKind::alarm, {}, {}, base::formatted("{} on headset {} {}", which, named, words.text), std::string(words.what_to_do), std::string(words.code), trouble.film);
}

}  // namespace promenade::hall
