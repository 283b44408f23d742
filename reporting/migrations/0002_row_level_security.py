"""Policies, composite keys and triggers of reports; see `sql` for the reasons."""

from django.db import migrations

from reporting.migrations import _sql as sql
from vciso.tenancy.migrations_support import CompositeKey, DefinerFunction, OnAnswer, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
        ("engagements", "0002_row_level_security"),
        ("jobs", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("reporting_report", select=sql.READABLE),
        CompositeKey("reporting_report", "ask_id", "engagements_ask"),
        migrations.RunSQL(sql.FROZEN, migrations.RunSQL.noop),
        DefinerFunction(
            "practice_people(p_client uuid)",
            returns="TABLE(user_id uuid, assigned boolean)",
            body=sql.PRACTICE_PEOPLE,
            grants=["tenancy_membership", "tenancy_user", "tenancy_client"],
        ),
        DefinerFunction(
            "due_reports(p_at timestamptz)",
            returns="TABLE(client_id uuid, kind text, period text)",
            body=sql.DUE_REPORTS,
            grants=["tenancy_client", "engagements_engagement", "reporting_report"],
        ),
        DefinerFunction(
            "reported_clients()",
            returns="TABLE(client_id uuid)",
            body=sql.REPORTED_CLIENTS,
            grants=["reporting_report"],
        ),
        OnAnswer("report_release", sql=sql.ON_RELEASE, grants=["reporting_report", "jobs_job"]),
    ]
