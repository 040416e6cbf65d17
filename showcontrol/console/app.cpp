#include "showcontrol/console/app.h"

#include "showcontrol/console/screen.h"

namespace promenade::console {

App::App(AppOptions options) : options_(std::move(options)), model_(options_.name, options_.key) {
  ui_.language = options_.language;
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().LogFilename = nullptr;
  ImGui::GetIO().ConfigWindowsMoveFromTitleBarOnly = true;
  apply_style();
}

App::~App() { ImGui::DestroyContext(); }

base::Result<std::unique_ptr<App>> App::make(AppOptions options) {
  std::unique_ptr<App> app(new App(std::move(options)));
  if (auto loaded = app->fonts_.load(); !loaded) return std::unexpected(loaded.error());
  app->fonts_.cover(all_characters());
  app->fonts_.cover(app->options_.address);
  app->fonts_.build(1.0F);
  return app;
}

// The hall's own words may need characters that the tables do not have.
void App::cover_texts(Surface& surface) {
  const Snapshot& s = model_.snapshot();
  bool more = false;
  for (const Film& film : s.films) more = fonts_.cover(film.title_zh) | fonts_.cover(film.title_en) | more;
  for (const protocol::StaffAlarm& alarm : s.alarms) more = fonts_.cover(alarm.text) | fonts_.cover(alarm.what_to_do) | fonts_.cover(alarm.taken_by) | more;
  for (const Request& request : s.requests) more = fonts_.cover(request.text) | more;
  if (s.venue != nullptr) {
    more = fonts_.cover(s.venue->name.zh) | fonts_.cover(s.venue->name.en) | more;
    for (const tracking::Seat& seat : s.venue->seats) more = fonts_.cover(seat.id) | more;
  }
  if (!more) return;
  fonts_.build(1.0F);
  surface.fonts_changed();
}

bool App::frame(Surface& surface, double now_s) {
  cover_texts(surface);
  model_.step(now_s);
  Layout layout;
  std::vector<Wish> wishes;
  const bool open = surface.frame([&] {
    Frame frame{model_.snapshot(), ui_,  fonts_, strings(ui_.language), layout, wishes, [this] { return model_.next_body_number(); },
                options_.wall_clock(now_s).substr(0, 5), options_.wall_clock, options_.address};
    draw_screen(frame);
  });
  layout_ = std::move(layout);
  for (Wish& wish : wishes) model_.ask(std::move(wish.action), now_s);
  return open;
}

}  // namespace promenade::console
