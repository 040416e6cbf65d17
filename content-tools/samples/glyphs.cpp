#include "content-tools/samples/glyphs.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "content-tools/samples/ffmpeg.h"
#include "tracking/base/formatted.h"

namespace promenade::samples {

float Glyphs::ink(float u, float v) const {
  const int width = columns * cell, height = rows * cell;
  if (grey.empty()) return 0.0f;
  const float fx = u * static_cast<float>(cell) - 0.5f, fy = v * static_cast<float>(cell) - 0.5f;
  const int x = static_cast<int>(std::floor(fx)), y = static_cast<int>(std::floor(fy));
  if (y < 0 || y + 1 >= height) return 0.0f;
  const auto at = [&](int column, int row) {
    return static_cast<float>(grey[static_cast<std::size_t>(row * width + ((column % width) + width) % width)]) / 255.0f;
  };
  const float tx = fx - static_cast<float>(x), ty = fy - static_cast<float>(y);
  return (at(x, y) * (1.0f - tx) + at(x + 1, y) * tx) * (1.0f - ty) + (at(x, y + 1) * (1.0f - tx) + at(x + 1, y + 1) * tx) * ty;
}

Glyphs draw_glyphs(const std::vector<std::string>& lines, int cell) {
  Glyphs out;
  out.cell = cell;
  out.rows = static_cast<int>(lines.size());
  out.columns = static_cast<int>(lines[0].size() / 3);  // these characters have three bytes each
  const auto path = std::filesystem::temp_directory_path() / base::formatted("promenade-glyphs-{}-{}x{}", ::getpid(), out.columns, out.rows);
  std::string filters;
  for (int i = 0; i < out.rows; ++i) {
    filters += base::formatted("{}drawtext=font=Noto Serif CJK SC:fontsize={}:fontcolor=white:x=0:y_align=baseline:y={}:text={}", i == 0 ? "" : ",", cell,
                           i * cell + cell * 87 / 100, lines[static_cast<std::size_t>(i)]);
  }
  auto ffmpeg = Ffmpeg::start({"-f", "lavfi", "-i", base::formatted("color=black:s={}x{}:r=1", out.columns * cell, out.rows * cell), "-vf", filters, "-frames:v", "1",
                               "-f", "rawvideo", "-pix_fmt", "gray", path.string()});
  if (ffmpeg && ffmpeg->finish()) {
    std::ifstream file(path, std::ios::binary);
    out.grey.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (out.grey.size() != static_cast<std::size_t>(out.columns * out.rows * cell * cell)) out.grey.clear();
  return out;
}

}  // namespace promenade::samples
