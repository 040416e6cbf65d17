"""The circuit in the demo: box offices of other venues, made from the demo's seed, and promenade-circuit with a PostgreSQL of its
own, which pulls them and this one, verifies them and shows its pages. Everything ends with the demo."""

import datetime
import json
import os
import re
import tempfile
import time
import urllib.request

VENUES = 48         # beside the demo's own
ADMISSIONS = 260    # of each in a day, on average
PATIENCE_S = 90


class Circuit:
    def __init__(self, programs, folder, out, work, options, failure):
        self.programs, self.bin, self.out, self.work, self.options, self.failure = programs, folder, out, work, options, failure
        self.summary = {}

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode("utf-8")

    def show(self, date, box_office, key, run, browser):
        first = (datetime.date.fromisoformat(date) - datetime.timedelta(days=2)).isoformat()
        listed = self.work / "venues.json"
        others, _ = self.programs.start("venues", [self.bin / "promenade-venues", "--venues", str(VENUES), "--admissions", str(ADMISSIONS), "--days", "3", "--first", first, "--seed", str(self.options.seed),
                                                   "--list", listed, "--trouble"], ready=r"ready on (http://\S+)", timeout_s=120)
        venues = json.loads(listed.read_text()) + [{"venue": "wuxi", "url": box_office, "key": key}]
        listed.touch(0o600)
        listed.write_text(json.dumps(venues))
        environment = {name: value for name, value in os.environ.items() if name != "PROMENADE_CIRCUIT_DATABASE"}
        circuit, ready = self.programs.start("circuit", [self.bin / "promenade-circuit", "serve", "--private-database", "--venues", listed, "--interval", "2", "--port", "0", "--seed", str(self.options.seed)],
                                             ready=r"circuit ready on (http://\S+)", timeout_s=PATIENCE_S, env=environment)
        self.url = ready.group(1)
        self.wait(date)
        self.day = json.loads(self.ask(f"/v1/circuit/days/{date}"))
        self.venue = json.loads(self.ask(f"/v1/circuit/venues/wuxi/days/{date}"))
        (self.out / "circuit.csv").write_text(self.ask(f"/v1/circuit/days/{date}.csv"), encoding="utf-8")
        (self.out / "circuit.html").write_text(self.ask(f"/days/{date}?lang={self.options.language}"), encoding="utf-8")
        self.picture("circuit.png", f"/days/{date}?lang={self.options.language}", "1360,3400", run, browser)
        self.picture("circuit-venue.png", f"/venues/wuxi/{date}?lang={self.options.language}", "1360,1900", run, browser)
        self.programs.end(circuit, "circuit")
        self.programs.end(others, "venues")
        self.summary = {"venues": len(venues), "completeness": self.day["completeness"], "admissions": self.day["totals"]["admissions"], "quarantined": [q["code"] for q in self.day["quarantined"]]}
        return f"{len(venues)} venues, {self.day['totals']['admissions']} admissions"

    def wait(self, date):
        """Until every venue that can be had is in, and the one that lies has been found."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            day = json.loads(self.ask(f"/v1/circuit/days/{date}"))
            states = day["completeness"]
            if states["received"] >= VENUES - 4 + 1 and states["quarantined"] and any(v["venue"] == "wuxi" and v["state"] == "received" for v in day["venues"]):
                return
            time.sleep(0.5)
        raise self.failure(f"The circuit did not take its venues in within {PATIENCE_S} s: {states}.\n{self.programs.tail('circuit')}")

    def picture(self, name, path, size, run, browser):
        with tempfile.TemporaryDirectory() as profile:
            run(["chromium", *browser, f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={self.out / name}", self.url + path], f"Showing {name} in a browser", timeout_s=90)
        if not (self.out / name).exists():
            raise self.failure(f"The browser made no picture of {path}.", 3)

    def judge(self, report):
        """The circuit's own count of this venue's events against the venue's report; its pages against its API."""
        short = []
        for name in ("sold", "comps", "refunded", "redeemed", "played"):
            if self.venue["venue"]["counts"][name] != report["totals"][name]:
                short.append(f"the circuit counts {self.venue['venue']['counts'][name]} {name} of this venue, its report {report['totals'][name]}")
        if self.venue["venue"]["counts"]["money"] and self.venue["venue"]["counts"]["money"][0]["net"] != report["totals"]["net"]:
            short.append("the circuit's net takings of this venue are not its report's")
        if [q["code"] for q in self.day["quarantined"]] != ["chain-broken"]:
            short.append(f"the circuit was to refuse the venue that altered an event, and refused {self.summary['quarantined']}")
        if f">{self.day['totals']['redeemed']:,}<" not in re.sub(r"\s+", "", (self.out / "circuit.html").read_text(encoding="utf-8")):
            short.append("the circuit's page does not say the total that its API says")
        return short
