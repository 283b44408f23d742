"""The base of every Celery task that touches a client's rows."""

import uuid
from contextlib import AbstractContextManager
from typing import Any

from celery import Task

from vciso.tenancy import context


class TenantTask(Task):  # type: ignore[misc]  # Celery ships no types
    """A task whose first argument is the client it works for.

    Database work happens inside `with self.tenant():`, in short transactions, none while
    something is rendered. Without a client, with an unknown one or with “all”, it raises.
    """

    abstract = True

    def __call__(self, client_id: str, *args: Any, **kwargs: Any) -> Any:
        self.request.client_id = uuid.UUID(str(client_id))
        if context.current() is not None:
            raise context.ContextError("a context leaked into the worker process")
        return self.run(client_id, *args, **kwargs)

    def tenant(self) -> AbstractContextManager[None]:
        return context.as_job(self.request.client_id, f"{self.name}:{self.request.id}")
