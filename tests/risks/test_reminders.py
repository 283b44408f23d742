"""Before an acceptance ends, and when it is over, both sides are told."""

import datetime as dt

import pytest

from risks.services import reminders
from tests.risks.conftest import NOW, TODAY, limited, raised
from tests.risks.test_acceptance import ask, sign
from vciso.jobs.models import OutboxMail

pytestmark = pytest.mark.django_db


def signed(cast, people, entering, until):
    """Bob signs for a risk of Acme until that day."""
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
        acceptance = ask(cast, raised(cast), people["bob"], until=until)
    sign(cast, entering, acceptance)
    return acceptance


@pytest.mark.parametrize(
    ("days_before", "wanted"), [(61, ""), (60, "60"), (30, "30"), (7, "7"), (0, "7"), (-1, "over"), (-9, "")]
)
def test_both_are_told_60_30_and_7_days_before_the_end_and_when_it_is_over(cast, people, entering, days_before, wanted):
    acceptance = signed(cast, people, entering, dt.date(2027, 6, 30))
    at = dt.datetime(2027, 6, 30, 15, tzinfo=dt.UTC) - dt.timedelta(days=days_before)
    for _ in range(2):
        reminders.remind(at=at)
    with entering(cast.alice, cast.acme):
        mails = OutboxMail.objects.filter(key__startswith=f"acceptance:{acceptance.pk}:")
        told = sorted((mail.key.split(":")[2], mail.user.name) for mail in mails.select_related("user"))
    assert told == ([(wanted, "Alice"), (wanted, "Bob")] if wanted else [])


def test_nobody_is_reminded_of_a_stage_longer_than_the_acceptance(cast, people, entering):
    acceptance = signed(cast, people, entering, TODAY + dt.timedelta(days=20))
    with entering(cast.alice, cast.acme):
        acceptance.refresh_from_db()
        assert reminders.stage(acceptance, NOW) == ""
        assert reminders.stage(acceptance, NOW + dt.timedelta(days=13)) == "7"
