"""Who may be where: people, practices, clients, memberships, and the base of every client's row.

What does not belong here: anything a client's programme holds (see the business apps) and any
rule about a single record (see each app's `rules`). Who sees a row is decided by the policies in
the migrations, never by a queryset.
"""

import secrets
import uuid
import zoneinfo
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify

from vciso.tenancy.enums import ClientStatus, Language, PackRelease, Paper, Role, Theme

KEY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def time_zone_exists(name: str) -> None:
    """Refuses a zone that the IANA data does not know, with the remedy."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            "“%(name)s” is no time zone. Write it as in “Europe/London” or “America/Chicago”.",
            params={"name": name},
        )


class UUIDModel(models.Model):
    """A row with a random id made by us: ids are never taken from a request body."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(UUIDModel, AbstractBaseUser):
    """A person who signs in. What they may see follows from memberships alone."""

    email = models.EmailField(unique=True, help_text="Kept in lower case.")
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    shortcuts = models.BooleanField("single-letter keys", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name or self.email)


def initials(name: str) -> str:
    """At most two letters that stand for a name: “Dana Whitlock” → “DW”."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def practice_side_roles() -> list[str]:
    """Who needs a second step unless the practice says otherwise: whoever sees clients' secrets."""
    return [Role.PRACTICE_ADMIN.value, Role.CONSULTANT.value]


class Practice(UUIDModel):
    """A vCISO firm, with what its documents look like."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    accent = models.CharField(
        max_length=7,
        default="#2a4fc4",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write the colour as # and six digits.")],
    )
    logo_key = models.CharField(max_length=200, blank=True)
    second_approval = models.BooleanField(
        "a second consultant approves each report",
        default=True,
        help_text="Has no effect in a practice with one consultant; the report then says so.",
    )
    factor_roles = ArrayField(
        models.CharField(max_length=16, choices=Role),
        verbose_name="roles that need a second step at sign-in",
        default=practice_side_roles,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)


class ClientQuerySet(models.QuerySet["Client"]):
    def active(self) -> "ClientQuerySet":
        return self.filter(status=ClientStatus.ACTIVE)

    def by_name(self) -> "ClientQuerySet":
        return self.order_by("name", "id")


class Client(UUIDModel):
    """An organisation that a practice serves: the unit of isolation."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clients")
    key = models.SlugField(max_length=80, unique=True, editable=False)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[time_zone_exists])
    currency = models.CharField(
        max_length=3,
        default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Write the currency as three letters: USD.")],
    )
    language = models.CharField(max_length=5, choices=Language, default=Language.AMERICAN)
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.LETTER)
    hue = models.PositiveSmallIntegerField(default=1, help_text="1 to 6: the colour of its mark.")
    status = models.CharField(max_length=8, choices=ClientStatus, default=ClientStatus.ACTIVE, db_index=True)
    pack_release = models.CharField(max_length=11, choices=PackRelease, default=PackRelease.OWNER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "id"], name="client_practice_id_uq"),
            models.CheckConstraint(condition=models.Q(hue__range=(1, 6)), name="client_hue"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_key(name: str) -> str:
        """A key for URLs and the command line: the name as a slug and six random characters."""
        tail = "".join(secrets.choice(KEY_ALPHABET) for _ in range(6))
        return f"{slugify(name)[:60].strip('-') or 'client'}-{tail}"

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """The calendar day of the moment `at` where the client is."""
        return at.astimezone(self.zone).date()


class Membership(UUIDModel):
    """One role of one person at one client, or (without a client) in the practice itself.

    A practice admin has a row without a client and sees every client of the practice. A
    consultant has a row without a client, which opens the practice's own pages, and one row for
    each client they are assigned to.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="memberships")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "practice", "client", "role"],
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.PRACTICE_ADMIN, client=None)
                | models.Q(role=Role.CONSULTANT)
                | (
                    models.Q(
                        role__in=[Role.OWNER, Role.CONTRIBUTOR, Role.BOARD, Role.AUDITOR],
                        client__isnull=False,
                    )
                ),
                name="membership_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.client_id or self.practice_id}"


class ClientForeignKey(models.ForeignKey):
    """A key from one client-owned row to another of the same client.

    Django makes no constraint; the migration adds the composite one, `(client_id, x_id)` →
    `(client_id, id)`, with `CompositeKey`. A test compares the two.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        options["db_index"] = False
        super().__init__(to, on_delete=on_delete, **options)


class ClientOwned(UUIDModel):
    """The base of every row that belongs to one client; its migration calls `TenantTable`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, db_index=False, related_name="+", editable=False)

    class Meta:
        abstract = True


class PracticeOwned(UUIDModel):
    """The base of every row that belongs to the practice itself: libraries, mappings, templates."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True


class Counter(models.Model):
    """The last number given out for one kind of reference of one client (R-014 → 14)."""

    pk = models.CompositePrimaryKey("client_id", "kind")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    value = models.PositiveIntegerField()


class Share(ClientOwned):
    """One record shown to one person who may not read the client: an ask, a task, a document."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    object_id = models.UUIDField()
    until = models.DateField(null=True, blank=True, help_text="Last day; none: until withdrawn.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "user", "kind", "object_id"], name="share_once"),
        ]
