// promenade-bench: measures of docs/measures.md. `promenade-bench NAME [--json] [--full]`.
// Exit code 0 when every limit holds, 1 when one does not, 2 on unusable input.

#include <cstdio>
#include <exception>
#include <map>
#include <vector>

#include "tests/bench/bench.h"

namespace promenade::bench {

std::filesystem::path beside_program(const char* relative) {
  return std::filesystem::weakly_canonical(std::filesystem::read_symlink("/proc/self/exe").parent_path() / relative);
}

void Outcome::at_least(const std::string& figure, double value, double limit) {
  limits[figure] = {{"at_least", limit}, {"value", value}, {"ok", value >= limit}};
  ok = ok && value >= limit;
}

void Outcome::at_most(const std::string& figure, double value, double limit) {
  limits[figure] = {{"at_most", limit}, {"value", value}, {"ok", value <= limit}};
  ok = ok && value <= limit;
}

namespace {

void print(const std::string& name, const Outcome& outcome, bool json) {
  std::fputs(outcome.table.c_str(), stdout);
  for (const auto& [figure, limit] : outcome.limits.items()) {
    std::printf("%-24s %s %s  %s\n", figure.c_str(), limit.contains("at_least") ? "at least" : "at most",
                limit.at(limit.contains("at_least") ? "at_least" : "at_most").dump().c_str(), limit.at("ok").get<bool>() ? "met" : "NOT MET");
  }
  if (!json) return;
  const nlohmann::ordered_json line{{"bench", name}, {"ok", outcome.ok}, {"figures", outcome.figures}, {"limits", outcome.limits}, {"samples", outcome.samples}};
  std::printf("%s\n", line.dump().c_str());
}

int run(int argc, char** argv) {
  const std::vector<Bench> benches{alert_bench(), circuit_bench(), clock_bench(), plan_bench(), plan_exact_bench(), day_bench(), drift_bench(), hall_loop_bench(), ledger_bench(), link_attack_bench(), link_bench(), link_loss_bench(), render_bench(), safety_hours_bench(), safety_replay_bench(), safety_loop_bench(), soak_bench()};
  CLI::App app{"Measures of Promenade. Each prints a short table and whether its limits hold."};
  app.name("promenade-bench");
  bool json = false;
  bool full = false;
  bool list = false;
  app.add_flag("--list", list, "Print the benches' names and end");
  app.require_subcommand(0, 1);
  std::map<CLI::App*, std::pair<std::string, Run>> runs;
  for (const Bench& bench : benches) {
    CLI::App* command = app.add_subcommand(bench.name, bench.summary);
    command->add_flag("--json", json, "Print the figures as one JSON object on the last line");
    command->add_flag("--full", full, "Run the long form");
    runs[command] = {bench.name, bench.add_options(*command)};
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (list) {
    for (const Bench& bench : benches) std::printf("%-12s %s\n", bench.name.c_str(), bench.summary.c_str());
    return 0;
  }
  for (CLI::App* command : app.get_subcommands()) {
    const auto& [name, work] = runs.at(command);
    const Outcome outcome = work(full);
    print(name, outcome, json);
    return outcome.ok ? 0 : 1;
  }
  std::fputs("Name a bench; --list names them and --help says more.\n", stderr);
  return 2;
}

}  // namespace
}  // namespace promenade::bench

int main(int argc, char** argv) {
  try {
    return promenade::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-bench: %s\n", error.what());
    return 2;
  }
}
