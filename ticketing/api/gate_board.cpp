#include "ticketing/api/gate_board.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "ticketing/api/text_file.h"
#include "ticketing/core/json_fields.h"
#include "ticketing/core/ticket.h"
#include "tracking/base/text_file.h"

namespace promenade::ticketing::api {
namespace {

using nlohmann::json;

base::Result<std::map<int, GateHolder>> gates_from(const std::string& text, const std::string& file) {
  const auto bad = [&] { return base::fail("environment", file + " is not a file of gates.", "Move it away; each door's device then takes its gate anew."); };
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object() || !body.contains("gates") || !body["gates"].is_array()) return bad();
  std::map<int, GateHolder> gates;
  for (const json& one : body["gates"]) {
    FieldReader in(one, "gate", "environment");
    const int number = static_cast<int>(in.number("gate", 1, kMaxGates));
    const GateHolder holder{in.word("device"), in.time("since")};
    if (!in.finish()) return bad();
    gates[number] = holder;
  }
  return gates;
}

}  // namespace

base::Result<void> GateBoard::load() {
  if (loaded_) return {};
  std::error_code error;
  if (!file_.empty() && std::filesystem::exists(file_, error)) {
    const auto text = base::read_text_file(file_, 1U << 20);
    if (!text) return base::fail("environment", "Cannot read " + file_ + ": " + text.error() + ".", "Fix the file's owner.");
    auto gates = gates_from(*text, file_);
    if (!gates) return std::unexpected(gates.error());
    gates_ = std::move(*gates);
  }
  loaded_ = true;
  return {};
}

base::Result<void> GateBoard::save(std::map<int, GateHolder> next) {
  if (!file_.empty()) {
    json list = json::array();
    for (const auto& [number, holder] : next) list.push_back({{"gate", number}, {"device", holder.device}, {"since", to_text(holder.heard)}});
    if (auto done = replace_file(file_, json{{"gates", std::move(list)}}.dump() + "\n", 0600); !done) return done;
  }
  gates_ = std::move(next);
  return {};
}

base::Result<GateHolder> GateBoard::claim(int number, const std::string& device, base::UtcTime now, bool take) {
  std::lock_guard lock(mutex_);
  if (auto done = load(); !done) return std::unexpected(done.error());
  const auto held = gates_.find(number);
  if (held != gates_.end() && held->second.device == device) {
    held->second.heard = now;
    return held->second;
  }
  if (held != gates_.end() && !take) {
    return base::fail("gate-taken", "Gate " + std::to_string(number) + " is the device " + held->second.device + ", last heard at " + to_text(held->second.heard) + ".",
                      "Choose another gate; or, where that device is out of use for good, take the gate over.");
  }
  auto next = gates_;
  std::erase_if(next, [&](const auto& one) { return one.second.device == device; });
  next[number] = {device, now};
  if (auto done = save(std::move(next)); !done) return std::unexpected(done.error());
  return gates_.at(number);
}

base::Result<void> GateBoard::release(const std::string& device) {
  std::lock_guard lock(mutex_);
  if (auto done = load(); !done) return done;
  auto next = gates_;
  if (std::erase_if(next, [&](const auto& one) { return one.second.device == device; }) == 0) return {};
  return save(std::move(next));
}

std::optional<GateHolder> GateBoard::holder(int number) {
  std::lock_guard lock(mutex_);
  if (!load()) return std::nullopt;
  const auto held = gates_.find(number);
  return held == gates_.end() ? std::nullopt : std::optional(held->second);
}

}  // namespace promenade::ticketing::api
