"""Takes the pictures of docs/pictures from a running portal with demonstration data: bin/pictures.

Signs in through the sign-in page with what var/portal.json holds, and keeps each picture small.
"""

import io
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CLIENT = "Meadowlark Dental Group"


@dataclass(frozen=True)
class Shot:
    """One page: who opens it, how wide, and where (`{key}` is the client's)."""

    name: str
    role: str
    path: str
    width: int = 1280
    height: int = 860
    theme: str = "light"


SHOTS = [
    Shot("today", "consultant", "/today/"),
    Shot("overview", "consultant", "/c/{key}/"),
    Shot("register", "consultant", "/c/{key}/risks/"),
    Shot("risk", "consultant", "/c/{key}/risks/R-001/"),
    Shot("report-review", "consultant", "/c/{key}/reports/{month}/"),
    Shot("vendors", "consultant", "/c/{key}/vendors/", theme="dark"),
    Shot("owner-phone", "owner", "/my/{key}/", 390, 844),
    Shot("board-tablet", "board", "/board/{key}/", 820, 1100),
]


def keep(picture: bytes, name: str) -> None:
    """Saves a PNG with a palette: half the weight, no visible difference on flat pages."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(128)
    image.save(FOLDER / f"{name}.png", optimize=True)


def sign_in(browser: Browser, address: str, person: dict[str, str], shot: Shot) -> Page:
    page = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.theme
    ).new_page()
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    return page


def of_role(sign_ins: Any, role: str) -> dict[str, str]:
    people = sign_ins[role]
    return next((one for one in people if one.get("client") == CLIENT), people[1] if len(people) > 1 else people[0])


def report_pages(pdf: bytes, name: str) -> None:
    """Every page of a report, small, as docs/pictures/<name>-<n>.png."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "report.pdf").write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-r", "60", "-png", f"{folder}/report.pdf", f"{folder}/page"], check=True, timeout=120
        )
        for number, path in enumerate(sorted(Path(folder).glob("page*.png")), start=1):
            keep(path.read_bytes(), f"{name}-{number:02d}")


def main() -> int:
    portal = json.loads(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var" / "portal.json").read_text())
    address, sign_ins = portal["address"], portal["sign_ins"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        owner = sign_in(browser, address, of_role(sign_ins, "owner"), SHOTS[0])
        owner.goto(f"{address}/")
        key = owner.url.rstrip("/").rsplit("/", 1)[1]
        owner.goto(f"{address}/my/{key}/reports/")
        links = owner.eval_on_selector_all("a[href$='.pdf']", "all => all.map(one => one.href)")
        month = next(link for link in links if "-q" not in link.rsplit("/", 1)[1])
        quarter = next(link for link in links if "-q" in link.rsplit("/", 1)[1])
        for name, link in (("monthly-report", month), ("board-pack", quarter)):
            report_pages(owner.context.request.get(link).body(), name)
        period = month.rsplit("/", 1)[1].removesuffix(".pdf")
        for shot in SHOTS:
            page = sign_in(browser, address, of_role(sign_ins, shot.role), shot)
            page.goto(address + shot.path.format(key=key, month=period))
            keep(page.screenshot(), shot.name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
