"""The clerk's pages in a real browser: selling, groups, comps, kept places, refunds, changes, reprints, the door; in both
languages; and nothing that a person or a file names becomes markup. Usage: clerk_test.py --bin DIR --out DIR"""
import argparse
import datetime
import os
import sys
import unittest

from browser import Browser, Keys
from office import BAD, ONE, OTHER, SEATED, WALK, Office

options = None
browser = None
office = None

WORDS = {
    "en": {"sold": "Sold · ", "reason": "A ticket that costs nothing needs a reason.", "used": "was taken already", "supervisor": "its refund needs a reason and a supervisor",
           "in": "Let in", "no": "Do not let in", "already": "The ticket was redeemed at", "unknown": "wait unknown", "given": "Refunded, given back: 88.00 CNY", "no_code": "reads no codes",
           "expired": "The places were kept until now and are free again.", "three_done": "3 done", "three_ask": "Refund 3 tickets", "settled": "Everybody is settled", "national": "National reporting",
           "free": "Records need no approval until", "report": "Day report", "not_watched": "Play not watched", "started": "Play started", "verdicts": ("Exact", "Disagrees", "Unknown"), "extra": "4 more went in than were let in.", "events": "Events in the ledger"},
    "zh": {"sold": "已出票", "reason": "非全价票必须填写原因。", "used": "此券已使用过", "supervisor": "此票已检票：退票须填写原因和主管姓名。", "in": "请入场", "no": "不可入场",
           "already": "此票已检过", "unknown": "等候时间未知", "given": "已退票，退还 88.00 CNY", "no_code": "不能识别二维码", "expired": "预留已结束，座位已放开。", "three_done": "完成 3 张", "three_ask": "退款 3 张影票", "settled": "全部处理完毕", "national": "国家票务上报", "free": "可免批上报至", "report": "日报", "not_watched": "放映未观看", "started": "放映开始",
           "verdicts": ("一致", "不一致", "未知"), "extra": "入场比检票多 4。", "events": "账本事件"},
}


def setUpModule():
    global browser, office
    office = Office(os.path.join(options.bin, "promenade-boxoffice"))
    browser = Browser(options.out)
    browser.open(office.url + "/sell?lang=en")
    browser.fill("input[name=key]", "pk_wrong")
    browser.click("button.primary")
    browser.says("This key is wrong")
    browser.fill("input[name=key]", office.keys["manager"])
    browser.click("button.primary")
    browser.see("[data-film]")


def tearDownModule():
    browser.close()
    office.close()


class Clerk(unittest.TestCase):
    language = "en"

    def setUp(self):
        self.words = WORDS[self.language]
        browser.size(1440, 900)

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "a script complained")
        self.assertIsNone(browser.js("return window.was_hacked || null"))

    def open(self, path):
        browser.open(office.url + path + ("&" if "?" in path else "?") + "lang=" + self.language)

    def sell_page(self):
        self.open("/sell")
        browser.see("[data-film]")
        browser.js("window.hacked = () => { window.was_hacked = true }")

    def more(self, tariff, times=1):
        for _ in range(times):
            browser.click(f"[data-tariff='{tariff}'] .step:last-child")

    def sign_in(self, where, who, page):
        browser.open(f"{where.url}/sign-in?lang=en&next=/{page}%3Flang%3Den")
        browser.fill("input[name=key]", where.keys[who])
        browser.click("button.primary")

    def sign_in_again(self):  # the cookie is another box office's by now
        self.sign_in(office, "manager", "sell")
        browser.see("[data-film]")

    def sold_codes(self):
        browser.says(self.words["sold"])
        return [f.get_attribute("data-code") for f in browser.all("figure[data-code]")]


class Flows:
    def test_sell_one(self):
        before = office.totals()
        self.sell_page()
        self.assertIn(self.words["unknown"], browser.text())
        browser.picture(f"sell-empty-{self.language}")
        browser.click(f"[data-film='{WALK}']")
        browser.until("the price", lambda b: b.find("#pay").text == "88.00 CNY")
        browser.click("#sell")
        codes = self.sold_codes()
        self.assertEqual(len(codes), 1)
        browser.until("the QR code", lambda b: b.js("const i = document.querySelector('figure img'); return i.complete && i.naturalWidth > 0"))
        after = office.totals()
        self.assertEqual(after["sold"], before["sold"] + 1)
        self.assertAlmostEqual(float(after["gross"]), float(before["gross"]) + 88)
        browser.click("#next")
        browser.until("the next sale", lambda b: not b.all("figure"))

    def test_keyboard_alone(self):
        before = office.totals()
        self.sell_page()
        browser.keys("3")  # a key at a time: what comes faster than a hand is a scanner
        browser.until("one ticket", lambda b: b.find("#pay").text == "48.00 CNY")
        browser.keys("+")
        browser.until("two tickets", lambda b: b.find("#pay").text == "96.00 CNY")
        browser.keys(Keys.ENTER)
        self.assertEqual(len(self.sold_codes()), 2)
        browser.keys(Keys.ENTER)
        browser.until("the next sale", lambda b: not b.all("figure"))
        self.assertEqual(office.totals()["sold"], before["sold"] + 2)

    def test_group_with_discount_and_voucher(self):
        before = office.totals()
        code = f"GIFT{self.language.upper()}0001"[:10].ljust(10, "7")
        self.sell_page()
        browser.click(f"[data-film='{OTHER}']")
        self.more("discount:pupil", 2)
        self.more("voucher:gift")
        browser.fill("#voucher-gift-0", code[:4] + "-" + code[4:].lower())
        browser.until("the sum", lambda b: b.find("#pay").text == "244.00 CNY")
        browser.picture(f"sell-group-{self.language}")
        browser.size(1024, 768)
        browser.picture(f"sell-group-tablet-{self.language}")
        browser.size(1440, 900)
        browser.click("#sell")
        self.assertEqual(len(self.sold_codes()), 4)
        browser.picture(f"sold-{self.language}")
        after = office.totals()
        self.assertAlmostEqual(float(after["gross"]) - float(before["gross"]), 244)
        self.assertEqual(after["discounts"]["tickets"] - before.get("discounts", {"tickets": 0})["tickets"], 2)
        self.assertAlmostEqual(float(after["vouchers"]["amount"]) - float(before.get("vouchers", {"amount": 0})["amount"]), 20)
        # The same voucher again: said in words, the others of the group sold, its place kept until the code is right.
        self.sell_page()
        browser.click(f"[data-film='{SEATED}']")
        self.more("voucher:gift")
        browser.fill("#voucher-gift-0", code)
        browser.click("#sell")
        browser.says(self.words["used"])
        browser.see(".kept [data-until]")
        browser.picture(f"voucher-used-{self.language}")
        browser.fill("#voucher-gift-0", "9" + code[1:])
        browser.click("#sell")
        self.assertEqual(len(self.sold_codes()), 2)
        self.assertEqual(office.ask("GET", "/v1/counter")[1]["reservations"], [])

    def test_comp_needs_a_reason(self):
        before = office.totals()
        self.sell_page()
        browser.click(f"[data-film='{SEATED}']")
        browser.click("[data-tariff='full'] .step")
        self.more("comp")
        browser.click("#sell")
        browser.says(self.words["reason"])
        self.assertEqual(browser.js("return document.activeElement.id"), "reason")
        browser.fill("#reason", BAD)
        browser.click("#sell")
        self.assertEqual(len(self.sold_codes()), 1)
        self.assertEqual(office.totals()["comps"], before["comps"] + 1)
        self.assertEqual(office.totals()["gross"], before["gross"])

    def test_keep_places_take_up_and_release(self):
        self.sell_page()
        browser.click(f"[data-film='{ONE}']")
        browser.fill("#name", BAD)
        browser.click("#keep")
        browser.see("[data-reservation]")
        self.assertIn(BAD, browser.find(".kept-list").text)
        self.assertRegex(browser.find("[data-reservation] .count").text, r"^[45]:\d\d$")
        browser.picture(f"kept-{self.language}")
        browser.click("[data-reservation] .take")
        browser.see(".kept [data-until]")
        browser.click("#clear")
        browser.until("the kept place in the list", lambda b: b.all("[data-reservation]"))
        browser.click("[data-reservation] .free")
        browser.until("the release", lambda b: not b.all("[data-reservation]"))
        self.assertEqual(office.ask("GET", "/v1/counter")[1]["reservations"], [])

    def test_refund_by_the_rules(self):
        sale = office.do("/v1/sales", {"film": WALK, "count": 2})
        fresh, used = sale["tickets"]
        self.open("/tickets")
        browser.fill("#find", fresh["code"][:4] + " " + fresh["code"][4:] + Keys.ENTER)
        browser.click("#ask-refund")
        browser.click("#refund")
        browser.says(self.words["given"])
        self.assertTrue(office.ask("GET", "/v1/tickets/" + fresh["code"])[1]["refunded"])
        office.do("/v1/redemptions", {"token": used["token"], "hall": "hall-a", "door": True})
        self.open("/tickets")
        browser.see("#find")
        browser.scan(used["token"])
        browser.click("#ask-refund")
        browser.click("#refund")
        browser.says(self.words["supervisor"])
        browser.picture(f"refund-refused-{self.language}")
        self.assertFalse(office.ask("GET", "/v1/tickets/" + used["code"])[1]["refunded"])
        browser.fill("#reason", BAD)
        browser.fill("#supervisor", BAD)
        browser.click("#refund")
        browser.says(self.words["given"])
        browser.picture(f"refunded-{self.language}")
        self.assertTrue(office.ask("GET", "/v1/tickets/" + used["code"])[1]["refunded"])

    def test_change_of_film(self):
        sale = office.do("/v1/sales", {"film": WALK})
        code = sale["tickets"][0]["code"]
        self.open("/tickets?code=" + code)
        browser.click("#ask-change")
        browser.click(f"#film option[value='{SEATED}']")
        browser.says("40.00 CNY")
        browser.picture(f"change-{self.language}")
        browser.click("#change")
        browser.see("#done")
        facts = office.ask("GET", "/v1/tickets/" + code)[1]
        self.assertTrue(facts["changed_to"])
        self.assertEqual(browser.find("[data-ticket]").get_attribute("data-ticket"), facts["changed_to"])

    def test_reprint(self):
        sale = office.do("/v1/sales", {"film": WALK, "count": 2})
        code = sale["tickets"][0]["code"]
        self.open("/tickets?code=" + code)
        browser.until("the QR code", lambda b: b.js("const i = document.getElementById('qr'); return i && i.complete && i.naturalWidth > 0"))
        browser.picture(f"ticket-{self.language}")
        target = browser.find("#reprint").get_attribute("href")
        self.assertIn(code, target)
        browser.open(target + "," + sale["tickets"][1]["code"])
        self.assertEqual(len(browser.all("article.ticket svg")), 2)
        browser.picture(f"print-{self.language}")

    def test_door(self):
        ticket = office.do("/v1/sales", {"film": WALK})["tickets"][0]
        self.open("/door")
        browser.see("#token")
        browser.picture(f"door-{self.language}")
        browser.scan(ticket["token"])
        browser.says(self.words["in"])
        browser.see(f".verdict.yes[data-code='{ticket['code']}']")
        browser.picture(f"door-yes-{self.language}")
        browser.scan(ticket["token"])
        browser.says(self.words["no"])
        self.assertIn(self.words["already"], browser.text())
        browser.picture(f"door-no-{self.language}")
        browser.fill("#token", BAD + Keys.ENTER)
        browser.see(".verdict.no[data-problem='ticket-malformed']")
        self.assertEqual(office.ask("GET", "/v1/tickets/" + ticket["code"])[1]["redemptions"][0]["headset"], None)
        # A headset that is handed out at the door is the one that the hall may bind.
        second = office.do("/v1/sales", {"film": SEATED})["tickets"][0]
        browser.fill("#headset", "17")
        browser.scan(second["token"])
        browser.see(f".verdict.yes[data-code='{second['code']}']")
        self.assertEqual(office.ask("GET", "/v1/tickets/" + second["code"])[1]["redemptions"][0]["headset"], 17)
        bound = office.do("/v1/redemptions", {"token": second["token"], "hall": "hall-a", "headset": 17}, key="hall")
        self.assertFalse(bound["conflict"])


    def test_what_the_national_system_has_received(self):
        office.do("/v1/sales", {"film": WALK, "count": 2})
        office.do("/v1/sales", {"film": SEATED})
        date = office.ask("GET", "/v1/venue")[1]["business_date"]
        day = office.ask("GET", f"/v1/national/days/{date}")[1]
        records = office.ask("GET", f"/v1/national/days/{date}/records?limit=5000")[1]["records"]
        waiting = [r["number"] for r in records if not r["received"]]
        self.assertGreater(len(waiting), 2)
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for first in range(0, len(waiting) - 1, 50):  # all but the last
            office.do("/v1/national/receipts", {"date": date, "records": waiting[:-1][first:first + 50], "sent": now})
        self.open("/report/" + date)
        browser.says(self.words["national"])
        self.assertIn(f"{day['records'] - 1} / {day['records']}", browser.text())
        self.assertIn(self.words["free"], browser.text())
        browser.js("[...document.querySelectorAll('h2')].find((h) => h.textContent.includes(arguments[0])).scrollIntoView()", self.words["national"])
        browser.picture(f"report-national-{self.language}")
        self.assertEqual(office.ask("GET", f"/v1/national/days/{date}")[1]["missing"], 1)

    def test_a_discrepancy_is_followed_to_its_ticket(self):
        good, unworn = office.do("/v1/sales", {"film": WALK, "count": 2})["tickets"]
        office.play(good, 0.97)
        office.play(unworn, 0.1)
        # From the counter to the day's report, which names what does not agree and whose ticket it is.
        self.sell_page()
        browser.click("header nav a[href^='/report']")
        browser.see("ul.notes li .tag")
        notes = {note.find_element("css selector", ".tag").text: note.text for note in browser.all("ul.notes li")}
        self.assertIn(unworn["code"], notes[self.words["not_watched"]])
        self.assertNotIn(good["code"], "".join(notes.values()))
        browser.js("document.querySelector('ul.notes').scrollIntoView({block: 'center'})")
        browser.picture(f"report-discrepancies-{self.language}")
        browser.click(f"ul.notes a[href^='/tickets/{unworn['code']}']")
        browser.see("article.ticket")
        self.assertIn(self.words["started"], browser.text())
        self.assertIn(self.words["not_watched"], browser.text())  # as the report says
        self.assertEqual(browser.js("return new URLSearchParams(location.search).get('lang')"), self.language)
        browser.picture(f"discrepancy-ticket-{self.language}")

    def test_bulk_refund_after_an_evacuation(self):
        before = office.totals()
        tickets = office.do("/v1/sales", {"film": WALK, "count": 3})["tickets"]
        comp = office.do("/v1/sales", {"film": WALK, "ticket_kind": "comp", "reason": "press"})["tickets"]
        office.evacuate(tickets[:2] + comp + tickets[2:], "fire-" + self.language)
        codes = [ticket["code"] for ticket in tickets]
        # From the counter, which says that somebody waits, to the list.
        self.sell_page()
        browser.click(".message.notice a")
        browser.see(".bulk button.primary")
        for code in codes + [comp[0]["code"]]:
            self.assertIn(" ".join(code[i:i + 4] for i in range(0, 16, 4)), browser.text())
        browser.picture(f"evacuation-list-{self.language}")
        # One would rather come back: his ticket is rebooked by itself.
        browser.click(f"form:has(input[name=tickets][value='{codes[0]}']) button[value='rebook']")
        browser.see("form[method=post]")
        browser.click("form[method=post] button.primary")
        browser.see(".tag.good")
        browser.click(".headline a.button")
        # The others all get their money, which the page names before anybody presses; without a supervisor nothing happens.
        browser.click(".bulk button.primary")
        browser.says(self.words["three_ask"])
        browser.says("176.00 CNY")
        browser.picture(f"evacuation-question-{self.language}")
        question = browser.driver.current_url
        browser.click("form[method=post] button.primary")
        self.assertTrue(browser.js("return document.querySelector('input[name=supervisor]').validity.valueMissing"))
        self.assertEqual(office.totals()["refunds"], before["refunds"])
        browser.fill("input[name=supervisor]", BAD)
        browser.click("form[method=post] button.primary")
        browser.says(self.words["three_done"])
        self.assertIn("176.00 CNY", browser.text())
        browser.picture(f"evacuation-done-{self.language}")
        after = office.totals()
        self.assertAlmostEqual(float(after["refunds"]) - float(before["refunds"]), 176)
        self.assertEqual(after["refunded"] - before["refunded"], 3)
        for code, refunded in [(codes[0], False), (codes[1], True), (codes[2], True), (comp[0]["code"], True)]:
            self.assertEqual(office.ask("GET", "/v1/tickets/" + code)[1]["refunded"], refunded, code)
        # Asked once more, from the page before, nobody gets his money twice.
        browser.open(question)
        browser.fill("input[name=supervisor]", "eva")
        browser.click("form[method=post] button.primary")
        browser.says(self.words["three_done"])
        self.assertEqual(office.totals()["refunds"], after["refunds"])
        browser.click(".headline a.button")
        browser.says(self.words["settled"])
        self.assertFalse(browser.all(".bulk button.primary"))
        browser.picture(f"evacuation-settled-{self.language}")

    def test_a_reconciliation_leads_to_the_ledgers_events(self):
        venue = Office(os.path.join(options.bin, "promenade-boxoffice"))
        try:
            browser.open(venue.url + f"/sign-in?lang={self.language}&next=/report")
            browser.fill("input[name=key]", venue.keys["manager"])
            browser.click("button.primary")
            browser.see(".counts")
            agree = venue.do("/v1/sales", {"film": WALK, "count": 6})["tickets"]
            more = venue.do("/v1/sales", {"film": SEATED, "count": 5})["tickets"]
            uncounted = venue.do("/v1/sales", {"film": OTHER, "count": 3})["tickets"]
            venue.enter(agree, -100)
            venue.enter(more, -70)
            venue.enter(uncounted[:2], -40)
            venue.enter(uncounted[2:], -40, watch=False)
            venue.seen(-110, -85, 6)
            venue.seen(-85, -55, 9)
            venue.seen(-55, -25, reason="cable " + BAD)
            date = venue.ask("GET", "/v1/venue")[1]["business_date"]
            browser.open(f"{venue.url}/report/{date}?lang={self.language}")
            self.assertEqual(sorted(tag.text for tag in browser.all(".verdicts .tag")), sorted(self.words["verdicts"]))
            self.assertIn(self.words["extra"], browser.text())
            browser.js("document.querySelector('.verdicts').closest('.scroll').previousElementSibling.previousElementSibling.scrollIntoView()")
            browser.picture(f"report-verdicts-{self.language}")
            browser.size(480, 900)
            browser.picture(f"report-verdicts-narrow-{self.language}")
            browser.size(1440, 900)
            browser.js("document.querySelector('.verdicts details').open = true")
            browser.picture(f"report-verdicts-tickets-{self.language}")
            link = browser.find(".verdicts details a")
            code = link.text
            browser.open(link.get_attribute("href"))
            browser.says(self.words["events"])
            numbers = [cell.text for cell in browser.all(".ledger tbody th")]
            events = venue.ask("GET", "/v1/events?limit=500")[1]["events"]
            of_ticket = [f"#{e['seq']}" for e in events if e["kind"] == "sale" and code in str(e)]
            self.assertEqual(numbers[:1], of_ticket)
            self.assertGreater(len(numbers), 1)
            self.assertEqual(browser.js("return document.querySelectorAll('img[src=x], [onerror]').length"), 0)
            browser.picture(f"ticket-events-{self.language}")
        finally:
            venue.close()
        self.sign_in_again()


class English(Flows, Clerk):
    language = "en"


class Chinese(Flows, Clerk):
    language = "zh"


class Once(Clerk):
    def test_camera_without_and_with_a_reader(self):
        self.open("/door")
        browser.see("#camera")
        browser.js("delete window.BarcodeDetector")
        browser.click("#camera")
        browser.says(self.words["no_code"])
        ticket = office.do("/v1/sales", {"film": WALK})["tickets"][0]
        self.open("/door")
        browser.see("#camera")
        browser.js("window.BarcodeDetector = class { async detect() { return [{rawValue: arguments[0], format: 'qr_code'}].map(() => ({rawValue: window.shown})); } }; window.shown = arguments[0]", ticket["token"])
        browser.click("#camera")
        browser.see(f".verdict.yes[data-code='{ticket['code']}']")
        browser.see("video.camera")
        browser.click("#camera")
        browser.until("the camera to be off", lambda b: not b.all("video.camera"))

    def test_door_while_cut_off(self):
        gates = Office(os.path.join(options.bin, "promenade-boxoffice"), gates=2)
        try:
            self.sign_in(gates, "clerk", "door")
            browser.see("#gate")
            browser.js("localStorage.clear()")
            tickets = gates.do("/v1/sales", {"film": WALK, "count": 8})["tickets"] + gates.do("/v1/sales", {"film": SEATED, "count": 6})["tickets"]
            mine = [t for t in tickets if int(t["code"]) % 2 == 0]
            others = [t for t in tickets if int(t["code"]) % 2 == 1]
            self.assertGreater(len(mine), 1)
            self.assertGreater(len(others), 0)
            gates.halt()
            browser.scan(mine[0]["token"])  # a device without a gate lets nobody in on its own
            browser.see(".verdict.no[data-problem='no-gate']")
            browser.click("#gate option[value='1']")  # nor does it become one while nobody can say whether another is
            browser.see("#gate-problem[data-code='unreachable']")
            gates.go_on()
            browser.until("the box office to be back", lambda b: not b.all("#cut-off"), 30)
            browser.click("#gate option[value='1']")
            browser.until("gate 1", lambda b: not b.all("#gate-problem") and b.js("return localStorage.getItem('promenade-gate')") == "1")
            gates.halt()
            browser.scan(mine[0]["token"])
            browser.see(f".verdict.yes[data-code='{mine[0]['code']}']")
            self.assertIn("Cut off: by its signature", browser.text())
            browser.picture("door-cut-off-en")
            browser.scan(mine[0]["token"])
            browser.see(".verdict.no[data-problem='ticket-already-redeemed']")
            browser.scan(others[0]["token"])
            browser.see(".verdict.no[data-problem='ticket-other-gate']")
            bad = mine[1]["token"]
            browser.scan(bad[:-6] + ("AAAA" if bad[-6:-2] != "AAAA" else "BBBB") + bad[-2:])
            browser.see(".verdict.no[data-problem='ticket-forged']")
            gates.go_on()
            browser.until("the box office to be told", lambda b: not b.all("#cut-off"), 30)
            facts = gates.ask("GET", "/v1/tickets/" + mine[0]["code"])[1]
            self.assertEqual([r["conflict"] for r in facts["redemptions"]], [False])
            self.assertEqual(gates.ask("GET", "/v1/tickets/" + others[0]["code"])[1]["redemptions"], [])
            browser.scan(others[0]["token"])  # nor does the box office let it in here
            browser.see(".verdict.no[data-problem='ticket-other-gate']")
            # Another device cannot be the same gate, until somebody says that the first one is out of use.
            browser.js("localStorage.removeItem('promenade-door-device'); localStorage.removeItem('promenade-gate')")
            browser.open(gates.url + "/door?lang=en")
            browser.click("#gate option[value='1']")
            browser.see("#gate-problem[data-code='gate-taken']")
            self.assertIn("Gate 1 is the device door-", browser.text())
            browser.picture("door-gate-taken-en")
            browser.open(gates.url + "/door?lang=zh")
            browser.click("#gate option[value='1']")
            browser.says("已由另一台设备使用")
            browser.picture("door-gate-taken-zh")
            browser.click("#take-gate")
            browser.until("the gate to be taken over", lambda b: not b.all("#gate-problem"))
            browser.scan(mine[1]["token"])
            browser.see(f".verdict.yes[data-code='{mine[1]['code']}']")
        finally:
            gates.close()
        self.sign_in_again()

    def test_kept_places_expire(self):
        quick = Office(os.path.join(options.bin, "promenade-boxoffice"), reservation_s=10)
        try:
            self.sign_in(quick, "clerk", "sell")
            browser.click(f"[data-film='{ONE}']")
            browser.click("#keep")
            browser.click("[data-reservation] .take")
            browser.see(".kept [data-until]")
            browser.until("the countdown", lambda b: b.find(".kept .count").text in ("0:07", "0:06", "0:05"))
            browser.says(WORDS["en"]["expired"], 15)
            self.assertEqual(quick.ask("GET", "/v1/counter")[1]["reservations"], [])
            browser.click("#sell")  # the place is free again, for this clerk as for others
            browser.says("Sold · ")
        finally:
            quick.close()
        self.sign_in_again()

    def test_two_lanes_of_a_film_are_told_apart(self):
        two = Office(os.path.join(options.bin, "promenade-boxoffice"), second_lane=True)
        try:
            self.sign_in(two, "clerk", "sell")
            browser.click(f"[data-film='{WALK}']")
            browser.see(".window .lane")
            self.assertEqual({node.text for node in browser.all(".window .lane")}, {"screen 0110", "screen 0510"})
            browser.picture("sell-two-lanes-en")
            browser.click(f"[data-film='{SEATED}']")  # which has one
            browser.until("no lane", lambda b: not b.all(".window .lane"))
        finally:
            two.close()
        self.sign_in_again()

    def test_a_sale_whose_outcome_is_unknown_is_asked_again_and_sold_once(self):
        before = office.totals()["sold"]
        self.sell_page()
        browser.click(f"[data-film='{SEATED}']")
        office.halt()
        try:
            browser.click("#sell")
            browser.see("#again", 30)
            self.assertIn("cannot be reached", browser.text())
            browser.picture("unknown-en")
        finally:
            office.go_on()
        browser.click("#again")
        self.assertEqual(len(self.sold_codes()), 1)
        self.assertEqual(office.totals()["sold"], before + 1)

    def test_names_are_never_markup(self):
        self.sell_page()
        browser.click(f"[data-film='{WALK}']")
        browser.says("Pupil " + BAD if self.language == "en" else "学生")
        self.assertEqual(browser.js("return document.querySelectorAll('img[src=x], [onerror]').length"), 0)
        self.sell_page()
        self.assertIn("Tide Caves " + BAD, browser.text())
        self.assertIn(f"Test {BAD} cinema", browser.text())
        for path in ("/sell", "/tickets", "/door", "/evacuations", "/report"):
            self.open(path)
            browser.see("body")
            self.assertEqual(browser.js("return document.querySelectorAll('img[src=x], [onerror], b b').length"), 0, path)
        self.sell_page()
        answer = browser.js("return fetch('/sell').then((r) => r.headers.get('content-security-policy'))")
        self.assertIn("script-src 'self'", answer)
        self.assertNotIn("unsafe-inline'; img", answer.split("style-src")[0])

    def test_waits_are_the_halls_word(self):
        status, _ = office.ask("POST", "/v1/waits", {"hall": "hall-a", "waits": [{"film": WALK, "wait_s": 420}]}, "hall")
        self.assertEqual(status, 200)
        self.sell_page()
        browser.says("starts within 7 min")
        browser.picture("sell-waits-en")
        self.assertIn("wait unknown", browser.text())

    def test_tablet_upright(self):
        browser.size(768, 1024)
        self.sell_page()
        browser.click(f"[data-film='{WALK}']")
        browser.see("#sell")
        self.assertLessEqual(browser.js("return document.documentElement.scrollWidth"), 768)
        browser.picture("sell-tablet-upright")
        small = browser.js("return [...document.querySelectorAll('#app button')].filter((b) => b.getBoundingClientRect().height < 40 && !b.classList.contains('link')).map((b) => b.textContent)")
        self.assertEqual(small, [], "too small for a finger")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--out", required=True)
    options, rest = parser.parse_known_args()
    os.makedirs(options.out, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
