"""How django-allauth behaves here: invitations only, mail through the outbox, seeds encrypted."""

import base64
import hashlib
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from vciso.jobs import outbox
from vciso.tenancy.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up; every mail of an account goes the way all mail goes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The address or the password is not correct. Check both, or set a new password.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """One page confirms who somebody is, whichever way they choose there."""
        return [{"id": "reauthenticate", "description": "Confirm it is you", "url": reverse("account_reauthenticate")}]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count per account, under whichever of its names the portal was addressed."""
        login = str(credentials.get("email") or "").strip().lower()
        return hashlib.sha256(login.encode()).hexdigest()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        outbox.send(
            to=email,
            subject=message.subject,
            body=message.body,
            needs_role=False,
            key=f"account:{template_prefix}:{uuid.uuid4()}",
        )


def derived(key: str) -> Fernet:
    """The cipher of second factors under one SECRET_KEY."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor:" + key.encode()).digest()))


def cipher() -> MultiFernet:
    """Encrypts under SECRET_KEY, reads what its fallbacks encrypted too, so that keys can rotate."""
    return MultiFernet([derived(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Seeds of the second step are stored encrypted; the key is not in the database."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()
