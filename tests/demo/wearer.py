"""Wears the headset program in a person's place: the go-between of a rehearsal (showcontrol/rehearsal/real_headset.h),
which knows where a person goes and what he wants, of Monado's remote driver, which moves head and controllers, and of
the headset program's status lines, which tell what it shows. All it decides is how hands move: it lays a controller on
a mark, points at what is to be chosen, pulls the trigger, and looks whether that was understood."""

import json
import math
import os
import pathlib
import select
import socket
import threading
import time

from monado import Device, aimed

TICK_S = 1 / 60
AT_EASE = ((-0.25, -0.5, -0.25), (0.25, -0.5, -0.25))  # hands from the head, turned with it
PATIENCE_S = 20.0
HELD_S = 0.15            # at least
SEEN_S = 2.0             # until the program tells of it


def yaw_of(q):
    x, y, z, w = q
    ahead = (-2 * (x * z + w * y), -(1 - 2 * (x * x + y * y)))  # x and z of the turned -z
    return math.atan2(-ahead[0], -ahead[1])


def beside(head, offset):
    """A place that keeps its offset from the head, whichever way that looks on the plan."""
    yaw = yaw_of(head.orientation)
    x, y, z = offset
    px, py, pz = head.position
    return (px + x * math.cos(yaw) + z * math.sin(yaw), py + y, pz - x * math.sin(yaw) + z * math.cos(yaw))


class Wearer:
    """Runs on a thread of its own from `start` to `end`. `status` is the reading end of the headset's --status-fd."""

    def __init__(self, monado, status, socket_path, log_path=None, unwell=False, language=None):
        """`unwell`: once, in the first scene of a film, he stops it by the panel behind the menu button. `language`:
        his own, whatever the rehearsal has him wish for."""
        self.monado, self.status, self.socket_path = monado, status, str(socket_path)
        self.log = open(log_path, "w", encoding="utf-8") if log_path else None
        self.shown = {}                     # the newest status line
        self.shown_at = 0.0
        self.said = ""                      # the wish that is being done
        self.deed, self.wishes = None, []   # what comes after it, at most a few
        self.peer, self.heard, self.unsent, self.read = None, b"", b"", b""
        self.unwell, self.language = unwell, language
        self.looks_at = None                # while he chooses: the middle of the panel
        self.ending = threading.Event()
        self.lock = threading.Lock()        # of the Monado object, which others may kill and restart
        self.screens = []                   # shown so far, in order
        self.failures = []                  # deeds that were not understood
        pathlib.Path(self.socket_path).unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.socket_path)
        self.listener.listen(1)
        self.listener.setblocking(False)
        os.set_blocking(self.status, False)
        self.thread = threading.Thread(target=self.run, daemon=True, name="wearer")

    def start(self):
        self.thread.start()

    def end(self):
        self.ending.set()
        self.thread.join(5)
        for one in (self.peer, self.listener):
            if one:
                one.close()
        pathlib.Path(self.socket_path).unlink(missing_ok=True)

    def note(self, text):
        if self.log:
            self.log.write(f"{time.monotonic():.2f} {text}\n")
            self.log.flush()

    # ------------------------------------------------------------ the loop

    def run(self):
        due = time.monotonic()
        while not self.ending.is_set():
            due = max(due + TICK_S, time.monotonic() - 0.2)
            self.listen(due)
            if not self.deed and self.wishes:
                self.said, self.deed = self.wishes.pop(0)
            if self.deed:
                try:
                    next(self.deed)
                except StopIteration:
                    self.deed, self.said, self.looks_at = None, "", None
            else:
                self.hands_at_ease()
            with self.lock:
                self.monado.send()

    def listen(self, until):
        while (left := until - time.monotonic()) > 0:
            sources = [self.listener] + ([self.status] if self.status is not None else []) + ([self.peer] if self.peer else [])
            for source in select.select(sources, [], [], left)[0]:
                if source is self.listener:
                    if self.peer:
                        self.peer.close()
                    self.peer, self.heard, self.unsent = source.accept()[0], b"", b""
                    self.peer.setblocking(False)
                elif source is self.peer:
                    self.hear()
                else:
                    self.see()

    def see(self):
        try:
            part = os.read(self.status, 1 << 16)
        except BlockingIOError:             # a pipe of a program that is just ending may be ready and empty
            return
        if not part:                        # the headset program has ended
            self.status = None
            return
        lines = (self.read + part).split(b"\n")
        self.read = lines.pop()
        if not lines:
            return
        self.shown, self.shown_at = json.loads(lines[-1]), time.monotonic()
        screen = self.shown["view"]["screen"]
        if not self.screens or self.screens[-1] != screen:
            self.screens.append(screen)
            self.note(f"screen {screen}")
        if self.unwell and self.scene() >= 0 and self.shown["view"]["scene_time_s"] > 2.0:
            self.unwell = False
            self.note("feels unwell")
            self.wishes.append(("unwell", self.stop()))
        if self.peer:
            self.tell({"linked": self.shown["linked"], "view": self.shown["view"]})

    def tell(self, what):
        if not self.unsent:                 # a reader that is behind loses whole lines
            self.unsent = json.dumps(what).encode() + b"\n"
        try:
            while self.unsent:
                self.unsent = self.unsent[self.peer.send(self.unsent):]
        except BlockingIOError:
            pass
        except OSError:
            self.peer.close()
            self.peer, self.unsent = None, b""

    def hear(self):
        try:
            part = self.peer.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self.peer.close()
            self.peer = None
            return
        lines = (self.heard + part).split(b"\n")
        self.heard = lines.pop()
        for line in lines:
            self.obey(json.loads(line))

    def obey(self, wish):
        if "head" in wish:
            with self.lock:
                at = tuple(wish["head"][:3])
                self.monado.head = Device(at, aimed(at, self.looks_at) if self.looks_at else tuple(wish["head"][3:]))
            return
        said = json.dumps(wish)
        if said in [self.said] + [one for one, _ in self.wishes]:  # is being done, or will be
            return
        self.note(f"told {said}")
        if "touch" in wish:
            self.wishes.append((said, self.touch(wish["touch"], tuple(wish["at"]), tuple(wish["turn"]))))
        elif "choose" in wish:
            self.wishes.append((said, self.choose(wish["choose"], self.language or wish["language"])))
        elif "rate" in wish:
            self.wishes.append((said, self.rate(wish["rate"])))
        elif "way" in wish:
            self.wishes.append((said, self.take_way(wish["way"])))

    # ------------------------------------------------------------ hands

    def hands_at_ease(self):
        for hand, offset in zip((self.monado.left, self.monado.right), AT_EASE):
            hand.position, hand.orientation = beside(self.monado.head, offset), self.monado.head.orientation
            hand.trigger = hand.a = hand.b = False

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            yield

    def press(self, button):
        """Of the right controller: held until the program has seen it, let go until it has seen that too."""
        told = {"b": "menu"}.get(button, button)
        for down in (True, False):
            setattr(self.monado.right, button, down)
            until = time.monotonic() + SEEN_S
            yield from self.wait(HELD_S)
            while time.monotonic() < until and self.shown["hands"][1][told] != down:
                yield

    def touch(self, mark, at, turn):
        """The right controller on the mark, turned along its arrow, then its menu button. Before that the trigger, until the program waits for
        this pair, and for its first mark where this is the first."""
        right = self.monado.right
        right.position, right.orientation = at, turn
        until = time.monotonic() + SEEN_S
        while time.monotonic() < until and math.dist(self.shown["hands"][1]["grip"], at) > 0.01:
            yield
        pair, which = mark.rsplit(".", 1)
        waits_for = {"first": (0, 2), "second": (1,)}[which]
        for _ in range(8):
            marks = self.shown["marks"]
            if marks["pair"] == pair and marks["touched"] in waits_for:
                yield from self.press("b")
                return
            if which == "second":           # the first was not taken: both will be touched again
                break
            yield from self.press("trigger")
            yield from self.wait(HELD_S)
        self.note(f"{mark} not touched: {self.shown['marks']}")

    def target(self, name):
        for one in self.shown.get("menu", []):
            if one["name"] == name:
                return one["at"]
        return None

    def click(self, name):
        """Points at a target of the menu, holds still, pulls the trigger. Ends at once where there is no such target."""
        began = time.monotonic()
        while time.monotonic() - began < 0.7:
            at = self.target(name)
            if at is None:
                return
            self.point(at)
            self.look()
            yield
        self.note(f"clicks {name}")
        yield from self.press("trigger")

    def look(self):
        """Whoever chooses looks at the panel, whatever the rehearsal has his head do."""
        self.looks_at = self.shown.get("panel")

    def point(self, at):
        right = self.monado.right
        right.position = beside(self.monado.head, (0.2, -0.35, -0.3))
        right.orientation = aimed(right.position, at)

    def scene(self):
        """Of the film that is shown; -1: none is."""
        view = self.shown.get("view", {})
        if view.get("screen") != "film" or "play" not in view or not self.shown["focused"]:
            return -1
        return view["block"] - len(view["play"]["way_in_stops"])

    def stop(self):
        self.hands_at_ease()
        yield from self.press("b")
        until = time.monotonic() + 3.0
        while time.monotonic() < until and self.target("stop") is None:
            yield
        yield from self.click("stop")
        yield from self.wait(1.0)
        if not self.shown["view"]["word_stop"]:
            self.failures.append("stopping the film")

    def screen(self):
        return self.shown.get("view", {}).get("screen")

    def choose(self, film, language):
        """As a viewer finds his film: his language, past the welcome, the page with its card, then "choose"."""
        until = time.monotonic() + PATIENCE_S
        yield from self.click(f"language:{language}")
        while time.monotonic() < until and self.screen() == "menu":
            turn = next((one["name"] for one in self.shown.get("menu", []) if one["name"].startswith("page:")), None)
            if self.target("continue"):
                yield from self.click("continue")
            elif self.target(f"film:{film}"):
                yield from self.click(f"film:{film}")
                yield from self.wait(0.3)
                yield from self.wait(1.2)   # reads what is said of it
                yield from self.click("choose")
                yield from self.wait(1.2)
            elif turn:
                yield from self.click(turn)
            yield from self.wait(0.3)
        if self.screen() == "menu":
            self.failures.append(f"choosing {film}")

    def take_way(self, way):
        if self.target(f"way:{way}"):
            yield from self.click(f"way:{way}")

    def rate(self, stars):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.screen() == "rate" and self.target(f"star:{stars}"):
            yield from self.click(f"star:{stars}")
            yield from self.wait(1.0)
            yield from self.click("continue")
            return
