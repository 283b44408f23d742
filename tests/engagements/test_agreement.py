"""Terms, hours, objectives, people: what is refused, and what a month adds up to."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from engagements import selectors
from engagements.models import Objective, Person, System
from engagements.services import agreement, business, people
from tests.factories.cast import Cast


def test_two_agreements_never_overlap(cast: Cast, at: datetime, at_acme: Any) -> None:
    with at_acme(cast.alice):
        first = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 30)}
        agreement.start_engagement(client=cast.acme, values=first, by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="overlaps the engagement that began on January 1, 2026"):
            agreement.start_engagement(client=cast.acme, values={"starts_on": date(2026, 6, 1)}, by=cast.alice, at=at)
        agreement.start_engagement(client=cast.acme, values={"starts_on": date(2026, 7, 1)}, by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="is before the start"):
            agreement.start_engagement(
                client=cast.acme, values={"starts_on": date(2026, 7, 2), "ends_on": date(2026, 7, 1)},
                by=cast.alice, at=at,
            )  # fmt: skip


def test_hours_of_a_month_count_what_is_in_the_agreement(cast: Cast, at: datetime, at_acme: Any) -> None:
    today = date(2026, 10, 20)
    with at_acme(cast.alice):
        terms = {"starts_on": date(2026, 9, 1), "included_hours": Decimal("10")}
        agreement.start_engagement(client=cast.acme, values=terms, by=cast.alice, at=at)
        for on, minutes, more in (
            (date(2026, 10, 1), 300, {}),
            (date(2026, 10, 20), 210, {}),
            (date(2026, 10, 21), 999, {}),
            (date(2026, 10, 5), 60, {"in_retainer": False}),
            (date(2026, 10, 5), 45, {"kind": "client"}),
            (date(2026, 9, 30), 120, {}),
        ):
            agreement.log_time(client=cast.acme, on=on, minutes=minutes, by=cast.alice, at=at, **more)
        used = selectors.hours_used(cast.acme, today)
    assert (used.minutes, used.included_minutes, used.left_minutes, used.percent) == (510, 600, 90, 85)
    assert used.nearly_used
    assert (used.month.extra_minutes, used.month.client_minutes) == (60, 45)
    assert [month.minutes for month in used.months] == [0, 0, 0, 0, 120, 510]
    assert used.months[3].included_minutes is None


def test_time_to_come_and_too_long_days_are_refused(cast: Cast, at: datetime, at_acme: Any) -> None:
    today = cast.acme.today(at)
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="still to come"):
            agreement.log_time(client=cast.acme, on=today + timedelta(days=1), minutes=5, by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="do not fit into a day"):
            agreement.log_time(client=cast.acme, on=today, minutes=1441, by=cast.alice, at=at)


def test_a_dropped_objective_is_known_to_earlier_days(cast: Cast, at: datetime, at_acme: Any) -> None:
    today = cast.acme.today(at)
    with at_acme(cast.alice):
        kept = agreement.set_objective(client=cast.acme, title="Two clinics", by=cast.alice, at=at)
        Objective.objects.update(set_on=today - timedelta(days=9))
        kept.refresh_from_db()
        agreement.drop_objective(objective=kept, reason="Sold.", by=cast.alice, at=at)
        assert selectors.objectives_as_of(cast.acme, today) == []
        assert [row.title for row in selectors.objectives_as_of(cast.acme, today - timedelta(days=1))] == [
            "Two clinics"
        ]


def test_an_address_belongs_to_one_person(cast: Cast, at: datetime, at_acme: Any, acme_people: Any) -> None:
    with at_acme(cast.alice):
        with pytest.raises(ValidationError) as error:
            people.add_person(client=cast.acme, name="Bobby", email="BOB@example.test", by=cast.alice, at=at)
        assert "already belongs to somebody" in error.value.message_dict["email"][0]


def test_somebody_who_has_to_answer_is_not_taken_out(
    cast: Cast, at: datetime, at_acme: Any, acme_people: Any, put: Any
) -> None:
    asked = put("bob")
    with at_acme(cast.alice), pytest.raises(ValidationError, match=asked.reference):
        people.deactivate_person(person=acme_people["bob"], by=cast.alice, at=at)


def test_inviting_and_removing_access(cast: Cast, at: datetime, at_acme: Any, acme_people: Any) -> None:
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="already is business owner"):
            people.invite_person(person=acme_people["bob"], role="owner", by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="Choose one of the roles"):
            people.invite_person(person=acme_people["bob"], role="practice_admin", by=cast.alice, at=at)
        path = people.invite_person(person=acme_people["olga"], role="board", by=cast.alice, at=at)
        assert path.startswith("/")
        people.remove_access(person=acme_people["dora"], by=cast.alice, at=at)
        assert people.roles_of(acme_people["dora"]) == set()
        with pytest.raises(ValidationError, match="no access"):
            people.remove_access(person=acme_people["dora"], by=cast.alice, at=at)
    with at_acme(cast.dora) as granted:
        assert not granted


def test_a_client_never_sees_another_ones_people(cast: Cast, at_acme: Any, acme_people: Any) -> None:
    for stranger in (cast.charlie, cast.gina, cast.xenia, cast.dora, cast.carl):
        with at_acme(stranger):
            assert Person.objects.count() == 0
    with at_acme(cast.bob):
        assert Person.objects.count() == 4
        assert Person.objects.update(name="Changed") == 0


def test_systems_keep_their_reference_and_say_why_they_end(cast: Cast, at: datetime, at_acme: Any) -> None:
    with at_acme(cast.alice):
        item = business.add_estate(
            System, client=cast.acme, values={"name": "X-ray server", "criticality": 4}, by=cast.alice, at=at
        )
        assert item.reference == "SYS-001"
        with pytest.raises(ValidationError, match="why it is retired"):
            business.retire_estate(item=item, reason="", by=cast.alice, at=at)
        business.retire_estate(item=item, reason="Sold.", by=cast.alice, at=at)
        again = business.add_estate(System, client=cast.acme, values={"name": "New"}, by=cast.alice, at=at)
        assert again.reference == "SYS-002"


def test_another_currency_is_asked_about_where_there_are_sums(
    cast: Cast, at: datetime, at_acme: Any, browse: Any
) -> None:
    """Sums are kept in the smallest coins: $150 became €150 in signed limits without a word, and ¥15,000 in yen."""

    def take(currency: str, **more: Any) -> str:
        values = {"currency": currency, **more}
        return business.edit_client(client=cast.acme, values=values, by=cast.alice, at=at).currency

    with at_acme(cast.alice):
        assert [take(currency) for currency in ("JPY", "USD")] == ["JPY", "USD"]
        business.set_profile(client=cast.acme, values={"annual_revenue_minor": 15_000}, by=cast.alice, at=at)
        with pytest.raises(ValidationError, match=r"what says \$100 will say €100, in limits that were signed too"):
            take("EUR")
        with pytest.raises(ValidationError, match="In JPY, which is divided otherwise, each would become another sum"):
            take("JPY", stand_by=True)
    page = f"/c/{cast.acme.key}/settings/"
    alice = browse(cast.alice)
    shown = alice.get(page)
    assert b'name="stand_by"' not in shown.content
    typed = {name: value for name, value in shown.context["form"].initial.items() if name != "seen_version"}
    asked = alice.post(page, typed | {"currency": "EUR"})
    assert asked.status_code == 422 and b'name="stand_by"' in asked.content
    assert alice.post(page, typed | {"currency": "EUR", "stand_by": "on"}).status_code == 303
    assert alice.get(page).context["form"].initial["currency"] == "EUR"
