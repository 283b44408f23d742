"""Refused requests, told to the trail after their own transaction was rolled back."""

from django.db import transaction
from django.http import HttpRequest

from vciso.audit.services import record
from vciso.tenancy.models import User


def record_denied_access(request: HttpRequest, status: int) -> None:
    """A refused request, in the installation's chain, after its own transaction was rolled back."""
    user = request.user if isinstance(request.user, User) else None
    with transaction.atomic():
        record(verb="access.denied", by=user, after={"status": status, "path": request.path[:300]})
