#!/usr/bin/env python3
"""The main job in front of you: a real box office, a real hall server and simulated viewers over the network, in one
hall, from ticket to report. Starts all of it, watches it, closes the day, draws what happened, and stops all of it.

Runs inside the project's environment, in a network namespace of its own (the launcher sees to both).
Exit status: 0 all of it held; 1 something fell short (summary.json and the last lines say what); 2 wrong usage;
3 the surroundings (a program missing, a disk full); 130 interrupted."""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import datetime
import json
import os
import pathlib
import re
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from circuit import Circuit
from worn import WornHeadset

TOP = pathlib.Path(__file__).resolve().parents[2]
BROWSER_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"]
FULL_S = 3          # twelve plays under way, three viewers in chairs, six walking films
SECONDS_MOST = 200
PRESENT = 12        # whose film is not over, at one moment: enough to fill the hall; more would only wait
FIRE_S = 10         # so long the fire contact says fire
NEEDED = {"viewers_at_once_max": 12, "seated_at_once_max": 3, "walking_films_at_once_max": 6, "walkers_at_once_max": 9}


@dataclasses.dataclass
class DemoOptions:
    """What a run is asked for; the options of the command line have these names, and these defaults."""

    out: str | os.PathLike = "demo-output"
    bin: str | os.PathLike = TOP / "build" / "release" / "bin"
    films: str | os.PathLike = TOP / "build" / "release" / "films"
    seconds: float | None = None
    viewers: int = 0
    seed: int = 2
    kill_hall_at: list[float] = dataclasses.field(default_factory=list)
    evacuate_at: float | None = None
    watch: bool = False
    language: str = "en"
    headset: bool = True
    circuit: bool = False
    standby_hall: bool = False
    impair: str | None = None


class DemoFailed(Exception):
    """Something fell short; the text says what, and what to look at."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


class Teller:
    """Calm, numbered lines; colour on a terminal only."""

    def __init__(self, steps):
        self.steps, self.step, self.since = steps, 0, time.monotonic()
        self.colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def paint(self, code, text):
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def begin(self, what):
        self.step += 1
        self.since = time.monotonic()
        print(f"{self.paint('1', f'[{self.step}/{self.steps}]')} {what}", flush=True)

    def done(self, text=""):
        print(f"  {self.paint('32', 'done')} in {time.monotonic() - self.since:.0f} s{'  ' + text if text else ''}", flush=True)


HALL_READY = r"ready on udp (\d+), http (\d+), epoch (\d+)"
TAKE_OVER_MOST_S = 5.0


def free_ports(count):
    """UDP ports of the loopback that nobody has now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Programs:
    """Everything that was started, each in a process group of its own, ended in reverse order whatever happens."""

    def __init__(self, logs):
        self.logs, self.running = logs, []

    def start(self, name, command, ready=None, timeout_s=60, env=None, pass_fds=()):
        """Starts a program; where `ready` is a pattern, waits for a line that matches and returns the match."""
        log = open(self.logs / f"{name}.log", "ab")
        # Unbuffered, so that a second line never hides from select behind the first.
        process = subprocess.Popen(command, stdout=subprocess.PIPE if ready else log, stderr=log, stdin=subprocess.DEVNULL,
                                   start_new_session=True, env=env, pass_fds=pass_fds, bufsize=0)
        self.running.append((name, process))
        if not ready:
            return process, None
        found = self.wait_for_line(name, process, log, re.compile(ready), timeout_s)
        # Whatever else it prints goes to its log; the pipe must not fill.
        threading.Thread(target=self.drain, args=(process, log), daemon=True).start()
        return process, found

    @staticmethod
    def drain(process, log):
        for line in process.stdout:
            log.write(line)
            log.flush()

    def wait_for_line(self, name, process, log, pattern, timeout_s):
        until = time.monotonic() + timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while time.monotonic() < until:
                if not selector.select(timeout=0.5):
                    if process.poll() is not None:
                        break
                    continue
                line = process.stdout.readline()
                if not line:
                    break
                log.write(line)
                log.flush()
                match = pattern.search(line.decode(errors="replace"))
                if match:
                    return match
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
        raise DemoFailed(f"{name} did not get ready.\n{self.tail(name)}", 2 if process.returncode == 2 else 3)

    def wait_in_log(self, name, process, ready, after=0, timeout_s=60):
        """The first match in what the program has logged since byte `after`."""
        path, until = self.logs / f"{name}.log", time.monotonic() + timeout_s
        while time.monotonic() < until and process.poll() is None:
            found = re.search(ready, path.read_bytes()[after:].decode(errors="replace"))
            if found:
                return found
            time.sleep(0.02)
        raise DemoFailed(f"{name} did not get ready.\n{self.tail(name)}", 3)

    def logged(self, name):
        path = self.logs / f"{name}.log"
        return path.stat().st_size if path.exists() else 0

    def tail(self, name, lines=12):
        path = self.logs / f"{name}.log"
        text = path.read_text(errors="replace").splitlines()[-lines:] if path.exists() else []
        return "\n".join("    " + line for line in text) + f"\n  Whole log: {path}"

    def end(self, process, name, patience_s=10):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running = [(n, p) for n, p in self.running if p is not process]
        return process.returncode

    def end_all(self):
        for name, process in reversed(list(self.running)):
            self.end(process, name)


def run(command, what, timeout_s=120, **kwargs):
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, stdin=subprocess.DEVNULL, check=False, **kwargs)
    except FileNotFoundError as error:
        raise DemoFailed(f"{what}: {error.filename} is missing. Run: promenade setup", 3) from error
    except subprocess.TimeoutExpired as error:
        raise DemoFailed(f"{what} took longer than {timeout_s} s.", 3) from error
    if result.returncode != 0:
        raise DemoFailed(f"{what} failed ({result.returncode}).\n    " + (result.stderr or result.stdout).strip().replace("\n", "\n    "))
    return result.stdout


class Demo:
    def __init__(self, options: DemoOptions):
        self.options = options
        self.out = pathlib.Path(options.out).resolve()
        self.bin = pathlib.Path(options.bin).resolve()
        self.films = pathlib.Path(options.films).resolve()
        self.venue = TOP / "venue-configs" / "wuxi-420" / "venue.toml"
        self.tell = Teller(6 + options.headset + options.circuit)
        self.programs = self.worn = self.circuit = self.follower = self.take_over = None

    # ------------------------------------------------------------ set-up

    def prepare(self):
        for program in ("promenade-boxoffice", "promenade-hall", "promenade-rehearse", "promenade-circuit", "promenade-headset", "promenade-console", "promenade-enrol"):
            if not (self.bin / program).exists():
                raise DemoFailed(f"{self.bin / program} is missing. Run: promenade build release", 3)
        self.out.mkdir(parents=True, exist_ok=True)
        self.work = self.out / "run"
        if self.work.exists():
            shutil.rmtree(self.work)
        (self.work / "logs").mkdir(parents=True)
        for old in ("summary.json", "hall.svg", "hall.png", "boxoffice.csv", "report.html", "report.png", "console.png", "circuit.html", "circuit.png", "circuit-venue.png", "circuit.csv", *self.out.glob("headset-*.png")):
            (self.out / old).unlink(missing_ok=True)
        self.programs = Programs(self.work / "logs")
        self.boxoffice_config = self.box_office_config()

    def box_office_config(self):
        """The venue's own, but never with the business day's end in the middle of the run."""
        source = TOP / "venue-configs" / "wuxi-420" / "boxoffice.toml"
        text = source.read_text(encoding="utf-8")
        zone = datetime.timezone(datetime.timedelta(hours=8))
        now = datetime.datetime.now(zone)
        cut = now.replace(hour=6, minute=0, second=0, microsecond=0)
        if datetime.timedelta(0) <= cut - now <= datetime.timedelta(seconds=(self.options.seconds or SECONDS_MOST) + 600):
            text = re.sub(r'^(cut_over|opens|closes)(\s*=\s*)"06:00"', r'\1\2"12:00"', text, flags=re.M)
            print("  (The business day ends at 06:00 within this run; the demo's box office ends it at 12:00.)")
        path = self.work / "boxoffice.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def key(self, name, *scopes):
        command = [self.bin / "promenade-boxoffice", "key", "add", name, "--data", self.data]
        for scope in scopes:
            command += ["--scope", scope]
        key = re.search(r"pk_\S+", run(command, f"Making the key of {name}")).group(0)
        path = self.work / f"{name}.key"
        path.touch(0o600)
        path.write_text(key + "\n")
        return path

    def open_box_office(self):
        self.tell.begin("The box office opens")
        self.data = self.work / "boxoffice"
        self.data.mkdir()
        self.keys = {"hall": self.key("hall", "redeem", "play", "read"), "people": self.key("people", "sell", "observe"),
                     "manager": self.key("manager", "read", "close"), "circuit": self.key("circuit", "read")}
        self.box_office, ready = self.programs.start(
            "boxoffice", [self.bin / "promenade-boxoffice", "serve", "--config", self.boxoffice_config, "--data", self.data, "--port", "0", "--poll-port", "0"],
            ready=r"ready on (http://\S+?)[,\s]")
        self.url = ready.group(1)
        self.tell.done(self.url)

    def set_contact(self, at_rest):
        """As a bridge to a fire alarm panel does: a new file in the old one's place."""
        fresh = self.contact.with_suffix(".new")
        fresh.write_text("1\n" if at_rest else "0\n")
        fresh.replace(self.contact)

    def hall_program(self, name, port, *more, ready=None):
        return self.programs.start(
            name, [self.bin / "promenade-hall", *(["--fire-contact", f"file:{self.contact}"] if self.options.evacuate_at else []), "--venue", self.venue, "--films", self.films, "--data", self.work / name, "--port", str(port), "--http-port", "0",
                   "--boxoffice", self.url, "--ticket-key", self.data / "ticket-key.pub", "--link", self.link,
                   *(["--impair", self.options.impair] if self.options.impair else []), *more],
            env=dict(os.environ, PROMENADE_BOXOFFICE_KEY=self.keys["hall"].read_text().strip(), PROMENADE_STAFF_KEYS=self.staff_key.read_text().strip()), ready=ready)

    def leads(self, ready):
        self.hall_port, self.hall_http, epoch = (int(x) for x in ready.groups())
        self.epochs.append(epoch)

    def start_hall(self, port):
        self.hall, ready = self.hall_program("hall", port, ready=HALL_READY)
        self.leads(ready)
        self.hall_address = f"127.0.0.1:{self.hall_port}"

    # Two programs for one hall: the first leads, the second follows it and stands by.

    def start_pair(self):
        ports = free_ports(2)
        self.hall_address = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.hall, found = self.hall_program("hall", ports[0], "--standby-port", "0", "--alone", ready=r"standby port (\d+)")
        self.standby_port = found.group(1)
        self.leads(self.programs.wait_in_log("hall", self.hall, HALL_READY))
        self.first_port = ports[0]
        self.follower, _ = self.hall_program("standby", ports[1], "--standby-of", f"127.0.0.1:{self.standby_port}")
        self.wait_for_metric("promenade_hall_standby_armed", 1)

    def wait_for_metric(self, name, least, timeout_s=30):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            try:
                if (self.fetch_metric(name) or 0) >= least:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise DemoFailed(f"{name} did not come to {least} within {timeout_s} s.\n{self.programs.tail('hall')}\n{self.programs.tail('standby')}", 3)

    def kill_leader(self):
        """As a crash or a power cut of the first machine would. The second takes over; the first follows it when it is back."""
        connected, after, killed = self.fetch_metric("promenade_hall_headsets_connected"), self.programs.logged("standby"), self.hall
        began = time.monotonic()
        os.killpg(killed.pid, signal.SIGKILL)
        ready = self.programs.wait_in_log("standby", self.follower, HALL_READY, after)
        leads_s = time.monotonic() - began
        killed.wait()
        self.programs.running = [(n, p) for n, p in self.programs.running if p is not killed]
        self.hall, self.follower = self.follower, None
        self.leads(ready)
        self.wait_for_metric("promenade_hall_headsets_connected", connected)
        back_s = time.monotonic() - began
        print(f"  the hall was killed; the standby leads after {leads_s:.1f} s, epoch {self.epochs[-1]}, and has its {connected:.0f} headsets after {back_s:.1f} s", flush=True)
        self.take_over = {"leads_s": round(leads_s, 2), "headsets_back_s": round(back_s, 2)}
        self.follower, _ = self.hall_program("hall", self.first_port, "--standby-port", self.standby_port, ready=r"standby port (\d+)")
        self.wait_for_metric("promenade_hall_standby_armed", 1)
        print("  the killed program is back, follows, and stands by", flush=True)

    def open_hall(self):
        self.tell.begin("The hall opens: 420 m², two columns, nine films")
        self.staff_key = self.work / "staff.key"
        self.staff_key.touch(0o600)
        self.staff_key.write_text(secrets.token_hex(16) + "\n")
        self.epochs = []
        self.link = self.work / "hall" / "link"
        self.contact = self.work / "fire-contact"
        self.set_contact(at_rest=True)
        if self.options.standby_hall:
            self.start_pair()
        else:
            self.start_hall(0)
        self.tell.done(f"udp {self.hall_port}, epoch {self.epochs[-1]}")

    def kill_hall(self):
        """As a crash would: no goodbye, nothing saved that was not durable. Back on the same port, as systemd does it in a venue."""
        if self.follower:
            return self.kill_leader()
        hall = self.hall
        os.killpg(hall.pid, signal.SIGKILL)
        hall.wait()
        self.programs.running = [(n, p) for n, p in self.programs.running if p is not hall]
        began = time.monotonic()
        self.start_hall(self.hall_port)
        print(f"  the hall was killed and is back after {time.monotonic() - began:.1f} s, epoch {self.epochs[-1]}", flush=True)

    def enrol(self, role, name):
        """The folder of keys of a headset or staff device, which it gets as in a venue: invited by the hall, it asks for them."""
        folder = self.work / "enrolled" / f"{role}-{name}".replace(" ", "-")
        if not folder.exists():
            _, invitation = self.programs.start(f"enrol-{folder.name}", [self.bin / "promenade-enrol", "open", role, str(name), "--link", self.link, "--address", "127.0.0.1", "--port", "0"],
                                                ready=r"(promenade://\S+)")
            run([self.bin / "promenade-enrol", "join", "--invitation", invitation.group(1), "--out", folder], f"Enrolling {role} {name}")
        return folder

    def wear(self):
        if not self.options.headset:
            return
        self.tell.begin("A headset is worn: the real program on the OpenXR runtime Monado, without a display")
        self.worn = WornHeadset(self.programs, self.bin, self.films, self.work, self.hall_port, self.options.language, DemoFailed, self.enrol)
        self.worn.start()
        self.tell.done(f"headset {self.worn.option().split('@')[0]}, FOCUSED")

    # ------------------------------------------------------------ the day

    def visit(self):
        asked = self.options.seconds
        full = 0 if asked or self.options.viewers else FULL_S
        how_long = f"until the hall has been full for {full} s, {SECONDS_MOST} s at most" if full else f"for {asked or SECONDS_MOST:.0f} s"
        self.tell.begin(f"Viewers come, {how_long}, and watch; then the last ones leave")
        command = [self.bin / "promenade-rehearse", "live", "--hall", self.hall_address, "--boxoffice", self.url, "--key-file", self.keys["people"],
                   "--staff-key-file", self.staff_key, "--link", self.link, "--venue", self.venue, "--films", self.films, "--seconds", str(asked or SECONDS_MOST), "--until-full", str(full),
                   "--seed", str(self.options.seed), "--viewers", str(self.options.viewers), "--present", str(PRESENT), "--out", self.work]
        if self.worn:
            command += ["--real-headset", self.worn.option()]
        self.open_console()
        process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, start_new_session=True)
        self.programs.running.append(("rehearse", process))
        began, kills = time.monotonic(), sorted(self.options.kill_hall_at)
        contact = [(self.options.evacuate_at, False), (self.options.evacuate_at + FIRE_S, True)] if self.options.evacuate_at else []
        while process.poll() is None:
            if kills and time.monotonic() - began >= kills[0]:
                kills.pop(0)
                self.kill_hall()
            if contact and time.monotonic() - began >= contact[0][0]:
                at_rest = contact.pop(0)[1]
                self.set_contact(at_rest)
                print("  the fire contact is at rest again" if at_rest else "  the fire contact says fire: the hall is evacuated", flush=True)
            self.look_at_console()
            self.look_at_counter()
            for name, other in (("boxoffice", self.box_office), ("hall", self.hall)):
                if other.poll() is not None:
                    raise DemoFailed(f"{name} ended while viewers were in the hall.\n{self.programs.tail(name)}")
            try:
                process.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
        self.programs.running = [(n, p) for n, p in self.programs.running if p is not process]
        if not (self.work / "rehearsal.json").exists():
            raise DemoFailed(f"The rehearsal ended with status {process.returncode} and no result.")
        self.rehearsal = json.loads((self.work / "rehearsal.json").read_text())
        self.rehearsal_status = process.returncode
        self.tell.done(f"{self.rehearsal['plays_completed']} plays, {self.rehearsal['viewers_at_once_max']} viewers at one moment")

    def console_command(self, *more):
        return [self.bin / "promenade-console", "--hall", self.hall_address, "--staff-key-file", self.staff_key, "--link", self.enrol("staff", "console"), "--language", self.options.language, *more]

    def open_console(self):
        """--watch: the console in a window, as staff have it; closing it changes nothing."""
        self.fullest, self.console_at = 0, time.monotonic() + 20
        self.waits_told, self.counter_at = {"films": 0, "known": 0, "wait_s": []}, time.monotonic() + 10
        if self.options.watch:
            self.programs.start("console", self.console_command())

    def look_at_console(self):
        """A picture of the console at the fullest moment so far; the hall does not wait for it."""
        if time.monotonic() < self.console_at:
            return
        self.console_at = time.monotonic() + 5
        try:
            under_way = sum(int(self.fetch_metric(f'promenade_hall_viewers_in_phase{{phase="{phase}"}}') or 0) for phase in ("guided", "playing", "guided_out"))
        except OSError:  # the hall is away: killed, and not yet back
            return
        if under_way <= self.fullest:
            return
        self.fullest = under_way
        self.programs.start("console picture", self.console_command("--screenshot", self.out / "console.png", "--size", "1280x800", "--after", "3"))

    def look_at_counter(self):
        """What the clerk's page is told of the waits: the word of the hall, every few seconds."""
        import urllib.request
        if time.monotonic() < self.counter_at:
            return
        self.counter_at = time.monotonic() + 5
        request = urllib.request.Request(self.url + "/v1/counter", headers={"Authorization": "Bearer " + self.keys["people"].read_text().strip()})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                films = json.loads(answer.read())["films"]
        except OSError:
            return  # a box office that has ended is found by the loop itself
        known = [film["wait_s"] for film in films if film["wait_s"] is not None]
        if len(known) >= len(self.waits_told["wait_s"]):
            self.waits_told = {"films": len(films), "known": len(known), "wait_s": known}

    def fetch_metric(self, name):
        import urllib.request
        with urllib.request.urlopen(f"http://127.0.0.1:{self.hall_http}/metrics", timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[1])
        return None

    def close_day(self):
        self.tell.begin("The day closes: the hall hands in what it still holds, the report is final, a circuit pulls it")
        until = time.monotonic() + 30
        while (self.fetch_metric("promenade_hall_outbox") or 0) > 0 and time.monotonic() < until:
            time.sleep(0.2)
        if self.follower:  # first, and on purpose: it does not take over then
            self.programs.end(self.follower, "standby")
        self.programs.end(self.hall, "hall")
        env = dict(os.environ, PROMENADE_BOXOFFICE_KEY=self.keys["manager"].read_text().strip())
        boxoffice = self.bin / "promenade-boxoffice"
        self.date = json.loads(run([boxoffice, "report", "today", "--url", self.url, "--json"], "Reading the report", env=env))["business_date"]
        run([boxoffice, "close-day", self.date, "--url", self.url], "Closing the day", env=env)
        self.report = json.loads(run([boxoffice, "report", self.date, "--url", self.url, "--json"], "Reading the final report", env=env))
        run([boxoffice, "report", self.date, "--url", self.url, "--csv", "--out", self.out / "boxoffice.csv"], "Writing boxoffice.csv", env=env)
        run([boxoffice, "report", self.date, "--url", self.url, "--html", "--lang", self.options.language, "--out", self.out / "report.html"], "Writing report.html", env=env)
        run([self.bin / "promenade-circuit", "pull", self.url, "--store", self.work / "circuit.events"], "The circuit's pull",
            env=dict(os.environ, PROMENADE_CIRCUIT_KEY=self.keys["circuit"].read_text().strip()))
        if self.options.circuit:
            self.show_circuit()
        self.programs.end(self.box_office, "boxoffice")
        self.verification = json.loads(run([boxoffice, "verify", "--config", self.boxoffice_config, "--data", self.data, "--json"], "Verifying the ledger"))
        if not self.options.circuit:
            self.tell.done(f"{self.verification['events']} events")

    def show_circuit(self):
        """--circuit: this venue among others, made from the seed, in PostgreSQL and on the circuit's pages."""
        self.tell.done()
        self.tell.begin("A circuit pulls this venue and others, some of which are in trouble, into a PostgreSQL of its own")
        self.circuit = Circuit(self.programs, self.bin, self.out, self.work, self.options, DemoFailed)
        shown = self.circuit.show(self.date, self.url, self.keys["circuit"].read_text().strip(), run, BROWSER_FLAGS)
        self.tell.done(shown)

    def draw(self):
        self.tell.begin("Pictures")
        with concurrent.futures.ThreadPoolExecutor() as pool:  # none of them waits for another
            parts = [pool.submit(part) for part in (self.draw_hall, self.draw_report)]
            pictures = self.worn.keep_pictures(self.out, run) if self.worn else []
            for part in parts:
                part.result()
        if not (self.out / "console.png").exists():
            raise DemoFailed(f"The console made no picture.\n{self.programs.tail('console picture')}", 3)
        self.tell.done(", ".join(["hall.svg, hall.png, console.png, report.html, report.png, boxoffice.csv"] + pictures))

    def draw_hall(self):
        run([self.bin / "promenade-rehearse", "picture", "--venue", self.venue, "--films", self.films, "--tracks", self.work / "tracks.json", "--out", self.out / "hall.svg"], "Drawing hall.svg")
        run(["rsvg-convert", self.out / "hall.svg", "-o", self.out / "hall.png"], "Drawing hall.png")

    def draw_report(self):
        with tempfile.TemporaryDirectory() as profile:
            run(["chromium", *BROWSER_FLAGS, f"--user-data-dir={profile}", "--window-size=1280,2400", f"--screenshot={self.out / 'report.png'}", (self.out / "report.html").as_uri()],
                "Showing the report in a browser", timeout_s=90)
        if not (self.out / "report.png").exists():
            raise DemoFailed("The browser made no picture of the report.", 3)

    # ------------------------------------------------------------ what came of it

    def counts(self):
        totals = self.report["totals"]
        bodies = [hall["bodies"] for hall in self.report["halls"]]
        known = all(b.get("known") for b in bodies)
        return {"sold": totals["sold"] + totals["comps"], "redeemed": totals["redeemed"], "played": totals["played"],
                "bodies": sum(b["entered"] for b in bodies) if known else "unknown", "refunded": totals["refunded"]}

    def unexplained(self, counts):
        """Each of the four counts against its neighbour: equal, or named among the report's discrepancies."""
        codes = {}
        for d in self.report["discrepancies"]:
            codes[d["code"]] = codes.get(d["code"], 0) + d["count"]
        missing = []
        unused = counts["sold"] - counts["refunded"] - counts["redeemed"]
        if unused and codes.get("no-show", 0) + codes.get("double-redemption", 0) == 0:
            missing.append(f"{unused} tickets neither refunded nor redeemed")
        if counts["redeemed"] != counts["played"] and not any(c.startswith("play-") or c in ("film-mismatch", "refunded-after-play", "evacuated") for c in codes):
            missing.append(f"{counts['redeemed']} redeemed, {counts['played']} played")
        if counts["bodies"] != counts["redeemed"] and not codes.keys() & {"door-counter-error", "bodies-unknown", "fewer-bodies", "evacuation-reentry"}:
            missing.append(f"{counts['redeemed']} redeemed, {counts['bodies']} bodies")
        for impossible in ("plays-exceed-redeemed", "play-without-grant", "film-mismatch", "unticketed-entry"):
            if impossible in codes:
                missing.append(f"the report names {impossible}, which must not happen here")
        return missing

    def judge_evacuation(self, done):
        """What staff did against what the box office's report holds."""
        books, short = self.report["totals"].get("evacuated", {}), []
        if done["resumed"] + done["rebooked"] + done["paid_back"] == 0:
            short.append("the evacuation interrupted nobody's film")
        if done["brought_back"] < done["resumed"]:
            short.append(f"{done['resumed']} were to go on, {done['brought_back']} did")
        for name, told in (("visits", done["rebooked"] + done["paid_back"]), ("rebooked", done["rebooked"]), ("refunded", done["paid_back"]), ("open", 0)):
            if books.get(name, 0) != told:
                short.append(f"of the evacuation the report has {books.get(name, 0)} {name}, staff settled {told}")
        return short

    def judge(self):
        self.tell.begin("What came of it")
        r, counts = self.rehearsal, self.counts()
        needed = NEEDED if self.options.viewers == 0 else {}  # a small opening is not asked to be full
        if r["plays_completed"] == 0:
            needed = dict(needed, plays_completed=1)
        short = [f"{name} is {r[name]}, at least {least} are needed" for name, least in needed.items() if r[name] < least]
        if r["contacts"]:
            short.append(f"{r['contacts']} contacts between people; none may happen")
        if r["gates_passed_without_authority"]:
            short.append(f"{r['gates_passed_without_authority']} gates were passed without authority")
        settled = r["evacuation"]["rebooked"] + r["evacuation"]["paid_back"]
        if self.options.evacuate_at:
            short += self.judge_evacuation(r["evacuation"])
        if r["plays_completed"] + settled < r["plays_started"]:
            short.append(f"{r['plays_started'] - r['plays_completed']} of {r['plays_started']} plays were not watched to the end")
        if counts["played"] != r["plays_completed"]:
            short.append(f"viewers watched {r['plays_completed']} plays to the end, the ledger has {counts['played']}")
        if any(later <= earlier for earlier, later in zip(self.epochs, self.epochs[1:])):
            short.append(f"a hall came back without a higher epoch: {self.epochs}")
        if self.waits_told["known"] == 0 or self.waits_told["known"] < self.waits_told["films"]:
            short.append(f"the clerk's page had the waits of {self.waits_told['known']} films, of {self.waits_told['films']}")
        if self.take_over and self.take_over["headsets_back_s"] > TAKE_OVER_MOST_S:
            short.append(f"headsets had a hall again after {self.take_over['headsets_back_s']} s, at most {TAKE_OVER_MOST_S} s are allowed")
        short += self.unexplained(counts)
        if not self.verification["chain_ok"]:
            short.append("the ledger's chain is broken")
        if not self.verification["rebuilt_identical"]:
            short.append("the tables rebuilt from the ledger differ")
        if self.circuit:
            short += self.circuit.judge(self.report)
        worn, worn_short = self.worn.summary() if self.worn else (None, [])
        short += worn_short
        if self.rehearsal_status != 0:
            short.append(f"the rehearsal ended with status {self.rehearsal_status}")
        summary = {"ok": not short, "seconds": round(time.monotonic() - self.began, 1)}
        for name in ("viewers", "viewers_at_once_max", "walking_films_at_once_max", "walkers_at_once_max", "seated_at_once_max", "plays_started",
                     "plays_completed", "contacts", "wall_contacts", "near_misses", "safety_level_seconds",
                     "watching_at_once_max", "walking_films_watched_at_once_max", "full_seconds"):
            summary[name] = r[name]
        summary["wait_s"] = {"p50": r["wait_s"]["p50"], "p95": r["wait_s"]["p95"]}
        summary["waits_at_counter"] = self.waits_told
        summary["counts"] = counts
        summary["ledger"] = {"events": self.verification["events"], "chain_ok": self.verification["chain_ok"], "rebuilt_identical": self.verification["rebuilt_identical"]}
        summary["gates_passed_without_authority"] = r["gates_passed_without_authority"]
        summary["hall_epochs"] = self.epochs
        if self.take_over:
            summary["take_over"] = self.take_over
        if self.options.evacuate_at:
            summary["evacuation"] = r["evacuation"]
        if worn:
            summary["headset"] = worn
        if self.circuit:
            summary["circuit"] = self.circuit.summary
        summary["short"] = short
        (self.out / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.print_table(summary, counts)
        return short

    def print_table(self, s, counts):
        levels = s["safety_level_seconds"]
        rows = [("viewers at one moment", f"{s['viewers_at_once_max']}, of them {s['seated_at_once_max']} seated; {s['walking_films_at_once_max']} walking films at once"),
                ("plays", f"{s['plays_completed']} of {s['plays_started']} watched to the end"),
                ("waits", f"{s['wait_s']['p50']:.0f} s (median), {s['wait_s']['p95']:.0f} s (95 %)"),
                ("contacts, near misses", f"{s['contacts']}, {s['near_misses']}" + (f"; {s['wall_contacts']} with walls" if s["wall_contacts"] else "")),
                ("safety", "   ".join(f"{name} {seconds:.0f} s" for name, seconds in levels.items() if seconds or name in ("clear", "warn"))),
                ("box office", f"sold {counts['sold']}   refunded {counts['refunded']}   redeemed {counts['redeemed']}   played {counts['played']}   bodies {counts['bodies']}"),
                ("ledger", f"{s['ledger']['events']} events, chain {'ok' if s['ledger']['chain_ok'] else 'BROKEN'}, rebuilt {'identical' if s['ledger']['rebuilt_identical'] else 'DIFFERENT'}")]
        for name, value in rows:
            print(f"  {name:<24}{value}")
        print(f"\n  Look at {self.out / 'hall.png'} and {self.out / 'report.png'}; all figures: {self.out / 'summary.json'}")

    def run(self):
        self.began = time.monotonic()
        try:
            self.prepare()
            self.open_box_office()
            self.open_hall()
            self.wear()
            self.visit()
            if self.worn:
                self.worn.end()
            self.close_day()
            self.draw()
            short = self.judge()
        finally:
            if self.worn:
                self.worn.end()
            if self.programs:
                self.programs.end_all()
        for text in short:
            print(self.tell.paint("31", "  fell short: ") + text)
        print(self.tell.paint("32;1", "\nThe day held: ok.") if not short else self.tell.paint("31;1", "\nThe day fell short."), flush=True)
        return 1 if short else 0


def main():
    parser = argparse.ArgumentParser(prog="promenade demo", description="A whole day in one hall, from ticket to report.")
    parser.add_argument("--out", help="where the results go (default: demo-output)")
    parser.add_argument("--seconds", type=float, help=f"let viewers in for so long (default: until the hall has been full for {FULL_S} s, {SECONDS_MOST} s at most)")
    parser.add_argument("--viewers", type=int, metavar="N", help="at most so many viewers; the hall is then not asked to be full (default: as many as it takes)")
    parser.add_argument("--seed", type=int, help="seed of the viewers' behaviour (default: 2)")
    parser.add_argument("--kill-hall-at", type=float, nargs="*", metavar="S", help="kill the hall program after so many seconds of visits, and start it again")
    parser.add_argument("--standby-hall", action="store_true", help="two hall programs, of which the second follows the first; --kill-hall-at then kills the one that leads")
    parser.add_argument("--evacuate-at", type=float, metavar="S", help=f"after so many seconds of visits the fire contact says fire for {FIRE_S} s; staff empty the hall and settle the films")
    parser.add_argument("--impair", metavar="WORDS", help="the hall's network is bad on purpose, for whoever speaks with it, e.g. loss=10,delay=20,jitter=10,seed=7: what promenade hall --impair takes")
    parser.add_argument("--watch", action="store_true", help="show the staff console in a window while it runs")
    parser.add_argument("--language", choices=("zh", "en"), help="of the console, of the worn headset's viewer and of the report's page (default: en; promenade demo gives the caller's)")
    parser.add_argument("--no-headset", dest="headset", action="store_false", help="simulated viewers only: none of them wears the headset program")
    parser.add_argument("--circuit", action="store_true", help="afterwards a circuit pulls this venue and others into a PostgreSQL of its own and shows its pages")
    parser.add_argument("--bin", help=argparse.SUPPRESS)
    parser.add_argument("--films", help=argparse.SUPPRESS)
    options = parser.parse_args(namespace=DemoOptions())
    if options.standby_hall and options.headset:
        parser.error("--standby-hall goes with --no-headset")
    if options.seconds is not None and not 30 <= options.seconds <= 86400:
        parser.error("--seconds must be between 30 and 86400")

    def interrupted(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    try:
        return Demo(options).run()
    except DemoFailed as failure:
        print(f"\npromenade demo: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print("\npromenade demo: interrupted; everything it started has been stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\npromenade demo: {error.strerror}: {error.filename}. Free some disk space or give --out another place.", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
