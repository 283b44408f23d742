"""The closed lists of words that engagements, people, tasks, decisions and asks use."""

from django.db import models

from vciso.tenancy.steps import Steps


class Side(models.TextChoices):
    """For whom a person works, or a task is done."""

    CLIENT = "client", "Client"
    PRACTICE = "practice", "Practice"
    IT_PROVIDER = "it_provider", "IT provider"
    MSSP = "mssp", "MSSP"
    OTHER = "other", "Someone else"


class TaskSide(models.TextChoices):
    CLIENT = "client", "Client"
    PRACTICE = "practice", "Practice"


class DataKind(models.TextChoices):
    """What a client or a system holds; duties and tiers follow from it."""

    INTERNAL = "internal", "Internal business data"
    PERSONAL = "personal", "Personal data"
    HEALTH = "health", "Health data"
    PAYMENT = "payment", "Payment cards"
    FINANCIAL = "financial", "Bank and financial data"
    EMPLOYEE = "employee", "Employee records"
    CHILDREN = "children", "Data about children"
    CREDENTIALS = "credentials", "Passwords and keys"
    DESIGNS = "designs", "Designs and trade secrets"
    DEFENCE = "defence", "Controlled defence information"


class Criticality(models.IntegerChoices):
    """How much the business needs it, from 1 (little) to 4 (stops without it)."""

    LOW = 1, "Useful"
    MEDIUM = 2, "Important"
    HIGH = 3, "Hard to work without"
    CRITICAL = 4, "The business stops"


class RunBy(models.TextChoices):
    CLIENT = "client", "The business itself"
    IT_PROVIDER = "it_provider", "IT provider"
    MSSP = "mssp", "MSSP"
    VENDOR = "vendor", "A vendor"
    UNKNOWN = "unknown", "Not known"


class FeePer(models.TextChoices):
    MONTH = "month", "a month"
    YEAR = "year", "a year"


class Cadence(models.TextChoices):
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    ON_REQUEST = "on_request", "On request"


class TimeKind(models.TextChoices):
    """Whose time it was: hours of the practice, or of the client's people."""

    PRACTICE = "practice", "Practice"
    CLIENT = "client", "Client"


class Activity(models.TextChoices):
    MEETING = "meeting", "Calls and meetings"
    RISKS = "risks", "Risk register"
    POLICIES = "policies", "Policies and documents"
    VENDORS = "vendors", "Vendors"
    REPORTS = "reports", "Reports"
    INCIDENT = "incident", "Incidents and exercises"
    QUESTIONNAIRES = "questionnaires", "Questionnaires and insurance"
    PROJECT = "project", "Project work"
    OTHER = "other", "Other"


class TaskStatus(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class DecisionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Waiting for an answer"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"


DECISION_STEPS = Steps(
    begins=frozenset({DecisionState.DRAFT}),
    follow={
        DecisionState.DRAFT: frozenset({DecisionState.OPEN, DecisionState.WITHDRAWN}),
        DecisionState.OPEN: frozenset({DecisionState.DECIDED, DecisionState.WITHDRAWN}),
    },
    by_answer={DecisionState.DECIDED: "*"},
)


class AskState(models.TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


ASK_STEPS = Steps(
    begins=frozenset({AskState.OPEN}),
    follow={AskState.OPEN: frozenset({AskState.ANSWERED, AskState.WITHDRAWN})},
    by_answer={AskState.ANSWERED: "*"},
)


class AskRole(models.TextChoices):
    """In which role a person is asked; it decides the page the link opens."""

    OWNER = "owner", "Owner"
    BOARD = "board", "Board"


class Confirmation(models.TextChoices):
    """Whether an answer that was recorded from a call has been confirmed."""

    NOT_NEEDED = "not_needed", "Answered in person"
    AWAITED = "awaited", "Recorded, not yet confirmed"
    CONFIRMED = "confirmed", "Recorded and confirmed"
    DISPUTED = "disputed", "The signer disagrees with the record"
