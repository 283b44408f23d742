"""Reports are made once and wholly, whatever dies in between. Every process here is real.

Numbers as in docs: F1 pool processes killed, F2 worker killed, F3 broker restarted without its
queue, F5 every message delivered three times, F7 broker dead when reports are asked for, F8 web
process dead between COMMIT and dispatch.
"""

from __future__ import annotations

import pytest

from tests.faults.stand import CHILDREN, Stand

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
JOBS = 6
NOTHING_WRONG = {"lost": 0, "doubled": 0, "broken": 0, "unfinished": 0}


def test_f1_pool_processes_killed_in_the_middle(stand: Stand) -> None:
    load = stand.load(JOBS)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.until_running(load)
    assert stand.kill_children() >= CHILDREN
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG
    assert max(stand.attempts(load)) == 2


def test_f2_the_whole_worker_killed_in_the_middle(stand: Stand) -> None:
    load = stand.load(JOBS)
    stand.do("submit", user=load.user, clients=load.clients)
    stand.until_running(load)
    stand.kill_worker()
    stand.start_worker()
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f3_the_broker_restarted_without_its_queue(stand: Stand) -> None:
    load = stand.load(JOBS)
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


def test_f7_the_broker_dead_when_reports_are_asked_for(stand: Stand) -> None:
    load = stand.load(JOBS)
    stand.kill_redis()
    try:
        asked = stand.do("submit", user=load.user, clients=load.clients)
        queued = stand.states(load)
    finally:
        stand.start_redis()
    # Celery's own retries would hold each request for six seconds.
    assert asked["slowest"] < 3.0
    assert queued == {"queued": JOBS}
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG


def test_f8_the_web_process_dead_between_commit_and_dispatch(stand: Stand) -> None:
    load = stand.load(JOBS)
    assert stand.do("submit_and_die", user=load.user, clients=load.clients) == {"died": JOBS}
    stand.until_done(load)
    assert stand.outcome(load) == NOTHING_WRONG
