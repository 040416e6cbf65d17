#include "showcontrol/rehearsal/live.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/protocol/impairment_text.h"
#include "showcontrol/rehearsal/films.h"
#include "showcontrol/rehearsal/house.h"
#include "showcontrol/rehearsal/http_box_office.h"
#include "showcontrol/rehearsal/invitations.h"
#include "showcontrol/rehearsal/live_link.h"
#include "showcontrol/rehearsal/live_record.h"
#include "showcontrol/rehearsal/real_headset.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"
#include "tracking/venue_file.h"

namespace promenade::rehearsal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kPoseHz = 90.0;
constexpr double kGraceAtEnd = 420.0;  // s beyond the time to let people in, in which the last may finish

volatile std::sig_atomic_t interrupted = 0;

bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) std::cerr << base::formatted("promenade-rehearse: {} cannot be written. Give --out a folder with room.\n", path.string());
  return static_cast<bool>(out);
}

std::optional<std::string> read_key(const std::string& path, const char* what) {
  std::ifstream in(path);
  std::string key;
  if (in && std::getline(in, key) && !key.empty()) return key;
  std::cerr << base::formatted("promenade-rehearse: the {} file {} cannot be read. Give a file whose first line is the key.\n", what, path);
  return std::nullopt;
}

// NUMBER@SOCKET; null where none is asked for.
base::Result<std::unique_ptr<HeadsetDevice>> open_real_headset(const std::string& text) {
  if (text.empty()) return nullptr;
  const auto at = text.find('@');
  const int number = std::atoi(text.c_str());
  if (at == std::string::npos || number < 1 || number > 65535) return base::fail("option-wrong", base::formatted("--real-headset {} is not NUMBER@SOCKET.", text));
  return RealHeadset::open(base::HeadsetId(static_cast<std::uint16_t>(number)), text.substr(at + 1));
}

class Live {
 public:
  Live(const LiveOptions& options, link::HallKeys keys, FilmSet films, tracking::Venue venue, std::string staff_key, std::unique_ptr<HttpBoxOffice> box_office,
       std::unique_ptr<HeadsetDevice> real_headset)
      : options_(options),
        keys_(std::move(keys)),
        films_(std::move(films)),
        venue_(std::move(venue)),
        box_office_(std::move(box_office)),
        house_(config(std::move(staff_key), std::move(real_headset)), *box_office_),
        invitations_(films_.shelf(), venue_.seats.size(), busy()),
        record_(films_.shelf()) {}

  int run() {
    const auto halls = protocol::hall_addresses(options_.hall).value();
    const auto impairment = protocol::read_impairment(options_.impair).value();
    const auto begin = Clock::now();
    for (Endpoint* endpoint : house_.endpoints()) {
      // Each connection draws for itself, and outages count from the beginning of the run.
      const base::Random random = base::Random(impairment.seed).fork("line", links_.size());
      links_.emplace_back(*endpoint, [halls, security = security_of(*endpoint), impairment, random, begin, opened = std::uint64_t{0}]() mutable {
        auto own = protocol::opened_after(impairment, std::chrono::duration_cast<base::Duration>(Clock::now() - begin));
        own.seed = random.fork("opened", ++opened)();
        return protocol::HallConnection::open(halls, security, own);
      });
    }
    double now = 0.0;
    for (long frame = 1;; ++frame) {
      now = std::chrono::duration<double>(Clock::now() - begin).count();
      box_office_->deliver();
      for (LiveLink& link : links_) link.receive(now);
      invitations_.step(house_, record_.full_s(), now);
      house_.step(now);
      for (LiveLink& link : links_) link.send(now);
      record_.look(house_, now);
      tell_contacts();
      show(now);
      const bool over = (invitations_.over() || now >= options_.seconds) && house_.everybody_gone();
      if (over || interrupted != 0 || now > options_.seconds + kGraceAtEnd) break;
      const auto next = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(frame) / kPoseHz));
      if (next > Clock::now()) std::this_thread::sleep_until(next);
      else frame = static_cast<long>(now * kPoseHz);  // late: no burst to catch up
    }
    return finish(now);
  }

 private:
  // Whoever holds the venue's root key needs no enrolment: these devices live no longer than this program.
  std::shared_ptr<const link::SessionSettings> security_of(const Endpoint& endpoint) const {
    const auto* headset = dynamic_cast<const HeadsetDevice*>(&endpoint);
    const link::Role role = headset != nullptr ? link::Role::headset : link::Role::staff;
    const std::string name = headset != nullptr ? std::to_string(headset->id().value()) : endpoint.name();
    const auto credentials = keys_.authority().issue(role, name, link::system_moment().utc, link::system_random(), std::chrono::hours(24));
    PROMENADE_ASSERT(credentials.has_value());
    auto made = link::SessionSettings::make(link::SessionSettings::End::device, *credentials, link::system_random());
    PROMENADE_ASSERT(made.has_value());
    return *made;
  }

  BusyRun busy() const { return {options_.seconds, options_.viewers, options_.present, options_.pace, options_.until_full}; }

  HouseConfig config(std::string staff_key, std::unique_ptr<HeadsetDevice> real_headset) {
    HouseConfig config;
    config.venue = &venue_;
    config.films = films_.shared();
    config.staff_key = std::move(staff_key);
    config.utc_at_zero = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    config.seed = options_.seed;
    hurry(config.habits, venue_, busy());
    config.habits.settles = options_.settles;
    config.habits.come_again_share = 0.0;  // after an evacuation: the run is over before they would be let in
    if (real_headset) {
      config.habits.crossed.push_back(real_headset->id());
      config.real_headsets.push_back(std::move(real_headset));
    }
    return config;
  }

  void tell_contacts() {
    tell(house_.world().contacts(), "contact", contacts_told_);
    tell(house_.world().wall_contacts(), "wall contact", wall_contacts_told_);
  }
  void tell(const std::vector<Episode>& episodes, const char* kind, std::size_t& told) {
    for (; told < episodes.size(); ++told) {
      const Episode& one = episodes[told];
      std::cerr << base::formatted("  {:3.0f} s   {}, {:.2f} m: {}\n", one.begin_s, kind, one.least_m, house_.describe(one));
    }
  }

  void show(double now) {
    const bool tty = ::isatty(STDERR_FILENO) != 0;
    if (now < next_line_s_) return;
    next_line_s_ = now + (tty ? 0.25 : 10.0);
    const Tally& tally = house_.tally();
    std::cerr << (tty ? "\r\x1b[K" : "")
              << base::formatted("  {:3.0f} s   in plays {:2}   walking {:2}   seated {}   plays {} of {} done   contacts {}", now, record_.under_way(),
                             record_.walkers(), record_.seated(), tally.completed, tally.started, house_.world().contacts().size())
              << (tty ? "" : "\n") << std::flush;
  }

  int finish(double now) {
    if (::isatty(STDERR_FILENO) != 0) std::cerr << "\n";
    house_.observe_now(now);
    const auto until = Clock::now() + std::chrono::seconds(5);
    while (box_office_->unanswered() > 0 && Clock::now() < until) {
      box_office_->deliver();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::filesystem::path out(options_.out);
    const bool written = write_file(out / "tracks.json", tracks_json(record_.tracks(now))) &&
                         write_file(out / "rehearsal.json", record_.report(house_, now).dump(2) + "\n");
    if (!house_.everybody_gone() && interrupted == 0) {
      std::cerr << "promenade-rehearse: somebody is still in the hall:\n" << house_.standing(now);
      return 1;
    }
    return !written ? 3 : interrupted != 0 ? 130 : 0;
  }

  LiveOptions options_;
  link::HallKeys keys_;
  FilmSet films_;
  tracking::Venue venue_;
  std::unique_ptr<HttpBoxOffice> box_office_;
  House house_;
  Invitations invitations_;
  Record record_;
  std::vector<LiveLink> links_;
  double next_line_s_ = 0.0;
  std::size_t contacts_told_ = 0, wall_contacts_told_ = 0;
};

}  // namespace

int run_live(const LiveOptions& options) {
  if (const auto halls = protocol::hall_addresses(options.hall); !halls) {
    std::cerr << "promenade-rehearse: --hall: " << halls.error().text() << "\n";
    return 2;
  }
  if (const auto impairment = protocol::read_impairment(options.impair); !impairment) {
    std::cerr << "promenade-rehearse: --impair: " << impairment.error().text() << "\n";
    return 2;
  }
  auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::cerr << base::to_string(venue.error());
    return 2;
  }
  auto films = FilmSet::load(options.films);
  if (!films) {
    std::cerr << "promenade-rehearse: " << films.error().text() << "\n";
    return 2;
  }
  auto link_keys = link::HallKeys::open(options.link);
  if (!link_keys) {
    std::cerr << "promenade-rehearse: " << link_keys.error().text() << "\n";
    return 2;
  }
  const auto key = read_key(options.key_file, "box office key");
  const auto staff_key = read_key(options.staff_key_file, "staff key");
  if (!key || !staff_key) return 2;
  auto box_office = HttpBoxOffice::open(options.box_office, *key);
  if (!box_office) {
    std::cerr << "promenade-rehearse: " << box_office.error().text() << "\n";
    return 2;
  }
  auto real_headset = open_real_headset(options.real_headset);
  if (!real_headset) {
    std::cerr << "promenade-rehearse: " << real_headset.error().text() << "\n";
    return 2;
  }
  std::error_code failed;
  std::filesystem::create_directories(options.out, failed);
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  return Live(options, std::move(*link_keys), std::move(*films), std::move(*venue), *staff_key, std::move(*box_office), std::move(*real_headset)).run();
}

}  // namespace promenade::rehearsal
