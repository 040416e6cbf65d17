#include "showcontrol/server/contact.h"

#include <algorithm>
#include <charconv>

namespace promenade::server {

namespace {

constexpr std::string_view kNormallyOpen = ":normally-open";

std::unexpected<base::Error> wrong(std::string_view text) {
  return base::fail("contact-option", "\"" + std::string(text) + "\" is no contact.",
                    "Write gpio:CHIP:LINE or file:PATH, and :normally-open behind it where the contact closes in a fire.");
}

}  // namespace

base::Result<ContactSpec> contact_spec(std::string_view text) {
  ContactSpec spec;
  std::string_view rest = text;
  if (rest.ends_with(kNormallyOpen)) {
    spec.normally_open = true;
    rest.remove_suffix(kNormallyOpen.size());
  }
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return wrong(text);
  const std::string_view source = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  if (rest.empty()) return wrong(text);
  if (source == "file") {
    spec.path = rest;
    return spec;
  }
  const auto last = rest.rfind(':');
  if (source != "gpio" || last == std::string_view::npos || last == 0) return wrong(text);
  const std::string_view number = rest.substr(last + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), spec.line);
  if (number.empty() || error != std::errc{} || end != number.data() + number.size()) return wrong(text);
  spec.source = ContactSpec::Source::gpio;
  spec.path = rest.substr(0, last);
  if (!spec.path.starts_with('/')) spec.path = "/dev/" + spec.path;
  return spec;
}

hall::Contact ContactDebouncer::read(std::optional<bool> closed, SteadyTime at) {
  if (!closed) agree_ = 0;
  else agree_ = agree_ > 0 && *closed == last_closed_ ? std::min(agree_ + 1, kContactAgree) : 1;
  last_closed_ = closed.value_or(false);
  if (agree_ == kContactAgree) {
    believed_at_ = at;
    state_ = *closed == normally_open_ ? hall::Contact::fire : hall::Contact::ready;
  } else if (at - believed_at_ >= kContactFault) {
    state_ = hall::Contact::fault;  // nothing to read, or it rattles
  }
  return state_;
}

}  // namespace promenade::server
