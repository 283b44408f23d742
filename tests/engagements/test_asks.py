"""Asking and answering: who may, who may not, and what the database does by itself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from engagements.enums import AskState, Confirmation
from engagements.models import Answer, Ask, AskComment, Person
from engagements.selectors import people as directory
from engagements.services import asks, people
from tests.conftest import owning
from tests.factories.cast import Cast
from vciso.audit.models import Event
from vciso.jobs.models import OutboxMail
from vciso.tenancy.models import Membership


def refused_with(error: Any) -> str:
    return " ".join(error.value.messages)


def mails() -> list[tuple[str, str]]:
    with owning():
        return list(OutboxMail.objects.order_by("created_at").values_list("to", "subject"))


def test_answer_moves_the_ask_and_mails_the_asker(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.bob):
        given = asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason=" Do it. ", by=cast.bob, at=at)
        assert given.ask.state == AskState.ANSWERED
    with at_acme(cast.alice):
        asked.refresh_from_db()
        assert (asked.choice, asked.reason, asked.answered_by) == ("yes", "Do it.", cast.bob)
        assert asked.answered_on == cast.acme.today(at)
        assert asked.confirmation == Confirmation.NOT_NEEDED
        verbs = Event.objects.filter(object_id=asked.pk).order_by("seq").values_list("verb", flat=True)
        assert list(verbs) == ["ask.put", "ask.answered"]
    assert mails() == [
        ("bob@example.test", "A decision is waiting for you"),
        ("alice@example.test", "Your question was answered"),
    ]


def test_a_director_answers_what_they_were_asked_and_reads_nothing_else(
    cast: Cast, at: datetime, at_acme: Any, put: Any
) -> None:
    asked, other = put("dora"), put("bob")
    assert asked.role == "board"
    with at_acme(cast.dora):
        assert list(Ask.objects.values_list("pk", flat=True)) == [asked.pk]
        assert not Ask.objects.filter(pk=other.pk).exists()
        asks.answer(ask=Ask.objects.get(), choice="yes", reason="", by=cast.dora, at=at)
        assert Ask.objects.get().state == AskState.ANSWERED
        assert Answer.objects.count() == 1


def test_who_asked_never_answers(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.alice), pytest.raises(PermissionDenied, match="somebody else has to answer"):
        asks.answer(ask=asked, choice="yes", reason="", by=cast.alice, at=at)


def test_nobody_is_asked_by_themselves(cast: Cast, at: datetime, put: Any, at_acme: Any, acme_people: Any) -> None:
    with owning():
        Membership.objects.create(user=cast.alice, practice=cast.northwind, client=cast.acme, role="owner")
    with at_acme(cast.alice):
        acme_people["alice"] = people.add_person(
            client=cast.acme, name="Alice", email="alice@example.test", by=cast.alice, at=at
        )
    with pytest.raises(ValidationError) as error:
        put("alice")
    assert refused_with(error) == "You put the question, so you cannot be the one who answers it."


def test_only_the_person_asked_answers(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("dora")
    with at_acme(cast.bob), pytest.raises(PermissionDenied, match="asked of Dora"):
        asks.answer(ask=asked, choice="yes", reason="", by=cast.bob, at=at)


def test_the_database_refuses_an_answer_in_somebody_elses_name(
    cast: Cast, at: datetime, at_acme: Any, put: Any, acme_people: Any
) -> None:
    asked = put("bob")
    for user, signer in ((cast.dora, cast.bob), (cast.dora, cast.dora), (cast.carl, cast.carl)):
        forged = Answer(
            client=cast.acme, ask_id=asked.pk, choice="yes", person=acme_people["bob"], by=signer,
            on=cast.acme.today(at), at=at,
        )  # fmt: skip
        with at_acme(user), pytest.raises(IntegrityError), transaction.atomic():
            forged.save(force_insert=True)


def test_the_database_refuses_a_consultants_signature_and_an_owners_recording(
    cast: Cast, at: datetime, at_acme: Any, put: Any, acme_people: Any
) -> None:
    asked = put("bob")
    common = {"client": cast.acme, "ask_id": asked.pk, "choice": "yes", "person": acme_people["bob"], "at": at}
    day = cast.acme.today(at)
    with at_acme(cast.amir), pytest.raises(IntegrityError), transaction.atomic():
        Answer(by=cast.bob, on=day, **common).save(force_insert=True)
    with at_acme(cast.dora), pytest.raises(IntegrityError), transaction.atomic():
        Answer(by=cast.bob, recorded_by=cast.dora, on=day, **common).save(force_insert=True)


def test_an_answer_is_given_once(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.bob):
        stale = Ask.objects.get(pk=asked.pk)
        asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.bob, at=at)
        with pytest.raises(ValidationError, match="cannot be answered now"):
            asks.answer(ask=stale, choice="yes", reason="", by=cast.bob, at=at)
        with pytest.raises(ValidationError, match="was answered before"):
            asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.bob, at=at)


def test_an_answer_never_changes(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.bob):
        asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.bob, at=at)
    with at_acme(cast.alice), pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.update(choice="wait")
    with pytest.raises(IntegrityError, match="never change"), owning():
        Answer.objects.all().update(choice="wait")


def test_a_choice_needs_its_reason_and_must_be_offered(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.bob):
        with pytest.raises(ValidationError, match="needs a reason"):
            asks.answer(ask=asked, choice="wait", reason="  ", by=cast.bob, at=at)
        with pytest.raises(ValidationError, match="Choose one of the options"):
            asks.answer(ask=asked, choice="other", reason="", by=cast.bob, at=at)


def test_recorded_answer_needs_a_witness_and_is_confirmed_by_the_signer(
    cast: Cast, at: datetime, at_acme: Any, put: Any
) -> None:
    asked = put("bob")
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="who else heard it"):
            asks.record_answer(ask=asked, choice="yes", reason="", recorded_by=cast.alice, at=at)
        with pytest.raises(ValidationError, match="January 31, 2020 is not between the question"):
            asks.record_answer(ask=asked, choice="yes", reason="", recorded_by=cast.alice, at=at, on=date(2020, 1, 31))
        asks.record_answer(
            ask=asked, choice="yes", reason="Said on the call.", witness="Amir", recorded_by=cast.alice, at=at
        )
        assert (asked.state, asked.confirmation) == (AskState.ANSWERED, Confirmation.AWAITED)
    with at_acme(cast.dora), pytest.raises(PermissionDenied, match="Only Bob"):
        asks.confirm_answer(ask=asked, agrees=True, by=cast.dora, at=at)
    with at_acme(cast.bob):
        asks.confirm_answer(ask=Ask.objects.get(pk=asked.pk), agrees=True, by=cast.bob, at=at)
        assert Ask.objects.get(pk=asked.pk).confirmation == Confirmation.CONFIRMED
    assert [subject for _, subject in mails()][1:] == [
        "Please confirm what you said",
        "An answer you recorded was confirmed",
    ]


def test_whoever_asks_records_or_answers_is_no_witness(
    cast: Cast, at: datetime, at_acme: Any, put: Any, acme_people: Any
) -> None:
    asked = put("bob")
    made = {"ask": asked, "choice": "yes", "reason": "", "recorded_by": cast.amir, "at": at}
    own = {
        "  ÁMIR ": "Amir, who writes it down", "Ａlice": "Alice, who put the question",
        "bob": "Bob, who gave the answer", "Dora, and Bob": "Bob, who gave the answer",
    }  # fmt: skip
    with at_acme(cast.amir):
        for witness, did in own.items():
            with pytest.raises(ValidationError) as refusal:
                asks.record_answer(**made, witness=witness)
            (said,) = refusal.value.message_dict["witness"]
            assert said.startswith(f"“{witness.strip()}” names {did}. Name only others who heard it, or attach")
            with pytest.raises(ValidationError, match="or leave this empty"):
                asks.record_answer(**made, witness=witness, file_key="a/mail.txt")
        for witness, words in (*((name, "no witness of it") for name in own), (" ", "who else heard it")):
            row = Answer(
                client=cast.acme, ask_id=asked.pk, choice="yes", person=acme_people["bob"], by=cast.bob,
                recorded_by=cast.amir, witness=witness, on=cast.acme.today(at), at=at,
            )  # fmt: skip
            with pytest.raises(IntegrityError, match=words), transaction.atomic():
                row.save(force_insert=True)
        assert asks.record_answer(**made, witness="Amira, Bob Haddad").witness == "Amira, Bob Haddad"


def test_a_name_is_found_among_others_and_a_shared_word_is_none(cast: Cast, at_acme: Any) -> None:
    named = (
        "tomas  LIND", "Tomás Lind and another", "another & Tomas Lind", "Dr. Tomas J. Lind", "Lind, Tomas",
        "Anna Berg; Lind, Tomas", "Anna Berg\nTomas Lind (by phone)", "Lind Tomas", "Tomas\u200b Lind/Anna Berg",
        "Tomas\u00a0Lind.", "both Tomas Lind and Anna Berg",
    )  # fmt: skip
    others = (
        "", "Tomas", "Tomas Berg", "Anna Lind", "Anna Lind, Tomas Berg", "Tomas Berg and Anna Lind", "Tomas Lindqvist",
        "Tomas Lind-Berg", "Thomas Lind", "Anna Berg, Tomas Lind’s assistant", "Tomas (Anna Lind)",
    )  # fmt: skip
    with at_acme(cast.alice):
        assert [said for said in named if directory.first_named(["Amir", "Tomas Lind"], said=said) != 1] == []
        assert [said for said in others if directory.first_named(["Tomas Lind", ""], said=said) is not None] == []
        alone = {"Amir": 0, "Dora and Amir": 0, "Amir Haddad": None, "Dora with Amir Haddad": None, "Amira": None}
        assert {said: directory.first_named(["Amir"], said=said) for said in alone} == alone


def test_a_disputed_record_is_shown_as_disputed(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.alice):
        asks.record_answer(ask=asked, choice="yes", reason="", witness="Amir", recorded_by=cast.alice, at=at)
    with at_acme(cast.bob):
        with pytest.raises(ValidationError, match="Write what is not right"):
            asks.confirm_answer(ask=Ask.objects.get(pk=asked.pk), agrees=False, by=cast.bob, at=at)
        asks.confirm_answer(ask=Ask.objects.get(pk=asked.pk), agrees=False, note="I said wait.", by=cast.bob, at=at)
        assert Ask.objects.get(pk=asked.pk).confirmation == Confirmation.DISPUTED


def test_a_person_without_an_account_is_asked_and_answers_by_phone(
    cast: Cast, at: datetime, at_acme: Any, put: Any
) -> None:
    asked = put("olga")
    assert mails() == []
    with at_acme(cast.alice):
        asks.record_answer(ask=asked, choice="yes", reason="", witness="Amir", recorded_by=cast.alice, at=at)
        assert Answer.objects.get().by is None


def test_a_person_who_gets_an_account_sees_what_was_asked_before(
    cast: Cast, at: datetime, at_acme: Any, put: Any, acme_people: Any
) -> None:
    from tests.factories.cast import person

    asked = put("olga", role="board")
    with owning():
        olga = person("Olga")
        Membership.objects.create(user=olga, practice=cast.northwind, client=cast.acme, role="board")
    with at_acme(olga):
        found = Ask.objects.get()
        assert (found.pk, found.asked_user) == (asked.pk, olga)
        asks.answer(ask=found, choice="yes", reason="", by=olga, at=at)
        assert Ask.objects.get().state == AskState.ANSWERED


def test_a_deputy_answers_within_the_dates_only(
    cast: Cast, at: datetime, at_acme: Any, put: Any, acme_people: Any
) -> None:
    today = cast.acme.today(at)
    asked = put("dora")
    with at_acme(cast.alice), pytest.raises(ValidationError, match="needs the role board member too"):
        people.set_deputy(
            person=acme_people["dora"], deputy=acme_people["carl"], first=today, last=today, by=cast.alice, at=at
        )

    def offered() -> list[str]:
        dora = directory.with_roles(Person.objects.all()).get(pk=acme_people["dora"].pk)
        return [person.name for person in directory.stand_ins(dora)]

    with at_acme(cast.alice):
        assert offered() == []
    with owning():
        Membership.objects.create(user=cast.carl, practice=cast.northwind, client=cast.acme, role="board")
    with at_acme(cast.alice):
        assert offered() == ["Carl"]
        people.set_deputy(
            person=acme_people["dora"], deputy=acme_people["carl"], first=today, last=today + timedelta(days=3),
            by=cast.alice, at=at,
        )  # fmt: skip
    with at_acme(cast.carl):
        late = at + timedelta(days=5)
        with pytest.raises(PermissionDenied, match="asked of Dora"):
            asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.carl, at=late)
        given = asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.carl, at=at)
        assert given.as_deputy


def test_a_person_who_lost_the_role_can_no_longer_answer(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with owning():
        Membership.objects.filter(user=cast.bob).update(role="contributor")
    with at_acme(cast.bob), pytest.raises(ValidationError, match="your role has changed"):
        asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.bob, at=at)


def test_the_role_asked_in_must_be_held(cast: Cast, put: Any) -> None:
    with pytest.raises(ValidationError) as error:
        put("carl")
    assert "Carl does not hold the role business owner" in refused_with(error)


def test_a_day_in_the_past_is_refused(cast: Cast, at: datetime, put: Any) -> None:
    with pytest.raises(ValidationError, match="January 31, 2020 has passed"):
        put("bob", due_on=date(2020, 1, 31))


def test_withdraw_needs_a_reason_and_closes_the_ask(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.alice):
        with pytest.raises(ValidationError, match="why it is withdrawn"):
            asks.withdraw(ask=asked, reason=" ", by=cast.alice, at=at)
        asks.withdraw(ask=asked, reason="Solved.", by=cast.alice, at=at)
        assert (asked.state, asked.withdrawn_on) == (AskState.WITHDRAWN, cast.acme.today(at))
        assert asked.withdrawn_by == cast.alice
    with at_acme(cast.bob), pytest.raises(ValidationError, match="was withdrawn before"):
        asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="yes", reason="", by=cast.bob, at=at)


def test_a_question_back_reaches_the_asker_and_the_reply_the_person(
    cast: Cast, at: datetime, at_acme: Any, put: Any
) -> None:
    asked = put("dora")
    with at_acme(cast.dora):
        asks.comment(ask=Ask.objects.get(), text="Is it in the budget?", by=cast.dora, at=at)
    with at_acme(cast.alice):
        asks.reply(ask=asked, text="Yes.", by=cast.alice, at=at)
    with at_acme(cast.dora):
        assert list(AskComment.objects.order_by("at", "pk").values_list("by__name", flat=True)) != []
    assert [subject for _, subject in mails()][1:] == ["A question back", "A reply to your question"]


def test_a_stranger_sees_no_ask(cast: Cast, at_acme: Any, put: Any) -> None:
    put("bob")
    for stranger in (cast.charlie, cast.gina, cast.xenia, cast.carl):
        with at_acme(stranger):
            assert Ask.objects.count() == 0


def test_owners_move_nothing_themselves(cast: Cast, at_acme: Any, put: Any) -> None:
    put("bob")
    with at_acme(cast.bob):
        assert Ask.objects.update(state="withdrawn") == 0
    with at_acme(cast.bob), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_outboxmail")
        assert cursor.fetchone()[0] >= 0


def test_remind_mails_once_a_day(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = put("bob")
    with at_acme(cast.alice):
        asks.remind(ask=asked, by=cast.alice, at=at)
        asks.remind(ask=asked, by=cast.alice, at=at)
    assert [subject for _, subject in mails()] == [
        "A decision is waiting for you",
        "Reminder: A decision is waiting for you",
    ]
