#include "showcontrol/protocol/impairment_text.h"

#include <charconv>
#include <optional>
#include <set>
#include <string>

#include "tracking/base/formatted.h"

namespace promenade::protocol {

namespace {

constexpr double kDelayMost_ms = 10'000.0, kRateMost_kbit = 1e6, kOutageMost_s = 86'400.0;

std::unexpected<base::Error> wrong(std::string_view word, std::string_view wanted) {
  return base::fail("impairment-invalid", base::formatted("\"{}\" is no impairment of a network: {}.", word, wanted), "Write for example loss=10,delay=20,jitter=10,seed=7.");
}

template <class T>
std::optional<T> number(std::string_view text, T least, T most) {  // all of the text
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= least && value <= most)) return std::nullopt;
  return value;
}

std::optional<Outage> outage(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = number(text.substr(0, dash), 0.0, kOutageMost_s), until = number(text.substr(dash + 1), 0.0, kOutageMost_s);
  if (!from || !until || *from >= *until) return std::nullopt;
  return Outage{base::from_seconds(*from), base::from_seconds(*until)};
}

struct Reading {
  ImpairmentSettings way;
  double delay_ms = 0.0, jitter_ms = 0.0;
  std::uint64_t seed = LinkImpairment{}.seed;
  std::set<std::string_view> seen;

  base::Result<void> take(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals), value = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    if (!seen.insert(key).second && key != "outage") return wrong(word, base::formatted("{} is given twice", key));
    if (key == "loss") return percent(word, value, way.loss);
    if (key == "duplicate") return percent(word, value, way.duplication);
    if (key == "reorder") return percent(word, value, way.reordering);
    if (key == "delay") return milliseconds(word, value, delay_ms);
    if (key == "jitter") return milliseconds(word, value, jitter_ms);
    if (key == "rate") {
      const auto kbit = number(value, 1.0, kRateMost_kbit);
      if (!kbit) return wrong(word, "a rate is in kbit/s, from 1 to 1000000");
      way.rate_bytes_per_s = *kbit * 1000.0 / 8.0;
      return {};
    }
    if (key == "outage") {
      const auto one = outage(value);
      if (!one || (!way.outages.empty() && one->from < way.outages.back().until)) {
        return wrong(word, "an outage is FROM-UNTIL in seconds, up to 86400, each one behind the one before");
      }
      way.outages.push_back(*one);
      return {};
    }
    if (key == "seed") {
      const auto given = number(value, std::uint64_t{0}, ~std::uint64_t{0});
      if (!given) return wrong(word, "a seed is a whole number");
      seed = *given;
      return {};
    }
    return wrong(word, "known are loss, duplicate, reorder, delay, jitter, rate, outage and seed, each as WORD=VALUE");
  }

  static base::Result<void> percent(std::string_view word, std::string_view value, double& into) {
    const auto given = number(value, 0.0, 100.0);
    if (!given) return wrong(word, "this is a percentage, from 0 to 100");
    into = *given / 100.0;
    return {};
  }
  static base::Result<void> milliseconds(std::string_view word, std::string_view value, double& into) {
    const auto given = number(value, 0.0, kDelayMost_ms);
    if (!given) return wrong(word, "this is in ms, from 0 to 10000");
    into = *given;
    return {};
  }
};

}  // namespace

base::Result<LinkImpairment> read_impairment(std::string_view text) {
  Reading reading;
  for (std::string_view rest = text; !text.empty();) {
    const std::size_t comma = rest.find(',');
    if (auto taken = reading.take(rest.substr(0, comma)); !taken) return std::unexpected(std::move(taken.error()));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  reading.way.delay_min = base::from_seconds(reading.delay_ms / 1000.0);
  reading.way.delay_max = base::from_seconds((reading.delay_ms + reading.jitter_ms) / 1000.0);
  return LinkImpairment{reading.way, reading.way, reading.seed};
}

LinkImpairment opened_after(LinkImpairment impairment, base::Duration after) {
  for (ImpairmentSettings* way : {&impairment.outgoing, &impairment.incoming}) {
    std::erase_if(way->outages, [&](const Outage& one) { return one.until <= after; });
    for (Outage& one : way->outages) {
      one.from -= after;
      one.until -= after;
    }
  }
  return impairment;
}

}  // namespace promenade::protocol
