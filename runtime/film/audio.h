#pragma once
// Decodes a film's sound file (FLAC or WAV, told by its content) whole. Pure: bytes in, samples out; any thread.
// Errors: "sound-malformed", "sound-unsupported", "sound-too-long".

#include <cstdint>
#include <string>
#include <vector>

#include "tracking/base/bytes.h"
#include "tracking/base/result.h"

namespace promenade::film {

struct Samples {
  std::uint32_t rate_hz = 48000;
  std::uint32_t channels = 1;            // 1, 2 or 4
  std::vector<std::int16_t> interleaved;
  std::size_t frames() const { return interleaved.size() / channels; }
  double length_s() const { return static_cast<double>(frames()) / rate_hz; }
};

// Up to `frames_max` frames: 30 minutes at 48 kHz unless told.
base::Result<Samples> decode_audio(base::ByteView bytes, const std::string& name, std::uint64_t frames_max = 30ull * 60 * 48000);

}  // namespace promenade::film
