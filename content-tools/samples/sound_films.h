#pragma once
// What each sample film sounds like: one function a film, giving the files that its film.toml names. Pure.

#include <string>
#include <vector>

#include "content-tools/samples/instruments.h"
#include "content-tools/samples/sound.h"

namespace promenade::samples {

// Collects a film's files at their levels.
class SoundSet {
 public:
  void once(const std::string& name, Signal sound, double peak_db);                // placed, heard once
  void loop(const std::string& name, Signal sound, double lufs);                   // placed, repeats
  void bed(const std::string& name, Signal left, Signal right, double lufs);       // all round, repeats
  void music(const std::string& name, const Signal& dry, double lufs);             // bed in a room of its own
  void round_about(const std::string& name, Ambience ambience, double lufs, int bits);  // ambisonic, heard once
  std::vector<SoundFile> take() { return std::move(files_); }

 private:
  std::vector<SoundFile> files_;
};

// Calm phrases of plucked strings in the pentatonic scale, `beats` of `beat_s` long, a loop; `degrees` gives each
// beat's note (kRest: none), a low string sounds under every eighth.
inline constexpr int kRest = -99;
Signal zither(const std::vector<int>& degrees, double beat_s, double tune, base::Random random);

std::vector<SoundFile> sounds_of_clockmakers_yard();
std::vector<SoundFile> sounds_of_inside_the_bell();
std::vector<SoundFile> sounds_of_lantern_street();
std::vector<SoundFile> sounds_of_night_train();
std::vector<SoundFile> sounds_of_orchard_of_birds();
std::vector<SoundFile> sounds_of_reed_lake();
std::vector<SoundFile> sounds_of_slow_planet();
std::vector<SoundFile> sounds_of_snow_line();
std::vector<SoundFile> sounds_of_tide_caves();

}  // namespace promenade::samples
