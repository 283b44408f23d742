"""A question says who withdrew it, and a recorded answer was heard by somebody besides those who made it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0007_what_became_of_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ask",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(_sql.WITHDRAWN_BY_SOMEBODY, migrations.RunSQL.noop),
        DefinerTriggerBody("ask_answered", sql=_sql.ANSWERED_AND_HEARD),
    ]
