#pragma once
// The fixed bytes at the front of a package. Pure; used by reader and writer.

#include <array>
#include <cstdint>

#include "tracking/base/bytes.h"
#include "tracking/base/crypto.h"

namespace promenade::package {

inline constexpr std::array<std::uint8_t, 8> kMagic = {0x89, 'P', 'R', 'O', 'M', '\r', '\n', 0x1a};
inline constexpr std::size_t kSignedHeaderSize = 48;  // the bytes before the signature

// Magic, version, manifest size, signer: what is signed together with the manifest.
base::Bytes signed_header(std::uint32_t version, std::uint32_t manifest_size, const base::PublicKey& signer);

}  // namespace promenade::package
