"""A question about the limits that was withdrawn before it was answered leaves its number to the next one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("risks", "0031_what_became_of_acceptances")]

    operations = [
        migrations.AlterModelOptions(
            name="appetitestatement",
            options={"ordering": ["-number", "-requested_at"]},
        ),
        migrations.RemoveConstraint(model_name="appetitestatement", name="risks_statement_number"),
        migrations.AddConstraint(
            model_name="appetitestatement",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("signer_name", ""), _negated=True),
                    _connector="OR",
                ),
                fields=("client", "number"),
                name="risks_statement_number",
            ),
        ),
    ]
