"""Links between risks and other records, from the pages of both, and what a risk was raised from."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Person, Process, System
from engagements.services import asks, business, decisions, work
from policies.services import keeping as policy_keeping
from risks import services
from risks.models import LINKED, Risk, RiskLink
from risks.selectors import links
from tests.api.conftest import Program, make_token
from tests.factories.cast import Cast
from tests.risks.conftest import NOW, raised
from vciso.audit.models import Event
from vciso.tenancy import context
from vciso.web import slots
from vendors.services import keeping as vendor_keeping
from vendors.services import reviewing

pytestmark = pytest.mark.django_db

REFERENCES = ["SYS-001", "PRC-001", "V-001", "P-001", "T-001", "D-001"]
FROM = [*REFERENCES, "A-001", "RA-001", "person", "vendor_review"]
"""What a risk is raised from; the last two have no reference and are named by their id."""


def furnish(client: Any, by: Any, name: str, asked_of: Person) -> None:
    """One record of each kind that can be linked, in the client's own context."""
    work_of: dict[str, Any] = {"client": client, "by": by, "at": NOW}
    business.add_estate(System, values={"name": f"{name} server"}, **work_of)
    business.add_estate(Process, values={"name": f"{name} payroll"}, **work_of)
    vendor = vendor_keeping.add_vendor(name=f"{name} hosting", **work_of)
    reviewing.record_review(vendor=vendor, result="satisfactory", by=by, at=NOW)
    policy_keeping.create_policy(title=f"{name} access policy", **work_of)
    work.add_task(title=f"{name} restore test", side="practice", practice_user=by, **work_of)
    decisions.draft_decision(
        title=f"{name} budget", question="How much?", options=[{"label": "A"}, {"label": "B"}], **work_of
    )
    choices = [asks.option(key=key, label=key) for key in ("yes", "no")]
    asks.ask(
        kind="decision", title=f"{name} question", text="Really?", options=choices, asked_of=asked_of, due_on=None,
        subject="D-001",
        **work_of,
    )  # fmt: skip
    assessed = services.Assessed(
        title=f"{name} baseline", kind="baseline", as_of=NOW.date(), scope="All", method="Talks", people=[asked_of]
    )
    services.draft_assessment(assessed=assessed, **work_of)


@pytest.fixture
def register(cast: Cast, people: Any) -> Risk:
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        for name in ("Globex", "Globex other"):
            furnish(cast.globex, cast.charlie, name, people["gina"])
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        furnish(cast.acme, cast.alice, "Acme", people["bob"])
        return raised(cast)


def key(client: Any, name: str) -> str:
    """How an address names a record: its reference, or the kind and id of one without."""
    if name not in links.BY_FIELD:
        return name
    return links.of(links.BY_FIELD[name].model.objects.filter(client=client).order_by("pk").first()).key


def url(cast: Cast, name: str, **words: Any) -> str:
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, **words})


def linked(cast: Cast, risk: Risk, reference: str) -> RiskLink:
    found = links.find(cast.acme, reference)
    assert found is not None
    return services.link_risk(risk=risk, found=found, by=cast.alice, at=NOW)


def test_every_column_that_names_a_record_has_a_kind_with_a_page_and_a_slot_that_is_filled():
    assert [kind.field for kind in links.KINDS] == list(LINKED)
    assert {kind.slot for kind in links.KINDS} <= set(slots._slots)


def test_a_risk_is_linked_and_both_pages_say_so(cast, register, browse):
    alice = browse(cast.alice)
    for reference in REFERENCES:
        answer = alice.post(url(cast, "link", ref="R-001"), {"record": reference})
        assert answer.status_code == 303, reference
    page = alice.get(url(cast, "detail", ref="R-001")).content.decode()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        shown = links.links_of(Risk.objects.select_related("client").get())
        assert [one.found.record.reference for one in shown] == REFERENCES
        pages = [one.url for one in shown]
        told = [event.after for event in Event.objects.filter(verb="risk.linked").order_by("seq")]
    assert told == [{field: reference} for field, reference in zip(LINKED, REFERENCES, strict=False)]
    for address in pages:
        assert f'href="{address}"' in page
        other = alice.get(address).content.decode()
        assert "Backups cannot be restored" in other and url(cast, "detail", ref="R-001") in other


def test_a_link_is_made_once_taken_off_and_told(cast, register, browse):
    alice = browse(cast.alice)
    alice.post(url(cast, "link", ref="R-001"), {"record": "V-001"})
    again = alice.post(url(cast, "link", ref="R-001"), {"record": "V-001"})
    assert again.status_code == 422 and "is linked already, or is no record of the list" in again.content.decode()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        with pytest.raises(services.Refused, match="R-001 is linked with V-001 Acme hosting already."):
            linked(cast, register, "V-001")
        pk = RiskLink.objects.get().pk
    assert alice.post(url(cast, "unlink", ref="R-001", pk=pk)).status_code == 303
    assert alice.post(url(cast, "unlink", ref="R-001", pk=pk)).status_code == 404
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert not RiskLink.objects.exists()
        event = Event.objects.get(verb="risk.unlinked")
    assert (event.before, event.object_label, event.words) == ({"vendor": "V-001"}, "R-001", "took a link off risk")


def test_a_record_links_a_risk_from_its_own_page(cast, register, browse):
    alice = browse(cast.alice)
    address = url(cast, "link-record", record="SYS-001")
    assert "R-001 Backups cannot be restored" in alice.get(address).content.decode()
    assert alice.post(address, {"risk": "R-001"}).status_code == 303
    assert "R-001 Backups cannot be restored" not in alice.get(address).content.decode()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert RiskLink.objects.get().system.reference == "SYS-001"


@pytest.mark.parametrize("reference", FROM)
def test_a_risk_is_raised_from_any_record_and_stays_linked_with_it(cast, register, browse, reference):
    alice = browse(cast.alice)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        found = links.find(cast.acme, key(cast.acme, reference))
    address = f"{url(cast, 'new')}?from={found.key}"
    offered = alice.get(found.url(cast.acme)).content.decode()
    assert f'href="{address}"' in offered, "the record's own page offers it"
    assert f"<strong>{found.words}</strong>" in alice.get(address).content.decode()
    assert alice.post(address, {"title": "It fails", "treatment": "undecided"}).status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        risk = Risk.objects.get(reference="R-002")
        link = links.rows_of(risk.links.all()).get()
        event = Event.objects.get(verb="risk.raised", object_id=risk.pk)
    assert link.is_origin and link.record == found.record
    assert risk.origin == found.words and event.after[link.field] == (found.reference or found.title)
    assert "It fails" in alice.get(found.url(cast.acme)).content.decode()
    kept = alice.post(url(cast, "unlink", ref="R-002", pk=link.pk))
    assert kept.status_code == 422 and "which stays on record" in kept.content.decode()
    assert f"Raised from this {found.kind.noun}" in alice.get(url(cast, "detail", ref="R-002")).content.decode()
    program, risks = Program(make_token(cast.alice, cast.acme)), f"c/{cast.acme.key}/risks/"
    told = program.post(risks, {"title": "It fails there too", "raised_from": found.key})
    assert (told.status_code, told.told["origin"]) == (201, found.words)
    (its,) = program.get(f"{risks}R-003/links/").told["results"]
    assert (its["kind"], its["is_origin"], its["name"]) == (found.kind.field, True, found.title)


def test_a_foreign_record_answers_as_one_that_never_was(cast, register, browse):
    """Globex has references that Acme lacks: neither page nor form tells them from unknown ones."""
    alice = browse(cast.alice)
    alice.get(url(cast, "list"))
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        theirs = [key(cast.globex, name) for name in ("person", "vendor_review")]
    pairs = [(f"{prefix}-002", f"{prefix}-987") for prefix in ("SYS", "PRC", "V", "P", "T", "D", "A", "RA")]
    for pair in (*pairs, *((one, f"{one.rpartition('-')[0]}-{uuid4().hex}") for one in theirs)):
        answers = []
        for reference in pair:
            with CaptureQueriesContext(connection) as asked:
                pages = [
                    alice.get(f"{url(cast, 'new')}?from={reference}"),
                    alice.get(url(cast, "link-record", record=reference)),
                    alice.post(url(cast, "link", ref="R-001"), {"record": reference}),
                ]
            assert [page.status_code for page in pages] == [404, 404, 422]
            shown = [page.content.decode().replace(reference, "…") for page in pages[:2]]
            answers.append((shown, len(asked)))
        assert answers[0] == answers[1]
    program = Program(make_token(cast.alice, cast.acme))
    for reference in pairs[0]:
        refused = program.post(f"c/{cast.acme.key}/risks/", {"title": "Theirs", "raised_from": reference})
        (error,) = refused.told["errors"]
        assert (refused.status_code, error["pointer"]) == (422, "/raised_from")
        assert error["detail"] == f"“{reference}” is no record that a risk is raised from. Name it as in V-003."
    for nonsense in ("nonsense", "PERSON-001", "REVIEW-", "-"):
        assert alice.get(f"{url(cast, 'new')}?from={nonsense}").status_code == 404


def test_the_database_refuses_links_across_clients_with_no_record_or_with_two(cast, register):
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        theirs = {
            f"{kind.field}_id": kind.model.objects.filter(client=cast.globex).order_by("pk").last().pk
            for kind in links.KINDS
        }
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        system, vendor = (links.find(cast.acme, one).record for one in ("SYS-001", "V-001"))
        foreign = [{column: pk} for column, pk in theirs.items()]
        for records in (*foreign, {}, {"system": system, "vendor": vendor}):
            with pytest.raises(IntegrityError), transaction.atomic():
                RiskLink.objects.create(client=cast.acme, risk=register, happened_at=NOW, by=cast.alice, **records)
        RiskLink.objects.create(client=cast.acme, risk=register, happened_at=NOW, system=system, is_origin=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskLink.objects.create(client=cast.acme, risk=register, happened_at=NOW, vendor=vendor, is_origin=True)


def test_nobody_but_the_practice_sees_or_makes_links(cast, register, browse):
    for who, one, other in ((cast.bob, 403, 403), (cast.dora, 404, 403), (cast.xenia, 404, 404)):
        browser = browse(who)
        assert browser.get(url(cast, "link", ref="R-001")).status_code == one
        assert browser.post(url(cast, "link-record", record="V-001"), {"risk": "R-001"}).status_code == other


def test_a_closed_risk_takes_no_link(cast, register):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.close_risk(risk=register, by=cast.alice, at=NOW, reason="The server is gone.")
        with pytest.raises(services.Refused, match="R-001 is closed. Reopen it first."):
            linked(cast, register, "SYS-001")
        assert links.risk_choices(cast.acme, links.find(cast.acme, "SYS-001").record) == []


def test_pages_cost_the_same_with_ten_and_a_hundred_links(cast, register, browse):
    alice = browse(cast.alice)
    pages = [
        url(cast, "detail", ref="R-001"), url(cast, "link", ref="R-001"), url(cast, "link-record", record="SYS-001"),
        reverse("engagements:system", kwargs={"client_key": cast.acme.key, "ref": "SYS-001"}),
    ]  # fmt: skip

    def fill(count: int) -> list[int]:
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            system = links.find(cast.acme, "SYS-001").record
            numbers = range(RiskLink.objects.filter(risk=register).count() + 2, count + 2)
            risks = services.raise_many(
                client=cast.acme, by=cast.alice, at=NOW,
                risks=[services.NewRisk(wording=services.Wording(title="Another")) for _ in numbers],
            )  # fmt: skip
            common = {"client": cast.acme, "happened_at": NOW}
            systems = System.objects.bulk_create(
                System(client=cast.acme, reference=f"SYS-{number:03}", name="More", created_at=NOW)
                for number in numbers
            )
            RiskLink.objects.bulk_create(RiskLink(risk=register, system=one, **common) for one in systems)
            RiskLink.objects.bulk_create(RiskLink(risk=one, system=system, **common) for one in risks)
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert alice.get(page).status_code == 200
            counts.append(len(asked))
        return counts

    alice.get(pages[0])
    ten = fill(10)
    assert fill(100) == ten
    # Savepoints, the context and the sign-in are six of them.
    assert max(ten) <= 18, ten


def test_programs_read_make_and_take_off_links(cast, register):
    from tests.api.conftest import Program, make_token

    program = Program(make_token(cast.alice, cast.acme))
    here = f"c/{cast.acme.key}/risks/R-001/links/"
    made = program.post(here, {"record": "V-001"})
    assert made.status_code == 201
    told = {name: made.told[name] for name in ("kind", "reference", "name", "is_origin")}
    assert told == {"kind": "vendor", "reference": "V-001", "name": "Acme hosting", "is_origin": False}
    assert [one["reference"] for one in program.get(here).told["results"]] == ["V-001"]
    assert program.post(here, {"record": "V-002"}).status_code == 422
    one = f"{here}{made.told['id']}/"
    assert program.ask("DELETE", one, If_Match=made.headers["ETag"]).status_code == 204
    assert program.get(one).status_code == 404
