#include "runtime/xr/see_through.h"

#include <algorithm>
#include <utility>

namespace promenade::xr {

std::string_view to_string(Passthrough way) {
  switch (way) {
    case Passthrough::none: break;
    case Passthrough::alpha_blend: return "alpha_blend";
    case Passthrough::fb_layer: return "fb_layer";
    case Passthrough::htc_layer: return "htc_layer";
    case Passthrough::additive: return "additive";
  }
  return "none";
}

SeeThrough::SeeThrough(const Instance& instance, XrSession session, const std::vector<Passthrough>& ways) : instance_(instance), session_(session) {
  for (const Passthrough way : ways) ways_.push_back({way, true});
  if (std::ranges::contains(ways_, Passthrough::fb_layer, &Way::what) && !make_fb()) lose(Passthrough::fb_layer);
}

SeeThrough::~SeeThrough() {
  end_fb();
  if (htc_ != XR_NULL_HANDLE) instance_.call().destroy_passthrough_htc(htc_);
}

bool SeeThrough::make_fb() {
  const Functions& call = instance_.call();
  const auto info = typed<XrPassthroughCreateInfoFB>(XR_TYPE_PASSTHROUGH_CREATE_INFO_FB);  // at rest
  if (XR_FAILED(call.create_passthrough_fb(session_, &info, &fb_))) {
    fb_ = XR_NULL_HANDLE;
    return false;
  }
  auto layer = typed<XrPassthroughLayerCreateInfoFB>(XR_TYPE_PASSTHROUGH_LAYER_CREATE_INFO_FB);
  layer.passthrough = fb_;
  layer.flags = XR_PASSTHROUGH_IS_RUNNING_AT_CREATION_BIT_FB;  // shown as soon as the feature runs
  layer.purpose = XR_PASSTHROUGH_LAYER_PURPOSE_RECONSTRUCTION_FB;
  if (XR_FAILED(call.create_passthrough_layer_fb(session_, &layer, &fb_layer_))) {
    fb_layer_ = XR_NULL_HANDLE;
    end_fb();
    return false;
  }
  return true;
}

void SeeThrough::end_fb() {
  if (fb_layer_ != XR_NULL_HANDLE) instance_.call().destroy_passthrough_layer_fb(std::exchange(fb_layer_, XR_NULL_HANDLE));
  if (fb_ != XR_NULL_HANDLE) instance_.call().destroy_passthrough_fb(std::exchange(fb_, XR_NULL_HANDLE));
  running_ = false;
}

void SeeThrough::lose(Passthrough what) {
  std::erase_if(ways_, [&](const Way& way) { return way.what == what; });
  if (what == Passthrough::fb_layer) end_fb();
}

Passthrough SeeThrough::way() const {
  const auto found = std::ranges::find(ways_, true, &Way::works);
  return found == ways_.end() ? Passthrough::none : found->what;
}

void SeeThrough::warm(bool wanted) {
  warm_ = wanted;
  const Functions& call = instance_.call();
  const Passthrough now = way();
  const bool fb = wanted && now == Passthrough::fb_layer, htc = wanted && now == Passthrough::htc_layer;
  if (fb != running_ && fb_ != XR_NULL_HANDLE) {
    const XrResult result = fb ? call.passthrough_start_fb(fb_) : call.passthrough_pause_fb(fb_);
    running_ = fb;
    if (XR_FAILED(result)) {
      lose(Passthrough::fb_layer);
      if (fb) return warm(true);  // the next way
    }
  }
  if (htc == (htc_ != XR_NULL_HANDLE)) return;
  if (!htc) {
    call.destroy_passthrough_htc(std::exchange(htc_, XR_NULL_HANDLE));
    return;
  }
  auto info = typed<XrPassthroughCreateInfoHTC>(XR_TYPE_PASSTHROUGH_CREATE_INFO_HTC);
  info.form = XR_PASSTHROUGH_FORM_PLANAR_HTC;
  if (XR_FAILED(call.create_passthrough_htc(session_, &info, &htc_))) {
    htc_ = XR_NULL_HANDLE;
    lose(Passthrough::htc_layer);
  }
}

XrEnvironmentBlendMode SeeThrough::blend(XrEnvironmentBlendMode otherwise) const {
  switch (way()) {
    case Passthrough::alpha_blend: return XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND;
    case Passthrough::additive: return XR_ENVIRONMENT_BLEND_MODE_ADDITIVE;
    default: return otherwise;
  }
}

const XrCompositionLayerBaseHeader* SeeThrough::layer(XrSpace space) {
  if (!warm_) warm(true);
  switch (way()) {
    case Passthrough::fb_layer:
      fb_shown_ = typed<XrCompositionLayerPassthroughFB>(XR_TYPE_COMPOSITION_LAYER_PASSTHROUGH_FB);
      fb_shown_.flags = XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT;
      fb_shown_.layerHandle = fb_layer_;  // its space must be null
      return reinterpret_cast<const XrCompositionLayerBaseHeader*>(&fb_shown_);
    case Passthrough::htc_layer:
      htc_shown_ = typed<XrCompositionLayerPassthroughHTC>(XR_TYPE_COMPOSITION_LAYER_PASSTHROUGH_HTC);
      htc_shown_.space = space;
      htc_shown_.passthrough = htc_;
      htc_shown_.color = {XR_TYPE_PASSTHROUGH_COLOR_HTC, nullptr, 1.0f};
      return reinterpret_cast<const XrCompositionLayerBaseHeader*>(&htc_shown_);
    default: return nullptr;
  }
}

void SeeThrough::give_up() {
  lose(way());
  warm(warm_);
}

void SeeThrough::state_changed(XrPassthroughStateChangedFlagsFB flags) {
  if (flags & XR_PASSTHROUGH_STATE_CHANGED_NON_RECOVERABLE_ERROR_BIT_FB) lose(Passthrough::fb_layer);
  const auto found = std::ranges::find(ways_, Passthrough::fb_layer, &Way::what);
  if (found == ways_.end()) return warm(warm_);
  if (flags & XR_PASSTHROUGH_STATE_CHANGED_REINIT_REQUIRED_BIT_FB) {
    end_fb();
    if (!make_fb()) {
      lose(Passthrough::fb_layer);
      return warm(warm_);
    }
  }
  if (flags & XR_PASSTHROUGH_STATE_CHANGED_RECOVERABLE_ERROR_BIT_FB) found->works = false;
  if (flags & XR_PASSTHROUGH_STATE_CHANGED_RESTORED_ERROR_BIT_FB) found->works = true;
  warm(warm_);
}

}  // namespace promenade::xr
