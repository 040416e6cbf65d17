#pragma once
// A poster for tests, painted by code: a red paper lantern over a row of houses, upright, on pale paper, which is the
// worst that white letters can be put on.

#include "tracking/base/bytes.h"

namespace promenade::headset::test {

inline constexpr unsigned kPosterWidth_px = 900, kPosterHeight_px = 1200;
// As a PNG.
base::Bytes poster();

}  // namespace promenade::headset::test
