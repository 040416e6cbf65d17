#include "tests/ticketing_store/fault_runs.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/ticketing_store/power_cut_vfs.h"
#include "tests/ticketing_store/store_fixtures.h"

namespace promenade::ticketing::store::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ticketing::test::kReedLake;
using ticketing::test::kSnowLine;
using ticketing::test::noon;
using ticketing::test::World;

// The work: everything follows from the seed, so that a parent knows what its child asked.
class Work {
 public:
  explicit Work(std::uint64_t seed) : random_(seed) {}

  // Some requests that belong together, as one commit takes them.
  std::vector<Request> next() {
    now_ += seconds(20 + random_.below(200));
    std::vector<Request> group;
    for (auto more = 1 + random_.below(3); more > 0; --more) group.push_back(one());
    return group;
  }
  void answered(const Request& request, const Answer& answer) {
    if (const auto* sale = std::get_if<SaleAnswer>(&answer)) tokens_.push_back(sale->tickets[0].token);
    if (const auto* redeemed = std::get_if<RedemptionAnswer>(&answer)) redeemed_.push_back(*redeemed);
    if (std::holds_alternative<GrantAnswer>(answer)) grants_.push_back(std::get<GrantRequest>(request));
  }
  base::UtcTime now() const { return now_; }
  bool checkpoint() { return random_.chance(0.15); }
  base::Random& random() { return random_; }

 private:
  template <class T>
  T taken(std::vector<T>& from) {
    T one = from.back();
    from.pop_back();
    return one;
  }
  Request one() {
    w_.now = now_;
    switch (random_.below(6)) {
      case 0:
        if (!tokens_.empty()) return w_.redemption(taken(tokens_));
        break;
      case 1:
        if (!redeemed_.empty()) return w_.grant(taken(redeemed_));
        break;
      case 2:
        if (!grants_.empty()) return w_.started(taken(grants_));
        break;
      case 3:
        if (random_.chance(0.1)) return w_.close(true);
        break;
      default: break;
    }
    return w_.sale(random_.chance(0.5) ? kSnowLine : kReedLake);
  }

  base::Random random_;
  World w_;
  base::UtcTime now_ = noon();
  std::vector<std::string> tokens_;
  std::vector<RedemptionAnswer> redeemed_;
  std::vector<GrantRequest> grants_;
};

struct Acknowledged {
  std::vector<std::pair<Request, Answer>> answers;
  std::optional<Checkpoint> checkpoint;
};

void hear(const std::vector<Request>& group, const std::vector<base::Result<Answer>>& answers, Work& work, Acknowledged& out) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!answers[i]) continue;
    out.answers.emplace_back(group[i], *answers[i]);
    work.answered(group[i], *answers[i]);
  }
}

std::vector<base::Result<CheckedRequest>> all_checked(const std::vector<Request>& requests) {
  std::vector<base::Result<CheckedRequest>> out;
  for (const Request& request : requests) out.push_back(checked(request));
  return out;
}

// Two groups, the second decided before the first is written, as at a busy counter.
void two_groups(BoxOffice& office, Work& work, Acknowledged& out) {
  const auto first = work.next();
  auto decided = office.decide_all(all_checked(first), work.now());
  const auto second = work.next();
  auto ahead = office.decide_all(all_checked(second), work.now());
  const auto written = office.write(decided);
  if (!written) office.not_written();
  hear(first, std::move(decided).told(written), work, out);
  if (!written) return;
  const auto written_too = office.write(ahead);
  if (!written_too) office.not_written();
  hear(second, std::move(ahead).told(written_too), work, out);
}

void step(BoxOffice& office, Work& work, Acknowledged& out) {
  if (work.random().chance(0.5)) {
    two_groups(office, work, out);
  } else {
    const auto group = work.next();
    hear(group, office.ask_all(group, work.now()), work, out);
  }
  if (!work.checkpoint()) return;
  if (const auto made = office.checkpoint(work.now()); made && *made) out.checkpoint = **made;
}

std::string what_is_wrong(base::Result<BoxOffice>& office, const Acknowledged& acknowledged) {
  if (!office) return "it does not open: " + office.error().text();
  for (const auto& [request, answer] : acknowledged.answers) {
    const auto again = office->ask(request, noon());
    if (again != base::Result<Answer>(answer)) return "an acknowledged " + std::string(kind_of(request)) + " is lost";
  }
  if (const auto& kept = acknowledged.checkpoint) {
    if (kept->size > office->head().seq || office->tree().root(kept->size) != kept->root) return "an acknowledged checkpoint is not of this ledger";
  }
  const auto verified = office->verify();
  if (!verified || !verified->ok()) return "it does not verify: " + (verified ? verified->detail : verified.error().text());
  if (!office->rebuild() || !office->verify()->ok()) return "its tables do not rebuild";
  return {};
}

// A child's words to its parent: how many groups it has had acknowledged.
void child(const std::string& path, std::uint64_t seed, int to_parent) {
  auto office = open_signing_office(path);
  if (!office) ::_exit(3);
  Work work(seed);
  Acknowledged ignored;
  for (std::uint32_t done = 1; done < 100'000; ++done) {
    step(*office, work, ignored);
    if (::write(to_parent, &done, sizeof done) != sizeof done) ::_exit(4);
  }
  ::_exit(0);
}

}  // namespace

std::string cut_power_once(std::uint64_t seed, Synchronous synchronous) {
  Folder folder;
  PowerCutDisk disk("cut");
  const FileOptions options{disk.name(), synchronous};
  Work work(seed);
  Acknowledged acknowledged;
  {
    auto office = open_signing_office(folder.file("l.db"), 1, options);
    if (!office) return "a new ledger does not open";
    disk.cut_after(work.random().below(400));
    for (int i = 0; i < 400 && !disk.is_cut(); ++i) step(*office, work, acknowledged);
  }
  disk.restore_power(seed);
  if (seed % 2 == 0) {  // again, while what the first cut left is put right
    disk.cut_after(work.random().below(12));
    { auto opening = open_signing_office(folder.file("l.db"), 1, options); }
    disk.restore_power(seed + 1);
  }
  auto office = open_signing_office(folder.file("l.db"), 1, options);
  return what_is_wrong(office, acknowledged);
}

std::string kill_once(std::uint64_t seed) {
  Folder folder;
  const std::string path = folder.file("l.db");
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t pid = ::fork();
  if (pid < 0) return "no child";
  if (pid == 0) {
    ::close(ends[0]);
    child(path, seed, ends[1]);
  }
  ::close(ends[1]);
  base::Random random(seed);
  const std::uint32_t until = 1 + static_cast<std::uint32_t>(random.below(60));
  std::uint32_t done = 0;
  while (done < until && ::read(ends[0], &done, sizeof done) == sizeof done) {}
  // Somewhere within the next commits, wherever the child is by then.
  volatile std::uint64_t spin = random.below(600'000);
  while (spin > 0) spin = spin - 1;
  ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  std::uint32_t more = 0;
  while (::read(ends[0], &more, sizeof more) == sizeof more) done = more;
  ::close(ends[0]);
  if (!WIFSIGNALED(status)) return "the child ended by itself with " + std::to_string(WEXITSTATUS(status));

  // What the child had acknowledged, from the same seed on a ledger of its own.
  Acknowledged acknowledged;
  {
    auto twin = open_signing_office(folder.file("twin.db"));
    Work work(seed);
    for (std::uint32_t i = 0; i < done; ++i) step(*twin, work, acknowledged);
  }
  auto office = open_signing_office(path);
  return what_is_wrong(office, acknowledged);
}

}  // namespace promenade::ticketing::store::test
