#pragma once
// Certificates of one venue: who may speak on its link. A root key signs one certificate for the hall, one for each headset,
// one for each staff device, and what a standby hall follows its hall with; nothing stands between root and device. ECDSA P-256 with SHA-256, X.509 version 3. Pure:
// time and chance are arguments; files are showcontrol/link/rim/key_folder.h.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "showcontrol/link/random_source.h"
#include "tracking/base/bytes.h"
#include "tracking/base/clock.h"
#include "tracking/base/result.h"

namespace promenade::link {

enum class Role : std::uint8_t { hall, headset, staff, standby };  // standby: a hall program that follows another one
std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view word);

// Stands in the subject: common name, organisational unit, organisation. Names have 1 to 40 letters, digits, blanks and
// "._-"; a headset's is its number.
struct Subject {
  Role role = Role::headset;
  std::string name;
  std::string venue;
  friend bool operator==(const Subject&, const Subject&) = default;
};
bool valid_name(std::string_view name);

struct Identity {  // what a certificate that was checked says
  Subject subject;
  std::string serial;  // 32 hex digits
  base::UtcTime not_before, not_after;
};

struct Credentials {  // of one end; PEM
  std::string root;         // the venue's root certificate
  std::string certificate;  // this end's own
  std::string key;          // its private key
};

inline constexpr std::chrono::days kRootLasts{3650};
inline constexpr std::chrono::days kCertificateLasts{90};
inline constexpr std::chrono::days kRenewBefore{30};  // a certificate with less to go is renewed

// A new private key. PEM.
std::string make_key(RandomSource& random);
// Its public half. PEM. Code "key-invalid".
base::Result<std::string> public_half(std::string_view key, RandomSource& random);
// What a certificate says, with no check of who signed it. Code "certificate-invalid".
base::Result<Identity> read_certificate(std::string_view pem);
// The public key (PEM) that a certificate is for. Code "certificate-invalid".
base::Result<std::string> certified_key(std::string_view pem);
// A certificate without its PEM armour, and with it again. Code "certificate-invalid".
base::Result<base::Bytes> certificate_der(std::string_view pem);
base::Result<std::string> certificate_pem(base::ByteView der);
// Whether a certificate is signed by that root and of that public key; validity is not looked at.
bool certifies(std::string_view certificate_pem, std::string_view root_pem, std::string_view public_key_pem);
// SHA-256 of the certificate's DER: what a person or a QR code compares. Code "certificate-invalid".
base::Result<base::Bytes> fingerprint(std::string_view pem);

// The list of certificates that count no more: text lines, signed by the root key. A higher number replaces a lower one.
struct RevocationList {
  std::uint64_t number = 0;
  std::set<std::string> serials;
  friend bool operator==(const RevocationList&, const RevocationList&) = default;
};
// Codes "revocation-invalid" (not of this root, or damaged).
base::Result<RevocationList> read_revocation_list(std::string_view text, std::string_view root_pem);

class Authority {  // holds a venue's root key
 public:
  static Authority make(std::string_view venue, base::UtcTime now, RandomSource& random);
  // Codes "certificate-invalid", "key-invalid", "key-foreign" (the two do not belong together).
  static base::Result<Authority> from(std::string root_pem, std::string key_pem, RandomSource& random);
  ~Authority();
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;

  const std::string& root() const { return root_; }  // PEM
  const std::string& key() const { return key_; }    // PEM
  const std::string& venue() const { return venue_; }
  // A certificate for the holder of the private half of `public_key`. Codes "key-invalid", "name-invalid".
  base::Result<std::string> certify(const Subject& subject, std::string_view public_key, base::UtcTime now, RandomSource& random,
                                    std::chrono::seconds lasts = kCertificateLasts) const;
  // The same with a new key.
  base::Result<Credentials> issue(Role role, std::string_view name, base::UtcTime now, RandomSource& random,
                                  std::chrono::seconds lasts = kCertificateLasts) const;
  std::string sign(const RevocationList& list, RandomSource& random) const;

 private:
  struct Key;
  Authority(std::unique_ptr<Key> parsed, std::string root, std::string key, std::string venue);
  std::unique_ptr<Key> parsed_;
  std::string root_, key_, venue_;
};

}  // namespace promenade::link
