"""A practice of its own for the journeys, with one client for each, so that none meets another's traces."""

from datetime import datetime
from typing import Any

from tests.e2e import states
from vciso.seed import world
from vciso.seed.world import World
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Practice

STAFF = {
    "ann": ("Ann Archer", (Role.CONSULTANT,)),
    "ben": ("Ben Birch", (Role.CONSULTANT,)),
    "nora": ("Nora North", (Role.PRACTICE_ADMIN,)),
}
# Key of the place: name of the client.
NAMES = {
    "import": "Anchor Foods",
    "acceptance": "Birchwood Clinic",
    "monthly": "Cedar Law",
    "pack": "Dune Logistics",
    "access": "Elm Studio",
    "keys": "Fern Pharmacy",
    "reviews": "Gorse Bakery",
}
RISKS = ("r01", "r02", "r24")


def build(made: World, *, at: datetime) -> dict[str, dict[str, Any]]:
    """Practice, consultants and the clients with an owner and a director each; answers their stories."""
    practice = Practice.objects.create(
        slug="northgate", name="Northgate Advisers", accent="#7a2e8e", factor_roles=[], second_approval=True,
        created_at=at,
    )  # fmt: skip
    made.practices["northgate"] = practice
    for key, (name, roles) in STAFF.items():
        made.staff[key] = world.make_user(made, name, world.address(name, "northgate"), role=str(roles[0]))
        for role in roles:
            world.give(made.staff[key], role, practice)
    stories = {key: _story(name) for key, name in NAMES.items()} | states.stories()
    for key, story in stories.items():
        world.add_client(made, key, story, at)
    return stories


def _story(name: str) -> dict[str, Any]:
    return {
        "client": {
            "name": name, "time_zone": "Europe/London", "currency": "GBP", "language": "en-GB", "paper": "a4", "hue": 3,
            "pack_release": "owner",
        },
        "practice": "northgate",
        "consultants": ["ann", "ben"],
        "profile": {"sector": "Services", "staff_count": 40, "places": "One office"},
        "people": {
            "olive": {"name": "Olive Owen", "job_title": "Owner", "role": "owner"},
            "dean": {"name": "Dean Drake", "job_title": "Director", "role": "board"},
            "ivy": {"name": "Ivy Ingram", "job_title": "Office manager"},
        },
        "engagement": {"starts": "-5/01", "hours": 6, "fee": 100000, "counterpart": "olive", "day": 5},
        "hours": [5, 6, 5, 6, 5],
        "limits": {
            key: [2, "A bad week, not a bad quarter.", None] for key in ("financial", "operational", "legal")
        },
        "limits_on": "-5/03",
        "risks": [
            {
                "lib": lib, "key": lib, "owner": "ivy", "on": "-5/05", "before": [4, {"operational": 4}],
                "now": [3, {"operational": 4}], "target": [1, {"operational": 3}],
            }
            for lib in RISKS
        ],
    }  # fmt: skip
