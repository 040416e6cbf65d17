#!/usr/bin/env python3
"""promenade-enrol as two people use it without a camera: one at the hall types the digits that the other's device shows. Wrong
digits, three times wrong, what lies where afterwards and who may read it, the list, and locking out.

programs_test.py --bin DIR. Exit status: 0 it held; 1 it did not, and the last line says what."""

import argparse
import pathlib
import re
import select
import stat
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 30  # a deadline, not a wait


class NotSo(Exception):
    pass


def expect(holds, text):
    if not holds:
        raise NotSo(text)


class Program:
    """One of the two programs, with somebody who reads what it prints and types into it."""

    def __init__(self, *command):
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.text, self.read_to = "", 0

    def more(self, until):
        left = until - time.monotonic()
        if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
            raise NotSo(f"nothing more within {PATIENCE_S} s after:\n{self.text}")
        part = self.process.stdout.read1(65536)
        self.text += part.decode()
        return bool(part)

    def prints(self, pattern):
        """The first match after what was matched before."""
        until = time.monotonic() + PATIENCE_S
        compiled = re.compile(pattern, re.MULTILINE)
        while not (found := compiled.search(self.text, self.read_to)):
            expect(self.more(until), f"it ended without printing {pattern}:\n{self.text}")
        self.read_to = found.end()
        return found

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def ends_with(self, status):
        until = time.monotonic() + PATIENCE_S
        while self.more(until):
            pass
        ended = self.process.wait(PATIENCE_S)
        expect(ended == status, f"it ended with {ended} instead of {status}:\n{self.text}")
        return self.text

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Trial:
    def __init__(self, binaries, folder):
        self.enrol, self.folder, self.link = binaries / "promenade-enrol", folder, folder / "hall-link"
        self.open_programs = []

    def start(self, *words):
        self.open_programs.append(Program(self.enrol, *words))
        return self.open_programs[-1]

    def run(self, *words):
        done = subprocess.run([str(w) for w in (self.enrol, *words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        return done.returncode, done.stdout + done.stderr

    def invite(self, role, name):
        hall = self.start("open", role, name, "--link", self.link, "--address", "127.0.0.1", "--port", "0")
        return hall, hall.prints(r"give it (127\.0\.0\.1:\d+)").group(1)

    def ask(self, address, out):
        device = self.start("join", "--hall", address, "--out", out)
        shown = device.prints(r"^(\d{3}) (\d{3})$")
        return device, shown.group(1) + shown.group(2)

    def leaves(self, device):
        device.close()
        self.open_programs.remove(device)

    def digits_typed_right_at_the_second_try(self):
        out = self.folder / "tablet"
        hall, address = self.invite("staff", "tablet 2")
        device, code = self.ask(address, out)
        hall.type(f"{(int(code) + 1) % 1_000_000:06d}")
        hall.prints("These are not the digits")
        self.leaves(device)
        device, again = self.ask(address, out)
        expect(again != code, "a device that asks again shows the same digits")
        hall.type(f"{again[:3]} {again[3:]}")  # as they are read out
        hall.prints("The digits are right")
        device.type("yes")
        device.prints("enrolled as staff tablet 2 of wuxi, until ")
        device.ends_with(0)
        hall.prints("staff tablet 2 is enrolled")
        hall.ends_with(0)
        expect(stat.S_IMODE(out.stat().st_mode) == 0o700, f"others may look into {out}")
        for file in out.iterdir():
            if "PRIVATE" in file.read_text():
                expect(stat.S_IMODE(file.stat().st_mode) == 0o600, f"others may read the key in {file}")
        status, said = self.run("join", "--hall", address, "--out", out)
        expect(status == 2 and "holds a certificate already" in said, f"a second enrolment over the first: {status} {said}")

    def three_times_wrong(self):
        hall, address = self.invite("headset", "14")
        for attempt in range(3):
            device, code = self.ask(address, self.folder / "never")
            hall.type(f"{(int(code) + 1) % 1_000_000:06d}")
            if attempt < 2:
                hall.prints("These are not the digits")
            self.leaves(device)
        expect("Three wrong codes" in hall.ends_with(1), "it does not say why it ended")
        expect(not (self.folder / "never").exists(), "a device that nobody let in has a folder")

    def issued_listed_and_locked_out(self):
        status, said = self.run("issue", "headset", "12", "--link", self.link, "--out", self.folder / "headset-12")
        expect(status == 0, said)
        status, said = self.run("list", "--link", self.link)
        expect(status == 0 and re.search(r"^headset +12 +valid ", said, re.MULTILINE) and re.search(r"^staff +tablet 2 +valid ", said, re.MULTILINE), said)
        expect("14" not in re.findall(r"^headset +(\S+)", said, re.MULTILINE), f"who was not let in is on the list:\n{said}")
        status, said = self.run("revoke", "headset", "12", "--link", self.link)
        expect(status == 0 and "1 certificate revoked" in said, said)
        status, said = self.run("list", "--link", self.link)
        expect(re.search(r"^headset +12 +revoked ", said, re.MULTILINE) and re.search(r"^staff +tablet 2 +valid ", said, re.MULTILINE), said)
        status, said = self.run("revoke", "headset", "99", "--link", self.link)
        expect(status == 1, f"a device that never was is locked out: {status} {said}")

    def what_cannot_be(self):
        for words in (("open", "headset", "a/b", "--link", self.link, "--address", "127.0.0.1"), ("open", "visitor", "1", "--link", self.link, "--address", "127.0.0.1"),
                      ("join", "--hall", "127.0.0.1", "--out", self.folder / "x"), ("join", "--invitation", "promenade://nothing", "--out", self.folder / "x"),
                      ("list", "--link", self.folder / "nowhere")):
            status, said = self.run(*words)
            expect(status == 2 and said.strip(), f"{words}: {status} {said}")
        expect(not (self.folder / "x").exists(), "a refused word made a folder")

    def all(self):
        try:
            status, said = self.run("init", "--link", self.link, "--venue", "wuxi")
            expect(status == 0, said)
            self.digits_typed_right_at_the_second_try()
            self.three_times_wrong()
            self.issued_listed_and_locked_out()
            self.what_cannot_be()
        finally:
            for program in self.open_programs:
                program.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="promenade-enrol-") as folder:
        try:
            Trial(options.bin, pathlib.Path(folder)).all()
        except NotSo as why:
            print(why, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
