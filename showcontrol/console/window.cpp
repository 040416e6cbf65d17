// A window by GLFW.

#include <GLFW/glfw3.h>
#include <imgui/backends/imgui_impl_glfw.h>
#include <imgui/backends/imgui_impl_opengl3.h>

#include "showcontrol/console/surface.h"

namespace promenade::console {

namespace {

std::string glfw_trouble() {
  const char* why = nullptr;
  glfwGetError(&why);
  return why == nullptr ? "" : std::string(" (") + why + ")";
}

constexpr double kFrame_s = 1.0 / 30.0;

class Window final : public Surface {
 public:
  explicit Window(GLFWwindow* window) : window_(window) {
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init("#version 150");
  }
  ~Window() override {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    glfwDestroyWindow(window_);
    glfwTerminate();
  }

  bool frame(const std::function<void()>& draw) override {
    glfwWaitEventsTimeout(kFrame_s);  // at once when something is touched
    if (glfwWindowShouldClose(window_) != 0) return false;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
    return true;
  }

  void fonts_changed() override {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }

 private:
  GLFWwindow* window_;
};

}  // namespace

base::Result<std::unique_ptr<Surface>> open_window(const WindowOptions& options) {
  if (glfwInit() != GLFW_TRUE) {
    return base::fail("no-display", "No window can be opened here" + glfw_trouble() + ".", "Start it in a desktop session, or use --screenshot.");
  }
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  GLFWmonitor* monitor = options.fullscreen ? glfwGetPrimaryMonitor() : nullptr;
  int width = options.width, height = options.height;
  if (monitor != nullptr) {
    if (const GLFWvidmode* mode = glfwGetVideoMode(monitor)) width = mode->width, height = mode->height;
  }
  GLFWwindow* window = glfwCreateWindow(width, height, "Promenade", monitor, nullptr);
  if (window == nullptr) {
    const std::string why = glfw_trouble();
    glfwTerminate();
    return base::fail("no-display", "No window with OpenGL 3.2 can be opened here" + why + ".", "Start it in a desktop session, or use --screenshot.");
  }
  glfwSetWindowSizeLimits(window, 1024, 700, GLFW_DONT_CARE, GLFW_DONT_CARE);
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  return std::make_unique<Window>(window);
}

}  // namespace promenade::console
