"""The chapters about policies, vendors, and the reports of the months that have passed."""

from datetime import date, datetime, timedelta
from typing import Any

from engagements.enums import AskState
from engagements.services import asks
from policies.enums import Choice
from policies.selectors.library import starter
from policies.services import approving, keeping, writing
from reporting import periods
from reporting.enums import Kind
from reporting.models import Report
from reporting.selectors import reports as report_selectors
from reporting.services import drafting, issuing, releasing, review
from risks.models.assessment import DRAW
from vciso.jobs import run
from vciso.jobs.enums import JobState
from vciso.jobs.models import Job
from vciso.seed import moments
from vciso.seed.chapters import person
from vciso.seed.story import Teller
from vciso.tenancy import context
from vendors.services import keeping as vendor_keeping
from vendors.services import reviewing

QUARTER_ENDS = (3, 6, 9, 12)


def written_programme(teller: Teller) -> None:
    for row in teller.story.get("policies", []):
        _policy(teller, row)


def _policy(teller: Teller, row: dict[str, Any]) -> None:
    key = f"policy:{row['title']}"
    found = starter(row.get("lib", ""))

    def body() -> str:
        opening = found.opening if found else f"This is how {teller.client.name} deals with the matter of the title."
        return (
            f"{opening}\n\n"
            "## Rules\n\n- Each person has an own sign-in and shares it with nobody.\n"
            "- Whoever sees something wrong says so the same day.\n\n## Who answers for it\n\n"
            "The owner named on the first page reads it once a year and keeps it right.\n"
        )

    def write(at: datetime) -> None:
        teller.made[key] = keeping.create_policy(
            client=teller.client, title=row["title"], kind=row.get("kind", "policy"), body=body(),
            owner=person(teller, row.get("owner")), review_months=row.get("review", 12), by=teller.lead, at=at,
        )  # fmt: skip

    teller.on(row["on"], teller.lead, write)
    if row.get("approved"):
        user = teller.account(row["owner"]) if (teller.key, row["owner"]) in teller.world.people else None
        _approve(teller, key, row, user)
    if row.get("reviewed"):
        teller.on(
            row["reviewed"], teller.lead,
            lambda at: keeping.record_review(
                policy=teller.made[key], note="Read again, no change.", by=teller.lead, at=at
            ),
        )  # fmt: skip
    if row.get("draft"):
        teller.on(row["draft"], teller.lead, lambda at: _next_version(teller, key, row, at))


def _approve(teller: Teller, key: str, row: dict[str, Any], user: Any) -> None:
    on = teller.day(row["approved"])

    def send(at: datetime) -> None:
        version = teller.made[key].versions.order_by("-major", "-minor").first()
        teller.made[f"ask:{key}"] = approving.send_for_approval(version=version, by=teller.lead, at=at).ask

    def approve(at: datetime) -> None:
        asks.answer(ask=teller.made[f"ask:{key}"], choice=Choice.APPROVE, reason="", by=user, at=at)

    def heard(at: datetime) -> None:
        witness = person(teller, teller.story["engagement"]["counterpart"]).name
        asks.record_answer(
            ask=teller.made[f"ask:{key}"], choice=Choice.APPROVE, reason="", witness=witness,
            recorded_by=teller.lead, on=teller.client.today(at), at=at,
        )  # fmt: skip

    teller.on(max(on - timedelta(days=3), teller.day(row["on"])), teller.lead, send, hour=11)
    if user is not None:
        teller.on(on, user, approve, hour=16)
    else:
        teller.on(on, teller.lead, heard, hour=16)


def _next_version(teller: Teller, key: str, row: dict[str, Any], at: datetime) -> None:
    version = writing.start_draft(policy=teller.made[key], by=teller.lead, at=at)
    version = writing.save_draft(
        version=version, body=version.body + "\n## Reception\n\nEverybody at reception signs in with an own badge.\n",
        change_summary=row["summary"], by=teller.lead, at=at,
    )  # fmt: skip
    approving.send_for_approval(
        version=version, by=teller.lead, at=at, due_on=teller.client.today(at) + timedelta(days=15)
    )


def suppliers(teller: Teller) -> None:
    start = teller.day(teller.story["engagement"]["starts"]) + timedelta(days=20)
    for row in teller.story.get("vendors", []):
        _vendor(teller, row, start)


def _vendor(teller: Teller, row: dict[str, Any], start: date) -> None:
    key = f"vendor:{row['name']}"

    def add(at: datetime) -> None:
        teller.made[key] = vendor_keeping.add_vendor(
            client=teller.client, name=row["name"], service=row.get("service", ""), kind=row["kind"],
            criticality=row["criticality"], data_level=row["data"], owner=person(teller, row.get("owner")),
            contract_ends_on=teller.day(row["ends"]) if row.get("ends") else None, notice_days=row.get("notice"),
            auto_renews=bool(row.get("notice")), by=teller.lead, at=at,
        )  # fmt: skip

    teller.on(start, teller.lead, add)
    for given in (row.get("review"), row.get("review2")):
        if given:
            when, result, summary, *conditions = given

            def check(at: datetime, result: str = result, summary: str = summary, conditions: Any = conditions) -> None:
                reviewing.record_review(
                    vendor=teller.made[key], result=result, summary=summary, conditions=" ".join(conditions),
                    on=teller.client.today(at), by=teller.lead, at=at,
                )  # fmt: skip

            teller.on(when, teller.lead, check, hour=11)


def past_reports(teller: Teller) -> int:
    """Every report of the past, drafted, drawn by the job, approved and published; how many.

    Told after everything else: figures are taken as of the end of each period.
    """
    first = teller.story.get("reports", {})
    made = 0
    for month in moments.month_starts(teller.day(f"{first.get('monthly_from', '+0')}/01"), teller.today):
        end_of_next = month + timedelta(days=31)
        wanted: list[tuple[str, periods.Period, date]] = []
        following = end_of_next.replace(day=1)
        if following > teller.today:
            continue
        wanted.append((Kind.MONTHLY, periods.parse(f"{month:%Y-%m}"), following + timedelta(days=2)))
        if month.month in QUARTER_ENDS and "packs_from" in first:
            quarter = periods.parse(f"{month.year}-Q{month.month // 3}")
            wanted.append((Kind.QUARTERLY, quarter, following + timedelta(days=11)))
        for kind, period, on in wanted:
            if on <= teller.today and period.start >= teller.day(teller.story["engagement"]["starts"]):
                issue(teller, kind, period, moments.moment(moments.working_day(on), teller.client.zone, hour=9))
                made += 1
    return made


def issue(teller: Teller, kind: str, period: periods.Period, at: datetime, *, publish: bool = True) -> Report:
    """One report through the real job to publication; the last ones stop where the story says."""
    with context.as_user(teller.lead, client_id=teller.client.pk):
        report = drafting.request_draft(client=teller.client, kind=kind, period=period, by=teller.lead, at=at)
    _draw(teller, report)
    return finish(teller, report, at) if publish else report


def correct(teller: Teller, report: Report, reason: str, at: datetime) -> Report:
    """The next revision of a published report, collected and drawn as a draft."""
    with context.as_user(teller.lead, client_id=teller.client.pk):
        fresh = issuing.correct(report=_fresh(report), reason=reason, by=teller.lead, at=at)
    _draw(teller, fresh)
    return fresh


def finish(teller: Teller, report: Report, at: datetime) -> Report:
    """A drawn draft on its way through approval to publication, and to the board where it is a pack."""
    approver = teller.second or teller.lead
    with context.as_user(teller.lead, client_id=teller.client.pk):
        review.submit(report=_fresh(report), by=teller.lead, at=at + timedelta(hours=1), reviewer=teller.second)
    _draw(teller, report)
    with context.as_user(approver, client_id=teller.client.pk):
        current = _fresh(report)
        review.approve(report=current, by=approver, seen_sha256=current.file_sha256, at=at + timedelta(hours=5))
    with context.as_user(teller.lead, client_id=teller.client.pk):
        current = _fresh(report)
        issuing.publish(report=current, by=teller.lead, seen_sha256=current.file_sha256, at=at + timedelta(hours=6))
    if report.kind == Kind.QUARTERLY:
        _release(teller, report, at + timedelta(days=1))
    return report


def _fresh(report: Report) -> Report:
    return Report.objects.select_related("client__practice").get(pk=report.pk)


def _draw(teller: Teller, report: Report) -> None:
    with context.as_job(teller.client.pk, "seed"):
        job = report_selectors.job_of(_fresh(report))
    _work(teller, job, report.period)


def draw_assessments(teller: Teller) -> None:
    """The pages of every assessment that stands, by the job that was asked for them."""
    with context.as_job(teller.client.pk, "seed"):
        waiting = list(Job.objects.filter(client=teller.client, kind=DRAW, state=JobState.QUEUED))
    for job in waiting:
        _work(teller, job, "assessment")


def _work(teller: Teller, job: Job, what: str) -> None:
    """Does a waiting job as a worker would; a failure stops the story with its reason."""
    outcome = run.run(job.pk, client_id=teller.client.pk)
    if outcome != "done":
        with context.as_job(teller.client.pk, "seed"):
            job.refresh_from_db()
        raise RuntimeError(f"{teller.client.name}, {what}: the job answered {outcome}: {job.error}")


def _release(teller: Teller, report: Report, at: datetime) -> None:
    """The owner lets the board read the pack, where the client set it so."""
    counterpart = teller.story["engagement"].get("counterpart")
    user = teller.world.people.get((teller.key, counterpart or ""))
    if user is None:
        return
    with context.as_user(user, client_id=teller.client.pk):
        ask = _fresh(report).ask
        if ask is not None and ask.state == AskState.OPEN:
            asks.answer(ask=ask, choice=releasing.RELEASE, reason="", by=user, at=at)
