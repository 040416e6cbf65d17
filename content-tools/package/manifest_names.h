#pragma once
// How the manifest's choices are spelt in JSON and in film.toml. For the files of this folder alone.

#include <initializer_list>
#include <string_view>
#include <utility>

#include "content-tools/package/manifest.h"

namespace promenade::package {

template <class E>
using Names = std::initializer_list<std::pair<E, std::string_view>>;

inline constexpr Names<FilmKind> kKinds = {{FilmKind::walking, "walking"}, {FilmKind::seated, "seated"}};
inline constexpr Names<Comfort> kComforts = {
    {Comfort::calm, "calm"}, {Comfort::moderate, "moderate"}, {Comfort::intense, "intense"}};
inline constexpr Names<AiContent> kAiContents = {
    {AiContent::none, "none"}, {AiContent::assisted, "assisted"}, {AiContent::generated, "generated"}};
inline constexpr Names<SeatKind> kSeats = {{SeatKind::swivel_chair, "swivel_chair"}, {SeatKind::fixed_chair, "fixed_chair"}};
inline constexpr Names<TrackKind> kTracks = {{TrackKind::world, "world"},
                                      {TrackKind::video, "video"},
                                      {TrackKind::audio, "audio"},
                                      {TrackKind::described_audio, "described_audio"},
                                      {TrackKind::sign_language, "sign_language"},
                                      {TrackKind::poster, "poster"}};

inline constexpr Names<VideoLayout> kLayouts = {{VideoLayout::mono, "mono"},
                                         {VideoLayout::top_bottom, "top-bottom"},
                                         {VideoLayout::side_by_side, "side-by-side"}};

template <class E>
std::string_view name_of(Names<E> names, E value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "unknown";
}

}  // namespace promenade::package
