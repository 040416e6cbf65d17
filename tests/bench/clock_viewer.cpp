#include "tests/bench/clock_viewer.h"

#include <algorithm>
#include <cmath>

#include "tracking/venue_file.h"

namespace promenade::bench {

namespace {

constexpr double kFrameEvery_s = 0.1;         // of the hall: fewer than its 30 a second, which make no difference here
constexpr double kAuthority_s = 3.0;
constexpr double kMarksEvery_s = 1800.0;
constexpr double kSoundPeriod_s = 0.02;       // in which a sound device tells how far it is
constexpr tracking::HallPoint kSeat{10.0, 7.0};
const base::FilmId kFilm{"009900022026"};

constexpr const char* kVenue =
    "format = \"promenade-venue/1\"\n[venue]\nid = \"bench\"\n[hall]\nid = \"bench-hall\"\nname_zh = \"测试厅\"\nname_en = \"Bench hall\"\n"
    "boundary_m = [[0.0, 0.0], [20.0, 0.0], [20.0, 14.0], [0.0, 14.0], [0.0, 0.0]]\nwall_margin_m = 1.1\n"
    "[hall.entrance]\nat_m = [2.0, 1.2]\nleft_m = [1.4, 0.0]\nright_m = [2.6, 0.0]\n"
    "[hall.exit]\nat_m = [10.0, 12.8]\nleft_m = [10.6, 14.0]\nright_m = [9.4, 14.0]\n"
    "[hall.kitting]\noutline_m = [[1.0, 0.0], [19.0, 0.0], [19.0, 2.4], [1.0, 2.4], [1.0, 0.0]]\n"
    "[[hall.marks]]\nid = \"M1\"\nfirst_m = [7.0, 1.6]\nsecond_m = [13.0, 1.6]\n"
    "[plan]\nseparation_m = 2.0\nseparation_reason = \"a venue's default\"\ntime_tolerance_s = 1.0\n[capacity]\nviewers = 200\nattendants = 4\n";

std::shared_ptr<const client::FilmShelf> shelf() {
  static const auto films = [] {
    client::Film film;
    film.manifest.film = kFilm;
    film.manifest.kind = package::FilmKind::seated;
    film.manifest.length_s = 3.0 * 3600.0;
    film.manifest.place = package::Place{};
    film.package_hash.fill(1);
    return std::make_shared<const client::FilmShelf>(1, film);
  }();
  return films;
}

protocol::PlayOrder order(double start_s) {
  protocol::PlayOrder made;
  made.play = base::PlayId{1};
  made.film = kFilm;
  made.language = "zh";
  made.package_hash.fill(1);
  made.placement.shift = {kSeat.x, kSeat.y};
  made.start = true_hall_time(start_s);
  made.way_in = {{kSeat.x - 0.3, kSeat.y}, kSeat};
  made.way_out = {kSeat, {10.0, 12.0}};
  return made;
}

}  // namespace

ClockViewer::ClockViewer(Wifi wifi, WrongClock clock, double sound_ppm, double start_s, base::Random random)
    : exchange_(wifi, clock, random), sound_ppm_(sound_ppm), start_s_(start_s), client_(client::ClientConfig{base::HeadsetId{1}, "promenade-bench", shelf()}) {
  client::Device device;
  device.worn = true;
  client_.device(device);
  client_.link_up(clock.time(0.0));
  client_.receive(protocol::Welcome{protocol::kProtocolVersion, base::EpochId{1}, kVenue}, clock.time(0.0));
}

bool ClockViewer::watches() const { return client_.view().screen == client::Screen::film; }

void ClockViewer::hear_hall(double now_s) {
  if (now_s < next_frame_s_) return;
  next_frame_s_ += kFrameEvery_s;
  protocol::HallState frame;
  frame.epoch = base::EpochId{1};
  frame.sequence = ++sequence_;
  frame.time = true_hall_time(now_s);
  frame.headset = base::HeadsetId{1};
  frame.phase = calibrated_ ? protocol::Phase::playing : protocol::Phase::fitted;
  if (calibrated_) {
    frame.play = order(start_s_);
    frame.authority = {0, frame.time + base::from_seconds(kAuthority_s)};
  }
  frame.safety.expires = frame.time + base::from_seconds(1.0);
  client_.receive(frame, exchange_.clock().time(now_s));
}

void ClockViewer::calibrate(double now_s) {
  if (touched_ == 2 || !client_.clock_known() || client_.venue() == nullptr) return;
  const tracking::MarkPair& marks = client_.venue()->marks.front();  // its STAGE lies as the hall does
  const tracking::HallPoint at = touched_ == 0 ? marks.first : marks.second;
  client_.touch_mark(marks.id + (touched_ == 0 ? ".first" : ".second"), tracking::pose_at<tracking::Stage>({at.x, at.y}, 0.02, marks.arrow_rad()), exchange_.clock().time(now_s));
  calibrated_ = ++touched_ == 2 || calibrated_;
}

void ClockViewer::step(double now_s) {
  const base::HeadsetTime now = exchange_.clock().time(now_s);
  const double since_s = exchange_.clock().seconds(now_s) - exchange_.clock().seconds(now_s_);
  exchange_.deliver(now_s, [this](const protocol::ClockReply& reply, base::HeadsetTime at) { client_.receive(reply, at); });
  hear_hall(now_s);
  calibrate(now_s);
  swing_ = -swing_;  // a live head is never quite still
  client_.pose(tracking::pose_at<tracking::Stage>({kSeat.x, kSeat.y + 0.001 * swing_}, 1.25, 0.0), protocol::TrackingQuality::good, now);
  if (now_s >= next_marks_s_) {  // a place that nothing has measured for an hour is trusted no more
    next_marks_s_ += kMarksEvery_s;
    touched_ = 0;
  }
  const bool watched = watches();
  client_.step(now);
  for (const protocol::Message& message : client_.take_outgoing()) {
    if (const auto* request = std::get_if<protocol::ClockRequest>(&message)) exchange_.ask(*request, now_s);
  }
  now_s_ = now_s;
  if (!watches()) return;
  const double film_s = client_.view().scene_time_s;
  if (watched) film_rate_worst_ = std::max(film_rate_worst_, std::abs(film_s - film_s_ - since_s) / since_s);
  film_s_ = film_s;
  film_error_s_ = film_s - (now_s - start_s_);
  play_sound(since_s);
}

void ClockViewer::play_sound(double since_s) {
  if (!sounding_) {
    sounding_ = true;
    sound_s_ = told_sound_s_ = film_s_;
    return;
  }
  sound_s_ += since_s * sound_rate_ * (1.0 + 1e-6 * sound_ppm_);
  since_told_s_ += since_s;
  if (since_told_s_ >= kSoundPeriod_s) {
    since_told_s_ = 0.0;
    told_sound_s_ = sound_s_;
  }
  const sound::Pace::Order order = pace_.step(film_s_ - (told_sound_s_ + since_told_s_), since_s);
  sound_rate_ = order.rate;
  if (!order.seek) return;
  ++sound_seeks_;
  sound_s_ = told_sound_s_ = film_s_;
}

}  // namespace promenade::bench
