#include "runtime/ui/interface.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "runtime/ui/canvas.h"
#include "runtime/ui/panels.h"
#include "runtime/ui/words.h"
#include "tracking/base/assert.h"

namespace promenade::ui {
namespace {

constexpr std::size_t kSurfaces = 7;

struct ContextDeleter {
  void operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }
};

void take_triangles(const ImDrawData& data, gpu::UiDraw& out) {
  out.vertices.clear();
  out.indices.clear();
  out.commands.clear();
  for (const ImDrawList* list : data.CmdLists) {
    const auto base = static_cast<std::uint32_t>(out.vertices.size());
    for (const ImDrawVert& v : list->VtxBuffer) out.vertices.push_back({{v.pos.x, v.pos.y}, {v.uv.x, v.uv.y}, v.col});
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.ElemCount == 0) continue;
      const auto first = static_cast<std::uint32_t>(out.indices.size());
      for (unsigned i = 0; i < command.ElemCount; ++i) {
        out.indices.push_back(base + command.VtxOffset + list->IdxBuffer[static_cast<int>(command.IdxOffset + i)]);
      }
      out.commands.push_back({first, command.ElemCount, {command.ClipRect.x, command.ClipRect.y}, {command.ClipRect.z, command.ClipRect.w},
                              static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(command.GetTexID()))});
    }
  }
}

}  // namespace

struct Interface::State {
  std::unique_ptr<Fonts> fonts;
  std::unique_ptr<ImGuiContext, ContextDeleter> context;
  std::array<gpu::UiDraw, kSurfaces> draws;
  std::vector<Target> targets;
  Posters posters;

  std::optional<Panel> panel;
  Language panel_language = Language::zh;
  Pointer pointer;
  std::optional<std::string> subtitle;
  std::optional<std::pair<Note, Language>> note;
  std::optional<std::pair<Language, float>> puck;
  bool word_drawn = false, ray_drawn = false;
  bool collecting = false;  // glyphs are noted, and the atlas is left as it is

  gpu::UiDraw& draw_of(Surface surface) { return draws[static_cast<std::size_t>(surface)]; }
  // Whether the surface was painted with the atlas that is in force.
  bool fresh(Surface surface) { return draw_of(surface).atlas_revision == fonts->revision() && !fonts->stale(); }

  template <class Draw>
  const gpu::UiDraw& redraw(Surface surface, std::uint32_t width, std::uint32_t height, const Pointer& at, std::vector<Target>& named, Draw draw) {
    gpu::UiDraw& out = draw_of(surface);
    ImGui::SetCurrentContext(context.get());
    // A first pass may meet glyphs that the atlas has not; the second has them all.
    for (int pass = 0; pass < 2; ++pass) {
      if (!collecting) fonts->build();
      named.clear();
      ImGuiIO& io = ImGui::GetIO();
      io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
      io.DeltaTime = 1.0f / 60.0f;
      ImGui::NewFrame();
      Canvas canvas(*ImGui::GetBackgroundDrawList(), *fonts, at, named, posters);
      draw(canvas);
      ImGui::Render();
      if (!fonts->stale() || collecting) break;
    }
    if (collecting) return out;
    PROMENADE_ASSERT(!fonts->stale());
    take_triangles(*ImGui::GetDrawData(), out);
    out.surface = static_cast<std::uint32_t>(surface);
    out.width_px = width;
    out.height_px = height;
    if (out.atlas_revision != fonts->revision()) {
      out.atlas_revision = fonts->revision();
      out.atlas_width = fonts->width();
      out.atlas_height = fonts->height();
      out.atlas_alpha.assign(fonts->alpha().begin(), fonts->alpha().end());
    }
    return out;
  }
  template <class Draw>
  const gpu::UiDraw& sign(Surface surface, std::uint32_t width, std::uint32_t height, Draw draw) {
    std::vector<Target> none;
    return redraw(surface, width, height, {}, none, draw);
  }
};

Interface::Interface(std::unique_ptr<State> state) : state_(std::move(state)) {}
Interface::~Interface() = default;

base::Result<std::unique_ptr<Interface>> Interface::create(std::span<const std::filesystem::path> fonts) {
  auto found = find_fonts(fonts);
  if (!found) return std::unexpected(std::move(found.error()));
  auto opened = Fonts::open(*found);
  if (!opened) return std::unexpected(std::move(opened.error()));
  auto state = std::make_unique<State>();
  state->fonts = std::move(*opened);
  state->fonts->build();
  IMGUI_CHECKVERSION();
  state->context.reset(ImGui::CreateContext(state->fonts->atlas()));
  ImGui::SetCurrentContext(state->context.get());
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().LogFilename = nullptr;
  ImGui::GetStyle().AntiAliasedLinesUseTex = false;
  std::unique_ptr<Interface> made(new Interface(std::move(state)));
  // The house's own sentences, by drawing every panel and sign once in both languages.
  const std::array<Panel, 18> panels{Shelf{88, true, 20, 3}, Shelf{88, true, 20, 3, true, 12, true}, Shelf{},         WaitStaff{88, "M1", 0, false, {}}, WaitStaff{88, "M1", 1, false, "x"}, WaitStaff{88, "M1", 2, true, {}}, Welcome{},
                                     WaitStart{{}, {}, 65},  WaitStart{},     Rate{},                            Evacuate{0.5, 12},                  Help{},
                                     Evacuate{},             Evacuate{{}, 0, false, false, true}, Evacuate{0.5, 12, true, true, false}, Evacuate{{}, 0, false, true, true},
                                     WayChoice{{}, {}, 5}, WayChoice{{}, 1, 5}};
  made->state_->collecting = true;
  bool changed = false;
  for (const Language language : {Language::zh, Language::en}) {
    for (const Panel& panel : panels) made->panel(panel, language, {}, changed);
    for (const Why why : {Why::place, Why::hall, Why::film_missing, Why::film_damaged, Why::film_newer, Why::calm}) made->panel(StandStill{why, {}}, language, {}, changed);
    made->panel(Evacuate{0.5, 12, false, true, false}, language, {}, changed);
    made->panel(Evacuate{0.5, 12, true, false, false}, language, {}, changed);
    for (int kind = 0; kind < static_cast<int>(NoteKind::warn); ++kind) made->note({static_cast<NoteKind>(kind), tracking::Cause::none, false, 5, {}}, language, changed);
    for (int cause = 0; cause <= static_cast<int>(tracking::Cause::fire); ++cause) {
      made->note({NoteKind::pause, static_cast<tracking::Cause>(cause), true, {}, {}}, language, changed);
      made->note({NoteKind::warn, static_cast<tracking::Cause>(cause), false, {}, {}}, language, changed);
    }
    for (int eighth = 0; eighth < 8; ++eighth) made->note({NoteKind::warn, tracking::Cause::body, false, {}, eighth}, language, changed);
    made->puck(language, 0.0f, changed);
  }
  made->word_stop(changed);
  made->state_->collecting = made->state_->word_drawn = false;
  made->state_->fonts->build();
  return made;
}

void Interface::prepare_film(const package::Manifest& film) {
  Fonts& fonts = *state_->fonts;
  for (const Language language : {Language::zh, Language::en}) {
    FilmCard card{film.film, film.title(tag_of(language)), film.synopsis(tag_of(language)), film.length_s, film.age_min_years, film.comfort, film.kind, film.languages, true, film.ai_content, 0.0, true, false, {}};
    for (const Style style : {Style::caption, Style::body, Style::strong, Style::title}) fonts.need(style, card.title);
    fonts.need(Style::caption, card.synopsis);
    fonts.need(Style::caption, languages_text(language, card));
  }
  for (const auto& scene : film.route ? film.route->scenes : std::vector<package::Scene>{}) {
    for (const auto& next : scene.next.value_or(std::vector<package::Next>{})) {
      for (const auto& [language, text] : next.text) fonts.need(Style::strong, text);
    }
  }
  for (const auto& track : film.subtitles) {
    for (const auto& line : track.lines) fonts.need(Style::subtitle, line.text);
  }
}

void Interface::build_glyphs() { state_->fonts->build(); }

void Interface::show_poster(const base::FilmId& film, const Poster& poster) {
  PROMENADE_ASSERT(poster.texture != 0 && poster.width_px > 0 && poster.height_px > 0);
  state_->posters[film] = poster;
  state_->panel.reset();
}

void Interface::drop_posters() {
  state_->posters.clear();
  state_->panel.reset();
}

const gpu::UiDraw& Interface::panel(const Panel& panel, Language language, const Pointer& pointer, bool& changed) {
  State& s = *state_;
  const bool other = !s.fresh(Surface::panel) || !s.panel || *s.panel != panel || s.panel_language != language;
  changed = other || (!s.targets.empty() && s.pointer != pointer);  // the pointer is drawn only where something can be pressed
  if (!changed) return s.draw_of(Surface::panel);
  s.panel = panel;
  s.panel_language = language;
  s.pointer = pointer;
  return s.redraw(Surface::panel, kPanelWidth_px, kPanelHeight_px, pointer, s.targets, [&](Canvas& canvas) {
    std::visit([&](const auto& each) { draw(canvas, each, language); }, panel);
    canvas.cursor();
  });
}

const std::vector<Target>& Interface::targets() const { return state_->targets; }

const gpu::UiDraw& Interface::subtitle(const std::string& text, bool& changed) {
  State& s = *state_;
  changed = !s.fresh(Surface::subtitle) || s.subtitle != text;
  if (!changed) return s.draw_of(Surface::subtitle);
  s.subtitle = text;
  return s.sign(Surface::subtitle, kSubtitleWidth_px, kSubtitleHeight_px, [&](Canvas& canvas) { draw_subtitle(canvas, text); });
}

const gpu::UiDraw& Interface::note(const Note& note, Language language, bool& changed) {
  State& s = *state_;
  changed = !s.fresh(Surface::note) || !s.note || *s.note != std::pair(note, language);
  if (!changed) return s.draw_of(Surface::note);
  s.note = {note, language};
  return s.sign(Surface::note, kNoteWidth_px, kNoteHeight_px, [&](Canvas& canvas) { draw_note(canvas, note, language); });
}

const gpu::UiDraw& Interface::word_stop(bool& changed) {
  State& s = *state_;
  changed = !s.fresh(Surface::word) || !std::exchange(s.word_drawn, true);
  if (!changed) return s.draw_of(Surface::word);
  return s.sign(Surface::word, kWordWidth_px, kWordHeight_px, [](Canvas& canvas) { draw_word_stop(canvas); });
}

const gpu::UiDraw& Interface::puck(Language language, float dwell, bool& changed) {
  State& s = *state_;
  changed = !s.fresh(Surface::puck) || !s.puck || *s.puck != std::pair(language, dwell);
  if (!changed) return s.draw_of(Surface::puck);
  s.puck = {language, dwell};
  return s.sign(Surface::puck, kPuckWidth_px, kPuckHeight_px, [&](Canvas& canvas) { draw_puck(canvas, language, dwell); });
}

const gpu::UiDraw& Interface::ray(bool& changed) {
  State& s = *state_;
  changed = !s.fresh(Surface::ray) || !std::exchange(s.ray_drawn, true);
  if (!changed) return s.draw_of(Surface::ray);
  return s.sign(Surface::ray, kRayWidth_px, kRayHeight_px, [](Canvas& canvas) { draw_ray(canvas); });
}

const Target* hit(std::span<const Target> targets, glm::vec2 at) {
  const Target* found = nullptr;
  for (const Target& target : targets) {
    if (at.x >= target.low.x && at.x < target.high.x && at.y >= target.low.y && at.y < target.high.y) found = &target;
  }
  return found;
}

}  // namespace promenade::ui
