#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <format>

#include "runtime/film/gltf_parts.h"

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
    malformed(std::format("buffer {} is not in the file", buffer));
    return {};
  }
  if (offset > bytes->size() || size > bytes->size() - offset) {
    malformed(std::format("{} goes on beyond the end of buffer {}", what, buffer));
    return {};
  }
  return bytes->subspan(offset, size);
}

Source::ViewBytes Source::view(int view_index) {
  if (!ok() || !index(view_index, document_.bufferViews.size(), "buffer view")) return {};
  const tinygltf::BufferView& v = document_.bufferViews[static_cast<std::size_t>(view_index)];
  const auto packed = v.extensions.find("EXT_meshopt_compression");
  if (packed == v.extensions.end()) {
    return {part(v.buffer, v.byteOffset, v.byteLength, std::format("buffer view {}", view_index)), v.byteStride};
  }
  const std::size_t stride = static_cast<std::size_t>(std::clamp<std::int64_t>(whole_of(packed->second, "byteStride", 0), 0, 256));
  auto done = unpacked_.find(view_index);
  if (done == unpacked_.end()) {
    const std::int64_t elements = whole_of(packed->second, "count", 0);
    const std::int64_t offset = whole_of(packed->second, "byteOffset", 0);
    const std::int64_t size = whole_of(packed->second, "byteLength", -1);
    const tinygltf::Value* mode_value = member(packed->second, "mode");
    const tinygltf::Value* filter_value = member(packed->second, "filter");
    const std::string mode = mode_value && mode_value->IsString() ? mode_value->Get<std::string>() : "";
    const std::string filter = filter_value && filter_value->IsString() ? filter_value->Get<std::string>() : "NONE";
    const bool vertices = mode == "ATTRIBUTES";
    const bool sound = elements > 0 && elements < (1 << 28) && offset >= 0 && size > 0 &&
                       (vertices ? stride > 0 && stride % 4 == 0
                                 : (stride == 2 || stride == 4) && (mode == "INDICES" || (mode == "TRIANGLES" && elements % 3 == 0))) &&
                       (filter == "NONE" || (filter == "OCTAHEDRAL" && vertices && (stride == 4 || stride == 8)) ||
                        (filter == "QUATERNION" && vertices && stride == 8) || (filter == "EXPONENTIAL" && vertices));
    if (!sound) {
      malformed(std::format("the compression of buffer view {} makes no sense", view_index));
      return {};
    }
    const base::ByteView in = part(whole_of(packed->second, "buffer", -1), static_cast<std::uint64_t>(offset),
                                   static_cast<std::uint64_t>(size), std::format("buffer view {}", view_index));
    const auto n = static_cast<std::size_t>(elements);
    if (!ok() || !take(&LoadLimits::unpacked_bytes, n * stride, "packed buffers")) return {};
    base::Bytes out(n * stride);
    const int failed = vertices              ? meshopt_decodeVertexBuffer(out.data(), n, stride, in.data(), in.size())
                       : mode == "TRIANGLES" ? meshopt_decodeIndexBuffer(out.data(), n, stride, in.data(), in.size())
                                             : meshopt_decodeIndexSequence(out.data(), n, stride, in.data(), in.size());
    if (failed != 0) {
      malformed(std::format("buffer view {} cannot be unpacked", view_index));
      return {};
    }
    if (filter == "OCTAHEDRAL") meshopt_decodeFilterOct(out.data(), n, stride);
    if (filter == "QUATERNION") meshopt_decodeFilterQuat(out.data(), n, stride);
    if (filter == "EXPONENTIAL") meshopt_decodeFilterExp(out.data(), n, stride);
    done = unpacked_.emplace(view_index, std::move(out)).first;
  }
  return {done->second, stride};
}

template <class T>
std::vector<T> Source::read(int accessor_index, unsigned components, std::string_view what) {
  constexpr bool kFloat = std::is_same_v<T, float>;
  if (!ok() || !index(accessor_index, document_.accessors.size(), "accessor")) return {};
  const tinygltf::Accessor& accessor = document_.accessors[static_cast<std::size_t>(accessor_index)];
  const int type = accessor.componentType;
  const std::size_t one = component_size(type);
  const bool type_fits = kFloat ? one > 0
                                : type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE || type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT ||
                                      type == TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT;
  if (components_of(accessor.type) != components || !type_fits || (components == 16 && one != 4)) {
    malformed(std::format("accessor {}, {}, has an unexpected type", accessor_index, what));
    return {};
  }
  const std::size_t element = one * components;
  if (accessor.count > (1u << 28) || !take(&LoadLimits::numbers, accessor.count * components, what)) {
    fail("gltf-too-large", std::format("it holds too much: {}", what), "Make the asset smaller.");
    return {};
  }
  std::vector<T> out(accessor.count * components);
  // Writes `n` elements at `bytes` to places of `out` that `place` names.
  const auto convert = [&](base::ByteView bytes, std::size_t stride, std::size_t n, auto place) {
    if (n == 0) return;
    if (stride < element || bytes.size() < element || (n - 1) > (bytes.size() - element) / stride) {
      return malformed(std::format("accessor {}, {}, goes on beyond its buffer view", accessor_index, what));
    }
    for (std::size_t i = 0; i < n; ++i) {
      T* to = &out[place(i) * components];
      for (unsigned c = 0; c < components; ++c) {
        const std::uint8_t* at = bytes.data() + i * stride + c * one;
        if constexpr (kFloat) to[c] = as_float(at, type, accessor.normalized);
        else to[c] = as_integer(at, type);
      }
    }
  };
  const auto from_view = [&](int view_index, std::size_t offset) -> std::optional<ViewBytes> {
    ViewBytes v = view(view_index);
    if (!ok()) return std::nullopt;
    if (offset > v.bytes.size()) {
      malformed(std::format("accessor {}, {}, begins beyond its buffer view", accessor_index, what));
      return std::nullopt;
    }
    v.bytes = v.bytes.subspan(offset);
    return v;
  };
  if (accessor.bufferView >= 0) {
    const auto v = from_view(accessor.bufferView, accessor.byteOffset);
    if (v) convert(v->bytes, v->stride ? v->stride : element, accessor.count, [](std::size_t i) { return i; });
  }
  if (ok() && accessor.sparse.isSparse) {
    const auto& sparse = accessor.sparse;
    const std::size_t index_size = component_size(sparse.indices.componentType);
    const auto where = from_view(sparse.indices.bufferView, sparse.indices.byteOffset);
    const auto values = where ? from_view(sparse.values.bufferView, sparse.values.byteOffset) : std::nullopt;
    if (!values) return {};
    const auto n = static_cast<std::size_t>(std::max(sparse.count, 0));
    if (n > accessor.count || index_size == 0 || sparse.indices.componentType == TINYGLTF_COMPONENT_TYPE_FLOAT ||
        n > where->bytes.size() / index_size) {
      malformed(std::format("accessor {}, {}, has more sparse values than places", accessor_index, what));
      return {};
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (as_integer(where->bytes.data() + i * index_size, sparse.indices.componentType) >= accessor.count) {
        malformed(std::format("accessor {}, {}, has a sparse value out of place", accessor_index, what));
        return {};
      }
    }
    convert(values->bytes, element, n, [&](std::size_t i) {
      return static_cast<std::size_t>(as_integer(where->bytes.data() + i * index_size, sparse.indices.componentType));
    });
  }
  if constexpr (kFloat) {
    if (!std::ranges::all_of(out, [](float v) { return std::isfinite(v); })) {
      malformed(std::format("accessor {}, {}, holds what is not a number", accessor_index, what));
    }
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
