#include "showcontrol/marks/apriltag.h"

#include <apriltag/apriltag.h>
#include <apriltag/tag36h11.h>
#include <apriltag/tagStandard41h12.h>

#include <cstdlib>
#include <memory>

#include "tracking/base/assert.h"

namespace promenade::marks {
namespace {

using Made = std::unique_ptr<apriltag_family_t, void (*)(apriltag_family_t*)>;

Made make(TagFamily family) {
  Made made = family == TagFamily::tag36h11 ? Made(tag36h11_create(), tag36h11_destroy)
                                            : Made(tagStandard41h12_create(), tagStandard41h12_destroy);
  PROMENADE_ASSERT(made != nullptr);
  return made;
}

}  // namespace

std::optional<TagFamily> tag_family(std::string_view name) {
  for (const TagFamily family : {TagFamily::tag36h11, TagFamily::tagStandard41h12}) {
    if (name == to_string(family)) return family;
  }
  return std::nullopt;
}

std::string_view to_string(TagFamily family) {
  return family == TagFamily::tag36h11 ? "tag36h11" : "tagStandard41h12";
}

int tag_count(TagFamily family) { return static_cast<int>(make(family)->ncodes); }

TagPattern tag_pattern(TagFamily family, int id) {
  const Made made = make(family);
  PROMENADE_ASSERT(id >= 0 && id < static_cast<int>(made->ncodes));
  // The library does not export the function that frees what this one made, with calloc.
  const auto free_image = [](image_u8_t* one) {
    std::free(one->buf);
    std::free(one);
  };
  const std::unique_ptr<image_u8_t, decltype(free_image)> image(apriltag_to_image(made.get(), static_cast<std::uint32_t>(id)), free_image);
  PROMENADE_ASSERT(image != nullptr && image->width == image->height);
  TagPattern pattern;
  pattern.cells = image->width;
  pattern.edge_cells = made->width_at_border;
  for (int y = 0; y < pattern.cells; ++y) {
    for (int x = 0; x < pattern.cells; ++x) pattern.black.push_back(image->buf[y * image->stride + x] < 128);
  }
  return pattern;
}

}  // namespace promenade::marks
