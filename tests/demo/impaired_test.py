#!/usr/bin/env python3
"""The real programs over a network that is bad on purpose: one simulated viewer comes, is fitted and begins his play, with
a tenth of all datagrams lost at the hall and others late, doubled and out of order on his side. It ends there.

impaired_test.py --bin DIR --films DIR --out DIR. Exit status: 0 it held; 1 it fell short; 3 the surroundings."""

import argparse
import pathlib
import signal
import subprocess
import sys
import time

from demo import Demo, DemoFailed, DemoOptions

HALL = "loss=10,delay=20,jitter=10,seed=7"
DEVICES = "duplicate=5,reorder=5,jitter=5,rate=20000,seed=8"
MOST_S = 60  # a deadline; it takes half a minute


class ImpairedRun(Demo):
    def rehearse(self, impair):
        return [str(c) for c in (self.bin / "promenade-rehearse", "live", "--hall", self.hall_address, "--boxoffice", self.url, "--key-file", self.keys["people"],
                                 "--staff-key-file", self.staff_key, "--link", self.link, "--venue", self.venue, "--films", self.films, "--seconds", "60", "--viewers", "1",
                                 "--pace", "0.5", "--seed", self.options.seed, "--impair", impair, "--out", self.work)]

    def begun(self):
        return sum(int(self.fetch_metric(f'promenade_hall_viewers_in_phase{{phase="{phase}"}}') or 0) for phase in ("guided", "playing"))

    def wrong_words(self):
        """Programs say which word is wrong, and start nothing."""
        refused = subprocess.run(self.rehearse("loss=200"), capture_output=True, text=True, timeout=30, check=False)
        if refused.returncode != 2 or '--impair: "loss=200"' not in refused.stderr:
            raise DemoFailed(f"promenade-rehearse took --impair loss=200: status {refused.returncode}, {refused.stderr}")

    def visit(self):
        self.tell.begin("One viewer begins his play over a bad network")
        with open(self.work / "logs" / "rehearse.log", "wb") as log:
            process = subprocess.Popen(self.rehearse(DEVICES), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.programs.running.append(("rehearse", process))
        began = time.monotonic()
        while not self.begun():
            if process.poll() is not None or time.monotonic() - began > MOST_S:
                raise DemoFailed(f"No play had begun after {time.monotonic() - began:.0f} s.\n{self.programs.tail('rehearse')}\n{self.programs.tail('hall')}")
            time.sleep(0.05)
        status = self.programs.end(process, "rehearse")
        if status != 130:
            raise DemoFailed(f"promenade-rehearse, interrupted, ended with {status}.\n{self.programs.tail('rehearse')}")
        self.tell.done()

    def run(self):
        try:
            self.prepare()
            self.open_box_office()
            self.open_hall()
            self.wrong_words()
            self.visit()
            if f"--impair {HALL}: the network to headsets and staff is bad on purpose" not in (self.work / "logs" / "hall.log").read_text():
                raise DemoFailed(f"The hall does not say that its network is bad.\n{self.programs.tail('hall')}")
        finally:
            if self.programs:
                self.programs.end_all()
        return 0


def main():
    parser = argparse.ArgumentParser(description="One viewer begins his play over a network that is bad on purpose.")
    for name in ("--bin", "--films", "--out"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)

    def interrupted(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    try:
        return ImpairedRun(DemoOptions(**vars(parser.parse_args()), headset=False, impair=HALL)).run()
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return failure.code


if __name__ == "__main__":
    sys.exit(main())
