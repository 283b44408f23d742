"""How long a report takes beside WeasyPrint alone, and whether memory stays flat.

    bin/bench render [--rounds 15] [--memory 200] [--json] [--assert]

"Alone" is WeasyPrint warm, with the same shared fonts and parsed style sheets and the
same flags, in this process. "Ours" is what a worker does: template, fork, limits,
drawing, answer by pipe. The two alternate in one run, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# What is allowed; asserted with --assert.
ALLOWED = {"monthly": 1.3, "board": 1.2}


@dataclass(frozen=True)
class Result:
    """Medians of the clock and of processor time in milliseconds, and what both come to.

    The ratio that counts is that of processor time, children included: on a machine that
    is shared, the clock measures the neighbours.
    """

    name: str
    alone: float
    ours: float
    clock_ratio: float
    ratio: float
    allowed: float


def main(arguments: list[str]) -> int:
    """Print the table; with --assert, 1 when a ratio or the memory is over what is allowed."""
    options = _options(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")
    import django

    django.setup()
    from tests.reporting.golden_files import document
    from vciso.pdf import warm

    warm()
    results = [compare(name, document(name), options.rounds) for name in ALLOWED]
    growth = memory(document("monthly"), options.memory)
    if options.json:
        print(json.dumps({"render": [vars(one) for one in results], "memory": growth}))
    else:
        _table(results, growth)
    within = all(one.ratio <= one.allowed for one in results) and growth["growth_mb"] < 5
    return 0 if within or not options.check else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--memory", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--assert", action="store_true", dest="check")
    return parser.parse_args(arguments)


def compare(name: str, document: object, rounds: int) -> Result:
    from weasyprint import HTML

    from reporting import render
    from vciso.pdf.fetcher import AssetsOnly
    from vciso.pdf.renderer import MOTIF, VARIANT, renderer

    shared = renderer()
    page = render.html(document)
    sheets = shared.stylesheets(document.edition.paper)

    def alone() -> bytes:
        fetcher = AssetsOnly({MOTIF: shared.motif})
        return HTML(string=page, url_fetcher=fetcher).write_pdf(
            font_config=shared.font_config, stylesheets=sheets, pdf_variant=VARIANT
        )

    def ours() -> bytes:
        return render.pdf(document)

    for one in (alone, ours):
        one()
    pairs = [(_milliseconds(alone), _milliseconds(ours)) for _ in range(rounds)]
    clock = [statistics.median(pair[side][0] for pair in pairs) for side in (0, 1)]
    work = [statistics.median(pair[side][1] for pair in pairs) for side in (0, 1)]
    return Result(name, clock[0], clock[1], clock[1] / clock[0], work[1] / work[0], ALLOWED[name])


def _milliseconds(work: Callable[[], bytes]) -> tuple[float, float]:
    """By the clock, and of processor time in this process and its children."""
    started, used = time.perf_counter(), _processor_seconds()
    work()
    return (time.perf_counter() - started) * 1000, (_processor_seconds() - used) * 1000


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory(document: object, renders: int) -> dict[str, float]:
    from reporting import render

    for _ in range(5):
        render.pdf(document)
    before = _resident_mb()
    for _ in range(renders):
        render.pdf(document)
    after = _resident_mb()
    return {"renders": renders, "before_mb": before, "after_mb": after, "growth_mb": after - before}


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _table(results: list[Result], growth: dict[str, float]) -> None:
    print(f"{'report':<10}{'alone ms':>10}{'ours ms':>10}{'clock':>8}{'work':>8}{'allowed':>9}")
    for one in results:
        print(
            f"{one.name:<10}{one.alone:>10.0f}{one.ours:>10.0f}{one.clock_ratio:>8.2f}{one.ratio:>8.2f}{one.allowed:>9.2f}"
        )
    print(
        f"memory of the worker over {growth['renders']:.0f} renders: "
        f"{growth['before_mb']:.0f} MB -> {growth['after_mb']:.0f} MB ({growth['growth_mb']:+.1f})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
