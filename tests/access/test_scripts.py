"""Script in every text of a client and of its people: wherever it is shown, it is words.

On pages, in mails, and in the pages of reports.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from email.message import Message
from typing import Any

import lxml.html
import pikepdf
import pytest
from django.db import models, transaction
from django.utils import timezone

from reporting import documents, periods, render
from reporting.enums import Kind
from reporting.models import Report
from reporting.selectors import reports
from reporting.services import drafting, open_pdf
from tests.access import markers
from tests.access.addresses import ALL
from tests.access.asking import Asker
from tests.access.matrix import OPENS, verdict
from tests.access.world import World
from tests.conftest import owning
from tests.formwork import forms_of
from vciso.jobs import outbox, run
from vciso.jobs.models import OutboxMail
from vciso.tenancy import context

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
SCRIPT = '"><img src=x onerror=alert(1)>{{70001*70003}}[go](javascript:alert(1))'
TAG = "<img src=x onerror=alert(1)>"
LINK = "javascript:alert(1)"
CALCULATED = "4900280003"
PEOPLE = ("consultant", "practice_admin", "owner", "board", "contributor", "auditor")
# The section that a consultant writes anew.
EDITED = "changes"
# So many pages, and mails of forms, showed the script as words when this was written.
PAGES = 60
MAILS = 8


class Scripting(markers.Marking):
    """Writes script instead of markers, into the rows of one client, its practice and their people."""

    @staticmethod
    def _value(row: Any, field: Any, letter: str) -> Any:
        value = getattr(row, field.attname)
        if isinstance(field, models.JSONField):
            return _scripted(value, markers.JSON_WORDS[f"{field.model._meta.label}.{field.name}"])
        if not isinstance(value, str) or not value or isinstance(field, models.EmailField | models.SlugField):
            return value
        if value.startswith(("http://", "https://")):
            return LINK
        return f"{SCRIPT} {value}"[: field.max_length]


def _scripted(value: Any, keys: tuple[str, ...], *, inside: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _scripted(part, keys, inside="*" in keys or key in keys) for key, part in value.items()}
    if isinstance(value, list):
        return [_scripted(part, keys, inside=inside or "*" in keys) for part in value]
    return f"{SCRIPT} {value}" if isinstance(value, str) and inside and value else value


@pytest.fixture(scope="module")
def scripted(world: World) -> Iterator[World]:
    """The world with script in every text of client A, its practice and all who belong there; undone afterwards."""
    with transaction.atomic():
        with owning():
            Scripting({pk: letter for pk, letter in world.letters.items() if letter in {"A", "P"}}).run()
        for someone in world.people.values():
            if someone.user is not None:
                someone.user.refresh_from_db()
        yield world
        transaction.set_rollback(True)


def _alive(content: bytes | str) -> list[str]:
    """What of it a browser would run or follow, and templates it was taken for."""
    page = lxml.html.fromstring(content)
    found = page.xpath("//img[@src='x'] | //*[@onerror] | //script[not(@src)]")
    links = page.xpath("//*[starts-with(normalize-space(@href), 'javascript:')]")
    text = content if isinstance(content, str) else content.decode()
    return [str(node.tag) for node in (*found, *links)] + [CALCULATED] * (CALCULATED in text)


def test_script_in_any_text_of_a_client_is_shown_as_words(scripted: World) -> None:
    """Every page of everybody at the client: consultant, admin, owner, director, contributor."""
    wrong, shown = [], 0
    for person in PEOPLE:
        asker = Asker(scripted.people[person])
        for address in ALL.values():
            if verdict(address, asker.someone, "A", "GET") != OPENS:
                continue
            answer = asker.ask(address.path(scripted.examples["A"]))
            if not answer.response.get("Content-Type", "").startswith("text/html") or not answer.response.content:
                continue
            assert answer.status < 500, f"{address.name} as {person}: {answer.broke}"
            shown += b"&lt;img src=x" in answer.response.content
            wrong += [f"{address.name} as {person}: {what}" for what in _alive(answer.response.content)]
    assert not wrong, "\n".join(wrong)
    assert shown >= PAGES, shown


# --- Mails ----------------------------------------------------------------------------------------


def _sent_by_forms(world: World) -> Iterator[OutboxMail]:
    """Every mail of every form of every page, sent once with what stands in it and script in what is empty."""
    known: set[Any] = set()
    for person in PEOPLE:
        asker = Asker(world.people[person])
        for address in ALL.values():
            if verdict(address, asker.someone, "A", "GET") != OPENS or address.of_interface:
                continue
            page = address.path(world.examples["A"])
            for form in forms_of(asker.ask(page).page, page):
                action, sent = form.action, form.as_it_stands()
                kind = form.name, frozenset(sent)
                if kind not in known:
                    known.add(kind)
                    filled = {
                        name: value or ("new@a.example" if "email" in name else SCRIPT) for name, value in sent.items()
                    }
                    for typed in (sent, filled):
                        yield from (mail.row for mail in asker.ask(action, "POST", typed).mails)


def _sent_by_itself(world: World) -> Iterator[OutboxMail]:
    """What the calendar and sign-in send; and what the story sent before, now with script in its words."""
    with owning():
        yield from OutboxMail.objects.filter(client=world.clients["A"])
    for owner in (world.people["owner"], world.people["consultant"]):
        asker = Asker(owner)
        assert owner.user is not None
        yield from (m.row for m in asker.ask("/account/password/reset/", "POST", {"email": owner.user.email}).mails)


def _parts(message: Message) -> list[Message]:
    return [part for part in message.walk() if not part.is_multipart()]


def test_script_in_any_text_of_a_client_is_words_in_every_mail(scripted: World) -> None:
    """Mails are plain words: no part of theirs is markup, no text of anybody becomes a header or a template."""
    by_forms = list(_sent_by_forms(scripted))
    wrong, shown = [], 0
    for row in (*by_forms, *_sent_by_itself(scripted)):
        message = outbox.message(row).message()
        for part in _parts(message):
            words = part.get_payload(decode=True).decode()  # type: ignore[union-attr]  # no part holds parts
            if part.get_content_type() == "text/html":
                wrong += [f"{row.key}: {what}" for what in _alive(words)]
                shown += "&lt;img src=x" in words
                continue
            assert part.get_content_type() == "text/plain", row.key
            wrong += [f"{row.key}: {what}" for what in (CALCULATED, "&lt;", "&quot;", "&#") if what in words]
            shown += TAG in words
        assert set(message.keys()) == {
            "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date",
            "Message-ID", "Auto-Submitted",
        }, row.key  # fmt: skip
    assert not wrong, "\n".join(wrong)
    assert len(by_forms) >= MAILS and shown >= MAILS, (len(by_forms), shown)


# --- The pages of reports -------------------------------------------------------------------------


@pytest.fixture(params=list(Kind))
def drawn(request: Any, scripted: World) -> Report:
    """A report of the running period, from the scripted records and with script in a section's words."""
    lead, client = scripted.people["consultant"].user, scripted.clients["A"]
    assert lead is not None
    at = timezone.now()
    with context.as_user(lead, client_id=client.pk):
        client.refresh_from_db()
        period = periods.containing(request.param, client.today(at))
        report = drafting.request_draft(client=client, kind=request.param, period=period, by=lead, at=at)
        report = drafting.edit_section(
            report=report, key=EDITED, heading=SCRIPT, body=f"{SCRIPT}\n\n- {SCRIPT}", by=lead, at=at,
            version=report.version,
        )  # fmt: skip
        job = reports.job_of(report)
    assert job is not None
    assert run.run(job.pk, client_id=client.pk) == "done"
    with context.as_user(lead, client_id=client.pk):
        return Report.objects.select_related("client__practice").get(pk=report.pk)


def _squeezed(text: str) -> str:
    """Without the breaks that lines of a page bring into words."""
    return re.sub(r"[\s\u00ad]", "", text)


def _leads_out(pdf: pikepdf.Pdf) -> list[str]:
    """Whatever in the file a reader would run or follow out of it."""
    found = [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in pdf.Root]
    found += [name for name in ("/JavaScript", "/EmbeddedFiles") if name in pdf.Root.get("/Names", {})]
    for page in pdf.pages:
        for mark in page.get("/Annots", []):
            action = mark.get("/A", {})
            if action.get("/S", "/GoTo") != "/GoTo":
                found.append(str(action.get("/URI", action.get("/S"))))
    return found


def test_script_in_any_text_of_a_client_is_words_in_the_pages_of_reports(drawn: Report) -> None:
    """No element is made of it, it stands in the text as it was typed, and nothing of it can be followed."""
    document = documents.from_plain(drawn.facts)
    assert _alive(render.html(document)) == []
    assert _alive(render.page(document)) == []
    content = open_pdf(drawn)
    text = subprocess.run(["pdftotext", "-q", "-", "-"], input=content, capture_output=True, check=True).stdout
    assert _squeezed(text.decode()).count(_squeezed(TAG)) >= 10
    assert CALCULATED not in text.decode()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert _leads_out(pdf) == []
        # The practice's logo on the cover is the one picture there is.
        assert len({mark for page in pdf.pages for mark in page.get_images()}) == 1
        assert TAG in str(pdf.docinfo["/Title"])
