#pragma once
// A finger on a console that is drawn in memory: taps and long presses by a widget's name, and the commands that came of
// them. Frames are 0.05 s of the console's clock.

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "showcontrol/console/app.h"
#include "tests/console/scenes.h"

namespace promenade::console_test {

class Finger {
 public:
  static constexpr double kStart_s = 7200.3;

  explicit Finger(const std::vector<Message>& scene, console::Language language = console::Language::en) {
    auto made = console::App::make({"tablet 1", "staff-key", language, "127.0.0.1:9560", [](double) { return std::string("14:00:00"); }});
    REQUIRE(made.has_value());
    app_ = std::move(*made);
    auto opened = console::open_offscreen(1280, 800);
    REQUIRE(opened.has_value());
    surface_ = std::move(*opened);
    app_->model().link_up(now_s_);
    hear(scene);
    app_->model().take_outgoing();
    frame();
  }

  console::App& app() { return *app_; }
  void hear(const std::vector<Message>& messages) {
    for (const Message& message : messages) app_->model().receive(message, now_s_);
  }
  void frame(int count = 1) {
    for (int i = 0; i < count; ++i) app_->frame(*surface_, now_s_ += 0.05);
  }
  bool sees(const std::string& name) {
    frame();
    return app_->layout().widgets.contains(name);
  }
  // Time passes without a frame.
  void pass(double seconds) { now_s_ += seconds; }
  double now_s() const { return now_s_; }
  void key(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    frame();
    ImGui::GetIO().AddKeyEvent(key, false);
    frame();
  }
  // From one share of a widget's width to another, and lets go.
  void drag(const std::string& name, double from, double to) {
    INFO(name);
    REQUIRE(sees(name));
    const console::Box box = app_->layout().widgets.at(name);
    const auto move = [&](double share) { ImGui::GetIO().AddMousePosEvent(box.x + box.width * static_cast<float>(share), box.y + box.height / 2); };
    move(from);
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frame();
    move(to);
    frame(2);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frame();
  }
  void tap(const std::string& name) { press(name, 1); }
  void down(const std::string& name) {
    INFO(name);
    REQUIRE(sees(name));
    const console::Box box = app_->layout().widgets.at(name);
    ImGui::GetIO().AddMousePosEvent(box.x + box.width / 2, box.y + box.height / 2);
    frame();
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    frame();
  }
  void up() {
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    frame();
  }
  void hold(const std::string& name) { press(name, 30); }

  // Those of type T that were sent since the last call of this.
  template <class T>
  std::vector<T> commands() {
    std::vector<T> list;
    for (const Message& message : app_->model().take_outgoing()) {
      const auto* command = std::get_if<protocol::StaffCommand>(&message);
      if (command == nullptr || command->request <= newest_) continue;  // what gets no answer is said again
      newest_ = command->request;
      if (std::holds_alternative<T>(command->action)) list.push_back(std::get<T>(command->action));
    }
    return list;
  }

 private:
  void press(const std::string& name, int frames) {
    down(name);
    frame(frames - 1);
    up();
  }

  double now_s_ = kStart_s;
  std::uint32_t newest_ = 0;
  std::unique_ptr<console::App> app_;
  std::unique_ptr<console::Offscreen> surface_;
};

}  // namespace promenade::console_test
