"""The second stage: `python -m vciso.launch up|test|manage …`, inside the environment."""

from __future__ import annotations

import importlib
import signal
import sys

from vciso.embedded.errors import PartFailed
from vciso.launch.console import StepFailed, report_failure

COMMANDS = {"up": "up", "test": "check", "manage": "manage", "setup": "setup"}


def _leave(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    # A closed terminal or a polite end takes the same way out as Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    command = importlib.import_module(f"vciso.launch.{COMMANDS[sys.argv[1]]}")
    try:
        return int(command.main(sys.argv[2:]))
    except (StepFailed, PartFailed) as error:
        report_failure(error)
        return 1
    except PermissionError as error:
        report_failure(_not_yours(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _not_yours(error: PermissionError) -> StepFailed:
    return StepFailed(
        f"{error.filename or 'The data folder'} belongs to somebody else ({error.strerror}).",
        remedy="Run this as the user who ran bin/up first, or set VCISO_VAR to a folder of your own.",
    )


if __name__ == "__main__":
    raise SystemExit(main())
