#include "showcontrol/server/contact_input.h"

#include <fcntl.h>
#include <gpiod.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace promenade::server {

namespace {

constexpr std::chrono::milliseconds kOpenAgain{250};

struct GpioCloser {
  void operator()(gpiod_chip* chip) const { gpiod_chip_close(chip); }
  void operator()(gpiod_line_settings* settings) const { gpiod_line_settings_free(settings); }
  void operator()(gpiod_line_config* config) const { gpiod_line_config_free(config); }
  void operator()(gpiod_request_config* config) const { gpiod_request_config_free(config); }
  void operator()(gpiod_line_request* request) const { gpiod_line_request_release(request); }
};
template <class T>
using Gpio = std::unique_ptr<T, GpioCloser>;

class Input {
 public:
  virtual ~Input() = default;
  virtual std::optional<bool> closed(SteadyTime now) = 0;  // none: cannot be read
};

class FileInput final : public Input {
 public:
  explicit FileInput(std::string path) : path_(std::move(path)) {}

  // Opened each time: whoever writes it may put a new file in its place.
  std::optional<bool> closed(SteadyTime) override {
    const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    char first = 0;
    const ssize_t size = ::read(file, &first, 1);
    ::close(file);
    if (size != 1 || (first != '0' && first != '1')) return std::nullopt;
    return first == '1';
  }

 private:
  std::string path_;
};

class GpioInput final : public Input {
 public:
  GpioInput(std::string chip, unsigned line) : chip_(std::move(chip)), line_(line) {}

  std::optional<bool> closed(SteadyTime now) override {
    if (!request_ && now >= open_at_) {
      request_ = open();
      open_at_ = now + kOpenAgain;
    }
    if (!request_) return std::nullopt;
    const gpiod_line_value value = gpiod_line_request_get_value(request_.get(), line_);
    if (value == GPIOD_LINE_VALUE_ERROR) {
      request_.reset();
      return std::nullopt;
    }
    return value == GPIOD_LINE_VALUE_ACTIVE;
  }

 private:
  // Pulled down: a wire that is broken, or that touches ground, reads as open.
  Gpio<gpiod_line_request> open() const {
    const Gpio<gpiod_chip> chip(gpiod_chip_open(chip_.c_str()));
    const Gpio<gpiod_line_settings> settings(gpiod_line_settings_new());
    const Gpio<gpiod_line_config> lines(gpiod_line_config_new());
    const Gpio<gpiod_request_config> request(gpiod_request_config_new());
    if (!chip || !settings || !lines || !request) return nullptr;
    if (gpiod_line_settings_set_direction(settings.get(), GPIOD_LINE_DIRECTION_INPUT) != 0) return nullptr;
    if (gpiod_line_settings_set_bias(settings.get(), GPIOD_LINE_BIAS_PULL_DOWN) != 0) return nullptr;
    if (gpiod_line_config_add_line_settings(lines.get(), &line_, 1, settings.get()) != 0) return nullptr;
    gpiod_request_config_set_consumer(request.get(), "promenade-hall");
    return Gpio<gpiod_line_request>(gpiod_chip_request_lines(chip.get(), request.get(), lines.get()));
  }

  std::string chip_;
  unsigned line_;
  Gpio<gpiod_line_request> request_;
  SteadyTime open_at_{};
};

std::unique_ptr<Input> input_of(const ContactSpec& spec) {
  if (spec.source == ContactSpec::Source::file) return std::make_unique<FileInput>(spec.path);
  return std::make_unique<GpioInput>(spec.path, spec.line);
}

}  // namespace

ContactWatch::ContactWatch(ContactSpec spec)
    : spec_(std::move(spec)), read_at_(std::chrono::steady_clock::now()), thread_([this](std::stop_token stop) { run(stop); }) {}

ContactWatch::~ContactWatch() = default;

hall::Contact ContactWatch::state(SteadyTime now) const {
  const SteadyTime read_at = read_at_.load();
  return now - read_at >= kContactFault ? hall::Contact::fault : state_.load();
}

void ContactWatch::run(std::stop_token stop) {
  const std::unique_ptr<Input> input = input_of(spec_);
  SteadyTime next = std::chrono::steady_clock::now();
  ContactDebouncer debouncer(spec_.normally_open, next);
  std::mutex mutex;
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    const SteadyTime now = std::chrono::steady_clock::now();
    const std::optional<bool> closed = input->closed(now);
    const SteadyTime read = std::chrono::steady_clock::now();
    state_ = debouncer.read(closed, read);
    read_at_ = read;
    next = std::max(next + kContactEvery, read);  // late: no burst to catch up
    std::unique_lock lock(mutex);
    never.wait_until(lock, stop, next, [] { return false; });
  }
}

}  // namespace promenade::server
