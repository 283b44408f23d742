"""Acme with a small programme, and the life of a report in single steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from engagements.models import Person
from engagements.services import agreement, work
from reporting import periods, services
from reporting.models import Report
from risks import services as risk_services
from risks.rules import scoring
from tests.conftest import owning
from tests.factories.cast import Cast
from tests.factories.jobs import run_jobs
from vciso.tenancy import context
from vciso.tenancy.models import Client, User

LONG_AGO = dt.datetime(2026, 8, 3, 14, 0, tzinfo=dt.UTC)
IN_OCTOBER = dt.datetime(2026, 10, 12, 14, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
OCTOBER = periods.parse("2026-10")
QUARTER = periods.parse("2026-Q3")


@pytest.fixture
def at() -> dt.datetime:
    return NOW


@pytest.fixture(autouse=True)
def files_in(tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def person(client: Client, name: str, user: User | None = None) -> Person:
    return Person.objects.create(
        client=client, name=name, email=f"{name.lower()}@example.test", user=user, created_at=LONG_AGO
    )


@pytest.fixture
def bob(cast: Cast) -> Person:
    with owning():
        return person(cast.acme, "Bob", cast.bob)


@pytest.fixture
def programme(cast: Cast, bob: Person) -> Cast:
    """Acme in November: three risks, limits, an agreement, a task."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for category, band in (("operational", 2), ("financial", 3)):
            risk_services.set_appetite(client=cast.acme, category=category, band_limit=band, by=cast.alice, at=LONG_AGO)
        raise_risk(cast, "Backups cannot be restored", scoring.Rating(3, {"operational": 5}), owner=bob)
        raise_risk(cast, "A stolen password redirects a payment", scoring.Rating(2, {"financial": 3}), owner=bob)
        raise_risk(cast, "The X-ray server gets no updates", None)
        agreement.start_engagement(
            client=cast.acme,
            values={"starts_on": dt.date(2026, 8, 1), "included_hours": 10, "lead": cast.alice},
            by=cast.alice,
            at=LONG_AGO,
        )
        work.add_task(
            client=cast.acme,
            title="Name a deputy for the server room",
            side="client",
            assignee=bob,
            due_on=dt.date(2026, 12, 1),
            by=cast.alice,
            at=IN_OCTOBER,
        )
    return cast


def raise_risk(cast: Cast, title: str, now: scoring.Rating | None, **given: Any) -> Any:
    return risk_services.raise_risk(
        client=cast.acme,
        by=cast.alice,
        at=given.pop("at", LONG_AGO),
        wording=risk_services.Wording(
            title=title,
            cause="Restores were never tried.",
            event="The server fails",
            consequence="No patient can be seen for days",
            category="Resilience",
        ),
        ratings={"now": now} if now else {},
        **given,
    )


def as_alice(cast: Cast) -> Any:
    return context.as_user(cast.alice, client_id=cast.acme.pk)


def fresh(report: Report) -> Report:
    return Report.objects.select_related("client__practice").get(pk=report.pk)


Step = Callable[..., Report]


def drafted(cast: Cast, period: periods.Period = OCTOBER, *, at: dt.datetime = NOW) -> Report:
    """A draft whose pages are drawn."""
    with as_alice(cast):
        report = services.request_draft(client=cast.acme, kind=period.kind, period=period, by=cast.alice, at=at)
    run_jobs(cast.acme)
    with as_alice(cast):
        return fresh(report)


def submitted(cast: Cast, period: periods.Period = OCTOBER, *, at: dt.datetime = NOW) -> Report:
    """Handed in by Alice for Amir's approval, final pages drawn."""
    report = drafted(cast, period, at=at)
    with as_alice(cast):
        services.submit(report=report, by=cast.alice, at=at, reviewer=cast.amir)
    run_jobs(cast.acme)
    with as_alice(cast):
        return fresh(report)


def approved(cast: Cast, period: periods.Period = OCTOBER, *, at: dt.datetime = NOW) -> Report:
    """Approved by Amir."""
    report = submitted(cast, period, at=at)
    with context.as_user(cast.amir, client_id=cast.acme.pk):
        return services.approve(report=report, by=cast.amir, seen_sha256=report.file_sha256, at=at)


def published(cast: Cast, period: periods.Period = OCTOBER, *, at: dt.datetime = NOW) -> Report:
    """Published by Alice."""
    report = approved(cast, period, at=at)
    with as_alice(cast):
        services.publish(report=report, by=cast.alice, seen_sha256=report.file_sha256, at=at)
        return fresh(report)
