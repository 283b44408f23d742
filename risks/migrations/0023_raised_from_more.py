"""A risk is linked with questions, assessments, people and reviews of vendors too."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey

KINDS = {
    "ask": "engagements.ask",
    "assessment": "risks.riskassessment",
    "person": "engagements.person",
    "vendor_review": "vendors.vendorreview",
}
ALL = ("system", "process", "vendor", "policy", "task", "decision", *KINDS)


def one_record() -> Q:
    found = Q()
    for name in ALL:
        found |= Q(**{f"{other}__isnull": other != name for other in ALL})
    return found


def key_to(target: str) -> vciso.tenancy.models.ClientForeignKey:
    return vciso.tenancy.models.ClientForeignKey(
        blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name="+", to=target,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0022_assessments_are_drawn"),
        ("vendors", "0002_row_level_security"),
    ]

    operations = [
        migrations.RemoveConstraint("risklink", "risks_risklink_one_record"),
        *(migrations.AddField("risklink", name, key_to(target)) for name, target in KINDS.items()),
        migrations.AddConstraint(
            "risklink", models.CheckConstraint(condition=one_record(), name="risks_risklink_one_record")
        ),
        *(
            migrations.AddConstraint(
                "risklink",
                models.UniqueConstraint(fields=["client", "risk", name], name=f"risks_risklink_{name}"),
            )
            for name in KINDS
        ),
        *(CompositeKey("risks_risklink", f"{name}_id", target.replace(".", "_")) for name, target in KINDS.items()),
    ]
