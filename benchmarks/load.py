"""Ninety consultants and three hundred owners at once, on the portal that `bin/up` starts.

    bin/bench load [--seconds 180] [--at-once 8] [--json]
    bin/bench memory [--requests 10000] [--json]

Every request is one of a person's pages, picked at random; one in fifteen or so of a consultant's
logs time, through the form as a browser sends it. It ends by itself, and fails when one answer is
no page. `memory` counts requests instead of seconds and then weighs the processes that answered:
their own memory and their share of what is common to both (PSS).
"""

import argparse
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import people
from benchmarks.portal import ROOT, Running, running

FOLDER = "bench"
CLIENTS, RISKS = people.OWNERS, 20_000
AT_ONCE, SECONDS, REQUESTS = 8, 180, 10_000
# What one process that serves pages may weigh after ten thousand requests.
MOST_MIB = 200
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SEE_OTHER = 303
TIMEOUT = 60


@dataclass
class Tally:
    """What came back, by kind of page and by status, and every answer that was none."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.statuses.values())

    def add(self, kind: str, path: str, status: int, seconds: float) -> None:
        with self.lock:
            self.times[kind].append(seconds * 1000)
            self.statuses[status] += 1
            if status not in (200, SEE_OTHER):
                self.errors.append(f"{path} answered {status}")

    def fail(self, path: str, error: Exception) -> None:
        with self.lock:
            self.errors.append(f"{path}: {type(error).__name__}: {error}")

    def table(self) -> dict[str, dict[str, float]]:
        return {
            kind: {
                "count": len(times), "p50_ms": round(statistics.median(times), 1),
                "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 1),
            }
            for kind, times in sorted(self.times.items())
        }  # fmt: skip


class Reader:
    """One connection, on which one person after the other asks for a page."""

    def __init__(self, port: int, tally: Tally, seed: int) -> None:
        self.host = f"localhost:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.tally = tally
        self.chance = random.Random(seed)

    def go_on(self, everybody: list[dict[str, Any]], more: Callable[[], bool]) -> None:
        while more():
            person = self.chance.choice(everybody)
            kind, path = self.chance.choice(person["pages"])
            try:
                body, cookies = self._ask(kind, path, person["cookie"])
                if kind == "log time":
                    self._log_time(path, f"{person['cookie']}; {cookies}", body)
            except (OSError, http.client.HTTPException) as error:
                self.tally.fail(path, error)
                self.connection.close()
        self.connection.close()

    def _ask(self, kind: str, path: str, cookie: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        headers = {"Host": self.host, "Cookie": cookie}
        data = None
        if form is not None:
            data = urlencode(form).encode()
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}",
                "Referer": f"http://{self.host}{path}",
            }  # fmt: skip
        started = time.perf_counter()
        self.connection.request("GET" if data is None else "POST", path, data, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode(errors="replace")
        self.tally.add(kind, path, answer.status, time.perf_counter() - started)
        given = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        return body, "; ".join(given)

    def _log_time(self, path: str, cookie: str, page: str) -> None:
        token = TOKEN.search(page)
        if token is None:
            self.tally.fail(path, ValueError("the form has no token"))
            return
        day = re.search(r'name="on" value="([^"]+)"', page)
        form = {
            "csrfmiddlewaretoken": token[1], "on": day[1] if day else time.strftime("%Y-%m-%d"), "minutes": "15m",
            "activity": "risks", "whose": "practice",
        }  # fmt: skip
        self._ask("log time, sent", path, cookie, form)


def everybody(portal: Running) -> list[dict[str, Any]]:
    """All with their sessions; makes the practice first where it is not there yet."""
    ask = "import sys; from benchmarks import people; sys.exit(people.main())"
    for _ in range(2):
        done = subprocess.run(
            ["bin/manage", "shell", "--no-imports", "-c", ask], cwd=ROOT, env=portal.environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
            return found
        if done.returncode != people.NOBODY_THERE:
            raise SystemExit(done.stdout + done.stderr)
        print("Making the practice to be measured …", file=sys.stderr)
        portal.manage(
            "seed", "--clients", str(CLIENTS), "--risks", str(RISKS), "--consultants", str(people.CONSULTANTS)
        )
    raise SystemExit("The practice was made, and its people were not found.")


def drive(portal: Running, crowd: list[dict[str, Any]], at_once: int, more: Callable[[Tally], bool]) -> Tally:
    tally = Tally()
    readers = [Reader(portal.port, tally, seed) for seed in range(at_once)]
    threads = [threading.Thread(target=one.go_on, args=(crowd, lambda: more(tally))) for one in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def weights(portal: Running) -> list[float]:
    """MiB of each process that serves pages: its own pages and its share of common ones."""
    found = []
    for pid in portal.workers():
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kib = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        found.append(round(kib / 1024, 1))
    return found


def _print(tally: Tally, seconds: float) -> None:
    print(f"{'page':24}{'count':>8}{'p50 ms':>10}{'p95 ms':>10}")
    for kind, row in tally.table().items():
        print(f"{kind:24}{row['count']:8}{row['p50_ms']:10}{row['p95_ms']:10}")
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(tally.statuses.items()))
    print(f"{tally.count} answers in {seconds:.0f} s, {tally.count / seconds:.0f} a second: {statuses}")
    print(f"errors: {len(tally.errors)}")
    for line in tally.errors[:10]:
        print(f"  {line}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["load", "memory"], default="load")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with running(FOLDER) as portal:
        crowd = everybody(portal)
        before = weights(portal)
        started = time.monotonic()
        limits: dict[str, Callable[[Tally], bool]] = {
            "load": lambda tally: time.monotonic() - started < options.seconds,
            "memory": lambda tally: tally.count < options.requests,
        }
        tally = drive(portal, crowd, options.at_once, limits[options.what])
        seconds = time.monotonic() - started
        after = weights(portal)
    if options.json:
        print(json.dumps({
            "pages": tally.table(), "statuses": tally.statuses, "errors": tally.errors, "seconds": round(seconds, 1),
            "mib_before": before, "mib_after": after,
        }))  # fmt: skip
    else:
        _print(tally, seconds)
        print(f"web workers: {before} MiB before, {after} MiB after (PSS; at most {MOST_MIB})")
    return 1 if tally.errors or max(after) > MOST_MIB else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
