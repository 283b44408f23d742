"""Celery shells: what the calendar asks for, and looking after stored files."""

from celery import shared_task
from django.utils import timezone

from reporting.services import calendar, storage


@shared_task(name="reporting.draft_due")
def draft_due() -> int:
    """Asks for every report whose day has come; each period is asked for once."""
    return calendar.draft_due(at=timezone.now())


@shared_task(name="reporting.sweep")
def sweep() -> dict[str, int]:
    """Removes stored pages that no row names, and reports rows whose pages are gone."""
    return storage.sweep(at=timezone.now())
