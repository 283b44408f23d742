"""Forms of sign-in that django-allauth asks for by name, in the portal's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django.db import transaction

from vciso.accounts import codes
from vciso.tenancy.models import User

GOOD_PASSWORD = "At least 12 characters. Three or four unrelated words are a good password."  # noqa: S105  a hint
LABELS = {"oldpassword": "Your present password", "password1": "New password", "password2": "New password again"}


class OurWords:
    """A label alone says what a field takes: a placeholder would repeat it, and go when one types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = GOOD_PASSWORD


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]  # allauth ships no types
    pass


class NewAddressForm(OurWords, account.AddEmailForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = "New address"


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    pass


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    pass


class OneUse:
    """Of all second steps of a person, each code is taken once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        with transaction.atomic():
            codes.lock_second_steps(self.user)
            code: str = super().clean_code()  # type: ignore[misc]  # of the form beside this one
            is_app = self.authenticator.type == Authenticator.Type.TOTP
            if is_app and not codes.is_first_use(self.authenticator, code):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OneUse, OurWords, mfa.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    pass


class ReauthenticateForm(OneUse, OurWords, mfa.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Takes the same steps for an address that somebody has and one that nobody has."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.users = list(User.objects.filter(email=email.strip().lower(), is_active=True))
        return email
