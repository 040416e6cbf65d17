#pragma once
// Reads a venue file (TOML, format "promenade-venue/1") into a Venue, or says everything that is wrong with it.
// `read_venue` is pure: text in, value or findings out, any bytes accepted. `load_venue` reads the file from disk
// and is for the rim. Findings carry the line and the dotted key; codes: file-unreadable,
// file-too-large, toml-syntax, key-unknown, key-missing, type-wrong, value-range, id-duplicate, polygon-open,
// polygon-degenerate, polygon-crossing, outside-hall, door-off-wall, place-blocked, seats-near, marks-near,
// marks-alike, tag-off-wall, reason-missing,
// limits-contradict.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "tracking/base/finding.h"
#include "tracking/venue.h"

namespace promenade::tracking {

inline constexpr std::size_t kVenueFileMax = 256 * 1024;      // bytes
inline constexpr double kSeparationMin_m = 1.5;
inline constexpr double kSeparationMax_m = 3.0;
inline constexpr double kMarkBaselineMin_m = 4.0;
inline constexpr double kMarkLengthsApart_m = 0.3;  // touched marks of another pair then do not fit: residual 0.15 m
inline constexpr double kHallSizeMax_m = 500.0;

// `file_name` is only repeated in the findings. Any finding of severity error means no Venue.
std::expected<Venue, base::Findings> read_venue(std::string_view text, const std::string& file_name);
std::expected<Venue, base::Findings> load_venue(const std::string& path);

}  // namespace promenade::tracking
