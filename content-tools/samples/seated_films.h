#pragma once
// The painters of the seated films. `width` is that of one eye, 64 or more and a multiple of 32. Blocking: they draw
// what stays the same first, some seconds at full size.

#include <memory>

#include "content-tools/samples/picture.h"

namespace promenade::samples {

std::unique_ptr<Painter> paint_inside_the_bell(int width, Pool& pool);
std::unique_ptr<Painter> paint_reed_lake(int width, Pool& pool);
std::unique_ptr<Painter> paint_slow_planet(int width, Pool& pool);

}  // namespace promenade::samples
