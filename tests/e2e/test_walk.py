"""Every page that an address leads to, as each role that may open it: axe in light and dark, and 320 px.

The list comes from the URL configuration: each address is asked for as each role. An address with a
parameter nobody gave an example for fails, and so does a page that answers nobody. Clients with
nothing yet, with one of each record, and with words that never end are walked as well.

With VCISO_WALK_PICTURES=var/test/pictures every page is kept as a picture in both themes, as
<role>/<page>-<theme>.png below that folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.access.addresses import ALL, OF_A_CLIENT, WORDS
from tests.e2e.conftest import Enter
from tests.e2e.portal import Portal
from tests.e2e.states import STATES, WORDY
from tests.e2e.visitor import DESK, EVERYWHERE, IN_MAIN, PHONE, TABLET, Visitor

# Who walks as what, and on how large a window.
ROLES: dict[str, tuple[str, tuple[int, int]]] = {
    "consultant": ("priya", DESK),
    "admin": ("morgan", DESK),
    "owner": ("meadowlark.dana", PHONE),
    "director": ("meadowlark.helen", TABLET),
    "contributor": ("meadowlark.sam", PHONE),
    "auditor": ("meadowlark.ada", DESK),
    "nobody": ("", DESK),
}
# Who looks at a client in a state; the keys of people follow the place.
STATE_ROLES: dict[str, dict[str, str]] = {
    "bare": {"consultant": "ann", "owner": "frida", "director": "dorian", "contributor": "carla"},
    "single": {"consultant": "ann", "owner": "gina", "director": "dorian", "contributor": "carla"},
    "wordy": {"consultant": "ann", "owner": "hilde", "director": "dorian", "contributor": "carla"},
}
# A page; a page of progress once the work is done; an address that leads on; one for forms alone.
KNOWN = (200, 286, 302, 405)
AT_LEAST = 3
# These answer a GET only in a state or after a step that the walk does not take; the journeys see them.
ELSEWHERE = {
    "account_set_password", "mfa_authenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "home:practice-logo", "imports:progress", "reporting:approve",
    "engagements:ask-file", "engagements:my-ask-file", "engagements:board-ask-file", "operations:metrics",
    "engagements:ask-signed", "engagements:my-ask-signed", "engagements:board-ask-signed",
}  # fmt: skip
# Signs the walker out.
NEVER = {"account_logout"}
# What programs ask for is no page; tests/api asks for all of it.
PAGES = [name for name, address in ALL.items() if name not in NEVER and not address.of_interface]
# Lists of a client with a story of fifteen months: an empty one would prove little.
LISTS = {
    "risks:list", "vendors:list", "policies:list", "engagements:people", "engagements:systems", "engagements:tasks",
    "engagements:decisions", "engagements:hours", "reporting:list", "home:audit", "home:clients",
    "home:practice-people",
}  # fmt: skip
# The first record that a list or a home shows: its page is walked too.
FIRST_RECORD = "main tbody a[data-row], main article a[href]"
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
# What differs between pages without making another page: tokens, whose it is, where one stands, and what the
# script that warns of a session's end keeps in the page: who, until when, and where to come back to.
TOKENS = re.compile(r"[A-Za-z0-9]{64}")
PLACE = re.compile(
    r'<title>.*?</title>|<ol class="crumbs">.*?</ol>| aria-current="\w+"|\?client=[^"]*|name="next" value="[^"]*"'
    r'| data-(?:who|ends|idle)="[^"]*"|(?<=<a class="undo" href=")[^"]*',
    re.DOTALL,
)


@dataclass
class Walk:
    """The windows of one run, one a person, and what was looked at already, at what size.

    A page is looked at unless both what stands in `main` and the frame around it read, but for
    tokens, names and the mark of the current line, as in one that this run looked at.
    """

    portal: Portal
    open: Callable[[str, tuple[int, int]], Visitor]
    visitors: dict[str, Visitor] = field(default_factory=dict)
    seen: set[tuple[object, ...]] = field(default_factory=set)

    def visitor(self, who: str, size: tuple[int, int]) -> Visitor:
        if who not in self.visitors:
            self.visitors[who] = self.open(who, size)
        found = self.visitors[who]
        found.faults.clear()
        return found

    def look(self, visitor: Visitor, path: str, text: str, picture: str) -> None:
        """Opens the page and looks at it, if it reads like none before; in a known frame contrast is known too."""
        main, frame = (
            (kind, visitor.size, part) for kind, part in zip(("main", "frame"), self.parts(visitor, text), strict=True)
        )
        if {main, frame} <= self.seen:
            return
        contrast = IN_MAIN if frame in self.seen else EVERYWHERE
        self.seen |= {main, frame}
        visitor.goto(path)
        folder = os.environ.get("VCISO_WALK_PICTURES")
        visitor.look(Path(folder) / picture if folder else None, contrast=contrast)

    def parts(self, visitor: Visitor, text: str) -> tuple[int, int]:
        text = TOKENS.sub("", text)
        if visitor.name:
            email = visitor.email
            text = text.replace(visitor.name, "Somebody").replace(email, "somebody@place.example")
            text = re.sub(r'<span class="avatar".*?</span>', "", text)
        for client in self.portal.world["clients"].values():
            text = text.replace(client["key"], "client").replace(client["name"], "Client")
        found = MAIN.search(text)
        main = found[0] if found else ""
        return hash(main), hash(PLACE.sub("", MAIN.sub("", text)))


@pytest.fixture(scope="module")
def walk(portal: Portal, chromium: Browser) -> Iterator[Walk]:
    def opened(who: str, size: tuple[int, int]) -> Visitor:
        visitor = Visitor(chromium, portal, size)
        return visitor.let_in(who) if who else visitor

    found = Walk(portal, opened)
    yield found
    for visitor in found.visitors.values():
        visitor.close()


def _file_name(name: str) -> str:
    return name.replace(":", "-").replace("_", "-")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_readable_by_everybody_who_may_open_it(name: str, walk: Walk) -> None:
    statuses, faults = {}, []
    for role, (who, size) in ROLES.items():
        visitor = walk.visitor(who, size)
        path = ALL[name].path({**walk.portal.world["examples"], "client": visitor.client("meadowlark")})
        statuses[role], text = visitor.ask(path)
        if not text:
            continue
        walk.look(visitor, path, text, f"{role}/{_file_name(name)}")
        if name in LISTS and role in ("consultant", "admin"):
            count = text.partition("<main")[2].partition("<tbody>")[2].count("<tr")
            assert count >= AT_LEAST, f"{path} shows {count} rows"
        faults += visitor.faults
    assert not faults, "\n".join(faults)
    assert name in ELSEWHERE or any(status in KNOWN for status in statuses.values()), statuses


CLIENT_ALONE = [name for name in PAGES if ALL[name].parameters == [OF_A_CLIENT]]


@pytest.mark.parametrize("name", CLIENT_ALONE)
@pytest.mark.parametrize("state", STATES)
def test_pages_are_readable_with_nothing_one_record_and_endless_words(state: str, name: str, walk: Walk) -> None:
    faults = []
    for role, key in STATE_ROLES[state].items():
        who = key if role == "consultant" else f"{state}.{key}"
        visitor = walk.visitor(who, ROLES[role][1])
        path = ALL[name].path({"client": visitor.client(state)})
        _, text = visitor.ask(path)
        if not text:
            continue
        picture = f"{state}-{role}/{_file_name(name)}"
        walk.look(visitor, path, text, picture)
        if state == WORDY:
            _look_at_the_first_record(walk, visitor, path, picture)
        faults += visitor.faults
    assert not faults, "\n".join(faults)


def _look_at_the_first_record(walk: Walk, visitor: Visitor, path: str, picture: str) -> None:
    if not visitor.page.url.endswith(path):
        return
    link = visitor.page.locator(FIRST_RECORD)
    record = link.first.get_attribute("href") if link.count() else None
    if record and record.startswith("/"):
        _, text = visitor.ask(record)
        if text:
            walk.look(visitor, record, text, f"{picture}-first")


def test_pages_in_the_same_frame_are_known_to_be(walk: Walk) -> None:
    """Else the walk would look at every page of everybody, and take half as long again."""
    consultant, admin = (walk.visitor(*ROLES[role]) for role in ("consultant", "admin"))
    today, clients, others = (
        walk.parts(visitor, visitor.ask(path)[1])[1]
        for visitor, path in ((consultant, "/today/"), (consultant, "/clients/"), (admin, "/clients/"))
    )
    assert today == clients != others


def test_contrast_is_measured_in_what_is_new(walk: Walk) -> None:
    """In a known frame in `main` alone, else everywhere, and in both themes."""
    visitor = walk.visitor(*ROLES["consultant"])
    visitor.goto("/clients/")
    visitor.page.evaluate(
        "() => ['#main h1', 'header a, nav a'].forEach(found => document.querySelectorAll(found).forEach("
        "each => { each.style.color = '#888'; each.style.background = '#999'; }))"
    )
    told = []
    for contrast in (IN_MAIN, EVERYWHERE):
        visitor.faults.clear()
        visitor.look(contrast=contrast)
        told.append([fault for fault in visitor.faults if "color-contrast" in fault])
    visitor.faults.clear()
    assert [len(faults) for faults in told] == [2, 2]
    assert all("<h1" in fault and "<a" not in fault for fault in told[0])
    assert all("<a" in fault for fault in told[1])


def test_the_walk_names_no_address_that_is_gone(enter: Enter) -> None:
    assert set(ALL) >= ELSEWHERE | LISTS | NEVER
    starts = [start for start in WORDS if not any(name.startswith(start) for name in ALL)]
    assert not starts


def test_the_stories_hold_every_kind_of_record_of_the_register(portal: Portal) -> None:
    assert portal.world["untold"] == []
