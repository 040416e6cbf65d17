#pragma once
// The main loop: OpenXR session, renderer, App, link, telemetry and pictures, each fed from the others in the order of
// a frame. It decides nothing about films or viewers. Frame thread; `run` returns the exit code.

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "runtime/gpu/renderer.h"
#include "runtime/headset/app.h"
#include "runtime/headset/ledger.h"
#include "runtime/headset/link_thread.h"
#include "runtime/headset/notable.h"
#include "runtime/headset/options.h"
#include "runtime/headset/pictures.h"
#include "runtime/headset/stats.h"
#include "runtime/headset/status.h"
#include "runtime/xr/headset.h"

namespace promenade::headset {

struct Signals {                    // set by signal handlers
  std::atomic<bool> stop{false};
  std::atomic<bool> picture{false};
};

class Program {
 public:
  // The App is ready; `halls` are of --hall.
  Program(const Options& options, std::unique_ptr<App> app, std::vector<protocol::HallAddress> halls,
          std::shared_ptr<const link::SessionSettings> security, Signals& signals);
  ~Program();
  int run();
  // Without a graphics device there is nothing to show and nothing to wait for: tells the hall, so that the console
  // shows it, and ends. Takes up to some seconds; returns the exit code.
  int run_without_picture();

 private:
  struct Graphics {                 // of one device; the order of the members is that of their making
    std::unique_ptr<gpu::Device> device;
    std::unique_ptr<gpu::Renderer> renderer;
    std::unique_ptr<RendererSurfaces> surfaces;
    std::unique_ptr<LedgerSurfaces> ledger;
  };

  void make_graphics();
  void take_down();
  void frame();
  void idle();
  Input input_at(HeadsetTime now, HeadsetTime shown, const xr::Sight& sight);
  void watch_place(Input& input, HeadsetTime now);
  bool draw(const Output& output, const xr::Sight& sight, std::optional<xr::MenuLayer>& menu);
  void after(const Output& output, const Input& input);
  void keep_pictures(const Output& output, const Input& input);
  void housekeep(HeadsetTime now);
  void tell_of_hall(HeadsetTime now);
  std::vector<protocol::HeadsetTrouble> device_troubles(HeadsetTime now);
  void leave();
  int verdict();
  std::uint64_t vulkan_messages() const;

  const Options& options_;
  Signals& signals_;
  std::unique_ptr<App> app_;
  xr::Headset headset_;
  std::unique_ptr<Graphics> graphics_;
  LinkThread link_;
  StatusLine status_;
  RunStats stats_;
  std::uint64_t vulkan_messages_before_ = 0;  // of devices that are gone
  Notable notable_;
  std::unique_ptr<Pictures> pictures_;
  int pictures_asked_ = 0;
  HeadsetTime began_, next_idle_, next_stats_;
  std::string no_vulkan_;                     // why the newest device could not be made
  bool hall_up_ = false, hall_told_ = false;
  bool no_picture_ = false;                   // no device of any kind
  std::optional<HeadsetTime> missing_since_;  // runtime or headset
  bool ended_badly_ = false;
  std::uint32_t anchored_ = 0;             // the calibration that the session's anchors were set for
};

}  // namespace promenade::headset
