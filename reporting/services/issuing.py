"""Publication and correction: what leaves the practice, exactly as it was approved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from reporting.enums import Kind, State
from reporting.models import Report
from reporting.rules import Refused
from reporting.selectors.people import owners
from reporting.services import releasing
from reporting.services.drafting import draw, locked
from vciso.audit import services as audit
from vciso.files.drawn import open_pdf
from vciso.jobs import outbox
from vciso.tenancy.enums import PackRelease
from vciso.tenancy.models import User


def publish(*, report: Report, by: User, seen_sha256: str, at: datetime, message: str = "") -> bool:
    """Issues the approved bytes and retires the revision before them, in one transaction.

    The one statement that publishes names the bytes approved and the bytes seen; with other
    bytes it changes nothing and this refuses. Publishing twice is publishing once: the second
    caller gets False. Owners are told by mail with a link; a board pack goes to the board at
    once, or the owner is asked to release it, as the client set.
    """
    with transaction.atomic():
        # Every revision of the period is held, so that two people cannot publish two of them;
        # in one order, so that two never wait for each other.
        list(
            Report.objects.of_period(report.span)
            .filter(client_id=report.client_id)
            .order_by("revision")
            .select_for_update()
            .values_list("pk", flat=True)
        )
        report.refresh_from_db()
        if report.state == State.PUBLISHED and report.file_sha256 == seen_sha256:
            return False
        _refuse_unready(report, seen_sha256, at=at)
        earlier = (
            Report.objects.of_period(report.span).filter(client_id=report.client_id).published().exclude(pk=report.pk)
        )
        superseded = list(earlier.values_list("revision", flat=True))
        earlier.update(state=State.SUPERSEDED)
        issued = Report.objects.filter(
            pk=report.pk,
            state=State.APPROVED,
            file_sha256=F("approved_sha256"),
            approved_sha256=seen_sha256,
        ).update(state=State.PUBLISHED, published_at=at, published_by=by)
        if not issued:
            raise Refused("These are not the pages that were approved. Read them again.")
        report.refresh_from_db()
        _announce(report, by=by, at=at, message=message)
        audit.record(
            verb="report.published",
            client=report.client,
            obj=report,
            by=by,
            at=at,
            before={"superseded": superseded} if superseded else None,
            after={
                "revision": report.revision,
                "sha256": report.file_sha256,
                "facts_sha256": report.facts_sha256,
            },
            reason=report.restated,
        )
    return True


def _refuse_unready(report: Report, seen_sha256: str, *, at: datetime) -> None:
    if report.is_issued:
        raise Refused(f"The {report.title} was published before, and a published one never changes.")
    if not report.is_over(at=at):
        raise Refused(f"{report.span.title} is not over, so its report cannot be published yet.")
    if report.state != State.APPROVED:
        raise Refused("Only an approved report can be published.")
    if report.approved_sha256 != seen_sha256:
        raise Refused("The pages you saw are not the ones that were approved. Read them again.")
    open_pdf(report)


def _announce(report: Report, *, by: User, at: datetime, message: str) -> None:
    note = f"\n{message.strip()}\n" if message.strip() else ""
    corrected = "A corrected revision of the" if report.revision > 1 else "The"
    for user in owners(report.client):
        outbox.send(
            to=user,
            subject=f"{corrected} {report.title} is ready",
            body=(
                f"{corrected} {report.title} for {report.client.name} is ready to read.\n{note}\n"
                "The link opens it in the portal. Nothing is attached."
            ),
            link_path=f"/my/{report.client.key}/reports/{report.span.slug}/",
            client=report.client,
            key=f"report-published:{report.pk}:{user.pk}",
        )
    if report.kind != Kind.QUARTERLY:
        return
    if report.client.pack_release == PackRelease.PUBLICATION:
        release_at_publication(report, by=by, at=at)
    else:
        releasing.ask_release(report=report, by=by, at=at)


def release_at_publication(report: Report, *, by: User, at: datetime) -> None:
    """The client lets packs go to the board at once: marks it released and tells the directors."""
    Report.objects.filter(pk=report.pk, released_at=None).update(released_at=at, released_by=by)
    releasing.tell_directors(report)


def correct(*, report: Report, reason: str, by: User, at: datetime) -> Report:
    """Begins the next revision of a published report; the old one stays readable.

    Keeps the words, collects the figures again for the same days, and prints the reason. Answers
    the revision already in work, if there is one.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Say what was wrong. The reason is printed on the corrected report.")
    if len(reason) > 400:
        raise Refused(f"The reason has {len(reason)} characters. Keep it under 400; it is printed.")
    with transaction.atomic():
        report = locked(report)
        if not report.is_issued:
            raise Refused("Only a published report needs a correction. This one can be edited.")
        of_period = Report.objects.of_period(report.span).filter(client_id=report.client_id)
        begun = of_period.unpublished().select_related("client__practice").first()
        if begun:
            return begun
        last = of_period.aggregate(last=Max("revision"))["last"]
        fresh = Report(
            client=report.client,
            kind=report.kind,
            period=report.period,
            revision=last + 1,
            requested_by=by,
            requested_at=at,
            prepared_by=report.prepared_by or by,
            restated=reason,
            words=report.words,
        )
        Report.objects.bulk_create([fresh], ignore_conflicts=True)
        fresh = of_period.unpublished().select_related("client__practice").get()
        draw(fresh, by=by, collect=True)
        audit.record(verb="report.corrected", client=report.client, obj=fresh, by=by, at=at, reason=reason)
    return fresh
