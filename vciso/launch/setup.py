"""`python -m vciso.launch setup`: what `bin/up` does before it serves, on servers of one's own.

Runs before every start of the containers, and on every machine that serves: roles (with
ADMIN_DATABASE_URL), tables, fonts, static files. Doing it again changes nothing.
"""

from __future__ import annotations

from vciso.launch import steps
from vciso.launch.console import StepFailed, say
from vciso.launch.environment import Installation


def main(arguments: list[str]) -> int:
    installation = Installation.find()
    if installation.parts.with_postgres or installation.parts.with_redis:
        raise StepFailed(
            "The servers' addresses are not set.",
            remedy="Set DATABASE_URL, MIGRATOR_DATABASE_URL, REDIS_URL and CACHE_URL, or run bin/up.",
        )
    installation.layout.prepare()
    for sentence in steps.prepare_data(installation):
        say(f"  Note: {sentence}.")
    steps.document_fonts(installation)
    with steps.servers(installation):
        steps.migrations(installation, always=True)
        steps.static_files(installation)
    return 0
