"""The people who use a measured portal, signed in, and the pages each of them goes to.

Run in the portal's own shell: `main()` prints them as JSON. Signing in through the page would
measure Argon2, and its limits on attempts, so each gets a session as that page makes them.
"""

import json
from typing import Any

CONSULTANTS, OWNERS = 90, 300
NOBODY_THERE = 3
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main() -> int:
    """Prints everybody; answers 3 where the portal does not hold that many people yet."""
    from vciso.tenancy.models import User

    # Accounts can be read without entering a context; the newest measured practice comes first.
    for first in User.objects.filter(email__startswith="c1@").order_by("-created_at"):
        mark = first.email.removeprefix("c1@").removesuffix(".example")
        consultants = _people(f"c%d@{mark}.example", CONSULTANTS, _consultants_pages)
        owners = _people(f"o%d@{mark}.example", OWNERS, _owners_pages)
        if len(consultants) == CONSULTANTS and len(owners) == OWNERS:
            print(json.dumps([*consultants, *owners]))
            return 0
    return NOBODY_THERE


def _people(address: str, count: int, pages: Any) -> list[dict[str, Any]]:
    from django.conf import settings
    from django.test import Client as Browser

    from vciso.tenancy import context
    from vciso.tenancy.models import Client, User

    users = User.objects.in_bulk([address % number for number in range(1, count + 1)], field_name="email")
    found = []
    for user in users.values():
        with context.as_user(user):
            keys = list(Client.objects.order_by("name").values_list("key", flat=True))
        browser = Browser()
        browser.force_login(user, backend=BACKEND)
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
        found.append({"cookie": f"{cookie.key}={cookie.value}", "pages": pages(keys)})
    return found


def _consultants_pages(keys: list[str]) -> list[tuple[str, str]]:
    """Kind and path, in the shares of a working day; `post` logs a quarter of an hour."""
    found = [("Today", "/today/"), ("Today", "/today/"), ("clients", "/clients/"), ("find", "/find/?q=backup")]
    for key in keys:
        base = f"/c/{key}"
        found += [
            ("overview", f"{base}/"), ("risks", f"{base}/risks/"), ("risks", f"{base}/risks/?sev=4"),
            ("risk", f"{base}/risks/R-001/"), ("risk", f"{base}/risks/R-002/"), ("vendors", f"{base}/vendors/"),
            ("policies", f"{base}/policies/"), ("tasks", f"{base}/tasks/"), ("hours", f"{base}/hours/"),
            ("reports", f"{base}/reports/"), ("log time", f"{base}/hours/new/"),
        ]  # fmt: skip
    return found


def _owners_pages(keys: list[str]) -> list[tuple[str, str]]:
    return [
        pair
        for key in keys
        for pair in (
            ("owner's home", f"/my/{key}/"), ("owner's home", f"/my/{key}/"),
            ("owner's programme", f"/my/{key}/programme/"), ("owner's decisions", f"/my/{key}/decisions/"),
            ("owner's reports", f"/my/{key}/reports/"), ("profile", "/account/profile/"),
        )
    ]  # fmt: skip
