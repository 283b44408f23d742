"""What people type about themselves."""

from django import forms
from django.contrib.auth import password_validation

from vciso.accounts.forms import GOOD_PASSWORD
from vciso.tenancy.enums import Theme
from vciso.tenancy.models import Client, User
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
        help_text=GOOD_PASSWORD,
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


LIVES = ((30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "A year"))


class TokenForm(Form):
    """What a program may reach, and for how long."""

    name = forms.CharField(max_length=60, help_text="What will use it, as in “register sync”. The trail names it.")
    clients = forms.ModelMultipleChoiceField(
        queryset=Client.objects.none(), widget=forms.CheckboxSelectMultiple, help_text="It reaches no other client."
    )
    may_write = forms.TypedChoiceField(
        label="It may",
        choices=[("read", "Read"), ("write", "Read and write")],
        coerce=lambda word: word == "write",
        widget=forms.RadioSelect,
        initial="read",
    )
    days = forms.TypedChoiceField(label="It works for", choices=LIVES, coerce=int, initial=90)
    widths = {"name": "l", "days": "m"}

    def __init__(self, *args: object, clients: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clients"].queryset = clients

    def clean_clients(self) -> list[Client]:
        return list(self.cleaned_data["clients"])

    def refuse(self, refusal: forms.ValidationError) -> None:
        """Puts what the service refuses at the field it names."""
        for name, errors in refusal.error_dict.items():
            self.add_error(name, errors)
