// One body without a headset: an attendant, whoever holds a viewer's hand, or somebody whom nobody knows.

#include "showcontrol/console/cards_view.h"
#include "showcontrol/console/parts.h"
#include "tracking/base/formatted.h"

namespace promenade::console {

void draw_body(Frame& frame, const protocol::BodyCard& body, ImVec2 at, ImVec2 extent) {
  frame.layout.says["chosen"] = "body-" + std::to_string(body.body.value());
  const Strings& w = frame.words;
  if (back_button(frame, at)) frame.ui.choose(BodyId{});
  const bool known = body.kind == protocol::Relation::staff || !body.beside.is_none();
  float y = at.y + size::kTouch + 14.0F;
  y += put_wrapped(frame, Face::large, {at.x, y}, colour::kText, name_of(frame, body), extent.x - 8.0F) + 8.0F;
  const double age = base::to_seconds(body.age);
  const std::string heard = age < 2.0 ? std::string(w.heard_now) : base::formatted_by(w.ago, minutes(age));
  put_text(frame, Face::body, {at.x, y}, colour::kDim, std::string(w.heard) + ": " + heard);
  y += 38.0F;
  Actions actions(frame, {at.x, y}, extent.x);
  if (frame.snapshot.summary.evacuate) {
    if (body.counted_out ? actions.tap("action-not-out", w.roll_not_out) : actions.tap("action-out", w.roll_is_out, loud(colour::kClear))) {
      frame.wish(protocol::CountOut{body.body, !body.counted_out});
    }
  }
  // A tagged body says by itself where it is.
  const bool confirmed = !body.tagged && (known ? actions.tap("action-remove", w.remove_body) : actions.hold("action-gone", w.confirm_gone, loud(colour::kPause)));
  if (confirmed) frame.wish(protocol::ConfirmBodyGone{body.body});
  y += actions.height() + 4.0F;
  answer(frame, newest_request(frame.snapshot, [&](const protocol::StaffAction& a) {
    if (const auto* out = std::get_if<protocol::CountOut>(&a)) return out->body == body.body;
    const auto* gone = std::get_if<protocol::ConfirmBodyGone>(&a);
    return gone != nullptr && gone->body == body.body;
  }), {at.x, y}, extent.x);
}

}  // namespace promenade::console
