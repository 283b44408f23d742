"""How long a register of 20,000 risks takes to become a workbook, and what it weighs meanwhile.

    bin/bench export [--risks 20000] [--json] [--assert]      (makes the register once)

The time counts everything between the click and the last byte: reading, wording, writing,
compressing; beside it stands what this process worked of it, which neighbours disturb less. Memory
is what the process grew by while it did so, with the finished file left out.
"""

import argparse
import io
import json
import os
import resource
import sys
import time
from typing import Any

NOTHING_TO_MEASURE = 3
RISKS = 20_000
MOST_SECONDS, MOST_MIB = 5.0, 60.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--risks", type=int, default=RISKS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--assert", dest="check", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")
    found = _largest(options.risks)
    if found is None:
        return NOTHING_TO_MEASURE
    figures = {fmt: measure(*found, fmt) for fmt in ("csv", "xlsx")}
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{'format':8}{'risks':>8}{'seconds':>9}{'processor':>11}{'MiB file':>10}{'MiB grown':>11}")
        for fmt, row in figures.items():
            print(
                f"{fmt:8}{row['risks']:8}{row['seconds']:9}{row['processor']:11}{row['file_mib']:10}{row['grown_mib']:11}"
            )
    slow = any(row["seconds"] > MOST_SECONDS or row["grown_mib"] > MOST_MIB for row in figures.values())
    return 1 if options.check and slow else 0


def _largest(risks: int) -> tuple[Any, Any] | None:
    """A consultant and a client of theirs whose register is that long."""
    from risks.models import Risk
    from vciso.tenancy import context
    from vciso.tenancy.models import Client, User

    for user in User.objects.filter(email__startswith="c1@").order_by("-created_at"):
        with context.as_user(user):
            for client in Client.objects.all():
                if Risk.objects.filter(client=client).count() >= risks:
                    return user, client
    return None


def measure(user: Any, client: Any, fmt: str) -> dict[str, Any]:
    from vciso.imports import export, registry
    from vciso.tenancy import context

    kind = registry.get("risks")
    out = io.BytesIO()
    with context.as_user(user, client_id=client.pk):
        before, started, used = _peak_mib(), time.perf_counter(), time.process_time()
        count = export.write(kind, client, fmt, out)
        seconds, processor = time.perf_counter() - started, time.process_time() - used
    size = len(out.getvalue()) / 2**20
    return {
        "risks": count, "seconds": round(seconds, 2), "processor": round(processor, 2),
        "file_mib": round(size, 1),
        "grown_mib": round(max(0.0, _peak_mib() - before - size), 1),
    }  # fmt: skip


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
