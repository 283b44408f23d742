"""Script in every text of a client: wherever a page shows it, it is words."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.db import models

from tests.access import markers
from tests.access.addresses import ALL
from tests.access.asking import Asker
from tests.access.matrix import OPENS, verdict
from tests.access.world import World
from tests.conftest import owning

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
SCRIPT = '"><img src=x onerror=alert(1)>{{70001*70003}}[go](javascript:alert(1))'
LINK = "javascript:alert(1)"
CALCULATED = "4900280003"
# So many pages showed the script as words when this was written.
PAGES = 60


class Scripting(markers.Marking):
    """Writes script instead of markers, into the rows of one client alone."""

    @staticmethod
    def _value(row: Any, field: Any, letter: str) -> Any:
        value = getattr(row, field.attname)
        if not isinstance(value, str) or not value or isinstance(field, models.EmailField | models.SlugField):
            return value
        if value.startswith(("http://", "https://")):
            return LINK
        return f"{SCRIPT} {value}"[: field.max_length]


def _alive(content: bytes) -> list[str]:
    """What of it a browser would run or follow, and templates it was taken for."""
    page = lxml.html.fromstring(content)
    found = page.xpath("//img[@src='x'] | //*[@onerror] | //script[not(@src)]")
    links = page.xpath("//*[starts-with(normalize-space(@href), 'javascript:')]")
    return [str(node.tag) for node in (*found, *links)] + [CALCULATED] * (CALCULATED.encode() in content)


def test_script_in_any_text_of_a_client_is_shown_as_words(world: World) -> None:
    """Every page of everybody at the client: consultant, admin, owner, director, contributor."""
    with owning():
        Scripting({world.clients["A"].pk: "A"}).run()
    wrong, shown = [], 0
    for person in ("consultant", "practice_admin", "owner", "board", "contributor", "auditor"):
        asker = Asker(world.people[person])
        for address in ALL.values():
            if verdict(address, asker.someone, "A", "GET") != OPENS:
                continue
            answer = asker.ask(address.path(world.examples["A"]))
            if not answer.response.get("Content-Type", "").startswith("text/html") or not answer.response.content:
                continue
            assert answer.status < 500, f"{address.name} as {person}: {answer.broke}"
            shown += b"&lt;img src=x" in answer.response.content
            wrong += [f"{address.name} as {person}: {what}" for what in _alive(answer.response.content)]
    assert not wrong, "\n".join(wrong)
    assert shown >= PAGES, shown
