#include "runtime/headset/view_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <numbers>

#include "runtime/film/film.h"
#include "runtime/headset/scene_view.h"
#include "tracking/base/formatted.h"

namespace promenade::headset {
namespace {

constexpr int kBadFilm = 1, kBadUsage = 2, kNoDevice = 4;

struct Wanted {
  std::string film, scene, out, all, language = "zh", size = "1280x720";
  std::optional<double> time_s, yaw_deg;
  double pitch_deg = 0.0;
  bool validate = false;
};

int complain(int code, const base::Error& error) {
  std::fprintf(stderr, "promenade-headset view: %s\n", error.text().c_str());
  return code;
}

bool read_size(const std::string& text, ViewOf& view) {
  unsigned width = 0, height = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%5ux%5u%c", &width, &height, &rest) != 2) return false;
  view.width = width;
  view.height = height;
  return width >= 16 && height >= 16 && width <= 8192 && height <= 8192;
}

int write_one(SceneView& scene_view, const ViewOf& view, const std::string& file) {
  const auto picture = scene_view.draw(view);
  if (!picture) return complain(kBadFilm, picture.error());
  if (const auto written = gpu::write_png(*picture, file); !written) return complain(kBadFilm, written.error());
  std::printf("%s\n", file.c_str());
  return 0;
}

int write_all(SceneView& scene_view, const Wanted& wanted, ViewOf view) {
  std::error_code failed;
  std::filesystem::create_directories(wanted.all, failed);
  if (failed) return complain(kBadFilm, {"file-unwritable", base::formatted("The folder {} cannot be made: {}.", wanted.all, failed.message()), {}});
  const package::Manifest& manifest = scene_view.manifest();
  constexpr int kSeatedPictures = 6;
  const std::size_t count = manifest.route ? manifest.scene_count() : kSeatedPictures;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name;
    if (manifest.route) {
      const auto scene = static_cast<std::uint32_t>(i);
      view.moment = {scene, wanted.time_s.value_or(telling_time_s(manifest, scene))};
      name = base::formatted("{:02}-{}.png", i + 1, manifest.route->scenes[i].name);
    } else {
      view.moment = {0, manifest.length_s * (static_cast<double>(i) + 0.5) / kSeatedPictures};
      name = base::formatted("{:02}-{:.0f}s.png", i + 1, view.moment.time_s);
    }
    if (const int code = write_one(scene_view, view, (std::filesystem::path(wanted.all) / name).string()); code != 0) return code;
  }
  return 0;
}

int run(const Wanted& wanted) {
  ViewOf view;
  view.language = wanted.language == "none" ? "" : wanted.language;
  view.pitch_rad = static_cast<float>(wanted.pitch_deg * std::numbers::pi / 180.0);
  if (wanted.yaw_deg) view.yaw_rad = static_cast<float>(*wanted.yaw_deg * std::numbers::pi / 180.0);
  if (!read_size(wanted.size, view)) return complain(kBadUsage, {"usage", "--size wants WIDTHxHEIGHT in pixels, such as 1280x720.", {}});
  if (wanted.out.empty() == wanted.all.empty()) return complain(kBadUsage, {"usage", "Give either --out FILE.png or --all FOLDER.", {}});
  auto scene_view = SceneView::open(wanted.film, wanted.validate);
  if (!scene_view) {
    const bool device = scene_view.error().code == "no-vulkan" || scene_view.error().code == "device-too-old";
    return complain(device ? kNoDevice : kBadFilm, scene_view.error());
  }
  base::Findings findings = (*scene_view)->findings();
  (void)film::read_poster(wanted.film, findings);  // the headset shows it; its maker hears here what is wrong with it
  std::fputs(base::to_string(findings).c_str(), stderr);
  if (!(*scene_view)->note().empty()) std::fprintf(stderr, "%s\n", (*scene_view)->note().c_str());
  int code = 0;
  if (!wanted.all.empty()) {
    code = write_all(**scene_view, wanted, view);
  } else {
    const package::Manifest& manifest = (*scene_view)->manifest();
    const auto scene = find_scene(manifest, wanted.scene);
    if (!scene) return complain(kBadUsage, scene.error());
    view.moment = {*scene, wanted.time_s.value_or(telling_time_s(manifest, *scene))};
    code = write_one(**scene_view, view, wanted.out);
  }
  const std::uint64_t messages = (*scene_view)->validation_messages();
  if (messages > 0) {
    std::fprintf(stderr, "promenade-headset view: %llu Vulkan validation messages.\n", static_cast<unsigned long long>(messages));
    return code == 0 ? 1 : code;
  }
  return code;
}

}  // namespace

int view_command(int argc, char** argv) {
  CLI::App app{"Draws scenes of a film as a headset shows them, without headset or hall."};
  app.name("promenade-headset view");
  Wanted wanted;
  app.add_option("FILM", wanted.film, "A .prom file")->required();
  app.add_option("--scene", wanted.scene, "Number from 1, or name")->default_str("1");
  app.add_option("--time", wanted.time_s, "Seconds of the scene, or of a seated film (default: a telling moment)");
  app.add_option("--yaw", wanted.yaw_deg, "Degrees to the left of the film's y axis (default: as a walker arrives)");
  app.add_option("--pitch", wanted.pitch_deg, "Degrees up")->capture_default_str()->check(CLI::Range(-89.0, 89.0));
  app.add_option("--language", wanted.language, "Of the subtitles; none: without")->capture_default_str();
  app.add_option("--size", wanted.size, "Pixels")->capture_default_str();
  app.add_option("--out", wanted.out, "The picture to write, PNG");
  app.add_option("--all", wanted.all, "Instead: a folder for a picture of each scene");
  app.add_flag("--validate", wanted.validate, "Vulkan validation layers; their messages make the command fail");
  app.footer("Exit codes: 0 done; 1 the film cannot be shown or a picture not written; 2 wrong usage; 4 no Vulkan device.");
  if (argc <= 1) {
    std::fputs(app.help().c_str(), stdout);
    return kBadUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadUsage;
  }
  if (wanted.scene.empty()) wanted.scene = "1";
  return run(wanted);
}

}  // namespace promenade::headset
