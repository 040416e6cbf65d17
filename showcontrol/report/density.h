#pragma once
// Many places as one smooth picture: how many near misses there were to the square metre, and the colours for it.
// Pure; places and sizes in metres, x right and y up, as on a floor.

#include <cstdint>
#include <vector>

#include "showcontrol/drawing/canvas.h"

namespace promenade::report {

struct Place {
  double x = 0.0, y = 0.0;
};

class Density {
 public:
  static constexpr double kSpread_m = 0.45;  // each near miss counts round its place, as a Gaussian: about where two could have met
  static constexpr double kCell_m = 0.1;

  // Over the box from `low` to `high`, both more than a cell apart.
  Density(Place low, Place high, const std::vector<Place>& places);
  double at(int column, int row) const { return values_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column)]; }
  int columns() const { return columns_; }
  int rows() const { return rows_; }  // from below
  double peak() const { return peak_; }  // near misses to the square metre
  // A round number at or above the peak, for the end of the scale; at least that of a single near miss.
  double scale_end() const;
  // The colours, top row first; where there is next to nothing the floor shows through.
  drawing::Image image() const;

 private:
  int columns_ = 0, rows_ = 0;
  std::vector<double> values_;
  double peak_ = 0.0;
};

// 0 (nothing) to 1 (the scale's end): pale to dark without a break, so that it reads in grey and by every eye.
drawing::Colour heat_colour(double part);

}  // namespace promenade::report
