"""The trigger by which tables keep their states to the agreed steps."""

from django.db import migrations

from vciso.tenancy.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_factor_roles")]

    operations = [migrations.RunSQL(sql.KEEP_STEPS, migrations.RunSQL.noop)]
