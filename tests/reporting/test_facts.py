"""What a report says follows from the records of its days, and from nothing else.

`VCISO_GOLDEN=write bin/test tests/reporting/test_facts.py` rewrites the golden facts; read their diff
like prose.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from engagements.models import Person
from reporting import documents, facts, periods, unknown
from reporting.models import Report
from reporting.services.composing import edition
from reporting.words.monthly import HEADINGS
from risks import services as risk_services
from risks.enums import LossForm
from risks.models import Risk, RiskEstimate
from risks.rules import money, scoring
from risks.rules.treating import Cost
from tests.factories.cast import Cast
from tests.reporting.conftest import IN_OCTOBER, LONG_AGO, NOW, OCTOBER, QUARTER, as_alice, published, raise_risk
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def gathered(cast: Cast, period: periods.Period, *, at: dt.datetime = NOW) -> documents.Document:
    """The facts of a report that nobody asked for yet, without its words."""
    with as_alice(cast):
        report = Report(client=cast.acme, kind=period.kind, period=str(period), requested_at=at, prepared_by=cast.alice)
        return facts.gather(report, at=at, edition=edition(report, at=at))


def readable(document: documents.Document) -> str:
    """Canonical, with ids numbered in the order they occur, since they are random."""
    text = json.dumps(documents.to_plain(document), indent=1, ensure_ascii=False, sort_keys=True)
    known: dict[str, str] = {}
    return UUID.sub(lambda found: known.setdefault(found[0], f"id-{len(known) + 1}"), text) + "\n"


@pytest.mark.parametrize("period", [OCTOBER, QUARTER], ids=["monthly", "board"])
def test_the_facts_of_a_small_programme_are_the_golden_ones(programme: Cast, period: periods.Period) -> None:
    path = GOLDEN / f"facts-{period.kind}.json"
    found = readable(gathered(programme, period))
    if os.environ.get("VCISO_GOLDEN") == "write":
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_facts_survive_being_stored(programme: Cast) -> None:
    document = gathered(programme, QUARTER)
    stored = json.loads(json.dumps(documents.to_plain(document)))
    again = documents.from_plain(stored)
    assert again == document
    assert documents.facts_sha256(again) == documents.facts_sha256(document)


def test_what_happened_after_the_last_day_changes_nothing(programme: Cast) -> None:
    before = gathered(programme, OCTOBER)
    with as_alice(programme):
        raise_risk(programme, "A new one in November", scoring.Rating(5, {"operational": 5}), at=NOW)
        risk = Risk.objects.get(title="Backups cannot be restored")
        risk_services.rate_risk(
            risk=risk,
            kind="now",
            rating=scoring.Rating(1, {"operational": 1}),
            reason="Fixed.",
            by=programme.alice,
            at=NOW,
        )
    after = gathered(programme, OCTOBER)
    assert [row.rating for row in after.risks.rows] == [row.rating for row in before.risks.rows]
    assert after.risks.total.value == before.risks.total.value
    november = gathered(programme, periods.parse("2026-11"))
    assert november.risks.total.value == before.risks.total.value + 1


def test_a_trend_compares_with_the_last_published_report(programme: Cast) -> None:
    published(programme, OCTOBER.previous())
    with as_alice(programme):
        risk = Risk.objects.get(title="A stolen password redirects a payment")
        risk_services.rate_risk(
            risk=risk,
            kind="now",
            rating=scoring.Rating(5, {"financial": 4}),
            reason="It was tried.",
            by=programme.alice,
            at=IN_OCTOBER,
        )
    document = gathered(programme, OCTOBER)
    assert document.about.previous.period_label == "September 2026"
    assert (document.risks.above.text, document.risks.above.was, document.risks.above.movement) == ("2", "1", "worse")
    moved = next(row for row in document.risks.rows if "password" in row.title)
    assert (moved.was_score, moved.movement, moved.was_rank, moved.rank) == (6, "worse", 2, 1)
    assert document.risks.worse.value == 1
    assert [change.kind for change in document.changes] == ["worse"]


def test_the_figures_of_a_period_are_net_and_add_up(programme: Cast) -> None:
    later = IN_OCTOBER + dt.timedelta(days=3)

    def close(risk: Risk, at: dt.datetime) -> None:
        risk_services.close_risk(risk=risk, reason="It seemed gone.", by=programme.alice, at=at)

    def reopen(risk: Risk) -> None:
        risk_services.reopen_risk(risk=risk, reason="It was not.", by=programme.alice, at=later)

    def rate(risk: Risk, likelihood: int, at: dt.datetime = IN_OCTOBER) -> None:
        rating = scoring.Rating(likelihood, {"operational": 4})
        risk_services.rate_risk(risk=risk, kind="now", rating=rating, reason="Seen.", by=programme.alice, at=at)

    with as_alice(programme):
        names = ("Back and forth", "Asleep", "Gone", "Up and down", *(f"Worse {n}" for n in range(4)))
        old = {title: raise_risk(programme, title, scoring.Rating(2, {"operational": 4})) for title in names}
        close(old["Asleep"], LONG_AGO + dt.timedelta(days=1))
        published(programme, OCTOBER.previous())
    with as_alice(programme):
        close(old["Back and forth"], IN_OCTOBER)
        reopen(old["Back and forth"])
        reopen(old["Asleep"])
        close(old["Gone"], IN_OCTOBER)
        rate(old["Up and down"], 5)
        rate(old["Up and down"], 2, later)
        for number in range(4):
            rate(old[f"Worse {number}"], 3 + number % 3)
        fresh = raise_risk(programme, "Came and went", None, at=IN_OCTOBER)
        close(fresh, later)
        raise_risk(programme, "Came", None, at=IN_OCTOBER)
    report = gathered(programme, OCTOBER)
    counts = {
        name: sorted(record.reference for record in getattr(report.risks, name).records)
        for name in ("opened", "reopened", "closed")
    }
    assert counts == {"opened": ["R-012", "R-013"], "reopened": ["R-005"], "closed": ["R-006", "R-012"]}
    assert report.risks.at_start is not None and report.risks.reopened is not None
    assert (report.risks.at_start.value, report.risks.total.value) == (10, 11)
    assert [row.title for row in report.risks.rows if row.is_new] == []
    assert report.risks.worse.value == 4
    told = [(change.kind, change.title, change.text) for change in report.changes]
    assert told == [
        ("worse", "Worse 2: rose from medium to critical", "Seen."),
        ("better", "Came and went: closed", "It seemed gone."),
        ("new", "Came: added", ""),
        (
            "worse",
            "three more risks got worse",
            "R-009 rose from medium to high; R-011 rose from medium to high; R-008 rose from medium to high.",
        ),
    ]
    assert HEADINGS["changes"](report).endswith(": one better, four worse")
    assert "Back and forth" not in "".join(title for _, title, _ in told)


def test_a_first_report_has_no_trend(programme: Cast) -> None:
    document = gathered(programme, OCTOBER)
    assert document.about.previous is None
    assert {figure.movement for _, figure in documents.figures(document)} <= {"first", "not comparable"}
    assert document.risks.worse.value is None


def test_without_limits_nothing_is_called_inside(cast: Cast) -> None:
    with as_alice(cast):
        raise_risk(cast, "Something", scoring.Rating(5, {"operational": 5}), at=LONG_AGO)
    document = gathered(cast, OCTOBER)
    assert (document.status.word, document.risks.above.value) == ("Not known yet", None)


def test_an_empty_client_is_not_known_rather_than_fine(cast: Cast) -> None:
    for period in (OCTOBER, QUARTER):
        document = gathered(cast, period)
        assert document.status.word == "Not known yet"
        assert document.hours.included.value is None
    pack = gathered(cast, QUARTER)
    assert {answer.state for answer in pack.answers} == {"unknown"}


def test_private_notes_and_other_clients_stay_out(programme: Cast) -> None:
    with as_alice(programme):
        Risk.objects.update(private_notes="They refuse to pay for it")
    with context.as_user(programme.charlie, client_id=programme.globex.pk):
        risk_services.raise_risk(
            client=programme.globex,
            by=programme.charlie,
            at=LONG_AGO,
            wording=risk_services.Wording(title="Globex ovens stop", event="Ovens stop"),
        )
    for period in (OCTOBER, QUARTER):
        text = documents.to_json(gathered(programme, period))
        assert "refuse to pay" not in text
        assert "Globex" not in text


def test_every_counted_figure_opens_to_its_records(programme: Cast) -> None:
    for period in (OCTOBER, QUARTER):
        for path, figure in documents.figures(gathered(programme, period)):
            counts = figure.formula.split(".")[0] in {"risks", "acceptances", "policies", "vendors", "decisions"}
            if counts and isinstance(figure.value, int) and figure.text.isdigit():
                assert len(figure.records) == figure.value, path


def estimate(
    cast: Cast, risk: Risk, *, at: dt.datetime = LONG_AGO, kind: str = "now", share: Decimal = Decimal(1)
) -> None:
    """The same range for every risk; `share` makes each event that much smaller."""
    low, likely, high = (share * sum_minor for sum_minor in (20_000_00, 60_000_00, 200_000_00))
    risk_services.estimate_risk(
        risk=risk,
        kind=kind,
        frequency=risk_services.Given(Decimal("0.2"), Decimal("0.5"), Decimal(2)),
        losses={"downtime": risk_services.Given(low, likely, high)},
        basis="Two outages since 2019.",
        by=cast.alice,
        at=at,
    )


def test_accepted_risks_say_what_lowers_them_and_what_they_cost_together(programme: Cast, bob: Person) -> None:
    titles = {"Backups cannot be restored": "Restores are tried by hand", "A stolen password redirects a payment": ""}
    with as_alice(programme):
        for title, measure in titles.items():
            risk_services.record_acceptance(
                risk=Risk.objects.get(title=title), reason="Until the new server", witness="Dora heard it",
                asked_of=bob, until=dt.date(2027, 3, 1), measure=measure, by=programme.alice, at=LONG_AGO,
            )  # fmt: skip
    accepted = gathered(programme, QUARTER).accepted
    assert {row.what: row.meanwhile for row in accepted.rows} == titles
    assert accepted.exposure is not None and not accepted.exposure.known
    with as_alice(programme):
        risk = Risk.objects.get(title="Backups cannot be restored")
        estimate(programme, risk)
        mean = RiskEstimate.objects.get().mean_minor
    together = gathered(programme, QUARTER).accepted.exposure
    assert together is not None and together.value == mean and together.text.startswith("about $")
    assert [record.reference for record in together.records] == [risk.reference]
    assert gathered(programme, periods.parse("2026-07")).accepted.exposure is None


def bad_year(cast: Cast) -> tuple[documents.BoardPack, documents.BadYear]:
    pack = gathered(cast, QUARTER)
    assert isinstance(pack, documents.BoardPack)
    assert pack.bad_year is not None
    return pack, pack.bad_year


def test_a_bad_year_needs_three_estimates_and_says_so_with_fewer(programme: Cast) -> None:
    assert gathered(programme, QUARTER).bad_year is None
    with as_alice(programme):
        for risk in Risk.objects.all()[:2]:
            estimate(programme, risk)
    pack, few = bad_year(programme)
    assert (few.estimated.value, few.rows, few.curve) == (2, (), ())
    assert unknown.of(pack)["bad-year"] == (unknown.FEW_ESTIMATES, unknown.NO_CURVE)
    assert pack.answers[3].state == "unknown"
    assert pack.scenarios[0].title == "Backups cannot be restored"


def test_three_estimates_make_a_bad_year_that_can_be_computed_again(programme: Cast) -> None:
    with as_alice(programme):
        risks = list(Risk.objects.all())
        for risk in risks:
            estimate(programme, risk)
        risk_services.set_tolerance(client=programme.acme, sum_minor=300_000_00, by=programme.alice, at=LONG_AGO)
        kept = {str(row.pk): row.seed for row in RiskEstimate.objects.all()}
    pack, year = bad_year(programme)
    assert {source.estimate_id: source.seed for source in year.sources} == kept
    one = money.Estimate(
        money.Range(0.2, 0.5, 2.0), (money.Loss(LossForm.DOWNTIME, money.Range(20_000_00, 60_000_00, 200_000_00)),)
    )
    years = money.total(money.simulate(one, seed) for seed in kept.values())
    figures = {label: figure.value for label, figure in year.rows}
    assert figures == {
        "Average year": round(years.mean()),
        "1-in-10 year": round(money.worst_of(years, 10)),
        "1-in-50 year": round(money.worst_of(years, 50)),
    }
    assert year.exceeding is not None
    assert year.exceeding.value == money.chance_of_exceeding(years, 300_000_00)
    assert pack.answers[3].answer.startswith("A year above $300,000: ")
    assert unknown.of(pack)["bad-year"] == ()
    assert documents.from_json(documents.to_json(pack)) == pack


def test_an_estimate_of_a_later_day_is_in_no_bad_year(programme: Cast) -> None:
    with as_alice(programme):
        for risk in Risk.objects.all():
            estimate(programme, risk, at=IN_OCTOBER)
    assert gathered(programme, QUARTER).bad_year is None


def worth_of(cast: Cast) -> documents.Worth:
    pack = gathered(cast, QUARTER)
    assert isinstance(pack, documents.BoardPack)
    assert pack.worth is not None
    assert documents.from_json(documents.to_json(pack)) == pack
    return pack.worth


def test_plans_are_ranked_by_loss_removed_for_the_money_and_never_added_up(programme: Cast) -> None:
    assert unknown.NO_PLAN in unknown.of(gathered(programme, QUARTER))["plan"]
    with as_alice(programme):
        backups, password, server = Risk.objects.order_by("number")
        for risk, once in ((backups, 90_000_00), (password, 9_000_00), (server, None)):
            risk_services.plan_treatment(
                risk=risk, treatment="reduce", words="Buy it.", cost=Cost(once=once), by=programme.alice, at=LONG_AGO
            )
        risk_services.rate_risk(
            risk=backups, kind="target", rating=scoring.Rating(1, {"operational": 5}), reason="Plan",
            by=programme.alice, at=LONG_AGO,
        )  # fmt: skip
    found = worth_of(programme)
    assert [(row.record.reference, row.moves) for row in found.rows] == [
        ("R-001", "Moves from high to low."), ("R-002", ""), ("R-003", ""),
    ]  # fmt: skip
    assert [row.a_year.text for row in found.rows] == ["$30,000", "$3,000", "cost not known"]
    assert unknown.NO_WORTH in unknown.of(gathered(programme, QUARTER))["plan"]
    with as_alice(programme):
        step = risk_services.add_step(
            risk=password, task={"title": "Buy keys"}, cost_minor=12_000_00, by=programme.alice, at=LONG_AGO
        )
        assert [row.a_year.text for row in worth_of(programme).rows] == ["$30,000", "$4,000", "cost not known"]
        risk_services.change_step(step=step, task={}, cost_minor=8_000_00, by=programme.alice, at=LONG_AGO)
    with as_alice(programme):
        for risk in (backups, password, server):
            estimate(programme, risk)
            estimate(programme, risk, kind="after", share=Decimal("0.25"))
        means = {(row.risk.reference, row.kind): row.mean_minor for row in RiskEstimate.objects.select_related("risk")}
    found = worth_of(programme)
    assert [row.record.reference for row in found.rows] == ["R-002", "R-001", "R-003"]
    first, last = found.rows[0], found.rows[2]
    removed = means["R-002", "now"] - means["R-002", "after"]
    assert removed == pytest.approx(0.75 * means["R-002", "now"], rel=1e-4)
    assert first.removed is not None and first.removed.value == removed
    assert first.each is not None and first.each.value == pytest.approx(removed / 3_000_00, abs=1e-4)
    assert first.reasonable
    assert last.each is not None and (last.each.value, last.each.text) == (None, "not known")
    assert not {unknown.NO_WORTH, unknown.NO_PLAN} & set(unknown.of(gathered(programme, QUARTER))["plan"])


def test_what_a_plan_leaves_counts_from_its_day(programme: Cast) -> None:
    with as_alice(programme):
        risk = Risk.objects.order_by("number")[0]
        risk_services.plan_treatment(risk=risk, treatment="reduce", words="Buy it.", by=programme.alice, at=LONG_AGO)
        estimate(programme, risk)
        estimate(programme, risk, kind="after", share=Decimal("0.5"), at=IN_OCTOBER)
    assert worth_of(programme).rows[0].removed is None
