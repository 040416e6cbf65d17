#!/usr/bin/env python3
"""The console tried as an attendant would: in a real window under Xvfb, with xdotool as the hand, on a real hall with
simulated viewers. What each tap did is asked of the hall's own status, never of the console.

Finds a viewer, pauses and lets go on, looks ahead, pauses all, stops the hall and releases, swaps a headset, takes an alarm, places
an attendant and somebody, sees the hall go and come back, evacuates (a short tap must not), counts somebody out,
ends it, and refunds all who were interrupted.
Exit status: 0 all of it took effect; 1 something did not, and the last lines say what; 3 the surroundings."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import demo  # noqa: E402  the box office, the hall and their keys are started as the demo does it


PRESSES_MAX = 3


class NotSo(Exception):
    """A tap had not the effect that it should have."""


class Hand:
    """What a person has of the console: a screen to look at by name, and one finger."""

    def __init__(self, layout, display):
        self.file, self.display = layout, display

    def see(self):
        try:
            return json.loads(self.file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {"widgets": {}, "says": {}}

    def do(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True, env=dict(os.environ, DISPLAY=self.display), timeout=20)

    def sees(self, what, timeout_s=20):
        """Waits until `what(layout)` is something; gives it back."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            found = what(self.see())
            if found:
                return found
            time.sleep(0.05)
        raise NotSo(f"The screen did not show it within {timeout_s} s. It shows: {json.dumps(self.see())[:2000]}")

    def middle(self, name, timeout_s=20):
        box = self.sees(lambda layout: layout["widgets"].get(name), timeout_s)
        return box[0] + box[2] / 2, box[1] + box[3] / 2

    def tap(self, name, timeout_s=20):
        self.tap_at(*self.middle(name, timeout_s))

    def tap_at(self, x, y):
        self.do("mousemove", round(x), round(y), "sleep", "0.15", "mousedown", 1, "sleep", "0.12", "mouseup", 1, "sleep", "0.1")

    def tap_hall(self, x_m, y_m):
        plan = self.sees(lambda layout: layout.get("plan"))
        self.tap_at(plan["x"] + x_m * plan["px_per_m"], plan["y"] - y_m * plan["px_per_m"])

    def drag(self, name, start, end):
        """From one share of a widget's width to another."""
        x, y, width, height = self.sees(lambda layout: layout["widgets"].get(name))
        self.do("mousemove", round(x + width * start), round(y + height / 2), "sleep", "0.15", "mousedown", 1, "sleep", "0.15",
                "mousemove", round(x + width * end), round(y + height / 2), "sleep", "0.2", "mouseup", 1, "sleep", "0.1")

    def hold(self, name, seconds=2.2):
        x, y = self.middle(name)
        self.do("mousemove", round(x), round(y), "sleep", "0.15", "mousedown", 1, "sleep", seconds, "mouseup", 1)


class Day(demo.Demo):
    """The demo's box office and hall, without what the demo does besides."""

    def prepare(self):
        self.work = self.out / "run"
        if self.work.exists():
            shutil.rmtree(self.work)
        (self.work / "logs").mkdir(parents=True)
        self.programs = demo.Programs(self.work / "logs")
        self.boxoffice_config = self.box_office_config()


class Trial:
    def __init__(self, options):
        self.options = options
        self.out = pathlib.Path(options.out).resolve()
        self.again = 0  # presses that had to be repeated
        self.day = Day(demo.DemoOptions(out=self.out, bin=options.bin, films=options.films, seconds=120, viewers=7, seed=5, headset=False))

    # ------------------------------------------------------------ what the hall says of itself

    def metric(self, name):
        url = f"http://127.0.0.1:{self.day.hall_http}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(f"promenade_hall_{name} "):
                    return float(line.split()[1])
        raise NotSo(f"The hall does not tell {name}.")

    def hall_says(self, what, holds, timeout_s=20):
        until = time.monotonic() + timeout_s
        while True:
            value = self.metric(what)
            if holds(value):
                return value
            if time.monotonic() > until:
                raise NotSo(f"The hall's {what} is {value:g} after {timeout_s} s.")
            time.sleep(0.1)

    def takes(self, press, what, holds):
        """Presses, and again as a person would where nothing comes of it: on a busy machine the console draws a few pictures a
        second, and what is pressed may have moved. Every command is absolute. How often it took more than one is told."""
        for press_number in range(1, PRESSES_MAX + 1):
            try:
                press()
                return self.hall_says(what, holds, 6)
            except NotSo:
                if press_number == PRESSES_MAX or holds(self.metric(what)):
                    return self.hall_says(what, holds)
                self.again += 1
        raise AssertionError("not reached")

    # ------------------------------------------------------------ set-up

    def open(self):
        day = self.day
        day.prepare()
        day.open_box_office()
        day.open_hall()
        # Seven at a time, for as long as the trial takes: on a busy machine a hand is slow, and films go on meanwhile.
        day.programs.start("rehearse", [day.bin / "promenade-rehearse", "live", "--hall", f"127.0.0.1:{day.hall_port}", "--boxoffice", day.url, "--key-file", day.keys["people"],
                                        "--staff-key-file", day.staff_key, "--link", day.link, "--venue", day.venue, "--films", day.films, "--seconds", "86400", "--seed", "5", "--viewers", "0", "--present", "7", "--settled-elsewhere",
                                        "--out", day.work])
        _, ready = day.programs.start("xvfb", ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], ready=r"^(\d+)")
        self.display = f":{ready.group(1)}"
        self.layout = day.work / "layout.json"
        self.open_console()

    def open_console(self):
        day = self.day
        self.layout.unlink(missing_ok=True)
        self.console, _ = day.programs.start("console", [day.bin / "promenade-console", "--hall", f"127.0.0.1:{day.hall_port}", "--staff-key-file", day.staff_key, "--link", day.enrol("staff", "tablet 1"), "--name", "tablet 1",
                                                         "--language", "en", "--layout", self.layout], env=dict(os.environ, DISPLAY=self.display, LIBGL_ALWAYS_SOFTWARE="1"))
        self.hand = Hand(self.layout, self.display)
        self.hand.sees(lambda layout: layout["says"].get("link") == "connected", 60)

    # ------------------------------------------------------------ the trial

    def choose_viewer(self, wanted=lambda number: True):
        """Finds a viewer on the plan and taps him; somebody else may walk before the finger."""
        for _ in range(12):
            names = self.hand.sees(lambda layout: [n for n in layout["widgets"] if n.startswith("plan-headset-")])
            for name in names:
                number = int(name.rsplit("-", 1)[1])
                if not wanted(number):
                    continue
                try:
                    self.hand.tap(name, 2)
                    self.hand.sees(lambda layout: layout["says"].get("chosen") == str(number), 2)
                    return number
                except NotSo:
                    continue
        raise NotSo("No viewer could be chosen on the plan.")

    def find_pause_and_go_on(self):
        self.hall_says("viewers_playing", lambda n: n >= 3, 180)
        number = self.choose_viewer()
        self.takes(lambda: self.hand.tap("action-pause", 3), "viewers_paused_by_staff", lambda n: n == 1)
        self.takes(lambda: self.hand.tap("action-go-on", 3), "viewers_paused_by_staff", lambda n: n == 0)
        self.hand.tap("back")
        return f"headset {number} was paused and let go on"

    def look_ahead(self):
        """The slider shows a forecast, by finger and by key; somebody who is tapped is a live one; and the plan is live again."""
        ahead = lambda layout: layout["says"].get("ahead", "live")
        self.hand.drag("ahead", 0.3, 0.1)
        self.hand.sees(lambda layout: ahead(layout) != "live" and abs(int(ahead(layout)) - 60) <= 20)
        self.hand.sees(lambda layout: [n for n in layout["widgets"] if n.startswith("plan-forecast-")])
        before = int(ahead(self.hand.see()))
        self.hand.do("key", "Right")
        self.hand.sees(lambda layout: ahead(layout) == str(before + 10))
        self.window_picture("ahead")
        self.hand.tap("ahead-now")
        self.hand.sees(lambda layout: ahead(layout) == "live")
        self.hand.drag("ahead", 0.1, 0.4)
        self.hand.sees(lambda layout: ahead(layout) != "live")
        self.hand.tap("place-somebody")
        self.hand.sees(lambda layout: ahead(layout) == "live")
        self.hand.tap("place-somebody")  # cancelled
        return "the plan was looked at a minute ahead, and was live again by its button and by placing somebody"

    def pause_all(self):
        self.takes(lambda: self.hand.tap("pause-all"), "paused", lambda n: n == 1)
        self.hand.tap("go-on-all")  # a short tap is not enough to set everybody walking
        self.takes(lambda: self.hand.hold("go-on-all"), "paused", lambda n: n == 0)
        return "all were paused, and went on together"

    def stop_and_release(self):
        self.takes(lambda: self.hand.hold("stop-hall"), "stopped", lambda n: n == 1)
        self.takes(lambda: self.hand.hold("end-stop"), "stopped", lambda n: n == 0)
        waiting = self.hall_says("viewers_stopped", lambda n: n >= 1)
        released = 0
        until = time.monotonic() + 60
        while time.monotonic() < until and released == 0:
            self.hand.tap("next-release")
            try:
                self.hand.tap("action-release", 3)
                released += self.hand.sees(lambda layout: layout["says"].get("answer") not in (None, "asked") and layout["says"]["answer"], 5) == "accepted"
            except NotSo:
                continue
        self.hall_says("viewers_stopped", lambda n: n < waiting)
        if not released:
            raise NotSo("No viewer could be released on the console.")
        return f"the hall was stopped; of {waiting:.0f} who waited one was released by the console"

    def swap(self):
        before = self.metric("swaps_total")
        number = self.choose_viewer()
        self.hand.tap("action-swap")
        name = self.hand.sees(lambda layout: sorted(n for n in layout["widgets"] if n.startswith("swap-to-")))[0]
        self.takes(lambda: self.hand.tap(name, 3), "swaps_total", lambda n: n == before + 1)
        self.hand.sees(lambda layout: layout["says"].get("chosen") == name.rsplit("-", 1)[1])
        time.sleep(1.0)  # nothing must come of it: there is nothing to wait for
        if any(code == "viewer-lost" for code in self.hand.see()["says"].get("alarm-codes", "").split()):
            raise NotSo("A swap raised an alarm as if its viewer were lost.")
        return f"headset {number} goes on in {name.rsplit('-', 1)[1]}"

    def take_alarm(self):
        """A headset is handed back in the middle of the hall: its viewer may still stand there."""
        for _ in range(12):
            self.choose_viewer()
            if "action-lead-out" in self.hand.see()["widgets"]:  # he is on the floor
                self.hand.hold("action-returned")
                break
            self.hand.tap("back")
        self.hand.sees(lambda layout: int(layout["says"].get("alarms", 0)) > 0, 30)
        taken = 0
        while int(self.hand.see()["says"]["alarms"]) > 0 and taken < 20:
            left = int(self.hand.see()["says"]["alarms"])
            self.hand.tap("alarm-take")
            try:
                self.hand.sees(lambda layout: int(layout["says"]["alarms"]) < left, 5)
            except NotSo:  # another may have come meanwhile: look and tap again
                pass
            taken += 1
        if int(self.hand.see()["says"]["alarms"]) > 0:
            raise NotSo("An alarm cannot be taken.")
        return f"{taken} tap{'s' if taken != 1 else ''} took the alarms"

    def confirm_whoever_was_left(self):
        """By the headset that was handed back; an attendant of the rehearsal may be quicker."""
        until = time.monotonic() + 60
        while self.metric("unknown_bodies") > 0:
            if time.monotonic() > until:
                raise NotSo("Somebody who was left behind could not be confirmed gone.")
            try:
                self.hand.tap(self.hand.sees(lambda layout: [n for n in layout["widgets"] if n.startswith("plan-somebody-")], 2)[0])
                self.hand.middle("action-gone", 2)
                self.hand.hold("action-gone")
                self.hall_says("unknown_bodies", lambda n: n == 0, 2)
            except NotSo:
                continue

    def place(self):
        if "back" in self.hand.see()["widgets"]:
            self.hand.tap("back")
        attendants = self.metric("attendants")
        self.takes(lambda: self.place_one("place-attendant", 26.5, 13.5), "attendants", lambda n: n == attendants + 1)
        self.confirm_whoever_was_left()
        for _ in range(5):
            if self.place_somebody_and_confirm_gone(1.5, 13.5):
                self.confirm_whoever_was_left()
                return "an attendant and somebody were placed; somebody was confirmed gone"
        raise NotSo("Nobody who was placed could be confirmed gone.")

    def place_one(self, button, x_m, y_m):
        if self.hand.see()["says"].get("placing") == "":
            self.hand.tap(button)
            self.hand.sees(lambda layout: layout["says"].get("placing") != "", 3)
        self.hand.tap_hall(x_m, y_m)
        self.hand.sees(lambda layout: layout["says"].get("placing") == "", 3)

    def place_somebody_and_confirm_gone(self, x_m, y_m):
        """False where an attendant of the rehearsal was quicker, as he may be at any moment: he walks to whoever is unknown."""
        try:
            self.place_one("place-somebody", x_m, y_m)
            self.hall_says("unknown_bodies", lambda n: n >= 1, 5)
            # The hall knows him before the console has drawn him: a tap that is quicker chooses nobody.
            self.hand.tap(self.hand.sees(lambda layout: self.somebody_near(layout, x_m, y_m), 5))
            self.hand.middle("action-gone", 2)
            self.hand.hold("action-gone")
            self.hand.sees(lambda layout: layout["says"].get("answer") == "accepted", 5)
            return True
        except NotSo:
            if "back" in self.hand.see()["widgets"]:
                self.hand.tap("back", 2)
            return False

    @staticmethod
    def somebody_near(layout, x_m, y_m, within_px=20):
        plan = layout["plan"]
        x, y = plan["x"] + x_m * plan["px_per_m"], plan["y"] - y_m * plan["px_per_m"]
        for name, (left, top, width, height) in layout["widgets"].items():
            if name.startswith("plan-somebody-") and max(abs(left + width / 2 - x), abs(top + height / 2 - y)) <= within_px:
                return name
        return None

    def hall_gone_and_back(self):
        self.day.programs.end(self.console, "console")
        if self.metric("headsets_connected") < 1:
            raise NotSo("The hall lost its headsets with the console.")
        self.open_console()
        self.day.kill_hall()
        self.hand.sees(lambda layout: layout["says"].get("epoch") == str(self.day.epochs[-1]), 60)
        return "the console went and came back, and so did the hall"

    def evacuate(self):
        self.hand.tap("evacuate")
        time.sleep(1.0)  # nothing must come of it: there is nothing to wait for
        if self.metric("evacuate") != 0:
            raise NotSo("A short tap evacuated the hall.")
        until = time.monotonic() + 60
        while self.status()["playing"] < 3:  # films under way, so that some are left to settle
            if time.monotonic() > until:
                raise NotSo("There were never three films under way.")
            time.sleep(0.1)
        self.takes(lambda: self.hand.hold("evacuate"), "evacuate", lambda n: n == 1)
        self.picture()
        first = self.hand.sees(lambda layout: sorted(n for n in layout["widgets"] if n.startswith("out-")))[0]
        out = self.out_of_hall(self.hand.see())
        self.hand.tap(first)
        self.hand.sees(lambda layout: first not in layout["widgets"] and self.out_of_hall(layout) > out)
        self.hand.tap("tab-headsets")
        self.take_one_back()
        self.takes(lambda: self.hand.hold("end-evacuation", 2.2), "evacuate", lambda n: n == 0)
        return "a short tap did nothing; a long press evacuated; one was counted out, a headset was ticked off"

    def take_one_back(self):
        """Rows change their places while everybody walks out: the press may come to where one was."""
        bound = self.bound()
        for _ in range(PRESSES_MAX):
            self.hand.hold(self.hand.sees(lambda layout: [n for n in layout["widgets"] if n.startswith("returned-")])[0])
            until = time.monotonic() + 6
            while time.monotonic() < until:
                if self.bound() < bound:
                    return
                time.sleep(0.1)
            self.again += 1
        raise NotSo("A headset that was taken back is still bound.")

    @staticmethod
    def out_of_hall(layout):
        """How many have been counted out, as the hall has told the console."""
        return int(layout["says"].get("roll", "0/0").split("/")[0])

    def refund_all(self):
        """Money goes back by a second answer only; what the box office then has counts."""
        self.hand.tap("settle")
        open_ones = self.hand.sees(lambda layout: int(layout["says"].get("unsettled", 0)))
        self.hand.tap("settle-all-refund")
        self.hand.tap("settle-all-confirm")  # a short tap is not enough
        time.sleep(0.5)  # nothing must come of it: there is nothing to wait for
        if self.refunded():
            raise NotSo("A short tap refunded.")
        self.hand.hold("settle-all-confirm")
        until = time.monotonic() + 30
        while self.refunded() < open_ones:
            if time.monotonic() > until:
                raise NotSo(f"Of {open_ones} interrupted films the box office has refunded {self.refunded()}.")
            time.sleep(0.2)
        return f"{self.refunded()} tickets were refunded at once"

    def refunded(self):
        key = self.day.keys["hall"].read_text().strip()
        request = urllib.request.Request(self.day.url + "/v1/evacuations", headers={"Authorization": "Bearer " + key})
        with urllib.request.urlopen(request, timeout=5) as answer:
            cases = [case for one in json.load(answer)["evacuations"] for case in one["cases"]]
        return sum(case["settlement"] == "refund" for case in cases)

    def bound(self):
        return self.status()["viewers"]

    def status(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.day.hall_http}/status", timeout=5) as answer:
            return json.load(answer)

    def window_picture(self, name):
        """What stands on the display, as it is."""
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-f", "x11grab", "-video_size", "1280x800", "-i", self.display, "-frames:v", "1", self.out / f"{name}.png"],
                       check=True, timeout=60)

    def picture(self):
        day = self.day
        demo.run([day.bin / "promenade-console", "--hall", f"127.0.0.1:{day.hall_port}", "--staff-key-file", day.staff_key, "--link", day.enrol("staff", "console"), "--language", "en", "--screenshot", self.out / "console.png",
                  "--after", "1.5"], "Drawing console.png")

    def run(self):
        steps = [self.find_pause_and_go_on, self.look_ahead, self.pause_all, self.stop_and_release, self.swap, self.take_alarm, self.place, self.hall_gone_and_back,
                 self.evacuate, self.refund_all]
        try:
            self.open()
            for step in steps:
                began = time.monotonic()
                print(f"{step.__name__}: {step()} ({time.monotonic() - began:.1f} s)", flush=True)
        except NotSo:
            self.window_picture("fell-short")
            print(f"The console says: {json.dumps(self.hand.see()['says'])}", flush=True)
            raise
        finally:
            if self.day.programs:
                self.day.programs.end_all()
        print(f"Every press took effect in the hall{f'; {self.again} had to be repeated' if self.again else ''}.")
        return 0


def main():
    parser = argparse.ArgumentParser(description="The console driven by a hand.")
    parser.add_argument("--bin", required=True)
    parser.add_argument("--films", required=True)
    parser.add_argument("--out", required=True)
    try:
        return Trial(parser.parse_args()).run()
    except NotSo as why:
        print(f"The console fell short: {why}", file=sys.stderr)
        return 1
    except demo.DemoFailed as why:
        print(f"{why}", file=sys.stderr)
        return why.code


if __name__ == "__main__":
    sys.exit(main())
