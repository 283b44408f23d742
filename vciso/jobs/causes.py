"""Whose fault an error is: the world's, which costs a job nothing, or its own, which uses a try up."""

import errno

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from psycopg.errors import QueryCanceled

from vciso.jobs import handlers
from vciso.jobs.enums import WaitsFor

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
OUT_OF_MEMORY = "It needed more memory than a worker may take."
TOO_LONG = "It took too long and was stopped."
FILE_GONE = "A stored file it needs is gone or damaged."


def disturbance(error: BaseException) -> WaitsFor | None:
    """What of the world was not ready; None: the job's own fault.

    A file that is gone does not come back by waiting, nor does a query become quicker, so both
    count as the job's own.
    """
    if isinstance(error, handlers.UnknownKind):
        return WaitsFor.RELEASE
    if isinstance(error, handlers.Retryable):
        return WaitsFor.SERVICE
    if isinstance(error, OperationalError | InterfaceError):
        return None if isinstance(error.__cause__, QueryCanceled) else WaitsFor.DATABASE
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return WaitsFor.SPACE if error.errno in NO_SPACE else WaitsFor.STORAGE
    return None


def sentence(error: BaseException) -> str:
    """Why a try did not work, for the person who waits; empty where only the log can say."""
    if isinstance(error, handlers.Refused | handlers.Failed):
        return str(error)
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    if isinstance(error, SoftTimeLimitExceeded | OperationalError):
        return TOO_LONG
    return FILE_GONE if isinstance(error, FileNotFoundError) else ""
