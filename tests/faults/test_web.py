"""Pages while servers go away, connections run out and people click twice. All of it is real."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.faults.stand import Stand
from tests.faults.web import Answer, Place, Web, hidden

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
PERSON = {"name": "Paula Person", "side": "client"}


@pytest.fixture(scope="module")
def web(stand: Stand) -> Iterator[Web]:
    found = Web(stand)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def place(stand: Stand) -> Place:
    return Place.make(stand)


def people(stand: Stand, place: Place) -> list[str]:
    rows = stand.ask("SELECT name FROM engagements_person WHERE client_id = %s ORDER BY name", place.load.clients[0])
    return [row[0] for row in rows]


def test_37_eight_clicks_at_once_make_one_person(stand: Stand, web: Web, place: Place) -> None:
    answers = web.together(8, lambda _: web.post(f"{place.people}new/", place.session, **PERSON))
    assert {(answer.status, answer.headers.get("Location")) for answer in answers} == {
        (303, answers[0].headers["Location"])
    }, Counter(answer.status for answer in answers)
    assert people(stand, place) == ["Paula Person"]


def test_38_of_two_who_save_at_once_the_second_is_shown_both(stand: Stand, web: Web, place: Place) -> None:
    [(pk,)] = stand.ask("SELECT id FROM engagements_person WHERE client_id = %s", place.load.clients[0])
    path = f"{place.people}{pk}/edit/"
    seen = hidden(web.get(path, place.session).body, "seen_version")
    given = [{**PERSON, "name": name, "seen_version": seen} for name in ("Paula Prim", "Paula Second")]
    answers = web.together(2, lambda number: web.post(path, place.session, **given[number]))
    assert sorted(answer.status for answer in answers) == [303, 409]
    [stands] = people(stand, place)
    lost = next(answer for answer in answers if answer.status == 409)
    assert all(name in lost.body for name in ("Paula Prim", "Paula Second"))
    assert stands == next(g["name"] for g, a in zip(given, answers, strict=True) if a.status == 303)


EVENTS = "SELECT count(*) FROM audit_event WHERE client_id = %s AND verb = %s"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def at_once(stand: Stand, table: str, *asking: Callable[[], Any]) -> list[Any]:
    """What each is answered, when all of them have come as far as the table before one may go on."""
    with (
        ThreadPoolExecutor(len(asking)) as threads,
        psycopg.connect(stand.env["MIGRATOR_DATABASE_URL"]) as holding,
        psycopg.connect(stand.parts.admin_address(), autocommit=True) as watching,
    ):
        holding.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        answers = [threads.submit(ask) for ask in asking]
        deadline = time.monotonic() + 30
        while watching.execute(WAITING).fetchall() < [(2,)]:
            assert time.monotonic() < deadline, "the two never met"
            time.sleep(0.02)
        holding.rollback()
        return [answer.result() for answer in answers]


def test_38_of_two_who_sign_or_approve_at_once_one_wins(stand: Stand, web: Web) -> None:
    """An acceptance and a report through the pages, a policy past them: one event each, and the second is told."""
    here = Place.make(stand)
    [client] = here.load.clients
    asked = stand.do("put_to_owners", user=here.load.user, client=client)

    signing = {"choice": "accept", "reason": "Until spring", "understood": "on"}
    path = f"/my/{here.key}/asks/{asked['asks']['acceptance']}/"
    signed = at_once(
        stand, "engagements_answer",
        *(lambda session=session: web.post(path, session, **signing) for session in asked["sessions"]),
    )  # fmt: skip
    assert sorted(answer.status for answer in signed) == [303, 409]
    assert "has been answered already" in next(answer.body for answer in signed if answer.status == 409)
    assert stand.ask("SELECT state FROM risks_acceptance WHERE client_id = %s", client) == [("live",)]
    assert stand.ask(EVENTS, client, "ask.answered") == [(1,)]

    everyone = {"client": client, "people": asked["owners"], "ask": asked["asks"]["policy"], "choice": "approve"}
    [ended] = at_once(stand, "engagements_answer", lambda: stand.do("answer_together", **everyone))
    assert ended.pop("answered") == 1
    [told] = ended
    assert "answered or withdrawn meanwhile" in told
    assert stand.ask("SELECT state FROM policies_policyversion WHERE client_id = %s", client) == [("approved",)]
    assert stand.ask(EVENTS, client, "ask.answered") == [(2,)]

    stand.do("submit", user=here.load.user, clients=[client])
    stand.until(here.load, lambda states: set(states) == {"done"}, seconds=120)
    stand.do("issue", user=here.load.user, client=client, upto="submit")
    stand.until(here.load, lambda states: set(states) == {"done"}, seconds=120)
    [(period, seen)] = stand.ask("SELECT period, file_sha256 FROM reporting_report WHERE client_id = %s", client)
    sessions = [here.session, stand.do("colleague", client=client)["session"]]
    approved = at_once(
        stand, "reporting_report",
        *(
            lambda session=session: web.post(f"/c/{here.key}/reports/{period}/approve/", session, seen=seen)
            for session in sessions
        ),
    )  # fmt: skip
    assert stand.ask(EVENTS, client, "report.approved") == [(1,)]
    assert sorted(answer.status for answer in approved) == [303, 422]
    assert "Only a report that was handed in can be approved." in next(a.body for a in approved if a.status == 422)


def test_38_a_signature_and_a_new_rating_at_once_are_both_answered(stand: Stand, web: Web) -> None:
    """Both lock the risk first, so neither waits for what the other holds."""
    here = Place.make(stand)
    asked = stand.do("put_to_owners", user=here.load.user, client=here.load.clients[0])
    rate = f"/c/{here.key}/risks/R-001/rate/?kind=now"
    given = {
        "seen_version": hidden(web.get(rate, here.session).body, "seen_version"), "now_likelihood": "5",
        "now_impact_operational": "3", "reason": "It happened next door",
    }  # fmt: skip
    signing = {"choice": "accept", "reason": "Until spring", "understood": "on"}
    path = f"/my/{here.key}/asks/{asked['asks']['acceptance']}/"
    signed, rated = at_once(
        stand, "engagements_ask",
        lambda: web.post(path, asked["sessions"][0], **signing), lambda: web.post(rate, here.session, **given),
    )  # fmt: skip
    # Whichever is first: the risk rises past what was signed, or the question goes before it is.
    assert (rated.status, signed.status) in {(303, 303), (303, 409), (303, 422), (409, 303)}, (rated.body, signed.body)
    assert signed.status != 422 or "answered or withdrawn meanwhile" in signed.body


def test_38_limits_set_and_a_risk_added_at_once_all_count(stand: Stand, web: Web) -> None:
    """Whoever compares risks with limits takes turns, or the last would not know of the others' limits or risks."""
    here = Place.make(stand)
    risks = f"/c/{here.key}/risks/"

    def add(category: str) -> Answer:
        given = {"title": f"It hurts {category}", "treatment": "undecided"}
        given |= {"now_likelihood": "3", f"now_impact_{category}": "3"}
        return web.post(f"{risks}new/", here.session, **given)

    def limit(category: str) -> Answer:
        seen = web.get(f"{risks}limits/{category}/", here.session).body
        given = {"band_limit": "1", "from_on": hidden(seen, "from_on"), "seen_version": hidden(seen, "seen_version")}
        return web.post(f"{risks}limits/{category}/", here.session, **given)

    above = f"SELECT title FROM risks_risk WHERE client_id = '{here.load.clients[0]}' AND is_above ORDER BY number"
    answers = [*at_once(stand, "risks_risk", lambda: add("legal"), lambda: add("people"))]
    answers += at_once(stand, "risks_appetite", lambda: limit("legal"), lambda: limit("people"))
    assert stand.ask(above) == [(title,) for (title,) in stand.ask(above.replace("AND is_above ", ""))]
    answers += at_once(stand, "risks_risk", lambda: limit("financial"), lambda: add("financial"))
    assert [answer.status for answer in answers] == [303] * 6, [answer.body for answer in answers]
    assert len(stand.ask(above)) == 3


def test_23_a_pool_without_connections_answers_503_and_recovers(stand: Stand, web: Web, place: Place) -> None:
    hanging: list[Answer] = []

    def dark(number: int) -> None:
        hanging.append(web.post("/account/theme/", place.session, theme="dark", next=f"/{number}"))

    with psycopg.connect(stand.env["MIGRATOR_DATABASE_URL"]) as holding:
        holding.execute("SELECT 1 FROM tenancy_user WHERE id = %s FOR UPDATE", [place.load.user])
        threads = [threading.Thread(target=dark, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
            deadline = time.monotonic() + 30
        with psycopg.connect(stand.parts.admin_address(), autocommit=True) as watching:
            while watching.execute(f"{WAITING} AND usename = 'vciso_app'").fetchall() != [(4,)]:
                assert time.monotonic() < deadline, "the pool was never full"
                time.sleep(0.05)
        refused = web.get(place.people, place.session)
    for thread in threads:
        thread.join()
    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert {answer.status for answer in hanging} <= {302, 303}
    assert web.get(place.people, place.session).status == 200


def test_21_who_goes_away_leaves_nothing_on_the_connection(stand: Stand, web: Web, place: Place) -> None:
    other = Place.make(stand)
    for _ in range(8):
        web.leave(place.people, place.session)
    answers = web.together(8, lambda _: web.get(f"/c/{other.key}/people/", other.session))
    assert {answer.status for answer in answers} == {200}
    assert not any("Paula" in answer.body for answer in answers)


def test_24_pages_fail_only_while_the_database_is_away(stand: Stand, web: Web, place: Place) -> None:
    seen: list[tuple[float, int]] = []
    over = threading.Event()

    def ask_on() -> None:
        while not over.is_set():
            answer = web.get(place.people, place.session)
            assert answer.status != 200 or place.key in answer.body
            seen.append((time.monotonic(), answer.status))

    threads = [threading.Thread(target=ask_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(seen) < 6:
        time.sleep(0.05)
    gone = time.monotonic()
    with stand.no_database():
        time.sleep(0.5)
    back = time.monotonic()
    deadline = back + 60
    while not any(at > back + 0.5 and status == 200 for at, status in seen):
        assert time.monotonic() < deadline, Counter(status for _, status in seen)
        time.sleep(0.05)
    settled = time.monotonic()
    while sum(at > settled for at, _ in seen) < 30:
        time.sleep(0.05)
    over.set()
    for thread in threads:
        thread.join()
    assert {status for _, status in seen} <= {200, 503}
    assert {status for at, status in seen if at < gone} == {200}
    assert {status for at, status in seen if at > settled} == {200}


def test_25_26_without_redis_pages_work_and_sign_in_says_so(stand: Stand, web: Web, place: Place) -> None:
    given = {"login": "nobody@example.test", "password": "a long wrong password"}
    stand.kill_redis()
    try:
        assert web.get(place.people, place.session).status == 200
        refused = web.post("/account/login/", "", **given)
    finally:
        stand.start_redis()
    assert (refused.status, refused.headers.get("Retry-After")) == (503, "30")
    assert "try again" in refused.body
    deadline = time.monotonic() + 30
    while (answer := web.post("/account/login/", "", **given)).status == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer.status in (200, 422), "sign-in is back, and refuses the wrong password"
    stand.do("forget", address=stand.env["CACHE_URL"])
    assert web.get(place.people, place.session).status == 200, "sessions are not in the cache"
