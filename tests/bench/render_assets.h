#pragma once
// A glTF asset drawn by our renderer (one eye, and both by multiview) and by Filament in turn, in one run: how long a
// frame takes each until the device has finished it, and how far the two pictures are apart. One thread.
//
// Fair: the same file, camera, size, samples and animation times; one directional light without shadow, the same plain
// surround as background, mirrored light and ambient light; both pose, record, draw, tone-map and wait until the device
// is idle before the next frame begins, so nothing overlaps; they take turns in blocks of some frames, and the first of
// each block does not count. Nobody copies the picture to memory while time is taken.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runtime/gpu/device.h"
#include "runtime/gpu/renderer.h"

namespace promenade::bench {

struct AssetWish {
  std::uint32_t width = 1280, height = 720, samples = 1;
  int frames = 0;                                // of each
  double longest_s = 0.0;                        // of all together; at least one block each is drawn
  std::filesystem::path pictures;                // folder for the pictures compared; empty: they are not kept
};

struct Likeness {  // of two pictures of one asset before an even background
  double overlap = 0.0;                          // of the asset's outlines: common pixels over those of either
  double difference = 0.0;                       // mean absolute difference of sRGB values of 0..255 in either outline, brightness matched
};

struct AssetFigures {
  std::string name;
  std::vector<double> mono_ms, both_ms;          // ours
  std::vector<double> filament_ms, filament_bare_ms;  // empty: no Filament; bare: see FilamentPeer::finished
  std::optional<Likeness> likeness;
  std::string no_filament;                       // why
};

Likeness likeness(const gpu::Picture& a, const gpu::Picture& b);

// Throws std::runtime_error on an asset that cannot be read.
AssetFigures measure_asset(gpu::Device& device, const std::filesystem::path& file, const AssetWish& wish);

}  // namespace promenade::bench
