#pragma once
// What goes into the hall core and what comes out of it: plain values, the whole contract between the pure core
// and its rim (server, rehearsal, tests). The core never waits: every question it asks is answered by a later event.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "showcontrol/planning/planner.h"
#include "showcontrol/protocol/messages.h"
#include "ticketing/core/answers.h"
#include "ticketing/core/requests.h"
#include "tracking/base/bytes.h"
#include "tracking/base/id.h"
#include "tracking/base/result.h"
#include "tracking/body.h"
#include "tracking/level.h"
#include "tracking/near_miss.h"

namespace promenade::hall {

using PeerId = base::Id<struct PeerTag, std::uint32_t>;  // the rim's number for one connection, never reused
using RequestId = base::Id<struct HallRequestTag, std::uint64_t>;

// ------------------------------------------------------------ events (in)

struct PeerConnected { PeerId peer; };
struct PeerLost { PeerId peer; };
// The rim keeps a device out for a while: what it sent on a good certificate no device of a hall sends. Its PeerLost is told besides.
struct DeviceCutOff {
  std::string device;       // as staff know it
  base::HeadsetId headset;  // none: a staff device
};
struct Received { PeerId peer; protocol::Message message; };
// An answer with seq 0 was given by the rim itself while the box office could not be reached: the ticket's signature
// was checked, its code was durably noted as used, and the redemption goes to the box office as a fact.
struct TicketAnswered { RequestId request; base::Result<ticketing::RedemptionAnswer> answer; };
struct ChangeAnswered { RequestId request; base::Result<ticketing::ChangeAnswer> answer; };
struct PlanAnswered { RequestId request; planning::PlanAnswer answer; };
struct Persisted { std::uint64_t token = 0; };           // everything up to and with this token is durable
struct PersistFailed { std::uint64_t token = 0; base::Error error; };
struct BoxOfficeReachable { bool reachable = false; std::uint16_t outbox = 0; };
// What the inputs of a fire panel and of a button say now, debounced. State, not edges: told at every change and again
// and again between.
enum class Contact : std::uint8_t {
  absent = 0,  // none is wired
  ready,       // at rest
  fire,        // the hall is to be evacuated
  fault,       // cannot be read: staff are called, nobody is evacuated
};
struct ContactsRead {
  Contact fire_contact = Contact::absent;
  Contact evacuate_button = Contact::absent;
  friend bool operator==(const ContactsRead&, const ContactsRead&) = default;
};
// Of a hall that another one stands by for (HallConfig::paired): authority may be told that ends by `until`; in the past:
// none; HallTime::max(): nobody else can take over. State, not edges: told again and again.
struct Lead { base::HallTime until; };
using Event = std::variant<PeerConnected, PeerLost, DeviceCutOff, Received, TicketAnswered, ChangeAnswered, PlanAnswered, Persisted,
                           PersistFailed, BoxOfficeReachable, ContactsRead, Lead>;

// ------------------------------------------------------------ effects (out)

struct Send { PeerId peer; protocol::Message message; };  // delivery by protocol::delivery_of
struct Disconnect { PeerId peer; std::string reason; };
struct AskTicket { RequestId request; ticketing::RedemptionRequest redemption; };  // `offline` is false
struct AskChange { RequestId request; ticketing::ChangeRequest change; };
struct AskPlan {  // for `planning::Planner::plan` as it stands: it carries its own snapshot of the floor
  RequestId request;
  planning::PlanRequest plan;
  planning::Snapshot snapshot;
  planning::WorkBudget budget;
  std::uint64_t seed = 0;
};

// State records are absolute (key -> whole value; an empty value erases); outbox items are facts for the box
// office. Both are made durable together, in order. `token` rises by one each time.
struct StateRecord { std::string kind; std::string key; base::Bytes value; };
struct OutboxItem { std::string idempotency_key; std::string kind; std::string body_json; };
struct Persist { std::uint64_t token = 0; std::vector<StateRecord> records; std::vector<OutboxItem> facts; };

// For logs, staff and films' heat maps; never needed for safety.
enum class NoteKind : std::uint8_t { info, alarm, near_miss, contact, level_change, play_event, refused_message };
struct Note {
  NoteKind kind = NoteKind::info;
  base::HallTime time;
  base::HeadsetId headset;
  base::PlayId play;
  std::string text;      // one sentence, for staff
  std::string what_to_do;
  std::string code;      // not empty: an alarm that consoles show until somebody takes it
  base::FilmId film;     // of an alarm about a film; else none
};

// Where a viewer is in his film. On a leg the scene is the one that it leaves.
enum class FilmPart : std::uint8_t { none, way_in, scene, leg, way_out };
std::string_view to_string(FilmPart part);

struct FilmMoment {
  base::FilmId film;              // none: no film
  base::Hash package_hash{};      // of this cut of it
  FilmPart part = FilmPart::none;
  int scene = -1;                 // from 0, of scene and leg
  std::string scene_name;         // as the manifest has it
  double scene_s = 0.0;           // since the scene began, loops included; on a leg, its dwell and the walk so far
  std::optional<tracking::Point<tracking::Film>> at;  // in the film's own frame, metres; none: seated, or no place yet
};

// One of those whom a near miss concerns, at its nearest moment unless said otherwise.
struct NearMissSide {
  base::BodyId body;
  tracking::BodyKind kind = tracking::BodyKind::viewer;
  base::HeadsetId headset;        // none: nobody reports
  std::string play_code;          // empty: no play
  FilmMoment film;
  tracking::Level level = tracking::Level::clear;  // as ordered when it began, with its cause
  tracking::Cause cause = tracking::Cause::none;
  double warned_s = 0.0;          // for so long he had been at warn or above when it began
  bool tracked = true;            // his place was believed and within trust
  tracking::HallPoint at;
  std::vector<tracking::TrackPoint> track;  // up to the last 10 s before the end, oldest first
};

// A contact or near miss that has ended, for staff and for films' heat maps; never needed for safety.
struct NearMissKept {
  tracking::EpisodeKind kind = tracking::EpisodeKind::near_miss;
  base::UtcTime begin, nearest, end;
  base::HallTime nearest_time;    // the same moment on the clock of the tracks
  double nearest_m = 0.0;         // head to head, or head to wall
  std::vector<NearMissSide> sides;  // one for walls, two for pairs
};

// Time that viewers have spent on the floor since this was last told: what counts of near misses are set against.
struct ViewerTime {
  struct Part {
    base::FilmId film;
    base::Hash package_hash{};
    FilmPart part = FilmPart::none;
    int scene = -1;
    std::string scene_name;
    double seconds = 0.0;
  };
  base::UtcTime until;
  std::vector<Part> parts;
};
using Effect = std::variant<Send, Disconnect, AskTicket, AskChange, AskPlan, Persist, Note, NearMissKept, ViewerTime>;
using Effects = std::vector<Effect>;

}  // namespace promenade::hall
