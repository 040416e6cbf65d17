#include <catch2/catch_test_macros.hpp>

#include "showcontrol/rehearsal/clerk.h"

using namespace promenade;
using namespace promenade::rehearsal;

namespace {

class Shy final : public BoxOfficePort {  // away at first
 public:
  void ask(const ticketing::Request& request, Done done) override {
    keys.push_back(ticketing::head_of(request).idempotency_key);
    if (keys.size() <= away) return done(base::fail("box-office-away", "away"));
    ticketing::SaleAnswer answer;
    answer.tickets.resize(2);
    done(ticketing::Answer(answer));
  }
  std::size_t away = 2;
  std::vector<std::string> keys;
};

}  // namespace

TEST_CASE("What was not answered is asked again under its own key, and told once") {
  Shy office;
  Clerk clerk(office, "counter-1", base::UtcTime{});
  int told = 0;
  clerk.sell(base::FilmId("001100012026"), 2, ticketing::TicketKind::paid, 0.0, [&](const base::Result<ticketing::SaleAnswer>& answer) {
    REQUIRE(answer);
    CHECK(answer->tickets.size() == 2);
    ++told;
  });
  CHECK(clerk.unanswered() == 1);
  for (double t = 1.0; t < 20.0; t += 1.0) clerk.step(t);
  CHECK(told == 1);
  CHECK(clerk.unanswered() == 0);
  REQUIRE(office.keys.size() == 3);
  CHECK(office.keys[0] == office.keys[2]);
}

TEST_CASE("Each deed has a key of its own") {
  Shy office;
  office.away = 0;
  Clerk clerk(office, "counter-1", base::UtcTime{});
  const auto ignore = [](const base::Result<ticketing::SaleAnswer>&) {};
  clerk.sell(base::FilmId("001100012026"), 1, ticketing::TicketKind::paid, 0.0, ignore);
  clerk.sell(base::FilmId("001100012026"), 1, ticketing::TicketKind::comp, 0.0, ignore);
  CHECK(office.keys[0] != office.keys[1]);
}
