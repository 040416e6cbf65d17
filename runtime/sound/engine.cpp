#include "runtime/sound/engine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <glm/geometric.hpp>

#include "runtime/sound/alarm.h"
#include "runtime/sound/openal.h"
#include "runtime/sound/voices.h"

namespace promenade::sound {
namespace {

constexpr double kPauseFade_s = 0.08, kResumeFade_s = 0.25, kAlarmFade_s = 0.03;
constexpr double kLongestStep_s = 0.1;       // of a frame, for fades
constexpr double kConnectionCheck_s = 2.0;
constexpr float kDimmed = 0.2f;              // the film's gain where it is dimmed wholly

struct AlarmVoice {
  ALuint source = 0, buffer = 0;
  float gain = 0.0f;
  bool sounding = false;
};

}  // namespace

struct Engine::State {
  std::unique_ptr<AlDevice> device;
  bool in_memory_only = false;                  // no device: rendered and thrown away, so that time goes on
  std::string message;
  std::unique_ptr<Voices> voices;
  std::vector<std::unique_ptr<Voices>> leaving; // of films before, fading out
  std::array<AlarmVoice, kAlarms> alarms;       // warn, stop, evacuate
  float film_gain = 0.0f;
  std::optional<double> last_s;
  double checked_s = 0.0;
  std::vector<float> thrown_away;

  ~State() {
    if (!device) return;
    device->make_current();
    voices.reset();
    leaving.clear();
    for (AlarmVoice& alarm : alarms) {
      if (alarm.source) alDeleteSources(1, &alarm.source);
      if (alarm.buffer) alDeleteBuffers(1, &alarm.buffer);
    }
  }
  void make_alarms();
  void sound_alarms(const Heard& heard, double since_s);
  void watch_device(double now_s);
  void tell_device();
};

void Engine::State::make_alarms() {
  const std::vector<std::int16_t> sounds[] = {warn_alarm(), stop_alarm(), evacuate_alarm()};
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    AlarmVoice& alarm = alarms[i];
    alGenBuffers(1, &alarm.buffer);
    alBufferData(alarm.buffer, AL_FORMAT_MONO16, sounds[i].data(), static_cast<ALsizei>(sounds[i].size() * sizeof(std::int16_t)),
                 static_cast<ALsizei>(kAlarmRate_hz));
    alGenSources(1, &alarm.source);
    alSourcei(alarm.source, AL_BUFFER, static_cast<ALint>(alarm.buffer));
    alSourcei(alarm.source, AL_LOOPING, AL_TRUE);
    alSourcei(alarm.source, AL_SOURCE_RELATIVE, AL_TRUE);
    alSourcef(alarm.source, AL_GAIN, 0.0f);
  }
}

void Engine::State::sound_alarms(const Heard& heard, double since_s) {
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    AlarmVoice& alarm = alarms[i];
    const bool on = heard.alarm == static_cast<Alarm>(i + 1);
    if (on) {
      // From one metre away towards what it warns of, so that it is as loud as one from everywhere.
      const glm::vec3 to = heard.alarm_from ? *heard.alarm_from - heard.head : glm::vec3(0.0f);
      const glm::vec3 level(to.x, 0.0f, to.z);
      const bool placed = glm::length(level) > 0.05f;
      const glm::vec3 at = placed ? heard.head + glm::normalize(level) : glm::vec3(0.0f);
      alSourcei(alarm.source, AL_SOURCE_RELATIVE, placed ? AL_FALSE : AL_TRUE);
      alSource3f(alarm.source, AL_POSITION, at.x, at.y, at.z);
    }
    if (on && !alarm.sounding) {  // from its beginning each time
      alSourceRewind(alarm.source);
      alSourcePlay(alarm.source);
      alarm.sounding = true;
    }
    const auto step = static_cast<float>(since_s / kAlarmFade_s);
    alarm.gain += std::clamp((on ? 1.0f : 0.0f) - alarm.gain, -step, step);
    alSourcef(alarm.source, AL_GAIN, alarm.gain);
    if (!on && alarm.sounding && alarm.gain <= 0.0f) {
      alSourceStop(alarm.source);
      alarm.sounding = false;
    }
  }
}

void Engine::State::tell_device() {
  message.clear();
  if (in_memory_only || !device->is_real()) message = "There is no sound device: the film is silent. Connect one, or choose one in the system's settings.";
}

void Engine::State::watch_device(double now_s) {
  if (now_s < checked_s + kConnectionCheck_s) return;
  checked_s = now_s;
  if (!in_memory_only && !device->connected() && device->reopen()) tell_device();
}

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

base::Result<std::unique_ptr<Engine>> Engine::open(Output output) {
  auto state = std::make_unique<State>();
  auto device = AlDevice::open(output == Output::loopback);
  if (!device && output == Output::device) {
    device = AlDevice::open(true);
    state->in_memory_only = true;
  }
  if (!device) return std::unexpected(device.error());
  state->device = std::move(*device);
  if (output == Output::device) state->tell_device();
  alDistanceModel(AL_INVERSE_DISTANCE_CLAMPED);
  state->make_alarms();
  return std::unique_ptr<Engine>(new Engine(std::move(state)));
}

const std::string& Engine::device() const { return state_->device->name(); }
const std::string& Engine::message() const { return state_->message; }
bool Engine::audible() const { return state_->device->is_real(); }
bool Engine::hrtf() const { return state_->device->hrtf(); }

void Engine::set_film(std::shared_ptr<const FilmSounds> sounds, bool mirrored) {
  State& s = *state_;
  s.device->make_current();
  if (s.voices) s.leaving.push_back(std::move(s.voices));
  if (s.leaving.size() > 4) s.leaving.erase(s.leaving.begin());
  if (sounds) s.voices = std::make_unique<Voices>(std::move(sounds), mirrored);
}

void Engine::update(const Heard& heard) {
  State& s = *state_;
  s.device->make_current();
  const double since_s = std::clamp(s.last_s ? heard.now_s - *s.last_s : 0.0, 0.0, kLongestStep_s);
  s.last_s = heard.now_s;
  s.watch_device(heard.now_s);

  const glm::vec3 ahead = heard.head_orientation * glm::vec3(0, 0, -1), up = heard.head_orientation * glm::vec3(0, 1, 0);
  const ALfloat orientation[] = {ahead.x, ahead.y, ahead.z, up.x, up.y, up.z};
  alListener3f(AL_POSITION, heard.head.x, heard.head.y, heard.head.z);
  alListenerfv(AL_ORIENTATION, orientation);

  const float dimmed = 1.0f - (1.0f - kDimmed) * std::clamp(heard.dim, 0.0f, 1.0f);
  const float wanted = heard.playing ? std::clamp(heard.gain, 0.0f, 2.0f) * film_left(heard.alarm) * dimmed : 0.0f;
  const auto step = static_cast<float>(since_s / (wanted < s.film_gain ? kPauseFade_s : kResumeFade_s));
  s.film_gain += std::clamp(wanted - s.film_gain, -step, step);

  if (s.voices) s.voices->update(heard, s.film_gain, since_s);
  std::erase_if(s.leaving, [&](const auto& voices) { return voices->fade_away(since_s); });
  s.sound_alarms(heard, since_s);
  if (s.in_memory_only) {
    s.thrown_away.resize(2 * static_cast<std::size_t>(since_s * 48000.0));
    s.device->render(s.thrown_away);
  }
}

void Engine::render(std::span<float> stereo) { state_->device->render(stereo); }

}  // namespace promenade::sound
