"""An OpenXR runtime with a head and two controllers that a program moves: Monado with its null compositor and its
remote driver, in a folder of its own. For the demo and for tests.

The remote driver takes the newest state of all three devices as one packet over TCP (struct r_remote_data of Monado 25,
drivers/remote/r_interface.h: little-endian, 376 bytes, header "mndrmt3"). Poses are of Monado's tracking space, which is
its STAGE: metres, y up, -z ahead; orientations are quaternions (x, y, z, w)."""

import dataclasses
import json
import math
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

HEADER = b"mndrmt3\0"
PACKET_BYTES = 376
RUNTIME_FILE = pathlib.Path("/usr/share/openxr/1/openxr_monado.json")
FLAGS = ("hand_tracking_active", "active", "system_click", "system_touch", "a_click", "a_touch", "b_click", "b_touch",
         "trigger_click", "trigger_touch", "thumbstick_click", "thumbstick_touch", "trackpad_touch")


class MonadoFailed(Exception):
    """It did not start, or does not answer; the text says what to look at."""


def turned(yaw=0.0, pitch=0.0):
    """Quaternion: first `pitch` (up is positive) about x, then `yaw` (left is positive) about y; radians."""
    cy, sy, cp, sp = math.cos(yaw / 2), math.sin(yaw / 2), math.cos(pitch / 2), math.sin(pitch / 2)
    return (cy * sp, sy * cp, -sy * sp, cy * cp)


def aimed(origin, target):
    """Quaternion that looks from `origin` to `target` along -z, without roll."""
    x, y, z = (t - o for t, o in zip(target, origin))
    return turned(math.atan2(-x, -z), math.atan2(y, math.hypot(x, z)))


@dataclasses.dataclass
class Device:
    position: tuple = (0.0, 1.6, 0.0)
    orientation: tuple = (0.0, 0.0, 0.0, 1.0)

    def pose(self):
        return struct.pack("<7f", *self.orientation, *self.position)


@dataclasses.dataclass
class Controller(Device):
    active: bool = True
    trigger: bool = False
    a: bool = False
    b: bool = False

    def record(self):
        pulled = 1.0 if self.trigger else 0.0
        on = {"active": self.active, "trigger_click": self.trigger, "trigger_touch": self.trigger, "a_click": self.a, "b_click": self.b}
        flags = bytes(1 if on.get(name) else 0 for name in FLAGS) + bytes(3)
        # pose, linear and angular velocity, five fingers; trigger, squeeze value and force, thumbstick, trackpad
        return self.pose() + struct.pack("<11f", *[0.0] * 11) + struct.pack("<8f", pulled, *[0.0] * 7) + flags


class Monado:
    """One monado-service. `folder` keeps its configuration and log; its socket lies in a short folder of its own."""

    def __init__(self, folder, remote=True):
        """`remote` False: a head that nobody moves, without controllers and without a port."""
        self.remote, self.folder = remote, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.runtime_dir = pathlib.Path(tempfile.mkdtemp(prefix="monado-"))
        self.config_home = self.folder / "config"
        (self.config_home / "monado").mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("", 0))
            self.port = probe.getsockname()[1]
        config = {"active": "remote", "remote": {"version": 0, "port": self.port, "view_count": 2}} if remote else {}
        (self.config_home / "monado" / "config_v0.json").write_text(json.dumps(config))
        self.head = Device()
        self.left = Controller((-0.25, 1.1, -0.3))
        self.right = Controller((0.25, 1.1, -0.3))
        self.process = self.link = None

    def environment(self):
        """For programs that are to use this runtime, and for the service itself."""
        return dict(os.environ, XDG_RUNTIME_DIR=str(self.runtime_dir), XDG_CONFIG_HOME=str(self.config_home), XR_RUNTIME_JSON=str(RUNTIME_FILE))

    def start(self, timeout_s=30):
        if not shutil.which("monado-service"):
            raise MonadoFailed("monado-service is missing. Run: promenade setup")
        for old in self.runtime_dir.glob("monado*"):  # a killed service leaves its socket and lock
            old.unlink()
        log = open(self.folder / "monado.log", "ab")
        env = dict(self.environment(), XRT_COMPOSITOR_NULL="1", XRT_NO_STDIN="1")
        self.process = subprocess.Popen(["monado-service"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, start_new_session=True)
        until = time.monotonic() + timeout_s
        while not (self.runtime_dir / "monado_comp_ipc").exists() or (self.remote and not self.connect()):
            if self.process.poll() is not None or time.monotonic() > until:
                raise MonadoFailed(f"monado-service did not get ready: see {self.folder / 'monado.log'}")
            time.sleep(0.1)
        self.send()

    def connect(self):
        """The driver first tells its own state twice, which is read and set aside."""
        try:
            link = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        except OSError:
            return False
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        told = b""
        while len(told) < 2 * PACKET_BYTES:
            part = link.recv(2 * PACKET_BYTES - len(told))
            if not part:
                link.close()
                return False
            told += part
        self.link = link
        return True

    def send(self):
        """Hands over where head and controllers are now. False: nobody listens (the service is gone)."""
        if self.link is None:
            return False
        # The eyes' own views stay the driver's: per_view_data_valid is 0.
        packet = HEADER + bytes(96) + self.head.pose() + bytes(4) + self.left.record() + self.right.record()
        assert len(packet) == PACKET_BYTES
        try:
            self.link.sendall(packet)
            return True
        except OSError:
            self.link.close()
            self.link = None
            return False

    def kill(self):
        """As a crash would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.link:
            self.link.close()
            self.link = None

    def restart(self):
        self.kill()
        self.start()

    def end(self):
        if self.link:
            self.link.close()
            self.link = None
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.runtime_dir, ignore_errors=True)
