"""Celery shells: what the calendar asks of accounts."""

from celery import shared_task

from vciso.accounts import replies


@shared_task(name="accounts.forget_replies")
def forget_replies() -> int:
    """Removes kept answers of the interface once nobody repeats their requests any more."""
    return replies.forget()
