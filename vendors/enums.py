"""The words the vendor inventory uses."""

from django.db import models


class Kind(models.TextChoices):
    """What a vendor does for the client."""

    SOFTWARE = "software", "Software and online service"
    HOSTING = "hosting", "Hosting and infrastructure"
    IT_PROVIDER = "it_provider", "IT provider"
    SECURITY = "security", "Security service (MSSP)"
    PAYMENTS = "payments", "Payments and banking"
    PROFESSIONAL = "professional", "Professional service"
    TELECOM = "telecom", "Telephone and internet"
    EQUIPMENT = "equipment", "Equipment and maintenance"
    FACILITIES = "facilities", "Premises and facilities"
    CONTRACTOR = "contractor", "Contractor or staffing"
    OTHER = "other", "Other"


class Criticality(models.IntegerChoices):
    """How much the business depends on a vendor."""

    LOW = 1, "1 – Hardly noticed"
    MEDIUM = 2, "2 – A nuisance"
    HIGH = 3, "3 – Work slows within days"
    STOPS = 4, "4 – Work stops"


class DataLevel(models.TextChoices):
    """The most sensitive information a vendor holds or can reach."""

    NONE = "none", "None"
    INTERNAL = "internal", "Internal"
    PERSONAL = "personal", "Personal"
    SENSITIVE = "sensitive", "Sensitive"


class Tier(models.IntegerChoices):
    """How closely a vendor is watched; 1 is closest."""

    ONE = 1, "Tier 1"
    TWO = 2, "Tier 2"
    THREE = 3, "Tier 3"


class Result(models.TextChoices):
    """What a review found."""

    SATISFACTORY = "satisfactory", "Satisfactory"
    CONDITIONAL = "conditional", "Conditions"
    UNSATISFACTORY = "unsatisfactory", "Unsatisfactory"


class VendorStatus(models.TextChoices):
    """Whether the client still uses the vendor."""

    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"
