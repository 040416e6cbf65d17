#pragma once
// A sample film through the headset's own path (FilmScreen, Composer, Renderer), both eyes by multiview: what a frame
// costs the frame thread, how many draws it takes and how long the device draws. One thread.

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/gpu/device.h"

namespace promenade::bench {

struct FilmWish {
  std::uint32_t width = 640, height = 720;  // of one eye
  int whole_frames = 0;                     // at that size, both eyes and one eye in turn
  int small_frames = 0;                     // at 32 x 36, for the frame thread's time alone: it does the same whatever the size
  double longest_s = 0.0;                   // for either kind
};

struct FilmFigures {
  std::string name;
  std::vector<double> cpu_ms;               // of every frame of both eyes, whole and small
  std::vector<double> both_ms, mono_ms;     // wall time of whole frames, in pairs
  std::uint32_t draws_max = 0;              // shadow pass included
};

// The walking films of a folder, by name. Error: throws std::runtime_error where there is none.
std::vector<std::filesystem::path> walking_films(const std::filesystem::path& folder);

// Steps through scenes and legs, the viewer looking round about. Throws std::runtime_error on a film that cannot be shown.
FilmFigures measure_film(gpu::Device& device, const std::filesystem::path& file, const FilmWish& wish);

}  // namespace promenade::bench
