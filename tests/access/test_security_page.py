"""The page about security names tests that exist, and all 89 lines of the checklist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = dict(re.findall(r"^\| ([A-E]\d+) \|(.+)$", PAGE, re.MULTILINE))
LINES = {"A": 28, "B": 22, "C": 11, "D": 13, "E": 15}


def test_every_line_of_the_checklist_has_its_row() -> None:
    assert set(ROWS) == {f"{section}{number}" for section, count in LINES.items() for number in range(1, count + 1)}


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)
    gone = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text()]
    assert named
    assert not gone


def test_a_line_without_a_test_says_why() -> None:
    silent = [line for line, rest in ROWS.items() if "`tests/" not in rest and not re.search(r"(Waits|Open)", rest)]
    assert not silent
