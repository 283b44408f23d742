"""Every page that an address leads to, as each role that may open it: axe in light and dark, and 320 px.

The list comes from the URL configuration. An address with a parameter nobody gave an example for
fails, and so does a page that answers nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.addresses import ALL, WORDS, Address
from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor

CONSULTANT, ADMIN, OWNER, DIRECTOR, CONTRIBUTOR, NOBODY = (
    "priya", "morgan", "meadowlark.dana", "meadowlark.helen", "meadowlark.sam", "",
)  # fmt: skip
# A page; a page of progress once the work is done; an address that leads on; one for forms alone.
KNOWN = (200, 286, 302, 405)
AT_LEAST = 3

# Who walks what, by the beginning of the address; the first that fits.
AREAS: list[tuple[str, tuple[str, ...]]] = [
    ("c/", (CONSULTANT,)),
    ("my/", (OWNER, CONTRIBUTOR)),
    ("board/", (DIRECTOR,)),
    ("practice/", (ADMIN,)),
    ("account/login", (NOBODY,)),
    ("account/signup", (NOBODY,)),
    ("account/inactive", (NOBODY,)),
    ("account/password/reset", (NOBODY,)),
    ("account/invitation", (NOBODY,)),
    ("account/confirm-email", (NOBODY,)),
    ("account/second-step/sign-in", (NOBODY,)),
    ("account/second-step/passkey/sign-in", (NOBODY,)),
    ("account/", (CONSULTANT, OWNER)),
    ("inbox/", (NOBODY,)),
    ("patterns/", (CONSULTANT,)),
    ("", (CONSULTANT, ADMIN, OWNER)),
]
# These answer a GET only in a state or after a step that the walk does not take; the journeys see them.
ELSEWHERE = {
    "account_inactive", "account_signup", "account_confirm_email", "account_set_password", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "home:practice-logo", "imports:progress", "reporting:approve",
    "engagements:ask-file", "engagements:my-ask-file", "engagements:board-ask-file",
}  # fmt: skip
# Lists of a client with a story of fifteen months: an empty one would prove little.
LISTS = {
    "risks:list", "vendors:list", "policies:list", "engagements:people", "engagements:systems", "engagements:tasks",
    "engagements:decisions", "engagements:hours", "reporting:list", "home:audit", "home:clients",
    "home:practice-people",
}  # fmt: skip


# What programs ask for is no page; tests/api asks for all of it.
PAGES = {name: address for name, address in ALL.items() if not address.route.startswith("api/")}


def _roles(address: str) -> tuple[str, ...]:
    return next(roles for beginning, roles in AREAS if address.startswith(beginning))


def _path(address: Address, visitor: Visitor) -> str:
    return address.path({**visitor.portal.world["examples"], "client": visitor.client("meadowlark")})


@pytest.fixture(scope="module")
def walkers() -> Iterator[dict[str, Visitor]]:
    """The windows of the walk, one a role; signed in once."""
    found: dict[str, Visitor] = {}
    yield found
    for visitor in found.values():
        visitor.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_readable_by_everybody_who_may_open_it(
    name: str, walkers: dict[str, Visitor], portal: object, chromium: object
) -> None:
    address = ALL[name]
    statuses = []
    for role in _roles(address.route):
        if role not in walkers:
            walkers[role] = Visitor(chromium, portal)  # type: ignore[arg-type]  # the fixtures of this folder
            if role:
                walkers[role].sign_in(role)
        visitor = walkers[role]
        visitor.faults.clear()
        path = _path(address, visitor)
        status, is_page = visitor.is_page(path)
        statuses.append((role, path, status))
        if is_page:
            visitor.goto(path)
            visitor.look()
            if name in LISTS:
                count = visitor.page.get_by_role("main").locator("tbody tr").count()
                assert count >= AT_LEAST, f"{path} shows {count} rows"
        assert not visitor.faults, "\n".join(visitor.faults)
    assert name in ELSEWHERE or any(status in KNOWN for *_, status in statuses), statuses


def test_the_walk_names_no_address_that_is_gone(enter: Enter) -> None:
    assert set(PAGES) >= ELSEWHERE | LISTS
    starts = [start for start in WORDS if not any(name.startswith(start) for name in ALL)]
    assert not starts
