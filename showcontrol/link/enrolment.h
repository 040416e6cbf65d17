#pragma once
// How a device gets its certificate over the network, as two state machines: datagrams in, datagrams out, time and chance as
// arguments. Pure. docs/protocol.md has the datagrams. Nothing in them is secret but the token, which is never sent.
//
// By invitation: the hall shows a QR code with its address, its root's fingerprint, a token of 128 bits and its expiry. Both
// ends prove with a keyed hash that they know the token; it serves one device. By code, without a camera: both ends show six
// digits made from root, key and two random numbers, of which the hall's is committed to before it hears the device's, so
// that who stands between can guess only once in a million; people compare them. Three wrong entries end it.

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "showcontrol/link/certificate.h"
#include "showcontrol/link/datagram.h"
#include "tracking/base/crypto.h"

namespace promenade::link {

inline constexpr std::chrono::minutes kInvitationLasts{10};
inline constexpr int kCodeTries = 3;

using Token = std::array<std::uint8_t, 16>;
using Nonce = std::array<std::uint8_t, 16>;

struct Invitation {
  std::string hall;        // HOST:PORT
  base::Bytes root;        // fingerprint
  Token token{};
  base::UtcTime expires;
};
// "promenade://10.0.0.2:9562/ROOT/TOKEN/SECONDS", what the QR code holds; and back. Code "invitation-invalid".
std::string to_text(const Invitation& invitation);
base::Result<Invitation> read_invitation(std::string_view text);

class EnrolHall {
 public:
  // Makes and notes a certificate for the public key (PEM) of the one device that this is for.
  using Certify = std::function<base::Result<std::string>(std::string_view public_key)>;
  EnrolHall(std::string root_pem, const Token& token, Moment now, RandomSource& random, Certify certify);

  struct Reply { Address to; base::Bytes bytes; };
  std::optional<Reply> receive(Address from, base::ByteView datagram, Moment now);

  // The six digits that a device should show now; nothing: none asks.
  std::optional<std::string> code() const;
  enum class Entered { right, wrong, no_more_tries, nobody_asks };
  // What a person read off the device. Right: it gets its certificate when it asks next.
  Entered enter(std::string_view code);

  enum class State { open, done, expired, out_of_tries, failed };
  State state(Moment now) const;
  const std::string& failure() const { return failure_; }  // of State::failed
  std::uint64_t refused() const { return refused_; }       // datagrams that proved nothing

 private:
  struct Asking {  // a device by code
    Nonce session{};
    std::string key;
    Nonce own{};
    std::optional<Nonce> theirs;
    bool accepted = false;
    base::Duration heard{0};
  };
  std::optional<base::Bytes> by_token(base::ByteReader& reader, base::ByteView datagram);
  std::optional<base::Bytes> by_code(std::uint8_t kind, base::ByteReader& reader, Moment now);
  std::optional<base::Bytes> certificate_for(const std::string& key);

  std::string root_pem_;
  base::Bytes root_;
  Token token_;
  base::Duration expires_;
  RandomSource& random_;
  Certify certify_;
  std::optional<Asking> asking_;
  std::string given_to_;      // the key that has got its certificate
  base::Bytes certificate_;   // DER
  int tries_ = 0;
  std::string failure_;
  std::uint64_t refused_ = 0;
};

class EnrolDevice {
 public:
  // `random` is used now only. By invitation, or by code.
  EnrolDevice(std::optional<Invitation> invitation, RandomSource& random);

  void receive(base::ByteView datagram, Moment now);
  std::optional<base::Bytes> next(Moment now);  // what to send now: asks again every 300 ms
  std::optional<std::string> code() const;      // by code: to be shown, once known
  void confirm() { confirmed_ = true; }         // a person says that the hall shows the same

  // Once the certificate is there, it is of this device's key, and its root is the right one.
  const std::optional<Credentials>& done() const { return done_; }

 private:
  base::Bytes ask() const;

  std::optional<Invitation> invitation_;
  std::string key_, public_;  // PEM
  Nonce session_{}, own_{};
  std::optional<base::Bytes> root_, commitment_;
  std::optional<Nonce> theirs_;
  bool confirmed_ = false;
  std::optional<Credentials> done_;
  std::optional<base::Duration> asked_;
};

}  // namespace promenade::link
