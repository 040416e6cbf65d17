#include "showcontrol/link/session.h"

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>

#include <algorithm>
#include <array>

#include "showcontrol/link/hello.h"
#include "showcontrol/link/library_time.h"
#include "showcontrol/link/mbed.h"
#include "tracking/base/assert.h"

namespace promenade::link {

namespace {

using std::chrono::milliseconds;

// A flight is sent again after 150, 300 and then every 600 ms, nine tries in all: half a second is long in a hall. Where
// three datagrams of ten are lost each way, all of them fail for two flights of a thousand, and the device begins anew.
constexpr std::uint32_t kFirstResend_ms = 150, kLastStep_ms = 38'400;  // doubled in between, and capped by kResendMost
constexpr milliseconds kResendMost{600};
constexpr int kRecordsMost = 8;  // of one datagram
constexpr int kStepsMost = 64;   // of one call

constexpr std::array kSuites{MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 0};
constexpr std::array<std::uint16_t, 2> kGroups{MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_NONE};
constexpr std::array<std::uint16_t, 2> kSignatures{MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256, MBEDTLS_TLS1_3_SIG_NONE};

// The cookie is checked before a session is made (hello.h); Mbed TLS, which then sees it as well, is told that it is right.
int cookie_never_written(void*, unsigned char**, unsigned char*, const unsigned char*, std::size_t) { return MBEDTLS_ERR_SSL_INTERNAL_ERROR; }
int cookie_was_checked(void*, const unsigned char*, std::size_t, const unsigned char*, std::size_t) { return 0; }

}  // namespace

// ------------------------------------------------------------ SessionSettings

struct SessionSettings::Parts {
  End end = End::device;
  RandomSource* random = nullptr;
  Identity own;
  X509 root, certificate;
  PrivateKey key;
  Owned<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free> config;
};

SessionSettings::SessionSettings(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SessionSettings::~SessionSettings() = default;
SessionSettings::End SessionSettings::end() const { return parts_->end; }
const Identity& SessionSettings::own() const { return parts_->own; }
RandomSource& SessionSettings::random() const { return *parts_->random; }

base::Result<std::shared_ptr<const SessionSettings>> SessionSettings::make(End end, const Credentials& credentials, RandomSource& random) {
  auto parts = std::make_unique<Parts>();
  parts->end = end;
  parts->random = &random;
  const auto identity = parse(parts->root, credentials.root) && parse(parts->certificate, credentials.certificate) ? identity_of(*parts->certificate.get()) : std::nullopt;
  if (!identity) return base::fail("certificate-invalid", "Root or own certificate of the link is no certificate.", "Enrol this device again.");
  if ((identity->subject.role == Role::hall) != (end == End::hall)) {
    return base::fail("certificate-invalid", "This certificate is of a " + std::string(to_string(identity->subject.role)) + ", which is the link's other end.", "Give the folder that was enrolled for this end.");
  }
  parts->own = *identity;
  if (!parse_private(parts->key, credentials.key, random)) return base::fail("key-invalid", "The link's private key is none.", "Enrol this device again.");
  if (mbedtls_pk_check_pair(&parts->certificate->pk, parts->key.get(), fill_random, &random) != 0) {
    return base::fail("key-foreign", "The link's private key does not belong to its certificate.", "Enrol this device again.");
  }
  mbedtls_ssl_config* config = parts->config.get();
  const int side = end == End::hall ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
  PROMENADE_ASSERT(mbedtls_ssl_config_defaults(config, side, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT) == 0);
  mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_max_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_ciphersuites(config, kSuites.data());
  mbedtls_ssl_conf_groups(config, kGroups.data());
  mbedtls_ssl_conf_sig_algs(config, kSignatures.data());
  mbedtls_ssl_conf_cert_profile(config, &mbedtls_x509_crt_profile_suiteb);
  mbedtls_ssl_conf_rng(config, fill_random, &random);
  mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain(config, parts->root.get(), nullptr);
  PROMENADE_ASSERT(mbedtls_ssl_conf_own_cert(config, parts->certificate.get(), parts->key.get()) == 0);
  mbedtls_ssl_conf_handshake_timeout(config, kFirstResend_ms, kLastStep_ms);
  mbedtls_ssl_conf_dtls_anti_replay(config, MBEDTLS_SSL_ANTI_REPLAY_ENABLED);
  mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
  mbedtls_ssl_conf_cert_req_ca_list(config, MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
  if (end == End::hall) mbedtls_ssl_conf_dtls_cookies(config, cookie_never_written, cookie_was_checked, nullptr);
  else mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
  PROMENADE_ASSERT(mbedtls_ssl_conf_cid(config, end == End::hall ? kConnectionIdSize : 0, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE) == 0);
  return std::shared_ptr<const SessionSettings>(new SessionSettings(std::move(parts)));
}

// ------------------------------------------------------------ Session

struct Session::Parts {
  // Read-only while sessions use it: a shared reason stands at SessionSettings.
  std::shared_ptr<const SessionSettings> settings;
  std::shared_ptr<const RevocationList> revoked;
  State state = State::handshake;
  Moment now;
  std::optional<Identity> peer;
  std::string reason;
  bool refused = false;
  std::vector<base::Bytes> out;
  std::deque<base::Bytes>* in = nullptr;  // of the call that runs
  std::deque<base::Bytes> opened;         // of `open`, kept for its memory; empty in between
  std::optional<base::Duration> intermediate_at, final_at;
  Owned<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free> ssl;  // released before what it points to

  void fail(std::string why) {
    state = State::over;
    if (reason.empty()) reason = std::move(why);
    intermediate_at = final_at = std::nullopt;
  }
  void fail(int error) {
    refused = error != MBEDTLS_ERR_SSL_TIMEOUT;
    fail(mbed_text(error));
  }

  static int send(void* self, const unsigned char* data, std::size_t size) {
    static_cast<Parts*>(self)->out.emplace_back(data, data + size);
    return static_cast<int>(size);
  }
  static int receive(void* self, unsigned char* data, std::size_t size) {
    auto* in = static_cast<Parts*>(self)->in;
    if (in == nullptr || in->empty()) return MBEDTLS_ERR_SSL_WANT_READ;
    const std::size_t taken = std::min(size, in->front().size());
    std::copy_n(in->front().begin(), taken, data);
    in->pop_front();
    return static_cast<int>(taken);
  }
  static void set_timer(void* self, std::uint32_t intermediate_ms, std::uint32_t final_ms) {
    auto& parts = *static_cast<Parts*>(self);
    parts.intermediate_at = parts.final_at = std::nullopt;
    if (final_ms == 0) return;
    parts.final_at = parts.now.steady + std::min(milliseconds(final_ms), kResendMost);
    parts.intermediate_at = std::min(parts.now.steady + milliseconds(intermediate_ms), *parts.final_at);
  }
  static int get_timer(void* self) {
    const auto& parts = *static_cast<Parts*>(self);
    if (!parts.final_at) return -1;
    return parts.now.steady >= *parts.final_at ? 2 : parts.now.steady >= *parts.intermediate_at ? 1 : 0;
  }
  // Mbed TLS reads the system's clock for validity; the link's own time is put in its place, and role and revocation are
  // added. `depth` 0 is the other end's own certificate.
  static int verify(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) {
    auto& parts = *static_cast<Parts*>(self);
    *flags &= ~static_cast<std::uint32_t>(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    const auto second = std::chrono::floor<std::chrono::seconds>(parts.now.utc);
    if (depth > 0) return parts.check_validity(*certificate, second, flags), 0;
    parts.peer = identity_of(*certificate);
    const bool hall = parts.settings->end() == SessionSettings::End::hall;
    if (!parts.peer || (parts.peer->subject.role == Role::hall) == hall || parts.peer->subject.venue != parts.settings->own().subject.venue) {
      *flags |= MBEDTLS_X509_BADCERT_OTHER;
      parts.reason = "its certificate is not of the link's other end";
      return 0;
    }
    if (parts.revoked != nullptr && parts.revoked->serials.contains(parts.peer->serial)) {
      *flags |= MBEDTLS_X509_BADCERT_REVOKED;
      parts.reason = "its certificate is revoked";
    }
    parts.check_validity(*certificate, second, flags);
    return 0;
  }
  void check_validity(const mbedtls_x509_crt& certificate, base::UtcTime second, std::uint32_t* flags) {
    const auto key = [](int y, int mo, int d, int h, int mi, int s) { return std::array{y, mo, d, h, mi, s}; };
    const auto of = [&](const mbedtls_x509_time& t) { return key(t.year, t.mon, t.day, t.hour, t.min, t.sec); };
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(second - day);
    const auto at = key(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())), static_cast<int>(static_cast<unsigned>(date.day())),
                        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    if (at > of(certificate.valid_to)) {
      *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
      reason = "its certificate has expired";
    } else if (at < of(certificate.valid_from)) {
      *flags |= MBEDTLS_X509_BADCERT_FUTURE;
      reason = "its certificate is not valid yet";
    }
  }
};

Session::Session(std::shared_ptr<const SessionSettings> settings, std::uint64_t connection_id, std::shared_ptr<const RevocationList> revoked)
    : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  parts.settings = std::move(settings);
  parts.revoked = std::move(revoked);
  mbedtls_ssl_context* ssl = parts.ssl.get();
  PROMENADE_ASSERT(mbedtls_ssl_setup(ssl, parts.settings->parts_->config.get()) == 0);
  mbedtls_ssl_set_bio(ssl, &parts, Parts::send, Parts::receive, nullptr);
  mbedtls_ssl_set_timer_cb(ssl, &parts, Parts::set_timer, Parts::get_timer);
  mbedtls_ssl_set_mtu(ssl, kOuterMax);
  mbedtls_ssl_set_verify(ssl, Parts::verify, &parts);
  if (parts.settings->end() == SessionSettings::End::device) {
    // Who may be the hall is said by the certificate's usage and role, not by a host's name: halls have none.
    PROMENADE_ASSERT(mbedtls_ssl_set_hostname(ssl, nullptr) == 0);
    PROMENADE_ASSERT(mbedtls_ssl_set_cid(ssl, MBEDTLS_SSL_CID_ENABLED, nullptr, 0) == 0);
  } else {
    std::array<std::uint8_t, kConnectionIdSize> id;
    for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(connection_id >> (8 * (id.size() - 1 - i)));
    PROMENADE_ASSERT(mbedtls_ssl_set_cid(ssl, MBEDTLS_SSL_CID_ENABLED, id.data(), id.size()) == 0);
  }
}

Session::~Session() = default;

void Session::shake_hands(std::deque<base::Bytes>& in, Moment now) {
  Parts& parts = *parts_;
  PROMENADE_ASSERT(parts.state == State::handshake);
  parts.now = now;
  parts.in = &in;
  const LibraryTime its_time(now.utc);
  for (int i = 0; i < kStepsMost; ++i) {
    const int result = mbedtls_ssl_handshake(parts.ssl.get());
    if (result == 0) {
      PROMENADE_ASSERT(parts.peer.has_value());
      parts.state = State::open;
      // From here on a datagram has one record, and kInnerMax holds it under kOuterMax. Mbed TLS would reckon with padding in
      // the worst case, which for the sizes of kInnerMax does not occur.
      mbedtls_ssl_set_mtu(parts.ssl.get(), 0);
      break;
    }
    if (result == MBEDTLS_ERR_SSL_WANT_READ) {
      if (in.empty()) break;
    } else if (result != MBEDTLS_ERR_SSL_WANT_WRITE) {
      // RFC 5246 section 7.4.6; Mbed TLS leaves it to us, and who is not told waits.
      if (result == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE) {
        mbedtls_ssl_send_alert_message(parts.ssl.get(), MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
      }
      parts.fail(result);
      break;
    }
  }
  parts.in = nullptr;
}

std::optional<base::Duration> Session::next_timer() const {
  return parts_->state == State::handshake ? parts_->final_at : std::nullopt;
}

bool Session::open(base::ByteView datagram, Moment now, std::vector<base::Bytes>& inner) {
  Parts& parts = *parts_;
  if (parts.state != State::open) return false;
  parts.now = now;
  base::Bytes records = protected_records(datagram);
  if (records.empty()) return false;
  parts.opened.push_back(std::move(records));
  parts.in = &parts.opened;
  bool accepted = false;
  std::array<std::uint8_t, kOuterMax> text;
  for (int i = 0; i < kRecordsMost; ++i) {
    const int result = mbedtls_ssl_read(parts.ssl.get(), text.data(), text.size());
    if (result > 0) {
      accepted = true;
      inner.emplace_back(text.begin(), text.begin() + result);
    } else if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
      accepted = true;
      parts.fail("the other end has closed it");
      break;
    } else if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) {
      break;
    } else {
      parts.fail(result);
      break;
    }
  }
  parts.in = nullptr;
  parts.opened.clear();
  return accepted;
}

bool Session::seal(base::ByteView inner) {
  Parts& parts = *parts_;
  PROMENADE_ASSERT(!inner.empty() && inner.size() <= kInnerMax + 1);
  if (parts.state != State::open) return false;
  const int result = mbedtls_ssl_write(parts.ssl.get(), inner.data(), inner.size());
  if (result != static_cast<int>(inner.size())) parts.fail(result);
  return parts.state == State::open;
}

void Session::close() {
  if (parts_->state == State::open) mbedtls_ssl_close_notify(parts_->ssl.get());
  parts_->fail("this end has closed it");
}

Session::State Session::state() const { return parts_->state; }
bool Session::has_certificate() const { return parts_->peer.has_value(); }
const Identity& Session::peer() const {
  PROMENADE_ASSERT(parts_->peer.has_value());
  return *parts_->peer;
}
const std::string& Session::reason() const { return parts_->reason; }
bool Session::refused() const { return parts_->refused; }
std::vector<base::Bytes>& Session::out() { return parts_->out; }

}  // namespace promenade::link
