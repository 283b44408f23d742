"""Invitations: the only way in. Accounts, factors and sessions are django-allauth's tables."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Practice, User, UUIDModel

LIFETIME = timedelta(hours=72)
INVITATION_PATH = "/account/invitation/{token}/"
"""Where an invitation's link leads; a test holds it against the address of the page."""


def new_token() -> str:
    """A secret for a link: 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored in place of the token; a leaked table opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class Invitation(UUIDModel):
    """A person asked by mail to take one role at one client, or in the practice."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"
