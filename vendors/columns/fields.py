"""The columns of a vendor list, and how its words become the inventory's own."""

from __future__ import annotations

import re
from dataclasses import replace

from vciso.imports.registry import Field, FieldKind
from vciso.imports.words.vendors import FIELDS as DICTIONARY
from vendors.enums import Criticality, DataLevel, Kind, Result

LEVEL = Field(
    key="data_level",
    label="Most sensitive data",
    kind=FieldKind.CHOICE,
    choices={
        DataLevel.NONE: ("None", "no data", "public"),
        DataLevel.INTERNAL: ("Internal", "internal use", "business"),
        DataLevel.PERSONAL: ("Personal", "personal data", "pii"),
        DataLevel.SENSITIVE: ("Sensitive", "restricted", "special category", "highly confidential"),
    },
    synonyms=("data level", "sensitivity", "highest data class"),
    help="None, internal, personal or sensitive",
    examples=("Personal",),
)

FIELDS = tuple(
    column
    for field in DICTIONARY
    for column in (
        (replace(field, max_length=0) if field.key == "website" else field,) + ((LEVEL,) if field.key == "data" else ())
    )
)

CRITICALITY = {
    "critical": Criticality.STOPS,
    "high": Criticality.HIGH,
    "medium": Criticality.MEDIUM,
    "low": Criticality.LOW,
}
CRITICALITY_WORD: dict[int, str] = {number: word for word, number in CRITICALITY.items()}
RESULT = {
    "approved": Result.SATISFACTORY,
    "conditional": Result.CONDITIONAL,
    "rejected": Result.UNSATISFACTORY,
}
RESULT_WORD: dict[str, str] = {result: word for word, result in RESULT.items()}

MORE_IS_MORE = re.compile(r"dependen|impact|importance|score|rating", re.IGNORECASE)
"""Headers under which a higher number means more; elsewhere 1 is the most critical."""
LEVEL_HEADER = re.compile(r"sensitiv|classif", re.IGNORECASE)
PERSONAL_HEADER = re.compile(r"\bpii\b|personal|phi\b", re.IGNORECASE)

_SENSITIVE = re.compile(
    r"\bphi\b|health|medical|patient|clinical|\bcard|\bpci\b|payment|bank|financial acc|\bssn\b|social security|"
    r"biometric|sensitive|restricted|secret|credential|password|special categor|passport|tax|payroll|confidential|"
    r"customer records|all records|cui\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\bpii\b|personal|customer|client|employee|staff|\bhr\b|name|e-?mail|address|phone|contact|student|"
    r"member|voice|call record|user",
    re.IGNORECASE,
)
_NONE = re.compile(r"^(none|no|n/?a|no data|public|nil|-)$", re.IGNORECASE)

SAYS_NONE = re.compile(r"^(none|no data|nil)$", re.IGNORECASE | re.MULTILINE)
"""Words that say that a vendor holds nothing; a blank cell or “n/a” does not."""

_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.IT_PROVIDER, r"\bmsp\b|managed (it|service)|it (provider|support|service)|help ?desk"),
    (Kind.SECURITY, r"\bmssp\b|security|soc\b|antivirus|penetration|monitoring|backup"),
    (Kind.HOSTING, r"hosting|infrastructure|\biaas\b|\bpaas\b|data ?cent|cloud infra|colocation"),
    (Kind.PAYMENTS, r"payment|bank|card|merchant|financ|payroll"),
    (Kind.PROFESSIONAL, r"legal|law|account|audit|consult|professional|advis|insur|marketing"),
    (Kind.TELECOM, r"telecom|telephon|phone|internet|isp\b|network|voip|mobile"),
    (Kind.EQUIPMENT, r"equipment|hardware|device|maint|printer|imaging"),
    (Kind.FACILITIES, r"facilit|premise|building|clean|shred|landlord|utility|physical"),
    (Kind.CONTRACTOR, r"contractor|staffing|freelanc|temp|recruit"),
    (Kind.SOFTWARE, r"saas|software|cloud|application|platform|\bapp\b|online|hosted"),
)


def kind_of(words: str) -> Kind:
    """The type a list's own words mean; “Other” when none does."""
    for kind in Kind:
        if words.strip().casefold() in (kind.label.casefold(), kind.value):
            return kind
    for kind, pattern in _KINDS:
        if re.search(pattern, words, re.IGNORECASE):
            return kind
    return Kind.OTHER


def level_of(words: str) -> str:
    """The level of sensitivity that words about data mean; empty when they don't say."""
    text = words.strip()
    if not text:
        return ""
    if _NONE.match(text):
        return DataLevel.NONE
    if _SENSITIVE.search(text):
        return DataLevel.SENSITIVE
    if _PERSONAL.search(text):
        return DataLevel.PERSONAL
    if re.search(r"internal|business|company|low", text, re.IGNORECASE):
        return DataLevel.INTERNAL
    return ""


def level_of_number(number: int) -> str:
    """1 to 5, 5 the most sensitive, as scoring sheets write it."""
    levels = (DataLevel.INTERNAL, DataLevel.INTERNAL, DataLevel.PERSONAL, DataLevel.SENSITIVE, DataLevel.SENSITIVE)
    return levels[number - 1] if 1 <= number <= 5 else ""


def criticality_of_number(number: int) -> str:
    """1 to 5, 5 the most, as scoring sheets write it: 5 critical, 4 high, 3 medium."""
    return {5: "critical", 4: "high", 3: "medium", 2: "low", 1: "low"}.get(number, "")


def days_of(words: str) -> int | None:
    """The days of a notice period, only where they are beyond doubt: “90 days”, “3 months”."""
    found = re.fullmatch(
        r"\s*(\d{1,3})\s*(?:calendar\s+)?(days?|d|weeks?|months?)?(?:['’]?\s*(?:prior\s+)?notice)?\s*",
        words,
        re.IGNORECASE,
    )
    if not found:
        return None
    unit = (found.group(2) or "days").casefold()
    days = int(found.group(1)) * (7 if unit.startswith("w") else 30 if unit.startswith("m") else 1)
    return days if days <= 1_100 else None
