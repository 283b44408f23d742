"""A limit may name what one year in fifty may cost, beside one in ten."""

from django.db import migrations, models
from django.db.models import F, Q

# Estimates are history; a risk repeats the figures of the latest one as it is now.
FIFTY = """
UPDATE risks_risk r SET one_in_fifty_minor = e.one_in_fifty_minor
  FROM (SELECT DISTINCT ON (client_id, risk_id) client_id, risk_id, one_in_fifty_minor FROM risks_riskestimate
         WHERE kind = 'now' ORDER BY client_id, risk_id, happened_at DESC, recorded_at DESC) e
 WHERE r.client_id = e.client_id AND r.id = e.risk_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("risks", "0023_raised_from_more")]

    operations = [
        migrations.AddField("appetite", "fifty_limit_minor", models.BigIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            "appetite",
            models.CheckConstraint(
                condition=(Q(money_limit_minor__isnull=True) | Q(money_limit_minor__gt=0))
                & (Q(fifty_limit_minor__isnull=True) | Q(fifty_limit_minor__gt=0))
                & (
                    Q(money_limit_minor__isnull=True)
                    | Q(fifty_limit_minor__isnull=True)
                    | Q(fifty_limit_minor__gte=F("money_limit_minor"))
                ),
                name="risks_appetite_money",
            ),
        ),
        migrations.AddField("risk", "one_in_fifty_minor", models.BigIntegerField(null=True)),
        migrations.RunSQL(FIFTY, migrations.RunSQL.noop),
    ]
