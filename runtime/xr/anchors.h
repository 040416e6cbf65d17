#pragma once
// Spatial anchors of the runtime (XR_MSFT_spatial_anchor) at places of the room: how far the room has slid along them.
// Private to runtime/xr; frame thread; metres. Anchors that the runtime refuses to set or cannot locate say nothing;
// results go to Life only where they tell of a loss.

#include <optional>
#include <span>
#include <vector>

#include <glm/ext/vector_float3.hpp>

#include "runtime/xr/instance.h"

namespace promenade::xr {

class Anchors {
 public:
  Anchors(const Instance& instance, XrSession session) : instance_(instance), session_(session) {}
  ~Anchors() { clear(); }
  Anchors(const Anchors&) = delete;
  Anchors& operator=(const Anchors&) = delete;

  XrResult set(XrSpace room, XrTime time, std::span<const glm::vec3> places);  // in place of those that there were
  // The farthest that one of them now lies from where it was set, on the floor. Empty: none is located.
  XrResult slid(XrSpace room, XrTime time, std::optional<double>& metres) const;
  std::size_t count() const { return anchors_.size(); }

 private:
  struct Anchor { XrSpatialAnchorMSFT handle; XrSpace space; glm::vec3 set_at; };
  void clear();

  const Instance& instance_;
  XrSession session_;
  std::vector<Anchor> anchors_;
};

}  // namespace promenade::xr
