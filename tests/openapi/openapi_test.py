"""The API's document against OpenAPI 3.1, and what the API takes and answers against the document: a day in which every
documented operation is asked once or more, refusals included, each request and answer checked.

  openapi_test.py --bin DIR                      checks with the Python validators
  openapi_test.py --bin DIR --checkers FOLDER    lints with spectral, and sends the day through prism as a validating proxy
"""
import argparse
import datetime
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import jsonschema
import openapi_spec_validator

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clerk"))
from office import OTHER, SEATED, WALK, Office  # noqa: E402

PACKAGE = "ab" * 32


class Failed(Exception):
    pass


class Checked:
    """Asks the API, at URL, and holds each request and answer against the document."""

    def __init__(self, document, url, keys, proxied=False):
        self.document, self.url, self.keys, self.proxied = document, url, keys, proxied
        self.asked, self.number = set(), 0

    def operation(self, method, path):
        literal_first = sorted(self.document["paths"].items(), key=lambda entry: -len(re.sub(r"\{\w+\}", "", entry[0])))
        for template, item in literal_first:
            pattern = "^" + re.sub(r"\\\{\w+\\\}", "[^/]+?", re.escape(template)) + "$"
            if method.lower() in item and re.match(pattern, path):
                return item[method.lower()]
        raise Failed(f"{method} {path} is not documented")

    def check(self, value, schema, where):
        try:
            jsonschema.Draft202012Validator({**schema, "components": self.document["components"]}).validate(value)
        except jsonschema.ValidationError as error:
            raise Failed(f"{where}: {error.message} at {list(error.absolute_path)}") from error

    def ask(self, method, path, body=None, key="manager", form=None, status=None, accept=None, lawful=True):
        """STATUS: what is expected; none: success. LAWFUL: the body is as documented, even where it is refused."""
        operation = self.operation(method, path.split("?")[0])
        if self.proxied and not lawful:
            return None  # the proxy lets nothing pass that is not as documented
        headers = {"Authorization": "Bearer " + self.keys.get(key, key)} if key else {}
        data = None
        if form is not None:
            data, headers["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
            if lawful:
                self.check(body, operation["requestBody"]["content"]["application/json"]["schema"], f"request of {operation['operationId']}")
        if accept:
            headers["Accept"] = accept
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                code, kind, text = answer.status, answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            code, kind, text = error.code, error.headers.get_content_type(), error.read()
        where = f"{method} {path}: {code}"
        if (status is None and code >= 300) or (status is not None and code != status):
            raise Failed(f"{where} {text[:600]!r}, expected {status or 'success'}")
        described = operation["responses"].get(str(code), operation["responses"]["default"])
        content = described.get("content", {})
        if kind not in content:
            raise Failed(f"{where} is {kind}, which is not documented")
        answer = text
        if kind.endswith("json"):
            answer = json.loads(text)
            self.check(answer, content[kind]["schema"], where)
        if code < 300:
            self.asked.add(operation["operationId"])
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body, **more):
        self.number += 1
        stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return self.ask("POST", path, {"idempotency_key": f"check-{self.number}", "device_ts": stamp, **body}, **more)


def now(seconds=0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def play(api, token, number, end=None):
    """One visit up to its play, which END ends; gives the play's code."""
    redemption = api.post("/v1/redemptions", {"token": token, "hall": "hall-a", "headset": number}, key="hall")
    code = f"hall-a-1-{number}"
    film = redemption["film"]
    grant = api.post("/v1/grants", {"redemption": redemption["redemption"], "headset": number, "film": film, "package_hash": PACKAGE, "play": code}, key="hall")
    api.post("/v1/plays", {"kind": "play_started", "play": code, "grant": grant["grant"], "film": film, "package_hash": PACKAGE, "headset": number, "start": now()}, key="hall")
    if end:
        api.post("/v1/plays", {"kind": "play_ended", "play": code, "end": now(70), "worn_share": 0.97, "moved": True, "interruptions": 0, "swaps": 0, **end}, key="hall")
    return code


def counter_day(api):
    sale = api.post("/v1/sales", {"film": WALK, "count": 3})
    api.post("/v1/sales", {"film": SEATED, "ticket_kind": "comp", "reason": "press"})
    kept = api.post("/v1/reservations", {"film": SEATED, "count": 3, "name": "class 3b"})
    api.post("/v1/sales", {"film": SEATED, "reservation": kept["reservation"], "voucher": "gift", "voucher_codes": ["GIFT000001"]})
    api.post("/v1/sales", {"film": SEATED, "discount": "pupil", "price": "24.00"})
    api.get("/v1/counter")
    api.post("/v1/reservations/release", {"reservation": kept["reservation"]})
    change = api.post("/v1/changes", {"ticket": sale["tickets"][1]["code"], "film": OTHER})
    api.post("/v1/refunds", {"ticket": change["ticket"]["code"]})
    api.post("/v1/refunds", {"ticket": change["ticket"]["code"]}, status=409)
    api.get("/v1/tickets/" + sale["tickets"][0]["code"])
    api.get("/v1/tickets/1234567890123456", status=404)
    api.post("/v1/sales", {"film": WALK, "count": 0}, status=400, lawful=False)
    api.post("/v1/sales", {"film": WALK}, key="circuit", status=403)
    api.post("/v1/sales", {"film": WALK}, key="pk_nobody", status=401)
    return sale


def hall_day(api, sale):
    film_ended = {"completed": True, "reason": "end"}
    code = play(api, sale["tickets"][0]["token"], 1)
    api.post("/v1/swaps", {"play": code, "from": 1, "to": 2}, key="hall")
    api.post("/v1/plays", {"kind": "play_ended", "play": code, "end": now(70), "worn_share": 0.97, "moved": True, "interruptions": 0, "swaps": 1, **film_ended}, key="hall")
    api.post("/v1/observations", {"sensor": "door-1", "hall": "hall-a", "from": now(-60), "to": now(), "known": True, "entered": 1, "left": 0}, key="hall")
    api.ask("POST", "/v1/waits", {"hall": "hall-a", "waits": [{"film": WALK, "wait_s": 90}]}, key="hall")
    api.ask("POST", "/v1/gates", {"gate": 1, "device": "door-a"}, key="hall")
    api.ask("POST", "/v1/gates", {"gate": 1, "device": "door-b"}, key="hall", status=409)
    api.ask("POST", "/v1/gates", {"gate": 0, "device": "door-a"}, key="hall")
    batch = [{"idempotency_key": "batch-1", "device_ts": now(), "token": sale["tickets"][2]["token"], "hall": "hall-a", "door": True}]
    api.ask("POST", "/v1/redemptions/batch", {"requests": batch}, key="hall")
    evacuated = api.post("/v1/sales", {"film": OTHER, "count": 2})
    left = {"completed": False, "reason": "evacuated", "evacuation": "drill-1"}
    for number, ticket in enumerate(evacuated["tickets"], 10):
        play(api, ticket["token"], number, left)
    api.get("/v1/evacuations")
    api.post("/v1/settlements", {"evacuation": "drill-1", "ticket": evacuated["tickets"][0]["code"], "settlement": "refund", "supervisor": "eva"})
    one = {"idempotency_key": "settle-1", "device_ts": now(), "evacuation": "drill-1", "ticket": evacuated["tickets"][1]["code"], "settlement": "rebook"}
    api.ask("POST", "/v1/settlements/batch", {"requests": [one]})


def read_day(api):
    date = api.get("/v1/venue")["business_date"]
    for path in ("/v1/films", "/v1/screenings", f"/v1/screenings?date={date}", "/v1/events?after=0&limit=500", "/v1/checkpoints", "/v1/log-keys", f"/v1/reports/days/{date}",
                 f"/v1/reports/days/{date}.csv", f"/v1/reports/days/{date}/manifest", f"/v1/reconciliation/{date}", "/v1/openapi.json", "/healthz", "/readyz", "/metrics"):
        api.get(path)
    latest = api.get("/v1/checkpoints/latest")
    api.get(f"/v1/proofs/inclusion?seq=1&size={latest['size']}")
    api.get(f"/v1/proofs/consistency?from=1&to={latest['size']}")
    api.get("/v1/events?limit=2", accept="application/vnd.promenade.events")
    api.get("/v1/events?after=999999", status=409)
    token = api.ask("POST", "/v1/oauth/token", form={"grant_type": "client_credentials", "client_id": "circuit", "client_secret": api.keys["circuit"], "scope": "read"}, key=None)
    api.get("/v1/events", key=token["access_token"])
    national = api.get(f"/v1/national/days/{date}")
    records = api.get(f"/v1/national/days/{date}/records?after=0&limit=500")
    if national["records"] != records["of"] or national["missing"] != records["of"]:
        raise Failed(f"the day has {national['records']} records, {national['missing']} of them missing, and lists {records['of']}")
    api.post("/v1/national/receipts", {"date": date, "records": [1, 2], "sent": now(), "reference": "R-1"})
    api.post("/v1/national/receipts", {"date": date, "records": [1], "sent": now()}, status=409)
    long_ago = (datetime.date.fromisoformat(date) - datetime.timedelta(days=30)).isoformat()
    api.post("/v1/national/approvals", {"date": long_ago, "reference": "A-1", "granted": now(-60), "supervisor": "eva"})
    api.post("/v1/national/approvals", {"date": date, "reference": "A-2", "granted": now(-60), "supervisor": "eva"}, status=409)
    api.post(f"/v1/days/{date}/close", {"force": True})
    api.post("/v1/corrections", {"date": date, "reason": "late", "supervisor": "eva"})
    api.get(f"/v1/reports/days/{date}?revision=1")


def a_day(api):
    hall_day(api, counter_day(api))
    read_day(api)
    missing = {op["operationId"] for item in api.document["paths"].values() for op in item.values()} - api.asked
    if missing:
        raise Failed(f"never answered with success: {sorted(missing)}")
    return len(api.asked)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def through_proxy(checkers, document_file, office, document):
    here = os.path.dirname(os.path.abspath(__file__))
    tool = lambda name: os.path.join(checkers, "node_modules", ".bin", name)  # noqa: E731
    lint = subprocess.run([tool("spectral"), "lint", "--ruleset", os.path.join(here, "spectral.yaml"), "--fail-severity", "warn", document_file], capture_output=True, text=True)
    print(lint.stdout.strip())
    if lint.returncode:
        raise Failed("spectral finds fault with the document" + lint.stderr)
    port = free_port()
    with tempfile.TemporaryFile("w+") as log:
        proxy = subprocess.Popen([tool("prism"), "proxy", document_file, office.url, "--errors", "--port", str(port)], stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    urllib.request.urlopen(url + "/healthz", timeout=5).read()
                    break
                except OSError:
                    if proxy.poll() is not None:
                        raise Failed("prism ended") from None
                    time.sleep(0.1)
            count = a_day(Checked(document, url, office.keys, proxied=True))
            print(f"{count} operations through prism")
        except Failed:
            log.seek(0)
            print(log.read()[-4000:])
            raise
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--checkers")
    options = parser.parse_args()
    if options.checkers and not os.path.exists(os.path.join(options.checkers, "node_modules", ".bin", "prism")):
        print(f"No checkers in {options.checkers}: `promenade test --all` fetches them (npm).")
        return 77
    office = Office(os.path.join(options.bin, "promenade-boxoffice"))
    try:
        document = office.ask("GET", "/v1/openapi.json")[1]
        openapi_spec_validator.validate(document)
        print("the document is valid OpenAPI", document["openapi"])
        if options.checkers:
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "openapi.json")
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(document, file)
                through_proxy(options.checkers, path, office, document)
        else:
            print(f"{a_day(Checked(document, office.url, office.keys))} operations as documented")
    except Failed as failure:
        print("FAILED:", failure)
        return 1
    finally:
        office.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
