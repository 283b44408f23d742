"""Letting the board read a pack: the owner is asked, and answers like any other ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from engagements.selectors import people
from engagements.services import asks
from reporting.enums import Kind
from reporting.models import Report
from reporting.rules import Refused
from reporting.selectors.people import directors
from vciso.jobs import outbox
from vciso.jobs.run import RunningJob
from vciso.tenancy.models import User

ASK_KIND = "report_release"
ANNOUNCE = "reporting.announce"
DAYS_TO_RELEASE = 7
RELEASE, HOLD = "release", "hold"
BOARD_SUBJECT = "A board pack is ready to read"
BOARD_BODY = (
    "The board pack of {client} for {period} is ready to read.\n\nThe link opens it in the portal. Nothing is attached."
)


def ask_release(*, report: Report, by: User, at: datetime) -> bool:
    """Asks an owner to release a published pack to the board. False: nobody is owner yet.

    The ask freezes which revision and which bytes it is about. The answer moves the report in
    the database, so that nobody of the practice can release it in the owner's place.
    """
    if report.kind != Kind.QUARTERLY or not report.is_issued:
        raise Refused("Only a published board pack is released to the board.")
    if report.released_at:
        raise Refused("The board may read this pack already.")
    asked_of = next((person for person in people.owners(report.client) if person.user_id != by.pk), None)
    if asked_of is None:
        return False
    today = report.client.today(at)
    ask = asks.ask(
        client=report.client,
        kind=ASK_KIND,
        title=f"Release the board pack for {report.span.title}",
        text=(
            f"The board pack for {report.span.title} is published. "
            "Once you release it, the members of the board get a link and can read it."
        ),
        facts=[
            {"label": "Pack", "value": report.span.title, "note": ""},
            {"label": "Revision", "value": str(report.revision), "note": report.restated},
            {"label": "Pages", "value": str(report.file_pages or "not known"), "note": ""},
            {"label": "Fingerprint", "value": report.file_sha256[:16], "note": "of these pages"},
        ],
        options=[
            asks.option(
                key=RELEASE,
                label="Release it to the board",
                result="Every board member gets a link and can read the pack.",
                advised=True,
                sign="Release to the board",
            ),
            asks.option(
                key=HOLD,
                label="Hold it back",
                result="The board does not see it. Your adviser is told why.",
                refuses=True,
                needs_reason=True,
                sign="Hold it back",
            ),
        ],
        asked_of=asked_of,
        by=by,
        due_on=today + timedelta(days=DAYS_TO_RELEASE),
        minutes=2,
        at=at,
        role="owner",
        subject=report.period,
    )
    Report.objects.filter(pk=report.pk).update(ask=ask)
    return True


def announce(job: RunningJob) -> Callable[[], None]:
    """After the owner's release: every director gets a mail with a link, once."""

    def finish() -> None:
        report = Report.objects.select_related("client").filter(pk=job.args["report"]).first()
        if report is not None and report.released_at:
            tell_directors(report)

    return finish


def tell_directors(report: Report) -> None:
    """Writes one mail per director, keyed so that a second announcement changes nothing."""
    for user in directors(report.client):
        outbox.send(
            to=user,
            subject=BOARD_SUBJECT,
            body=BOARD_BODY.format(period=report.span.title, client=report.client.name),
            link_path=f"/board/{report.client.key}/packs/{report.span.slug}/",
            client=report.client,
            key=f"report-released:{report.pk}:{user.pk}",
        )
