"""Entering the context of the one client or practice that a job or mail belongs to, or neither's."""

import uuid
from contextlib import AbstractContextManager

from vciso.tenancy import context


def working_in(
    client_id: uuid.UUID | None, practice_id: uuid.UUID | None, purpose: str
) -> AbstractContextManager[None]:
    """A transaction in the scope's own context; without client and practice, the installation's."""
    if client_id is not None:
        return context.as_job(client_id, purpose)
    if practice_id is not None:
        return context.as_practice_job(practice_id, purpose)
    return context.as_installation(purpose)
