#pragma once
// Pictures made smaller, for places that never show them whole. Pure; any thread.

#include <cstdint>

#include "runtime/film/model.h"

namespace promenade::film {

// An sRGB picture at most `short_max` pixels along its shorter side and `long_max` along its longer one, of the same
// shape; a smaller one keeps its size. Each pixel is the mean light of the area that it covers, so that fine detail
// neither shimmers nor darkens. What is see-through is blended with black: the result is opaque.
Image shrunk(const Image& image, std::uint32_t short_max, std::uint32_t long_max);

}  // namespace promenade::film
