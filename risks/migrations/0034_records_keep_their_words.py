"""What was put to somebody, what they answered and every rating stay as they were written."""

from django.db import migrations, models
from django.db.models import F, Q

from vciso.tenancy.migrations_support import KeepWritten

ENDS = "state,ended_at,ended_by_id,ended_reason,confirmed_at"
ASKED_ANEW = "state,ask_id,asked_of_id,answered_at,answer_reason"


class Migration(migrations.Migration):
    dependencies = [("risks", "0033_measured_anew"), ("tenancy", "0005_rows_keep_what_was_written")]

    operations = [
        KeepWritten(
            "risks_acceptance",
            f"asked:{ENDS},signed_at,signer_name,reason,recorded_by_id,witness",
            f"live:{ENDS}",
            *(f"{state}:confirmed_at" for state in ("declined", "withdrawn", "ended", "lapsed")),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER risks_acceptance_stays BEFORE DELETE ON risks_acceptance FOR EACH ROW "
            "WHEN (OLD.state <> 'unsigned') EXECUTE FUNCTION sec.refuse_change();",
            migrations.RunSQL.noop,
        ),
        KeepWritten(
            "risks_treatmentplan",
            "asked:state,answered_at,answer_reason",
            f"declined:{ASKED_ANEW}",
            f"withdrawn:{ASKED_ANEW}",
            "approved:",
        ),
        KeepWritten(
            "risks_appetitestatement",
            "asked:state,answered_on,signer_name,reason",
            "approved:state,reason",
            "declined:",
            "withdrawn:",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER risks_riskrating_never_changes BEFORE UPDATE ON risks_riskrating "
            "FOR EACH ROW EXECUTE FUNCTION sec.refuse_change();",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name="riskscale", name="risks_riskscale_rises"),
        migrations.AddConstraint(
            model_name="riskscale",
            constraint=models.CheckConstraint(
                condition=Q(low_to__gte=1, low_to__lt=F("medium_to"), medium_to__lt=F("high_to"), high_to__lte=24),
                name="risks_riskscale_rises",
            ),
        ),
    ]
