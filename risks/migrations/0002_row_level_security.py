"""Policies, composite keys, and what an answer moves: acceptances, plans and their risks."""

from django.db import migrations

from risks.migrations import _sql
from vciso.tenancy.migrations_support import CompositeKey, DefinerFunction, DefinerTrigger, OnAnswer, TenantTable

TABLES = (
    "risk",
    "riskrating",
    "riskevent",
    "riskreview",
    "impactcategory",
    "appetite",
    "riskscale",
    "treatmentplan",
    "acceptance",
)
KEYS = {
    "risk": {"owner_id": "engagements_person"},
    "riskrating": {"risk_id": "risks_risk"},
    "riskevent": {"risk_id": "risks_risk"},
    "riskreview": {"risk_id": "risks_risk"},
    "appetite": {
        "category_id": "risks_impactcategory",
        "approved_by_id": "engagements_person",
    },
    "treatmentplan": {
        "risk_id": "risks_risk",
        "ask_id": "engagements_ask",
        "asked_of_id": "engagements_person",
    },
    "acceptance": {
        "risk_id": "risks_risk",
        "ask_id": "engagements_ask",
        "asked_of_id": "engagements_person",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0001_initial"),
        ("engagements", "0002_row_level_security"),
        ("tenancy", "0002_row_level_security"),
    ]

    operations = [
        *(TenantTable(f"risks_{name}") for name in TABLES),
        *(
            CompositeKey(f"risks_{name}", column, target)
            for name, keys in KEYS.items()
            for column, target in keys.items()
        ),
        OnAnswer(
            "acceptance",
            sql=_sql.ACCEPTANCE,
            grants=["risks_acceptance", "risks_risk", "engagements_answer"],
        ),
        OnAnswer("plan_approval", sql=_sql.PLAN, grants=["risks_treatmentplan", "risks_risk"]),
        DefinerTrigger(
            "acceptance_confirmed",
            on="engagements_answerconfirmation",
            event="INSERT",
            sql=_sql.CONFIRMED,
            grants=["risks_acceptance", "risks_risk"],
        ),
        DefinerFunction(
            "ending_acceptances(p_at timestamptz)",
            returns="TABLE(client_id uuid)",
            body=_sql.ENDING,
            grants=["risks_acceptance", "tenancy_client"],
        ),
    ]
