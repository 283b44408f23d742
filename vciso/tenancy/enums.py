"""The words of tenancy: roles and the state of a client."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may be at a practice or a client (product.md, "Who uses it")."""

    PRACTICE_ADMIN = "practice_admin", "Practice admin"
    CONSULTANT = "consultant", "Consultant"
    OWNER = "owner", "Business owner"
    CONTRIBUTOR = "contributor", "Contributor"
    BOARD = "board", "Board member"
    AUDITOR = "auditor", "Auditor"


PRACTICE_ROLES = frozenset({Role.PRACTICE_ADMIN, Role.CONSULTANT})
CLIENT_ROLES = frozenset({Role.OWNER, Role.CONTRIBUTOR, Role.BOARD, Role.AUDITOR})


class ClientStatus(TextChoices):
    ACTIVE = "active", "Active"
    ARCHIVED = "archived", "Archived"


class Paper(TextChoices):
    A4 = "a4", "A4"
    LETTER = "letter", "US Letter"


class Language(TextChoices):
    BRITISH = "en-GB", "English (United Kingdom)"
    AMERICAN = "en-US", "English (United States)"


class PackRelease(TextChoices):
    """Who lets the board read a published pack."""

    OWNER = "owner", "The owner releases it"
    PUBLICATION = "publication", "At once, when it is published"


class Theme(TextChoices):
    AUTO = "auto", "As the device"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"
