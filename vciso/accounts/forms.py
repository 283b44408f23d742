"""Forms of sign-in that django-allauth asks for by name."""

from allauth.account.forms import ResetPasswordForm as AllauthResetForm

from vciso.tenancy.models import User


class ResetPasswordForm(AllauthResetForm):  # type: ignore[misc]  # allauth ships no types
    """Takes the same steps for an address that somebody has and one that nobody has."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.users = list(User.objects.filter(email=email.strip().lower(), is_active=True))
        return email
