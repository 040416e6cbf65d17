#pragma once
// Inside of the hall core: all that it holds, and its deeds by concern (one .cpp each). Private to showcontrol/hall;
// contract as hall.h. Every deed appends effects to `out`, which is set for the length of one handle or tick.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "showcontrol/hall/course_motion.h"
#include "showcontrol/hall/hall.h"
#include "showcontrol/hall/headset.h"
#include "showcontrol/hall/visit.h"
#include "showcontrol/hall/ways_out.h"
#include "showcontrol/planning/admission.h"
#include "tracking/base/random.h"
#include "tracking/body.h"
#include "tracking/near_miss.h"
#include "tracking/wall_grid.h"

namespace promenade::hall {

inline constexpr std::uint32_t kBodyIdMax = 4095;  // on the wire
inline constexpr std::size_t kCodeMax = 48, kTextMax = 400;  // bytes, as the wire takes them

// At most `size` bytes of `text`, never cut inside a character.
std::string clipped(std::string text, std::size_t size);

enum class PeerRole : std::uint8_t { unknown, headset, staff };
struct Peer {
  PeerRole role = PeerRole::unknown;
  HeadsetId headset;
  Headset* handle = nullptr;  // of `headset`; headsets are never erased
  std::string name;
};

// A headset between visits.
struct Shelf {
  Phase phase = Phase::idle;
  ViewerId visit;  // none: nobody bound
  // What staff were last told of it, and when to say so again.
  HallTime next_card{};
  Phase carded_phase = Phase::idle;
  bool carded_connected = false;
};

// A body that is not a viewer of a visit: an attendant's tag, somebody placed by staff, a viewer who left a headset.
struct OtherBody {
  BodyId id;
  std::optional<std::uint16_t> tag;
  std::optional<std::uint16_t> number;
  bool staff = false;
  HeadsetId beside;          // walks hand in hand with this headset's viewer; none: with nobody
  bool counted_out = false;  // of an evacuation
  HallPoint at;
  HallTime heard;
  bool blocks = false;
  HallPoint blocks_at;
};

struct Mode {  // of the whole hall; recorded
  bool stopped = false;
  bool evacuate = false;
  bool admission_open = true;
  std::uint32_t next_viewer = 1;
  std::uint64_t next_play = 1;
  std::uint32_t next_body = 1;
  bool paused = false;
  std::uint32_t plays_today = 0;
  std::uint32_t near_misses_today = 0;
  std::uint32_t redeemed_today = 0;
  std::uint32_t completed_today = 0;
  std::uint32_t ended_early_today = 0;
  std::uint32_t contacts_today = 0;
  std::int64_t day = 0;  // UTC days since 1970 at the counts' start
  tracking::Cause evacuation_cause = tracking::Cause::none;  // of the present or last one
  std::int64_t evacuation_utc_ms = 0;                        // its beginning; 0: there was none
  std::uint32_t evacuation_gone = 0;                         // people of it whose headset was handed back or who were confirmed gone
  std::optional<HallTime> closing;                           // everybody out by then
};

// A party of more than one group holds. Its groups start in turn. Recorded.
struct SchoolClass {
  struct Group {
    PlayId course;
    std::uint8_t people = 0;
    HallTime start;         // of its film, as planned
    bool started = false;
    friend bool operator==(const Group&, const Group&) = default;
  };
  base::FilmId film;
  std::uint8_t people = 0;  // all of them, as staff said or as many as have come
  std::uint8_t done = 0;    // whose visit is over
  std::vector<Group> groups;
  friend bool operator==(const SchoolClass&, const SchoolClass&) = default;
};

struct PlanInFlight {
  RequestId request;
  std::vector<ViewerId> members;
  std::vector<bool> hands;  // for each member: he walks hand in hand with the one before him
  HallTime join_by{};       // of a latecomer's way: his group cannot be held beyond it
  base::FilmId film;
  std::size_t seat = Course::kNoSeat;
  PlayId course;
  HallTime asked;
  bool look = false;        // only to learn how soon his film would find room, for whoever has not chosen yet: nothing is committed
};

// How soon a walking film would find room, as the planner last said.
struct RoomLook {
  HallTime at;
  std::optional<HallTime> start;  // none: there was no room for it
};

struct ExpectedWait {
  WaitKind kind = WaitKind::no_room;
  base::Duration likely{0};   // about half start no later
  base::Duration at_most{0};  // nineteen of twenty start no later: what viewers are told
};

// Of one kind about one headset or one film of the hall there is one alarm at most that nobody has taken, so that those
// about viewers and about the hall itself are bounded; for what headsets say of themselves see troubles.cpp.
struct Alarm {
  protocol::StaffAlarm told;
  base::FilmId film;
};
inline constexpr std::size_t kAlarmsKept = 32;

struct Hall::State {
  State(HallConfig config_in, const std::vector<StateRecord>& restored);

  // ---- hall.cpp
  template <class Deed>
  void run(HallTime to, Effects& effects, Deed deed);  // one call from outside
  void dispatch(const Event& event);
  void tick_all();
  void send(PeerId peer, protocol::Message message) { out->push_back(Send{peer, std::move(message)}); }
  void reply(PeerId peer, std::uint32_t request, const base::Result<void>& done);          // to staff
  void refuse_choice(const Headset& headset, std::uint32_t request, const base::Error& why);  // to a viewer
  void note(NoteKind kind, HeadsetId headset, PlayId play, std::string text, std::string what_to_do = {}, std::string code = {}, base::FilmId film = {});
  base::UtcTime utc(HallTime at) const;
  base::UtcTime utc() const { return utc(now); }
  double now_s() const { return base::seconds_since_zero(now); }
  const Film* film(const base::FilmId& id) const;

  // ---- peers.cpp: connections and the first words on them
  void on(const PeerConnected& event);
  void on(const PeerLost& event);
  void on(const DeviceCutOff& event);
  void on(const Received& event);
  void refuse(PeerId peer, std::string_view why);
  void greet_headset(PeerId id, Peer& peer, const protocol::Hello& hello);
  void greet_staff(PeerId id, Peer& peer, const protocol::StaffHello& hello);
  void from_headset(Peer& peer, const protocol::Message& message);
  void from_staff(PeerId id, const protocol::Message& message);

  // ---- visits.cpp: from ticket to choice, and the end
  Headset& headset_of(HeadsetId id);         // adds it; bounded by the caller
  bool knows_headset(HeadsetId id) const;
  Visit* visit_in(HeadsetId id);
  Visit& visit_of(ViewerId id);
  bool set_phase(Visit& visit, Phase to);    // false and a note when the table forbids it
  Phase shown_phase(const Visit& visit) const;
  void bind_ticket(PeerId peer, std::uint32_t request, const protocol::BindTicket& bind);
  void ask_ticket(Visit& visit);
  void on(const TicketAnswered& event);
  void on(const ChangeAnswered& event);
  void advance_fitting(Visit& visit);        // fitted, calibrated, choosing
  void choose_film(Headset& headset, const protocol::ChooseFilm& choice);
  void join_queue(Visit& visit, const base::FilmId& film);
  void end_visit(Visit& visit, std::string_view reason, Phase shelf_phase);
  std::size_t visits_open() const { return visits.size(); }

  // ---- queue.cpp: whom to plan next, and what to do with the answer
  struct Turn {  // viewers who would share one course
    std::vector<ViewerId> members;
    base::FilmId film;
    HallTime joined;
    std::vector<bool> hands;  // as in PlanInFlight
    int absent = 0;           // places kept for others of the party who are to join later
  };
  std::vector<Turn> turns() const;
  void plan_next();
  bool ask_for_waiting();
  planning::AdmissionRules admission_rules() const;
  planning::PlanRequest request_for(const Film& wanted, HallPoint enter_from) const;  // of one viewer, as soon as may be
  void ask(PlanInFlight asked, planning::PlanRequest request);
  bool ask_plan(const Turn& turn, int fellows);  // `fellows`: others who wait for the same film
  std::size_t best_seat(double& free_from_s) const;
  HallPoint start_of(const Visit& visit) const;
  std::vector<HallPoint> off_the_kitting(HallPoint from) const;
  std::optional<HallPoint> straight_off(HallPoint from) const;
  bool passes_somebody(ViewerId who, HallPoint from, HallPoint by) const;
  void on(const PlanAnswered& event);
  void commit(const PlanInFlight& asked, const planning::PlayPlan& plan);
  void cancel_course(PlayId id, std::string_view why);  // before gate 0; its viewers queue again
  void cancel_what_has_not_begun();

  // ---- groups.cpp: who of a party share a plan, and in which order they walk where their lanes meet
  bool may_plan(const Visit& visit) const;   // chosen, and waits for a plan
  bool is_asked_later(ViewerId id) const;    // nothing was found for him just now
  bool is_class(std::uint16_t party) const;  // of more people than one group has
  std::vector<Turn> group_turns(std::uint16_t party, const Film& film, std::vector<ViewerId> waiting) const;
  // ---- classes.cpp: parties of more than one group
  void note_class(const Visit& visit);       // as he comes
  void plan_class_group(const Course& course);
  void forget_class_group(PlayId course);    // its start was given up
  void start_class_group(PlayId course);
  void leave_class(const Visit& visit);      // his visit is over
  std::size_t class_left(std::uint16_t party, std::size_t here) const;  // people without a group, `here` of whom have chosen or may yet
  std::vector<protocol::ClassProgress> class_progress() const;
  void save_class(std::uint16_t party);

  bool leave_late_behind(Course& course);    // those not ready, where others are: their group starts without them
  bool has_turn(const Visit& visit, const Course& course, std::size_t block) const;
  std::vector<std::uint8_t> free_places(const Course& course) const;

  // ---- latecomers.cpp: those whose group has started without them
  const Course* group_to_join(const Visit& visit) const;  // that he may still join; nullptr: none
  bool ask_join();
  bool may_join(const PlanInFlight& asked, const planning::PlayPlan& plan) const;
  void join_group(Visit& visit);
  void add_latecomer(const Visit& visit, protocol::HeadsetCard& card) const;
  std::optional<protocol::OwnPlace> own_place_of(const Visit& visit) const;

  // ---- waits.cpp: what to tell whoever waits
  std::vector<double> seats_free_s() const;  // hall seconds from which each seat is free, by the venue's order
  // From now to the film's beginning, for somebody who chose it at `chosen` or, none, chooses it now.
  // Closing time (closing.cpp).
  std::optional<HallTime> last_admission(const base::FilmId& film) const;  // none: no closing time
  std::optional<HallTime> latest_start(const base::FilmId& film) const;
  bool past_last_admission(const base::FilmId& film) const;
  std::optional<HallTime> all_out() const;
  bool ends_before_closing(const planning::PlanAnswer& answer) const;
  void turn_away(const std::vector<ViewerId>& members);
  bool has_film_before_closing(const Visit& visit) const;
  void call_for_the_late(Visit& visit);
  void look_for_the_late();
  HallTime next_look_for_the_late;
  ExpectedWait expected_wait(const base::FilmId& film, std::optional<HallTime> chosen = std::nullopt) const;
  const RoomLook* room_for(const base::FilmId& film, std::optional<HallTime> chosen) const;
  double chair_free_s(const base::FilmId& film, std::optional<HallTime> chosen) const;
  bool waits_before(const Visit& visit, std::optional<HallTime> chosen) const;  // walks or sits, and has no start yet
  std::size_t waiting_before(std::optional<HallTime> chosen, bool seated) const;  // of them, who sit, or who walk
  double wait_in_turn_s(const base::FilmId& film, std::size_t walkers_before) const;
  bool is_seated(const base::FilmId& film) const;
  bool look_for_room();                      // asks the planner where a look is due; whether it did
  void learn_wait(const Visit& visit);       // as his film begins
  void learn_from_the_late();
  void learn_turn(std::size_t viewers);      // as so many have been given a start

  // ---- plays.cpp: gates, progress, facts
  Course* course_of(const Visit& visit);
  const Course* course_of(const Visit& visit) const;
  void follow_progress(Visit& visit, const protocol::HeadsetState& state, HallPoint head);
  void report_course(Course& course);        // to the interlocking: the hindmost member
  void open_gates();
  void open_gate(Course& course, int gate);
  void follow_choice(Visit& visit, const std::vector<std::uint8_t>& chosen);  // choices.cpp
  void choose_way(Course& course, std::uint8_t way);
  void settle_choices();
  void save_orders(const std::vector<PlayId>& changed);
  bool is_fit(const Visit& visit) const;     // to go through a gate: heard, in his place, worn, not paused
  bool members_fit(const Course& course) const;
  bool authority_holds(const Visit& visit, const Course& course) const;
  void start_play(Visit& visit);
  void end_play(Visit& visit, bool completed, std::string_view reason, std::vector<OutboxItem>& facts);
  void leave_course(Visit& visit);           // he walks it no longer; the course stays until his visit ends
  void forget_course(Visit& visit);
  Walked hindmost(const Course& course, double* along_m = nullptr) const;
  int told_gate(const Course& course) const;  // the last gate that may be told: durable, or the store has failed
  void finish_leading_out();
  OutboxItem grant_fact(const Visit& visit, const Course& course) const;
  ticketing::RequestHead head(std::string key, HallTime at) const;

  // ---- safety.cpp
  void evaluate(Visit& visit, const Headset& headset);
  void evaluate_near(const Visit& visit);
  tracking::Condition condition_of(const Visit& visit, const Headset& headset, const tracking::Body& body) const;
  void add_commands(const Visit& visit, const Headset& headset, const tracking::Body* body, tracking::Evaluation& evaluation) const;
  tracking::Evaluation with_lifted(Visit& visit, const tracking::Evaluation& full);
  void order(Visit& visit, tracking::Concern concern);
  tracking::Concern effective(const Visit& visit, const Headset& headset) const;  // ordered, or the headset's own
  void call_staff(Visit& visit, const tracking::Body& body, const tracking::Condition& condition);
  void begin_panic(Visit& visit);
  void watch_long_hold(Visit& visit);        // watch.cpp
  void watch_drift(Visit& visit, const Headset& headset);
  void doubt_place(const Headset& headset);  // it has jumped, or has given its place up
  BodyId steps_away_first(const Visit& visit) const;  // parting.cpp: of those held too close, he included; none: nobody else is
  bool must_yield(Visit& visit);             // he stays held although nothing measured asks for it any more
  base::Result<void> may_release(const Visit& visit, const Headset& headset) const;

  // ---- near_misses.cpp: what is kept of contacts and near misses; called once levels have been told
  void watch_near_misses(const Visit& visit, const tracking::Body& body, std::span<const tracking::Neighbour> near);
  void call_to_contact(tracking::EpisodeKind kind, const NearMissSide& who, HallPoint at);
  void keep_moment(tracking::EpisodeKind kind, const tracking::EpisodeNews& news, const tracking::Body& one, const tracking::Body* other);
  NearMissSide side_of(const tracking::Body& body) const;
  FilmMoment film_moment(const Visit& visit, HallPoint at) const;
  void count_viewer_time(const Visit& visit, double seconds);
  void tell_viewer_time();
  void take_episodes();

  // ---- bodies.cpp
  BodyId new_body();
  void place_viewer(Visit& visit, Headset& headset);
  void watch_silence();
  // Known no longer; `at` where his last pose is not his place.
  void lose(Visit& visit, std::string_view why, std::optional<HallPoint> at = {});
  void lose_taken_off(Visit& visit, std::string_view why, std::optional<HallPoint> at = {});
  void leave_floor_if_out(Visit& visit);
  const Visit* companion_of(const Visit& visit) const;  // the other one of a parent and child
  void forget_other(BodyId id);
  void keep_clear_of(Visit& visit, const tracking::Body& body);  // in the interlocking, if he stands in others' way
  void release_block(Visit& visit);

  // ---- escort.cpp: who is led by somebody
  void escort(Visit& visit);
  void follow_hand(Visit& visit);
  planning::Path rest_of_way(const Visit& visit) const;  // of an escort, from where he is
  std::size_t bodies_beside(HeadsetId headset) const;
  void move_beside(const Visit& visit);
  void forget_beside(HeadsetId headset);
  bool is_alone(const Visit& child) const;   // no adult of his party is in the hall, nor anybody beside him

  void take_tag(const protocol::TagReport& report);
  base::Result<void> place_body(const protocol::PlaceBody& place);
  base::Result<void> confirm_gone(BodyId id);
  void put_other(OtherBody& other, tracking::BodyKind kind, double error_m, bool reports, HallVec velocity);
  void leave_where_taken_off(const Visit& visit, HallPoint head);
  void leave_body(const tracking::Body& body, HeadsetId headset, std::string text);
  bool leave_body_behind(const Visit& visit);  // somebody may still stand where the headset was; false: nobody does
  Visit* viewer_body(BodyId id) const { return id.value() <= kBodyIdMax ? visit_of_body[id.value()] : nullptr; }

  // ---- downlink.cpp, cards.cpp
  void send_state(Headset& headset);
  void add_play_order(const Visit& visit, const Headset& headset, protocol::HallState& state);
  void add_neighbours(const Visit& visit, const tracking::Body& self, protocol::HallState& state);
  protocol::Relation relation(const Visit& self, const tracking::Body& other) const;
  void send_cards();
  protocol::HeadsetCard card(const Headset& headset) const;
  bool is_heard(const Headset& headset) const;  // within the last second
  protocol::HallSummary make_summary() const;
  void add_route(const Course& course, const Visit& visit, protocol::HeadsetCard& card) const;
  void send_forecasts();                     // forecast.cpp
  struct Waiting {  // of somebody who stands still; see protocol::HeadsetCard
    protocol::WaitsFor why = protocol::WaitsFor::none;
    HeadsetId headset;
    BodyId body;
    HallPoint at;
    std::optional<HallTime> until;
    PlayId course;  // of `play`
  };
  Waiting waiting_of(const Visit& visit) const;
  bool is_held_up(PlayId course) const;      // somebody before it stands still, and nobody knows for how long
  std::optional<HallTime> gate_time(const Course& course, std::size_t gate) const;  // as last projected
  void add_waiting(const Visit& visit, protocol::HeadsetCard& card) const;
  void tell_trouble(const Headset& headset, const protocol::HeadsetTrouble& trouble);  // troubles.cpp
  void note_trouble(std::string_view code, HeadsetId headset, const base::FilmId& film, std::string text, std::string_view what_to_do);
  void raise_alarm(const Note& note);        // shown on every console until taken
  void tell_films(PeerId peer);
  void tell_alarms(PeerId peer);

  // ---- staff.cpp
  void command(PeerId peer, const protocol::StaffCommand& command);
  base::Result<void> act(const protocol::SetFitted& action);
  base::Result<void> act(const protocol::SetViewerPaused& action);
  base::Result<void> act(const protocol::ReleaseViewer& action);
  base::Result<void> act(const protocol::SetHallStopped& action);
  base::Result<void> act(const protocol::SetEvacuation& action);
  base::Result<void> act(const protocol::SwapHeadset& action);
  base::Result<void> act(const protocol::PlaceBody& action) { return place_body(action); }
  base::Result<void> act(const protocol::ConfirmBodyGone& action) { return confirm_gone(action.body); }
  base::Result<void> act(const protocol::LeadOut& action);
  base::Result<void> act(const protocol::SetReturned& action);
  base::Result<void> act(const protocol::SetCleaned& action);
  base::Result<void> act(const protocol::SetAdmission& action);
  base::Result<void> act(const protocol::SetClosing& action);
  base::Result<void> act(const protocol::SetHallPaused& action);
  base::Result<void> act(const protocol::LiftCause& action);
  base::Result<void> act(const protocol::CountOut& action);
  base::Result<void> take_alarm(PeerId peer, std::uint32_t number);

  // ---- evacuation.cpp: by staff, fire contact and button
  struct Roll {  // people of the present or last evacuation
    std::size_t all = 0, out = 0;
  };
  Roll roll() const;
  void add_evacuation(protocol::HallSummary& summary) const;
  base::Result<void> settle_evacuation(PeerId peer, const protocol::SettleEvacuation& action);
  base::Result<void> settle(Visit& visit, protocol::Settlement settlement, std::string_view supervisor);
  OutboxItem settlement_fact(const Visit& visit, protocol::Settlement settlement, std::string_view supervisor) const;
  std::string evacuation_id() const;         // as the box office knows it
  void find_ways_out();
  const WaysOut& ways();
  void begin_evacuation(std::string text, std::string code);
  void tell_every_headset();
  base::Result<void> end_evacuation();
  void on(const ContactsRead& event);

  // ---- persistence (records.cpp has the texts, restore.cpp the way back)
  std::uint64_t persist(std::vector<StateRecord> records, std::vector<OutboxItem> facts = {});
  std::uint64_t save(Visit& visit, std::vector<OutboxItem> facts = {});
  std::uint64_t save(Visit& visit, Course& course, std::vector<OutboxItem> facts = {});
  void save_mode();
  void save_shelf(HeadsetId id);
  void save_other(const OtherBody& other);
  void write_down();                         // what is unwritten
  void on(const Persisted& event);
  void on(const PersistFailed& event);
  void on(const BoxOfficeReachable& event);
  // Whether authority may be given: nobody else leads, or could by now.
  void on(const Lead& event) { lead_until = event.until; }
  bool leads() const { return now < lead_until; }
  bool leads_alone() const { return lead_until == HallTime::max(); }
  void watch_lead();
  bool durable(std::uint64_t token) const { return token <= durable_token; }
  void restore(const std::vector<StateRecord>& records);
  void take_up(std::vector<planning::SavedPlay> held);

  HallConfig config;
  tracking::WallGrid wall_grid{config.venue};
  planning::FloorPlan floor;
  HallPoint muster;                      // where a way begins for whoever does not stand in the kitting area
  std::map<base::FilmId, const Film*> films;
  base::Random random;
  HallTime now{};
  Effects* out = nullptr;

  std::map<PeerId, Peer> peers;
  std::map<HeadsetId, Headset> headsets;
  std::map<HeadsetId, Shelf> shelf;
  std::map<ViewerId, Visit> visits;
  std::map<PlayId, Course> courses;
  std::map<BodyId, OtherBody> others;
  std::map<std::uint16_t, SchoolClass> classes;  // by party
  std::vector<Visit*> visit_of_body;     // by body number
  std::vector<BodyId> runners;           // viewers who ran when they were last placed
  tracking::BodyTable bodies;
  planning::Interlocking interlocking;
  tracking::NearMissDetector near_misses;
  // Who was where at the nearest moment of each episode that is open: the detector bounds how many there are.
  std::map<tracking::EpisodeKey, std::vector<NearMissSide>> near_miss_sides;
  struct TimeKey {
    const Film* film = nullptr;
    FilmPart part = FilmPart::none;
    int scene = -1;
    friend auto operator<=>(const TimeKey&, const TimeKey&) = default;
  };
  std::map<TimeKey, double> viewer_time;  // s, since last told; one entry for each part of each film in force at most
  HallTime next_viewer_time{};
  Mode mode;
  ContactsRead contacts;                 // as last told
  std::unique_ptr<WaysOut> ways_out;     // made when first asked for

  std::uint64_t next_request = 1;
  std::map<RequestId, ViewerId> ticket_requests;
  std::map<RequestId, ViewerId> change_requests;
  std::optional<PlanInFlight> planning_now;
  std::map<ViewerId, HallTime> plan_not_before;  // after an answer without a plan
  std::map<base::FilmId, RoomLook> looks;
  std::array<double, kWaitKinds> likely_factor{1.0, 1.0, 1.0, 1.0};  // on what a wait is reckoned to be; see waits.cpp
  std::array<double, kWaitKinds> at_most_s{120.0, 270.0, 450.0, 160.0};  // in which nineteen of twenty have started; of a new hall as rehearsed
  double turn_s = 0.0;                           // from one viewer's start to the next one's while others wait; 0: not known yet
  std::optional<HallTime> last_turn;             // the last start; none: nobody has been waiting since

  std::uint64_t last_token = 0;
  std::uint64_t durable_token = 0;
  bool store_failing = false;
  struct Unwritten {  // of a stop: to be written once everybody has been told
    bool mode = false;
    std::set<ViewerId> visits;
    bool any() const { return mode || !visits.empty(); }
  };
  Unwritten unwritten;
  bool box_office_reachable = false;
  std::uint16_t outbox = 0;
  HallTime lead_until = HallTime::max();  // authority told ends by then
  bool lead_missed = false;               // staff have been told

  HallTime next_cards{};
  HallTime next_forecasts{};
  std::map<PlayId, std::vector<double>> gate_times;  // s, of every play as last projected for staff
  HallTime next_watch{};
  std::uint32_t card_sequence = 0;
  std::deque<Alarm> alarms;  // oldest first: all that wait to be taken, and taken ones up to kAlarmsKept in all
  std::uint32_t next_alarm = 1;
  HallTime notes_window{};
  std::size_t notes_in_window = 0;
  std::vector<std::string> restore_problems;
  Counts counts;
};

}  // namespace promenade::hall
