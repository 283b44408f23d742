"""A deputy signs in their own name, the question behind an acceptance says how it ended, and risks are locked first."""

from django.db import migrations

from engagements.migrations._sql import SIGNER
from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody, LockBeforeAnswer


def named(body: str) -> str:
    """The body of an answer's trigger with the name of who signed, a deputy's before the principal's."""
    return body.replace("NEW.asked_of_name", SIGNER)


OF_ASK = (
    "SELECT a.risk_id FROM risks_acceptance a WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.ask_id "
    "UNION SELECT p.risk_id FROM risks_treatmentplan p WHERE p.client_id = NEW.client_id AND p.ask_id = NEW.ask_id"
)


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0030_acceptances_withdrawn"),
        ("engagements", "0007_what_became_of_answers"),
    ]

    operations = [
        migrations.RunSQL(_sql.ENDED_SO_FAR, migrations.RunSQL.noop),
        DefinerTriggerBody("acceptance_holds", sql=_sql.HOLDS_OR_ENDED),
        DefinerTriggerBody("on_answer_acceptance", sql=named(_sql.ACCEPTANCE)),
        DefinerTriggerBody("on_answer_appetite", sql=named(_sql.APPETITE)),
        DefinerTriggerBody("on_answer_assessment", sql=named(_sql.ASSESSMENT)),
        LockBeforeAnswer(
            "risk",
            f"1 FROM risks_risk r WHERE r.client_id = NEW.client_id AND r.id IN ({OF_ASK}) FOR UPDATE",
            "1 FROM risks_riskassessment s WHERE s.client_id = NEW.client_id AND s.ask_id = NEW.ask_id "
            "FOR NO KEY UPDATE",
        ),
    ]
