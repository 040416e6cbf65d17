#include "showcontrol/succession/channel.h"

#include <algorithm>

#include "tracking/base/assert.h"

namespace promenade::succession {

namespace {

enum class Kind : std::uint8_t { word = 1, want_copy, piece, last_piece };
constexpr std::size_t kHead = 2;               // version, kind
constexpr std::size_t kNameMax = 400;          // of kinds and keys
constexpr std::uint8_t kRoleMost = static_cast<std::uint8_t>(Role::left);

base::Bytes head(Kind kind) { return {kChannelVersion, static_cast<std::uint8_t>(kind)}; }

void put_long(base::ByteWriter& out, base::ByteView bytes) {
  out.u32(static_cast<std::uint32_t>(bytes.size()));
  out.raw(bytes);
}
base::ByteView get_long(base::ByteReader& in) { return in.raw(in.u32()); }

std::string get_name(base::ByteReader& in, bool& fits) {
  std::string name = in.text();
  fits = fits && name.size() <= kNameMax;
  return name;
}

base::Bytes bytes_of(const Batch& batch) {
  base::Bytes bytes;
  base::ByteWriter out(bytes);
  out.u64(batch.position.epoch.value());
  out.u64(batch.position.index);
  out.u8(batch.whole ? 1 : 0);
  out.u32(static_cast<std::uint32_t>(batch.records.size()));
  for (const RecordChange& record : batch.records) {
    out.text(record.kind);
    out.text(record.key);
    out.u8(record.value ? 1 : 0);
    if (record.value) put_long(out, *record.value);
  }
  out.u32(static_cast<std::uint32_t>(batch.facts.size()));
  for (const Fact& fact : batch.facts) {
    out.text(fact.key);
    out.text(fact.kind);
    put_long(out, base::as_bytes(fact.body));
  }
  out.u32(static_cast<std::uint32_t>(batch.settled.size()));
  for (const std::string& key : batch.settled) out.text(key);
  return bytes;
}

// A count of things that each take at least `least` bytes cannot be more than what is left holds.
std::uint32_t get_count(base::ByteReader& in, std::size_t least, bool& fits) {
  const std::uint32_t count = in.u32();
  if (count > in.remaining() / least) {
    fits = false;
    return 0;
  }
  return count;
}

std::optional<Batch> batch_from(base::ByteView bytes) {
  base::ByteReader in(bytes);
  bool fits = true;
  Batch batch;
  batch.position.epoch = EpochId(in.u64());
  batch.position.index = in.u64();
  batch.whole = in.u8() != 0;
  for (std::uint32_t left = get_count(in, 5, fits); left > 0 && in.ok() && fits; --left) {
    RecordChange& record = batch.records.emplace_back();
    record.kind = get_name(in, fits);
    record.key = get_name(in, fits);
    if (in.u8() == 0) continue;
    const base::ByteView value = get_long(in);
    record.value.emplace(value.begin(), value.end());
  }
  for (std::uint32_t left = get_count(in, 8, fits); left > 0 && in.ok() && fits; --left) {
    Fact& fact = batch.facts.emplace_back();
    fact.key = get_name(in, fits);
    fact.kind = get_name(in, fits);
    fact.body = base::as_text(get_long(in));
  }
  for (std::uint32_t left = get_count(in, 2, fits); left > 0 && in.ok() && fits; --left) batch.settled.push_back(get_name(in, fits));
  if (!in.ok() || !fits || in.remaining() > 0 || batch.position.epoch.is_none()) return std::nullopt;
  return batch;
}

base::Bytes bytes_of(const Word& word) {
  base::Bytes bytes = head(Kind::word);
  base::ByteWriter out(bytes);
  out.u8(static_cast<std::uint8_t>(word.role));
  out.u8(word.armed ? 1 : 0);
  out.u64(word.epoch.value());
  out.u64(word.wants.value());
  out.u64(word.run);
  out.u64(word.number);
  out.u64(word.heard_run);
  out.u64(word.heard);
  out.u64(word.records.epoch.value());
  out.u64(word.records.index);
  return bytes;
}

std::optional<Word> word_from(base::ByteReader& in) {
  Word word;
  const std::uint8_t role = in.u8();
  word.role = static_cast<Role>(std::min(role, kRoleMost));
  word.armed = in.u8() != 0;
  word.epoch = EpochId(in.u64());
  word.wants = EpochId(in.u64());
  word.run = in.u64();
  word.number = in.u64();
  word.heard_run = in.u64();
  word.heard = in.u64();
  word.records.epoch = EpochId(in.u64());
  word.records.index = in.u64();
  if (!in.ok() || in.remaining() > 0 || role > kRoleMost) return std::nullopt;
  return word;
}

std::unexpected<base::Error> unreadable() {
  return base::fail("channel-unreadable", "The other hall program said something that cannot be read.", "Start the same version of the program on both machines.");
}

}  // namespace

std::vector<base::Bytes> to_messages(const Said& said) {
  if (const auto* word = std::get_if<Word>(&said)) return {bytes_of(*word)};
  if (const auto* want = std::get_if<WantCopy>(&said)) {
    base::Bytes bytes = head(Kind::want_copy);
    base::ByteWriter(bytes).u64(want->epoch.value());
    return {bytes};
  }
  const base::Bytes whole = bytes_of(std::get<Batch>(said));
  PROMENADE_ASSERT(whole.size() <= kBatchMax);
  std::vector<base::Bytes> messages;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t size = std::min(kPieceMax - kHead, whole.size() - at);
    base::Bytes& message = messages.emplace_back(head(at + size == whole.size() ? Kind::last_piece : Kind::piece));
    base::ByteWriter(message).raw(base::ByteView(whole).subspan(at, size));
    at += size;
  }
  return messages;
}

base::Result<std::optional<Said>> Reader::take(base::ByteView message) {
  base::ByteReader in(message);
  const std::uint8_t version = in.u8();
  const auto kind = static_cast<Kind>(in.u8());
  if (!in.ok()) return unreadable();
  if (version != kChannelVersion) {
    return base::fail("channel-version", "The other hall program is of another version.", "Start the same version of the program on both machines.");
  }
  switch (kind) {
    case Kind::word:
      if (const auto word = word_from(in)) return std::optional<Said>(*word);
      return unreadable();
    case Kind::want_copy: {
      const WantCopy want{EpochId(in.u64())};
      if (!in.ok() || in.remaining() > 0) return unreadable();
      return std::optional<Said>(want);
    }
    case Kind::piece:
    case Kind::last_piece: {
      if (pieces_.size() + in.remaining() > kBatchMax) {
        pieces_ = {};
        return base::fail("channel-too-long", "The other hall program sent more records at once than a hall has.", "Look at its log.");
      }
      base::ByteWriter(pieces_).raw(in.raw(in.remaining()));
      if (kind == Kind::piece) return std::optional<Said>();
      auto batch = batch_from(pieces_);
      pieces_ = {};
      if (!batch) return unreadable();
      return std::optional<Said>(std::move(*batch));
    }
  }
  return unreadable();
}

}  // namespace promenade::succession
