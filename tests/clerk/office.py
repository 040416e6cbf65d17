"""A box office for the clerk's browser tests: the program itself in a folder of its own, with a venue that is open at any
hour and whose every name is an attempt to be markup."""
import datetime
import json
import os
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
import zoneinfo

ZONE = "Asia/Shanghai"
BAD = "<img src=x onerror=hacked()>"  # what a name may not become
WALK, OTHER, SEATED, ONE = "001100012026", "001100022026", "001200012026", "001200022026"


def config(reservation_s, gates, second_lane):
    # The day has just begun: its end, and that of the hour in which each film's first screening starts, are far whenever this runs.
    local = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)) - datetime.timedelta(minutes=2)
    turn = f"{local.hour:02d}:{local.minute:02d}"
    films = [(WALK, "灯街", "Lantern Street", "walking", 61, 120, "88.00", "walking", 200),
             (OTHER, "潮洞", "Tide Caves " + BAD, "walking", 61, 120, "88.00", "walking", 200),
             (SEATED, "慢行星", "Slow Planet", "seated", 84, 0, "48.00", "seated", 200),
             (ONE, "钟声之内", "Inside the Bell", "seated", 72, 0, "48.50", "bell", 1)]
    text = f'''
[venue]
id = "clerk-test"
name_zh = "测试<b>影院"
name_en = "Test {BAD} cinema"
national_reporting = true
cinema_code = "32020501"
time_zone = "{ZONE}"
cut_over = "{turn}"
opens = "{turn}"
closes = "{turn}"
currency = "CNY"
[tickets]
free_choice = true
early_s = 900
grace_s = 3600
reservation_s = {reservation_s}
gates = {gates}
[[halls]]
id = "hall-a"
name_zh = "一号厅"
name_en = "Hall A {BAD}"
capacity = 600
[[halls.sensors]]
id = "door-1"
miss_rate = 0.01
[[discounts]]
id = "pupil"
name_zh = "学生"
name_en = "Pupil {BAD}"
percent = 50
[[vouchers]]
id = "gift"
name_zh = "礼券"
name_en = "Gift voucher {BAD}"
value = "20.00"
code_size = 10
[[vouchers]]
id = "whole"
name_zh = "兑换券"
name_en = "Ticket voucher"
'''
    for number, (code, zh, en, kind, length, hold, price, group, slots) in enumerate(films):
        text += f'''
[[films]]
id = "{code}"
title_zh = "{zh}"
title_en = "{en}"
permit = "电审虚字[0000]第00{number + 1}号"
kind = "{kind}"
length_s = {length}
longest_hold_s = {hold}
price = "{price}"
price_class = "{group}"
[[lanes]]
id = "320205010001{number + 1:02d}10"
hall = "hall-a"
film = "{code}"
slots = {slots}
start_window_s = 3600
'''
    if second_lane:
        text += f'''
[[lanes]]
id = "3202050100010510"
hall = "hall-a"
film = "{WALK}"
slots = 200
start_window_s = 3600
'''
    return text


class Office:
    def __init__(self, binary, reservation_s=300, gates=1, second_lane=False):
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "boxoffice.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(config(reservation_s, gates, second_lane))
        data = os.path.join(self.folder.name, "data")
        self.log = open(os.path.join(self.folder.name, "log"), "wb")
        self.process = subprocess.Popen([binary, "serve", "--config", path, "--data", data, "--port", "0", "--poll-port", "0"],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            if "ready on " in line:
                self.url = line.split("ready on ")[1].strip()
                break
        else:
            raise RuntimeError("The box office did not begin: " + open(self.log.name, encoding="utf-8").read())
        self.began = datetime.datetime.now(datetime.timezone.utc)
        self.keys = {}
        with open(os.path.join(data, "initial-keys"), encoding="utf-8") as file:
            for line in file:
                name, key, _ = line.split(" ", 2)
                self.keys[name] = key
        self.number = 0

    def ask(self, method, path, body=None, key="manager"):
        """Status and JSON answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method,
                                         headers={"Authorization": "Bearer " + self.keys[key], "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def do(self, path, body, key="manager"):
        self.number += 1
        stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        status, answer = self.ask("POST", path, {"idempotency_key": f"test-{self.number}", "device_ts": stamp, **body}, key)
        if status >= 300:
            raise AssertionError(f"{path}: {answer}")
        return answer

    def play(self, ticket, worn_share):
        """A whole visit: let in, granted, played to its end."""
        stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self.number += 1
        headset, package = self.number, "ab" * 32
        redemption = self.do("/v1/redemptions", {"token": ticket["token"], "hall": "hall-a", "headset": headset}, key="hall")
        play, film = f"hall-a-2-{headset}", redemption["film"]
        grant = self.do("/v1/grants", {"redemption": redemption["redemption"], "headset": headset, "film": film, "package_hash": package, "play": play}, key="hall")
        self.do("/v1/plays", {"kind": "play_started", "play": play, "grant": grant["grant"], "film": film, "package_hash": package, "headset": headset, "start": stamp}, key="hall")
        self.do("/v1/plays", {"kind": "play_ended", "play": play, "end": stamp, "completed": True, "reason": "end", "worn_share": worn_share, "moved": True,
                              "interruptions": 0, "swaps": 0}, key="hall")

    def evacuate(self, tickets, evacuation):
        """As the hall tells it: each viewer's film was under way, but the last one's, whose had not begun."""
        def at(seconds):
            return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for ticket in tickets:
            self.number += 1
            headset, package = self.number, "ab" * 32
            redemption = self.do("/v1/redemptions", {"token": ticket["token"], "hall": "hall-a", "headset": headset}, key="hall")
            if ticket is tickets[-1]:
                self.do("/v1/settlements", {"evacuation": evacuation, "ticket": ticket["code"], "settlement": "open"}, key="hall")
                continue
            play, film = f"hall-a-1-{headset}", redemption["film"]
            grant = self.do("/v1/grants", {"redemption": redemption["redemption"], "headset": headset, "film": film, "package_hash": package, "play": play}, key="hall")
            self.do("/v1/plays", {"kind": "play_started", "play": play, "grant": grant["grant"], "film": film, "package_hash": package, "headset": headset, "start": at(-40)}, key="hall")
            self.do("/v1/plays", {"kind": "play_ended", "play": play, "end": at(0), "completed": False, "reason": "evacuated", "evacuation": evacuation, "scene": "bridge",
                                  "worn_share": 0.9, "moved": True, "interruptions": 1, "swaps": 0}, key="hall")

    def at(self, seconds):
        """So long after the box office began; the business day began two minutes before."""
        return (self.began + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def enter(self, tickets, when_s, watch=True):
        """As a hall tells later whom it let in while cut off, and who watched the film."""
        for ticket in tickets:
            self.number += 1
            headset, package = self.number, "ab" * 32
            redemption = self.do("/v1/redemptions", {"token": ticket["token"], "hall": "hall-a", "headset": headset, "offline": True, "device_ts": self.at(when_s)}, key="hall")
            if not watch:
                continue
            play, film = f"hall-a-1-{headset}", redemption["film"]
            grant = self.do("/v1/grants", {"redemption": redemption["redemption"], "headset": headset, "film": film, "package_hash": package, "play": play}, key="hall")
            self.do("/v1/plays", {"kind": "play_started", "play": play, "grant": grant["grant"], "film": film, "package_hash": package, "headset": headset, "start": self.at(when_s + 1)}, key="hall")
            self.do("/v1/plays", {"kind": "play_ended", "play": play, "end": self.at(when_s + 2), "completed": True, "reason": "end", "worn_share": 0.97, "moved": True, "interruptions": 0, "swaps": 0}, key="hall")

    def seen(self, from_s, to_s, bodies=None, reason=""):
        """As the door's counter tells; without BODIES it could not count, and says why."""
        told = {"known": False, "reason": reason} if bodies is None else {"known": True, "entered": bodies, "left": 0}
        self.do("/v1/observations", {"sensor": "door-1", "hall": "hall-a", "from": self.at(from_s), "to": self.at(to_s), **told})

    def totals(self):
        date = self.ask("GET", "/v1/venue")[1]["business_date"]
        return self.ask("GET", "/v1/reports/days/" + date)[1]["totals"]

    def halt(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()
        self.log.close()
        self.folder.cleanup()
