"""The trigger by which a row, once in a state, changes only in what that state leaves open."""

from django.db import migrations

from vciso.tenancy.migrations import _sql as sql


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0004_states_go_forward")]

    operations = [migrations.RunSQL(sql.KEEP_WRITTEN, migrations.RunSQL.noop)]
