"""What risks said: kept with each change, by every way in, and told on any day and on their pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from risks import services
from risks.models import Risk, RiskWording
from risks.rules.rewording import differing
from risks.selectors import facts, history
from risks.selectors.frame import scales_of
from tests.conftest import owning
from tests.risks.conftest import NOW, TODAY, commit, raised
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=3)


def reworded(cast, risk, *, at=LATER, owner=None, **words):
    given = {"owner": owner} if owner else {}
    return services.edit_risk(risk=risk, by=cast.alice, at=at, wording=services.Wording(**words), **given)


def on(cast, at):
    (row,) = facts.register_as_of(cast.acme, cast.acme.today(at)).rows
    return row.title, row.owner, row.statement


def test_a_day_is_told_in_its_own_words_and_with_its_own_owner(alices, people):
    risk = raised(alices, "Backups fail", owner=people["bob"])
    reworded(alices, risk, title="Restores fail", cause="Nobody tries them.", owner=people["dora"])
    services.reassign(risks=[risk], owner=None, by=alices.alice, at=LATER + dt.timedelta(days=1))
    first = "Restores were never tried. If the server fails, it would mean no patient can be seen for days."
    second = "Nobody tries them. If the server fails, it would mean no patient can be seen for days."
    assert on(alices, NOW) == on(alices, LATER - dt.timedelta(days=1)) == ("Backups fail", "Bob", first)
    assert on(alices, LATER) == ("Restores fail", "Dora", second)
    assert on(alices, LATER + dt.timedelta(days=2)) == ("Restores fail", "", second)
    commit()


def test_a_risk_that_was_raised_earlier_than_anybody_wrote_it_down_says_what_it_said_first(alices, people):
    risk = raised(alices, "Backups fail")
    services.edit_risk(
        risk=risk, by=alices.alice, at=LATER, wording=services.Wording(title="Restores fail"),
        raised_on=TODAY - dt.timedelta(days=90),
    )  # fmt: skip
    assert on(alices, NOW - dt.timedelta(days=60))[0] == "Backups fail"


def test_the_database_refuses_words_and_owners_that_change_without_their_wording(alices, people):
    risk = raised(alices)
    commit()
    for change in ({"title": "Another"}, {"controls": "A lock"}, {"review_months": 2}, {"owner": people["bob"]}):
        with pytest.raises(IntegrityError, match="changed without their wording"), transaction.atomic():
            Risk.objects.filter(pk=risk.pk).update(**change)
            commit()
    with pytest.raises(IntegrityError, match="changed without their wording"), transaction.atomic():
        Risk.objects.create(client=alices.acme, reference="R-009", number=9, title="Bare", raised_on=TODAY)
        commit()
    with pytest.raises(IntegrityError, match="changed without their wording"), transaction.atomic():
        RiskWording.objects.create(client=alices.acme, risk=risk, title="Said by nobody", happened_at=LATER)
        commit()
    # What is no word of it moves freely.
    Risk.objects.filter(pk=risk.pk).update(private_notes="They quarrel", next_review_on=TODAY)
    commit()


def test_a_wording_is_never_changed_and_goes_with_its_risk_alone(alices, people):
    risk = raised(alices)
    wording = RiskWording.objects.filter(risk=risk)
    for change in (lambda: wording.update(title="Another"), lambda: wording._raw_delete("default")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()
        with pytest.raises(IntegrityError, match="is a record|never change"), owning(), transaction.atomic():
            change()
    assert wording.count() == 1


def test_of_two_changes_at_once_the_one_that_waited_comes_after_whatever_its_clock_says(alices, people):
    risk = raised(alices)
    reworded(alices, risk, title="The first to hold it")
    reworded(alices, risk, title="The one that waited", at=LATER - dt.timedelta(seconds=2))
    commit()
    assert on(alices, LATER)[0] == "The one that waited"
    assert list(RiskWording.objects.order_by("recorded_at").values_list("happened_at", flat=True))[1:] == [LATER, LATER]


def test_saying_the_same_again_adds_nothing(alices, people):
    risk = raised(alices, owner=people["bob"])
    reworded(alices, risk, title=risk.title, owner=people["bob"], private_notes="They quarrel")
    services.reassign(risks=[risk], owner=people["bob"], by=alices.alice, at=LATER)
    assert RiskWording.objects.count() == 1


def test_the_history_of_a_risk_shows_what_reads_otherwise(alices, people, browse):
    risk = raised(alices, "Backups of the server cannot be restored", owner=people["bob"])
    reworded(alices, risk, title="Backups of the mail server cannot be restored", review_months=1)
    reworded(alices, risk, at=LATER + dt.timedelta(hours=1), consequence="", owner=people["dora"])
    lines = history.timeline(history.sources(risk), scales_of(alices.acme), alices.acme)
    assert [line.what for line in lines if line.parts] == ["Consequence and owner changed", "Title and reviews changed"]
    page = browse(alices.alice).get(
        reverse("risks:detail", kwargs={"client_key": alices.acme.key, "ref": risk.reference})
    )
    for words in (
        "Title: Backups of the <ins>mail</ins> server cannot be restored",
        "Reviews: <del>by its level</del> <ins>every month</ins>", "Owner: <del>Bob</del> <ins>Dora</ins>",
        "Consequence: <del>No patient can be seen for days</del>",
    ):  # fmt: skip
        assert words in page.content.decode(), words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "All of it", "[+All of it]"),
        ("All of it", "", "[-All of it]"),
        ("The server fails", "Somebody steals a phone", "[-The server fails] [+Somebody steals a phone]"),
        ("one two three four five", "one two four five six", "one two [-three] four five [+six]"),
        (
            " ".join(f"w{n}" for n in range(40)) + " end",
            " ".join(f"w{n}" for n in range(40)) + " stop",
            "… w34 w35 w36 w37 w38 w39 [-end] [+stop]",
        ),
        ("a b\nc", "a  b c", "a  b c"),
        ("x " * 500, "y " * 30, "[-" + "x " * 40 + "…] [+" + ("y " * 30).strip() + "]"),
    ],
)
def test_a_change_of_words_is_shown_by_the_words_that_changed(before, after, shown):
    signs = {"del": "[-{}]", "ins": "[+{}]", "": "{}"}
    assert " ".join(signs[piece.kind].format(piece.text) for piece in differing(before, after)) == shown


def test_what_others_said_stays_theirs(cast, people):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast)
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        assert not RiskWording.objects.exists()
