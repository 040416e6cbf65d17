#include <algorithm>

#include "content-tools/package/package_file.h"
#include "content-tools/package/source.h"
#include "content-tools/package/subtitles.h"
#include "tracking/base/formatted.h"

namespace promenade::package {
namespace {

using base::Result;

constexpr std::uint64_t kMaxTextFile = 4u << 20;

Result<std::string> read_text(const std::string& path) {
  auto source = open_file_source(path);
  if (!source) return std::unexpected(source.error());
  if ((*source)->size() > kMaxTextFile) {
    return base::fail("file-too-large", base::formatted("{} has {} bytes.", path, (*source)->size()),
                      base::formatted("A text of a film has at most {}.", kMaxTextFile));
  }
  base::Bytes bytes((*source)->size());
  if (auto read = (*source)->read(0, bytes); !read) return std::unexpected(read.error());
  return std::string(base::as_text(bytes));
}

class Loader {
 public:
  explicit Loader(std::string folder) : folder_(std::move(folder)), toml_file_(folder_ + "/film.toml") {}

  Result<FilmSource> run() {
    auto text = read_text(toml_file_);
    if (!text) {
      return base::fail("source-unreadable", base::formatted("{} has no film to pack: {}", folder_, text.error().message),
                        "Give a folder with a film.toml.");
    }
    FilmToml toml = read_film_toml(*text, toml_file_);
    out_.manifest = std::move(toml.manifest);
    out_.findings = std::move(toml.findings);
    if (base::has_errors(out_.findings)) return std::move(out_);
    for (const SubtitleReference& reference : toml.subtitles) add_subtitles(reference);
    for (const MediaReference& reference : toml.media) add_file(reference.path, reference.needed_by, reference.line);
    if (!base::has_errors(out_.findings)) {
      base::Findings findings = check_story(out_.manifest, toml_file_);
      out_.findings.insert(out_.findings.end(), findings.begin(), findings.end());
    }
    return std::move(out_);
  }

 private:
  void add(int line, const base::Error& error) {
    out_.findings.push_back({base::Severity::error, error.code, toml_file_, line, "", error.message, error.advice});
  }

  void add_file(const std::string& path, const StoryTime& needed_by, int line) {
    if (std::ranges::find(out_.files, path, &FilmSource::File::path) != out_.files.end()) return;
    auto source = open_file_source(folder_ + "/" + path);
    if (!source) return add(line, source.error());
    out_.files.push_back({path, needed_by, std::move(*source)});
  }

  void add_subtitles(const SubtitleReference& reference) {
    const std::string path = folder_ + "/" + reference.path;
    auto text = read_text(path);
    if (!text) return add(reference.line, text.error());
    SubtitleFile file = parse_subtitles(*text, path);
    base::Findings& findings = out_.findings;
    findings.insert(findings.end(), file.findings.begin(), file.findings.end());
    out_.manifest.subtitles.push_back(place_subtitles(out_.manifest, reference.language, file, path, findings));
    // The author's file travels along, so that a package can be taken apart and packed again.
    add_file(reference.path, {}, reference.line);
  }

  std::string folder_;
  std::string toml_file_;
  FilmSource out_;
};

}  // namespace

std::vector<InputFile> FilmSource::inputs() const {
  std::vector<InputFile> out;
  for (const File& file : files) out.push_back({file.path, file.needed_by, file.source.get()});
  return out;
}

Result<FilmSource> load_film_source(const std::string& folder) { return Loader(folder).run(); }

}  // namespace promenade::package
