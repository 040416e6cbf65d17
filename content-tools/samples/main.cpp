// promenade-samples: makes the sample films' worlds, sounds and pictures. Wiring only.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "content-tools/samples/seated.h"
#include "content-tools/samples/sound.h"
#include "content-tools/samples/worlds/worlds.h"

namespace {

using namespace promenade;

base::Result<void> make_world_file(const std::string& film, const std::string& path) {
  auto world = samples::worlds::make_world(film);
  if (!world) return std::unexpected(world.error());
  const base::Bytes glb = samples::worlds::write_glb(*world);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(glb.data()), static_cast<std::streamsize>(glb.size()));
  file.close();
  if (!file) return base::fail("world-unwritable", path + " cannot be written.", "Is there room on the disk, and does its folder exist?");
  std::printf("%s: %zu triangles, at most %zu draws, %zu bytes\n", film.c_str(), world->triangles(), world->draws(), glb.size());
  return {};
}

void say_progress(double fraction) {
  static int said = -1;
  const int tenths = static_cast<int>(fraction * 10.0);
  if (tenths == said) return;
  said = tenths;
  std::printf("%d %%\n", tenths * 10);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Makes the sample films of Promenade.", "promenade-samples"};
  app.require_subcommand(1);
  app.footer("Exit codes: 0 made, 1 not made, 2 unusable input, 3 another trouble of this machine.");
  std::string film, out;
  const auto command = [&](const char* name, const char* what, const char* where) {
    CLI::App* made = app.add_subcommand(name, what);
    made->add_option("FILM", film, "Name of a sample film, as lantern-street")->required();
    made->add_option("--out", out, where)->required();
    return made;
  };
  CLI::App* world = command("world", "The world of a walking film", "The GLB file to write");
  CLI::App* sound = command("sound", "The sounds of a film", "The folder in which to make the folder sound");
  CLI::App* video = command("video", "The picture of a seated film", "The folder in which to make the folder video");
  try {
    app.parse(argc, argv);
    base::Result<void> made;
    if (world->parsed()) made = make_world_file(film, out);
    if (sound->parsed()) made = samples::make_sounds(film, out);
    if (video->parsed()) made = samples::make_video(film, out, say_progress);
    if (made) return 0;
    std::fprintf(stderr, "promenade-samples: %s\n", made.error().text().c_str());
    return 1;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-samples: %s\n", error.what());
    return 3;
  }
}
