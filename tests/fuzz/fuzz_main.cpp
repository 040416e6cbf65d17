#include "tests/fuzz/fuzz_main.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using promenade::base::Bytes;

const Bytes* current_input = nullptr;

// Async-signal-safe: it may run with the program in any state.
void keep_input() {
  if (current_input == nullptr) return;
  const int fd = ::open("fuzz-failure.bin", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, current_input->data(), current_input->size());
  ::close(fd);
  constexpr char kMessage[] = "fuzz: the input is kept in fuzz-failure.bin\n";
  [[maybe_unused]] const ssize_t said = ::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  current_input = nullptr;
}

void on_signal(int signal) {
  keep_input();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void watch_for_failures() {
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(keep_input);  // the sanitizers have their own handlers
    return;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, on_signal);
}

void run(const Bytes& input) {
  current_input = &input;
  LLVMFuzzerTestOneInput(input.data(), input.size());
  current_input = nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace promenade;
  const auto options = fuzz::parse_options({argv + 1, argv + argc});
  if (!options) return std::fprintf(stderr, "fuzz: %s\n", options.error().text().c_str()), 2;
  const auto corpus = fuzz::read_corpus(options->corpus);
  if (!corpus) return std::fprintf(stderr, "fuzz: %s\n", corpus.error().text().c_str()), 2;

  watch_for_failures();
  std::size_t largest = options->largest_input;
  for (const Bytes& input : *corpus) {
    largest = std::max(largest, input.size());
    run(input);
  }
  base::Random random(options->seed);
  for (std::uint64_t i = 0; i < options->runs; ++i) run(fuzz::mutate(*corpus, largest, random));
  std::printf("fuzz: %zu corpus inputs and %llu mutations (seed %llu), no failure\n", corpus->size(),
              static_cast<unsigned long long>(options->runs), static_cast<unsigned long long>(options->seed));
  return 0;
}
