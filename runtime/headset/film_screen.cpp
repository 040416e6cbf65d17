#include "runtime/headset/film_screen.h"

#include <numbers>
#include <utility>

#include <glm/gtc/quaternion.hpp>

namespace promenade::headset {
namespace {

gpu::StereoLayout layout_of(package::VideoLayout layout) {
  switch (layout) {
    case package::VideoLayout::top_bottom: return gpu::StereoLayout::top_bottom;
    case package::VideoLayout::side_by_side: return gpu::StereoLayout::side_by_side;
    default: return gpu::StereoLayout::mono;
  }
}

}  // namespace

void FilmScreen::attach(Surfaces& surfaces) {
  surfaces_ = &surfaces;
  upload();
}

void FilmScreen::detach() {
  surfaces_ = nullptr;
  world_ = 0;
  picture_ = 0;
  shown_.reset();
}

void FilmScreen::show(std::unique_ptr<LoadedFilm> film) {
  release();
  film_ = std::move(film);
  if (film_ && !film_->open) film_.reset();
  upload();
}

void FilmScreen::upload() {
  if (surfaces_ == nullptr || !film_) return;
  if (const auto world = film_->open->world()) world_ = surfaces_->upload(world);
  if (film_->video) picture_ = surfaces_->make_texture(gpu::TextureKind::yuv420, film_->video->width(), film_->video->height());
}

void FilmScreen::release() {
  if (surfaces_ != nullptr && world_ != 0) surfaces_->release_model(world_);
  if (surfaces_ != nullptr && picture_ != 0) surfaces_->release_texture(picture_);
  world_ = 0;
  picture_ = 0;
  shown_.reset();
}

bool FilmScreen::ready() const {
  if (surfaces_ == nullptr) return false;
  if (picture_ != 0) return shown_ != nullptr;
  return world_ != 0 && surfaces_->ready(world_);
}

FilmPicture FilmScreen::at(const film::Moment& moment, double play_s, const glm::mat4& stage_from_film) {
  if (surfaces_ == nullptr || !film_) return {};
  return film_->video ? video_at(moment.time_s, stage_from_film) : world_at(moment, play_s, stage_from_film);
}

FilmPicture FilmScreen::world_at(const film::Moment& moment, double play_s, const glm::mat4& stage_from_film) {
  if (world_ == 0 || !surfaces_->ready(world_)) return {};
  const film::Model& model = *film_->open->world();
  const package::Manifest& manifest = film_->open->manifest();
  const package::StoryTime story = film::story_time(manifest, moment);
  const std::string& scene = manifest.route->scenes[story.scene].name;
  film::evaluate(model, film::clips_at(model, scene, story.time_s, play_s), story.scene, pose_);
  return {world_, &pose_, &model.sky, stage_from_film, std::nullopt};
}

FilmPicture FilmScreen::video_at(double play_s, const glm::mat4& stage_from_film) {
  const auto frame = film_->video->frame_at(play_s);
  if (frame && frame != shown_) {
    surfaces_->update(picture_, frame->yuv);
    shown_ = frame;
  }
  if (!shown_) return {};
  FilmPicture picture;
  const package::Video video = film_->open->manifest().video.value_or(package::Video{});
  const glm::quat orientation = glm::normalize(glm::quat_cast(glm::mat3(stage_from_film)));
  picture.dome = gpu::Dome{picture_, orientation, layout_of(video.layout), static_cast<float>(video.span_deg) * std::numbers::pi_v<float> / 180.0f, 1.0f};
  return picture;
}

std::uint64_t FilmScreen::stalls() const { return film_ && film_->video ? film_->video->stalls() : 0; }

}  // namespace promenade::headset
