#include "showcontrol/server/pair.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "tracking/base/formatted.h"

namespace promenade::server {

namespace {

using succession::Member;
using succession::MemberTime;
using succession::Role;

constexpr std::chrono::milliseconds kFollowTurn{10}, kLeadTurn{2};
constexpr std::chrono::milliseconds kAskAgain{1000};
constexpr std::chrono::milliseconds kTellAgain{100};  // state is repeated
constexpr std::size_t kUntoldApart = 1024;
constexpr std::chrono::milliseconds kGoodbye{300};    // for the last word to arrive

MemberTime member_now() {
  return MemberTime(std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}
std::chrono::steady_clock::time_point steady_of(MemberTime time) {
  return std::chrono::steady_clock::time_point(std::chrono::duration_cast<std::chrono::steady_clock::duration>(time.time_since_epoch()));
}

// Hall time goes on from a mark by this machine's own wall clock, so that the two need not agree, and never back: what has
// passed since the mark was made is taken to be more than it can be.
succession::Batch by_own_clock(succession::Batch batch) {
  constexpr std::chrono::milliseconds kOnTheWay{1000};
  const auto age = kOnTheWay + (batch.whole ? std::chrono::ceil<std::chrono::milliseconds>(kClockRecordEvery) : std::chrono::milliseconds(0));
  for (succession::RecordChange& change : batch.records) {
    if (change.kind != "clock" || !change.value) continue;
    auto mark = ClockMark::from_text(base::as_text(*change.value));
    if (!mark) continue;
    mark->utc = system_time() - age;
    const std::string text = mark->text();
    change.value->assign(text.begin(), text.end());
  }
  return batch;
}

// Whether it is time to speak.
bool due(Member& member, MemberTime now, MemberTime& next) {
  if (!member.speaks()) return false;
  if (!member.take_urgent() && now < next) return false;
  next = now + succession::kWordEvery;
  return true;
}

}  // namespace

// ---------------------------------------------------------------- follower

base::Result<PairFollower> PairFollower::open(ticketing::store::HallJournal journal, PairAddress address, link::HallKeys keys, bool alone) {
  auto memory = read_pair_memory(journal, address.place, system_time());
  if (!memory) return std::unexpected(memory.error());
  if (alone) memory->kept.alone = true;
  const auto place = address.place;
  auto line = PairLine::open(std::move(address), std::move(keys));
  if (!line) return std::unexpected(line.error());
  return PairFollower(Member(place, memory->kept, memory->position), std::move(*line), std::move(journal));
}

void PairFollower::save() {
  while (member_.to_save()) {
    const succession::Save wanted = *member_.to_save();
    const auto written = write(journal_, wanted);
    if (!written) {
      failed_ = written.error().text();
      return;  // tried again with the next turn
    }
    member_.saved(wanted);
  }
}

void PairFollower::take(const succession::Batch& batch) {
  const auto epoch = member_.leader_epoch();
  if (!epoch || batch.position.epoch != *epoch) return;
  const std::pair session(line_.lines(), *epoch);
  if (!batch.whole && (copied_ != session || batch.position.index != index_ + 1)) {
    copied_.reset();  // something is missing
    return;
  }
  if (const auto written = write(journal_, by_own_clock(batch), true); !written) {
    failed_ = written.error().text();
    copied_.reset();
    return;
  }
  copied_ = session;
  index_ = batch.position.index;
  member_.records_kept(batch.position);
}

void PairFollower::ask_for_copy(MemberTime now) {
  const auto epoch = member_.leader_epoch();
  if (!epoch || now < ask_again_ || copied_ == std::pair(line_.lines(), *epoch)) return;
  ask_again_ = now + kAskAgain;
  line_.send(succession::WantCopy{*epoch});
}

void PairFollower::tell_state(const std::function<void(const std::string&)>& tell) {
  if (auto complaint = line_.take_complaint()) tell(*complaint);
  if (failed_ && *failed_ != failing_) tell(*failed_);
  failing_ = failed_.value_or("");
  failed_.reset();
  const std::pair now(member_.role(), member_.armed());
  if (!member_.speaks() || told_ == now) return;
  told_ = now;
  if (member_.role() == Role::waiting) tell("waits to hear the other hall program; it leads nobody before. Where that one stays switched off, start this one anew with --alone.");
  else if (member_.role() == Role::following) tell(now.second ? "follows, and stands by to take over" : "follows, and takes over the records; it does not stand by yet");
}

void PairFollower::leave() {
  member_.leave();
  if (!member_.speaks() || !line_.send(member_.word(member_now()), true)) return;
  std::vector<succession::Said> said;
  for (const MemberTime until = member_now() + kGoodbye; member_now() < until;) line_.poll(kFollowTurn, said);
}

std::optional<PairLead> PairFollower::wait(std::stop_token stop, const std::function<void(const std::string&)>& tell) {
  std::vector<succession::Said> said;
  while (!stop.stop_requested()) {
    said.clear();
    line_.poll(kFollowTurn, said);
    for (const succession::Said& one : said) {
      if (const auto* word = std::get_if<succession::Word>(&one)) member_.hear(*word, member_now());
      else if (const auto* batch = std::get_if<succession::Batch>(&one)) take(*batch);
      save();  // an epoch is known before the records that come under it
    }
    const MemberTime now = member_now();
    member_.step(now);
    save();
    tell_state(tell);
    if (member_.role() == Role::leading) return PairLead{std::move(member_), std::move(line_), std::move(journal_)};
    ask_for_copy(now);
    if (due(member_, now, next_word_)) line_.send(member_.word(now));
  }
  leave();
  return std::nullopt;
}

// ---------------------------------------------------------------- leader

PairWorker::PairWorker(PairLead lead, Parts parts, std::function<void()> replaced)
    : member_(std::move(lead.member)), line_(std::move(lead.line)), parts_(parts), replaced_(std::move(replaced)),
      thread_([this](std::stop_token stop) { run(stop); }) {
  pthread_setname_np(thread_.native_handle(), "pair");
}

void PairWorker::hear(const succession::Said& said, MemberTime now) {
  if (const auto* word = std::get_if<succession::Word>(&said)) return member_.hear(*word, now);
  const auto* want = std::get_if<succession::WantCopy>(&said);
  if (want == nullptr || want->epoch != member_.epoch() || asked_on_ == line_.lines()) return;
  if (parts_.store.ask(StoreWorker::Copy{})) asked_on_ = line_.lines();  // else it is asked for again
}

void PairWorker::take(PairNews news) {
  if (auto* wrote = std::get_if<PairWrote>(&news)) {
    member_.records_kept(wrote->batch.position);
    if (carries_on_ == line_.lines() && !line_.send(wrote->batch)) carries_on_.reset();
    if (wrote->then) hold_back({wrote->batch.position.index, std::move(*wrote->then)});
  } else if (const auto* copy = std::get_if<PairCopied>(&news)) {
    // For the line that is there now: a follower of a later line than the one that asked takes it just as well.
    asked_on_.reset();
    carries_on_.reset();
    if (line_.send(copy->batch)) carries_on_ = line_.lines();
  } else {
    member_.saved(std::get<PairSaved>(news).save);
  }
}

// While the other one is away this goes on for long. What is durable up to a later token is so up to an earlier one.
void PairWorker::hold_back(Untold untold) {
  const bool joins = untold_.size() >= kUntoldApart && std::holds_alternative<hall::Persisted>(untold.event) && std::holds_alternative<hall::Persisted>(untold_.back().event);
  if (joins) untold_.back() = std::move(untold);
  else untold_.push_back(std::move(untold));
}

void PairWorker::tell_loop(std::stop_token stop) {
  while (!untold_.empty() && untold_.front().index <= member_.shared_index()) {
    push_event(parts_.events, std::move(untold_.front().event), stop);
    untold_.pop_front();
  }
  const MemberTime until = member_.authority_until(), now = member_now();
  if (told_until_ == until && now < tell_again_) return;
  const base::HallTime hall_until = until == MemberTime::max() ? base::HallTime::max() : until == MemberTime::min() ? base::HallTime::min() : parts_.clock.at(steady_of(until));
  if (!parts_.events.push(hall::Lead{hall_until})) return;  // told again with the next turn
  told_until_ = until;
  tell_again_ = now + kTellAgain;
}

void PairWorker::run(std::stop_token stop) {
  std::vector<succession::Said> said;
  bool leads = true;
  while (!stop.stop_requested()) {
    said.clear();
    line_.poll(kLeadTurn, said);
    const MemberTime now = member_now();
    for (const succession::Said& one : said) hear(one, now);
    while (auto news = parts_.inbox.try_pop()) take(std::move(*news));
    member_.step(now);
    if (member_.to_save() && member_.to_save() != asked_ && parts_.store.ask(StoreWorker::Keep{*member_.to_save()})) asked_ = member_.to_save();
    if (!member_.to_save()) asked_.reset();
    tell_loop(stop);
    if (due(member_, now, next_word_)) line_.send(member_.word(now));
    if (auto complaint = line_.take_complaint()) parts_.lines.print("standby: " + *complaint);
    if (const bool armed = member_.armed(); armed != was_armed_) {
      was_armed_ = armed;
      armed_.store(armed, std::memory_order_relaxed);
      parts_.lines.print(armed ? "standby: the other hall program stands by to take over" : "standby: the other hall program does not stand by any more");
    }
    if (leads && member_.role() != Role::leading) {
      leads = false;
      parts_.lines.print(base::formatted("standby: another hall program leads, under epoch {}", member_.other() ? member_.other()->epoch.value() : 0));
      replaced_();
    }
  }
}

}  // namespace promenade::server
