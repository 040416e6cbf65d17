#pragma once
// The viewer's hands: one action set with aim, grip, trigger, select, menu and vibration for either. Private to
// runtime/xr; frame thread; poses in the room's space. Errors of calls go to Life by their XrResult.

#include <array>
#include <memory>

#include "runtime/xr/instance.h"
#include "runtime/xr/profiles.h"
#include "runtime/xr/headset.h"

namespace promenade::xr {

class Actions {
 public:
  static std::unique_ptr<Actions> create(const Instance& instance, XrSession session, XrResult& trouble);
  ~Actions();
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  // States as of now and poses at `time`. Without focus nothing is held and no hand is there.
  XrResult read(XrSession session, XrSpace room, XrTime time, bool focused, std::array<HandState, 2>& hands);
  XrResult vibrate(XrSession session, std::size_t hand, const Vibration& vibration);

 private:
  Actions() = default;
  XrResult make(const Instance& instance, XrSession session);
  XrResult suggest(const Instance& instance);
  XrResult read_bool(XrSession session, Action action, std::size_t hand, bool& held);

  XrActionSet set_ = XR_NULL_HANDLE;
  std::array<XrAction, kActions> actions_{};
  std::array<XrPath, 2> hands_{};
  std::array<XrSpace, 2> aim_{}, grip_{};
};

}  // namespace promenade::xr
