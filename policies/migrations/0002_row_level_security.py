"""Policies, composite keys, frozen words, and the trigger that an owner's answer pulls."""

from django.db import migrations

from policies.migrations import _sql
from vciso.tenancy.migrations_support import CompositeKey, OnAnswer, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0001_initial"),
        ("engagements", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("policies_policy"),
        TenantTable("policies_policyversion", select=_sql.READABLE),
        TenantTable("policies_approval"),
        TenantTable("policies_policyreview"),
        CompositeKey("policies_policy", "owner_id", "engagements_person"),
        CompositeKey("policies_policyversion", "policy_id", "policies_policy"),
        CompositeKey("policies_policyversion", "approved_by_id", "engagements_person"),
        CompositeKey("policies_approval", "version_id", "policies_policyversion"),
        CompositeKey("policies_approval", "ask_id", "engagements_ask"),
        CompositeKey("policies_policyreview", "policy_id", "policies_policy"),
        CompositeKey("policies_policyreview", "version_id", "policies_policyversion"),
        CompositeKey("policies_policyreview", "confirmed_by_id", "engagements_person"),
        migrations.RunSQL(_sql.FROZEN + _sql.FROZEN_TRIGGERS, migrations.RunSQL.noop),
        OnAnswer(
            "policy_approval",
            sql=_sql.ANSWERED,
            grants=[
                "policies_policy",
                "policies_policyversion",
                "policies_approval",
                "engagements_ask",
            ],
        ),
    ]
