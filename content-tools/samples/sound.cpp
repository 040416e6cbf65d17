#include "content-tools/samples/sound.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "content-tools/samples/ffmpeg.h"
#include "content-tools/samples/sound_films.h"
#include "tracking/base/formatted.h"

namespace promenade::samples {

void SoundSet::once(const std::string& name, Signal sound, double peak_db) {
  std::vector<Signal> channels{std::move(sound)};
  filter(channels[0], Pass::high, 25.0);
  fade(channels[0], 0.002, 0.02);
  const double factor = std::pow(10.0, peak_db / 20.0) / std::max(1e-9, peak(channels));
  for (float& sample : channels[0]) sample *= static_cast<float>(factor);
  files_.push_back({"sound/" + name + ".flac", std::move(channels), false});
}

void SoundSet::loop(const std::string& name, Signal sound, double lufs) {
  std::vector<Signal> channels{std::move(sound)};
  set_level(channels, lufs, Wrap::round);
  files_.push_back({"sound/" + name + ".flac", std::move(channels), true});
}

void SoundSet::bed(const std::string& name, Signal left, Signal right, double lufs) {
  std::vector<Signal> channels{std::move(left), std::move(right)};
  set_level(channels, lufs, Wrap::round);
  files_.push_back({"sound/" + name + ".flac", std::move(channels), true});
}

void SoundSet::music(const std::string& name, const Signal& dry, double lufs) {
  auto wet = room(dry, 2.4, 0.45, Wrap::round);
  for (Signal& channel : wet) {
    for (std::size_t i = 0; i < channel.size(); ++i) channel[i] = 0.35f * channel[i] + dry[i];
  }
  bed(name, std::move(wet[0]), std::move(wet[1]), lufs);
}

void SoundSet::round_about(const std::string& name, Ambience ambience, double lufs, int bits) {
  // The level is W's; the others follow it.
  const double factor_wanted = std::pow(10.0, (lufs - loudness_lufs({ambience.channels[0]})) / 20.0);
  for (Signal& channel : ambience.channels) filter(channel, Pass::high, 20.0);
  const double factor = std::min(factor_wanted, std::pow(10.0, -3.5 / 20.0) / std::max(1e-9, peak(ambience.channels)));
  for (Signal& channel : ambience.channels) {
    for (float& sample : channel) sample *= static_cast<float>(factor);
    fade(channel, 0.3, 1.0);
  }
  files_.push_back({"sound/" + name + ".flac", std::move(ambience.channels), false, bits});
}

Signal zither(const std::vector<int>& degrees, double beat_s, double tune, base::Random random) {
  Signal out = silence(static_cast<double>(degrees.size()) * beat_s);
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    const double at = static_cast<double>(i) * beat_s + random.normal(0.0, 0.012);
    if (i % 8 == 0) mix_round(out, pluck(pentatonic(i % 16 == 0 ? -10 : -7) * tune, 3.5, 0.6, random.fork("low", i)), at, 0.5);
    if (degrees[i] == kRest) continue;
    const double f = pentatonic(degrees[i]) * tune;
    mix_round(out, pluck(f, 2.6, 0.35, random.fork("string", i)), at, random.uniform(0.55, 0.85));
    if (random.chance(0.2)) mix_round(out, pluck(f * 2.0, 1.8, 0.3, random.fork("octave", i)), at + 0.09, 0.25);
  }
  return out;
}

base::Result<std::vector<SoundFile>> synthesize_sounds(const std::string& film) {
  struct Film { const char* name; std::vector<SoundFile> (*sounds)(); };
  static constexpr Film kFilms[] = {
      {"clockmakers-yard", sounds_of_clockmakers_yard}, {"inside-the-bell", sounds_of_inside_the_bell},
      {"lantern-street", sounds_of_lantern_street},     {"night-train", sounds_of_night_train},
      {"orchard-of-birds", sounds_of_orchard_of_birds}, {"reed-lake", sounds_of_reed_lake},
      {"slow-planet", sounds_of_slow_planet},           {"snow-line", sounds_of_snow_line},
      {"tide-caves", sounds_of_tide_caves}};
  for (const Film& known : kFilms) {
    if (film == known.name) return known.sounds();
  }
  return base::fail("film-unknown", base::formatted("There is no sample film \"{}\".", film), "Give the folder name of a sample film.");
}

namespace {

std::vector<std::uint8_t> pcm(const SoundFile& file) {
  const std::size_t channels = file.channels.size(), length = file.channels[0].size();
  const int step = 1 << (16 - file.bits);
  std::vector<std::uint8_t> bytes(length * channels * 2);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < length; ++i) {
      const double scaled = 32767.0 * file.channels[c][i] / step;
      const int value = std::clamp(static_cast<int>(std::lround(scaled)) * step, -32768, 32767);
      const auto word = static_cast<std::uint16_t>(value);
      bytes[(i * channels + c) * 2] = static_cast<std::uint8_t>(word & 255u);
      bytes[(i * channels + c) * 2 + 1] = static_cast<std::uint8_t>(word >> 8);
    }
  }
  return bytes;
}

}  // namespace

base::Result<void> make_sounds(const std::string& film, const std::string& folder) {
  const auto files = synthesize_sounds(film);
  if (!files) return std::unexpected(files.error());
  for (const SoundFile& file : *files) {
    const std::filesystem::path path = std::filesystem::path(folder) / file.path;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) {
      return base::fail("sound-unwritable", base::formatted("The folder \"{}\" could not be made: {}.", path.parent_path().string(), error.message()),
                        "Choose a folder that can be written.");
    }
    const std::string layout = file.channels.size() == 4 ? "quad" : file.channels.size() == 2 ? "stereo" : "mono";
    auto ffmpeg = Ffmpeg::start({"-f", "s16le", "-ar", std::to_string(kRate), "-ch_layout", layout, "-i", "pipe:0", "-c:a", "flac",
                                 "-compression_level", "8", "-fflags", "+bitexact", "-flags", "+bitexact", path.string()});
    if (!ffmpeg) return std::unexpected(ffmpeg.error());
    (void)ffmpeg->write(pcm(file));
    if (const auto ended = ffmpeg->finish(); !ended) {
      return base::fail("sound-unwritable", base::formatted("\"{}\" could not be written: {}", path.string(), ended.error().message), ended.error().advice);
    }
  }
  return {};
}

}  // namespace promenade::samples
