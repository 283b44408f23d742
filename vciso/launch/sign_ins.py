"""Demonstration data and the sign-ins that came with it.

`manage.py seed --demo --signins FILE` writes the sign-ins once, when it makes the
people; they are kept beside the other secrets and shown at every start.
"""

from __future__ import annotations

import json
from typing import Any

from vciso.embedded.layout import write_private
from vciso.launch import steps
from vciso.launch.console import StepFailed, step
from vciso.launch.environment import Installation

FILE = "sign_ins.json"
UNFINISHED = "seeding.unfinished"
IS_EMPTY = (
    "import django; django.setup(); from vciso.tenancy.models import Practice; "
    "print('EMPTY' if not Practice.objects.exists() else 'USED')"
)


def forget_half_made_data(installation: Installation) -> None:
    """Start over with an empty database where the making of demonstration data was cut off.

    Only a database that was empty before gets this mark, so nothing of anybody is lost.
    """
    mark = installation.layout.secrets / UNFINISHED
    if not mark.exists() or not installation.parts.with_postgres:
        return
    with step("Starting the data over"):
        installation.parts.postgres.start_over()
        steps.migrations_stamp(installation).path.unlink(missing_ok=True)
    mark.unlink()


def seed_if_empty(installation: Installation) -> None:
    """Fill a database that holds no practice; one that does is never touched."""
    secrets = installation.layout.secrets
    looked_at = secrets / "seeded.stamp"
    identity = steps.database_identity(installation)
    if looked_at.exists() and looked_at.read_text() == identity:
        return
    answer = steps.manage(
        installation, "shell", "--no-imports", "-c", IS_EMPTY, role="migrator",
        what="The database could not be looked at",
    )  # fmt: skip
    if "EMPTY" in answer:
        mark = installation.layout.secrets / UNFINISHED
        mark.touch()
        _seed(installation)
        mark.unlink()
    write_private(looked_at, identity)


def _seed(installation: Installation) -> None:
    fresh = installation.layout.var / "tmp" / FILE
    fresh.unlink(missing_ok=True)
    with step("Demonstration data"):
        steps.manage(
            installation, "seed", "--demo", "--signins", str(fresh), role="migrator",
            what="The demonstration data could not be made", tells=True,
        )  # fmt: skip
    try:
        text = fresh.read_text()
        json.loads(text)
    except (OSError, ValueError) as error:
        raise StepFailed("The demonstration data came without sign-ins.") from error
    write_private(installation.layout.secrets / FILE, text)
    fresh.unlink()


def read(installation: Installation) -> Any:
    """The sign-ins as the seed wrote them; an empty list without demonstration data."""
    try:
        return json.loads((installation.layout.secrets / FILE).read_text())
    except (OSError, ValueError):
        return []


def lines(installation: Installation) -> list[str]:
    """The sign-ins as a table for the terminal."""
    found = read(installation)
    if not found:
        return ["No demonstration data. bin/manage create_practice --help makes a first practice."]
    rows = [(role, one) for role, many in found.items() for one in _as_list(many)]
    wide = max(len(role) for role, _ in rows)
    far = max(len(one["email"]) for _, one in rows)
    return [f"{role:<{wide}}  {one['email']:<{far}}  {one['password']}" for role, one in rows]


def _as_list(value: Any) -> list[dict[str, str]]:
    return value if isinstance(value, list) else [value]
