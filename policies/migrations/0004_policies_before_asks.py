"""An answer locks the policy and its versions before the ask, as whoever edits them does."""

from django.db import migrations

from vciso.tenancy.migrations_support import LockBeforeAnswer

OF_ASK = (
    "SELECT v.policy_id FROM policies_policyversion v JOIN policies_approval a "
    "ON a.client_id = v.client_id AND a.version_id = v.id WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.ask_id"
)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0003_what_a_list_says"),
        ("engagements", "0005_answers_withdrawn"),
    ]

    operations = [
        LockBeforeAnswer(
            "policy",
            f"1 FROM policies_policy p WHERE p.client_id = NEW.client_id AND p.id IN ({OF_ASK}) FOR UPDATE",
            f"1 FROM policies_policyversion p WHERE p.client_id = NEW.client_id AND p.policy_id IN ({OF_ASK}) "
            "ORDER BY p.id FOR UPDATE",
        ),
    ]
