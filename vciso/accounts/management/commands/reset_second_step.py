"""`reset_second_step`: the operator's way back in for a person whom no other admin can help."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from vciso.accounts import sessions
from vciso.tenancy.commands import MigratorCommand, Refused
from vciso.tenancy.models import User


class Command(MigratorCommand):
    help = (
        "Takes away the second step of the only admin of a practice, who lost it. Everybody else is helped by an admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="The address the person signs in with.")
        parser.add_argument("--reason", required=True, help="Why, and how you know that it is them; kept in the trail.")

    def run(self, **options: Any) -> dict[str, Any]:
        if not options["reason"].strip():
            raise CommandError("Say why with --reason, and how you know that it is them.", returncode=2)
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise Refused(f"Nobody signs in with “{options['email']}”. Look for the address in the practice’s people.")
        try:
            ended = sessions.reset_by_operator(user=user, reason=options["reason"], at=timezone.now())
        except ValidationError as refusal:
            raise Refused(" ".join(refusal.messages)) from None
        return {
            "sentence": f"{user.name} sets up a new second step at the next sign-in, and is told by mail.",
            "user": str(user.pk),
            "sessions_ended": ended,
        }
