// The session on a real runtime (Monado, null compositor): frames, every loss, every event. Coloured frames stand in
// for films. Started by with_monado.py, which puts the layer of faults.h in between.

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "runtime/xr/headset.h"
#include "runtime/xr/openxr.h"
#include "tests/xr/faults.h"
#include "tests/gpu/one_time.h"

using namespace promenade;

namespace {

base::HeadsetTime now() {
  return base::HeadsetTime{std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

template <class Function>
Function layer(const char* name) {
  static void* const library = dlopen(PROMENADE_FAULTS_LAYER, RTLD_NOW | RTLD_NOLOAD);
  void* found = library ? dlsym(library, name) : nullptr;
  REQUIRE(found != nullptr);  // tests begin with a session, so the loader has loaded it
  return reinterpret_cast<Function>(found);
}
void fail(const char* function, XrResult result, int times = 1) { layer<FaultsFail>("faults_fail")(function, result, times); }
template <class Event>
void inject(const Event& event) { layer<FaultsEvent>("faults_event")(&event, sizeof event); }

// Clears an image of one or two layers to a colour.
class Brush {
 public:
  explicit Brush(gpu::Device& device) : device_(device), once_(device) {}

  void clear(const gpu::Target& target, std::uint32_t layers) {
    VkImageViewCreateInfo view_info{};
    view_info.sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO;
    view_info.image = target.image;
    view_info.viewType = VK_IMAGE_VIEW_TYPE_2D_ARRAY;
    view_info.format = target.format;
    view_info.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, layers};
    VkImageView view = VK_NULL_HANDLE;
    vkCreateImageView(device_.handle(), &view_info, nullptr, &view);
    VkRenderingAttachmentInfo attachment{};
    attachment.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO;
    attachment.imageView = view;
    attachment.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    attachment.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    attachment.clearValue.color = {{0.1f, 0.3f, 0.5f, 1.0f}};
    VkRenderingInfo info{};
    info.sType = VK_STRUCTURE_TYPE_RENDERING_INFO;
    info.renderArea = {{0, 0}, {target.width, target.height}};
    info.layerCount = layers;
    info.colorAttachmentCount = 1;
    info.pColorAttachments = &attachment;
    once_.run([&] {
      vkCmdBeginRendering(once_.commands(), &info);
      vkCmdEndRendering(once_.commands());
    });
    vkDestroyImageView(device_.handle(), view, nullptr);
  }

 private:
  gpu::Device& device_;
  test::OneTime once_;
};

// A program as small as one can be that lives by runtime/xr's rules.
struct Wearer {
  xr::Headset headset{xr::Settings{.validation = true, .depth = true}};
  std::unique_ptr<gpu::Device> device;
  std::unique_ptr<Brush> brush;
  int sessions = 0, losses = 0, recentred = 0;
  std::uint64_t drawn = 0, waited = 0;
  std::uint32_t width = 0;
  bool see_through = false, warm = false;  // as the App would want it
  std::vector<std::string> log;

  ~Wearer() { take_down(); }

  void take_down() {
    brush.reset();
    headset.take_down();
    device.reset();
  }

  void step() {
    switch (headset.poll(now())) {
      case xr::Need::nothing: std::this_thread::yield(); break;
      case xr::Need::take_down:
        ++losses;
        take_down();
        break;
      case xr::Need::device: {
        auto made = gpu::Device::create({}, headset.hooks());
        REQUIRE(made);
        device = std::move(*made);
        brush = std::make_unique<Brush>(*device);
        headset.start(*device, now());
        ++sessions;
        break;
      }
      case xr::Need::frame: frame(); break;
    }
    for (std::string& line : headset.take_log()) log.push_back(std::move(line));
  }

  void frame() {
    const auto wait = headset.wait(now());
    if (!wait) return;
    ++waited;
    const xr::Sight sight = headset.look(now());
    recentred += sight.recentred;
    if (!headset.begin(now())) return;
    bool done = false;
    if (const auto target = headset.acquire(now())) {
      brush->clear(*target, 2);
      width = target->width;
      done = true;
      ++drawn;
    }
    headset.warm_passthrough(warm || see_through);
    std::optional<xr::MenuLayer> menu;
    if (headset.must_paint(64, 32)) {
      if (const auto target = headset.acquire_menu(64, 32, now())) brush->clear(*target, 1);
    }
    menu = xr::MenuLayer{{0.0f, 1.5f, -1.0f}, {1.0f, 0.0f, 0.0f, 0.0f}, {1.0f, 0.5f}};
    headset.end(sight.eyes, done && sight.eyes_valid, see_through, menu, now());
  }

  // Lives until `reached`, for as long as 15 s.
  bool until(const std::function<bool()>& reached) {
    const auto end = now() + std::chrono::seconds(15);
    while (!reached()) {
      if (now() > end) return false;
      step();
    }
    return true;
  }
  bool until_drawing(std::uint64_t frames = 3) {
    return until([&] { return headset.focused(); }) && until([this, goal = drawn + frames] { return drawn >= goal; });
  }
  void check_silent() {
    CAPTURE(headset.last_validation_message());
    CHECK(headset.validation_messages() == 0);
  }
};

XrEventDataReferenceSpaceChangePending moved(XrReferenceSpaceType type) {
  auto event = xr::typed<XrEventDataReferenceSpaceChangePending>(XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING);
  event.referenceSpaceType = type;
  event.changeTime = 1;
  return event;
}

FaultsFrame shown() { return layer<FaultsShown>("faults_shown")(); }

// Lives in a session whose runtime offers this.
void with_passthrough(Wearer& wearer, bool alpha_blend, bool fb) {
  REQUIRE(wearer.until_drawing());
  layer<FaultsPassthrough>("faults_passthrough")(alpha_blend, fb);
  fail("xrWaitFrame", XR_ERROR_SESSION_LOST);
  const int before = wearer.losses;
  REQUIRE(wearer.until([&] { return wearer.losses == before + 1; }));
  REQUIRE(wearer.until_drawing());
}
struct NoPassthroughAfter {
  ~NoPassthroughAfter() { layer<FaultsPassthrough>("faults_passthrough")(false, false); }
};
bool said(const Wearer& wearer, std::string_view beginning) {
  return std::ranges::any_of(wearer.log, [&](const std::string& line) { return line.starts_with(beginning); });
}

}  // namespace

TEST_CASE("A session reaches FOCUSED and shows frames and a menu, without a word from the validation layer") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing(20));
  CHECK(wearer.headset.api_version() == "1.1");
  for (const char* state : {"IDLE", "READY", "SYNCHRONIZED", "VISIBLE", "FOCUSED"}) CHECK(wearer.headset.states_reached().contains(state));
  CHECK(wearer.headset.counts().frames >= 20);
  CHECK(wearer.headset.counts().dropped == 0);
  CHECK(wearer.losses == 0);
  wearer.check_silent();
}

TEST_CASE("Asked to leave, the runtime ends the session in order") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  REQUIRE(wearer.headset.ask_to_leave(now()));
  REQUIRE(wearer.until([&] { return !wearer.headset.alive(); }));
  for (const char* state : {"STOPPING", "EXITING"}) CHECK(wearer.headset.states_reached().contains(state));
  CHECK_FALSE(wearer.headset.ask_to_leave(now()));
  wearer.check_silent();
}

TEST_CASE("What is waited for is told: the runtime, then the headset") {
  Wearer wearer;
  CHECK(wearer.headset.missing() == xr::Missing::runtime);
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.missing() == xr::Missing::nothing);
  fail("xrGetSystem", XR_ERROR_FORM_FACTOR_UNAVAILABLE);
  fail("xrWaitFrame", XR_ERROR_SESSION_LOST);
  REQUIRE(wearer.until([&] { return wearer.headset.missing() == xr::Missing::headset; }));
  REQUIRE(wearer.until([&] { return std::ranges::any_of(wearer.log, [](const std::string& line) { return line.starts_with("No headset answers"); }); }));
  REQUIRE(wearer.until_drawing());
  wearer.check_silent();
}

TEST_CASE("A loss from any call leads back to frames") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  int lost = 0;
  for (const char* function : {"xrPollEvent", "xrWaitFrame", "xrBeginFrame", "xrEndFrame", "xrLocateViews", "xrLocateSpace", "xrSyncActions",
                               "xrAcquireSwapchainImage", "xrWaitSwapchainImage", "xrReleaseSwapchainImage"}) {
    CAPTURE(function);
    for (const XrResult result : {XR_ERROR_SESSION_LOST, XR_ERROR_INSTANCE_LOST}) {
      fail(function, result);
      REQUIRE(wearer.until([&] { return wearer.losses == lost + 1; }));
      ++lost;
      REQUIRE(wearer.until_drawing());
      CHECK(wearer.losses == lost);
    }
  }
  wearer.check_silent();
}

TEST_CASE("A session that cannot be made or begun is made again") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  for (const char* function : {"xrCreateSession", "xrCreateSwapchain", "xrBeginSession", "xrEnumerateViewConfigurationViews"}) {
    CAPTURE(function);
    const int before = wearer.losses;
    fail("xrWaitFrame", XR_ERROR_SESSION_LOST);
    fail(function, XR_ERROR_RUNTIME_FAILURE);
    REQUIRE(wearer.until([&] { return wearer.losses == before + 2; }));
    REQUIRE(wearer.until_drawing());
  }
  wearer.check_silent();
}

TEST_CASE("An older runtime is asked for 1.0, and a headset that is not plugged in is waited for") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  fail("xrCreateInstance", XR_ERROR_RUNTIME_UNAVAILABLE, 1);
  fail("xrGetSystem", XR_ERROR_FORM_FACTOR_UNAVAILABLE, 2);
  fail("xrWaitFrame", XR_ERROR_INSTANCE_LOST);
  REQUIRE(wearer.until([&] { return wearer.losses == 1; }));
  REQUIRE(wearer.until_drawing());
  const auto said = [&](std::string_view text) { return std::ranges::count_if(wearer.log, [&](const std::string& line) { return line.contains(text); }); };
  CHECK(said("No OpenXR runtime answers (XR_ERROR_RUNTIME_UNAVAILABLE)") == 1);
  CHECK(said("No headset answers") == 1);
}

TEST_CASE("A pending loss and the runtime's wish to end lead back to frames") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  auto pending = xr::typed<XrEventDataSessionStateChanged>(XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED);
  pending.state = XR_SESSION_STATE_LOSS_PENDING;
  inject(pending);
  REQUIRE(wearer.until([&] { return wearer.losses == 1; }));
  REQUIRE(wearer.until_drawing());
  inject(xr::typed<XrEventDataInstanceLossPending>(XR_TYPE_EVENT_DATA_INSTANCE_LOSS_PENDING));
  REQUIRE(wearer.until([&] { return wearer.losses == 2; }));
  REQUIRE(wearer.until_drawing());
  layer<FaultsExit>("faults_exit")();
  REQUIRE(wearer.until([&] { return wearer.losses == 3; }));
  CHECK(wearer.headset.states_reached().contains("STOPPING"));
  CHECK(wearer.headset.states_reached().contains("EXITING"));
  REQUIRE(wearer.until_drawing());
  wearer.check_silent();
}

TEST_CASE("The room moves when our space does, or when events were lost") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  inject(moved(XR_REFERENCE_SPACE_TYPE_LOCAL));
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.recentred == 0);
  inject(moved(XR_REFERENCE_SPACE_TYPE_STAGE));
  inject(moved(XR_REFERENCE_SPACE_TYPE_STAGE));
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.recentred == 1);
  inject(xr::typed<XrEventDataEventsLost>(XR_TYPE_EVENT_DATA_EVENTS_LOST));
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.recentred == 2);
  CHECK(wearer.losses == 0);
}

TEST_CASE("Frames that nobody sees go on without layers; images that come late and discarded frames lose no session") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  layer<FaultsHide>("faults_hide")(true);
  const std::uint64_t drawn = wearer.drawn, ended = layer<FaultsCalls>("faults_calls")("xrEndFrame");
  REQUIRE(wearer.until([&] { return layer<FaultsCalls>("faults_calls")("xrEndFrame") >= ended + 10; }));
  CHECK(wearer.drawn == drawn);
  layer<FaultsHide>("faults_hide")(false);
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.counts().dropped == 0);

  fail("xrWaitSwapchainImage", XR_TIMEOUT_EXPIRED, 3);
  REQUIRE(wearer.until_drawing());
  const std::uint64_t dropped = wearer.headset.counts().dropped;
  fail("xrEndFrame", XR_FRAME_DISCARDED, 2);
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.counts().dropped == dropped + 2);
  CHECK(wearer.losses == 0);
  wearer.check_silent();
}

TEST_CASE("Swapchains are made anew when the runtime wants other sizes") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  const std::uint32_t before = wearer.width;
  layer<FaultsSize>("faults_size")(before + 32, 200);
  REQUIRE(wearer.until([&] { return wearer.width == before + 32; }));
  REQUIRE(wearer.until_drawing());
  layer<FaultsSize>("faults_size")(0, 0);
  REQUIRE(wearer.until([&] { return wearer.width == before; }));
  CHECK(wearer.losses == 0);
  wearer.check_silent();
}

TEST_CASE("Passthrough by blending: the very frame that shows a stop shows the hall, and the one that releases it does not") {
  Wearer wearer;
  with_passthrough(wearer, true, false);
  const NoPassthroughAfter after;
  CHECK(wearer.headset.passthrough() == xr::Passthrough::alpha_blend);
  CHECK(said(wearer, "Passthrough: alpha_blend"));
  CHECK(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
  CHECK(shown().room_flags == 0);
  for (int round = 0; round < 2; ++round) {
    wearer.see_through = true;
    REQUIRE(wearer.until([&, goal = wearer.drawn + 1] { return wearer.drawn == goal; }));
    CHECK(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND);
    CHECK(shown().room_flags == XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT);  // premultiplied, as the renderer makes it
    wearer.see_through = false;
    REQUIRE(wearer.until([&, goal = wearer.drawn + 1] { return wearer.drawn == goal; }));
    CHECK(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
    CHECK(shown().room_flags == 0);
  }
  wearer.check_silent();
}

TEST_CASE("Passthrough by a layer: its cameras start at a warning and rest afterwards, and it lies under the room") {
  Wearer wearer;
  with_passthrough(wearer, false, true);
  const NoPassthroughAfter after;
  CHECK(wearer.headset.passthrough() == xr::Passthrough::fb_layer);
  CHECK(shown().fb_made);
  CHECK_FALSE(shown().fb_running);
  wearer.warm = true;
  REQUIRE(wearer.until_drawing(1));
  CHECK(shown().fb_running);
  CHECK(shown().passthrough_at == -1);
  wearer.see_through = true;
  REQUIRE(wearer.until([&, goal = wearer.drawn + 1] { return wearer.drawn == goal; }));
  CHECK(shown().passthrough_at == 0);
  CHECK(shown().layers == 3);  // hall, room, menu
  CHECK(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
  CHECK(shown().room_flags == XR_COMPOSITION_LAYER_BLEND_TEXTURE_SOURCE_ALPHA_BIT);
  wearer.see_through = wearer.warm = false;
  REQUIRE(wearer.until([&, goal = wearer.drawn + 1] { return wearer.drawn == goal; }));
  CHECK(shown().passthrough_at == -1);
  CHECK_FALSE(shown().fb_running);
  wearer.check_silent();
}

TEST_CASE("Without passthrough the same picture is shown before black, in the same frame") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.passthrough() == xr::Passthrough::none);
  CHECK(said(wearer, "Passthrough: none"));
  wearer.see_through = true;
  REQUIRE(wearer.until_drawing());
  CHECK(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_OPAQUE);
  CHECK(shown().room_flags == 0);
  CHECK(wearer.losses == 0);
  wearer.check_silent();
}

TEST_CASE("Passthrough that is lost in mid-stop gives way to the next way in the same frame, then to none, and no session is lost") {
  Wearer wearer;
  with_passthrough(wearer, true, true);
  const NoPassthroughAfter after;
  const int losses = wearer.losses;
  wearer.see_through = true;
  REQUIRE(wearer.until_drawing());
  REQUIRE(shown().blend_mode == XR_ENVIRONMENT_BLEND_MODE_ALPHA_BLEND);
  const std::uint64_t ended = layer<FaultsCalls>("faults_calls")("xrEndFrame");
  const std::uint64_t frames = wearer.headset.counts().frames;
  fail("xrEndFrame", XR_ERROR_ENVIRONMENT_BLEND_MODE_UNSUPPORTED);
  REQUIRE(wearer.until([&, goal = wearer.drawn + 1] { return wearer.drawn == goal; }));
  CHECK(layer<FaultsCalls>("faults_calls")("xrEndFrame") == ended + 2);  // handed over again at once
  CHECK(wearer.headset.counts().frames == frames + 1);
  CHECK(shown().room_flags == 0);
  CHECK(wearer.headset.passthrough() == xr::Passthrough::fb_layer);
  REQUIRE(wearer.until_drawing());
  CHECK(shown().passthrough_at == 0);

  auto changed = xr::typed<XrEventDataPassthroughStateChangedFB>(XR_TYPE_EVENT_DATA_PASSTHROUGH_STATE_CHANGED_FB);
  changed.flags = XR_PASSTHROUGH_STATE_CHANGED_RECOVERABLE_ERROR_BIT_FB;
  inject(changed);
  REQUIRE(wearer.until([&] { return wearer.headset.passthrough() == xr::Passthrough::none; }));
  CHECK(said(wearer, "Passthrough is lost"));
  REQUIRE(wearer.until_drawing(1));
  CHECK(shown().passthrough_at == -1);
  changed.flags = XR_PASSTHROUGH_STATE_CHANGED_RESTORED_ERROR_BIT_FB;
  inject(changed);
  REQUIRE(wearer.until([&] { return wearer.headset.passthrough() == xr::Passthrough::fb_layer; }));
  REQUIRE(wearer.until_drawing(1));
  CHECK(shown().passthrough_at == 0);
  changed.flags = XR_PASSTHROUGH_STATE_CHANGED_REINIT_REQUIRED_BIT_FB;
  inject(changed);
  REQUIRE(wearer.until_drawing());
  CHECK(shown().passthrough_at == 0);
  changed.flags = XR_PASSTHROUGH_STATE_CHANGED_NON_RECOVERABLE_ERROR_BIT_FB;
  inject(changed);
  REQUIRE(wearer.until([&] { return wearer.headset.passthrough() == xr::Passthrough::none; }));
  REQUIRE(wearer.until_drawing());
  CHECK_FALSE(shown().fb_made);
  CHECK(wearer.losses == losses);
  wearer.check_silent();
}

TEST_CASE("Cameras that do not start, and a feature that cannot be made, leave the drawn hall") {
  Wearer wearer;
  with_passthrough(wearer, false, true);
  const NoPassthroughAfter after;
  const int losses = wearer.losses;
  fail("xrPassthroughStartFB", XR_ERROR_RUNTIME_FAILURE);
  wearer.see_through = true;
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.passthrough() == xr::Passthrough::none);
  CHECK(shown().room_flags == 0);
  CHECK(wearer.losses == losses);
  fail("xrCreatePassthroughFB", XR_ERROR_INSUFFICIENT_RESOURCES_PASSTHROUGH_FB);
  fail("xrWaitFrame", XR_ERROR_SESSION_LOST);
  REQUIRE(wearer.until([&] { return wearer.losses == losses + 1; }));
  REQUIRE(wearer.until_drawing());
  CHECK(wearer.headset.passthrough() == xr::Passthrough::none);
  wearer.check_silent();
}

TEST_CASE("Whether it is worn is told as the runtime tells it, and a new session begins unworn") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  CHECK_FALSE(wearer.headset.worn());  // Monado's simulated headset has no sensor
  layer<FaultsPresence>("faults_presence")(true);
  fail("xrWaitFrame", XR_ERROR_SESSION_LOST);
  REQUIRE(wearer.until([&] { return wearer.losses == 1; }));
  REQUIRE(wearer.until_drawing());
  layer<FaultsPresence>("faults_presence")(false);
  CHECK(wearer.headset.worn() == false);
  auto presence = xr::typed<XrEventDataUserPresenceChangedEXT>(XR_TYPE_EVENT_DATA_USER_PRESENCE_CHANGED_EXT);
  for (const bool worn : {true, false, true}) {
    presence.isUserPresent = worn ? XR_TRUE : XR_FALSE;
    inject(presence);
    REQUIRE(wearer.until([&] { return wearer.headset.worn() == worn; }));
    CHECK(wearer.recentred == 0);  // the room has not moved for it
  }
  wearer.check_silent();
}

TEST_CASE("Anchors tell how far the room has slid, once a second; where none is set or located they say nothing") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  const auto anchors = layer<FaultsAnchors>("faults_anchors");
  const std::array places{glm::vec3{1.0f, 0.0f, -2.0f}, glm::vec3{5.4f, 0.0f, -2.0f}};
  base::HeadsetTime at = now();
  const auto slid = [&] { return wearer.headset.anchors_slid(at += std::chrono::seconds(1)); };
  CHECK_FALSE(slid());  // none is set
  wearer.headset.set_anchors(places, at);
  CHECK(slid() == 0.0);
  CHECK_FALSE(wearer.headset.anchors_slid(at));  // not yet again
  anchors(0.12, true, true);
  CHECK(std::abs(slid().value_or(0.0) - 0.12) < 1e-5);
  anchors(0.25, true, true);
  CHECK(std::abs(slid().value_or(0.0) - 0.25) < 1e-5);
  anchors(0.25, false, true);
  CHECK_FALSE(slid());
  anchors(0.0, true, false);
  wearer.headset.set_anchors(places, at);
  CHECK_FALSE(slid());
  anchors(0.0, true, true);
  CHECK(wearer.losses == 0);
  wearer.check_silent();
}

TEST_CASE("A printed tag in the headset's cameras is seen with its number and place") {
  Wearer wearer;
  REQUIRE(wearer.until_drawing());
  const auto tag = layer<FaultsTag>("faults_tag");
  base::HeadsetTime at = now();
  const auto look = [&] {
    std::vector<xr::TagSeen> seen;
    for (int i = 0; i < 4 && seen.empty(); ++i) seen = wearer.headset.tags_seen(true, 0.12, at += std::chrono::milliseconds(130));
    return seen;
  };
  CHECK(look().empty());
  tag(3, 0.5f, 0.0f, -1.5f);
  const auto seen = look();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].id == 3);
  CHECK(seen[0].at.tracked);
  CHECK(seen[0].at.position == glm::vec3{0.5f, 0.0f, -1.5f});
  CHECK(wearer.headset.tags_seen(false, 0.12, at += std::chrono::seconds(1)).empty());
  tag(-1, 0, 0, 0);
  wearer.check_silent();
}
