"""How long a preview of 5,000 rows takes, beside a plain read of the same workbook.

    bin/bench imports [--rows 5000] [--rounds 3] [--json] [--assert]

The plain read is openpyxl's read-only mode, cell by cell: the least that looking at the file can
cost. Ours reads it with our own reader, finds the list, interprets every cell and compares each
row with as many records as there are rows. CPU time is measured, in turn, so that a busy machine
disturbs both alike: read the ratio. `--assert` fails above 5 s of CPU time.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

LIMIT_S = 5.0
HEADINGS = ("Ref", "Risk", "Description", "Category", "Likelihood", "Impact", "Controls", "Treatment", "Action plan",
            "Owner", "Due date", "Status", "Comments")  # fmt: skip
OWNERS = ("Dana Field", "Omar Reyes", "omar@acme.test", "IT/Finance", "")


def workbook(rows: int) -> bytes:
    """A register as consultants bring them: words, ratings, days and odd cells."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Risk register")
    sheet.append(HEADINGS)
    for n in range(rows):
        sheet.append([
            f"R-{n}", f"Something odd happens in room {n} of the {('north', 'south', 'west')[n % 3]} wing",
            "A sentence that tells what went on before and after. " * 2, ("IT", "People", "Money")[n % 3], n % 5 + 1,
            n % 4 + 1, "Locks; keys; a log", ("Mitigate", "Accept", "Transfer", "monitor")[n % 4],
            "Move the room next door", OWNERS[n % 5], ("2027-01-02", "ASAP", "13/04/2027")[n % 3],
            ("Open", "Closed")[n % 2], "seen twice",
        ])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain_read(content: bytes) -> int:
    """Every cell through openpyxl's read-only mode."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for _ in row)


def our_preview(content: bytes, rows: int) -> Callable[[], int]:
    """The whole preview against a register of as many records."""
    from vciso.imports.previewing import Surroundings, preview
    from vciso.imports.registry import ImportKind, PersonEntry, Record
    from vciso.imports.words import risks

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a preview writes nothing")

    records = [
        Record(id=str(n), reference=f"R-{n}", title=f"Something odd happens in room {n} of the north wing",
               values={"title": "x", "likelihood_now": 3})
        for n in range(0, rows, 2)
    ]  # fmt: skip
    people = [PersonEntry(key="1", name="Dana Field"), PersonEntry(key="2", name="Omar Reyes", email="omar@acme.test")]
    kind = ImportKind(
        name="risks", label="Risk register", noun="risk", plural="risks", fields=risks.FIELDS,
        records=lambda _: records, apply=never, remove=never, restore=never,
    )  # fmt: skip
    around = Surroundings(client=None, on=date(2026, 11, 20), records=records, people=people)
    return lambda: len(preview("register.xlsx", content, kind, around).plan.rows)


def cpu(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(rows: int, rounds: int) -> dict[str, float]:
    """Median CPU seconds of both, and their ratio."""
    content = workbook(rows)
    ours = our_preview(content, rows)
    pairs = [(cpu(lambda: plain_read(content)), cpu(ours)) for _ in range(rounds)]
    plain, preview = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "rows": rows,
        "file_kb": round(len(content) / 1024),
        "plain_read_s": round(plain, 3),
        "preview_s": round(preview, 3),
        "ratio": round(preview / plain, 2),
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench imports")
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--assert", dest="strict", action="store_true")
    options = parser.parse_args(arguments)
    found = measure(options.rows, options.rounds)
    if options.json:
        print(json.dumps(found))
    else:
        print(f"Preview of {found['rows']:,} rows ({found['file_kb']:,} kB), CPU seconds, median of {options.rounds}")
        print(f"  plain read of every cell   {found['plain_read_s']:.2f}")
        print(f"  preview, all of it         {found['preview_s']:.2f}   {found['ratio']:.1f} times the plain read")
    return int(options.strict and found["preview_s"] > LIMIT_S)
