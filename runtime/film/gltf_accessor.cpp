#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "runtime/film/gltf_parts.h"
#include "tracking/base/formatted.h"

namespace promenade::film {
namespace {

// Sizes and types of one element.
unsigned component_size(int type) {
  switch (type) {
    case TINYGLTF_COMPONENT_TYPE_BYTE:
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: return 1;
    case TINYGLTF_COMPONENT_TYPE_SHORT:
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: return 2;
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
    case TINYGLTF_COMPONENT_TYPE_FLOAT: return 4;
    default: return 0;
  }
}

unsigned components_of(int type) {
  switch (type) {
    case TINYGLTF_TYPE_SCALAR: return 1;
    case TINYGLTF_TYPE_VEC2: return 2;
    case TINYGLTF_TYPE_VEC3: return 3;
    case TINYGLTF_TYPE_VEC4: return 4;
    case TINYGLTF_TYPE_MAT4: return 16;
    default: return 0;
  }
}

template <class T>
T load(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

float as_float(const std::uint8_t* at, int type, bool normalized) {
  switch (type) {
    case TINYGLTF_COMPONENT_TYPE_BYTE: {
      const float v = load<std::int8_t>(at);
      return normalized ? std::max(v / 127.0f, -1.0f) : v;
    }
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: return normalized ? *at / 255.0f : *at;
    case TINYGLTF_COMPONENT_TYPE_SHORT: {
      const float v = load<std::int16_t>(at);
      return normalized ? std::max(v / 32767.0f, -1.0f) : v;
    }
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: {
      const float v = load<std::uint16_t>(at);
      return normalized ? v / 65535.0f : v;
    }
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT: return static_cast<float>(load<std::uint32_t>(at));
    default: return load<float>(at);
  }
}

std::uint32_t as_integer(const std::uint8_t* at, int type) {
  switch (type) {
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE: return *at;
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT: return load<std::uint16_t>(at);
    default: return load<std::uint32_t>(at);
  }
}

}  // namespace

std::size_t Source::count(int accessor) const {
  return accessor >= 0 && static_cast<std::size_t>(accessor) < document_.accessors.size() ? document_.accessors[static_cast<std::size_t>(accessor)].count : 0;
}

bool Source::is_float(int accessor) const {
  return count(accessor) > 0 && document_.accessors[static_cast<std::size_t>(accessor)].componentType == TINYGLTF_COMPONENT_TYPE_FLOAT;
}

base::ByteView Source::part(std::int64_t buffer, std::uint64_t offset, std::uint64_t size, std::string_view what) {
  if (!index(buffer, buffers_.size(), "buffer")) return {};
  const auto& bytes = buffers_[static_cast<std::size_t>(buffer)];
  if (!bytes) {
    malformed(base::formatted("buffer {} is not in the file", buffer));
    return {};
  }
  if (offset > bytes->size() || size > bytes->size() - offset) {
    malformed(base::formatted("{} goes on beyond the end of buffer {}", what, buffer));
    return {};
  }
  return bytes->subspan(offset, size);
}

Source::ViewBytes Source::view(int view_index) {
  if (!ok() || !index(view_index, document_.bufferViews.size(), "buffer view")) return {};
  const tinygltf::BufferView& v = document_.bufferViews[static_cast<std::size_t>(view_index)];
  const auto packed = v.extensions.find("EXT_meshopt_compression");
  if (packed == v.extensions.end()) {
    return {part(v.buffer, v.byteOffset, v.byteLength, base::formatted("buffer view {}", view_index)), v.byteStride};
  }
  auto done = unpacked_.find(view_index);
  if (done == unpacked_.end()) done = unpacked_.emplace(view_index, unpack(packed->second, view_index)).first;
  if (!ok()) return {};
  return {done->second, static_cast<std::size_t>(whole_of(packed->second, "byteStride", 0))};
}

base::Bytes Source::unpack(const tinygltf::Value& packed, int view_index) {
  const auto text = [&](const char* key, const char* otherwise) {
    const tinygltf::Value* value = member(packed, key);
    return value && value->IsString() ? value->Get<std::string>() : std::string(otherwise);
  };
  const std::string mode = text("mode", ""), filter = text("filter", "NONE");
  const std::int64_t elements = whole_of(packed, "count", 0), stride = whole_of(packed, "byteStride", 0);
  const std::int64_t offset = whole_of(packed, "byteOffset", 0), size = whole_of(packed, "byteLength", -1);
  const bool vertices = mode == "ATTRIBUTES";
  // What meshoptimizer asks of its callers.
  const bool shape = vertices ? stride > 0 && stride <= 256 && stride % 4 == 0
                              : (stride == 2 || stride == 4) && (mode == "INDICES" || (mode == "TRIANGLES" && elements % 3 == 0));
  const bool filtered = filter == "NONE" || (filter == "OCTAHEDRAL" && vertices && (stride == 4 || stride == 8)) ||
                        (filter == "QUATERNION" && vertices && stride == 8) || (filter == "EXPONENTIAL" && vertices);
  if (!shape || !filtered || elements <= 0 || elements >= (1 << 28) || offset < 0 || size <= 0) {
    malformed(base::formatted("the compression of buffer view {} makes no sense", view_index));
    return {};
  }
  const base::ByteView in = part(whole_of(packed, "buffer", -1), static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(size),
                                 base::formatted("buffer view {}", view_index));
  const auto n = static_cast<std::size_t>(elements), step = static_cast<std::size_t>(stride);
  if (!ok() || !take(&LoadLimits::unpacked_bytes, n * step, "packed buffers")) return {};
  base::Bytes out(n * step);
  const int failed = vertices              ? meshopt_decodeVertexBuffer(out.data(), n, step, in.data(), in.size())
                     : mode == "TRIANGLES" ? meshopt_decodeIndexBuffer(out.data(), n, step, in.data(), in.size())
                                           : meshopt_decodeIndexSequence(out.data(), n, step, in.data(), in.size());
  if (failed != 0) {
    malformed(base::formatted("buffer view {} cannot be unpacked", view_index));
    return {};
  }
  if (filter == "OCTAHEDRAL") meshopt_decodeFilterOct(out.data(), n, step);
  if (filter == "QUATERNION") meshopt_decodeFilterQuat(out.data(), n, step);
  if (filter == "EXPONENTIAL") meshopt_decodeFilterExp(out.data(), n, step);
  return out;
}

std::optional<Source::ViewBytes> Source::view_from(int view_index, std::size_t offset, const std::string& name) {
  ViewBytes v = view(view_index);
  if (!ok()) return std::nullopt;
  if (offset > v.bytes.size()) {
    malformed(base::formatted("{} begins beyond its buffer view", name));
    return std::nullopt;
  }
  v.bytes = v.bytes.subspan(offset);
  return v;
}

// Writes `count` elements to the places of `out` that `place` names.
template <class T, class Place>
void Source::convert(const ViewBytes& from, std::size_t count, const tinygltf::Accessor& accessor, const std::string& name, Place place,
                     std::vector<T>& out) {
  const std::size_t one = component_size(accessor.componentType), components = components_of(accessor.type);
  const std::size_t element = one * components, stride = from.stride ? from.stride : element;
  if (count == 0) return;
  if (stride < element || from.bytes.size() < element || (count - 1) > (from.bytes.size() - element) / stride) {
    return malformed(base::formatted("{} goes on beyond its buffer view", name));
  }
  for (std::size_t i = 0; i < count; ++i) {
    T* to = &out[place(i) * components];
    for (std::size_t c = 0; c < components; ++c) {
      const std::uint8_t* at = from.bytes.data() + i * stride + c * one;
      if constexpr (std::is_same_v<T, float>) to[c] = as_float(at, accessor.componentType, accessor.normalized);
      else to[c] = as_integer(at, accessor.componentType);
    }
  }
}

template <class T>
void Source::read_sparse(const tinygltf::Accessor& accessor, const std::string& name, std::vector<T>& out) {
  const auto& sparse = accessor.sparse;
  const int type = sparse.indices.componentType;
  const std::size_t index_size = type == TINYGLTF_COMPONENT_TYPE_FLOAT ? 0 : component_size(type);
  const auto where = view_from(sparse.indices.bufferView, sparse.indices.byteOffset, name);
  auto values = where ? view_from(sparse.values.bufferView, sparse.values.byteOffset, name) : std::nullopt;
  if (!values) return;
  const auto count = static_cast<std::size_t>(std::max(sparse.count, 0));
  if (count > accessor.count || index_size == 0 || count > where->bytes.size() / index_size) {
    return malformed(base::formatted("{} has more sparse values than places", name));
  }
  const auto place = [&](std::size_t i) { return static_cast<std::size_t>(as_integer(where->bytes.data() + i * index_size, type)); };
  for (std::size_t i = 0; i < count; ++i) {
    if (place(i) >= accessor.count) return malformed(base::formatted("{} has a sparse value out of place", name));
  }
  values->stride = 0;
  convert(*values, count, accessor, name, place, out);
}

template <class T>
std::vector<T> Source::read(int accessor_index, unsigned components, std::string_view what) {
  constexpr bool kFloat = std::is_same_v<T, float>;
  if (!ok() || !index(accessor_index, document_.accessors.size(), "accessor")) return {};
  const tinygltf::Accessor& accessor = document_.accessors[static_cast<std::size_t>(accessor_index)];
  const std::string name = base::formatted("accessor {}, {},", accessor_index, what);
  const int type = accessor.componentType;
  const bool type_fits = kFloat ? component_size(type) > 0
                                : type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE || type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT ||
                                      type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
  if (components_of(accessor.type) != components || !type_fits || (components == 16 && component_size(type) != 4)) {
    malformed(base::formatted("{} has an unexpected type", name));
    return {};
  }
  if (accessor.count > (1u << 28) || !take(&LoadLimits::numbers, accessor.count * components, what)) {
    fail("gltf-too-large", base::formatted("it holds too much: {}", what), "Make the asset smaller.");
    return {};
  }
  std::vector<T> out(accessor.count * components);
  if (accessor.bufferView >= 0) {
    const auto from = view_from(accessor.bufferView, accessor.byteOffset, name);
    if (from) convert(*from, accessor.count, accessor, name, [](std::size_t i) { return i; }, out);
  }
  if (ok() && accessor.sparse.isSparse) read_sparse(accessor, name, out);
  if constexpr (kFloat) {
    if (!std::ranges::all_of(out, [](float v) { return std::isfinite(v); })) malformed(base::formatted("{} holds what is not a number", name));
  }
  if (!ok()) out.clear();
  return out;
}

std::vector<float> Source::floats(int accessor, unsigned components, std::string_view what) {
  return read<float>(accessor, components, what);
}

std::vector<std::uint32_t> Source::integers(int accessor, unsigned components, std::string_view what) {
  return read<std::uint32_t>(accessor, components, what);
}

}  // namespace promenade::film
