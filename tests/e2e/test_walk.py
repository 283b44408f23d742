"""Every page that an address leads to, as each role that may open it: axe in light and dark, and 320 px.

The list comes from the URL configuration. An address with a parameter nobody gave an example for
fails, and so does a page that answers nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.e2e.conftest import Enter
from tests.e2e.visitor import Visitor

CONSULTANT, ADMIN, OWNER, DIRECTOR, CONTRIBUTOR, NOBODY = (
    "priya", "morgan", "meadowlark.dana", "meadowlark.helen", "meadowlark.sam", "",
)  # fmt: skip
ADDRESS = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
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
# What stands in an address for each of its parameters: a key of the world's examples, by the
# beginning of the address' name; the longest that fits.
WORDS: dict[str, dict[str, str]] = {
    "": {"client_key": "client", "kind": "kind", "token": "unknown", "key": "unknown", "uidb36": "unknown",
         "accent": "accent", "revision": "one", "period": "month"},
    "risks:": {"ref": "risk", "category": "category"},
    "risks:reopen": {"ref": "risk_closed"},
    "risks:withdraw-acceptance": {"ref": "risk_asked"},
    "risks:end-acceptance": {"ref": "risk_accepted"},
    "risks:ask-acceptance": {"ref": "risk_free"},
    "risks:record-acceptance": {"ref": "risk_free"},
    "risks:ask-plan": {"ref": "risk_free"},
    "risks:withdraw-plan": {"ref": "risk_plan_asked"},
    "vendors:": {"ref": "vendor"},
    "vendors:reinstate": {"ref": "vendor_ended"},
    "engagements:system": {"ref": "system"},
    "engagements:process": {"ref": "process"},
    "engagements:task": {"ref": "task"},
    "engagements:task-reopen": {"ref": "task_done"},
    "engagements:my-task": {"ref": "task_sam"},
    "engagements:decision": {"ref": "decision"},
    "engagements:decision-edit": {"ref": "decision_draft"},
    "engagements:decision-put": {"ref": "decision_draft"},
    "engagements:ask": {"ref": "ask"},
    "engagements:my-ask": {"ref": "ask"},
    "engagements:board-ask": {"ref": "ask_board"},
    "engagements:person": {"pk": "person"},
    "engagements:person-deputy-end": {"pk": "person_deputised"},
    "engagements:person-reactivate": {"pk": "person_inactive"},
    "engagements:objective": {"pk": "objective"},
    "engagements:engagement": {"pk": "engagement"},
    "engagements:time": {"pk": "time"},
    "policies:": {"slug": "policy", "ref": "policy_reference", "number": "version", "old": "version", "new": "version"},
    "policies:compare": {"slug": "policy_waiting", "new": "version_next"},
    "policies:edit": {"slug": "policy_draft"},
    "policies:discard": {"slug": "policy_draft"},
    "policies:send": {"slug": "policy_draft"},
    "policies:withdraw": {"slug": "policy_waiting"},
    "policies:remind": {"slug": "policy_waiting"},
    "policies:reinstate": {"slug": "policy_retired"},
    "imports:": {"pk": "batch"},
    "reporting:section": {"key": "section"},
    "reporting:restore": {"key": "section"},
    "reporting:correct": {"period": "month_published"},
    "reporting:release": {"period": "quarter"},
    "reporting:owner": {"period": "month_published"},
    "reporting:board": {"period": "quarter"},
    "home:practice": {"pk": "member"},
    "home:practice-withdraw": {"pk": "invitation"},
    "mfa_": {"pk": "one"},
    "end-session": {"pk": "one"},
    "accounts:token-revoke": {"pk": "member"},
    "accounts:invitation": {"token": "invitation_token"},
}  # fmt: skip
PLAIN = {
    "kind": "risks", "unknown": "no-such-thing", "accent": "2a4fc4", "one": "1", "version": "1.0",
    "version_next": "1.1", "section": "changes",
}  # fmt: skip
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


def _addresses(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _addresses(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", prefix + str(entry.pattern)


# What programs ask for is no page; tests/api asks for all of it.
ALL = {name: address for name, address in _addresses(get_resolver()) if not address.startswith("api/")}


def _roles(address: str) -> tuple[str, ...]:
    return next(roles for beginning, roles in AREAS if address.startswith(beginning))


def _word(name: str, parameter: str) -> str:
    """The key of the example for a parameter; a parameter without one fails the test."""
    fitting = [start for start, words in WORDS.items() if name.startswith(start) and parameter in words]
    assert fitting, f"{name} takes <{parameter}>: add an example for it to WORDS"
    return WORDS[max(fitting, key=len)][parameter]


def _path(name: str, address: str, visitor: Visitor) -> str:
    found = {**PLAIN, **visitor.portal.world["examples"], "client": visitor.client("meadowlark")}

    def fill(match: re.Match[str]) -> str:
        return str(found[_word(name, match[1] or match[2])])

    return "/" + ADDRESS.sub(fill, address).replace("^", "").replace("$", "").replace("\\", "")


@pytest.fixture(scope="module")
def walkers() -> Iterator[dict[str, Visitor]]:
    """The windows of the walk, one a role; signed in once."""
    found: dict[str, Visitor] = {}
    yield found
    for visitor in found.values():
        visitor.close()


@pytest.mark.parametrize("name", ALL)
def test_every_page_is_readable_by_everybody_who_may_open_it(
    name: str, walkers: dict[str, Visitor], portal: object, chromium: object
) -> None:
    address = ALL[name]
    statuses = []
    for role in _roles(address):
        if role not in walkers:
            walkers[role] = Visitor(chromium, portal)  # type: ignore[arg-type]  # the fixtures of this folder
            if role:
                walkers[role].sign_in(role)
        visitor = walkers[role]
        visitor.faults.clear()
        path = _path(name, address, visitor)
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
    assert set(ALL) >= ELSEWHERE | LISTS
    starts = [start for start in WORDS if not any(name.startswith(start) for name in ALL)]
    assert not starts
