#pragma once
// After an evacuation: who was inside and what becomes of each, the question before it is done, and what was done.
// Pure; plain forms, no script; every button is reached by the keyboard and large enough for a finger.

#include <string>
#include <vector>

#include "ticketing/core/requests.h"
#include "ticketing/web/counter_pages.h"

namespace promenade::ticketing::web {

struct TwoNames {
  std::string_view zh, en;
};
TwoNames settlement_name(Settlement settlement);  // "已退款", "refunded"

struct EvacuatedRow {
  std::string ticket, title_zh, title_en;
  std::string scene;      // empty: no film had begun, or the hall did not say
  std::string seen;       // "3:20" of film seen; empty: none
  std::string price;      // "45.00 CNY"; empty: a ticket that cost nothing
  std::string kind_zh, kind_en;  // of a ticket that cost nothing
  Settlement settlement = Settlement::open;
  bool used = false;      // inside again
  std::string until;      // rebooked: local time until when the door takes it
};

struct Evacuated {
  std::string id, when;  // local
  std::vector<EvacuatedRow> rows;
};

struct EvacuationPage {
  CounterFrame frame;
  std::string date;
  std::vector<Evacuated> evacuations;  // the latest first
};
std::string evacuation_page(const EvacuationPage& page, Language language);

struct SettleQuestion {
  CounterFrame frame;
  std::string evacuation, date;
  Settlement settlement = Settlement::refund;
  std::vector<std::string> tickets;
  std::string total;  // "135.00 CNY", of a refund
  std::string idempotency_key, device_ts;
};
std::string settle_question_page(const SettleQuestion& page, Language language);

struct SettledRow {
  std::string ticket;
  bool done = false;
  std::string zh, en;  // what came of it
};
struct SettledPage {
  CounterFrame frame;
  std::string date;
  std::vector<SettledRow> rows;
  std::string total;  // given back by this
};
std::string settled_page(const SettledPage& page, Language language);

}  // namespace promenade::ticketing::web
