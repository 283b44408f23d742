"""A risk says what its ratings, plans, estimates and signatures say, and what was written of it is not rewritten."""

from django.db import migrations, models

from risks.migrations import _standing
from vciso.tenancy.migrations_support import APP_ROLE, DEFINER_ROLE, DefinerTrigger

RATINGS = ("likelihood", "impact", "score")
RATED = ", ".join((*(f"{kind}_{part}" for kind in ("before", "now", "target") for part in RATINGS), "now_impacts"))
PLANNED = "treatment, plan, target_on, plan_approved_on"
RISK = {"client": "NEW.client_id", "risk": "NEW.id"}
OF_RISK = {"client": "NEW.client_id", "risk": "NEW.risk_id"}
OF_EITHER = {name: f"COALESCE({row}, {row.replace('NEW', 'OLD')})" for name, row in OF_RISK.items()}


def held(name, on, event, *rules, of=OF_RISK):
    """A trigger that compares a risk with its records once the transaction is done."""
    sql = "".join(rule.format(**of) for rule in rules)
    return DefinerTrigger(name, on=on, event=event, sql=sql, grants=[], at_commit=True)


class Migration(migrations.Migration):
    dependencies = [("risks", "0037_disputed_plans")]

    operations = [
        migrations.AddConstraint(
            "risk",
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["proposed", "open", "closed"],
                    treatment__in=["undecided", "reduce", "accept", "transfer", "avoid"],
                ),
                name="risks_risk_words",
            ),
        ),
        migrations.AddConstraint(
            "riskrating",
            models.CheckConstraint(
                condition=models.Q(kind__in=["before", "now", "target"]), name="risks_riskrating_kind"
            ),
        ),
        migrations.RunSQL(_standing.RATED, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"GRANT SELECT ON risks_riskrating, risks_riskestimate TO {DEFINER_ROLE};", migrations.RunSQL.noop
        ),
        held(
            "risk_says_what_is_recorded",
            "risks_risk",
            f"INSERT OR UPDATE OF {RATED}, {PLANNED}, accepted_until, one_in_ten_minor, one_in_fifty_minor",
            _standing.RATED_AS_WRITTEN,
            _standing.ACCEPTED_BY_SIGNATURE,
            _standing.PLANNED_AS_WRITTEN,
            _standing.ESTIMATED_AS_WRITTEN,
            of=RISK,
        ),
        held(
            "rating_is_what_stands",
            "risks_riskrating",
            "INSERT OR DELETE",
            _standing.RATED_AS_WRITTEN,
            of=OF_EITHER,
        ),
        held(
            "plan_is_what_stands",
            "risks_treatmentplan",
            "INSERT OR DELETE OR UPDATE OF state, treatment, words, target_on, happened_at, risk_id",
            _standing.PLANNED_AS_WRITTEN,
            of=OF_EITHER,
        ),
        held("signature_is_what_stands", "risks_acceptance", "UPDATE OF state", _standing.ACCEPTED_BY_SIGNATURE),
        held("estimate_is_what_stands", "risks_riskestimate", "INSERT", _standing.ESTIMATED_AS_WRITTEN),
        DefinerTrigger(
            "confirmed_by_signer",
            on="risks_acceptance",
            event="INSERT OR UPDATE OF confirmed_at",
            when="NEW.confirmed_at IS NOT NULL",
            sql=_standing.CONFIRMED_BY_SIGNER,
            grants=[],
        ),
        migrations.AddField("appetite", "happened_at", models.DateTimeField("when somebody wrote it down", null=True)),
        migrations.RunSQL("UPDATE risks_appetite SET happened_at = recorded_at;", migrations.RunSQL.noop),
        migrations.AlterField("appetite", "happened_at", models.DateTimeField("when somebody wrote it down")),
        DefinerTrigger(
            "limit_is_of_its_day",
            on="risks_appetite",
            event="INSERT OR UPDATE",
            sql=_standing.LIMIT_IS_OF_ITS_DAY,
            grants=[],
        ),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON risks_appetite, risks_riskscale FROM {APP_ROLE};\n"
            f"REVOKE UPDATE ON risks_riskevent, risks_riskreview FROM {APP_ROLE};",
            migrations.RunSQL.noop,
        ),
    ]
