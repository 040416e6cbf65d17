
#include "runtime/sound/engine.h"
#include "tracking/base/formatted.h"

namespace promenade::sound {
namespace {

constexpr std::uint64_t kMaxFile = 512ull << 20;

// One channel, the mean of all: a sound in one place comes from that place.
void make_mono(film::Samples& samples) {
  const std::size_t channels = samples.channels;
  std::vector<std::int16_t> mono(samples.frames());
  for (std::size_t i = 0; i < mono.size(); ++i) {
    int sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += samples.interleaved[i * channels + c];
    mono[i] = static_cast<std::int16_t>(sum / static_cast<int>(channels));
  }
  samples.interleaved = std::move(mono);
  samples.channels = 1;
}

}  // namespace

std::shared_ptr<const FilmSounds> load_sounds(film::OpenFilm& film) {
  auto out = std::make_shared<FilmSounds>();
  const package::Manifest& manifest = film.manifest();
  if (manifest.route) {
    for (const package::Scene& scene : manifest.route->scenes) out->dwell_s.push_back(scene.dwell_s);
  }
  for (std::size_t i = 0; i < manifest.sounds.size(); ++i) {
    const package::Sound& what = manifest.sounds[i];
    const auto warn = [&](const std::string& code, const std::string& message, const std::string& expected) {
      out->findings.push_back({base::Severity::warning, code, what.path, 0, base::formatted("sounds[{}]", i), message, expected});
    };
    auto bytes = film.read(what.path, kMaxFile);
    auto samples = bytes ? film::decode_audio(*bytes, what.path) : base::Result<film::Samples>(std::unexpected(bytes.error()));
    if (!samples) {
      warn(samples.error().code, samples.error().message, samples.error().advice);
      continue;
    }
    if (what.ambisonic != (samples->channels == 4)) {
      warn("sound-unsupported", base::formatted("The sound {} has {} channels.", what.path, samples->channels),
           what.ambisonic ? "An ambisonic sound has four." : "Only ambisonic sounds have four: set ambisonic, or give one or two.");
      continue;
    }
    if (what.source && samples->channels != 1) {
      warn("sound-mixed-down", base::formatted("The sound {} has a place and two channels, which are mixed.", what.path), "Give it one channel.");
      make_mono(*samples);
    }
    out->items.push_back({what, std::move(*samples)});
  }
  return out;
}

}  // namespace promenade::sound
