#include "showcontrol/link/certificate.h"

#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/sha256.h>

#include <algorithm>
#include <array>
#include <utility>

#include "showcontrol/link/mbed.h"
#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::link {

namespace {

using std::chrono::seconds;

constexpr std::size_t kPemMax = 4096;

std::string x509_time(base::UtcTime time) { return base::formatted("{:%Y%m%d%H%M%S}", std::chrono::floor<seconds>(time)); }

base::UtcTime utc_of(const mbedtls_x509_time& t) {
  const std::chrono::year_month_day day(std::chrono::year(t.year), std::chrono::month(static_cast<unsigned>(t.mon)), std::chrono::day(static_cast<unsigned>(t.day)));
  return std::chrono::sys_days(day) + std::chrono::hours(t.hour) + std::chrono::minutes(t.min) + seconds(t.sec);
}

std::string subject_text(std::string_view name, std::string_view unit, std::string_view venue) {
  std::string text = base::formatted("CN={}", name);
  if (!unit.empty()) text += base::formatted(",OU={}", unit);
  return text + base::formatted(",O={}", venue);
}

std::string attribute(const mbedtls_x509_name& subject, std::string_view oid) {
  for (const mbedtls_x509_name* part = &subject; part != nullptr; part = part->next) {
    if (std::string_view(reinterpret_cast<const char*>(part->oid.p), part->oid.len) == oid) return std::string(reinterpret_cast<const char*>(part->val.p), part->val.len);
  }
  return {};
}

template <class Write>
std::string pem_of(Write write) {
  std::array<unsigned char, kPemMax> text{};
  PROMENADE_ASSERT(write(text.data(), text.size()) == 0);
  return reinterpret_cast<const char*>(text.data());
}

using Writer = Owned<mbedtls_x509write_cert, mbedtls_x509write_crt_init, mbedtls_x509write_crt_free>;

struct CertificateText {
  std::string subject, issuer;
  base::UtcTime from;
  seconds lasts{0};
  std::optional<Role> role;  // none: a root
};

// What both sorts of certificate share. `subject_key` and `issuer_key` outlive the writing.
std::string write_certificate(const CertificateText& text, mbedtls_pk_context& subject_key, mbedtls_pk_context& issuer_key, RandomSource& random) {
  Writer writer;
  std::array<std::uint8_t, 16> serial;
  random.fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);  // positive, and always of 16 bytes
  mbedtls_x509write_crt_set_version(writer.get(), MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(writer.get(), MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(writer.get(), &subject_key);
  mbedtls_x509write_crt_set_issuer_key(writer.get(), &issuer_key);
  int error = mbedtls_x509write_crt_set_serial_raw(writer.get(), serial.data(), serial.size());
  error |= mbedtls_x509write_crt_set_subject_name(writer.get(), text.subject.c_str());
  error |= mbedtls_x509write_crt_set_issuer_name(writer.get(), text.issuer.c_str());
  // A clock that is a little behind must not refuse a certificate made just now.
  error |= mbedtls_x509write_crt_set_validity(writer.get(), x509_time(text.from - std::chrono::minutes(5)).c_str(), x509_time(text.from + text.lasts).c_str());
  error |= mbedtls_x509write_crt_set_basic_constraints(writer.get(), text.role ? 0 : 1, text.role ? -1 : 0);
  error |= mbedtls_x509write_crt_set_key_usage(writer.get(), text.role ? MBEDTLS_X509_KU_DIGITAL_SIGNATURE : MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN);
  if (text.role) {  // so that no headset can pass for the hall
    mbedtls_asn1_sequence usage{};
    const bool server = *text.role == Role::hall;
    usage.buf.tag = MBEDTLS_ASN1_OID;
    usage.buf.p = reinterpret_cast<unsigned char*>(const_cast<char*>(server ? MBEDTLS_OID_SERVER_AUTH : MBEDTLS_OID_CLIENT_AUTH));
    usage.buf.len = server ? MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH) : MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH);
    error |= mbedtls_x509write_crt_set_ext_key_usage(writer.get(), &usage);
  }
  PROMENADE_ASSERT(error == 0);
  return pem_of([&](unsigned char* out, std::size_t size) { return mbedtls_x509write_crt_pem(writer.get(), out, size, fill_random, &random); });
}

void generate(PrivateKey& key, RandomSource& random) {
  int error = mbedtls_pk_setup(key.get(), mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (error == 0) error = mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key.get()), fill_random, &random);
  PROMENADE_ASSERT(error == 0);
}

std::string private_pem(PrivateKey& key) {
  return pem_of([&](unsigned char* out, std::size_t size) { return mbedtls_pk_write_key_pem(key.get(), out, size); });
}

std::array<unsigned char, 32> sha256(base::ByteView bytes) {
  std::array<unsigned char, 32> hash{};
  PROMENADE_ASSERT(mbedtls_sha256(bytes.data(), bytes.size(), hash.data(), 0) == 0);
  return hash;
}

constexpr std::string_view kListHeading = "promenade revocation list";

std::string list_body(const RevocationList& list) {
  std::string text = base::formatted("{}\nnumber {}\n", kListHeading, list.number);
  for (const std::string& serial : list.serials) text += "serial " + serial + "\n";
  return text;
}

std::unexpected<base::Error> bad_list(std::string_view what) {
  return base::fail("revocation-invalid", base::formatted("The revocation list {}.", what), "Take the list again from the hall's link folder.");
}

std::optional<RevocationList> parse_list(std::string_view body) {
  RevocationList list;
  std::size_t line_number = 0;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line_number == 0 && line != kListHeading) return std::nullopt;
    if (line_number == 1) {
      if (!line.starts_with("number ")) return std::nullopt;
      const std::string digits(line.substr(7));
      if (digits.empty() || digits.size() > 18 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
      list.number = std::stoull(digits);
    }
    if (line_number > 1) {
      if (!line.starts_with("serial ") || line.size() != 7 + 32) return std::nullopt;
      list.serials.emplace(line.substr(7));
    }
    ++line_number;
  }
  return line_number >= 2 ? std::optional(std::move(list)) : std::nullopt;
}

}  // namespace

// ------------------------------------------------------------ mbed.h

int fill_random(void* source, unsigned char* out, std::size_t size) {
  static_cast<RandomSource*>(source)->fill({out, size});
  return 0;
}

std::string mbed_text(int error) {
  std::array<char, 160> text{};
  mbedtls_strerror(error, text.data(), text.size());
  return base::formatted("{} (-0x{:04x})", text.data(), static_cast<unsigned>(-error));
}

bool parse(X509& certificate, std::string_view pem) {
  const std::string text(pem);
  return !text.empty() && mbedtls_x509_crt_parse(certificate.get(), reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1) == 0;
}

bool parse_private(PrivateKey& key, std::string_view pem, RandomSource& random) {
  const std::string text(pem);
  return mbedtls_pk_parse_key(key.get(), reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1, nullptr, 0, fill_random, &random) == 0 &&
         mbedtls_pk_get_type(key.get()) == MBEDTLS_PK_ECKEY;
}

std::optional<Identity> identity_of(const mbedtls_x509_crt& certificate) {
  const auto role = role_from(attribute(certificate.subject, {MBEDTLS_OID_AT_ORG_UNIT, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_ORG_UNIT)}));
  Identity identity;
  identity.subject.name = attribute(certificate.subject, {MBEDTLS_OID_AT_CN, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_CN)});
  identity.subject.venue = attribute(certificate.subject, {MBEDTLS_OID_AT_ORGANIZATION, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_ORGANIZATION)});
  if (!role || !valid_name(identity.subject.name) || certificate.serial.len != 16) return std::nullopt;
  identity.subject.role = *role;
  identity.serial = base::to_hex({certificate.serial.p, certificate.serial.len});
  identity.not_before = utc_of(certificate.valid_from);
  identity.not_after = utc_of(certificate.valid_to);
  return identity;
}

// ------------------------------------------------------------ certificate.h

std::string_view to_string(Role role) {
  constexpr std::array<std::string_view, 4> kWords{"hall", "headset", "staff", "standby"};
  return kWords[static_cast<std::size_t>(role)];
}

std::optional<Role> role_from(std::string_view word) {
  for (const Role role : {Role::hall, Role::headset, Role::staff, Role::standby}) {
    if (to_string(role) == word) return role;
  }
  return std::nullopt;
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && name.front() != ' ' && name.back() != ' ' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view(" ._-").contains(c);
  });
}

std::string make_key(RandomSource& random) {
  PrivateKey key;
  generate(key, random);
  return private_pem(key);
}

base::Result<std::string> public_half(std::string_view key, RandomSource& random) {
  PrivateKey parsed;
  if (!parse_private(parsed, key, random)) return base::fail("key-invalid", "This is no private key of an elliptic curve in PEM.", "Make a new one.");
  return pem_of([&](unsigned char* out, std::size_t size) { return mbedtls_pk_write_pubkey_pem(parsed.get(), out, size); });
}

base::Result<Identity> read_certificate(std::string_view pem) {
  X509 certificate;
  const auto identity = parse(certificate, pem) ? identity_of(*certificate.get()) : std::nullopt;
  if (!identity) return base::fail("certificate-invalid", "This is no certificate of a Promenade link in PEM.", "Enrol this device again.");
  return *identity;
}

base::Result<std::string> certified_key(std::string_view pem) {
  X509 certificate;
  if (!parse(certificate, pem)) return base::fail("certificate-invalid", "This is no certificate in PEM.", "Enrol this device again.");
  return pem_of([&](unsigned char* out, std::size_t size) { return mbedtls_pk_write_pubkey_pem(&certificate->pk, out, size); });
}

base::Result<base::Bytes> certificate_der(std::string_view pem) {
  X509 certificate;
  if (!parse(certificate, pem)) return base::fail("certificate-invalid", "This is no certificate in PEM.", "Enrol this device again.");
  return base::Bytes(certificate->raw.p, certificate->raw.p + certificate->raw.len);
}

base::Result<std::string> certificate_pem(base::ByteView der) {
  X509 certificate;
  if (der.empty() || mbedtls_x509_crt_parse_der(certificate.get(), der.data(), der.size()) != 0) {
    return base::fail("certificate-invalid", "This is no certificate in DER.", "Enrol this device again.");
  }
  return pem_of([&](unsigned char* out, std::size_t size) {
    std::size_t written = 0;
    return mbedtls_pem_write_buffer("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", der.data(), der.size(), out, size, &written);
  });
}

bool certifies(std::string_view certificate_pem, std::string_view root_pem, std::string_view public_key_pem) {
  X509 certificate, root;
  PrivateKey theirs;  // its public half only
  const std::string text(public_key_pem);
  if (!parse(certificate, certificate_pem) || !parse(root, root_pem)) return false;
  if (mbedtls_pk_parse_public_key(theirs.get(), reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1) != 0) return false;
  std::uint32_t flags = 0;
  mbedtls_x509_crt_verify_with_profile(certificate.get(), root.get(), nullptr, &mbedtls_x509_crt_profile_suiteb, nullptr, &flags, nullptr, nullptr);
  const std::uint32_t times = MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;
  if ((flags & ~times) != 0) return false;
  std::array<unsigned char, 256> a{}, b{};
  const int size_a = mbedtls_pk_write_pubkey_der(&certificate->pk, a.data(), a.size()), size_b = mbedtls_pk_write_pubkey_der(theirs.get(), b.data(), b.size());
  return size_a > 0 && size_a == size_b && a == b;
}

base::Result<base::Bytes> fingerprint(std::string_view pem) {
  X509 certificate;
  if (!parse(certificate, pem)) return base::fail("certificate-invalid", "This is no certificate in PEM.", "Enrol this device again.");
  const auto hash = sha256({certificate->raw.p, certificate->raw.len});
  return base::Bytes(hash.begin(), hash.end());
}

base::Result<RevocationList> read_revocation_list(std::string_view text, std::string_view root_pem) {
  X509 root;
  if (!parse(root, root_pem)) return base::fail("certificate-invalid", "The root certificate is none.", "Enrol this device again.");
  constexpr std::string_view kMark = "signature ";
  const std::size_t at = text.rfind(kMark);
  if (at == std::string_view::npos || !text.ends_with('\n')) return bad_list("has no signature");
  const std::string_view body = text.substr(0, at);
  const auto signature = base::from_base64url(text.substr(at + kMark.size(), text.size() - at - kMark.size() - 1));
  const auto hash = sha256(base::as_bytes(body));
  if (!signature || mbedtls_pk_verify(&root->pk, MBEDTLS_MD_SHA256, hash.data(), hash.size(), signature->data(), signature->size()) != 0) {
    return bad_list("is not signed by this venue's root");
  }
  auto list = parse_list(body);
  if (!list) return bad_list("has a line that is none of its own");
  return *list;
}

struct Authority::Key {
  PrivateKey key;
};

Authority::Authority(std::unique_ptr<Key> parsed, std::string root, std::string key, std::string venue)
    : parsed_(std::move(parsed)), root_(std::move(root)), key_(std::move(key)), venue_(std::move(venue)) {}
Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;

Authority Authority::make(std::string_view venue, base::UtcTime now, RandomSource& random) {
  PROMENADE_ASSERT(valid_name(venue));
  auto parsed = std::make_unique<Key>();
  generate(parsed->key, random);
  const std::string name = subject_text("Promenade root", "", venue);
  std::string root = write_certificate({name, name, now, kRootLasts, std::nullopt}, *parsed->key.get(), *parsed->key.get(), random);
  std::string key = private_pem(parsed->key);
  return Authority(std::move(parsed), std::move(root), std::move(key), std::string(venue));
}

base::Result<Authority> Authority::from(std::string root_pem, std::string key_pem, RandomSource& random) {
  X509 root;
  if (!parse(root, root_pem)) return base::fail("certificate-invalid", "The root certificate is no certificate in PEM.", "Restore the link folder from its copy.");
  auto parsed = std::make_unique<Key>();
  if (!parse_private(parsed->key, key_pem, random)) return base::fail("key-invalid", "The root key is no private key in PEM.", "Restore the link folder from its copy.");
  if (mbedtls_pk_check_pair(&root->pk, parsed->key.get(), fill_random, &random) != 0) {
    return base::fail("key-foreign", "The root key does not belong to the root certificate.", "Restore both from the same copy.");
  }
  std::string venue = attribute(root->subject, {MBEDTLS_OID_AT_ORGANIZATION, MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_ORGANIZATION)});
  return Authority(std::move(parsed), std::move(root_pem), std::move(key_pem), std::move(venue));
}

base::Result<std::string> Authority::certify(const Subject& subject, std::string_view public_key, base::UtcTime now, RandomSource& random,
                                             seconds lasts) const {
  if (!valid_name(subject.name)) {
    return base::fail("name-invalid", base::formatted("\"{}\" is no name for a certificate.", subject.name), "Use 1 to 40 letters, digits, blanks and . _ -");
  }
  PrivateKey theirs;  // its public half only
  const std::string text(public_key);
  if (mbedtls_pk_parse_public_key(theirs.get(), reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1) != 0 ||
      mbedtls_pk_get_type(theirs.get()) != MBEDTLS_PK_ECKEY || mbedtls_pk_get_bitlen(theirs.get()) != 256) {
    return base::fail("key-invalid", "This is no public key of curve P-256 in PEM.", "Make a new one.");
  }
  return write_certificate({subject_text(subject.name, to_string(subject.role), venue_), subject_text("Promenade root", "", venue_), now, lasts, subject.role},
                           *theirs.get(), *parsed_->key.get(), random);
}

base::Result<Credentials> Authority::issue(Role role, std::string_view name, base::UtcTime now, RandomSource& random, seconds lasts) const {
  Credentials made{root_, {}, make_key(random)};
  const auto half = public_half(made.key, random);
  PROMENADE_ASSERT(half.has_value());
  auto certificate = certify({role, std::string(name), venue_}, *half, now, random, lasts);
  if (!certificate) return std::unexpected(certificate.error());
  made.certificate = std::move(*certificate);
  return made;
}

std::string Authority::sign(const RevocationList& list, RandomSource& random) const {
  const std::string body = list_body(list);
  const auto hash = sha256(base::as_bytes(body));
  base::Bytes signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
  std::size_t size = 0;
  PROMENADE_ASSERT(mbedtls_pk_sign(parsed_->key.get(), MBEDTLS_MD_SHA256, hash.data(), hash.size(), signature.data(), signature.size(), &size, fill_random, &random) == 0);
  signature.resize(size);
  return body + "signature " + base::to_base64url(signature) + "\n";
}

}  // namespace promenade::link
