#pragma once
// What the viewer is given to read now, from what the client shows and what the App remembers of this visit. Pure.

#include <optional>
#include <set>
#include <string>

#include "runtime/headset/geometry.h"
#include "runtime/ui/interface.h"
#include "showcontrol/client/client.h"

namespace promenade::headset {

struct FilmFault {                       // a film that this headset cannot show
  base::FilmId film;                     // none: not even its code could be read
  ui::Why why = ui::Why::film_damaged;
  base::Error error;
};

struct Visit {                           // of one viewer; begins anew when the headset goes back to the shelf
  bool welcomed = false;
  base::FilmId chosen;
  bool asked = false;                    // the choice is with the hall
  std::size_t page = 0;
  int stars = 0;
  bool help = false;
  std::string pair;                      // of marks
  int touched = 0;
  std::string mark_fault;
};

struct Facts {
  const client::View* view = nullptr;
  protocol::Phase phase = protocol::Phase::idle;
  bool linked = false;
  std::uint16_t headset = 0;
  std::optional<std::uint8_t> battery_percent;  // none: not known
  bool silent = false;                   // no sound is heard
  std::optional<base::Duration> clock_error;  // half-width of hall time; none: not known
  const client::FilmShelf* shelf = nullptr;
  const std::vector<FilmFault>* faults = nullptr;
  ui::Language language = ui::Language::zh;
  const Visit* visit = nullptr;
  std::optional<protocol::HallPose> head;   // none: place not known
  bool film_ready = false;               // the present film's picture can be shown
  double screen_s = 0.0;                 // since the present screen came
  double hold_s = 0.0;                   // since the present hold began; 0: none
  bool see_through = false;              // the real hall is seen behind the frame
};

// Direction of a hall yaw from where a head looks, clockwise.
double clockwise_rad(const protocol::HallPose& head, double hall_yaw_rad);

std::optional<ui::Panel> panel_of(const Facts& facts);
std::optional<ui::Note> note_of(const Facts& facts);

// The menu's cards, in the hall's order; the available one that starts first is marked.
std::vector<ui::FilmCard> cards_of(const Facts& facts);
// The film that the menu begins with: the one that starts soonest, else the first.
base::FilmId first_choice(const std::vector<ui::FilmCard>& cards);

// What a package's error means for a viewer.
ui::Why why_of(const base::Error& error);
// The same as the hall is told.
protocol::Trouble trouble_of(ui::Why why);
// Whether the viewer may call for help here: he wears the headset in the hall.
bool help_offered(client::Screen screen);
std::string_view name_of(client::Screen screen);

}  // namespace promenade::headset
