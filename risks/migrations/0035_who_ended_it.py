"""An acceptance says who withdrew its question or disputed its record, and a plan why its question was withdrawn."""

from django.db import migrations

from engagements.migrations._sql import SIGNER
from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0034_records_keep_their_words"),
        ("engagements", "0008_who_withdrew"),
    ]

    operations = [
        DefinerTriggerBody("on_answer_acceptance", sql=_sql.ACCEPTANCE_BY_WHOM.replace("NEW.asked_of_name", SIGNER)),
        DefinerTriggerBody("acceptance_confirmed", sql=_sql.CONFIRMED_BY_WHOM),
        DefinerTriggerBody("on_answer_plan_approval", sql=_sql.PLAN_AND_WHY),
    ]
