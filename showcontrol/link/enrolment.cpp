#include "showcontrol/link/enrolment.h"

#include <algorithm>
#include <charconv>

#include "tracking/base/assert.h"
#include "tracking/base/formatted.h"

namespace promenade::link {

namespace {

// Every datagram: these four bytes, its kind, the asking device's session, and what its kind has.
constexpr std::array<std::uint8_t, 4> kMagic{'P', 'E', 'N', '1'};
enum Kind : std::uint8_t { kAskByToken = 1, kCertificateByToken = 2, kAskByCode = 3, kCommitment = 4, kDeviceNumber = 5, kHallNumber = 6, kAskAgain = 7, kCertificate = 8 };
constexpr std::size_t kProofSize = 16;
constexpr base::Duration kAskEvery{300'000};
constexpr base::Duration kForgottenAfter{20'000'000};  // a device that asks by code and falls silent
constexpr std::string_view kScheme = "promenade://";

base::Bytes begin(std::uint8_t kind, const Nonce& session) {
  base::Bytes out(kMagic.begin(), kMagic.end());
  out.push_back(kind);
  out.insert(out.end(), session.begin(), session.end());
  return out;
}

struct Header { std::uint8_t kind = 0; Nonce session{}; };
std::optional<Header> read_header(base::ByteReader& reader) {
  if (!std::ranges::equal(reader.raw(kMagic.size()), kMagic)) return std::nullopt;
  Header header;
  header.kind = reader.u8();
  const auto session = reader.raw(header.session.size());
  if (!reader.ok()) return std::nullopt;
  std::ranges::copy(session, header.session.begin());
  return header;
}

void put(base::Bytes& out, base::ByteView bytes) {  // with its length
  base::ByteWriter writer(out);
  writer.u16(static_cast<std::uint16_t>(bytes.size()));
  writer.raw(bytes);
}
base::ByteView take(base::ByteReader& reader) { return reader.raw(reader.u16()); }

// BLAKE2b with the secret before the text is a keyed hash (RFC 7693).
base::Bytes proof(const Token& token, std::string_view who, base::ByteView text) {
  const base::Hash hash = base::Hasher().add(token).add(base::as_bytes(who)).add(text).finish();
  return {hash.begin(), hash.begin() + kProofSize};
}

bool same(base::ByteView a, base::ByteView b) {  // in a time that does not depend on where they differ
  if (a.size() != b.size()) return false;
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<std::uint8_t>(a[i] ^ b[i]);
  return difference == 0;
}

base::Bytes commitment_of(const Nonce& hall, std::string_view key, base::ByteView root) {
  const base::Hash hash = base::Hasher().add(base::as_bytes("promenade enrolment commitment")).add(hall).add(base::blake2b(base::as_bytes(key))).add(base::blake2b(root)).finish();
  return {hash.begin(), hash.end()};
}

std::string code_of(const Nonce& hall, const Nonce& device, std::string_view key, base::ByteView root) {
  const base::Hash hash = base::Hasher().add(base::as_bytes("promenade enrolment code")).add(hall).add(device).add(base::blake2b(base::as_bytes(key))).add(base::blake2b(root)).finish();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hash[i];
  return base::formatted("{:06}", number % 1'000'000);
}

std::optional<Nonce> nonce_from(base::ByteReader& reader) {
  Nonce nonce{};
  const auto bytes = reader.raw(nonce.size());
  if (!reader.ok()) return std::nullopt;
  std::ranges::copy(bytes, nonce.begin());
  return nonce;
}

}  // namespace

// ------------------------------------------------------------ the invitation

std::string to_text(const Invitation& invitation) {
  return base::formatted("{}{}/{}/{}/{}", kScheme, invitation.hall, base::to_base64url(invitation.root), base::to_base64url(invitation.token),
                         std::chrono::floor<std::chrono::seconds>(invitation.expires).time_since_epoch().count());
}

base::Result<Invitation> read_invitation(std::string_view text) {
  const auto bad = base::fail("invitation-invalid", "This is no invitation of a hall.", "Give what the QR code of promenade enrol open holds, whole.");
  if (!text.starts_with(kScheme)) return bad;
  text.remove_prefix(kScheme.size());
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 < parts.size() ? text.find('/') : text.size();
    if (end == std::string_view::npos) return bad;
    parts[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  Invitation invitation;
  invitation.hall = parts[0];
  const auto root = base::from_base64url(parts[1]), token = base::from_base64url(parts[2]);
  std::int64_t seconds = 0;
  const auto number = std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), seconds);
  if (!root || root->size() != 32 || !token || token->size() != invitation.token.size() || number.ec != std::errc() || number.ptr != parts[3].data() + parts[3].size() ||
      seconds < 0 || seconds > 253'402'300'799 || !invitation.hall.contains(':')) {
    return bad;
  }
  invitation.root = *root;
  std::ranges::copy(*token, invitation.token.begin());
  invitation.expires = base::UtcTime(std::chrono::seconds(seconds));
  return invitation;
}

// ------------------------------------------------------------ EnrolHall

EnrolHall::EnrolHall(std::string root_pem, const Token& token, Moment now, RandomSource& random, Certify certify)
    : root_pem_(std::move(root_pem)), token_(token), expires_(now.steady + kInvitationLasts), random_(random), certify_(std::move(certify)) {
  auto der = certificate_der(root_pem_);
  PROMENADE_ASSERT(der.has_value());
  root_ = std::move(*der);
}

EnrolHall::State EnrolHall::state(Moment now) const {
  if (!failure_.empty()) return State::failed;
  if (tries_ >= kCodeTries) return State::out_of_tries;
  if (now.steady >= expires_) return given_to_.empty() ? State::expired : State::done;
  return given_to_.empty() ? State::open : State::done;
}

std::optional<EnrolHall::Reply> EnrolHall::receive(Address from, base::ByteView datagram, Moment now) {
  const State is = state(now);
  if (datagram.size() > kOuterMax || now.steady >= expires_ || (is != State::open && is != State::done)) return std::nullopt;
  base::ByteReader reader(datagram);
  base::ByteReader again(datagram);
  const auto header = read_header(reader);
  std::optional<base::Bytes> reply;
  if (header) reply = header->kind == kAskByToken ? by_token(reader, datagram) : by_code(header->kind, again, now);
  if (!reply) {
    ++refused_;
    return std::nullopt;
  }
  return Reply{from, std::move(*reply)};
}

std::optional<base::Bytes> EnrolHall::certificate_for(const std::string& key) {
  if (!given_to_.empty()) return given_to_ == key ? std::optional(certificate_) : std::nullopt;  // for one device, asked as often as it takes
  const auto made = certify_(key);
  const auto der = made ? certificate_der(*made) : base::Result<base::Bytes>(std::unexpected(made.error()));
  if (!der) {
    // A key that is none is the other end's fault, and no reason to end the invitation.
    if (der.error().code != "key-invalid") failure_ = der.error().text();
    return std::nullopt;
  }
  given_to_ = key;
  certificate_ = *der;
  return certificate_;
}

std::optional<base::Bytes> EnrolHall::by_token(base::ByteReader& reader, base::ByteView datagram) {
  const std::string key(base::as_text(take(reader)));
  const std::size_t proven = datagram.size() - reader.remaining();
  const auto proof_given = reader.raw(kProofSize);
  if (!reader.ok() || reader.remaining() != 0 || !same(proof_given, proof(token_, "device", datagram.first(proven)))) return std::nullopt;
  const auto certificate = certificate_for(key);
  if (!certificate) return std::nullopt;
  base::ByteReader again(datagram);
  base::Bytes out = begin(kCertificateByToken, read_header(again)->session);
  put(out, root_);
  put(out, *certificate);
  const base::Bytes own = proof(token_, "hall", out);
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

std::optional<base::Bytes> EnrolHall::by_code(std::uint8_t kind, base::ByteReader& reader, Moment now) {
  const auto header = read_header(reader);
  if (kind == kAskByCode) {
    const std::string key(base::as_text(take(reader)));
    if (!reader.ok() || key.empty()) return std::nullopt;
    const bool same_device = asking_ && asking_->session == header->session && asking_->key == key;
    // One at a time: a second device waits until the first is done or silent.
    if (asking_ && !same_device && now.steady - asking_->heard < kForgottenAfter) return std::nullopt;
    if (!same_device) {
      asking_ = Asking{header->session, key, {}, std::nullopt, false, now.steady};
      random_.fill(asking_->own);
    }
    asking_->heard = now.steady;
    base::Bytes out = begin(kCommitment, header->session);
    put(out, commitment_of(asking_->own, key, root_));
    put(out, root_);
    return out;
  }
  if (!asking_ || asking_->session != header->session) return std::nullopt;
  asking_->heard = now.steady;
  if (kind == kDeviceNumber) {
    const auto theirs = nonce_from(reader);
    if (!theirs || (asking_->theirs && *asking_->theirs != *theirs)) return std::nullopt;  // it has one, once
    asking_->theirs = theirs;
    base::Bytes out = begin(kHallNumber, header->session);
    out.insert(out.end(), asking_->own.begin(), asking_->own.end());
    return out;
  }
  if (kind != kAskAgain || !asking_->accepted) return std::nullopt;
  const auto certificate = certificate_for(asking_->key);
  if (!certificate) return std::nullopt;
  base::Bytes out = begin(kCertificate, header->session);
  put(out, *certificate);
  return out;
}

std::optional<std::string> EnrolHall::code() const {
  if (!asking_ || !asking_->theirs || asking_->accepted) return std::nullopt;
  return code_of(asking_->own, *asking_->theirs, asking_->key, root_);
}

EnrolHall::Entered EnrolHall::enter(std::string_view entered) {
  const auto right = code();
  if (!right) return Entered::nobody_asks;
  if (same(base::as_bytes(entered), base::as_bytes(*right))) {
    asking_->accepted = true;
    return Entered::right;
  }
  asking_.reset();  // a code is good for one look: the device begins anew with other numbers
  return ++tries_ >= kCodeTries ? Entered::no_more_tries : Entered::wrong;
}

// ------------------------------------------------------------ EnrolDevice

EnrolDevice::EnrolDevice(std::optional<Invitation> invitation, RandomSource& random) : invitation_(std::move(invitation)), key_(make_key(random)) {
  public_ = public_half(key_, random).value();
  random.fill(session_);
  random.fill(own_);
}

base::Bytes EnrolDevice::ask() const {
  if (invitation_) {
    base::Bytes out = begin(kAskByToken, session_);
    put(out, base::as_bytes(public_));
    const base::Bytes own = proof(invitation_->token, "device", out);
    out.insert(out.end(), own.begin(), own.end());
    return out;
  }
  if (theirs_) return begin(kAskAgain, session_);
  base::Bytes out = begin(commitment_ ? kDeviceNumber : kAskByCode, session_);
  if (commitment_) out.insert(out.end(), own_.begin(), own_.end());
  else put(out, base::as_bytes(public_));
  return out;
}

std::optional<base::Bytes> EnrolDevice::next(Moment now) {
  if (done_ || (asked_ && now.steady - *asked_ < kAskEvery)) return std::nullopt;
  asked_ = now.steady;
  return ask();
}

void EnrolDevice::receive(base::ByteView datagram, Moment) {
  base::ByteReader reader(datagram);
  const auto header = read_header(reader);
  if (!header || header->session != session_ || done_) return;
  const auto finish = [&](base::ByteView root, base::ByteView certificate) {
    const auto root_pem = certificate_pem(root), own = certificate_pem(certificate);
    if (root_pem && own && certifies(*own, *root_pem, public_)) done_ = Credentials{*root_pem, *own, key_};
  };
  if (invitation_ && header->kind == kCertificateByToken) {
    const auto root = take(reader), certificate = take(reader);
    const std::size_t proven = datagram.size() - reader.remaining();
    if (!reader.ok() || !same(reader.raw(kProofSize), proof(invitation_->token, "hall", datagram.first(proven)))) return;
    const auto pem = certificate_pem(root);
    if (pem && fingerprint(*pem) == invitation_->root) finish(root, certificate);
  } else if (!invitation_ && header->kind == kCommitment && !commitment_) {
    const auto commitment = take(reader), root = take(reader);
    if (!reader.ok() || commitment.size() != 32) return;
    commitment_.emplace(commitment.begin(), commitment.end());
    root_.emplace(root.begin(), root.end());
    asked_.reset();
  } else if (!invitation_ && header->kind == kHallNumber && commitment_ && !theirs_) {
    const auto theirs = nonce_from(reader);
    if (!theirs || commitment_of(*theirs, public_, *root_) != *commitment_) return;
    theirs_ = theirs;
  } else if (!invitation_ && header->kind == kCertificate && theirs_ && confirmed_) {
    const auto certificate = take(reader);
    if (reader.ok()) finish(*root_, certificate);
  }
}

std::optional<std::string> EnrolDevice::code() const {
  return theirs_ ? std::optional(code_of(*theirs_, own_, public_, *root_)) : std::nullopt;
}

}  // namespace promenade::link
