"""What people type about themselves."""

from django import forms
from django.contrib.auth import password_validation

from vciso.tenancy.enums import Theme
from vciso.tenancy.models import User
from vciso.web.forms import Form


class ProfileForm(Form):
    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    shortcuts = forms.BooleanField(
        label="Single-letter keys", required=False, help_text="J and K move, G then R opens the risks. Press ? for all."
    )
    widths = {"name": "l"}


class ThemeForm(Form):
    theme = forms.ChoiceField(choices=Theme)


class NewAccountForm(Form):
    """Name and password of an invited person; the address stands in the invitation."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Choose a password",
        min_length=12,
        max_length=128,
        strip=False,
        help_text="At least 12 characters. Three or four unrelated words are a good password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            candidate = User(email=self.email, name=str(cleaned.get("name", "")))
            try:
                password_validation.validate_password(str(password), candidate)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
