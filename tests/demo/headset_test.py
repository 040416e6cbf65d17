#!/usr/bin/env python3
"""One viewer with the real headset program, through a whole film, on real servers: Monado is killed once in mid-film
and comes back, then the hall is. The film goes on where the clock says, and the play counts once.

headset_test.py --bin DIR --films DIR --out DIR. Exit status: 0 it held; 1 it fell short; 3 the surroundings."""

import argparse
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from demo import Demo, DemoFailed, DemoOptions
from monado import MonadoFailed

AWAY_S = 2.0             # the runtime, once killed; nobody sees a film meanwhile, so its clock rests
SAME_SECOND_S = 1.5      # from the last picture before to the first one seen here after, of a film that rested
FILM = "lantern-street"  # the only one that is shown, so that he walks
MOST_S = 300


class HeadsetRun(Demo):
    def __init__(self, options):
        super().__init__(options)
        self.faults = []
        self.events = []
        self.began = time.monotonic()

    def prepare(self):
        super().prepare()
        shelf = self.work / "films"
        shelf.mkdir()
        shutil.copyfile(self.films / f"{FILM}.prom", shelf / f"{FILM}.prom")
        self.films = shelf

    def say(self, text):
        line = f"{time.monotonic() - self.began:6.1f} s  {text}"
        self.events.append(line)
        print("  " + line, flush=True)

    def expect(self, holds, text):
        if not holds:
            self.faults.append(text)

    def visit(self):
        self.tell.begin("One viewer, through a film in which first the runtime is killed and then the hall")
        command = [self.bin / "promenade-rehearse", "live", "--hall", f"127.0.0.1:{self.hall_port}", "--boxoffice", self.url, "--key-file", self.keys["people"],
                   "--staff-key-file", self.staff_key, "--link", self.link, "--venue", self.venue, "--films", self.films, "--seconds", "30", "--viewers", "1",
                   "--seed", self.options.seed, "--out", self.work, "--real-headset", self.worn.option()]
        with open(self.work / "logs" / "rehearse.log", "wb") as log:
            process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.programs.running.append(("rehearse", process))
        self.watch(process)
        self.rehearsal_status = process.returncode
        self.tell.done()

    def move_runtime(self, deed):
        with self.worn.wearer.lock:
            deed()

    def watch(self, process):
        """Until the rehearsal ends: the runtime is killed in the second scene, the hall in the third or later."""
        killed_runtime = killed_hall = None
        screen, back_at, before = None, None, None
        while process.poll() is None:
            time.sleep(0.05)
            if time.monotonic() - self.began > MOST_S:
                raise DemoFailed(f"The viewer did not come out within {MOST_S} s: last seen on screen {screen}.\n{self.programs.tail('rehearse')}")
            if self.worn.process.poll() is not None:
                raise DemoFailed(f"promenade-headset ended in mid-visit ({self.worn.process.returncode}).\n{self.programs.tail('headset')}")
            shown = self.worn.wearer.shown
            view = shown["view"]
            if view.get("screen") != screen:
                screen = view.get("screen")
                self.say(f"screen {screen}")
            in_film = screen in ("film", "leg")
            scene = view.get("block", 0) - len(view.get("play", {}).get("way_in_stops", []))
            story = (scene, screen == "film", view.get("scene_time_s", 0))  # the leg to a scene comes before it
            if in_film and killed_runtime is None and scene >= 1 and view.get("scene_time_s", 0) > 1:
                killed_runtime, before = time.monotonic(), story
                self.say(f"Monado is killed in scene {scene} at {story[2]:.1f} s")
                self.move_runtime(self.worn.monado.kill)
            elif killed_runtime and back_at is None and shown["focused"] and time.monotonic() - killed_runtime <= AWAY_S:
                before = story  # what was shown last, while the loss is not yet known
            elif killed_runtime and back_at is None and time.monotonic() - killed_runtime > AWAY_S:
                back_at = time.monotonic()
                self.expect(not shown["focused"], "the headset still believed itself shown while the runtime was gone")
                self.move_runtime(self.worn.monado.start)
                self.say("Monado is started again")
            elif back_at and shown["focused"] and in_film and before:
                self.say(f"focused again {time.monotonic() - back_at:.1f} s later, scene {scene} at {story[2]:.1f} s")
                self.expect(story[:2] == before[:2], f"the film was in (scene, in it, second) {before} and came back in {story}")
                self.expect(0 <= story[2] - before[2] <= SAME_SECOND_S, f"the film rested at {before[2]:.2f} s of its scene and came back at {story[2]:.2f} s")
                before = None
            elif in_film and killed_hall is None and back_at and before is None and time.monotonic() - back_at > 8:
                killed_hall = time.monotonic()
                self.say(f"the hall is killed in scene {scene}")
                self.kill_hall()
        self.expect(killed_runtime is not None, "the film never came to its second scene")
        self.expect(killed_hall is not None, "the film ended before the hall could be killed")

    def judge(self):
        self.stats = self.worn.stats()
        told, short = self.worn.summary()
        alone = ("never saw another person", "was never held at a gate")
        self.faults += [text for text in short if not text.endswith(alone)]
        self.expect(self.stats.get("sessions") == 2, f"{self.stats.get('sessions')} sessions of the runtime instead of 2")
        self.expect(self.stats.get("links", 0) >= 2, "the link to the hall was not made again")
        self.expect(not self.stats.get("faults"), f"the headset reports {self.stats.get('faults')}")
        self.expect(self.exit_status == 0, f"promenade-headset ended with {self.exit_status}")
        self.expect(self.rehearsal_status == 0, f"the rehearsal ended with {self.rehearsal_status}:\n{self.programs.tail('rehearse')}")
        self.expect(self.counts()["played"] == 1, f"{self.counts()} in the box office: plays in the box office instead of 1")
        self.say(f"{told}")
        self.say(f"late {self.stats.get('late')}, dropped {self.stats.get('dropped')}, cpu {self.stats.get('cpu_ms')}")
        return self.faults

    def run(self):
        try:
            self.prepare()
            self.open_box_office()
            self.open_hall()
            self.wear()
            self.visit()
            # Pictures that are still being drawn are waited for.
            self.exit_status = self.programs.end(self.worn.process, "headset", patience_s=90)
            self.close_day()
            faults = self.judge()
        finally:
            if self.worn:
                self.worn.end()
            if self.programs:
                self.programs.end_all()
        for fault in faults:
            print("  fell short: " + fault)
        return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description="One viewer with the headset program; runtime and hall are killed in mid-film.")
    for name in ("--bin", "--films", "--out"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    def interrupted(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    run = HeadsetRun(DemoOptions(**vars(options), viewers=1, language="zh"))
    try:
        return run.run()
    except (DemoFailed, MonadoFailed) as failure:
        print(failure, file=sys.stderr)
        return getattr(failure, "code", 3)


if __name__ == "__main__":
    sys.exit(main())
