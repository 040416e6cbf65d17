#pragma once
// One DTLS 1.2 connection at one end, as a state machine: datagrams in, datagrams out, time as an argument. Mbed TLS does
// the protocol (RFC 6347, Connection ID by RFC 9146, replay window of 64); what it is set to stands in session.cpp. Pure.
// A Session belongs to one thread at a time; it may move to another while nobody else holds it.

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "showcontrol/link/certificate.h"
#include "showcontrol/link/datagram.h"
#include "showcontrol/link/random_source.h"

namespace promenade::link {

// What all sessions of one end share. Read only once made. Sessions hold it, so that new credentials can be taken into use
// while connections made under the old ones go on: that is why it is shared.
class SessionSettings {
 public:
  enum class End { hall, device };
  // `random` outlives every session. Codes "certificate-invalid", "key-invalid", "key-foreign".
  static base::Result<std::shared_ptr<const SessionSettings>> make(End end, const Credentials& credentials, RandomSource& random);
  ~SessionSettings();
  SessionSettings(const SessionSettings&) = delete;
  SessionSettings& operator=(const SessionSettings&) = delete;

  End end() const;
  const Identity& own() const;
  RandomSource& random() const;

 private:
  friend class Session;
  struct Parts;
  explicit SessionSettings(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

class Session {
 public:
  enum class State { handshake, open, over };
  // `connection_id`: what the other end shall put into its records; 0: nothing (a device, which has one address only).
  // `revoked`: as it stands when the handshake begins; shared, because the list may be replaced while a worker reads it.
  Session(std::shared_ptr<const SessionSettings> settings, std::uint64_t connection_id, std::shared_ptr<const RevocationList> revoked);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Works on the handshake as far as `in` and the time reach: the asymmetric work, about 1 to 3 ms. Only in State::handshake.
  void shake_hands(std::deque<base::Bytes>& in, Moment now);
  // When the handshake wants to be called again although nothing has come; nothing: not before a datagram.
  std::optional<base::Duration> next_timer() const;

  // In State::open. Appends the inner datagrams of an outer one; false: not one record of it was accepted.
  // Unprotected records in it are left out.
  bool open(base::ByteView datagram, Moment now, std::vector<base::Bytes>& inner);
  // False: over. At most kInnerMax + 1 bytes, kind first.
  bool seal(base::ByteView inner);
  void close();  // says so to the other end

  State state() const;
  // During a handshake: the other end has shown a certificate of the venue, if not yet that it has its key.
  bool has_certificate() const;
  // Who the other end is, once open.
  const Identity& peer() const;
  // Why it is over, for a log: "the certificate has expired".
  const std::string& reason() const;
  // Over because one end did not take the other, and not for silence.
  bool refused() const;
  std::vector<base::Bytes>& out();  // datagrams for the other end; the caller takes them

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace promenade::link
