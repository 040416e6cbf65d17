#pragma once
// Passthrough of one session: which way is in use, what has to be started for it, and what a frame hands over. Private
// to runtime/xr; frame thread. It never fails towards the session: a way that does not work is left for the next one,
// down to none, and then the hall is drawn.

#include <vector>

#include "runtime/xr/instance.h"
#include "runtime/xr/passthrough.h"

namespace promenade::xr {

class SeeThrough {
 public:
  // `ways`: of choices.h, best first.
  SeeThrough(const Instance& instance, XrSession session, const std::vector<Passthrough>& ways);
  ~SeeThrough();
  SeeThrough(const SeeThrough&) = delete;
  SeeThrough& operator=(const SeeThrough&) = delete;

  Passthrough way() const;           // that works now, as far as is known
  // Cameras take some tenths of a second to start: true as soon as they may be needed, false to let them rest.
  void warm(bool wanted);

  // For a frame that shows the hall.
  XrEnvironmentBlendMode blend(XrEnvironmentBlendMode otherwise) const;
  const XrCompositionLayerBaseHeader* layer(XrSpace space);  // to lie under all others; nullptr: none is needed
  void give_up();                    // the runtime refused such a frame

  void state_changed(XrPassthroughStateChangedFlagsFB flags);

 private:
  struct Way { Passthrough what; bool works; };
  bool make_fb();
  void end_fb();
  void lose(Passthrough what);

  const Instance& instance_;
  XrSession session_;
  std::vector<Way> ways_;
  bool warm_ = false;
  bool running_ = false;             // the FB feature has been started
  XrPassthroughFB fb_ = XR_NULL_HANDLE;
  XrPassthroughLayerFB fb_layer_ = XR_NULL_HANDLE;
  XrPassthroughHTC htc_ = XR_NULL_HANDLE;
  XrCompositionLayerPassthroughFB fb_shown_{};
  XrCompositionLayerPassthroughHTC htc_shown_{};
};

}  // namespace promenade::xr
