"""Celery shells."""

from celery import shared_task
from django.utils import timezone

from vciso.operations import anchors


@shared_task(name="operations.anchor_trail")
def anchor_trail() -> str:
    """Asked every hour and done once a day, so that an hour without a scheduler costs no day."""
    return anchors.anchor_trail(at=timezone.now())
