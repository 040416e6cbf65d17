#include "ticketing/core/ticket.h"

#include <charconv>
#include <optional>

#include "ticketing/core/codes.h"
#include "ticketing/core/json_fields.h"
#include "tracking/base/assert.h"
#include "tracking/base/bytes.h"
#include "tracking/base/formatted.h"

namespace promenade::ticketing {
namespace {

constexpr std::string_view kPrefix = "PMT1.";
constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kKindNames[] = {"paid", "comp", "staff", "test"};

// Codes are fixed numbers of digits, so they travel as numbers.
std::uint64_t number_of(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  PROMENADE_ASSERT(error == std::errc{} && end == digits.data() + digits.size());
  return value;
}

std::string digits_of(std::uint64_t value, std::size_t size) { return base::formatted("{:0{}}", value, size); }

std::int64_t whole_seconds(base::UtcTime time) {
  const auto ms = time.time_since_epoch().count();
  PROMENADE_ASSERT(ms % 1000 == 0);
  return ms / 1000;
}

base::Bytes encode(const Ticket& ticket) {
  PROMENADE_ASSERT(is_ticket_code(ticket.code.value()) && is_film_code(ticket.film.value()));
  PROMENADE_ASSERT(is_screen_code(ticket.lane.value()) && is_screening_code(ticket.screening.value()));
  base::Bytes out;
  base::ByteWriter w(out);
  w.u8(kVersion);
  w.text(ticket.venue.value());
  w.u64(number_of(ticket.code.value()));
  w.u64(number_of(ticket.film.value()));
  w.u64(number_of(ticket.lane.value()));
  w.u64(number_of(ticket.screening.value()));
  w.u16(static_cast<std::uint16_t>(ticket.slot));
  w.u32(static_cast<std::uint32_t>(ticket.business_date.day().time_since_epoch().count()));
  w.i64(whole_seconds(ticket.valid_from));
  w.i64(whole_seconds(ticket.valid_until));
  w.text(ticket.price_class);
  w.u8(static_cast<std::uint8_t>(ticket.kind));
  w.raw(ticket.nonce);
  return out;
}

std::optional<Ticket> decode(base::ByteView payload) {
  constexpr std::int64_t kMaxSeconds = 253'402'300'800;  // year 10000
  base::ByteReader r(payload);
  if (r.u8() != kVersion) return std::nullopt;
  Ticket t;
  t.venue = base::VenueId(r.text());
  t.code = base::TicketId(digits_of(r.u64(), kTicketCodeSize));
  t.film = base::FilmId(digits_of(r.u64(), kFilmCodeSize));
  t.lane = base::LaneId(digits_of(r.u64(), kScreenCodeSize));
  t.screening = base::ScreeningId(digits_of(r.u64(), kScreeningCodeSize));
  t.slot = r.u16();
  const std::uint32_t days = r.u32();
  const std::int64_t from = r.i64(), until = r.i64();
  t.price_class = r.text();
  const std::uint8_t kind = r.u8();
  const auto nonce = r.raw(t.nonce.size());
  if (!r.ok() || r.remaining() != 0 || kind >= std::size(kKindNames) || days > 3'000'000) return std::nullopt;
  if (from < 0 || until <= from || until > kMaxSeconds || t.slot == 0) return std::nullopt;
  if (!is_ticket_code(t.code.value()) || !is_film_code(t.film.value()) || !is_screen_code(t.lane.value()) ||
      !is_screening_code(t.screening.value()) || t.venue.is_none() || !is_utf8(t.venue.value()) || !is_utf8(t.price_class)) {
    return std::nullopt;
  }
  t.business_date = BusinessDate(std::chrono::sys_days(std::chrono::days(days)));
  t.valid_from = base::UtcTime(std::chrono::seconds(from));
  t.valid_until = base::UtcTime(std::chrono::seconds(until));
  t.kind = static_cast<TicketKind>(kind);
  std::copy(nonce.begin(), nonce.end(), t.nonce.begin());
  return t;
}

struct Parts {
  Ticket ticket;
  base::Bytes payload;
  base::Signature signature{};
};

std::optional<Parts> split(std::string_view text) {
  if (text.size() > kMaxTicketText || !text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  auto payload = base::from_base64url(text.substr(0, point));
  const auto signature = base::from_base64url(text.substr(point + 1));
  Parts parts;
  if (!payload || !signature || signature->size() != parts.signature.size()) return std::nullopt;
  // One text for one ticket: other spellings of the same bytes are refused.
  if (base::to_base64url(*payload) != text.substr(0, point) || base::to_base64url(*signature) != text.substr(point + 1)) return std::nullopt;
  auto ticket = decode(*payload);
  if (!ticket) return std::nullopt;
  parts.ticket = std::move(*ticket);
  parts.payload = std::move(*payload);
  std::copy(signature->begin(), signature->end(), parts.signature.begin());
  return parts;
}

std::unexpected<base::Error> malformed() {
  return base::fail("ticket-malformed", "This is not a ticket of this system.", "Scan the QR code again, or look the ticket up by its number.");
}

}  // namespace

std::string_view to_text(TicketKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

base::Result<TicketKind> ticket_kind_from_text(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kKindNames); ++i) {
    if (text == kKindNames[i]) return static_cast<TicketKind>(i);
  }
  return base::fail("request-malformed", "\"" + std::string(text.substr(0, 20)) + "\" is not a kind of ticket.", "Use paid, comp, staff or test.");
}

std::array<std::uint8_t, 12> ticket_nonce(const base::TicketId& code, const base::KeyPair& key) {
  const base::Signature secret = key.sign("promenade-ticket-nonce-1", base::as_bytes(code.value()));
  const base::Hash hash = base::blake2b(secret);
  std::array<std::uint8_t, 12> nonce{};
  std::copy_n(hash.begin(), nonce.size(), nonce.begin());
  return nonce;
}

int gate_of(const base::TicketId& code, int gates) {
  PROMENADE_ASSERT(is_ticket_code(code.value()) && gates >= 1);
  return static_cast<int>(number_of(code.value()) % static_cast<std::uint64_t>(gates)) + 1;
}

std::string issue_ticket(const Ticket& ticket, const base::KeyPair& key) {
  const base::Bytes payload = encode(ticket);
  std::string text = std::string(kPrefix) + base::to_base64url(payload) + "." + base::to_base64url(key.sign(kTicketDomain, payload));
  PROMENADE_ASSERT(text.size() <= kMaxTicketText);
  return text;
}

base::Result<Ticket> parse_ticket(std::string_view text) {
  auto parts = split(text);
  if (!parts) return malformed();
  return std::move(parts->ticket);
}

base::Result<Ticket> verify_ticket(std::string_view text, const base::PublicKey& key, const base::VenueId& venue,
                                   const BusinessCalendar& calendar, base::UtcTime now) {
  auto parts = split(text);
  if (!parts) return malformed();
  Ticket& ticket = parts->ticket;
  // A ticket of another venue carries another key, so its venue is named only to help, after the signature failed.
  if (!base::verify(key, kTicketDomain, parts->payload, parts->signature)) {
    if (ticket.venue != venue) {
      return base::fail("ticket-other-venue", "The ticket names the venue " + ticket.venue.value() + ", not this one.",
                        "Send the viewer there; do not let them in here.");
    }
    return base::fail("ticket-forged", "The ticket's signature is not this venue's: it was not sold here or was altered.",
                      "Do not let the viewer in; call the floor manager.");
  }
  if (ticket.venue != venue) {
    return base::fail("ticket-other-venue", "The ticket is for the venue " + ticket.venue.value() + ", not this one.",
                      "Send the viewer there; do not let them in here.");
  }
  const BusinessDate today = calendar.date_of(now);
  if (ticket.business_date < today) {
    return base::fail("ticket-other-day", "The ticket was for " + ticket.business_date.text() + "; today is " + today.text() + ".",
                      "Its day is over; the box office can refund it until that day is closed.");
  }
  if (now < ticket.valid_from) {
    return base::fail("ticket-not-yet-valid", "The ticket is taken from " + calendar.local_text(ticket.valid_from) + " on.",
                      "Ask the viewer to come back then.");
  }
  if (now >= ticket.valid_until) {
    return base::fail("ticket-expired", "The ticket was taken until " + calendar.local_text(ticket.valid_until) + ".",
                      "The box office can refund it or change it to a later screening.");
  }
  return std::move(ticket);
}

}  // namespace promenade::ticketing
