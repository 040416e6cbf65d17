#pragma once
// What a bench is to promenade-bench: a name, its own options, and a run that gives figures beside their limits.
// Each bench has a file of its own and one line in main.cpp's table.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace promenade::bench {

// The shape of docs/measures.md: printed as one JSON object on the last line with --json. `table` is for people.
struct Outcome {
  bool ok = true;
  nlohmann::ordered_json figures = nlohmann::ordered_json::object();
  nlohmann::ordered_json limits = nlohmann::ordered_json::object();
  nlohmann::ordered_json samples = nlohmann::ordered_json::object();
  std::string table;

  // Records a figure's limit and whether it holds; `ok` becomes false where it does not.
  void at_least(const std::string& figure, double value, double limit);
  void at_most(const std::string& figure, double value, double limit);
};

// `full` is the long form that docs/measures.md quotes. Throws std::runtime_error on unusable input.
using Run = std::function<Outcome(bool full)>;

struct Bench {
  std::string name;
  std::string summary;
  std::function<Run(CLI::App&)> add_options;  // called once; the options live in the returned Run
};

// A path from the folder of the running program.
std::filesystem::path beside_program(const char* relative);

Bench alert_bench();
Bench circuit_bench();
Bench clock_bench();
Bench plan_bench();
Bench plan_exact_bench();
Bench day_bench();
Bench drift_bench();
Bench hall_loop_bench();
Bench ledger_bench();
Bench link_attack_bench();
Bench link_bench();
Bench link_loss_bench();
Bench render_bench();
Bench safety_hours_bench();
Bench safety_replay_bench();
Bench safety_loop_bench();
Bench soak_bench();

}  // namespace promenade::bench
