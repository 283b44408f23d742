"""The world of the browser tests: the demonstration's stories, and a practice for the journeys.

Run as `python -m tests.e2e.world` on a database without rows, as the migrator; prints as JSON who may
sign in, the clients' keys, and one example for each parameter that an address takes.
"""

import json
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402  the applications must be ready first
from django.core.management import call_command  # noqa: E402  the applications must be ready first
from django.utils import timezone  # noqa: E402  the applications must be ready first

from reporting import periods  # noqa: E402  the applications must be ready first
from reporting.enums import Kind  # noqa: E402  the applications must be ready first
from tests.access import examples  # noqa: E402  the applications must be ready first
from tests.e2e import places, states  # noqa: E402  the applications must be ready first
from vciso.seed import chapters, papers, services, world  # noqa: E402  the applications must be ready first
from vciso.seed.story import Teller  # noqa: E402  the applications must be ready first
from vciso.tenancy import context  # noqa: E402  the applications must be ready first
from vciso.tenancy.models import User  # noqa: E402  the applications must be ready first

# The client whose every page is walked; its last month is drafted and its last quarter issued.
WALKED = "meadowlark"


def main() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    stories = {key: chapters.load(key) for key in services.STORIES}
    stories[WALKED]["people"]["ada"] = {"name": "Ada Quist", "job_title": "Outside auditor", "role": "auditor"}
    made = world.build(stories, at=now - timedelta(days=480))
    stories |= places.build(made, at=now - timedelta(days=200))
    world.work_as_app_role()
    tellers = {key: Teller(made, key, story, now) for key, story in stories.items() if key != states.BARE}
    for teller in tellers.values():
        services.tell(teller)
    untold = _untold([tellers[key] for key in services.STORIES])
    _reports(tellers[WALKED], tellers["halden"])
    for key in (states.SINGLE, states.WORDY):
        last = periods.last_over(Kind.MONTHLY, on=tellers[key].today)
        papers.issue(tellers[key], Kind.MONTHLY, last, now - timedelta(days=1))
    invitation = examples.prepare(tellers[WALKED], admin=made.staff["morgan"], at=now)
    papers.draw_assessments(tellers[WALKED])
    world.work_as_migrator()
    world.hold_mail_back()
    return {
        "password": made.password,
        "people": {key: {"email": user.email, "name": user.name} for key, user in _everybody(made).items()},
        "clients": {key: {"key": client.key, "name": client.name} for key, client in made.clients.items()},
        "periods": _periods(tellers[WALKED]),
        "untold": untold,
        "examples": examples.collect(tellers[WALKED], invitation),
    }


def _untold(tellers: list[Teller]) -> list[str]:
    """The kinds of records of the register that no story of the demonstration has one of."""
    left = list(apps.get_app_config("risks").get_models())
    for teller in tellers:
        with context.as_user(teller.lead, client_id=teller.client.pk):
            left = [model for model in left if not model._base_manager.exists()]
    return [model.__name__ for model in left]


def _everybody(made: world.World) -> dict[str, User]:
    """Staff by their key, a client's people by “client.person”."""
    return {**made.staff, **{f"{place}.{key}": user for (place, key), user in made.people.items()}}


def _periods(teller: Teller) -> dict[str, str]:
    """As addresses write them: the last whole month and quarter."""
    return {
        "month": periods.last_over(Kind.MONTHLY, on=teller.today).slug,
        "quarter": periods.last_over(Kind.QUARTERLY, on=teller.today).slug,
    }


def _reports(walked: Teller, calm: Teller) -> None:
    """Two months and two packs published, so that each has one to be compared with; then a draft."""
    month = periods.last_over(Kind.MONTHLY, on=walked.today)
    quarter = periods.last_over(Kind.QUARTERLY, on=walked.today)
    papers.issue(calm, Kind.MONTHLY, month.previous(), calm.now - timedelta(days=32))
    papers.issue(walked, Kind.QUARTERLY, quarter.previous(), walked.now - timedelta(days=100))
    papers.issue(walked, Kind.MONTHLY, month.previous().previous(), walked.now - timedelta(days=63))
    papers.issue(walked, Kind.MONTHLY, month.previous(), walked.now - timedelta(days=32))
    papers.issue(walked, Kind.QUARTERLY, quarter, walked.now - timedelta(days=9))
    papers.issue(walked, Kind.MONTHLY, month, walked.now - timedelta(days=2), publish=False)


if __name__ == "__main__":
    print(json.dumps(main(), default=str))
