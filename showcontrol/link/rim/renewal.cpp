#include "showcontrol/link/rim/renewal.h"

#include <array>

#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"
#include "showcontrol/link/secure_socket.h"

namespace promenade::link {

namespace {
constexpr base::Duration kPatience{5'000'000}, kAskEvery{500'000}, kTurn{20'000};

bool next_of(const std::string& certificate, const Credentials& old, const Identity& was) {
  const auto identity = read_certificate(certificate);
  const auto key = certified_key(old.certificate);
  return identity && key && identity->subject == was.subject && identity->not_after > was.not_after && certifies(certificate, old.root, *key);
}
}  // namespace

base::Result<bool> renew_if_due(const std::string& folder, const std::string& host, std::uint16_t port) {
  auto credentials = load_credentials(folder);
  if (!credentials) return std::unexpected(credentials.error());
  const auto own = read_certificate(credentials->certificate);
  if (!own) return std::unexpected(own.error());
  if (own->not_after - system_moment().utc >= kRenewBefore) return false;
  auto settings = SessionSettings::make(SessionSettings::End::device, *credentials, system_random());
  if (!settings) return std::unexpected(settings.error());
  const auto hall = resolve(host, port);
  if (!hall) return std::unexpected(hall.error());
  auto udp = UdpSocket::open("0.0.0.0", 0);
  if (!udp) return std::unexpected(udp.error());
  SecureDeviceSocket socket(**udp, *hall, *settings);
  base::Duration ask_at{0};
  for (const base::Duration until = socket.now().steady + kPatience; socket.now().steady < until && socket.end().state() != Session::State::over;) {
    socket.work();
    for (const DeviceEnd::Inner& inner : socket.beside()) {
      const auto certificate = inner.kind == DatagramKind::renewal ? certificate_pem(inner.bytes) : base::Result<std::string>(base::fail("", ""));
      if (!certificate || !next_of(*certificate, *credentials, *own)) continue;
      credentials->certificate = *certificate;
      socket.close();
      if (auto saved = save_credentials(folder, *credentials); !saved) return std::unexpected(saved.error());
      return true;
    }
    socket.beside().clear();
    if (socket.end().state() == Session::State::open && socket.now().steady >= ask_at) {
      ask_at = socket.now().steady + kAskEvery;
      socket.send_beside(DatagramKind::renewal, {});
    }
    socket.wait(kTurn);
  }
  const std::string& why = socket.end().reason();
  return base::fail("renewal-failed", "The certificate in " + folder + " ends soon, and the hall has not renewed it" + (why.empty() ? "." : ": " + why + "."),
                    "Check that the hall runs; once it has expired, enrol this device anew.");
}

}  // namespace promenade::link
