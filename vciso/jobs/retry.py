"""Waiting for a database that is being restarted, instead of losing finished work."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

Answer = TypeVar("Answer")


def with_database(work: Callable[[], Answer]) -> Answer:
    """Does `work`, a whole transaction, again on a new connection while the server is away.

    Gives up after JOB_DATABASE_PATIENCE seconds. Not inside an outer transaction: that one is
    lost with its connection, and its owner must decide.
    """
    deadline = time.monotonic() + settings.JOB_DATABASE_PATIENCE
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.3)
