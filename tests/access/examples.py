"""One record in each state that a page of the portal shows, and how addresses name them."""

from datetime import datetime, timedelta
from typing import Any

from engagements.enums import AskRole, AskState, TaskStatus
from engagements.models import Ask, Engagement, Objective, Person, Process, System, Task, TimeEntry
from engagements.models import Decision as DecisionRecord
from engagements.services import asks, decisions, people, work
from policies.models import Policy
from policies.services import keeping
from reporting.enums import UNPUBLISHED
from reporting.models import Report
from risks import services as risks
from risks.enums import AcceptanceState, Band, PlanState, Status
from risks.models import (
    Acceptance,
    ImpactCategory,
    LibraryChange,
    PlanStep,
    Risk,
    RiskAssessment,
    RiskLink,
    TreatmentPlan,
)
from risks.selectors import links
from risks.selectors.library import library, own
from vciso.accounts import services as accounts
from vciso.accounts.models import Invitation
from vciso.files import storage
from vciso.imports import registry
from vciso.imports import services as imports
from vciso.imports.models import ImportBatch, PracticeReading, Reading
from vciso.seed.story import Teller
from vciso.tenancy import context
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, User
from vendors.models import Vendor, VendorReview
from vendors.services import keeping as vendor_keeping

REGISTER = (
    "ID,Risk,Likelihood,Impact,Owner\n"
    "9001,A flood reaches the archive,2,4,Grace Lindqvist\n"
    "9002,A supplier stops answering,3,3,Grace Lindqvist\n"
    "9003,Keys are copied,2,often,Nobody known\n"
)

# Each practice has its own words for this entry of the library.
SCENARIO = "r15"


def prepare(teller: Teller, *, admin: User, at: datetime) -> str:
    """Adds the states that the client's story does not reach; answers the path of an invitation.

    `admin` is an admin of the client's practice, who invites a colleague.
    """
    client, lead = teller.client, teller.lead
    with context.as_user(lead, client_id=client.pk):
        dana, grace = (Person.objects.get(name=name) for name in ("Dana Whitlock", "Grace Lindqvist"))
        decisions.draft_decision(
            client=client, title="Who may approve new software", question="Who approves new software?", asked_of=dana,
            decide_by=client.today(at) + timedelta(days=20), by=lead, at=at,
            options=[{"label": "The practice"}, {"label": "Dana alone", "is_do_nothing": True}],
        )  # fmt: skip
        gone = people.add_person(client=client, name="Yusuf Demir", job_title="Receptionist", by=lead, at=at)
        people.deactivate_person(person=gone, by=lead, at=at, reason="Left in spring.")
        people.set_deputy(
            person=grace, deputy=dana, first=client.today(at), last=client.today(at) + timedelta(days=9), by=lead, at=at
        )
        retired = keeping.create_policy(client=client, title="Fax policy", by=lead, at=at)
        keeping.retire_policy(policy=retired, reason="No fax is left.", by=lead, at=at)
        ended = vendor_keeping.add_vendor(client=client, name="Old Copier Lease", by=lead, at=at)
        vendor_keeping.end_vendor(vendor=ended, reason="The copiers went back.", by=lead, at=at)
        batch = imports.preview(
            client=client,
            kind=registry.get("risks"),
            name="office risks.csv",
            content=REGISTER.encode(),
            by=lead,
            at=at,
        )
        _risks(teller, dana, at)
        helen = Person.objects.get(name="Helen Marsh")
        held = risks.record_acceptance(
            risk=Risk.objects.open().filter(now_band=Band.CRITICAL).exclude(acceptances__state="asked")[0],
            asked_of=helen, until=teller.today + timedelta(days=100), reason="Until the new servers stand.",
            witness="Tomas Lind", by=lead, at=at,
        )  # fmt: skip
        for name, everywhere in (("Due soon", False), ("Above everywhere", True)):
            risks.save_view(
                client=client, name=f"{name} at {teller.key}", query="show=above", known=("show",),
                everywhere=everywhere, by=lead, at=at,
            )  # fmt: skip
        remembered(teller, at)
        recorded(teller, "A word on the telephone", dana, at)
        recorded(teller, "A word in the meeting", helen, at)
        assert batch.counts["refused"] == 0 or batch.rows.exists()
    with context.as_user(helen.user, client_id=client.pk):
        asks.confirm_answer(ask=held.ask, agrees=True, note="So it was.", by=helen.user, at=at)
    with context.as_user(admin):
        path = accounts.invite(
            email=_colleague(teller), name="Nils Berg", role=Role.CONSULTANT, by=admin, at=at,
            practice=client.practice,
        )  # fmt: skip
    return path


def recorded(teller: Teller, title: str, asked_of: Person, at: datetime) -> Ask:
    """An answer given by word of mouth, with the file that shows it."""
    client, lead = teller.client, teller.lead
    asked = asks.ask(
        client=client, kind="decision", title=title, text="May we go on as planned?", asked_of=asked_of,
        options=[asks.option(key="yes", label="Yes", advised=True), asks.option(key="no", label="No")],
        by=lead, due_on=None, at=at,
    )  # fmt: skip
    kept = storage.store(client.pk, f"MARK{teller.key}000 was said on the telephone".encode(), suffix=".txt")
    asks.record_answer(
        ask=asked, choice="yes", reason="Heard it.", witness="Tomas Lind", file_key=kept.key, file_name="note.txt",
        recorded_by=lead, at=at,
    )  # fmt: skip
    return asked


def remembered(teller: Teller, at: datetime) -> None:
    """How files of one form are read: the client's own way, and the practice's."""
    client, by = teller.client, teller.lead
    form = {
        "kind": "risks", "headings": ["What could happen"], "mapping": {}, "changed_by": by, "changed_at": at,
        "signature": client.pk.hex * 2,
    }  # fmt: skip
    Reading.objects.create(client=client, file_name="office risks.csv", **form)
    PracticeReading.objects.create(practice=client.practice, **form)


def _colleague(teller: Teller) -> str:
    return f"nils@{teller.key.lower()}.example"


def _risks(teller: Teller, dana: Person, at: datetime) -> None:
    """One asked to be accepted, and one whose plan waits for approval."""
    free = Risk.objects.filter(status=Status.OPEN, now_band__gt=0).exclude(acceptances__state__in=["asked", "live"])
    first, second, third, fourth = free.order_by("-reference")[:4]
    risks.ask_acceptance(
        risk=first, asked_of=dana, until=teller.today + timedelta(days=150), by=teller.lead, at=at,
            due_on=teller.today + timedelta(days=7),
        )  # fmt: skip
    risks.plan_treatment(
        risk=second, treatment="reduce", words="Write it down and test it.", by=teller.lead, at=at,
        target_on=teller.today + timedelta(days=60),
    )  # fmt: skip
    risks.ask_plan_approval(risk=second, asked_of=dana, by=teller.lead, at=at, due_on=teller.today + timedelta(days=7))
    risks.plan_treatment(
        risk=third, treatment="reduce", words="Ask for it in the contract.", by=teller.lead, at=at,
        target_on=teller.today + timedelta(days=90),
    )  # fmt: skip
    risks.add_step(
        risk=third, task={"title": "Read the contract", "due_on": teller.today + timedelta(days=30)},
        cost_minor=25_000, by=teller.lead, at=at,
    )  # fmt: skip
    vendor = links.find(teller.client, Vendor.objects.get(name="Brightleaf Software").reference)
    risks.link_risk(risk=third, found=vendor, by=teller.lead, at=at)
    risks.edit_risk(
        risk=third, wording=risks.Wording(affects="What the vendor keeps for us"), reason="Named in the contract.",
        by=teller.lead, at=at,
    )  # fmt: skip
    _offered(teller, at)
    statement = risks.ask_statement(client=teller.client, asked_of=dana, by=teller.lead, at=at)
    asks.record_answer(
        ask=statement.ask,
        choice="approve",
        reason="As last year.",
        witness="Tomas Lind",
        recorded_by=teller.lead,
        at=at,
    )
    _assessments(teller, dana, at)
    asked = Ask.objects.filter(state=AskState.OPEN, kind="decision", role=AskRole.OWNER).first()
    if asked is not None:
        asks.comment(ask=asked, text="What would six months more cost?", by=dana.user, at=at)
    _said(teller, fourth, dana, at)


def _offered(teller: Teller, at: datetime) -> None:
    """A scenario in the practice's words, offered twice: one offer was declined, one waits."""
    given = {
        "cause": "It always did.", "event": "it happens", "consequence": "the office closes", "likelihood": "low",
        "categories": ["legal"], "industries": ["dental"], "data": ["health"], "hints": {"legal": "Who would ask?"},
    }  # fmt: skip
    practice = teller.client.practice
    for title in ("Bees in the server room", "Ice on the roof"):
        row = risks.change_scenario(
            practice=practice, scenario=library(practice.pk)[SCENARIO], by=teller.lead, at=at,
            values={**given, "title": f"{title}, {teller.key}"},
        )  # fmt: skip
        (made,) = risks.offer_scenario(
            scenario=own(row), clients=[teller.client], why="It happened elsewhere.", by=teller.lead, at=at
        )
        if title.startswith("Bees"):
            risks.decline_change(change=made, reason="No room of our own.", by=teller.lead, at=at)


def _said(teller: Teller, risk: Risk, dana: Person, at: datetime) -> None:
    """What people say in their own words at the end of something: a no, an early end, a yes heard, a note."""
    client, lead, until = teller.client, teller.lead, teller.today + timedelta(days=120)
    with context.as_user(lead, client_id=client.pk):
        risks.plan_treatment(
            risk=risk, treatment="reduce", words="Rent a second line.", by=lead, at=at,
            target_on=teller.today + timedelta(days=30),
        )  # fmt: skip
        plan = risks.ask_plan_approval(risk=risk, asked_of=dana, by=lead, at=at)
    with context.as_user(dana.user, client_id=client.pk):
        asks.answer(ask=plan.ask, choice="decline", reason="The first line has never failed.", by=dana.user, at=at)
    heard = {"risk": risk, "asked_of": dana, "until": until, "witness": "Tomas Lind", "by": lead, "at": at}
    with context.as_user(lead, client_id=client.pk):
        taken_back = risks.record_acceptance(**heard, reason="Until the summer.")
    with context.as_user(dana.user, client_id=client.pk):
        risks.confirm_acceptance(acceptance=taken_back, agrees=True, note="Yes.", by=dana.user, at=at)
        asks.withdraw_answer(ask=taken_back.ask, reason="The summer is too long.", by=dana.user, at=at)
    with context.as_user(lead, client_id=client.pk):
        first = risks.record_acceptance(**heard, reason="Until the lease ends.")
        risks.end_acceptance(acceptance=first, reason="The lease was extended.", by=lead, at=at)
        second = risks.record_acceptance(**heard, reason="Until the new lease ends.")
        task = Task.objects.filter(status=TaskStatus.OPEN, assignee=None).order_by("-reference")[0]
        work.finish_task(task=task, note="Done with the last delivery.", by=lead, at=at)
    with context.as_user(dana.user, client_id=client.pk):
        risks.confirm_acceptance(acceptance=second, agrees=True, note="So I said.", by=dana.user, at=at)


def _assessments(teller: Teller, dana: Person, at: datetime) -> None:
    """One assessment that was declined, a draft, and a draft that was discarded."""
    words = risks.Assessed(
        title="After the move", kind="triggered", as_of=teller.today, scope="The new clinic.", method="Rated 1 to 5.",
        conclusion="Two locks are missing.", people=[dana], team=[teller.lead],
    )  # fmt: skip
    common = {"client": teller.client, "by": teller.lead, "at": at}
    asked = risks.ask_assessment(
        assessment=risks.draft_assessment(assessed=words, **common), asked_of=dana, by=teller.lead, at=at
    )
    asks.record_answer(
        ask=asked.ask, choice="decline", reason="One lock.", witness="Tomas Lind", recorded_by=teller.lead, at=at
    )
    risks.discard_assessment(assessment=risks.draft_assessment(assessed=words, **common), by=teller.lead, at=at)
    risks.draft_assessment(assessed=words, **common)


def collect(teller: Teller, invitation: str) -> dict[str, str]:
    """The words of addresses: references, keys and numbers of the records, by what they are."""
    return (
        _records(teller.client)
        | _reports(teller.client)
        | {
            "client": teller.client.key,
            "invitation": str(Invitation.objects.get(email__endswith=_colleague(teller)).pk),
            "invitation_token": invitation.rstrip("/").rsplit("/", 1)[1],
            "member": str((teller.second or teller.lead).pk),
        }
    )


def _records(client: Client) -> dict[str, str]:
    def of(model: Any, **wanted: Any) -> Any:
        return model.objects.filter(client=client, **wanted).order_by("pk")

    def ref(model: Any, **wanted: Any) -> str:
        return str(of(model, **wanted).order_by("reference")[0].reference)

    def pk(model: Any, **wanted: Any) -> str:
        return str(of(model, **wanted)[0].pk)

    def slug(title: str) -> str:
        return str(of(Policy, title__endswith=title)[0].slug)

    by_state = {"accept": AcceptanceState.LIVE, "asked": AcceptanceState.ASKED}
    accepted = {name: of(Acceptance, state=state)[0].risk.reference for name, state in by_state.items()}
    return {
        "risk": ref(Risk),
        "risk_closed": ref(Risk, status=Status.CLOSED),
        "risk_free": of(TreatmentPlan, words__endswith="Ask for it in the contract.")[0].risk.reference,
        "risk_asked": accepted["asked"],
        "risk_accepted": accepted["accept"],
        "risk_told": of(Acceptance, witness__gt="", state=AcceptanceState.LIVE)[0].risk.reference,
        "risk_plan_asked": of(TreatmentPlan, state=PlanState.ASKED)[0].risk.reference,
        "task_step": of(PlanStep, task__title__endswith="Read the contract")[0].task.reference,
        "risk_stepped": of(PlanStep, task__title__endswith="Read the contract")[0].risk.reference,
        "step": pk(PlanStep, task__title__endswith="Read the contract"),
        "risk_linked": of(RiskLink, vendor__name__endswith="Brightleaf Software", is_origin=False)[0].risk.reference,
        "risk_link": pk(RiskLink, vendor__name__endswith="Brightleaf Software", is_origin=False),
        "change": pk(LibraryChange, state="waiting"),
        "assessment": ref(RiskAssessment, state="declined"),
        "assessment_draft": ref(RiskAssessment, state="draft", discarded_at=None),
        "assessment_discarded": ref(RiskAssessment, discarded_at__isnull=False),
        "category": next(row.key for row in of(ImpactCategory) if row.active),
        "vendor": ref(Vendor, name__endswith="Brightleaf Software"),
        "vendor_ended": ref(Vendor, name__endswith="Old Copier Lease"),
        "system": ref(System),
        "process": ref(Process),
        "task": ref(Task, status=TaskStatus.OPEN),
        "task_sam": ref(Task, status=TaskStatus.OPEN, assignee__name__endswith="Sam Okafor"),
        "task_done": ref(Task, status=TaskStatus.DONE),
        "decision": ref(DecisionRecord, state="open"),
        "decision_draft": ref(DecisionRecord, state="draft"),
        "ask": ref(Ask, state=AskState.OPEN, role=AskRole.OWNER, kind="decision"),
        "ask_board": ref(Ask, state=AskState.OPEN, role=AskRole.BOARD),
        "ask_held": of(Acceptance, state=AcceptanceState.LIVE, ask__role=AskRole.OWNER)[0].ask.reference,
        "ask_board_held": of(Acceptance, state=AcceptanceState.LIVE, ask__role=AskRole.BOARD)[0].ask.reference,
        "ask_recorded": ref(Ask, title__endswith="A word on the telephone"),
        "ask_board_recorded": ref(Ask, title__endswith="A word in the meeting"),
        "person": pk(Person, name__endswith="Ines Duarte"),
        "person_deputised": pk(Person, name__endswith="Grace Lindqvist"),
        "person_inactive": pk(Person, name__endswith="Yusuf Demir"),
        "objective": pk(Objective),
        "engagement": pk(Engagement),
        "time": pk(TimeEntry),
        "policy": slug("Incident response plan"),
        "policy_waiting": slug("Access control policy"),
        "policy_draft": slug("Vendor policy"),
        "policy_retired": slug("Fax policy"),
        "policy_draft_reference": of(Policy, title__endswith="Vendor policy")[0].reference,
        "policy_retired_reference": of(Policy, title__endswith="Fax policy")[0].reference,
        "vendor_review": pk(VendorReview, vendor__name__endswith="Brightleaf Software"),
        "policy_reference": of(Policy, title__endswith="Incident response plan")[0].reference,
        "reading": pk(Reading),
        "reading_shared": str(PracticeReading.objects.get(practice=client.practice, signature=client.pk.hex * 2).pk),
        "batch": str(ImportBatch.objects.filter(client=client).order_by("-created_at")[0].pk),
    }


def _reports(client: Client) -> dict[str, str]:
    def report(**wanted: Any) -> str:
        return str(Report.objects.filter(client=client, **wanted).order_by("-period")[0].span.slug)

    return {
        "month": report(kind="monthly", state__in=UNPUBLISHED),
        "month_published": report(kind="monthly", state="published"),
        "quarter": report(kind="quarterly", state="published"),
    }
