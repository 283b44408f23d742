"""Every address of the portal, read from the URL configuration, and an example for each parameter.

Every test that goes over all addresses shares this list; one with a parameter that nobody gave an
example for fails them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# Below it are the addresses for programs.
INTERFACE = "api/"
# Addresses below one client: whose key is foreign answers as an unknown one.
OF_A_CLIENT = "client_key"

# What stands in an address for each of its parameters: a key of the world's examples, by the
# beginning of the address' name; the longest that fits.
WORDS: dict[str, dict[str, str]] = {
    "": {"client_key": "client", "kind": "kind", "token": "unknown", "key": "unknown", "uidb36": "unknown",
         "accent": "accent", "revision": "one", "period": "month"},
    "risks:": {"ref": "risk", "category": "category"},
    "risks:detail": {"ref": "risk_told"},
    "risks:assessment": {"ref": "assessment"},
    "risks:my-assessment-pdf": {"ref": "assessment"},
    "risks:assessment-edit": {"ref": "assessment_draft"},
    "risks:assessment-ask": {"ref": "assessment_draft"},
    "risks:assessment-reread": {"ref": "assessment_draft"},
    "risks:assessment-discard": {"ref": "assessment_draft"},
    "risks:assessment-restore": {"ref": "assessment_discarded"},
    "risks:step": {"ref": "risk_free", "task": "task_step"},
    "risks:reopen": {"ref": "risk_closed"},
    "risks:adopt": {"key": "scenario"},
    "risks:scenario": {"key": "scenario"},
    "risks:accept-change": {"pk": "change"},
    "risks:decline-change": {"pk": "change"},
    "risks:link-record": {"record": "vendor"},
    "risks:unlink": {"ref": "risk_linked", "pk": "risk_link"},
    "risks:split": {"ref": "risk_free"},
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
    "engagements:ask-file": {"ref": "ask_recorded"},
    "engagements:ask-signed": {"ref": "ask_recorded"},
    "engagements:my-ask": {"ref": "ask"},
    "engagements:my-ask-file": {"ref": "ask_recorded"},
    "engagements:my-ask-signed": {"ref": "ask_recorded"},
    "engagements:my-ask-withdraw": {"ref": "ask_held"},
    "engagements:board-ask": {"ref": "ask_board"},
    "engagements:board-ask-file": {"ref": "ask_board_recorded"},
    "engagements:board-ask-signed": {"ref": "ask_board_recorded"},
    "engagements:board-ask-withdraw": {"ref": "ask_board_held"},
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
    "imports:forget": {"pk": "reading"},
    "imports:forget-shared": {"pk": "reading_shared"},
    "engagements-api:systems": {"ref": "system"},
    "engagements-api:processes": {"ref": "process"},
    "engagements-api:tasks": {"ref": "task"},
    "engagements-api:tasks-reopen": {"ref": "task_done"},
    "engagements-api:decisions": {"ref": "decision_draft"},
    "engagements-api:decisions-withdraw": {"ref": "decision"},
    "engagements-api:decisions-put": {"ref": "decision_draft"},
    "engagements-api:people": {"pk": "person"},
    "engagements-api:people-deputy/end": {"pk": "person_deputised"},
    "engagements-api:people-reactivate": {"pk": "person_inactive"},
    "engagements-api:objectives": {"pk": "objective"},
    "engagements-api:engagements": {"pk": "engagement"},
    "engagements-api:hours": {"pk": "time"},
    "policies-api:": {"ref": "policy_reference", "number": "version"},
    "policies-api:policy-draft": {"ref": "policy_draft_reference"},
    "policies-api:policies-reinstate": {"ref": "policy_retired_reference"},
    "vendors-api:": {"ref": "vendor", "pk": "vendor_review"},
    "vendors-api:vendors-reinstate": {"ref": "vendor_ended"},
    "risks-api:": {"ref": "risk"},
    "risks-api:library-changes": {"pk": "change"},
    "risks-api:risk-links": {"ref": "risk_linked", "pk": "risk_link"},
    "risks-api:risk-steps": {"ref": "risk_stepped", "pk": "step"},
    "risks-api:risk-assessment": {"ref": "assessment"},
    "risks-api:risk-assessments": {"ref": "assessment_draft"},
    "risks-api:risk-assessments-restore": {"ref": "assessment_discarded"},
    "risks-api:risks-reopen": {"ref": "risk_closed"},
    "reporting-api:": {"period": "month_published"},
    "reporting:section": {"key": "section"},
    "reporting:restore": {"key": "section"},
    "reporting:correct": {"period": "month_published"},
    "reporting:release": {"period": "quarter"},
    "reporting:owner": {"period": "month_published"},
    "reporting:board": {"period": "quarter"},
    "home:practice": {"pk": "member"},
    "home:practice-withdraw": {"pk": "invitation"},
    "accounts:invitation": {"token": "invitation_token"},
    "accounts:token-revoke": {"pk": "member"},
    "mfa_": {"pk": "one"},
    "end-session": {"pk": "one"},
}  # fmt: skip
PLAIN = {
    "kind": "risks", "unknown": "no-such-thing", "accent": "2a4fc4", "one": "1", "version": "1.0",
    "version_next": "1.1", "section": "changes", "scenario": "r15",
}  # fmt: skip


# What names nothing, where a test needs an address and no record.
NOBODY = {
    "ref": "X-999", "slug": "no-such-thing", "period": "2019-01", "kind": "risks", "number": "1.0", "key": "summary",
    "record": "X-999", "token": "x", "accent": "2a4fc4", "uidb36": "1", "fmt": "csv",
}  # fmt: skip
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Address:
    """One entry of the URL configuration, by its full name."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def parameters(self) -> list[str]:
        return [first or second for first, second in _PARAMETER.findall(self.route)]

    @property
    def of_a_client(self) -> bool:
        return OF_A_CLIENT in self.parameters

    @property
    def records(self) -> list[str]:
        """The parameters that name a record of a client: all whose example differs between clients."""
        return [name for name in self.parameters if name != OF_A_CLIENT and self.word(name) not in PLAIN]

    @property
    def of_interface(self) -> bool:
        """Whether it is asked by programs; every other one is a page, or a file of one."""
        return self.route.startswith(INTERFACE)

    @property
    def takes(self) -> tuple[str, ...]:
        """The methods that it knows: a page two, an address of the interface what it declares."""
        declared: dict[str, str] = getattr(self.view, "permissions", {})
        return tuple(declared) if self.of_interface else ("GET", "POST")

    def word(self, parameter: str) -> str:
        """The key of the example for a parameter; a parameter without one fails."""
        fitting = [start for start, words in WORDS.items() if self.name.startswith(start) and parameter in words]
        assert fitting, f"{self.name} takes <{parameter}>: add an example for it to WORDS"
        return WORDS[max(fitting, key=len)][parameter]

    def path(self, examples: Mapping[str, str], **other: str) -> str:
        """The path with an example in each parameter; `other` replaces some by name."""
        found = {**PLAIN, **examples}

        def fill(match: re.Match[str]) -> str:
            parameter = match[1] or match[2]
            return other[parameter] if parameter in other else str(found[self.word(parameter)])

        return _path(_PARAMETER.sub(fill, self.route))

    def without_record(self, client_key: str) -> str:
        """The path at a client, with what names nothing in every other parameter."""

        def fill(match: re.Match[str]) -> str:
            name = match[1] or match[2]
            if name == OF_A_CLIENT:
                return client_key
            return NOBODYS_ID if match[0].startswith("<uuid:") else NOBODY.get(name, "1")

        return _path(_PARAMETER.sub(fill, self.route))


def _path(route: str) -> str:
    return "/" + route.replace("^", "").replace("$", "").replace("\\", "")


def _addresses(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name or route}", route, entry.callback)


def every_address() -> dict[str, Address]:
    found = list(_addresses(get_resolver("vciso.urls")))
    named = {address.name: address for address in found}
    twice = sorted({address.route for address in found} - {address.route for address in named.values()})
    assert not twice, f"these addresses share their name with another one: {twice}"
    return named


ALL = every_address()


def every_path(client_key: str) -> list[tuple[str, str]]:
    """Name and path of each address at a client, where no record is named."""
    return sorted((address.name, address.without_record(client_key)) for address in ALL.values())
