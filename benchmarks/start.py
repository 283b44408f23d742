"""How long it is from an empty folder to the first page, with the software already installed.

    bin/bench start [--json]

Counts what `bin/up --no-seed` does on a machine where it ran before but whose data are gone: making
the database cluster and its roles, every migration, the static files, and the web server until it
answers. Fonts and packages, which are no data, are kept.
"""

import argparse
import json
import re
import shutil
import sys
import time

from benchmarks.portal import ROOT, running

FOLDER = "bench-start"
MOST_SECONDS = 20
STEP = re.compile(r"^ +(.+?) \.+ +([\d.]+) s", re.MULTILINE)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    shutil.rmtree(ROOT / "var" / FOLDER, ignore_errors=True)
    started = time.monotonic()
    with running(FOLDER) as portal:
        seconds = round(time.monotonic() - started, 1)
        steps = {name: float(took) for name, took in STEP.findall(portal.said)}
    if options.json:
        print(json.dumps({"seconds": seconds, "steps": steps}))
    else:
        for name, took in steps.items():
            print(f"{name:34}{took:6.1f} s")
        print(f"{'from an empty database to a page':34}{seconds:6.1f} s (at most {MOST_SECONDS})")
    return 0 if seconds <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
