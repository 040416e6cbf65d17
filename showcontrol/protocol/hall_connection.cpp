#include "showcontrol/protocol/hall_connection.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "tracking/base/formatted.h"

namespace promenade::protocol {

base::Result<std::vector<HallAddress>> hall_addresses(std::string_view text) {
  const auto wrong = [&](std::string_view part) {
    return base::fail("address-invalid", base::formatted("\"{}\" is not HOST:PORT.", part), "Give the hall as 192.168.1.10:9560, and one with a standby as 192.168.1.10:9560,192.168.1.11:9560.");
  };
  std::vector<HallAddress> halls;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    const std::size_t colon = part.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong(part);
    const std::string_view digits = part.substr(colon + 1);
    HallAddress hall{std::string(part.substr(0, colon)), 0};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), hall.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || hall.port == 0) return wrong(part);
    halls.push_back(std::move(hall));
    if (comma == std::string_view::npos) break;
    if (halls.size() == kHallAddressesMax) {
      return base::fail("address-invalid", base::formatted("\"{}\" has more than {} addresses.", text, kHallAddressesMax), "A hall has one program, or two that stand in for each other.");
    }
    rest.remove_prefix(comma + 1);
  }
  return halls;
}

HallConnection::HallConnection(Connection only) { tried_.push_back(std::move(only)); }

base::Result<HallConnection> HallConnection::open(const std::vector<HallAddress>& halls, std::shared_ptr<const link::SessionSettings> security,
                                                  const LinkImpairment& impairment) {
  HallConnection made;
  std::optional<base::Error> first;
  for (const HallAddress& hall : halls) {
    ConnectionConfig config;
    config.host = hall.host;
    config.port = hall.port;
    config.impairment = impairment;
    config.security = security;
    auto opened = Connection::open(config);
    if (opened) made.tried_.push_back(std::move(*opened));
    else if (!first) first = opened.error();
  }
  if (made.tried_.empty()) return std::unexpected(first.value_or(base::Error{"address-invalid", "No address of the hall was given.", "Give HOST:PORT."}));
  return made;
}

void HallConnection::poll(std::chrono::milliseconds timeout, std::vector<LinkEvent>& events) {
  if (connected_) {
    tried_.front().poll(timeout, events);
    if (tried_.front().over()) {
      tried_.clear();
      connected_ = false;
    }
    return;
  }
  std::vector<LinkEvent> heard;
  std::optional<LinkEvent> lost;
  for (std::size_t i = 0; i < tried_.size();) {
    heard.clear();
    tried_[i].poll(timeout / static_cast<int>(tried_.size()), heard);
    if (tried_[i].connected()) {
      Connection kept = std::move(tried_[i]);
      tried_.clear();  // closes the others
      tried_.push_back(std::move(kept));
      connected_ = true;
      events.insert(events.end(), std::make_move_iterator(heard.begin()), std::make_move_iterator(heard.end()));
      return;
    }
    if (tried_[i].over()) {
      for (const LinkEvent& event : heard) {
        if (std::holds_alternative<LinkLost>(event)) lost = event;
      }
      tried_.erase(tried_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  if (tried_.empty() && lost) events.push_back(std::move(*lost));
}

bool HallConnection::send(base::ByteView bytes, Delivery delivery) { return connected_ && tried_.front().send(bytes, delivery); }

void HallConnection::flush() {
  for (Connection& one : tried_) one.flush();
}

void HallConnection::set_impairment(const ImpairmentSettings& outgoing, const ImpairmentSettings& incoming) {
  for (Connection& one : tried_) one.set_impairment(outgoing, incoming);
}

}  // namespace promenade::protocol
