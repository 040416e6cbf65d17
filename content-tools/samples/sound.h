#pragma once
// The sounds of the nine sample films, made by code. `make_sounds` writes FOLDER/sound/*.flac: for each film exactly
// the files that its film.toml names under [[sounds]]. The same film gives the same samples on every run.
// Blocking, seconds per film; any thread. Runs the program `ffmpeg` to pack FLAC. Levels: beds about -26 LUFS, no
// peak above -3 dBFS. Loops are exactly periodic.

#include <string>
#include <vector>

#include "content-tools/samples/synth.h"
#include "tracking/base/result.h"

namespace promenade::samples {

// One file: channels of equal length at kRate. Ambisonic: four channels, ACN order (W, Y, Z, X), SN3D.
struct SoundFile {
  std::string path;  // in the film's folder, e.g. "sound/bed.flac"
  std::vector<Signal> channels;
  bool loops = false;
  int bits = 16;  // kept of each sample; fewer pack smaller where noise hides it
};

// All sounds of a film, as samples. Errors: "film-unknown".
base::Result<std::vector<SoundFile>> synthesize_sounds(const std::string& film);

// Writes them under `folder`, which exists. Errors: "film-unknown", "sound-unwritable", "ffmpeg-missing".
base::Result<void> make_sounds(const std::string& film, const std::string& folder);

}  // namespace promenade::samples
