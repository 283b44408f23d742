"""Publishing under contention: one report per period, one publication, the approved bytes."""

from __future__ import annotations

import psycopg
import pytest

from tests.faults.stand import Load, Stand

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
THREADS = 20
STANDING = "SELECT revision, state FROM reporting_report WHERE client_id = %s ORDER BY revision"
MAILS = "SELECT count(*) FROM audit_event WHERE client_id = %s AND verb = 'report.published'"


def drawn(stand: Stand, load: Load) -> None:
    stand.until(load, lambda states: set(states) == {"done"}, seconds=60)


def test_twenty_people_publish_correct_and_publish_again(stand: Stand) -> None:
    load = stand.load(1)
    [client] = load.clients
    asked = stand.do("together", user=load.user, client=client, what="request")
    assert (len(asked), sum(asked.values())) == (1, THREADS), "P1: one row, whoever asks"
    drawn(stand, load)

    stand.do("issue", user=load.user, client=client, upto="submit")
    drawn(stand, load)
    stand.do("issue", user=load.user, client=client, upto="approve")
    other = stand.do("together", user=load.user, client=client, what="publish other bytes")
    assert other == {"The pages you saw are not the ones that were approved. Read them again.": THREADS}, "P4"
    assert stand.ask(STANDING, client) == [(1, "approved")]

    first = stand.do("together", user=load.user, client=client, what="publish")
    assert first == {"True": 1, "False": THREADS - 1}, "P2: one success"
    assert stand.ask(MAILS, client) == [(1,)]

    stand.do("issue", user=load.user, client=client, upto="correct")
    drawn(stand, load)
    stand.do("issue", user=load.user, client=client, upto="submit")
    drawn(stand, load)
    stand.do("issue", user=load.user, client=client, upto="approve")
    second = stand.do("together", user=load.user, client=client, what="publish")
    assert second == {"True": 1, "False": THREADS - 1}, "P3: superseding and publishing are one"
    assert stand.ask(STANDING, client) == [(1, "superseded"), (2, "published")]

    for change in (
        "UPDATE reporting_report SET file_sha256 = 'x' WHERE client_id = %s AND state = 'published'",
        "UPDATE reporting_report SET state = 'draft' WHERE client_id = %s AND state = 'published'",
        "UPDATE reporting_report SET period = '2020-01' WHERE client_id = %s AND state = 'superseded'",
        "DELETE FROM reporting_report WHERE client_id = %s",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            stand.ask(change, client)
