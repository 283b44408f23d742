"""`create_practice`: a new practice, and the link with which its first admin sets up an account."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.forms import ValidationError
from django.utils import timezone

from vciso.accounts import services
from vciso.tenancy.commands import MigratorCommand


class Command(MigratorCommand):
    help = "Makes a practice and prints a set-up link for its first admin. The second step is on."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="Name of the practice.")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            validate_email(options["admin_email"])
        except ValidationError:
            raise CommandError(
                f"“{options['admin_email']}” is no e-mail address. Write it as name@example.com.", returncode=2
            ) from None
        practice, path = services.create_practice(
            name=options["name"],
            admin_email=options["admin_email"],
            admin_name=options["admin_name"],
            at=timezone.now(),
        )
        link = f"{settings.BASE_URL}{path}"
        return {
            "sentence": f"{practice.name} is made. Its first admin sets up an account here, within three days:\n{link}",
            "practice": practice.slug,
            "link": link,
        }
