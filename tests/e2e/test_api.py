"""A person makes a token on the page, and a program works with it: the docs' own, as it stands there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.conftest import Enter
from tests.e2e.portal import ROOT
from tests.e2e.visitor import Visitor

EXAMPLE = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)


def make_token(visitor: Visitor) -> str:
    visitor.goto("/account/tokens/")
    visitor.look()
    visitor.page.get_by_label("Name").fill("Scanner")
    visitor.page.get_by_label("Meadowlark").check()
    visitor.page.get_by_label("Read and write").check()
    visitor.click("button", "Make the token")
    secret = visitor.page.get_by_role("textbox", name="Scanner").input_value()
    visitor.look()
    return secret


def run(visitor: Visitor, secret: str, folder: Path) -> list[str]:
    assert EXAMPLE is not None
    done = subprocess.run(
        [sys.executable, "-c", EXAMPLE[1]], cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": os.environ["PATH"], "PORTAL": visitor.portal.address, "PORTAL_TOKEN": secret},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def together(call: Callable[[int], Any]) -> list[Any]:
    """Calls twice at the same moment."""
    gate, found = threading.Barrier(2), {}

    def one(number: int) -> None:
        gate.wait(timeout=60)
        found[number] = call(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return [found[0], found[1]]


def test_the_example_of_the_docs_pushes_a_risk_once_and_fetches_the_published_bytes(
    enter: Enter, tmp_path: Path
) -> None:
    priya = enter("priya")
    secret = make_token(priya)
    first, pack = run(priya, secret, tmp_path)
    again, _ = run(priya, secret, tmp_path)
    assert re.fullmatch(r"R-\d{3} is in the register of Meadowlark Dental Group\.", first)
    assert again == first
    kept = hashlib.sha256((tmp_path / "board-pack.pdf").read_bytes()).hexdigest()
    assert pack.endswith(f"SHA-256 {kept}")

    address = f"{priya.portal.address}/api/v1/c/{priya.client('meadowlark')}/risks/"

    def ask(method: str, url: str, body: dict[str, Any] | None, **headers: str) -> tuple[int, Any, str]:
        request = urllib.request.Request(
            url, method=method, data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json",
                     **{name.replace("_", "-"): value for name, value in headers.items()}},
        )  # fmt: skip
        try:
            answer: Any = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        return answer.status, json.loads(answer.read()), answer.headers.get("ETag", "")

    # The same key at the same moment, on two connections: one risk, and both get its answer.
    both = together(
        lambda _: ask("POST", address, {"title": "Asked twice at once"}, Idempotency_Key="at-the-same-time")
    )
    assert [one[0] for one in both] == [201, 201]
    assert both[0][1] == both[1][1]
    # Two changes of one version at the same moment: one wins, the other is told how it stands.
    one = address + both[0][1]["reference"] + "/"
    changes = together(lambda number: ask("PATCH", one, {"title": f"Change {number}"}, If_Match=both[0][2]))
    assert sorted(change[0] for change in changes) == [200, 412]
    kept_title = ask("GET", one, None)[1]["title"]
    refused = next(change[1] for change in changes if change[0] == 412)
    assert refused["current"]["title"] == kept_title

    priya.goto("/account/tokens/")
    priya.click("button", "Revoke")
    priya.sees("Revoked")
    assert ask("GET", address, None)[0] == 401
    assert priya.goto("/help/api/") == 200
    priya.look()
