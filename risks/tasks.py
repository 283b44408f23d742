"""Celery shells: what the calendar asks of the register."""

from celery import shared_task
from django.utils import timezone

from risks.services import reminders


@shared_task(name="risks.remind")
def remind() -> int:
    """Tells owners and consultants of acceptances that near their end."""
    return reminders.remind(at=timezone.now())
