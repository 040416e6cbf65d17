#pragma once
// A film as its maker writes it: a folder with `film.toml`, subtitle files and media files. `read_film_toml` is
// pure; `load_film_source` reads the folder. Findings name file, line and key. The keys of film.toml are those of
// the manifest; scenes, cues and tracks are named, not numbered.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "content-tools/package/package.h"

namespace promenade::package {

struct SubtitleReference {
  std::string language;
  std::string path;
  int line = 0;  // in film.toml
};

struct MediaReference {
  std::string path;
  StoryTime needed_by;
  int line = 0;
};

struct FilmToml {
  Manifest manifest;  // the story; no subtitles, chunks, files
  std::vector<SubtitleReference> subtitles;
  std::vector<MediaReference> media;  // files of tracks and sounds, each once, and their first use
  base::Findings findings;
};

FilmToml read_film_toml(std::string_view text, const std::string& file);

// A folder ready to be packed. Its findings hold everything wrong with it; with errors it must not be packed.
struct FilmSource {
  struct File {
    std::string path;
    StoryTime needed_by;
    std::unique_ptr<ByteSource> source;
  };
  Manifest manifest;
  std::vector<File> files;  // media, and the subtitle files as they are
  base::Findings findings;

  std::vector<InputFile> inputs() const;
};

// Fails only where the folder has no readable film.toml ("source-unreadable").
base::Result<FilmSource> load_film_source(const std::string& folder);

}  // namespace promenade::package
