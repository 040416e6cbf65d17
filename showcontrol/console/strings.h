#pragma once
// Every word that a console says, in one table for each language; and the hall's own codes in the reader's language.
// Constant data. UTF-8; a `{}` takes one argument of std::format.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace promenade::console {

enum class Language : std::uint8_t { zh, en };

struct Strings {
  // The bar on top and states of the whole hall
  const char* other_language;      // on the button: the name of the language to switch to
  const char* hall;
  const char* in_hall;
  const char* waiting;
  const char* headsets;
  const char* admission_open;
  const char* admission_closed;
  const char* fire_contact;
  const char* evacuate_button;
  const char* contact_fault;       // {contact}
  const char* contact_fault_text;
  const char* connecting;          // {address}
  const char* key_refused;
  const char* not_connected_since; // {time of day, for so long}
  const char* not_connected_text;
  const char* evacuating;
  const char* evacuating_text;
  const char* by_fire_contact;
  const char* by_button;
  const char* by_staff;
  const char* by_staff_or_button;
  const char* evacuation_was_on;
  const char* unsettled;           // {count}
  const char* unsettled_text;
  const char* settle;
  const char* stopped;
  const char* stopped_text;
  const char* paused;
  const char* paused_text;
  const char* to_release;          // {count}
  const char* to_release_text;
  const char* next_viewer;
  const char* records_failing;
  const char* venue_unreadable;
  // Hall-wide commands
  const char* pause_all;
  const char* pause_all_text;
  const char* go_on_all;
  const char* stop_hall;
  const char* stop_hall_text;
  const char* end_stop;
  const char* evacuate;
  const char* evacuate_text;
  const char* end_evacuation;
  const char* hold;                // "press and hold"
  // Plan
  const char* entrance;
  const char* exit;
  const char* kitting;
  const char* place_attendant;
  const char* place_viewer;
  const char* tap_place_attendant;
  const char* tap_place_viewer;
  const char* cancel;
  const char* ahead;               // heading of the slider
  const char* ahead_live;
  const char* ahead_in;            // {time}
  const char* ahead_now;
  const char* ahead_banner;        // {time of day, time}
  const char* ahead_not_people;
  const char* ahead_untold;        // {count}
  const char* ahead_halted;
  const char* ahead_none;
  const char* minutes_short;       // {minutes}
  const char* legend_forecast;
  const char* legend_live_faint;
  const char* legend_viewer;
  const char* legend_reserved;
  const char* legend_ahead;
  const char* legend_attendant;
  const char* legend_column;
  const char* legend_unknown;
  const char* legend_child;
  const char* legend_child_sign;
  const char* legend_hand;
  const char* legend_escort;
  const char* legend_unmeasured;
  const char* legend_drifted;
  const char* legend_out;
  const char* legend_goes_on;
  const char* attendant;           // {number}
  const char* attendant_alone;
  const char* somebody;            // {number}
  const char* somebody_alone;
  // Cards and detail
  const char* tab_headsets;
  const char* tab_queue;
  const char* tab_day;
  const char* tab_roll;
  const char* tab_settle;
  const char* back;
  const char* headset;             // {number}
  const char* scene;               // {at, of}
  const char* way_in;
  const char* way_out;
  const char* left;                // {time}
  const char* starts_in;           // {time}
  const char* ready_on_shelf;
  const char* film;
  const char* state;
  const char* time_left;
  const char* starts;              // heading of the wait for a start
  const char* safety;
  const char* tracking;
  const char* drift;
  const char* drift_found;         // {cm, by what, for so long}
  const char* drift_estimate;      // {cm}
  const char* drift_never;
  const char* drift_unknown_text;
  const char* battery;
  const char* battery_unknown;     // in little room
  const char* charging;
  const char* link;
  const char* clock;
  const char* clock_text;          // {ms}
  const char* pictures;
  const char* temperature;
  const char* heard;
  const char* heard_now;
  const char* ago;                 // {time}
  const char* never;
  const char* tracking_good;
  const char* tracking_lost;
  const char* unknown;
  const char* link_text;           // {percent lost, ms}
  const char* pictures_text;       // {a second, percent late}
  const char* child;
  const char* height;
  const char* height_text;         // {centimetres}
  const char* party;               // {number}
  const char* together;
  const char* child_age;           // {age}
  const char* child_alone;
  const char* child_alone_text;
  const char* parent_beside;
  const char* companion_beside;
  const char* place_parent;
  const char* place_companion;
  const char* beside_later;
  const char* parent_of;           // {headset}
  const char* companion_of;        // {headset}
  const char* why;
  const char* what_clears;
  const char* lift;
  const char* lift_text;
  const char* lifted;              // {cause}
  const char* lift_back;
  const char* nobody_lifts;
  const char* escort_text;
  const char* escort_done;
  const char* lead_text;
  // Waits: {film, place, time of day}
  const char* waits_scene;         // {film, place, time}
  const char* waits_place;         // {film, place, time}
  const char* waits_place_open;    // {film, place}
  const char* waits_before;        // {film, headset}
  const char* waits_body;          // {film, place, who}
  const char* waits_companion;     // {film, headset, time}
  const char* waits_companion_open;  // {film, headset}
  const char* waits_ready;         // {film}
  const char* waits_start;         // {film, time}
  const char* waits_plan;          // {film}
  const char* late_waits;          // {film, headset}
  const char* late_led;            // {film, headset, scene}
  const char* waits_short;         // {place, time}
  const char* waits_short_open;    // {place}
  const char* waits_short_body;    // {who}
  const char* waits_short_companion;  // {headset}
  const char* middle;
  std::array<const char*, 8> sides;    // clockwise from north
  std::array<const char*, 8> walls;
  std::array<const char*, 8> corners;
  // Actions
  const char* pause;
  const char* go_on;
  const char* release;
  const char* swap;
  const char* swap_choose;
  const char* swap_none;
  const char* lead_out;
  const char* scan_ticket;
  const char* bind_grown;          // {age}
  const char* bind_child;          // {age}
  const char* bind_small;          // {centimetres}
  const char* age;
  const char* age_text;            // {years}
  const char* not_asked;
  const char* bind;
  const char* alone;
  const char* fitted;
  const char* returned;
  const char* cleaned;
  const char* confirm_gone;
  const char* remove_body;
  const char* taken;               // "I am going"
  const char* show;
  const char* taken_by;            // {name}
  const char* more_alarms;         // {count}
  const char* asked;
  const char* done;
  const char* refused;             // {text}
  const char* roll_out_of;         // {out, people}
  const char* roll_inside;         // {count}
  const char* roll_all_out;
  const char* roll_is_out;
  const char* roll_not_out;
  const char* roll_those_out;
  const char* roll_helpless;
  const char* roll_unticked;       // {count}
  const char* to_door;             // {door, metres}
  const char* at_door;             // {door}
  const char* at_chair;            // {chair}
  const char* place_not_known;
  const char* resume;
  const char* rebook;
  const char* refund;
  const char* resume_text;
  const char* rebook_text;
  const char* refund_text;
  const char* settle_all;          // {count}
  const char* settle_none;
  const char* settle_each;
  const char* confirm_rebook;      // {count}
  const char* confirm_refund;      // {count}
  const char* rebook_count;        // {count}
  const char* refund_count;        // {count}
  const char* nothing_said;
  const char* goes_on;
  const char* rebooked;
  const char* refunded;
  const char* interrupted;
  // Queue
  const char* queue_waiting;
  const char* queue_nobody;
  const char* queue_fitting;
  const char* queue_classes;
  const char* class_title;         // {party, film}
  const char* class_counts;        // {here and there: watching or done, people}
  const char* class_group;         // {number, people}
  const char* class_started;       // {time}
  const char* class_planned;       // {time}
  const char* class_expected;      // {time}
  const char* class_people;
  const char* class_people_text;   // {number}
  const char* queue_films;
  const char* queue_films_text;
  const char* late_by;             // {time}
  const char* told_nothing;        // no start yet
  const char* for_so_long;         // {time}
  const char* wait_about;          // {time}
  const char* wait_within;         // {time}
  const char* film_counts;         // {playing, waiting}
  const char* no_wait;
  // Day
  const char* day_tickets;
  const char* day_plays;
  const char* day_completed;
  const char* day_early;
  const char* day_near;
  const char* day_contacts;
  const char* box_office;
  const char* box_office_reached;
  const char* box_office_away;
  const char* box_office_outbox;   // {count}
  const char* open_admission;
  const char* close_admission;
  const char* closing;
  const char* closing_none;
  const char* closing_at;          // {time}
  const char* closing_out_by;      // of the stepper
  const char* closing_set;
  const char* closing_lift;
  const char* closing_kept;        // {time}
  const char* closing_not_kept;    // {time}
  const char* closing_all_are_out;
  const char* last_choice;         // {time}
  const char* last_choice_over;
  const char* alarms_of_late;
  const char* no_alarms;
  // Reasons of cards
  const char* reason_lost;
  const char* reason_swapping;
  const char* reason_panic;
  const char* reason_release;
  const char* reason_staff_paused;
  const char* reason_unheard;      // {time}
  const char* reason_trust;        // {cm}
  const char* reason_drift;        // {cm}
  const char* reason_marks;
  const char* reason_late;         // {time}
  const char* reason_battery;      // {percent}
  const char* reason_hot;          // {degrees}
  const char* reason_radio;        // {percent}
  const char* reason_pictures;
  const char* reason_leading;
  const char* reason_evacuated;
  const char* reason_no_server;
  const char* reason_escorted;
  const char* reason_unsettled;
  const char* reason_to_place;
  const char* reason_hand_back;
  const char* reason_child_alone;
  std::array<const char*, 5> drift_states;
  std::array<const char*, 5> measures;     // what has measured drift
  std::array<const char*, 4> contact_states;
  std::array<const char*, 16> phases;
  std::array<const char*, 5> levels;
  std::array<const char*, 13> causes;
  std::array<const char*, 13> clears;  // what ends each cause
};

const Strings& strings(Language language);

struct Coded {
  std::string_view code;
  const char* text;
  const char* what_to_do;  // empty: nothing
};
// Codes of refusals and alarms that have a text of the console's own; the rest is said in the hall's words.
std::span<const Coded> coded(Language language);
const Coded* find_coded(Language language, std::string_view code);  // nullptr: none

// Every character of every table, for the fonts.
std::string all_characters();

}  // namespace promenade::console
