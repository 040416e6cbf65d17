#include "ticketing/web/counter_pages.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "tests/ticketing_api/office_fixture.h"
#include "ticketing/web/names.h"
#include "ticketing/web/qr.h"
#include "ticketing/web/report_page.h"

using namespace promenade;
using namespace promenade::ticketing;
using namespace promenade::ticketing::tests;
using nlohmann::json;

namespace {

base::http::Headers signed_in(const std::string& key) { return {{"Cookie", "a=b; promenade_key=" + key}}; }

std::string value_of(const std::string& html, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = html.find(mark);
  if (at == std::string::npos) return {};
  return html.substr(at + mark.size(), html.find('"', at + mark.size()) - at - mark.size());
}
}  // namespace

TEST_CASE("pages lead to sign-in, and a right key opens them") {
  OfficeFixture office;
  auto client = office.client("");
  const auto away = client.get("/sell?lang=en").value();
  CHECK(away.status == 303);
  CHECK(away.header("location") == "/sign-in?next=%2Fsell%3Flang%3Den");
  CHECK(client.get("/sign-in?lang=zh")->body.contains("登录"));
  CHECK(client.post("/sign-in", "key=pk_wrong&next=/sell", kForm)->status == 401);
  const auto in = client.post("/sign-in", "next=/sell&key=" + office.all, kForm).value();
  CHECK(in.status == 303);
  CHECK(in.header("location") == "/sell");
  CHECK(in.header("set-cookie")->contains("HttpOnly"));
  CHECK(in.header("set-cookie")->contains("SameSite=Strict"));
  CHECK(client.post("/sign-in", "next=//evil.example/&key=" + office.all, kForm)->header("location") == "/sell");
  CHECK(client.get("/sell", signed_in(office.all))->status == 200);
  CHECK(client.get("/sell", signed_in(office.reader))->status == 403);
}

TEST_CASE("a key for the door alone signs in, and gets to the door") {
  OfficeFixture office;
  auto client = office.client("");
  const auto in = client.post("/sign-in", "next=/sell%3Flang=en&key=" + office.door, kForm).value();
  CHECK(in.status == 303);
  CHECK(in.header("location") == "/door?lang=en");
  const std::string cookie(in.header("set-cookie").value_or(""));
  const base::http::Headers page{{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Promenade-Page", "1"}};
  CHECK(client.get("/door", page)->status == 200);
  CHECK(client.get("/sell", page)->status == 403);
  for (const char* asked : {"/v1/venue", "/v1/films"}) CHECK(client.get(asked, page)->status == 200);
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}}));
  CHECK(client.post("/v1/redemptions", office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"door", true}}).dump(), "application/json", page)->status == 201);
  CHECK(client.post("/sign-in", "next=/sell&key=" + office.reader, kForm)->header("location") == "/report");
  CHECK(client.post("/sign-in", "next=/report&key=" + office.all, kForm)->header("location") == "/report");
}

TEST_CASE("pages are limited too: by address for who shows no key, by key else") {
  OfficeFixture office(sample_config(), 1024, {}, std::nullopt, [](api::ServiceOptions& options) {
    options.page_rate = {1, 4};
    options.stranger_rate = {1, 4};
  });
  auto client = office.client("");
  const auto refused = [&](const char* path, const base::http::Headers& headers) {
    int count = 0;
    for (int i = 0; i < 12; ++i) {
      const auto answer = client.get(path, headers).value();
      if (answer.status != 429) continue;
      ++count;
      CHECK(answer.header("retry-after") == "1");
    }
    return count;
  };
  CHECK(refused("/sign-in", {}) >= 5);
  CHECK(client.post("/sign-in", "key=guess", kForm)->status == 429);
  CHECK(client.get("/assets/common.js")->status == 429);
  CHECK(client.get("/report", signed_in("pk_guess"))->status == 429);
  CHECK(client.get("/v1/venue")->status == 429);  // one bucket for all that a stranger asks
  CHECK(refused("/report/2026-05-01", signed_in(office.all)) >= 5);
  CHECK(refused("/evacuations", signed_in(office.all)) >= 5);
  CHECK(client.get("/report/2026-05-01", signed_in(office.reader))->status == 200);
}

TEST_CASE("who has no key yet does not reach the writer") {
  OfficeFixture office;
  auto client = office.client("");
  CHECK(client.get("/sign-in?lang=en")->body.contains("Test &lt;Venue&gt; &amp; Co"));
  office.desk->stop();
  CHECK(client.get("/sign-in")->status == 200);
  CHECK(client.post("/sign-in", "key=pk_wrong", kForm)->status == 401);
}

TEST_CASE("the working pages are frames for scripts of our own, and ask this server alone") {
  OfficeFixture office;
  auto client = office.client("");
  for (const char* path : {"/sell", "/tickets", "/door"}) {
    const auto page = client.get(std::string(path) + "?lang=en", signed_in(office.all)).value();
    REQUIRE(page.status == 200);
    CHECK(page.body.contains("Test &lt;Venue&gt; &amp; Co"));
    CHECK(page.header("content-security-policy")->contains("default-src 'none'; script-src 'self'"));
    CHECK_FALSE(page.body.contains("http://"));
    CHECK_FALSE(page.body.contains("https://"));
    for (auto at = page.body.find("/assets/"); at != std::string::npos; at = page.body.find("/assets/", at + 1)) {
      const auto asset = client.get(page.body.substr(at, page.body.find('"', at) - at)).value();
      CHECK(asset.status == 200);
      CHECK(asset.content_type.starts_with("text/"));
      CHECK_FALSE(asset.body.contains("http://"));
      CHECK_FALSE(asset.body.contains("https://"));
      CHECK_FALSE(asset.body.contains("innerHTML"));
    }
  }
  CHECK(client.get("/assets/none.js")->status == 404);
  CHECK(client.get("/door", signed_in(office.hall))->status == 200);
  CHECK(client.get("/sell", signed_in(office.hall))->status == 403);
}

TEST_CASE("a page's script sells by the cookie; another site's page and a bare cookie do not") {
  OfficeFixture office;
  auto client = office.client("");
  auto page = signed_in(office.all);
  page["Promenade-Page"] = "1";
  const json body = office.body({{"film", kWalk}, {"count", 2}});
  const auto sold = client.post("/v1/sales", body.dump(), "application/json", page).value();
  REQUIRE(sold.status == 201);
  CHECK(client.post("/v1/sales", body.dump(), "application/json", page)->body == sold.body);
  CHECK(office.get("/v1/reports/days/2026-05-01")["totals"]["sold"] == 2);
  const json other = office.body({{"film", kWalk}});
  CHECK(client.post("/v1/sales", other.dump(), "application/json", signed_in(office.all))->status == 401);
  page["Origin"] = "http://evil.example";
  CHECK(client.post("/v1/sales", other.dump(), "application/json", page)->status == 403);
  const auto refused = office.post("/v1/sales", office.body({{"film", kWalk}, {"ticket_kind", "comp"}}), office.all);
  CHECK(json::parse(refused.body)["detail_zh"] == "非全价票必须填写原因。");
}

TEST_CASE("tickets are printed together, and each has its QR code as a picture while it opens the door") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}, {"count", 2}}));
  const std::string first = sale["tickets"][0]["code"], second = sale["tickets"][1]["code"];
  auto client = office.client("");
  const auto sheet = client.get("/print?lang=en&codes=" + first + "," + second + ",1111111111111111", signed_in(office.all)).value();
  CHECK(sheet.status == 200);
  CHECK(sheet.body.contains(web::qr_svg(sale["tickets"][0]["token"].get<std::string>(), "Ticket QR code " + first).value()));
  CHECK_FALSE(sheet.body.contains("<nav"));
  CHECK(client.get("/print?codes=1111111111111111", signed_in(office.all))->status == 404);
  const auto qr = client.get("/tickets/" + second + "/qr.svg", signed_in(office.all)).value();
  CHECK(qr.content_type == "image/svg+xml");
  CHECK(qr.body == web::qr_svg(sale["tickets"][1]["token"].get<std::string>(), second).value());
  CHECK(client.get("/tickets/" + second + "/qr.svg")->status == 303);
  office.made("/v1/refunds", office.body({{"ticket", second}}));
  CHECK(client.get("/tickets/" + second + "/qr.svg", signed_in(office.all))->status == 404);
}

TEST_CASE("a ticket's page shows the same QR code as the sale, until it is used") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}}));
  const std::string code = sale["tickets"][0]["code"], token = sale["tickets"][0]["token"];
  auto client = office.client("");
  const auto page = client.get("/tickets/" + code + "?lang=en", signed_in(office.all)).value();
  const std::string svg = web::qr_svg(token, "x").value();
  const std::string path = svg.substr(svg.find(" d=\""), svg.find("fill=\"#000\"") - svg.find(" d=\""));
  CHECK(page.body.contains(path));
  CHECK(page.body.contains("Valid"));
  office.made("/v1/redemptions", office.body({{"token", token}, {"hall", "hall-a"}}));
  const auto used = client.get("/tickets/" + code + "?lang=zh", signed_in(office.all)).value();
  CHECK_FALSE(used.body.contains(path));
  CHECK(used.body.contains("已检票"));
  CHECK(client.get("/tickets/1111111111111111", signed_in(office.all))->status == 404);
}

TEST_CASE("the report page says the report's numbers, in both languages and as a saved copy") {
  OfficeFixture office;
  office.whole_visit(kWalk, 1);
  office.made("/v1/sales", office.body({{"film", kSit}}));
  auto client = office.client(office.reader);
  const auto english = client.get("/report/2026-05-01?lang=en").value();
  REQUIRE(english.status == 200);
  CHECK(english.body.contains("<dt>Sold</dt><dd>2</dd>"));
  CHECK(english.body.contains("<dt>Redeemed</dt><dd>1</dd>"));
  CHECK(english.body.contains("<dt>Played</dt><dd>1</dd>"));
  CHECK(english.body.contains("75.00"));
  CHECK(english.body.contains("unknown"));
  CHECK(english.body.contains("Friday, 1 May 2026"));
  const auto chinese = client.get("/report/2026-05-01", {{"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"}}).value();
  CHECK(chinese.body.contains("2026年5月1日"));
  CHECK(chinese.body.contains("已售"));
  const auto saved = client.get("/report/2026-05-01.html?lang=en").value();
  CHECK_FALSE(saved.body.contains("<nav"));
  CHECK_FALSE(saved.body.contains("href=\"/"));
  CHECK(client.get("/report/2026-05-01.csv")->body.starts_with("\xEF\xBB\xBF"));
  CHECK(client.get("/report")->header("location") == "/report/2026-05-01");
}

TEST_CASE("the report page judges each screening, and leads by its tickets to the ledger's events") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kSit}, {"count", 2}}));
  for (const json& ticket : sale["tickets"]) office.made("/v1/redemptions", office.body({{"token", ticket["token"]}, {"hall", "hall-a"}, {"headset", 1}}));
  office.made("/v1/observations", office.body({{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", to_text(office.now() - std::chrono::minutes(5))}, {"to", to_text(office.now() + std::chrono::minutes(5))}, {"known", true}, {"entered", 5}, {"left", 0}}));
  const json found = office.get("/v1/reconciliation/2026-05-01");
  CHECK(found["verdicts"][0]["agreement"] == "disagrees");
  CHECK(std::ranges::any_of(found["discrepancies"], [](const json& d) { return d["code"] == "screening-disagrees" && d["count"] == 3; }));
  auto client = office.client("");
  const std::string code = sale["tickets"][0]["code"];
  const auto english = client.get("/report/2026-05-01?lang=en", signed_in(office.all))->body;
  CHECK(english.contains("Screening by screening"));
  CHECK(english.contains("3 more went in than were let in."));
  CHECK(english.contains("<a href=\"/tickets/" + code + "?lang=en\">"));
  CHECK(client.get("/report/2026-05-01?lang=zh", signed_in(office.all))->body.contains("入场比检票多 3。"));
  CHECK_FALSE(client.get("/report/2026-05-01.html?lang=en", signed_in(office.all))->body.contains("href=\"/"));
  const auto ticket = client.get("/tickets/" + code + "?lang=en", signed_in(office.all))->body;
  CHECK(ticket.contains("Events in the ledger"));
  CHECK(ticket.contains("<th scope=\"row\">#" + std::to_string(sale["seq"].get<int>()) + "</th>"));
  CHECK(client.get("/tickets/" + code + "?lang=zh", signed_in(office.all))->body.contains("检票</td>"));
}

TEST_CASE("why bodies are unknown is said in the page's language") {
  const auto page_of = [](OfficeFixture& office) { return office.client("").get("/report/2026-05-01?lang=zh", signed_in(office.all))->body; };
  const auto seen = [](OfficeFixture& office, std::chrono::minutes from, std::chrono::minutes to, const json& more = json::object()) {
    json body{{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", to_text(office.now() + from)}, {"to", to_text(office.now() + to)}, {"known", true}, {"entered", 2}, {"left", 0}};
    body.update(more);
    if (!body["known"]) body.erase("entered"), body.erase("left");
    office.made("/v1/observations", office.body(body));
  };
  using std::chrono::minutes;
  {
    OfficeFixture office;
    office.whole_visit(kWalk, 1);
    CHECK(page_of(office).contains("人数未知：门口计数器 door-1 尚未上报。"));
    CHECK_FALSE(page_of(office).contains("door counter"));
    CHECK(office.client("").get("/report/2026-05-01?lang=en", signed_in(office.all))->body.contains("Bodies are unknown: door counter door-1 has not reported."));
    seen(office, minutes(10), minutes(20));
    CHECK(page_of(office).contains("人数未知：门口计数器 door-1 没有 2026-05-01 12:00:00 的记录。"));
    CHECK_FALSE(page_of(office).contains("door counter"));
  }
  {
    OfficeFixture office;
    office.whole_visit(kWalk, 1);
    office.whole_visit(kSit, 2);
    seen(office, minutes(-5), minutes(5));
    CHECK(page_of(office).contains("人数未知：门口计数器 door-1 自 2026-05-01 11:55:00 起的一段记录含 2 个场次。"));
    CHECK_FALSE(page_of(office).contains("door counter"));
  }
  {
    OfficeFixture office;
    office.whole_visit(kWalk, 1);
    seen(office, minutes(-5), minutes(5), {{"known", false}, {"reason", "cable: cut"}});
    CHECK(page_of(office).contains("人数未知：门口计数器 door-1 自 2026-05-01 11:55:00 起停用：cable: cut。"));
    CHECK_FALSE(page_of(office).contains("door counter"));
  }
  CHECK(web::bodies_reason("the hall has no door counter", web::Wording(web::Language::zh)) == "该影厅没有门口计数器");
}

TEST_CASE("SQL and scripts in any text are text: refused, or shown as they were written") {
  const std::string evil = "<script>hacked()</script>\"'; DROP TABLE tickets;--";
  Config config = sample_config();
  config.name_zh = config.name_en = evil;
  config.halls[0].name_zh = config.halls[0].name_en = evil;
  for (FilmEntry& film : config.films) film.title_zh = film.title_en = evil;
  config.discounts[0].name_zh = config.discounts[0].name_en = evil;
  config.vouchers[0].name_zh = config.vouchers[0].name_en = evil;
  OfficeFixture office(config);
  const auto tries = [&](const std::string& path, json body) {
    const auto answer = office.post(path, office.body(std::move(body)), office.all);
    INFO(path << ": " << answer.body);
    CHECK((answer.status == 201 || answer.status == 200 || (answer.status >= 400 && answer.status < 500)));
    return answer.status;
  };
  const json sale = office.made("/v1/sales", office.body({{"film", kSit}, {"count", 3}, {"discount", "pupil"}}));
  const json redemption = office.made("/v1/redemptions", office.body({{"token", sale["tickets"][0]["token"]}, {"hall", "hall-a"}, {"headset", 1}, {"actor", evil}}));
  const std::string package(64, 'a');
  const json grant = office.made("/v1/grants", office.body({{"redemption", redemption["redemption"]}, {"headset", 1}, {"film", kSit}, {"package_hash", package}, {"play", "hall-a-1-1"}}));
  office.made("/v1/plays", office.body({{"kind", "play_started"}, {"play", "hall-a-1-1"}, {"grant", grant["grant"]}, {"film", kSit}, {"package_hash", package}, {"headset", 1}, {"start", to_text(office.now())}}));
  json end{{"kind", "play_ended"}, {"play", "hall-a-1-1"}, {"completed", false}, {"reason", "evacuated"}, {"evacuation", evil}, {"scene", evil}, {"end", to_text(office.now())},
           {"worn_share", 0.97}, {"moved", true}, {"interruptions", 1}, {"swaps", 0}};
  CHECK(tries("/v1/plays", end) == 400);
  end["evacuation"] = "alarm-1";
  CHECK(tries("/v1/plays", end) == 201);
  tries("/v1/plays", {{"kind", "play_ended"}, {"play", "hall-a-1-1"}, {"completed", false}, {"reason", evil}, {"end", to_text(office.now())}, {"worn_share", 0.5}, {"moved", true}, {"interruptions", 0}, {"swaps", 0}});
  CHECK(tries("/v1/observations", {{"sensor", "door-1"}, {"hall", "hall-a"}, {"from", to_text(office.now())}, {"to", to_text(office.now() + std::chrono::minutes(1))}, {"known", false}, {"reason", evil}}) == 201);
  tries("/v1/refunds", {{"ticket", sale["tickets"][1]["code"]}, {"reason", evil}, {"supervisor", evil}});
  tries("/v1/sales", {{"film", kSit}, {"ticket_kind", "comp"}, {"reason", evil}});
  tries("/v1/sales", {{"film", evil}});
  tries("/v1/sales", {{"film", kSit}, {"discount", evil}});
  tries("/v1/sales", {{"film", kSit}, {"voucher", "gift"}, {"voucher_codes", json::array({evil})}});
  tries("/v1/reservations", {{"film", kSit}, {"count", 1}, {"name", evil}});
  tries("/v1/gates", {{"gate", 1}, {"device", evil}});
  tries("/v1/national/approvals", {{"date", "2026-05-01"}, {"reference", evil}, {"granted", to_text(office.now())}, {"supervisor", evil}});
  json named = office.body({{"film", kSit}});
  named["device"] = named["actor"] = evil;
  CHECK(office.post("/v1/sales", named, office.all).status < 500);
  office.set_now("2026-05-10T04:00:00Z");  // the national records of the day need an approval by now
  tries("/v1/national/approvals", {{"date", "2026-05-01"}, {"reference", evil}, {"granted", to_text(office.now())}, {"supervisor", evil}});
  auto client = office.client("");
  const std::string code = sale["tickets"][0]["code"];
  const std::vector<std::string> paths{"/report/2026-05-01", "/report/2026-05-01.html", "/evacuations", "/evacuations?date=2026-05-01", "/tickets/" + code, "/print?codes=" + code, "/sell", "/door", "/tickets"};
  for (const std::string& path : paths) {
    for (const char* language : {"zh", "en"}) {
      const auto page = client.get(path + (path.contains('?') ? "&" : "?") + "lang=" + language, signed_in(office.all)).value();
      INFO(path << " " << language);
      CHECK(page.status == 200);
      CHECK_FALSE(page.body.contains("<script>hacked"));
      CHECK_FALSE(page.body.contains("</script>\"'"));
    }
  }
  CHECK(client.get("/report/2026-05-01?lang=en", signed_in(office.all))->body.contains("&lt;script&gt;hacked()&lt;/script&gt;&quot;&#39;; DROP TABLE tickets;--"));
  CHECK(office.get("/v1/films")["films"][0]["title_en"] == evil);
  CHECK(office.get("/v1/tickets/" + code)["ticket"] == code);  // the table is there
  CHECK(office.made("/v1/sales", office.body({{"film", kSit}}))["tickets"].size() == 1);
}

TEST_CASE("after an evacuation the clerk refunds and rebooks by plain forms, once however often they are sent") {
  OfficeFixture office;
  const json sale = office.made("/v1/sales", office.body({{"film", kWalk}, {"count", 2}}));
  std::vector<std::string> codes;
  for (int i = 0; i < 2; ++i) {
    const json ticket = sale["tickets"][static_cast<std::size_t>(i)];
    codes.push_back(ticket["code"]);
    const json redemption = office.made("/v1/redemptions", office.body({{"token", ticket["token"]}, {"hall", "hall-a"}, {"headset", i + 1}}));
    const std::string play = "hall-a-1-" + std::to_string(i + 1), package(64, 'a');
    const json grant = office.made("/v1/grants", office.body({{"redemption", redemption["redemption"]}, {"headset", i + 1}, {"film", kWalk}, {"package_hash", package}, {"play", play}}));
    office.made("/v1/plays", office.body({{"kind", "play_started"}, {"play", play}, {"grant", grant["grant"]}, {"film", kWalk}, {"package_hash", package}, {"headset", i + 1}, {"start", to_text(office.now())}}));
    office.made("/v1/plays", office.body({{"kind", "play_ended"}, {"play", play}, {"completed", false}, {"reason", "evacuated"}, {"evacuation", "hall-a-evacuation-1"}, {"scene", "2"},
                                          {"end", to_text(office.now() + std::chrono::seconds(65))}, {"worn_share", 0.97}, {"moved", true}, {"interruptions", 1}, {"swaps", 0}}));
  }
  auto client = office.client("");
  CHECK(office.get("/v1/counter")["evacuated_open"] == 2);
  const auto list = client.get("/evacuations?lang=en", signed_in(office.all)).value();
  REQUIRE(list.status == 200);
  CHECK(list.body.contains("Refund all open"));
  CHECK(list.body.contains("1:05"));
  CHECK_FALSE(list.body.contains("<script"));
  CHECK(client.get("/evacuations?lang=zh", signed_in(office.all))->body.contains("全部退款"));
  CHECK(client.get("/evacuations", signed_in(office.reader))->status == 403);
  const auto ask = client.get("/evacuations/settle?lang=en&settlement=refund&evacuation=hall-a-evacuation-1&tickets=" + codes[0], signed_in(office.all)).value();
  CHECK(ask.body.contains("45.00 CNY"));
  const auto form = [&](const std::string& settlement, const std::string& tickets) {
    return "evacuation=hall-a-evacuation-1&date=2026-05-01&supervisor=eva&settlement=" + settlement + "&tickets=" + tickets + "&idempotency_key=" +
           value_of(ask.body, "idempotency_key") + "&device_ts=" + base::http::url_encode(value_of(ask.body, "device_ts"));
  };
  const auto done = client.post("/evacuations/settle?lang=en", form("refund", codes[0]), kForm, signed_in(office.all)).value();
  CHECK(done.body.contains("45.00 CNY given back"));
  CHECK(client.post("/evacuations/settle?lang=en", form("refund", codes[0]), kForm, signed_in(office.all))->body == done.body);
  CHECK(client.post("/evacuations/settle?lang=en", form("rebook", codes[1]), kForm, signed_in(office.all))->body.contains("opens the door again"));
  const json totals = office.get("/v1/reports/days/2026-05-01")["totals"];
  CHECK(totals["refunds"] == "45.00");
  CHECK(totals["evacuated"] == json{{"visits", 2}, {"open", 0}, {"resumed", 0}, {"rebooked", 1}, {"refunded", 1}});
  CHECK(client.get("/evacuations?lang=en", signed_in(office.all))->body.contains("Everybody is settled"));
}

TEST_CASE("language, escaping, names and QR codes") {
  using web::Language;
  CHECK(web::choose_language("en", "zh") == Language::en);
  CHECK(web::choose_language("", "en-GB,en;q=0.9") == Language::en);
  CHECK(web::choose_language("", "") == Language::zh);
  CHECK(web::choose_language("fr", "zh-CN,en") == Language::zh);
  CHECK(web::escape("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  CHECK(web::discrepancy_name("no-show", web::Wording(Language::en)) == "No-show");
  CHECK(web::discrepancy_name("something-new", web::Wording(Language::en)) == "something-new");
  CHECK(web::qr_svg(std::string(3000, 'x'), "x").error().code == "qr-too-long");
  CHECK(web::qr_terminal("PMT1.a.b")->contains("█"));
}
