#include "showcontrol/drawing/canvas.h"

#include <cairo.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <numbers>

#include "tracking/base/assert.h"

namespace promenade::drawing {
namespace {

constexpr const char* kFont = "Noto Sans CJK SC";
constexpr double kSideMax = 8000.0;
constexpr double kPointsPerMillimetre = 72.0 / 25.4;

template <class Handle, void (*kFree)(Handle*)>
struct Freed {
  void operator()(Handle* handle) const { kFree(handle); }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_t, cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Freed<cairo_t, cairo_destroy>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Freed<cairo_font_options_t, cairo_font_options_destroy>>;

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int size) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

enum class Format : std::uint8_t { svg, png, pdf };

// Cairo numbers the parts of an SVG through all drawings of a process; here each drawing begins anew, so that the same
// calls give the same bytes.
std::string renumbered(const std::string& svg) {
  std::map<std::string, std::string> names;  // "clip-17" -> "clip-2"
  std::map<std::string, int> counts;
  const auto name_at = [&svg](std::size_t from) {
    std::size_t end = from;
    while (end < svg.size() && (std::isalnum(static_cast<unsigned char>(svg[end])) != 0 || svg[end] == '-')) ++end;
    return svg.substr(from, end - from);
  };
  for (std::size_t at = svg.find("id=\""); at != std::string::npos; at = svg.find("id=\"", at + 4)) {
    const std::string name = name_at(at + 4);
    const std::size_t dash = name.rfind('-');
    if (dash == std::string::npos || names.contains(name) || name.find_first_not_of("0123456789", dash + 1) != std::string::npos) continue;
    const std::string kind = name.substr(0, dash + 1);
    names[name] = kind + std::to_string(counts[kind]++);
  }
  std::string out;
  out.reserve(svg.size());
  for (std::size_t at = 0; at < svg.size();) {
    const bool defines = svg.compare(at, 4, "id=\"") == 0, uses = svg[at] == '#';
    if (!defines && !uses) {
      out += svg[at++];
      continue;
    }
    out.append(svg, at, defines ? 4 : 1);
    at += defines ? 4 : 1;
    const std::string name = name_at(at);
    const auto found = names.find(name);
    out += found == names.end() ? name : found->second;
    at += name.size();
  }
  return out;
}

}  // namespace

struct Canvas::State {
  Format format = Format::svg;
  std::string bytes;  // the surface writes here: it goes after the surface, and never moves
  Surface surface;
  Context context;
  int clips = 0;
  bool out_of_memory = false;

  cairo_t* at() const { return context.get(); }
  void use(const Colour& colour) const { cairo_set_source_rgba(at(), colour.red, colour.green, colour.blue, colour.alpha); }
  void use(const Stroke& stroke) const {
    use(stroke.colour);
    cairo_set_line_width(at(), stroke.width);
    cairo_set_dash(at(), stroke.dash.data(), static_cast<int>(stroke.dash.size()), 0.0);
    cairo_set_line_cap(at(), stroke.round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(at(), stroke.round ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER);
  }
  void use_font(double size, bool bold) const {
    cairo_select_font_face(at(), kFont, CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(at(), size);
  }
  void trace(std::span<const Point> points, bool closed) const {
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i == 0) cairo_move_to(at(), points[i].x, points[i].y);
      else cairo_line_to(at(), points[i].x, points[i].y);
    }
    if (closed) cairo_close_path(at());
  }
  void trace(std::span<const std::vector<Point>> outlines) const {
    for (const std::vector<Point>& outline : outlines) trace(outline, true);
  }
  void trace_rectangle(Point corner, double width, double height, double radius) const {
    radius = std::min({radius, width / 2.0, height / 2.0});
    if (radius <= 0.0) {
      cairo_rectangle(at(), corner.x, corner.y, width, height);
      return;
    }
    constexpr double kQuarter = std::numbers::pi / 2.0;
    cairo_new_sub_path(at());
    cairo_arc(at(), corner.x + width - radius, corner.y + radius, radius, -kQuarter, 0.0);
    cairo_arc(at(), corner.x + width - radius, corner.y + height - radius, radius, 0.0, kQuarter);
    cairo_arc(at(), corner.x + radius, corner.y + height - radius, radius, kQuarter, 2.0 * kQuarter);
    cairo_arc(at(), corner.x + radius, corner.y + radius, radius, 2.0 * kQuarter, 3.0 * kQuarter);
    cairo_close_path(at());
  }
  void sharp_pixels(const Image& image, Point corner, double width, double height) const;
  void smooth_pixels(const Image& image, Point corner, double width, double height);

  // Letters are outlines at their true places, not fitted to a screen's pixels: SVG, PNG and PDF agree.
  void begin() {
    context.reset(cairo_create(surface.get()));
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(at(), options.get());
    cairo_set_fill_rule(at(), CAIRO_FILL_RULE_EVEN_ODD);
  }
};

Canvas::Canvas(std::unique_ptr<State> state) : state_(std::move(state)) {}
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;
Canvas::~Canvas() = default;

Canvas Canvas::svg(double width, double height) {
  PROMENADE_ASSERT(width > 0.0 && width <= kSideMax && height > 0.0 && height <= kSideMax);
  auto state = std::make_unique<State>();
  state->format = Format::svg;
  state->surface.reset(cairo_svg_surface_create_for_stream(append, &state->bytes, width, height));
  cairo_svg_surface_set_document_unit(state->surface.get(), CAIRO_SVG_UNIT_PX);
  state->begin();
  return Canvas(std::move(state));
}

Canvas Canvas::png(double width, double height, double scale) {
  PROMENADE_ASSERT(width * scale >= 1.0 && width * scale <= kSideMax && height * scale >= 1.0 && height * scale <= kSideMax);
  auto state = std::make_unique<State>();
  state->format = Format::png;
  const int pixels_x = static_cast<int>(std::lround(width * scale)), pixels_y = static_cast<int>(std::lround(height * scale));
  state->surface.reset(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, pixels_x, pixels_y));
  cairo_surface_set_device_scale(state->surface.get(), scale, scale);
  state->begin();
  return Canvas(std::move(state));
}

Canvas Canvas::pdf(double width_mm, double height_mm, const PdfInfo& info) {
  PROMENADE_ASSERT(width_mm > 0.0 && width_mm <= kSideMax && height_mm > 0.0 && height_mm <= kSideMax);
  auto state = std::make_unique<State>();
  state->format = Format::pdf;
  state->surface.reset(
      cairo_pdf_surface_create_for_stream(append, &state->bytes, width_mm * kPointsPerMillimetre, height_mm * kPointsPerMillimetre));
  cairo_pdf_surface_restrict_to_version(state->surface.get(), CAIRO_PDF_VERSION_1_4);  // what old printers' software reads, too
  cairo_pdf_surface_set_metadata(state->surface.get(), CAIRO_PDF_METADATA_TITLE, info.title.c_str());
  cairo_pdf_surface_set_metadata(state->surface.get(), CAIRO_PDF_METADATA_AUTHOR, info.author.c_str());
  if (!info.created.empty()) cairo_pdf_surface_set_metadata(state->surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, info.created.c_str());
  state->begin();
  cairo_scale(state->at(), kPointsPerMillimetre, kPointsPerMillimetre);
  return Canvas(std::move(state));
}

void Canvas::next_page() {
  PROMENADE_ASSERT(state_->format == Format::pdf);
  cairo_show_page(state_->at());
}

void Canvas::fill(std::span<const Point> outline, const Colour& colour) {
  state_->use(colour);
  state_->trace(outline, true);
  cairo_fill(state_->at());
}

void Canvas::fill(std::span<const std::vector<Point>> outlines, const Colour& colour) {
  state_->use(colour);
  state_->trace(outlines);
  cairo_fill(state_->at());
}

void Canvas::line(std::span<const Point> points, const Stroke& stroke, bool closed) {
  state_->use(stroke);
  state_->trace(points, closed);
  cairo_stroke(state_->at());
}

void Canvas::line(Point from, Point to, const Stroke& stroke) { line(std::vector<Point>{from, to}, stroke); }

void Canvas::rectangle(Point corner, double width, double height, const Colour& colour, double corner_radius) {
  state_->use(colour);
  state_->trace_rectangle(corner, width, height, corner_radius);
  cairo_fill(state_->at());
}

void Canvas::frame(Point corner, double width, double height, const Stroke& stroke, double corner_radius) {
  state_->use(stroke);
  state_->trace_rectangle(corner, width, height, corner_radius);
  cairo_stroke(state_->at());
}

void Canvas::disc(Point centre, double radius, const Colour& colour) {
  state_->use(colour);
  cairo_arc(state_->at(), centre.x, centre.y, radius, 0.0, 2.0 * std::numbers::pi);
  cairo_fill(state_->at());
}

void Canvas::ring(Point centre, double radius, const Stroke& stroke) {
  state_->use(stroke);
  cairo_new_sub_path(state_->at());
  cairo_arc(state_->at(), centre.x, centre.y, radius, 0.0, 2.0 * std::numbers::pi);
  cairo_close_path(state_->at());
  cairo_stroke(state_->at());
}

void Canvas::image(const Image& image, Point corner, double width, double height, bool smooth) {
  PROMENADE_ASSERT(image.width > 0 && image.height > 0 &&
                   image.rgba.size() == static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 4);
  if (smooth) state_->smooth_pixels(image, corner, width, height);
  else state_->sharp_pixels(image, corner, width, height);
}

// Whatever has one colour is filled as one shape, so that no reader shows seams between its pixels.
void Canvas::State::sharp_pixels(const Image& image, Point corner, double width, double height) const {
  struct Run {
    int row, from, to;
  };
  std::map<std::array<std::uint8_t, 4>, std::vector<Run>> shapes;
  for (int row = 0; row < image.height; ++row) {
    const std::uint8_t* pixels = image.rgba.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) * 4;
    for (int from = 0; from < image.width;) {
      const std::uint8_t* one = pixels + 4 * from;
      int to = from + 1;
      while (to < image.width && std::equal(one, one + 4, pixels + 4 * to)) ++to;
      if (one[3] != 0) shapes[{one[0], one[1], one[2], one[3]}].push_back({row, from, to});
      from = to;
    }
  }
  const double step_x = width / image.width, step_y = height / image.height;
  cairo_set_fill_rule(at(), CAIRO_FILL_RULE_WINDING);
  for (const auto& [pixel, runs] : shapes) {
    use(Colour{pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0, pixel[3] / 255.0});
    for (const Run& run : runs) cairo_rectangle(at(), corner.x + run.from * step_x, corner.y + run.row * step_y, (run.to - run.from) * step_x, step_y);
    cairo_fill(at());
  }
  cairo_set_fill_rule(at(), CAIRO_FILL_RULE_EVEN_ODD);
}

void Canvas::State::smooth_pixels(const Image& image, Point corner, double width, double height) {
  const Surface pixels(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image.width, image.height));
  if (cairo_surface_status(pixels.get()) != CAIRO_STATUS_SUCCESS) {
    out_of_memory = true;
    return;
  }
  cairo_surface_flush(pixels.get());
  unsigned char* rows = cairo_image_surface_get_data(pixels.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(pixels.get()));
  for (int row = 0; row < image.height; ++row) {
    auto* out = reinterpret_cast<std::uint32_t*>(rows + static_cast<std::size_t>(row) * stride);
    for (int column = 0; column < image.width; ++column) {
      const std::uint8_t* in = image.rgba.data() + (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(column)) * 4;
      const auto with_alpha = [&](std::uint8_t part) { return (static_cast<std::uint32_t>(part) * in[3] + 127) / 255; };
      out[column] = (static_cast<std::uint32_t>(in[3]) << 24) | (with_alpha(in[0]) << 16) | (with_alpha(in[1]) << 8) | with_alpha(in[2]);
    }
  }
  cairo_surface_mark_dirty(pixels.get());
  cairo_save(at());
  cairo_translate(at(), corner.x, corner.y);
  cairo_scale(at(), width / image.width, height / image.height);
  cairo_set_source_surface(at(), pixels.get(), 0.0, 0.0);
  cairo_pattern_set_filter(cairo_get_source(at()), CAIRO_FILTER_GOOD);
  cairo_rectangle(at(), 0.0, 0.0, image.width, image.height);
  cairo_fill(at());
  cairo_restore(at());
}

double Canvas::text(Point at, std::string_view words, const TextStyle& style) {
  const std::string line(words);
  const double width = text_width(words, style.size, style.bold);
  const double shift = style.align == Align::left ? 0.0 : style.align == Align::middle ? -width / 2.0 : -width;
  cairo_t* context = state_->at();
  cairo_save(context);
  cairo_translate(context, at.x, at.y);
  if (style.turn_rad != 0.0) cairo_rotate(context, style.turn_rad);
  state_->use_font(style.size, style.bold);
  if (style.halo > 0.0) {
    cairo_move_to(context, shift, 0.0);
    cairo_text_path(context, line.c_str());
    state_->use(Stroke{style.halo_colour, 2.0 * style.halo, {}, true});
    cairo_stroke(context);
  }
  state_->use(style.colour);
  cairo_move_to(context, shift, 0.0);
  cairo_show_text(context, line.c_str());
  cairo_new_path(context);
  cairo_restore(context);
  return width;
}

double Canvas::text_width(std::string_view words, double size, bool bold) {
  const std::string line(words);
  state_->use_font(size, bold);
  cairo_text_extents_t extents{};
  cairo_text_extents(state_->at(), line.c_str(), &extents);
  return extents.x_advance;
}

void Canvas::clip(std::span<const std::vector<Point>> outlines) {
  cairo_save(state_->at());
  ++state_->clips;
  state_->trace(outlines);
  cairo_clip(state_->at());
}

void Canvas::unclip() {
  PROMENADE_ASSERT(state_->clips > 0);
  --state_->clips;
  cairo_restore(state_->at());
}

base::Result<std::string> Canvas::finish() {
  PROMENADE_ASSERT(state_ != nullptr && state_->clips == 0);
  const std::unique_ptr<State> state = std::move(state_);
  cairo_status_t status = state->out_of_memory ? CAIRO_STATUS_NO_MEMORY : cairo_status(state->at());
  state->context.reset();
  if (status == CAIRO_STATUS_SUCCESS && state->format == Format::png) {
    status = cairo_surface_write_to_png_stream(state->surface.get(), append, &state->bytes);
  }
  cairo_surface_finish(state->surface.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(state->surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    return base::fail("drawing-failed", std::string("The picture could not be drawn: ") + cairo_status_to_string(status) + ".",
                      "Free memory, or ask for a smaller picture.");
  }
  return state->format == Format::svg ? renumbered(state->bytes) : std::move(state->bytes);
}

}  // namespace promenade::drawing
