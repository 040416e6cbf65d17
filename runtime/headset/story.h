#pragma once
// Where a view stands in its film's story. Pure.

#include <optional>

#include "content-tools/package/manifest.h"
#include "runtime/film/film.h"
#include "showcontrol/client/client.h"

namespace promenade::headset {

// The film of a play, as planned; nullptr: not on this headset.
const client::Film* find_film(const client::FilmShelf& shelf, const base::FilmId& film);

// The moment `ahead_s` after the view was made, if it runs on; none outside of scenes and legs, or where the order does
// not fit the film.
std::optional<film::Moment> moment_of(const client::View& view, const package::Manifest& film, double ahead_s);

// Seconds since the play began, by the plan, without holds: what a headset that takes a play up begins to count from. Where
// several ways lead to the scene, by the first of them.
double nominal_play_s(const package::Manifest& film, const film::Moment& moment);

}  // namespace promenade::headset
