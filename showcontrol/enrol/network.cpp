#include "showcontrol/enrol/network.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <print>

#include "showcontrol/enrol/terminal_qr.h"
#include "showcontrol/link/enrolment.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"

namespace promenade::enrol {

using namespace promenade::link;

namespace {

constexpr base::Duration kTurn{50'000};

int fail(const base::Error& error, int code) {
  std::println(stderr, "promenade-enrol: {}", error.text());
  return code;
}

// What a person has typed on the terminal, line by line, without waiting.
class TypedLines {
 public:
  std::optional<std::string> next() {
    pollfd watched{STDIN_FILENO, POLLIN, 0};
    while (open_ && ::poll(&watched, 1, 0) > 0) {
      std::array<char, 256> buffer;
      const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (size <= 0) open_ = false;
      else text_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    const std::size_t end = text_.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = text_.substr(0, end);
    text_.erase(0, end + 1);
    std::erase_if(line, [](char c) { return c == ' ' || c == '\r' || c == '-'; });
    return line;
  }

 private:
  std::string text_;
  bool open_ = true;
};

void enter(EnrolHall& hall, const std::string& line) {
  switch (hall.enter(line)) {
    case EnrolHall::Entered::right: std::println("The digits are right. Say so at the device as well."); break;
    case EnrolHall::Entered::wrong: std::println("These are not the digits. The device shows new ones when it asks again: start it again, and compare."); break;
    case EnrolHall::Entered::no_more_tries: break;
    case EnrolHall::Entered::nobody_asks: std::println("No device shows digits now."); break;
  }
  std::fflush(stdout);
}

bool split(const std::string& text, std::string& host, std::uint16_t& port) {
  const std::size_t colon = text.rfind(':');
  const int number = colon == std::string::npos ? 0 : std::atoi(text.c_str() + colon + 1);
  if (number < 1 || number > 65535 || colon == 0) return false;
  host = text.substr(0, colon);
  port = static_cast<std::uint16_t>(number);
  return true;
}

}  // namespace

int open(const OpenOptions& options) {
  const auto keys = HallKeys::open(options.link);
  if (!keys) return fail(keys.error(), kUsage);
  if (!valid_name(options.name)) return fail({"name-invalid", "\"" + options.name + "\" is no name for a device.", "Use 1 to 40 letters, digits, blanks and . _ -"}, kUsage);
  auto socket = UdpSocket::open(options.bind, options.port);
  if (!socket) return fail(socket.error(), kSurroundings);
  const Moment begun = (*socket)->now();
  Token token;
  system_random().fill(token);
  const Role role = *role_from(options.role);
  EnrolHall hall(keys->authority().root(), token, begun, system_random(),
                 [&](std::string_view key) { return keys->certify(role, options.name, key, system_moment().utc); });
  const Invitation invitation{options.address + ":" + std::to_string((*socket)->local().port), fingerprint(keys->authority().root()).value(), token, begun.utc + kInvitationLasts};
  const std::string text = to_text(invitation);
  const auto picture = terminal_qr(text);
  if (!picture) return fail(picture.error(), kUsage);
  std::println("{}\n{}\n\n{} {} may enrol for ten minutes: let it read this code, or, without a camera, give it {} and type here the six digits it shows.", *picture, text, options.role,
               options.name, invitation.hall);
  std::fflush(stdout);
  TypedLines typed;
  std::array<std::uint8_t, kOuterMax> buffer;
  std::optional<base::Duration> done_at;
  for (;;) {
    const Moment now = (*socket)->now();
    while (const auto received = (*socket)->receive(buffer)) {
      if (const auto reply = hall.receive(received->from, std::span(buffer).first(received->size), now)) (*socket)->send(reply->to, reply->bytes);
    }
    if (const auto line = typed.next(); line && !line->empty()) enter(hall, *line);
    const auto state = hall.state(now);
    if (state == EnrolHall::State::done && !done_at) done_at = now.steady;
    // A while longer for an answer that was lost.
    if (done_at && now.steady - *done_at > base::Duration{2'000'000}) return std::println("{} {} is enrolled.", options.role, options.name), kDone;
    if (state == EnrolHall::State::expired) return fail({"expired", "Nobody has enrolled within ten minutes.", "Begin again when the device is at hand."}, kRefused);
    if (state == EnrolHall::State::out_of_tries) return fail({"out-of-tries", "Three wrong codes: somebody may stand between hall and device.", "Begin again by QR code, or over a cable."}, kRefused);
    if (state == EnrolHall::State::failed) return fail({"failed", hall.failure(), {}}, kSurroundings);
    (*socket)->wait(kTurn);
  }
}

int join(const JoinOptions& options) {
  std::optional<Invitation> invitation;
  std::string at = options.hall;
  if (!options.invitation.empty()) {
    auto read = read_invitation(options.invitation);
    if (!read) return fail(read.error(), kUsage);
    at = read->hall;
    invitation = std::move(*read);
  }
  std::string host;
  std::uint16_t port = 0;
  if (!split(at, host, port)) return fail({"address-invalid", "\"" + at + "\" is not HOST:PORT.", "Give the invitation's text, or the hall's address."}, kUsage);
  if (std::filesystem::exists(options.out + "/own.pem")) return fail({"enrolled", options.out + " holds a certificate already.", "Give another folder, or remove that one."}, kUsage);
  const auto hall = resolve(host, port);
  if (!hall) return fail(hall.error(), kUsage);
  auto socket = UdpSocket::open("0.0.0.0", 0);
  if (!socket) return fail(socket.error(), kSurroundings);
  EnrolDevice device(invitation, system_random());
  TypedLines typed;
  std::array<std::uint8_t, kOuterMax> buffer;
  const base::Duration until = (*socket)->now().steady + kInvitationLasts;
  bool shown = false;
  while (!device.done()) {
    const Moment now = (*socket)->now();
    if (now.steady > until) return fail({"expired", "The hall has not enrolled this device within ten minutes.", "Check the address and that promenade enrol open runs there."}, kRefused);
    if (const auto said = device.next(now)) (*socket)->send(*hall, *said);
    while (const auto received = (*socket)->receive(buffer)) {
      if (received->from == *hall) device.receive(std::span(buffer).first(received->size), now);
    }
    if (!shown && device.code()) {
      shown = true;
      const std::string code = *device.code();
      std::println("{} {}\nType these digits at the hall. If it says that they are right, type yes here.", code.substr(0, 3), code.substr(3));
      std::fflush(stdout);
    }
    if (const auto line = typed.next(); line && *line == "yes") device.confirm();
    (*socket)->wait(kTurn);
  }
  if (const auto saved = save_credentials(options.out, *device.done()); !saved) return fail(saved.error(), kSurroundings);
  const auto identity = read_certificate(device.done()->certificate);
  if (!identity) return fail(identity.error(), kSurroundings);
  std::println("enrolled as {} {} of {}, until {:%F}: {}", to_string(identity->subject.role), identity->subject.name, identity->subject.venue, identity->not_after, options.out);
  return kDone;
}

}  // namespace promenade::enrol
