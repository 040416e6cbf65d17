#pragma once
// Halls as a console might hear of them, as messages: for the model's tests and for pictures that always look the same.

#include <string>
#include <vector>

#include "showcontrol/console/model.h"

namespace promenade::console_test {

using protocol::Message;

std::string venue_text();                                   // of venue-configs/wuxi-420
protocol::HallSummary summary(std::uint32_t sequence = 1);  // thirteen at play, three waiting
protocol::HeadsetCard idle_card(std::uint16_t number);
protocol::HeadsetCard playing_card(std::uint16_t number, tracking::HallPoint at, std::size_t film);
base::FilmId film_code(std::size_t place);

std::vector<Message> busy();          // welcome, films, a full hall
std::vector<Message> with_alarm();        // somebody has fallen, another is out of sight
std::vector<Message> closing();           // in 25 minutes: two films are too long by now, and a play ends after it
std::vector<Message> with_gaps();         // batteries that are not known, and a headset that is being changed
std::vector<Message> with_drift();        // drifted, untrusted, off his path, lifted; the fire contact cannot be read
std::vector<Message> with_children();     // 2 alone, 3 with headset 4, 5 with a parent at his hand
std::vector<Message> leading_out();       // the viewer of a silent headset, along a way that is kept free
std::vector<Message> evacuating();        // by the fire contact; 6 of 22 are out
std::vector<Message> after_evacuation();  // some films settled, most not
std::vector<Message> with_forecasts();    // what every play of `busy` will do, and who waits for whom: 6 for 4, 10 for a body, 14 for his turn
std::vector<Message> forecasts(double ago_s = 0.0);  // the plays of that alone, so much older or (negative) newer
std::vector<Message> stopped();       // the stop has ended; viewers wait to be released

// A model that is welcome and has heard all of it at `now_s`.
console::ConsoleModel heard(const std::vector<Message>& messages, double now_s);

}  // namespace promenade::console_test
