#pragma once
// One console: its model, its fonts and its screen on a surface, frame by frame. The link and the clock are the rim's.
// One thread.

#include <optional>
#include <string>

#include "showcontrol/console/model.h"
#include "showcontrol/console/surface.h"
#include "showcontrol/console/ui.h"

namespace promenade::console {

struct AppOptions {
  std::string name = "console";
  std::string key;
  Language language = Language::zh;
  std::string address;                       // of the hall, for the eye only
  std::function<std::string(double)> wall_clock;  // of a console second, "14:02:31", local time
};

class App {
 public:
  // Makes an ImGui context and keeps it current; the surface is opened after it. Codes: "font-missing".
  static base::Result<std::unique_ptr<App>> make(AppOptions options);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  ConsoleModel& model() { return model_; }
  UiState& ui() { return ui_; }
  const Layout& layout() const { return layout_; }   // of the last frame
  // Draws the model as it is and hands it what was wished; false: the window has been closed.
  bool frame(Surface& surface, double now_s);

 private:
  explicit App(AppOptions options);
  void cover_texts(Surface& surface);

  AppOptions options_;
  ConsoleModel model_;
  UiState ui_;
  Fonts fonts_;
  Layout layout_;
};

}  // namespace promenade::console
