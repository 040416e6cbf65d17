// Evacuation of the hall: by staff, by the fire contact, by the button. It begins at once and only staff end it.

#include "showcontrol/hall/state.h"

namespace promenade::hall {

void Hall::State::begin_evacuation(std::string text, std::string code) {
  if (mode.evacuate) return;
  mode.evacuate = true;
  note(NoteKind::alarm, {}, {}, std::move(text), "Lead everybody out; hand back each headset.", std::move(code));
  // Everybody is told before anything is written down.
  for (auto& [id, visit] : visits) {
    visit.leading_out = true;
    evaluate(visit, headset_of(visit.headset));
  }
  for (auto& [id, headset] : headsets) {
    if (headset.is_connected()) send_state(headset);
  }
  save_mode();
  for (auto& [id, visit] : visits) save(visit);
}

base::Result<void> Hall::State::end_evacuation() {
  if (!mode.evacuate) return {};
  if (contacts.fire_contact == Contact::fire) {
    return base::fail("fire-contact-open", "The fire contact still says fire.", "Reset the fire alarm panel first, or have the contact's line mended.");
  }
  if (contacts.evacuate_button == Contact::fire) return base::fail("evacuate-button-pressed", "The evacuation button is still pressed.", "Release the button first.");
  mode.evacuate = false;
  save_mode();
  note(NoteKind::alarm, {}, {}, "The evacuation has ended.");
  for (auto& [id, visit] : visits) evaluate(visit, headset_of(visit.headset));
  for (auto& [id, headset] : headsets) {
    if (headset.is_connected()) send_state(headset);
  }
  return {};
}

base::Result<void> Hall::State::act(const protocol::SetEvacuation& action) {
  if (!action.evacuate) return end_evacuation();
  begin_evacuation("The hall is being evacuated.", {});
  return {};
}

void Hall::State::on(const ContactsRead& event) {
  const ContactsRead before = std::exchange(contacts, event);
  if (event.fire_contact == Contact::fire) begin_evacuation("The fire contact says fire: the hall is being evacuated.", "fire-contact");
  if (event.evacuate_button == Contact::fire) begin_evacuation("The evacuation button was pressed: the hall is being evacuated.", "evacuate-button");
  const auto watch = [this](Contact was, Contact is, std::string_view name, std::string_view code) {
    if (is == was) return;
    const std::string called(name);
    if (is == Contact::fault) {
      note(NoteKind::alarm, {}, {}, called + " cannot be read: it would not evacuate the hall.", "Watch for fire by eye and ear; have its line mended at once.", std::string(code));
    } else if (was == Contact::fault) {
      note(NoteKind::info, {}, {}, called + " can be read again.");
    } else if (was == Contact::fire) {
      note(NoteKind::info, {}, {}, called + " is at rest again: staff may end the evacuation.");
    }
  };
  watch(before.fire_contact, event.fire_contact, "The fire contact", "fire-contact-fault");
  watch(before.evacuate_button, event.evacuate_button, "The evacuation button", "evacuate-button-fault");
}

}  // namespace promenade::hall
