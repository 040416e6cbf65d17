#include "tests/bench/render_assets.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>

#include "runtime/film/gltf.h"
#include "runtime/film/pose.h"
#include "tests/bench/filament_peer.h"
#include "tests/bench/offscreen.h"

namespace promenade::bench {
namespace {

constexpr float kHalfHigh_rad = 0.35f, kSurround = 0.2f;
constexpr glm::vec3 kSunLight{2.2f, 2.1f, 2.0f};  // what our renderer takes where no model brings a light
constexpr glm::vec3 kSunTowards{0.4f, 0.8f, 0.45f}, kFrom{0.55f, 0.30f, 0.78f};
constexpr double kFrame_s = 1.0 / 60.0, kCompared_s = 0.4;
constexpr int kBlock = 8;

std::vector<std::uint8_t> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Ball { glm::vec3 center{0.0f}; float radius = 1.0f; };

// Round the vertices as they are posed.
Ball ball_of(const film::Model& model, const film::Pose& pose) {
  glm::vec3 low(std::numeric_limits<float>::max()), high(std::numeric_limits<float>::lowest());
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const film::Node& node = model.nodes[n];
    if (node.mesh == film::kNone || !pose.visible[n]) continue;
    for (const film::Primitive& primitive : model.meshes[node.mesh].primitives) {
      for (const film::Vertex& vertex : primitive.vertices) {
        const glm::vec4 at(vertex.position, 1.0f);
        glm::vec3 placed(pose.model_from_node[n] * at);
        if (node.skin != film::kNone && vertex.weights != glm::vec4(0.0f)) {
          const film::Skin& skin = model.skins[node.skin];
          placed = glm::vec3(0.0f);
          for (int i = 0; i < 4; ++i) {
            const std::size_t joint = vertex.joints[static_cast<std::size_t>(i)];
            placed += vertex.weights[i] * glm::vec3(pose.model_from_node[skin.joints[joint]] * skin.inverse_bind[joint] * at);
          }
        }
        low = glm::min(low, placed);
        high = glm::max(high, placed);
      }
    }
  }
  if (low.x > high.x) throw std::runtime_error(model.name + " has nothing to draw");
  return {0.5f * (low + high), std::max(0.5f * glm::distance(low, high), 1e-3f)};
}

film::Sky plain_surround() {
  film::Sky sky;
  sky.zenith = sky.horizon = sky.ground = glm::vec3(kSurround);
  return sky;
}

class Ours {
 public:
  Ours(gpu::Device& device, std::shared_ptr<const film::Model> model, const PeerView& view, float eyes_apart, std::uint32_t eyes)
      : device_(device), model_(std::move(model)), renderer_(make_renderer(device, {view.samples, 0})), canvas_(device, view.width, view.height, eyes) {
    gpu::Eye eye;
    eye.orientation = glm::quatLookAt(glm::normalize(view.center - view.eye), glm::vec3(0.0f, 1.0f, 0.0f));
    const float wide_rad = std::atan(std::tan(view.half_high_rad) * static_cast<float>(view.width) / static_cast<float>(view.height));
    eye.left_rad = -wide_rad;
    eye.right_rad = wide_rad;
    eye.up_rad = view.half_high_rad;
    eye.down_rad = -view.half_high_rad;
    eye.position = view.eye;
    frame_.eyes = {eye, eye};
    if (eyes == 2) frame_.eyes[1].position += eye.orientation * glm::vec3(eyes_apart, 0.0f, 0.0f);
    frame_.sky = plain_surround();
    frame_.light_towards = view.sun_towards;
    drawn_ = {renderer_->upload(model_), &pose_, glm::mat4(1.0f), glm::vec4(1.0f), false};
    frame_.models = {&drawn_, 1};
    for (int i = 0; !renderer_->ready(drawn_.model) && i < kUploadDraws; ++i) time(0.0);
    if (!renderer_->ready(drawn_.model)) throw std::runtime_error("the renderer did not take " + model_->name);
  }
  double time(double clip_s) {
    return time_frame(device_, *renderer_, canvas_.target(), [&]() -> const gpu::Frame& { return at(clip_s); }).wall_ms;
  }
  gpu::Picture picture(double clip_s, const PeerView& view) {
    auto pictures = renderer_->draw_to_memory(at(clip_s), view.width, view.height);
    if (!pictures) throw std::runtime_error(pictures.error().text());
    return std::move((*pictures)[0]);
  }

 private:
  const gpu::Frame& at(double clip_s) {
    const film::Clip clip{0, clip_s, true};
    film::evaluate(*model_, {&clip, model_->animations.empty() ? 0u : 1u}, film::kNone, pose_);
    return frame_;
  }
  gpu::Device& device_;
  std::shared_ptr<const film::Model> model_;
  std::unique_ptr<gpu::Renderer> renderer_;
  Canvas canvas_;
  film::Pose pose_;
  gpu::DrawnModel drawn_;
  gpu::Frame frame_;
};

double linear(std::uint8_t value) {  // IEC 61966-2-1
  const double v = value / 255.0;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
double encoded(double v) { return 255.0 * std::clamp(v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055, 0.0, 1.0); }

// Unlike the even background, of which the first corner shows a piece.
bool shows(const gpu::Picture& picture, std::size_t pixel) {
  constexpr int kEven = 6;
  for (std::size_t c = 0; c < 3; ++c) {
    if (std::abs(picture.rgba[4 * pixel + c] - picture.rgba[c]) > kEven) return true;
  }
  return false;
}

}  // namespace

Likeness likeness(const gpu::Picture& a, const gpu::Picture& b) {
  std::size_t common = 0, either = 0;
  double light_a = 0.0, light_b = 0.0, apart = 0.0;
  const std::size_t pixels = std::size_t{a.width} * a.height;
  for (std::size_t i = 0; i < pixels; ++i) {
    const bool in_a = shows(a, i), in_b = shows(b, i);
    either += in_a || in_b;
    common += in_a && in_b;
    if (!in_a || !in_b) continue;
    for (std::size_t c = 0; c < 3; ++c) {
      light_a += linear(a.rgba[4 * i + c]);
      light_b += linear(b.rgba[4 * i + c]);
    }
  }
  if (either == 0) return {};
  const double gain = light_b > 0.0 ? light_a / light_b : 1.0;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (!shows(a, i) && !shows(b, i)) continue;
    for (std::size_t c = 0; c < 3; ++c) apart += std::abs(a.rgba[4 * i + c] - encoded(gain * linear(b.rgba[4 * i + c]))) / 3.0;
  }
  return {static_cast<double>(common) / static_cast<double>(either), apart / static_cast<double>(either)};
}

AssetFigures measure_asset(gpu::Device& device, const std::filesystem::path& file, const AssetWish& wish) {
  const auto bytes = read_file(file);
  auto loaded = film::load_gltf(bytes, file.stem().string());
  if (!loaded) throw std::runtime_error(loaded.error().text());
  const auto model = std::make_shared<const film::Model>(std::move(*loaded));
  film::Pose at_rest;
  film::evaluate(*model, {}, film::kNone, at_rest);
  const Ball ball = ball_of(*model, at_rest);
  const float away = 0.8f * ball.radius / std::sin(kHalfHigh_rad);
  PeerView view{wish.width, wish.height, wish.samples, ball.center + glm::normalize(kFrom) * away, ball.center, kHalfHigh_rad, 0.02f * away, 10.0f * away,
                glm::normalize(kSunTowards), kSunLight, kSurround};

  AssetFigures figures;
  figures.name = file.stem().string();
  Ours mono(device, model, view, 0.0f, 1), both(device, model, view, 0.02f * away, 2);
  const auto filament = FilamentPeer::create(bytes, view, figures.no_filament);
  const auto timed = [](std::vector<double>& into, bool counts, const auto& one) {
    const double ms = one();
    if (counts) into.push_back(ms);
  };
  const auto filament_ms = [&](double clip_s) {
    const double began = steady_ms();
    filament->draw(clip_s);
    return steady_ms() - began;
  };
  const double began = steady_ms();
  // The first round warms up: pipelines are made, memory is touched.
  for (int done = -kBlock; done < wish.frames && (done <= 0 || steady_ms() - began < wish.longest_s * 1e3); done += kBlock) {
    for (int who = 0; who < (filament ? 4 : 2); ++who) {
      if (filament) filament->finished(who != 3);
      for (int i = -1; i < kBlock; ++i) {
        const double clip_s = (done + i + kBlock + 1) * kFrame_s;
        const bool counts = done >= 0 && i >= 0;
        if (who == 0) timed(figures.mono_ms, counts, [&] { return mono.time(clip_s); });
        if (who == 1) timed(figures.both_ms, counts, [&] { return both.time(clip_s); });
        if (who == 2) timed(figures.filament_ms, counts, [&] { return filament_ms(clip_s); });
        if (who == 3) timed(figures.filament_bare_ms, counts, [&] { return filament_ms(clip_s); });
      }
    }
  }
  if (!filament) return figures;
  filament->finished(true);
  const gpu::Picture mine = both.picture(kCompared_s, view), theirs = filament->picture(kCompared_s);
  figures.likeness = likeness(mine, theirs);
  if (wish.pictures.empty()) return figures;
  std::filesystem::create_directories(wish.pictures);
  for (const auto& [picture, whose] : {std::pair{&mine, "ours"}, {&theirs, "filament"}}) {
    const auto written = gpu::write_png(*picture, (wish.pictures / (figures.name + "-" + whose + ".png")).string());
    if (!written) throw std::runtime_error(written.error().text());
  }
  return figures;
}

}  // namespace promenade::bench
