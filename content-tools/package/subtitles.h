#pragma once
// Subtitle files as authors make them: SubRip (.srt) and WebVTT (.vtt), told apart by VTT's first line.
// Times in a file are film time: where the picture would be if nobody was ever held. `place_subtitles` turns them
// into times of scenes, so that a line comes with its scene however long the viewer took to get there. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "content-tools/package/manifest.h"

namespace promenade::package {

struct TimedText {
  int line = 0;  // in the file, 1-based, of its time
  double start_s = 0.0;
  double end_s = 0.0;
  std::string text;  // UTF-8, lines joined by '\n', without formatting tags
};

struct SubtitleFile {
  std::vector<TimedText> texts;
  base::Findings findings;
};

// Findings: subtitle-encoding, subtitle-time, subtitle-empty, subtitle-order, subtitle-too-long, subtitle-none.
SubtitleFile parse_subtitles(std::string_view text, const std::string& file);

// When scene i begins, in seconds of film time; one more entry for the film's end. {0, length_s} for a seated film. In a film
// with choices as if all scenes were seen in the order of the list, each with the longest walk that may follow it.
std::vector<double> scene_starts_s(const Manifest& manifest);

// Adds to `findings` (with the file's lines): subtitle-crosses-scene, subtitle-beyond-end, and as a warning
// subtitle-scene-silent for a scene without any line.
SubtitleTrack place_subtitles(const Manifest& manifest, const std::string& language, const SubtitleFile& subtitles,
                              const std::string& file, base::Findings& findings);

}  // namespace promenade::package
