#include "tests/succession/partition.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <utility>

#include "tests/succession/partition_parts.h"
#include "tracking/base/formatted.h"
#include "tracking/base/random.h"

namespace promenade::succession_test {

namespace {

class World {
 public:
  World(std::uint64_t seed, succession::Rules rules) : rules_(rules), random_(base::Random(seed).fork("partition")) {
    loss_ = random_.chance(0.3) ? 0.0 : random_.uniform(0.0, 0.3);
    rough_ = random_.uniform(0.05, 1.0);
    slow_ = Duration{static_cast<std::int64_t>(random_.uniform(1'000, 120'000))};
    for (int m = 0; m < 2; ++m) {
      machines_[m].rate = 1.0 + random_.uniform(-500e-6, 500e-6);
      machines_[m].offset = Duration{static_cast<std::int64_t>(random_.uniform(0.0, 5e6))};
      machines_[m].disk.kept.alone = m == 0 && random_.chance(0.5);  // of a hall that was alone so far, or of a new one
      machines_[m].begins_at = Duration{static_cast<std::int64_t>(random_.uniform(0.0, 1e6))};
    }
    for (int v = 0; v < kViewers; ++v) {
      headsets_.emplace_back(base::HeadsetId(static_cast<std::uint16_t>(v + 1)));
      headsets_.back().clock_error = Duration{static_cast<std::int64_t>(random_.uniform(-9'000.0, 9'000.0))};
      for (int g = 0; g < kGates; ++g) routes_[v][g] = (v + g) % kPlaces;  // one behind the other, so that nobody can wait for ever
    }
  }

  Outcome run() {
    for (now_ = Duration{0}; now_ < kLength && outcome_.faults.size() < kFaultsMost; now_ += kStep) {
      go_wrong();
      deliver();
      for (int m = 0; m < 2; ++m) work(m);
      for (int v = 0; v < kViewers; ++v) walk(v);
      check();
    }
    settle();
    return std::move(outcome_);
  }

 private:
  MemberTime member_time(int m) const { return MemberTime(Duration{static_cast<std::int64_t>(static_cast<double>(now_.count()) * machines_[m].rate)} + machines_[m].offset); }
  HallTime hall_time(int m) const { return HallTime((member_time(m) - MemberTime{}) - machines_[m].offset + Duration{100'000'000}); }
  HallTime hall_time_of(int m, MemberTime at) const {
    return at == MemberTime::max() ? HallTime::max() : at == MemberTime::min() ? HallTime::min() : hall_time(m) + (at - member_time(m));
  }
  void fault(std::string text) {
    if (outcome_.faults.size() < kFaultsMost && said_.insert(text).second) outcome_.faults.push_back(base::formatted("{:.2f} s: {}", base::to_seconds(now_), text));
  }

  // ---- what goes wrong
  void go_wrong() {
    const bool quiet = now_ >= kQuietFrom;
    for (int m = 0; m < 2; ++m) {
      Machine& machine = machines_[m];
      if (!machine.process && (quiet || (machine.begins_at && now_ >= *machine.begins_at))) {
        machine.process = std::make_unique<Process>(m == 0 ? Member::Place::first : Member::Place::second, machine.disk, rules_);
        machine.begins_at.reset();
      } else if (machine.process && !quiet && random_.chance(0.002 * rough_)) {
        ++outcome_.kills;
        machine.process.reset();
        machine.begins_at = now_ + Duration{static_cast<std::int64_t>(random_.chance(0.5) ? random_.uniform(5e4, 2e6) : random_.uniform(2e6, 12e6))};
      }
    }
    if (quiet) {
      cut_.clear();
      loss_ = 0.0;
      return;
    }
    std::erase_if(cut_, [&](const auto& one) { return now_ >= one.second; });
    const auto span = [&] { return now_ + Duration{static_cast<std::int64_t>(random_.uniform(1e5, 8e6))}; };
    if (random_.chance(0.006 * rough_)) {  // between the two programs, one way or both
      const Duration until = span();
      const bool forth = random_.chance(0.75), back = !forth || random_.chance(0.7);
      if (forth) cut(0, 1, until);
      if (back) cut(1, 0, until);
    }
    if (random_.chance(0.012 * rough_)) {  // between a program and a headset
      const int m = static_cast<int>(random_.below(2)), v = 2 + static_cast<int>(random_.below(kViewers));
      const Duration until = span();
      const bool forth = random_.chance(0.75), back = !forth || random_.chance(0.5);
      if (forth) cut(m, v, until);
      if (back) cut(v, m, until);
    }
  }
  void cut(int from, int to, Duration until) {
    ++outcome_.cuts;
    cut_[{from, to}] = std::max(cut_[{from, to}], until);
  }

  void send(int from, int to, Content content) {
    if (cut_.contains({from, to}) || random_.chance(loss_)) return;
    const auto shared = std::make_shared<const Content>(std::move(content));
    const int copies = random_.chance(0.02) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      Duration delay{static_cast<std::int64_t>(random_.exponential(static_cast<double>(slow_.count()) / 4.0)) + 500};
      if (random_.chance(0.003)) delay += Duration{static_cast<std::int64_t>(random_.uniform(0.0, 6e6))};  // kept somewhere for long
      flying_.push({now_ + delay, ++order_, from, to, shared});
    }
  }

  void deliver() {
    while (!flying_.empty() && flying_.top().at <= now_) {
      const Flying one = flying_.top();
      flying_.pop();
      if (one.to >= 2) {
        take(headsets_[one.to - 2], std::get<protocol::HallState>(*one.content));
      } else if (Process* process = machines_[one.to].process.get()) {
        if (const auto* word = std::get_if<Word>(&*one.content)) process->member.hear(*word, member_time(one.to));
        else if (const auto* copy = std::get_if<Copy>(&*one.content)) take(*process, *copy);
        else take(one.to, *process, std::get<Report>(*one.content));
      }
    }
  }

  // ---- a program
  void take(Process& process, const Copy& copy) {
    if (process.member.leader_epoch() != copy.epoch) return;
    const Position position{copy.epoch, copy.index};
    if (position > process.newest) write(process, {{}, {}, position, copy.records});
  }
  void write(Process& process, Process::Write write) {
    const Duration from = process.writes.empty() ? now_ : std::max(now_, process.writes.back().done);
    write.done = from + Duration{static_cast<std::int64_t>(random_.uniform(1e3, 4e4))};
    if (write.position) process.newest = *write.position;
    if (write.save && write.save->begins_records) process.newest = {write.save->kept.epoch, 0};
    process.writes.push_back(std::move(write));
  }

  void work(int m) {
    Machine& machine = machines_[m];
    Process* process = machine.process.get();
    if (process == nullptr) return;
    Member& member = process->member;
    while (!process->writes.empty() && process->writes.front().done <= now_) {
      const Process::Write done = std::move(process->writes.front());
      process->writes.pop_front();
      if (done.position) {
        machine.disk.position = *done.position;
        machine.disk.records = done.records;
        member.records_kept(*done.position);
      }
      if (done.save) {
        machine.disk.kept = done.save->kept;
        if (done.save->begins_records) machine.disk.position = {done.save->kept.epoch, 0};
        member.saved(*done.save);
      }
    }
    member.step(member_time(m));
    if (member.to_save() && member.to_save() != process->asked) write(*process, {{}, member.to_save(), {}, {}});
    process->asked = member.to_save();
    if (member.role() == Role::leading && !process->leads) begin_to_lead(m, *process);
    process->leads = member.role() == Role::leading;
    if (process->leads) lead(m, *process);
    if (member.speaks() && (member.take_urgent() || now_ >= process->next_word)) {
      process->next_word = now_ + succession::kWordEvery;
      send(m, 1 - m, member.word(member_time(m)));
    }
  }

  void begin_to_lead(int m, Process& process) {
    const EpochId epoch = process.member.epoch();
    const auto [owner, fresh] = epochs_.emplace(epoch, std::pair{m, machines_[m].disk.kept.run});
    if (!fresh && owner->second != std::pair{m, machines_[m].disk.kept.run}) fault(base::formatted("epoch {} is taken twice", epoch.value()));
    if (machines_[m].disk.kept.epoch < epoch) fault("an epoch is used before it is durable");
    outcome_.take_overs += m == last_leader_ ? 0 : 1;
    last_leader_ = m;
    process.records = machines_[m].disk.records;
    process.index = 0;
    process.copied = 0;
    process.telling.clear();
    process.frame = 0;
    for (int v = 0; v < kViewers; ++v) {
      process.told[v] = process.records[v].opened;
      process.authority_until[v] = hall_time(m) + kValid;  // what was told before is not known
      process.report_sequence[v] = 0;
      process.withheld_until[v].reset();
    }
  }

  bool taken(const Process& process, int place, int by_other_than) const {
    for (int v = 0; v < kViewers; ++v) {
      if (v == by_other_than) continue;
      for (int g = process.records[v].passed; g <= process.records[v].opened; ++g) {
        if (routes_[v][g] == place) return true;
      }
    }
    return false;
  }

  void record(Process& process) {
    ++process.index;
    write(process, {{}, {}, Position{process.member.epoch(), process.index}, process.records});
  }

  void lead(int m, Process& process) {
    const HallTime until = hall_time_of(m, process.member.authority_until());
    const bool may = until > hall_time(m);
    for (int v = 0; may && v < kViewers; ++v) {
      PlaceRecord& viewer = process.records[v];
      if (viewer.opened != viewer.passed || viewer.passed + 1 >= kGates || process.withheld_until[v] || taken(process, routes_[v][viewer.passed + 1], v)) continue;
      ++viewer.opened;
      record(process);
      process.telling[process.index] = {v, viewer.opened};
    }
    while (!process.telling.empty() && process.telling.begin()->first <= process.member.shared_index()) {
      const auto [v, gate] = process.telling.begin()->second;
      if (gate <= process.records[v].opened) process.told[v] = std::max(process.told[v], gate);
      process.telling.erase(process.telling.begin());
    }
    for (int v = 0; v < kViewers; ++v) {  // now and then a viewer is paused: his authority runs out
      if (!process.withheld_until[v] && random_.chance(0.002)) process.withheld_until[v] = now_ + Duration{6'000'000};
      if (process.withheld_until[v] && now_ >= *process.withheld_until[v]) process.withheld_until[v].reset();
    }
    if (now_ >= process.next_frame) {
      process.next_frame = now_ + kFrameEvery;
      ++process.frame;
      for (int v = 0; v < kViewers; ++v) send(m, 2 + v, frame(m, process, v, may, until));
    }
    if (now_ >= process.next_copy && (process.copied != process.index || now_ >= process.next_copy + Duration{200'000})) {
      // The records themselves, once they are durable here; the follower takes what is newer than it has.
      const Position durable = machines_[m].disk.position;
      if (durable.epoch == process.member.epoch()) send(m, 1 - m, Copy{durable.epoch, durable.index, machines_[m].disk.records});
      process.copied = durable.index;
      process.next_copy = now_ + Duration{20'000};
    }
  }

  protocol::HallState frame(int m, Process& process, int v, bool may, HallTime until) {
    protocol::HallState state;
    state.epoch = process.member.epoch();
    state.sequence = process.frame;
    state.time = hall_time(m);
    state.headset = base::HeadsetId(static_cast<std::uint16_t>(v + 1));
    state.play.emplace();
    state.play->play = base::PlayId(static_cast<std::uint64_t>(v + 1));
    state.play->resume_block = static_cast<std::uint8_t>(process.records[v].passed);
    state.play->resume_stage = protocol::BlockStage::in_scene;
    if (may && !process.withheld_until[v]) {
      state.authority = {static_cast<std::int8_t>(process.told[v]), std::min(hall_time(m) + kValid, until)};
      process.authority_until[v] = std::max(process.authority_until[v], state.authority.until);
    }
    return state;
  }

  void take(int m, Process& process, const Report& report) {
    if (!process.leads || report.sequence <= process.report_sequence[report.viewer]) return;
    process.report_sequence[report.viewer] = report.sequence;
    PlaceRecord& viewer = process.records[report.viewer];
    if (report.passed > viewer.passed) {
      if (report.passed > viewer.opened && process.member.authority_until() > member_time(m)) fault(base::formatted("viewer {} is in a block that program {} has not opened", report.viewer + 1, m + 1));
      viewer.passed = report.passed;
      viewer.opened = std::max(viewer.opened, viewer.passed);
      record(process);
    } else if (viewer.opened > viewer.passed && report.knows_time && process.withheld_until[report.viewer] &&
               report.made > process.authority_until[report.viewer] + kMargin) {
      // Heard from after his authority had ended, and he has not used it: the place is free again.
      viewer.opened = viewer.passed;
      process.told[report.viewer] = viewer.opened;
      std::erase_if(process.telling, [&](const auto& one) { return one.second.first == report.viewer; });
      ++outcome_.taken_back;
      record(process);
    }
  }

  // ---- a headset
  int owner_of(EpochId epoch) const {
    const auto found = epochs_.find(epoch);
    return found == epochs_.end() ? 0 : found->second.first;
  }
  HallTime hall_time_by(const Headset& headset) const { return hall_time(owner_of(headset.link.epoch())) + headset.clock_error; }

  void take(Headset& headset, const protocol::HallState& state) {
    const EpochId before = headset.link.epoch();
    if (!headset.link.take(state, HeadsetTime(now_))) return;
    if (state.epoch < headset.obeyed) fault("a headset obeys a lower epoch after a higher one");
    headset.obeyed = state.epoch;
    headset.watch.delivered(state, base::to_seconds(now_));
    if (headset.link.epoch() != before) headset.clock_from = now_ + Duration{300'000};  // its clock map begins anew
  }

  int open_gate(const Headset& headset) const {
    if (!headset.clock_from || now_ < *headset.clock_from) return -1;
    return headset.link.open_gate(hall_time_by(headset), kClockError);
  }

  void walk(int v) {
    Headset& headset = headsets_[v];
    if (now_ - headset.last_passed >= kWalks && headset.passed + 1 < kGates && open_gate(headset) > headset.passed && random_.chance(0.2)) {
      ++headset.passed;
      headset.last_passed = now_;
      ++outcome_.gates;
      headset.watch.reported({base::PlayId(static_cast<std::uint64_t>(v + 1)), static_cast<std::uint8_t>(headset.passed), protocol::BlockStage::walking, {}, false},
                             base::to_seconds(now_), base::to_seconds(kStep));
    }
    if (now_ < headset.next_report) return;
    headset.next_report = now_ + kFrameEvery;
    const bool knows = headset.clock_from && now_ >= *headset.clock_from;
    const Report report{v, headset.passed, ++headset.sequence, knows ? hall_time_by(headset) : HallTime{}, knows};
    for (int m = 0; m < 2; ++m) send(2 + v, m, report);
  }

  // ---- what must hold
  void check() {
    int with_authority = 0, leading = 0;
    for (int m = 0; m < 2; ++m) {
      const Process* process = machines_[m].process.get();
      if (process == nullptr || process->member.role() != Role::leading) continue;
      ++leading;
      with_authority += process->member.authority_until() > member_time(m) ? 1 : 0;
    }
    outcome_.two_leading += leading == 2 ? 1 : 0;
    if (with_authority == 2) fault("both programs may give authority");
    std::array<int, kPlaces> held{};
    std::array<int, kPlaces> by{};
    for (int v = 0; v < kViewers; ++v) {
      const Headset& headset = headsets_[v];
      std::set<int> places{routes_[v][headset.passed]};
      if (open_gate(headset) > headset.passed) places.insert(routes_[v][headset.passed + 1]);
      for (const int place : places) {
        if (held[place]++ > 0) fault(base::formatted("viewers {} and {} have place {} at once", by[place] + 1, v + 1, place));
        by[place] = v;
      }
      if (headset.watch.without_authority() > 0) fault(base::formatted("viewer {} has passed a gate without authority", v + 1));
    }
    const bool both = machines_[0].process && machines_[1].process && !cut_.contains({0, 1}) && !cut_.contains({1, 0});
    if (!both || with_authority > 0) without_since_ = now_;
    outcome_.longest_without_s = std::max(outcome_.longest_without_s, base::to_seconds(now_ - without_since_));
  }

  void settle() {
    if (!outcome_.faults.empty()) return;
    int leader = -1, count = 0;
    for (int m = 0; m < 2; ++m) {
      const Process* process = machines_[m].process.get();
      if (process == nullptr || process->member.role() != Role::leading || process->member.authority_until() <= member_time(m)) continue;
      leader = m;
      ++count;
    }
    if (count != 1) return;
    const Process& leads = *machines_[leader].process;
    const Process& follows = *machines_[1 - leader].process;
    outcome_.settled = leads.member.armed() && follows.member.armed() &&
                       std::ranges::all_of(headsets_, [&](const Headset& headset) { return headset.obeyed == leads.member.epoch(); });
  }

  succession::Rules rules_;
  base::Random random_;
  Duration now_{};
  double loss_ = 0.0;
  double rough_ = 1.0;  // how much goes wrong
  Duration slow_{};
  std::array<Machine, 2> machines_;
  std::vector<Headset> headsets_;
  std::array<std::array<int, kGates>, kViewers> routes_{};
  std::map<std::pair<int, int>, Duration> cut_;
  std::priority_queue<Flying> flying_;
  std::uint64_t order_ = 0;
  std::map<EpochId, std::pair<int, std::uint64_t>> epochs_;  // who took it, in which run
  int last_leader_ = 0;
  Duration without_since_{};
  std::set<std::string> said_;       // faults, each once
  Outcome outcome_;
};

}  // namespace

Outcome run_partition(std::uint64_t seed, succession::Rules rules) { return World(seed, rules).run(); }

}  // namespace promenade::succession_test
