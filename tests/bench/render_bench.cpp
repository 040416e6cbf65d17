// The headset's renderer: sample films as the headset shows them, glTF assets beside Filament, two eyes beside one.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/bench.h"
#include "tests/bench/offscreen.h"
#include "tests/bench/render_assets.h"
#include "tests/bench/render_films.h"
#include "tracking/base/formatted.h"

namespace promenade::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kMostCpu_ms = 2.0, kMostDraws = 200.0, kMostOfFilament = 1.0, kMostOfMono = 2.0;  // the goals of docs/measures.md
constexpr std::size_t kLeastForP99 = 2000;
constexpr double kPeriod_ms = 1000.0 / 90.0;
constexpr std::size_t kFilmsByDefault = 3;

struct RenderOptions {
  fs::path films, assets, pictures;
  std::uint32_t samples = 1;
  std::uint32_t eye_width = 0, eye_height = 0;  // 0: by the kind of device
};

struct Asset { const char* path; bool by_default; };
constexpr Asset kAssets[]{{"khronos/Fox/Fox.glb", true},
                          {"kaykit-characters/Knight.glb", true},
                          {"kaykit-dungeon/barrel_large.gltf.glb", false}};

bool draws_by_processor(gpu::Device& device) {
  VkPhysicalDeviceProperties properties{};
  vkGetPhysicalDeviceProperties(device.physical(), &properties);
  return properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
}

void add_films(Outcome& outcome, gpu::Device& device, const RenderOptions& options, bool full) {
  FilmWish wish;
  wish.width = options.eye_width;
  wish.height = options.eye_height;
  wish.whole_frames = full ? 120 : 14;
  wish.small_frames = full ? 2000 : 700;
  wish.longest_s = full ? 120.0 : 4.5;
  auto files = walking_films(options.films);
  if (!full && files.size() > kFilmsByDefault) files.resize(kFilmsByDefault);
  outcome.table += base::formatted("{:<20} {:>9} {:>9} {:>6} {:>11} {:>10} {:>8}\n", "film, both eyes", "CPU p50", "CPU p95", "draws", "frame p50", "one eye", "ratio");
  std::vector<double> cpu_ms;
  std::vector<double> all_both_ms, all_mono_ms;
  double worst_median_ms = 0.0, slowest_ms = 0.0;
  std::uint32_t most_draws = 0;
  for (const fs::path& file : files) {
    const FilmFigures film = measure_film(device, file, wish);
    const double median_ms = median(film.cpu_ms), both_ms = median(film.both_ms), mono_ms = median(film.mono_ms), ratio = median_ratio(film.both_ms, film.mono_ms);
    cpu_ms.insert(cpu_ms.end(), film.cpu_ms.begin(), film.cpu_ms.end());
    worst_median_ms = std::max(worst_median_ms, median_ms);
    all_both_ms.insert(all_both_ms.end(), film.both_ms.begin(), film.both_ms.end());
    all_mono_ms.insert(all_mono_ms.end(), film.mono_ms.begin(), film.mono_ms.end());
    slowest_ms = std::max(slowest_ms, both_ms);
    most_draws = std::max(most_draws, film.draws_max);
    outcome.figures["films"][film.name] = {{"cpu_p50_ms", median_ms}, {"cpu_p95_ms", quantile_of(film.cpu_ms, 0.95)}, {"cpu_most_ms", quantile_of(film.cpu_ms, 1.0)},
                                           {"draws_most", film.draws_max}, {"frame_p50_ms", both_ms}, {"one_eye_p50_ms", mono_ms}, {"both_over_one", ratio}};
    outcome.samples["films"][film.name] = {{"cpu", film.cpu_ms.size()}, {"whole", film.both_ms.size()}};
    outcome.table += base::formatted("{:<20} {:>6.3f} ms {:>6.3f} ms {:>6} {:>8.1f} ms {:>7.1f} ms {:>8.2f}\n", film.name, median_ms, quantile_of(film.cpu_ms, 0.95),
                                     film.draws_max, both_ms, mono_ms, ratio);
  }
  const double p99_ms = quantile_of(cpu_ms, 0.99);
  outcome.samples["film_cpu"] = cpu_ms.size();
  outcome.at_most("film_cpu_p50_ms", worst_median_ms, kMostCpu_ms);
  if (cpu_ms.size() >= kLeastForP99) outcome.at_most("film_cpu_p99_ms", p99_ms, kMostCpu_ms);
  outcome.at_most("film_draws_most", most_draws, kMostDraws);
  outcome.samples["film_pairs"] = all_both_ms.size();
  outcome.at_most("film_both_over_one_eye", median_ratio(all_both_ms, all_mono_ms), kMostOfMono);  // of all films: one has few pairs
  outcome.table += cpu_ms.size() >= kLeastForP99
      ? base::formatted("CPU of the frame thread up to submit, {} frames: p99 {:.3f} ms\n", cpu_ms.size(), p99_ms)
      : base::formatted("CPU of the frame thread up to submit: {} frames, too few for a p99 (it takes {})\n", cpu_ms.size(), kLeastForP99);
  if (slowest_ms > kPeriod_ms) {
    outcome.table += base::formatted("Nothing is said of late frames: the device alone takes up to {:.0f} ms for what has {:.1f} ms at 90 Hz.\n", slowest_ms, kPeriod_ms);
  }
}

void add_asset(Outcome& outcome, const AssetFigures& asset) {
  const double mono_ms = median(asset.mono_ms), both_ms = median(asset.both_ms);
  auto& figures = outcome.figures["assets"][asset.name] = {{"mono_p50_ms", mono_ms}, {"both_p50_ms", both_ms}, {"both_over_mono", both_ms / mono_ms}};
  outcome.samples["assets"][asset.name] = asset.mono_ms.size();
  outcome.at_most(asset.name + "_both_over_mono", both_ms / mono_ms, kMostOfMono);
  outcome.table += base::formatted("{:<20} ours {:.1f} ms, both eyes {:.1f} ms ({:.2f} times)", asset.name, mono_ms, both_ms, both_ms / mono_ms);
  if (asset.filament_ms.empty()) {
    outcome.table += "\n";
    return;
  }
  const double filament_ms = median(asset.filament_ms), bare_ms = median(asset.filament_bare_ms);
  figures["filament_p50_ms"] = filament_ms;
  figures["filament_bare_p50_ms"] = bare_ms;
  figures["ours_over_filament"] = mono_ms / filament_ms;
  figures["outline_overlap"] = asset.likeness->overlap;
  figures["picture_difference"] = asset.likeness->difference;
  outcome.at_most(asset.name + "_over_filament", mono_ms / filament_ms, kMostOfFilament);
  outcome.table += base::formatted(", Filament {:.1f} ms (its bare pass {:.1f}): {:.2f} of it; outlines overlap {:.3f}, pictures differ by {:.1f} of 255\n", filament_ms,
                                   bare_ms, mono_ms / filament_ms, asset.likeness->overlap, asset.likeness->difference);
}

void add_assets(Outcome& outcome, gpu::Device& device, const RenderOptions& options, bool full) {
  AssetWish wish;
  wish.samples = options.samples;
  wish.frames = full ? 400 : 80;
  wish.longest_s = full ? 180.0 : 8.0;
  wish.pictures = options.pictures;
  if (!fs::exists(options.assets)) {
    outcome.table += "No glTF assets in " + options.assets.string() + ": name their folder with --assets. The films alone were measured.\n";
    return;
  }
  outcome.table += base::formatted("\nglTF assets, {}x{}, {} sample{} a pixel, one light, no shadow:\n", wish.width, wish.height, wish.samples, wish.samples == 1 ? "" : "s");
  outcome.figures["asset_samples_a_pixel"] = wish.samples;
  std::string no_filament;
  for (const Asset& asset : kAssets) {
    if (!full && !asset.by_default) continue;
    const fs::path file = options.assets / asset.path;
    if (!fs::exists(file)) {
      outcome.table += base::formatted("{} is not there\n", file.string());
      continue;
    }
    const AssetFigures figures = measure_asset(device, file, wish);
    if (!figures.no_filament.empty()) no_filament = figures.no_filament;
    add_asset(outcome, figures);
  }
  outcome.figures["filament"] = no_filament.empty() ? "1.9" : "none";
  if (!no_filament.empty()) outcome.table += no_filament + ".\n";
}

Outcome run_render_bench(RenderOptions options, bool full) {
  gpu::DeviceSettings settings;
  auto made = gpu::Device::create(settings);
  if (!made) throw std::runtime_error(made.error().text());
  gpu::Device& device = **made;
  // What Monado tells the headset program on a processor, and a usual headset's size on a GPU.
  const bool processor = draws_by_processor(device);
  if (options.eye_width == 0) options.eye_width = processor ? 640 : 1440;
  if (options.eye_height == 0) options.eye_height = processor ? 720 : 1600;
  Outcome outcome;
  outcome.figures["device"] = device.name();
  outcome.figures["multiview"] = device.multiview();
  outcome.figures["eye"] = base::formatted("{}x{}", options.eye_width, options.eye_height);
  outcome.table = base::formatted("{}; an eye is {}x{}, 4 samples, shadow of 2048\n", device.name(), options.eye_width, options.eye_height);
  add_films(outcome, device, options, full);
  add_assets(outcome, device, options, full);
  return outcome;
}

Run add_render_options(CLI::App& app) {
  auto options = std::make_shared<RenderOptions>();
  options->films = beside_program("../films");
  options->assets = beside_program("../../../../shared/data/gltf");
  app.add_option("--films", options->films, "Folder of film packages, instead of the sample films")->check(CLI::ExistingDirectory);
  app.add_option("--assets", options->assets, "Folder of the glTF assets (khronos/Fox/Fox.glb and others)");
  app.add_option("--samples", options->samples, "Samples a pixel of the assets, ours and Filament's; films have the headset's")->check(CLI::IsMember({1, 4}))->capture_default_str();
  app.add_option("--eye-width", options->eye_width, "Pixels of one eye, instead of the device's usual")->check(CLI::Range(64, 4096));
  app.add_option("--eye-height", options->eye_height, "Pixels of one eye, instead of the device's usual")->check(CLI::Range(64, 4096));
  app.add_option("--pictures", options->pictures, "Folder for the assets' pictures, ours and Filament's");
  return [options](bool full) { return run_render_bench(*options, full); };
}

}  // namespace

Bench render_bench() { return {"render", "The headset's renderer: sample films, glTF assets beside Filament, two eyes beside one", add_render_options}; }

}  // namespace promenade::bench
