"""The stored pages of assessments are looked after as those of reports are."""

from django.db import migrations

from reporting.migrations import _sql
from vciso.tenancy.migrations_support import DefinerBody


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_pages_may_be_left_out"), ("risks", "0022_assessments_are_drawn")]

    operations = [DefinerBody("reported_clients()", returns="TABLE(client_id uuid)", body=_sql.DRAWN_CLIENTS)]
