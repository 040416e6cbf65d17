#pragma once
// Where a console's frames are drawn: a window (GLFW), or a picture in memory without any display (EGL surfaceless).
// Each makes an OpenGL 3.2 core context current on its thread and keeps it; Dear ImGui's renderer is set up on it. Rim.

#include <imgui.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/console/theme.h"
#include "tracking/base/result.h"

namespace promenade::console {

struct Image {  // 8 bits of red, green, blue a pixel; rows from the top
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
};
base::Result<void> write_png(const Image& image, const std::string& path);  // code "file-unwritable"

class Surface {
 public:
  virtual ~Surface() = default;
  // Draws one frame. False: the window has been closed.
  virtual bool frame(const std::function<void()>& draw) = 0;
  virtual void fonts_changed() = 0;   // the atlas was built anew
};

struct WindowOptions {
  int width = 1280;
  int height = 800;
  bool fullscreen = false;
};
// Code "no-display": no window can be opened here.
base::Result<std::unique_ptr<Surface>> open_window(const WindowOptions& options);

// A surface without a display. Code "no-opengl".
class Offscreen : public Surface {
 public:
  virtual Image image() const = 0;    // of the last frame
};
base::Result<std::unique_ptr<Offscreen>> open_offscreen(int width, int height);

}  // namespace promenade::console
