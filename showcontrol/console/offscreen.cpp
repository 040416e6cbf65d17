// A picture in memory by EGL without a surface, and its PNG.

#define EGL_EGLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
#include <imgui/backends/imgui_impl_opengl3.h>
#include <png.h>

#include <algorithm>

#include "showcontrol/console/surface.h"

namespace promenade::console {

namespace {

struct Context {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
};

base::Result<Context> make_context() {
  const auto no = [](const char* what) { return base::fail("no-opengl", std::string("No picture can be drawn here: ") + what + ".", "Install Mesa (packages libegl1 and libgl1-mesa-dri)."); };
  Context made;
  made.display = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  if (made.display == EGL_NO_DISPLAY) return no("EGL has no display without a surface");
  if (eglInitialize(made.display, nullptr, nullptr) == EGL_FALSE) return no("EGL does not start");
  eglBindAPI(EGL_OPENGL_API);
  const EGLint wanted[]{EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  eglChooseConfig(made.display, wanted, &config, 1, &count);
  const EGLint attributes[]{EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 2, EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  made.context = eglCreateContext(made.display, count > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, attributes);
  if (made.context == EGL_NO_CONTEXT) {
    eglTerminate(made.display);
    return no("there is no OpenGL 3.2");
  }
  if (eglMakeCurrent(made.display, EGL_NO_SURFACE, EGL_NO_SURFACE, made.context) == EGL_FALSE) {
    eglDestroyContext(made.display, made.context);
    eglTerminate(made.display);
    return no("its context cannot be used");
  }
  return made;
}

class MemoryPicture final : public Offscreen {
 public:
  MemoryPicture(Context context, int width, int height) : context_(context), width_(width), height_(height) {
    glGenFramebuffers(1, &framebuffer_);
    glGenRenderbuffers(1, &colours_);
    glBindRenderbuffer(GL_RENDERBUFFER, colours_);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width_, height_);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colours_);
    ImGui_ImplOpenGL3_Init("#version 150");
  }
  ~MemoryPicture() override {
    ImGui_ImplOpenGL3_Shutdown();
    glDeleteFramebuffers(1, &framebuffer_);
    glDeleteRenderbuffers(1, &colours_);
    eglMakeCurrent(context_.display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(context_.display, context_.context);
    eglTerminate(context_.display);
  }

  bool frame(const std::function<void()>& draw) override {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    io.DeltaTime = 1.0F / 60.0F;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
    glViewport(0, 0, width_, height_);
    glClearColor(0.0F, 0.0F, 0.0F, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    return true;
  }

  void fonts_changed() override {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }

  Image image() const override {
    const auto row = static_cast<std::size_t>(width_) * 3;
    std::vector<std::uint8_t> bottom_up(row * static_cast<std::size_t>(height_));
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width_, height_, GL_RGB, GL_UNSIGNED_BYTE, bottom_up.data());
    Image made{width_, height_, std::vector<std::uint8_t>(bottom_up.size())};
    for (int y = 0; y < height_; ++y) {
      const auto from = bottom_up.begin() + static_cast<std::ptrdiff_t>(row) * (height_ - 1 - y);
      std::copy_n(from, row, made.rgb.begin() + static_cast<std::ptrdiff_t>(row) * y);
    }
    return made;
  }

 private:
  Context context_;
  int width_, height_;
  GLuint framebuffer_ = 0, colours_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Offscreen>> open_offscreen(int width, int height) {
  auto context = make_context();
  if (!context) return std::unexpected(context.error());
  return std::make_unique<MemoryPicture>(*context, width, height);
}

base::Result<void> write_png(const Image& image, const std::string& path) {
  png_image head{};
  head.version = PNG_IMAGE_VERSION;
  head.width = static_cast<png_uint_32>(image.width);
  head.height = static_cast<png_uint_32>(image.height);
  head.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&head, path.c_str(), 0, image.rgb.data(), 0, nullptr) == 0) {
    return base::fail("file-unwritable", "The picture " + path + " cannot be written: " + head.message + ".", "Check the folder and the disk.");
  }
  return {};
}

}  // namespace promenade::console
