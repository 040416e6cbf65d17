#pragma once
// The patterns of printed AprilTags, from libapriltag; its home. Pure values out; no files, no threads of its own.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace promenade::marks {

// tag36h11 is what headsets' runtimes find (XR_ML_marker_understanding among them); tagStandard41h12 has more ids.
enum class TagFamily : std::uint8_t { tag36h11, tagStandard41h12 };
std::optional<TagFamily> tag_family(std::string_view name);
std::string_view to_string(TagFamily family);
int tag_count(TagFamily family);               // ids go from 0 to this, less one

struct TagPattern {
  int cells = 0;                               // along one side, white rim or outer ring of data included
  int edge_cells = 0;                          // of these, along the edge whose length is the tag's size
  std::vector<bool> black;                     // cells * cells, rows from the top
};
// `id` from 0 to tag_count less one, asserted.
TagPattern tag_pattern(TagFamily family, int id);

}  // namespace promenade::marks
