#include "runtime/sound/voices.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>

namespace promenade::sound {
namespace {

constexpr double kFadeIn_s = 0.01, kFadeOut_s = 0.3;
constexpr float kSilent = 0.001f;   // -60 dB

Timeline make_timeline(const FilmSounds& sounds) {
  std::vector<Timeline::Line> lines;
  for (const FilmSounds::Item& item : sounds.items) lines.push_back({item.what, item.samples.length_s()});
  return {std::move(lines), sounds.dwell_s};
}

struct Heard_s {
  double position = 0.0;  // in the sound, of what is played next
  double latency = 0.0;   // until that is heard
};
Heard_s heard_of(ALuint source) {
  static const auto read = reinterpret_cast<LPALGETSOURCEDVSOFT>(alGetProcAddress("alGetSourcedvSOFT"));
  std::array<ALdouble, 2> both{};
  if (read != nullptr) {
    read(source, AL_SEC_OFFSET_LATENCY_SOFT, both.data());
  } else {
    ALfloat position = 0.0f;
    alGetSourcef(source, AL_SEC_OFFSET, &position);
    both[0] = position;
  }
  return {both[0], both[1]};
}

ALint frame_at(const film::Samples& samples, double seconds) {
  return static_cast<ALint>(std::clamp(seconds * samples.rate_hz, 0.0, static_cast<double>(samples.frames()) - 1.0));
}

float ramp(float from, float to, double since_s, double whole_s) {
  const auto step = static_cast<float>(since_s / whole_s);
  return from + std::clamp(to - from, -step, step);
}

}  // namespace

Voices::Voices(std::shared_ptr<const FilmSounds> sounds, bool mirrored)
    : sounds_(std::move(sounds)), mirrored_(mirrored), timeline_(make_timeline(*sounds_)), voices_(sounds_->items.size()) {}

Voices::~Voices() {
  for (Voice& voice : voices_) {
    if (voice.source) alDeleteSources(1, &voice.source);
    if (voice.buffer) alDeleteBuffers(1, &voice.buffer);
  }
}

void Voices::load_next() {
  if (loaded_ >= voices_.size()) return;
  const FilmSounds::Item& item = sounds_->items[loaded_];
  Voice& voice = voices_[loaded_++];
  const film::Samples& samples = item.samples;
  voice.gain = static_cast<float>(std::pow(10.0, item.what.gain_db / 20.0));
  alGetError();
  alGenBuffers(1, &voice.buffer);
  const auto size = static_cast<ALsizei>(samples.interleaved.size() * sizeof(std::int16_t));
  const auto rate = static_cast<ALsizei>(samples.rate_hz);
  if (samples.channels == 4) {
    alBufferi(voice.buffer, AL_AMBISONIC_LAYOUT_SOFT, AL_ACN_SOFT);
    alBufferi(voice.buffer, AL_AMBISONIC_SCALING_SOFT, AL_SN3D_SOFT);
    std::vector<std::int16_t> turned;
    if (mirrored_) {  // the second channel tells left from right
      turned = samples.interleaved;
      for (std::size_t i = 1; i < turned.size(); i += 4) turned[i] = static_cast<std::int16_t>(-std::max<int>(turned[i], -32767));
    }
    alBufferData(voice.buffer, AL_FORMAT_BFORMAT3D_16, mirrored_ ? turned.data() : samples.interleaved.data(), size, rate);
  } else {
    alBufferData(voice.buffer, samples.channels == 1 ? AL_FORMAT_MONO16 : AL_FORMAT_STEREO16, samples.interleaved.data(), size, rate);
  }
  alGenSources(1, &voice.source);
  if (!voice.source || alGetError() != AL_NO_ERROR) {
    if (voice.source) alDeleteSources(1, &voice.source);
    voice.source = 0;
    return;
  }
  alSourcei(voice.source, AL_BUFFER, static_cast<ALint>(voice.buffer));
  alSourcei(voice.source, AL_LOOPING, item.what.loop ? AL_TRUE : AL_FALSE);
  alSourcef(voice.source, AL_MAX_GAIN, 4.0f);
  alSourcef(voice.source, AL_REFERENCE_DISTANCE, 1.0f);
  alSourcef(voice.source, AL_MAX_DISTANCE, 50.0f);
  if (samples.channels == 2) alSourcei(voice.source, AL_DIRECT_CHANNELS_SOFT, AL_TRUE);
  if (samples.channels == 2 || (samples.channels == 1 && !item.what.source)) alSourcei(voice.source, AL_SOURCE_RELATIVE, AL_TRUE);
}

void Voices::place(const Voice& voice, const package::Sound& what, const Heard& heard) const {
  if (what.source) {
    const glm::vec4 film(what.source->at.x_m, what.source->height_m, -what.source->at.y_m, 1.0);
    const glm::vec3 at = glm::vec3(heard.stage_from_film * film);
    alSource3f(voice.source, AL_POSITION, at.x, at.y, at.z);
  } else if (what.ambisonic) {
    // Heard from its middle, wherever the viewer walks; turned with the film, so the head turns within it.
    const glm::mat3 turn(heard.stage_from_film);
    const glm::vec3 ahead = glm::normalize(turn * glm::vec3(0, 0, -1)), up = glm::normalize(turn * glm::vec3(0, 1, 0));
    const ALfloat orientation[] = {ahead.x, ahead.y, ahead.z, up.x, up.y, up.z};
    alSourcefv(voice.source, AL_ORIENTATION, orientation);
    alSource3f(voice.source, AL_POSITION, heard.head.x, heard.head.y, heard.head.z);
  }
}

// Begins a source that shall sound, or keeps it where it should be.
void Voices::follow(Voice& voice, const FilmSounds::Item& item, const Timeline::Voice& wanted, bool fresh, double since_s) const {
  ALint state = AL_INITIAL;
  alGetSourcei(voice.source, AL_SOURCE_STATE, &state);
  const double length_s = item.samples.length_s();
  if (fresh || voice.paused) {
    voice.pace.begin();
    alSourcei(voice.source, AL_SAMPLE_OFFSET, frame_at(item.samples, wanted.position_s));
    alSourcePlay(voice.source);
    voice.paused = false;
    return;
  }
  if (state != AL_PLAYING) return;  // it has come to its end
  const Heard_s now = heard_of(voice.source);
  double off_s = wanted.position_s - (now.position - now.latency);
  if (item.what.loop) off_s = std::remainder(off_s, length_s);
  const Pace::Order order = voice.pace.step(off_s, since_s);
  alSourcef(voice.source, AL_PITCH, static_cast<ALfloat>(order.rate));
  if (!order.seek) return;
  const double there_s = wanted.position_s + now.latency;
  alSourcei(voice.source, AL_SAMPLE_OFFSET, frame_at(item.samples, item.what.loop ? std::fmod(there_s, length_s) : there_s));
}

void Voices::update(const Heard& heard, float film_gain, double since_s) {
  load_next();
  const auto& wanted = timeline_.at(heard.moment, heard.play_s);
  for (std::size_t i = 0; i < voices_.size(); ++i) {
    Voice& voice = voices_[i];
    if (!voice.source) continue;
    if (film_gain < kSilent && !heard.playing) {
      if (voice.sounding && !voice.paused) {
        alSourcePause(voice.source);
        voice.paused = true;
      }
      continue;
    }
    const bool on = wanted[i].on;
    if (on) {
      const bool fresh = !voice.sounding || voice.start != wanted[i].start;
      if (fresh) voice.fade = 0.0f;
      place(voice, sounds_->items[i].what, heard);
      // While the film fades into a pause its clock stands: sources run on and are put right when it goes on.
      if (heard.playing || fresh) follow(voice, sounds_->items[i], wanted[i], fresh, since_s);
      voice.sounding = true;
      voice.start = wanted[i].start;
    }
    voice.fade = ramp(voice.fade, on ? 1.0f : 0.0f, since_s, on ? kFadeIn_s : kFadeOut_s);
    alSourcef(voice.source, AL_GAIN, voice.gain * voice.fade * film_gain);
    if (!on && voice.sounding && voice.fade <= 0.0f) {
      alSourceStop(voice.source);
      voice.sounding = false;
    }
  }
}

bool Voices::fade_away(double since_s) {
  bool silent = true;
  for (Voice& voice : voices_) {
    if (!voice.source || !voice.sounding || voice.paused) continue;
    ALfloat gain = 0.0f;
    alGetSourcef(voice.source, AL_GAIN, &gain);
    gain = ramp(gain, 0.0f, since_s, kFadeOut_s);
    alSourcef(voice.source, AL_GAIN, gain);
    silent = silent && gain < kSilent;
  }
  return silent;
}

}  // namespace promenade::sound
