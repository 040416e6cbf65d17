#pragma once
// Random access to bytes, wherever they are: memory, a file, a transfer in progress.
// A source is used by one thread at a time.

#include <cstdint>
#include <span>

#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::package {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `out` wholly from `offset`. Asking beyond size() is "source-cut-short"; other errors are the source's.
  virtual base::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
};

// Bytes held here, for tests and small files.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(base::Bytes bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  base::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override;

 private:
  base::Bytes bytes_;
};

// Where a package is written, front to back.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual base::Result<void> write(base::ByteView bytes) = 0;
};

class MemorySink final : public ByteSink {
 public:
  base::Result<void> write(base::ByteView bytes) override;
  const base::Bytes& bytes() const { return bytes_; }

 private:
  base::Bytes bytes_;
};

}  // namespace promenade::package
