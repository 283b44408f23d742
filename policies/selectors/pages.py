"""What this app's own pages show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from engagements.enums import AskState
from policies.enums import Choice, Status
from policies.models import Approval, Policy, PolicyReview, PolicyVersion
from policies.selectors import surface
from vciso.tenancy.models import Client


def listed(client: Client) -> QuerySet[Policy]:
    """The client's policies with how each stands and its owner; in no order yet."""
    return Policy.objects.filter(client=client).with_standing().select_related("owner")


def with_status(rows: Any, status: str, *, on: dt.date) -> Any:
    """The rows of one status; of those in use when it is none of the words."""
    chosen: dict[str, Callable[[], Any]] = {
        Status.DRAFT: rows.drafts,
        Status.AWAITING: rows.awaiting,
        Status.IN_FORCE: rows.in_force,
        Status.DUE: lambda: rows.due(on=on),
        Status.OVERDUE: lambda: rows.overdue(on=on),
        Status.RETIRED: rows.retired,
    }
    return chosen[status]() if status in chosen else rows.live()


def numbers(client: Client, *, on: dt.date) -> surface.Counts:
    """The programme of one client in numbers; zeros where nothing is kept yet."""
    return surface.counts(on=on).get(client.pk) or surface.Counts(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a policy's history."""

    at: dt.datetime
    icon: str
    tone: str
    what: str
    who: str
    note: str = ""


@dataclass(slots=True)
class PolicyPage:
    """A policy with its versions, what waits and what happened; four queries."""

    policy: Policy
    versions: list[PolicyVersion]
    approvals: list[Approval]
    reviews: list[PolicyReview]
    events: list[Event] = field(default_factory=list)

    @property
    def current(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.is_in_force), None)

    @property
    def waiting(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.is_waiting), None)

    @property
    def draft(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.is_draft), None)

    @property
    def open(self) -> PolicyVersion | None:
        return self.waiting or self.draft

    @property
    def newest(self) -> PolicyVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def approval(self) -> Approval | None:
        """The last time the open version was sent."""
        opened = self.open
        return next((one for one in self.approvals if opened and one.version_id == opened.pk), None)

    @property
    def sent_back(self) -> Approval | None:
        """The owner's refusal that the open draft still has to answer."""
        last = self.approval
        draft = self.draft
        return last if draft and last and last.ask.choice == Choice.SEND_BACK else None

    def version(self, number: str) -> PolicyVersion | None:
        return next((one for one in self.versions if one.number == number), None)


def policy_page(policy: Policy, *, client_side: bool = False) -> PolicyPage:
    """Everything the page of a policy shows; drafts are left out for the client's people."""
    versions = PolicyVersion.objects.filter(policy=policy).newest_first().without_words()
    if client_side:
        versions = versions.shown_to_client()
    approvals = (
        Approval.objects.filter(version__policy=policy)
        .select_related("ask__withdrawn_by", "sent_by", "version")
        .defer("version__body", "ask__text", "ask__facts")
        .order_by("-sent_at")
    )
    reviews = PolicyReview.objects.filter(policy=policy).select_related("reviewed_by", "confirmed_by")
    page = PolicyPage(
        policy=policy,
        versions=list(versions.select_related("author", "approved_by")),
        approvals=list(approvals),
        reviews=list(reviews.order_by("-reviewed_on", "-happened_at")),
    )
    page.events = sorted(_events(page), key=lambda event: event.at)[::-1]
    return page


def words_of(version: PolicyVersion) -> str:
    """The text of a version from a page that left it in the database."""
    return PolicyVersion.objects.values_list("body", flat=True).get(pk=version.pk)


def words_of_both(before: PolicyVersion, after: PolicyVersion) -> tuple[str, str]:
    """The texts of two versions. One query."""
    words = dict(PolicyVersion.objects.filter(pk__in=(before.pk, after.pk)).values_list("pk", "body"))
    return words[before.pk], words[after.pk]


def version_before(page: PolicyPage, version: PolicyVersion) -> PolicyVersion | None:
    """The version to compare with: the one in force for an open one, else the next older."""
    if not version.is_in_force and page.current and version.pk in {v.pk for v in page.versions[:1]}:
        return page.current
    older = [one for one in page.versions if (one.major, one.minor) < (version.major, version.minor)]
    return older[0] if older else None


def _events(page: PolicyPage) -> list[Event]:
    events = []
    for version in page.versions:
        name = f"Version {version.number}"
        events.append(Event(version.created_at, "pencil", "", f"{name} opened", str(version.author)))
        if not version.approval_recorded:
            events[-1] = Event(
                version.created_at,
                "upload",
                "",
                f"{name} brought in from outside",
                str(version.author),
                "Approval not recorded",
            )
    for approval in page.approvals:
        events += _answered(approval)
    for review in page.reviews:
        who = str(review.reviewed_by)
        if review.confirmed_by:
            who += f", confirmed by {review.confirmed_by.name}"
        events.append(Event(review.happened_at, "check", "ok", "Reviewed, no change", who, review.note))
    return events


def _answered(approval: Approval) -> list[Event]:
    ask, name = approval.ask, f"Version {approval.version.number}"
    events = [Event(approval.sent_at, "send", "", f"{name} sent to {ask.asked_of_name}", str(approval.sent_by))]
    if ask.state == AskState.ANSWERED and ask.answered_at:
        approved = ask.choice == Choice.APPROVE
        what = f"{name} approved" if approved else f"{name} sent back"
        tone, icon = ("ok", "check") if approved else ("warn", "undo-2")
        events.append(Event(ask.answered_at, icon, tone, what, ask.asked_of_name, ask.reason))
    if ask.state == AskState.WITHDRAWN and ask.withdrawn_at:
        who = str(ask.withdrawn_by or approval.sent_by)
        events.append(Event(ask.withdrawn_at, "undo-2", "", f"{name} taken back", who, ask.withdrawn_reason))
    return events


def for_client_side(client: Client) -> QuerySet[Policy]:
    """What the client's owner may read: live policies with something sent or in force."""
    return listed(client).filter(Q(current_major__isnull=False) | Q(waiting_major__isnull=False))
