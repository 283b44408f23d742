"""Each practice says which roles need a second step; a passkey counts as one."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import vciso.tenancy.models
from vciso.tenancy.enums import Role
from vciso.tenancy.migrations import _sql as sql
from vciso.tenancy.migrations_support import DefinerBody, DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_row_level_security")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="factor_roles",
            field=ArrayField(
                base_field=models.CharField(choices=Role.choices, max_length=16),
                blank=True,
                default=vciso.tenancy.models.practice_side_roles,
                size=None,
                verbose_name="roles that need a second step at sign-in",
            ),
        ),
        migrations.RunSQL(
            "UPDATE tenancy_practice SET factor_roles = '{}' WHERE NOT mfa_required;", migrations.RunSQL.noop
        ),
        DefinerBody(
            "enter(p_user uuid, p_client uuid, p_key text)",
            returns="TABLE(client_id uuid, roles text[], factor_missing boolean)",
            body=sql.ENTER,
        ),
        migrations.RemoveField(model_name="practice", name="mfa_required"),
        migrations.RunSQL("GRANT UPDATE (factor_roles) ON tenancy_practice TO vciso_app;", migrations.RunSQL.noop),
        DefinerFunction("manages_sign_in(p_admin uuid, p_user uuid)", returns="boolean", body=sql.MANAGES_SIGN_IN),
    ]
