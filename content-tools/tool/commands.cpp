#include "content-tools/tool/commands.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <print>

#include "content-tools/package/package_file.h"
#include "content-tools/package/source.h"
#include "content-tools/tool/inspect.h"
#include "content-tools/tool/route_svg.h"
#include "tracking/base/formatted.h"

namespace promenade::film_tool {
namespace {

constexpr int kRight = 0;
constexpr int kNotValid = 1;
constexpr int kUnusable = 2;
constexpr int kEnvironment = 3;

volatile std::sig_atomic_t interrupted = 0;

void note_interrupt(int) { interrupted = 1; }

int exit_code(const std::string& code) {
  static constexpr std::array kMachine = {"disk-full", "file-unwritable", "key-unwritable", "cancelled"};
  static constexpr std::array kInput = {"file-unreadable", "source-unreadable", "key-unreadable", "key-malformed", "key-exists"};
  if (std::ranges::find(kMachine, code) != kMachine.end()) return kEnvironment;
  if (std::ranges::find(kInput, code) != kInput.end()) return kUnusable;
  return kNotValid;
}

int report(const base::Error& error) {
  std::println(stderr, "promenade-film: error[{}]: {}", error.code, error.text());
  return exit_code(error.code);
}

// Progress on standard error, for work that takes longer than two seconds; stops it when interrupted.
package::Progress progress(std::string what) {
  using Clock = std::chrono::steady_clock;
  return [what = std::move(what), start = Clock::now(), next = Clock::now() + std::chrono::seconds(2)](
             std::uint64_t done, std::uint64_t total) mutable {
    const auto now = Clock::now();
    if (now >= next && total > 0) {
      const double part = static_cast<double>(done) / static_cast<double>(total);
      const double left_s = std::chrono::duration<double>(now - start).count() * (1.0 - part) / std::max(part, 1e-3);
      std::println(stderr, "{}: {:.0f} %, about {:.0f} s left", what, 100.0 * part, left_s);
      next = now + std::chrono::seconds(1);
    }
    return interrupted == 0;
  };
}

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = note_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// Writes one small text whole, or nothing.
base::Result<void> write_text(const std::string& path, std::string_view text) {
  auto file = package::AtomicFile::create(path);
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->write(base::as_bytes(text)); !written) return written;
  return (*file)->commit();
}

}  // namespace

int pack(const std::string& folder, const std::string& out, const std::string& key_path) {
  catch_interrupts();
  const auto key = base::load_key(key_path);
  if (!key) {
    std::println(stderr, "promenade-film: error[{}]: {} Make one with: promenade-film keygen {}", key.error().code,
                 key.error().message, key_path);
    return exit_code(key.error().code);
  }
  auto source = package::load_film_source(folder);
  if (!source) return report(source.error());
  std::print(stderr, "{}", base::to_string(source->findings));
  if (base::has_errors(source->findings)) {
    std::println(stderr, "promenade-film: {} was not packed.", folder);
    return kNotValid;
  }
  auto file = package::AtomicFile::create(out);
  if (!file) return report(file.error());
  const auto manifest = package::write_package(source->manifest, source->inputs(), *key, **file, progress("Packing"));
  if (!manifest) return report(manifest.error());
  if (auto committed = (*file)->commit(); !committed) return report(committed.error());
  std::error_code ignored;
  std::println("{}: {} \"{}\", {:.1f} s, {}, {} files, {} bytes", out, manifest->film.value(), manifest->title("en"),
               manifest->length_s, manifest->route ? base::formatted("{} scenes", manifest->scene_count()) : "seated",
               manifest->files.size(), std::filesystem::file_size(out, ignored));
  return kRight;
}

int inspect(const std::string& path, bool json) {
  const auto manifest = package::load_manifest(path);
  if (!manifest) return report(manifest.error());
  if (json) {
    std::println("{}", base::as_text(package::manifest_bytes(*manifest)));
    return kRight;
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::print("{}", inspect_text(*manifest, error ? 0 : size));
  return kRight;
}

int verify(const std::string& path, const std::vector<std::string>& trusted) {
  catch_interrupts();
  package::TrustedKeys keys;
  for (const std::string& each : trusted) {
    const auto key = package::load_public_key(each);
    if (!key) return report(key.error());
    keys.push_back(*key);
  }
  auto reader = package::open_package(path, keys);
  if (!reader) return report(reader.error());
  const base::Findings findings = reader->verify(progress("Verifying"));
  std::print(stderr, "{}", base::to_string(findings));
  if (interrupted) return kEnvironment;
  if (base::has_errors(findings)) {
    std::println(stderr, "promenade-film: {} is not valid.", path);
    return kNotValid;
  }
  const package::Manifest& m = reader->manifest();
  std::println("{}: right. {} \"{}\", {} chunks, {} files, signed by {}{}", path, m.film.value(), m.title("en"),
               m.chunks.size(), m.files.size(), base::to_hex(m.signer), keys.empty() ? " (no trusted key was given)" : ", trusted");
  return kRight;
}

int draw_route(const std::string& path, const std::string& svg_path, const std::string& language) {
  const auto manifest = package::load_manifest(path);
  if (!manifest) return report(manifest.error());
  if (auto written = write_text(svg_path, route_svg(*manifest, language)); !written) return report(written.error());
  return kRight;
}

int make_key(const std::string& path, bool keep) {
  if (!keep && ::access(path.c_str(), F_OK) == 0) {
    return report({"key-exists", base::formatted("{} exists already.", path),
                   "Give another name; films signed with a lost key cannot be renewed."});
  }
  const auto key = base::load_or_create_key(path);
  if (!key) return report(key.error());
  const std::string public_key = base::to_hex(key->public_key());
  if (auto written = write_text(path + ".pub", public_key + "\n"); !written) return report(written.error());
  std::println("{}", public_key);
  return kRight;
}

}  // namespace promenade::film_tool
