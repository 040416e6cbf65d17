"""The circuit's pages in a real browser, clicked through from the day to one venue's events, over venues of which some are in
trouble. Usage: circuit_pages_test.py --bin DIR --out DIR"""
import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clerk"))
from browser import Browser  # noqa: E402

options = None
circuit = None
browser = None

FIRST, DATE, VENUES = "2026-05-01", "2026-05-03", 12
PATIENCE_S = 60
LIAR, SILENT = "venue-7", "venue-3"
WORDS = {"en": {"quarantined": "Quarantined", "back": "What vouches for it"}, "zh": {"quarantined": "已隔离", "back": "凭证"}}


class Circuit:
    def __init__(self, folder):
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.folder.name, "log"), "wb")
        listed = os.path.join(self.folder.name, "venues.json")
        environment = {name: value for name, value in os.environ.items() if name != "PROMENADE_CIRCUIT_DATABASE"}
        self.programs = []
        self.start([os.path.join(folder, "promenade-venues"), "--venues", str(VENUES), "--admissions", "80", "--days", "3", "--first", FIRST, "--seed", "5", "--list", listed, "--trouble"], environment)
        self.url = self.start([os.path.join(folder, "promenade-circuit"), "serve", "--private-database", "--venues", listed, "--interval", "1", "--port", "0"], environment)

    def start(self, command, environment):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        self.programs.append(process)
        for line in process.stdout:
            found = re.search(r"ready on (http://\S+)", line)
            if found:
                return found.group(1)
        raise RuntimeError("A program did not begin: " + open(self.log.name, encoding="utf-8").read())

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read().decode("utf-8-sig")

    def day(self):
        return json.loads(self.ask(f"/v1/circuit/days/{DATE}"))

    def settled(self):
        """Every venue that can be had is in, and the one that lies has been found."""
        states = self.day()["completeness"]
        return states["quarantined"] == 1 and states["received"] >= VENUES - 4

    def close(self):
        for process in reversed(self.programs):
            process.terminate()
            process.wait(timeout=30)
            process.stdout.close()
        self.log.close()
        self.folder.cleanup()


def setUpModule():
    global circuit, browser
    circuit = Circuit(options.bin)
    browser = Browser(options.out)
    browser.open(circuit.url + "/healthz")
    browser.until("the venues", lambda _: circuit.settled(), PATIENCE_S)


def tearDownModule():
    browser.close()
    circuit.close()


class Flows:
    def open(self, path):
        browser.open(circuit.url + path + ("&" if "?" in path else "?") + "lang=" + self.language)

    def setUp(self):
        self.words = WORDS[self.language]
        browser.size(1440, 900)

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "a script complained")

    def test_from_the_day_to_the_events_of_a_venue_in_quarantine(self):
        self.open(f"/days/{DATE}")
        totals = circuit.day()["totals"]
        self.assertIn(f"{totals['redeemed']:,}", re.sub(r"\s", "", browser.text()))
        browser.picture(f"circuit-day-{self.language}")
        browser.click("ul.legend a[href*='state=quarantined']")
        browser.until("one venue", lambda b: len(b.all("#venues ~ .scroll tbody tr")) >= 1 and "state=quarantined" in b.driver.current_url)
        rows = [row.text for row in browser.all("h2#venues ~ .scroll:first-of-type tbody tr, h2#venues + p + .scroll tbody tr")]
        self.assertTrue(rows and all(LIAR in row for row in rows), rows)
        browser.click(f"h2#venues ~ .scroll a[href^='/venues/{LIAR}/']")
        browser.see(".message")
        self.assertIn(self.words["quarantined"], browser.text())
        self.assertIn("promenade circuit release " + LIAR, browser.text())
        browser.picture(f"circuit-venue-quarantined-{self.language}")
        browser.click(f"a.button[href^='/venues/{LIAR}/{DATE}/events']")
        browser.until("its events", lambda b: "/events" in b.driver.current_url)
        # Of that day nothing was taken: what came before the last good event lies on the days before.
        self.assertEqual(len(browser.all("tbody tr")), 0)
        self.open(f"/venues/{LIAR}/2026-05-02/events")
        browser.click("tbody tr:first-child summary")
        browser.until("what it says", lambda b: b.js("return document.querySelector('tbody tr details').open"))
        browser.picture(f"circuit-events-{self.language}")
        browser.click("p.eyebrow a")
        browser.says(self.words["back"])

    def test_a_venue_whose_report_names_differences(self):
        worst = next(v for v in circuit.day()["venues"] if v["state"] == "received" and v.get("warnings", 0) + v.get("alarms", 0) > 0)
        self.open(f"/days/{DATE}")
        browser.click(f"h2#venues ~ .scroll a[href^='/venues/{worst['venue']}/']")
        browser.see("ul.notes li")
        told = json.loads(circuit.ask(f"/v1/circuit/venues/{worst['venue']}/days/{DATE}"))
        self.assertEqual(len(browser.all("ul.notes li")), len(told["discrepancies"]))
        browser.picture(f"circuit-venue-{self.language}")
        browser.js("document.querySelector('ul.notes').scrollIntoView({block: 'center'})")
        browser.picture(f"circuit-venue-differences-{self.language}")
        browser.click("p.eyebrow a")
        browser.until("the day again", lambda b: f"/days/{DATE}" in b.driver.current_url)

    def test_a_narrow_page_needs_no_sideways_scrolling(self):
        browser.size(820, 1180)
        for path in (f"/days/{DATE}", f"/venues/{LIAR}/{DATE}", f"/venues/venue-1/{DATE}"):
            self.open(path)
            self.assertLessEqual(browser.js("return document.documentElement.scrollWidth"), 820, path)
        self.open(f"/days/{DATE}")
        browser.picture(f"circuit-day-narrow-{self.language}")


class English(Flows, unittest.TestCase):
    language = "en"

    def test_the_table_is_the_page(self):
        rows = list(csv.reader(io.StringIO(circuit.ask(f"/v1/circuit/days/{DATE}.csv"))))
        self.assertGreater(len(rows), VENUES)


class Chinese(Flows, unittest.TestCase):
    language = "zh"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--out", required=True)
    options, rest = parser.parse_known_args()
    os.makedirs(options.out, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
