"""One viewer of the demo in the real headset program: Monado, the program on it, and a wearer who joins the rehearsal."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import tempfile
import time

from monado import Monado, MonadoFailed
from wearer import Wearer

NUMBER = 900                # of the headset, beside the simulated ones
READY_S = 60
PICTURE = (1440, 1600)      # an eye
FILM_PICTURES = {           # of films that this viewer does not watch: one scene each, counted from 1
    "lantern-street": 2, "clockmakers-yard": 3, "snow-line": 2, "orchard-of-birds": 2}


class WornHeadset:
    def __init__(self, programs, binaries, films, work, hall_port, language, failure, enrol):
        self.programs, self.binaries, self.films, self.hall_port, self.language, self.failure = programs, binaries, films, hall_port, language, failure
        self.link = enrol("headset", NUMBER)
        self.folder = work / "headset"
        self.folder.mkdir()
        self.pictures = self.folder / "pictures"
        self.stats_file = self.folder / "stats.json"
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix="worn-"))
        self.monado = Monado(self.folder / "monado")
        self.wearer = self.process = None

    def start(self):
        """Returns once the headset is FOCUSED and the hall hears it."""
        try:
            self.monado.start()
        except MonadoFailed as error:
            raise self.failure(str(error), 3) from error
        status, told = os.pipe()
        self.process, _ = self.programs.start(
            "headset", [self.binaries / "promenade-headset", "--hall", f"127.0.0.1:{self.hall_port}", "--headset", str(NUMBER), "--link", self.link, "--films", self.films, "--language", self.language,
                        "--screenshot-dir", self.pictures, "--stats", self.stats_file, "--status-fd", str(told), "--validate", "--sound", "none"],
            env=self.monado.environment(), pass_fds=(told,))
        os.close(told)
        self.wearer = Wearer(self.monado, status, self.sockets / "driver", self.folder / "wearer.log", unwell=True, language=self.language)
        self.wearer.start()
        until = time.monotonic() + READY_S
        while not (self.wearer.shown.get("focused") and self.wearer.shown.get("linked")):
            if self.process.poll() is not None or time.monotonic() > until:
                raise self.failure(f"The headset program did not get ready.\n{self.programs.tail('headset')}", 3)
            time.sleep(0.2)

    def option(self):
        return f"{NUMBER}@{self.wearer.socket_path}"

    def end(self):
        if self.process:
            self.programs.end(self.process, "headset", patience_s=90)  # pictures that are still being drawn
        if self.wearer:
            self.wearer.end()
        self.monado.kill()
        shutil.rmtree(self.sockets, ignore_errors=True)

    # ------------------------------------------------------------ what came of it

    def stats(self):
        return json.loads(self.stats_file.read_text(encoding="utf-8")) if self.stats_file.exists() else {}

    def summary(self):
        """As summary.json has it, and what fell short."""
        s = self.stats()
        told = {name: s.get(name) for name in ("runtime", "api_version", "gpu", "frames", "late", "film", "states_reached", "validation_messages")}
        states = set(told["states_reached"] or [])
        short = []
        if not s:
            return told, ["the headset program left no figures"]
        for state, text in (("FOCUSED", "never reached FOCUSED"), ("menu", "showed no menu"), ("guide_in", "guided nobody to the mark"),
                            ("film", "showed no film"), ("hold", "was never held at a gate"), ("ghost", "never saw another person"), ("rate", "did not come to the end")):
            if state not in states:
                short.append(f"the worn headset {text}")
        if told["validation_messages"]:
            short.append(f"{told['validation_messages']} validation messages from the worn headset: see {self.programs.logs / 'headset.log'}")
        if self.wearer and self.wearer.failures:
            short.append("the worn headset did not understand: " + ", ".join(self.wearer.failures))
        return told, short

    def keep_pictures(self, out, run):
        """Copies the pictures taken while it was worn, and draws a scene of each film that was not watched."""
        kept = []
        for picture in sorted(self.pictures.glob("headset-*.png")):
            if picture.stem.endswith("-right"):
                continue
            shutil.copyfile(picture, out / picture.name)
            kept.append(picture.name)
        watched = {m.group(1) for name in kept if (m := re.match(r"headset-film-(\d+)", name))}

        def draw(film):
            package, scene = film
            path = self.films / f"{package}.prom"
            code = json.loads(run([self.binaries / "promenade-film", "inspect", path, "--json"], f"Reading {package}"))["film"]
            if code in watched:
                return []
            name = f"headset-film-{code}-{scene}.png"
            run([self.binaries / "promenade-headset", "view", path, "--scene", str(scene), "--language", self.language, "--size", f"{PICTURE[0]}x{PICTURE[1]}", "--out", out / name], f"Drawing {package}")
            return [name]

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return kept + [name for names in pool.map(draw, FILM_PICTURES.items()) for name in names]
