"""Reports are made once and wholly, whatever dies in between. Every process here is real.

Numbers as in docs/faults.md. Jobs with a fault of their own are asked for together at the
beginning (`troubled`), and looked at one after the other while the rest goes on.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from collections import Counter

import pytest

from tests.faults import kinds
from tests.faults.stand import CHILDREN, Load, Stand, end

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
JOBS = 4
# More than are done before whoever asked for them is back: faults in the middle need one.
MIDDLE = 10
ASSESSMENTS = """SELECT a.version, a.file_version, j.attempt, a.file_key, a.file_sha256
  FROM risks_riskassessment a JOIN jobs_job j ON j.client_id = a.client_id AND j.state = 'done'
 WHERE a.client_id = ANY(%s::uuid[])"""
IMPORTS = """SELECT b.state, j.attempt, (SELECT count(*) FROM risks_risk r WHERE r.client_id = b.client_id),
    (SELECT count(*) FROM imports_importrow w WHERE w.batch_id = b.id AND w.undone)
  FROM imports_importbatch b JOIN jobs_job j ON j.client_id = b.client_id AND j.kind = %s
 WHERE b.client_id = ANY(%s::uuid[])"""
ROWS = 520
NOTHING_WRONG = {"lost": 0, "doubled": 0, "broken": 0, "unfinished": 0}
MANY = {
    kinds.POISON: 1,
    kinds.TOMORROW: 1,
    kinds.SLOW: 1,
    kinds.DIES_AFTER_STORE: 2,
    kinds.DIES_AFTER_COMMIT: 2,
    kinds.SMALL_MEMORY: 1,
}


@pytest.fixture(scope="module")
def troubled(stand: Stand) -> dict[str, Load]:
    """Loads by the fault their jobs meet, all asked for; the clients of one are archived meanwhile."""
    loads = {"archived": stand.load(2)} | {kind: stand.load(count) for kind, count in MANY.items()}
    for kind, load in loads.items():
        met = kinds.SLOW if kind == "archived" else kind
        stand.do("submit", user=load.user, clients=load.clients, kind=met)
    loads[kinds.DIES_DRAWING] = stand.load(2)
    stand.do("assess", user=loads[kinds.DIES_DRAWING].user, clients=loads[kinds.DIES_DRAWING].clients,
             kind=kinds.DIES_DRAWING)  # fmt: skip
    brought = loads[kinds.DIES_IMPORTING] = stand.load(1)
    stand.do("bring", user=brought.user, clients=brought.clients, rows=ROWS, kind=kinds.DIES_IMPORTING)
    return loads


def test_33_a_client_archived_while_its_jobs_wait_and_run(stand: Stand, troubled: dict[str, Load]) -> None:
    leaving = troubled["archived"]
    stand.until(leaving, lambda states: states.get("running", 0) >= 1, seconds=90)
    stand.do("archive", clients=leaving.clients)
    stand.until(leaving, lambda states: states == {"cancelled": 2}, seconds=60)
    assert stand.ask("SELECT count(*) FROM reporting_report WHERE file_key <> '' AND client_id = ANY(%s::uuid[])",
                     leaving.clients) == [(0,)]  # fmt: skip
    assert not [client for client in leaving.clients if (stand.var / "files" / "c" / client).exists()]


def test_f6_work_longer_than_the_brokers_patience_and_the_lease(stand: Stand, troubled: dict[str, Load]) -> None:
    load = troubled[kinds.SLOW]
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG
    received = Counter(re.findall(r"request=(\S+) .*task=jobs\.run", stand.log("worker")))
    assert max(received.values()) > 1, "the broker never delivered a message again"
    assert stand.attempts(load) == [1], "the heartbeat kept the lease"


def test_f14_death_between_file_and_row_and_between_commit_and_ack(stand: Stand, troubled: dict[str, Load]) -> None:
    for kind, attempts in ((kinds.DIES_AFTER_STORE, [2, 2]), (kinds.DIES_AFTER_COMMIT, [1, 1])):
        load = troubled[kind]
        stand.until_done(load)
        assert stand.outcome(load) == NOTHING_WRONG
        assert stand.attempts(load) == attempts


def test_f14_death_in_the_middle_of_an_assessments_pages(stand: Stand, troubled: dict[str, Load]) -> None:
    load = troubled[kinds.DIES_DRAWING]
    stand.until_done(load)
    made = stand.ask(ASSESSMENTS, load.clients)
    assert [row[:3] for row in made] == [(1, 1, 2)] * 2
    for *_, key, sha256 in made:
        assert hashlib.sha256((stand.var / "files" / key).read_bytes()).hexdigest() == sha256


def test_f14_death_in_the_middle_of_an_import_and_of_its_undo(stand: Stand, troubled: dict[str, Load]) -> None:
    """Rows were written, or taken back, and told when the worker died: nothing of them counts, and all is done once."""
    load = troubled[kinds.DIES_IMPORTING]
    stand.until_done(load)
    assert stand.ask(IMPORTS, kinds.DIES_IMPORTING, load.clients) == [("imported", 2, ROWS, 0)]
    stand.do("take_back", user=load.user, clients=load.clients, kind=kinds.DIES_UNDOING)
    stand.until(load, lambda states: states == {"done": 2}, seconds=120)
    assert stand.ask(IMPORTS, kinds.DIES_UNDOING, load.clients) == [("undone", 2, 0, ROWS)]


def test_31_out_of_memory_fails_with_a_sentence_after_five_tries(stand: Stand, troubled: dict[str, Load]) -> None:
    load = troubled[kinds.SMALL_MEMORY]
    stand.until(load, lambda states: states == {"failed": 1}, seconds=90)
    [(attempt, message)] = stand.ask(
        "SELECT attempt, message FROM jobs_job WHERE client_id = ANY(%s::uuid[])", load.clients
    )
    assert (attempt, "needed more than 1 MB of memory" in message) == (5, True)
    assert stand.worker is not None and stand.worker.poll() is None


def test_f1_pool_processes_killed_in_the_middle(stand: Stand) -> None:
    for _ in range(3):
        load = stand.load(MIDDLE)
        stand.do("submit", user=load.user, clients=load.clients)
        stand.until_running(load)
        assert stand.kill_children() >= CHILDREN
        stand.until_done(load)
        assert stand.outcome(load) == NOTHING_WRONG
        if max(stand.attempts(load)) == 2:
            return
    pytest.fail("Three times the processes were killed between two jobs, and never in the middle of one.")


def test_f2_the_whole_worker_killed_in_the_middle(stand: Stand) -> None:
    load = stand.load(MIDDLE)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.until_running(load)
    stand.kill_worker()
    stand.start_worker()
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f3_the_broker_restarted_without_its_queue(stand: Stand) -> None:
    load = stand.load(MIDDLE)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.until_running(load)
    stand.kill_redis()
    stand.start_redis()
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f5_every_message_delivered_three_times(stand: Stand) -> None:
    load = stand.load(JOBS)
    stand.do("submit", user=load.user, clients=load.clients)
    assert stand.do("send_again", clients=load.clients, times=2) == {"sent": 2 * JOBS}
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG
    assert stand.attempts(load) == [1] * JOBS


def test_f7_f12_the_broker_dead_and_then_full_when_reports_are_asked_for(stand: Stand) -> None:
    loads = [stand.load(3), stand.load(3)]
    stand.kill_redis()
    try:
        asked = []
        for load, prepare in zip(loads, (lambda: None, stand.start_full_redis), strict=True):
            prepare()
            asked.append(stand.do("submit", user=load.user, clients=load.clients)["slowest"])
            assert stand.states(load) == {"queued": 3}
            assert stand.waiting_for(load) == {"queue"}
    finally:
        stand.kill_redis()
        stand.start_redis()
    # Celery's own retries would hold each request for six seconds.
    assert max(asked) < 3.0
    for load in loads:
        stand.until_done(load)
        assert stand.outcome(load) == NOTHING_WRONG


def test_f16_the_queue_emptied_while_jobs_wait(stand: Stand) -> None:
    load = stand.load(JOBS)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.do("forget", address=stand.env["REDIS_URL"].replace("redis+socket", "unix").replace("virtual_host", "db"))
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f4_the_database_gone_for_a_while(stand: Stand) -> None:
    load = stand.load(MIDDLE)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.until_running(load)
    with stand.no_database():
        time.sleep(4)  # longer than a worker keeps asking
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG
    assert stand.attempts(load) == [1] * MIDDLE, "what the database did costs no try"


def test_f11_30_the_disk_full_and_then_read_only(stand: Stand) -> None:
    assert stand.worker is not None
    load, later = stand.load(2), stand.load(2)
    with stand.disk.full(stand.work_of(stand.worker)):
        stand.do("submit", user=load.user, clients=load.clients)
        stand.until_waiting(load, "space")
    stand.until_done(load)
    with stand.disk.read_only():
        stand.do("submit", user=later.user, clients=later.clients)
        stand.until_waiting(later, "storage")
    stand.until_done(later)
    for each in (load, later):
        assert stand.outcome(each) == NOTHING_WRONG
        assert stand.attempts(each) == [1, 1], "what the disk did costs no try"


def test_f8_the_web_process_dead_between_commit_and_dispatch(stand: Stand) -> None:
    load = stand.load(JOBS)
    assert stand.do("submit_and_die", user=load.user, clients=load.clients) == {"died": JOBS}
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f9_f13_a_frozen_worker_is_replaced_and_a_leaving_one_ends_its_work(stand: Stand) -> None:
    frozen = stand.worker
    assert frozen is not None
    load = stand.load(MIDDLE)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.freeze_in_the_middle(frozen, load)
    stand.start_worker(VCISO_FAULT_TOMORROW="1")
    stand.until_done(load)
    os.killpg(frozen.pid, signal.SIGCONT)
    os.kill(frozen.pid, signal.SIGTERM)
    try:
        assert frozen.wait(timeout=60) == 0, "the old worker ended by itself"
    finally:
        end(frozen)
    assert stand.log("worker").count("outcome=fenced") >= 1, "the frozen worker's work was turned away"
    assert stand.outcome(load) == NOTHING_WRONG


def test_f15_a_job_of_the_next_release_waits_for_its_worker(stand: Stand, troubled: dict[str, Load]) -> None:
    load = troubled[kinds.TOMORROW]
    stand.do("send_unknown")
    stand.until_done(load)
    [(attempt, disturbances)] = stand.ask(
        "SELECT attempt, disturbances FROM jobs_job WHERE client_id = ANY(%s::uuid[])", load.clients
    )
    assert (attempt, disturbances > 0) == (1, True)


def test_f10_a_job_that_kills_its_worker_is_given_up(stand: Stand, troubled: dict[str, Load]) -> None:
    load = troubled[kinds.POISON]
    stand.until(load, lambda states: states == {"failed": 1}, seconds=120)
    [(attempt, message)] = stand.ask(
        "SELECT attempt, message FROM jobs_job WHERE client_id = ANY(%s::uuid[])", load.clients
    )
    assert (attempt, message) == (5, "The worker that did it stopped in the middle.")


OWED = "SELECT count(*) FROM sec.due_reports(now()) WHERE client_id = ANY(%s::uuid[])"
MADE = """SELECT count(*), count(DISTINCT (client_id, kind, period)) FROM reporting_report
 WHERE client_id = ANY(%s::uuid[])"""


def test_27_two_beats_and_none_for_a_while(stand: Stand) -> None:
    load = stand.load(1, due=True)
    [(owed,)] = stand.ask(OWED, load.clients, role="DATABASE_URL")
    assert owed >= 2
    beats = [stand.start_beat(name) for name in ("one", "two")]
    try:
        stand.until(load, lambda states: states == {"done": owed}, seconds=120)
    finally:
        for beat in beats:
            end(beat)
    assert stand.ask(MADE, load.clients) == [(owed, owed)]

    missed = stand.load(1, due=True)
    [(owed,)] = stand.ask(OWED, missed.clients, role="DATABASE_URL")
    beat = stand.start_beat("one")
    try:
        stand.until(missed, lambda states: states == {"done": owed}, seconds=120)
    finally:
        end(beat)
    assert stand.ask(MADE, missed.clients) == [(owed, owed)]


def test_39_a_process_killed_between_upload_and_commit_leaves_nothing_for_long(stand: Stand) -> None:
    load = stand.load(1)
    [client] = load.clients
    assert stand.do("store_and_die", user=load.user, client=client) == {"died": True}
    left = [path for path in (stand.var / "files" / "c" / client).rglob("*") if path.is_file()]
    assert len(left) == 1
    assert stand.ask("SELECT count(*) FROM imports_importbatch WHERE client_id = %s", client) == [(0,)]
    swept = stand.do("sweep")
    assert (swept["missing"], swept["orphans"] >= 1, left[0].exists()) == (0, True, False)
