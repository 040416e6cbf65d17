#pragma once
// The inside of load_gltf, for the files gltf*.cpp alone: the parsed document with its bytes, and one function for each
// part of a Model. The one place that includes tinygltf, which turns JSON into structs and decodes pictures, no more:
// it sees neither buffers nor images, since its own checks of ranges are not to be relied on.
//
// An error is kept in the Source: the first one counts, `ok()` is false from then on, and readers give nothing more.

#include <tiny_gltf.h>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/film/gltf.h"

namespace promenade::film {

class Source {
 public:
  Source(std::string name, const LoadLimits& limits, base::Findings* findings);

  // Takes the container apart and reads the document; `bytes` must outlive the source.
  void open(base::ByteView bytes);

  const tinygltf::Model& document() const { return document_; }
  bool ok() const { return !error_; }
  const base::Error& error() const { return *error_; }
  void fail(std::string code, const std::string& message, std::string advice = {});
  void malformed(const std::string& message);
  void warn(std::string code, std::string key, std::string message, std::string expected);

  // True if `index` is one of `size`; else the asset is malformed.
  bool index(std::int64_t index, std::size_t size, std::string_view what);
  // Takes `amount` from one of the limits that are left.
  bool take(std::uint64_t LoadLimits::* limit, std::uint64_t amount, std::string_view what);

  // The numbers of an accessor with `components` to an element; normalised integers become -1..1 or 0..1. Empty where
  // something is wrong.
  std::vector<float> floats(int accessor, unsigned components, std::string_view what);
  std::vector<std::uint32_t> integers(int accessor, unsigned components, std::string_view what);
  std::size_t count(int accessor) const;  // elements; 0 where there is no such accessor
  bool is_float(int accessor) const;

  struct Picture {
    std::string name;
    base::ByteView bytes;  // empty: none to be had
    std::string why;       // and why
  };
  const std::vector<Picture>& pictures() const { return pictures_; }

 private:
  struct ViewBytes {
    base::ByteView bytes;
    std::size_t stride = 0;  // 0: packed
  };
  void open_document(base::ByteView text, std::optional<base::ByteView> binary);
  std::optional<base::ByteView> keep_inside(std::string_view uri);
  void parse(const std::string& text);
  ViewBytes view(int index);
  base::Bytes unpack(const tinygltf::Value& packed, int view_index);
  base::ByteView part(std::int64_t buffer, std::uint64_t offset, std::uint64_t size, std::string_view what);
  std::optional<ViewBytes> view_from(int view_index, std::size_t offset, const std::string& name);
  template <class T>
  std::vector<T> read(int accessor, unsigned components, std::string_view what);
  template <class T>
  void read_sparse(const tinygltf::Accessor& accessor, const std::string& name, std::vector<T>& out);
  template <class T, class Place>
  void convert(const ViewBytes& from, std::size_t count, const tinygltf::Accessor& accessor, const std::string& name, Place place,
               std::vector<T>& out);

  std::string name_;
  LoadLimits left_;
  base::Findings* findings_;
  std::optional<base::Error> error_;
  tinygltf::Model document_;
  std::deque<base::Bytes> inside_;  // data that stood in the document as text
  std::vector<std::optional<base::ByteView>> buffers_;
  std::vector<Picture> pictures_;
  std::map<int, base::Bytes> unpacked_;  // by view
};

// Fills images and materials; material 0 is glTF's own default, the document's follow it.
// Returns for each material which set of texture coordinates its textures use.
std::vector<int> read_materials(Source& source, Model& model);
void read_meshes(Source& source, const std::vector<int>& texture_sets, Model& model);
// Nodes in order of their parents, lights, skins, animations, sky.
void read_scene(Source& source, Model& model);
void read_animations(Source& source, const std::vector<std::uint32_t>& node_at, Model& model);
Sky read_sky(Source& source, const tinygltf::Value& value);

// Members of extension and extras objects; `otherwise` where they are missing or of another type.
const tinygltf::Value* member(const tinygltf::Value& object, const std::string& name);
double number_of(const tinygltf::Value& object, const std::string& name, double otherwise);
std::int64_t whole_of(const tinygltf::Value& object, const std::string& name, std::int64_t otherwise);
float finite(double value, float otherwise = 0.0f);

}  // namespace promenade::film
