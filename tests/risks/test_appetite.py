"""The limits as one statement: put to the business, approved as a version, looked at each year."""

import datetime as dt
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.services import asks
from risks import selectors, services
from risks.models import Appetite, AppetiteStatement, ImpactCategory
from risks.selectors import appetite
from risks.selectors.frame import frame
from tests.risks.conftest import NOW, TODAY, asked_again, limited
from tests.risks.test_pages import counted

KEY = "acme-a1b2c3"


@pytest.fixture
def limits(cast, people, entering):
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2, legal=1)


def put(cast, people, entering, who="bob", at=NOW, **more):
    with entering(cast.alice, cast.acme):
        return services.ask_statement(client=cast.acme, asked_of=people[who], by=cast.alice, at=at, **more)


def answered(cast, people, entering, who="bob", choice="approve", reason="As we said in May", at=NOW):
    statement = put(cast, people, entering, who, at=at)
    user = getattr(cast, who)
    with entering(user, cast.acme):
        asks.answer(ask=statement.ask, choice=choice, reason=reason, by=user, at=at)
    return statement


def standing(cast, entering, on=TODAY):
    with entering(cast.alice, cast.acme):
        return appetite.standing(cast.acme, frame(cast.acme, on))


def today_says(cast, entering, on=TODAY):
    with entering(cast.alice, cast.acme):
        found = [item for item in selectors.attention(on=on) if item.kind == "limits"]
    return [(item.title, item.due_on) for item in found]


def test_the_statement_holds_every_limit_in_the_clients_words(cast, people, limits, entering):
    with entering(cast.alice, cast.acme):
        services.set_appetite(
            client=cast.acme, category="financial", band_limit=None, money_limit_minor=5_000_000,
            words="A bad week, not a bad quarter.", by=cast.alice, at=NOW,
        )  # fmt: skip
    text = put(cast, people, entering, advice="Keep them.").ask.text
    for words in (
        "**Operational:** up to medium.",
        "**Financial:** no more than",
        "50,000",
        "once in ten years. A bad week, not a bad quarter.",
        "**People:** no limit is set.",
        "**Our advice:** Keep them.",
    ):
        assert words in text, words


def test_a_limit_of_one_year_in_fifty_is_typed_put_to_the_owner_and_missed_when_it_changes(
    cast, people, limits, entering, browse
):
    page, address = browse(cast.alice), reverse("risks:limit", args=[cast.acme.key, "financial"])
    typed = {"money_limit": "50,000", "fifty_limit": "40,000", "from_on": "2026-01-01"}
    refused = page.post(address, typed)
    assert refused.status_code == 422 and "costs at least what one in ten does" in refused.content.decode()
    assert page.post(address, typed | {"fifty_limit": "400,000"}).status_code == 303
    shown = page.get(reverse("risks:limits", args=[cast.acme.key])).content.decode()
    assert "$400,000 once in fifty" in shown
    assert "</strong>: no level, at most $50,000 once in ten years, at most $400,000 once in fifty years from" in shown
    text = answered(cast, people, entering, "bob").ask.text
    assert "once in ten years, and no more than $400,000 once in fifty years" in text.replace("\u00a0", " ")
    assert standing(cast, entering).changed == ()
    assert page.post(address, typed | {"fifty_limit": ""}).status_code == 303
    assert standing(cast, entering).changed == ("Financial",)


def test_what_saving_a_limit_does_not_do_and_does_besides_is_said(cast, people, limits, entering, browse):
    put(cast, people, entering)
    page, address = browse(cast.alice), reverse("risks:limit", args=[cast.acme.key, "operational"])

    def saved(**typed):
        sent = page.post(address, {"band_limit": "3", "from_on": "2026-11-20"} | typed)
        assert sent.status_code == 303, sent.content.decode()
        return str(list(get_messages(sent.wsgi_request))[-1])

    older = saved(from_on="2026-11-01")
    assert older.startswith("Limit for operational saved. It changes nothing today: the newer limit, since Fri, Nov 20")
    assert "withdrawn" not in older and standing(cast, entering).waiting is not None
    withdrawn = "Version 1 of the limits, which waited for Bob, was withdrawn: ask for approval anew."
    assert saved() == f"Limit for operational saved. {withdrawn}"
    assert saved() == "Limit for operational saved."
    put(cast, people, entering)
    sent = page.post(reverse("risks:tolerance", args=[cast.acme.key]), {"sum": "90,000"})
    assert str(list(get_messages(sent.wsgi_request))[-1]) == f"Tolerance saved. {withdrawn}"


def test_a_limit_is_set_on_a_day_that_has_come_and_is_more_than_nothing(cast, limits, browse):
    page, address = browse(cast.alice), reverse("risks:limit", args=[cast.acme.key, "operational"])
    typed = {"band_limit": "3", "from_on": "2026-11-20"}
    for name, value, words in (
        ("approved_on", "2126-11-20", "November 20, 2126 is still to come. Give the day it was set"),
        ("money_limit", "-5", "“-5” is too small. Give more than 0, up to 1,000,000,000,000."),
        ("money_limit", "0", "“0” is too small. Give more than 0, up to 1,000,000,000,000."),
    ):
        refused = page.post(address, typed | {name: value})
        assert (refused.status_code, words in refused.content.decode()) == (422, True), words


def test_a_limit_that_somebody_else_set_meanwhile_is_compared_with_what_was_typed(cast, limits, entering, browse):
    page, address = browse(cast.alice), reverse("risks:limit", args=[cast.acme.key, "operational"])
    form = page.get(address).context["form"]
    typed = {one.name: one.value() or "" for one in form} | {"words": "A day at most."}
    with entering(cast.alice, cast.acme):
        limited(cast, operational=3)
    assert [one.label for one in page.post(address, typed).context["differences"]] == ["In words"]


@pytest.mark.parametrize("who", ["bob", "dora"])
def test_the_owner_or_a_director_approves_a_version(cast, people, limits, entering, who):
    answered(cast, people, entering, who)
    found = standing(cast, entering)
    assert (found.approved.number, found.approved.signer_name, found.waiting) == (1, who.capitalize(), None)
    assert (found.approved.answered_on, found.review_on) == (TODAY, dt.date(2027, 11, 20))
    assert found.changed == ()


def test_versions_stay_readable_and_say_what_changed_since(cast, people, limits, entering):
    answered(cast, people, entering)
    answered(cast, people, entering, choice="decline", reason="Too strict", at=NOW + dt.timedelta(hours=1))
    with entering(cast.alice, cast.acme):
        services.set_appetite(client=cast.acme, category="legal", band_limit=3, by=cast.alice, at=NOW)
    found = standing(cast, entering)
    assert [(row.number, row.state, row.reason) for row in found.versions] == [
        (2, "declined", "Too strict"),
        (1, "approved", "As we said in May"),
    ]
    assert (found.approved.number, found.changed) == (1, ("Legal",))
    assert next(line["band"] for line in found.approved.lines if line["key"] == "legal") == 1


def test_whoever_signs_anew_reads_what_changed_since(cast, people, limits, entering):
    """A limit could be widened, and the next version signed, without a word of what had been signed before."""
    first = answered(cast, people, entering)
    assert "ince version" not in first.ask.text
    with entering(cast.alice, cast.acme):
        again = services.ask_statement(client=cast.acme, asked_of=people["bob"], by=cast.alice, at=NOW)
        assert again.ask.text.startswith("**Since version 1 of November 20, 2026** nothing has changed.\n\n")
        asks.withdraw(ask=again.ask, reason="Not yet.", by=cast.alice, at=NOW)
        by = {"client": cast.acme, "by": cast.alice, "at": NOW}
        services.set_appetite(**by, category="operational", band_limit=4, stand_by=True)
        services.set_appetite(**by, category="financial", band_limit=None, money_limit_minor=5_000_000)
        services.set_authority(**by, owner_up_to=4, stand_by=True)
    before = next(line for line in first.lines if line["key"] == "operational")
    assert before["band"] == 2
    said = put(cast, people, entering).ask.text.split("\n\n")[0]
    words = f" (“{before['words']}”)" if before["words"] else ""
    assert said == (
        "**Changed since version 1 of November 20, 2026:** Financial (new); "
        f"Operational (before: up to medium{words}); who signs."
    )


def test_who_asked_never_approves_and_a_contributor_is_not_asked(cast, people, limits, entering):
    with pytest.raises(ValidationError, match="does not hold the role"):
        put(cast, people, entering, "carl")
    statement = put(cast, people, entering)
    with entering(cast.alice, cast.acme), pytest.raises(PermissionDenied, match="somebody else"):
        asks.answer(ask=statement.ask, choice="approve", reason="", by=cast.alice, at=NOW)


def test_nothing_to_approve_and_a_second_request_are_refused(cast, people, entering):
    with pytest.raises(services.Refused, match="No limit is set yet"):
        put(cast, people, entering)
    with entering(cast.alice, cast.acme):
        limited(cast, operational=2)
    put(cast, people, entering)
    with pytest.raises(services.Refused, match="waits for an answer already"):
        put(cast, people, entering)


def test_a_limit_set_meanwhile_withdraws_the_question(cast, people, limits, entering):
    statement = put(cast, people, entering)
    with entering(cast.alice, cast.acme):
        by = {"client": cast.acme, "by": cast.alice, "at": NOW}
        for line in statement.lines:
            services.set_appetite(**by, category=line["key"], band_limit=line["band"], words=line["words"])
        statement.refresh_from_db()
        assert statement.state == "asked", "the limits it puts are the limits that hold"
        services.set_appetite(**by, category="legal", band_limit=3)
        statement.refresh_from_db()
        assert (statement.state, statement.reason) == ("withdrawn", "A limit has changed since this was asked.")


def test_what_is_switched_off_has_no_limit_that_nobody_sees(cast, people, limits, entering):
    """It would stand in no list and no statement, and be the strictest for an impact whose category is unknown."""
    with entering(cast.alice, cast.acme):
        by = {"client": cast.acme, "category": "strategic", "by": cast.alice, "at": NOW}
        with pytest.raises(services.Refused, match="Strategic is switched off, so nothing is rated by it. Add"):
            services.set_appetite(**by, band_limit=1)
        services.set_appetite(**by, band_limit=None)
        services.add_category(client=cast.acme, name="Strategic", by=cast.alice, at=NOW)
        assert services.set_appetite(**by, band_limit=1).band_limit == 1


def test_a_question_that_was_withdrawn_leaves_its_number_to_the_next(cast, people, limits, entering, browse):
    for level in (3, 2):
        put(cast, people, entering)
        with entering(cast.alice, cast.acme):
            services.set_appetite(client=cast.acme, category="legal", band_limit=level, by=cast.alice, at=NOW)
    assert "(version 1)" in answered(cast, people, entering, at=NOW + dt.timedelta(minutes=30)).ask.title
    with entering(cast.alice, cast.acme):
        again = AppetiteStatement.objects.get(state="approved")
        again.pk, again.state, again.ask = uuid4(), "asked", asked_again(again.ask_id)
        with pytest.raises(IntegrityError, match="risks_statement_number"), transaction.atomic():
            again.save(force_insert=True)
    put(cast, people, entering, at=NOW + dt.timedelta(hours=1))
    found = standing(cast, entering)
    assert [(row.number, row.state) for row in found.versions[:2]] == [(2, "asked"), (1, "approved")]
    assert [str(row) for row in found.versions[2:]] == ["Withdrawn question"] * 2
    page = browse(cast.alice).get(f"/c/{KEY}/risks/limits/").content.decode()
    for words in ("Version 2 waits for Bob", "Version 1, by Bob", "Yearly review", "Question withdrawn"):
        assert words in page, words
    assert "Nobody has approved" not in page and page.count("Version 1") == 2
    with entering(cast.alice, cast.acme):
        for number, change in ((2, {"number": 1}), (2, {"lines": []}), (1, {"terms": {"x": 1}}), (1, {"number": 9})):
            with pytest.raises(DatabaseError, match="keeps what was written"), transaction.atomic():
                AppetiteStatement.objects.exclude(state="withdrawn").filter(number=number).update(**change)


def test_an_approval_that_the_signer_disputes_is_none(cast, people, limits, entering):
    statement = put(cast, people, entering)
    with entering(cast.alice, cast.acme):
        asks.record_answer(
            ask=statement.ask, choice="approve", reason="Said so", witness="Amir", recorded_by=cast.alice, at=NOW
        )
    assert standing(cast, entering).approved is not None
    with entering(cast.bob, cast.acme):
        statement.ask.refresh_from_db()
        asks.confirm_answer(ask=statement.ask, agrees=False, note="I did not", by=cast.bob, at=NOW)
    assert standing(cast, entering).approved is None


def test_the_database_takes_an_approval_from_an_answer_alone(cast, people, limits, entering):
    statement = put(cast, people, entering)
    with entering(cast.alice, cast.acme), pytest.raises(DatabaseError), transaction.atomic():
        AppetiteStatement.objects.filter(pk=statement.pk).update(state="approved", answered_on=TODAY)


def test_today_asks_for_an_approval_and_for_the_yearly_review(cast, people, limits, entering):
    assert today_says(cast, entering) == [("The limits are not approved", None)]
    answered(cast, people, entering)
    assert today_says(cast, entering) == []
    assert today_says(cast, entering, on=dt.date(2027, 9, 20)) == []
    review = [("Yearly review of the limits", dt.date(2027, 11, 20))]
    assert today_says(cast, entering, on=dt.date(2027, 9, 21)) == review
    with entering(cast.alice, cast.acme):
        limited(cast, people=2)
    assert today_says(cast, entering) == [("The limits have changed since their approval", None)]
    put(cast, people, entering)
    assert today_says(cast, entering) == []


def test_a_scale_has_a_word_of_its_own_for_each_level(cast, entering):
    with entering(cast.alice, cast.acme), pytest.raises(ValidationError) as refused:
        services.set_scale(
            client=cast.acme, low_to=5, medium_to=10, high_to=16, by=cast.alice, at=NOW,
            likelihood_words=["Rare", "Likely", "Possible", "likely ", "Sure"], impact_words=list("abcde"),
        )  # fmt: skip
    assert refused.value.message_dict == {
        "likelihood_4": ["“likely” stands for two levels. Give each a word of its own."]
    }


def test_the_page_shows_where_the_statement_stands(cast, people, limits, entering, browse):
    alice = browse(cast.alice)

    def page():
        return alice.get(f"/c/{KEY}/risks/limits/").content.decode()

    assert "Nobody has approved these limits." in page()
    asked = alice.post(f"/c/{KEY}/risks/limits/ask/", {"asked_of": str(people["bob"].pk)})
    assert asked.status_code == 303
    assert "waits for Bob" in page()
    with entering(cast.alice, cast.acme):
        ask = AppetiteStatement.objects.get().ask
    bob = browse(cast.bob)
    assert "(needed for “They are not right”)" in bob.get(f"/my/{KEY}/asks/{ask.reference}/").content.decode()
    given = bob.post(f"/my/{KEY}/asks/{ask.reference}/", {"choice": "approve", "reason": ""})
    assert given.status_code == 303
    assert "Version 1, by Bob" in page()
    changed = alice.post(f"/c/{KEY}/risks/limits/signing/", {"owner_up_to": "2"})
    assert changed.status_code == 303
    shown = page()
    assert "A director" in shown
    assert "The owner up to medium</strong>, before it up to high, set by Alice" in shown
    assert "Earlier ones are in the workbook" not in shown
    with entering(cast.alice, cast.acme):
        category = ImpactCategory.objects.get(key="legal")
        limit = {"client": cast.acme, "category": category, "band_limit": 2, "from_on": TODAY, "happened_at": NOW}
        Appetite.objects.bulk_create(Appetite(**limit, words=str(number)) for number in range(20))
    assert "Earlier ones are in the workbook" in page()


def test_the_scale_and_who_signs_are_part_of_what_is_signed(cast, people, limits, entering, browse):
    by = {"client": cast.acme, "by": cast.alice, "at": NOW}
    scale = {"low_to": 5, "high_to": 16, "likelihood_words": list("abcde"), "impact_words": list("vwxyz")}
    with entering(cast.alice, cast.acme):
        services.set_scale(**by, **scale, medium_to=10, impact_money=[100_00, 200_00, 300_00, 400_00])
        services.set_tolerance(**by, sum_minor=300_000_00, words="The new surgery waits.", set_by=people["bob"])
    statement = answered(cast, people, entering)
    for words in ("low 1 to 5, medium 6 to 10, high 12 to 16, critical 20 to 25", "2 w ($100 to $200)", "up to high"):
        assert words in statement.ask.text, words
    assert "**Everything together, in one year:** no more than $300,000. The new surgery waits." in statement.ask.text
    assert statement.ask.facts[1] == {"label": "Medium", "value": "6 to 10", "note": "of 25"}
    assert standing(cast, entering).changed == ()
    with entering(cast.alice, cast.acme):
        services.set_scale(**by, **scale, medium_to=15, stand_by=True, ratings="review")
        services.set_authority(**by, owner_up_to=2)
        services.set_tolerance(**by, sum_minor=400_000_00, words="A hard year.")
    assert standing(cast, entering).changed == ("the scale", "who signs", "the tolerance for one year")
    assert today_says(cast, entering) == [("The limits have changed since their approval", None)]
    alice = browse(cast.alice)
    alice.get(f"/c/{KEY}/risks/limits/")
    with CaptureQueriesContext(connection) as found:
        page = alice.get(f"/c/{KEY}/risks/limits/").content.decode()
    assert len(counted(found)) <= 12, "\n".join(counted(found))
    assert page.index("A hard year.") < page.index("The new surgery waits.")
    for words in (
        "the scale, who signs, the tolerance for one year. Ask",
        "$400,000",
        "$300,000",
        "Each open risk to be judged again",
        "Nobody: the usual scale",
    ):
        assert words in page, words


def test_a_scale_or_an_authority_set_meanwhile_withdraws_the_question(cast, people, limits, entering):
    statement = put(cast, people, entering)
    words = {"likelihood_words": list("abcde"), "impact_words": list("vwxyz")}
    with entering(cast.alice, cast.acme):
        services.set_scale(client=cast.acme, low_to=5, medium_to=11, high_to=16, by=cast.alice, at=NOW, **words)
        statement.refresh_from_db()
        assert (statement.state, statement.reason) == ("withdrawn", "The scale has changed since this was asked.")
        again = services.ask_statement(client=cast.acme, asked_of=people["bob"], by=cast.alice, at=NOW)
        with pytest.raises(services.Doubted, match=f"an open request: {again.ask.reference}, asked of Bob"):
            services.set_authority(client=cast.acme, owner_up_to=2, by=cast.alice, at=NOW)
        services.set_authority(client=cast.acme, owner_up_to=2, by=cast.alice, at=NOW, stand_by=True)
        again.refresh_from_db()
        assert (again.state, again.reason) == ("withdrawn", "Who signs has changed since this was asked.")
        last = services.ask_statement(client=cast.acme, asked_of=people["bob"], by=cast.alice, at=NOW)
        services.set_tolerance(client=cast.acme, sum_minor=1, by=cast.alice, at=NOW)
        last.refresh_from_db()
        assert (last.state, last.reason) == (
            "withdrawn",
            "The tolerance for one year has changed since this was asked.",
        )
