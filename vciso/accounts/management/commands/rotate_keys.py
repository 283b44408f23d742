"""`rotate_keys`: after SECRET_KEY was changed, brings what it encrypts under the new one."""

from typing import Any

from vciso.accounts import keys
from vciso.tenancy.commands import PortalCommand


class Command(PortalCommand):
    help = "Encrypts second factors under SECRET_KEY; the old key stands in SECRET_KEY_FALLBACKS meanwhile."

    def run(self, **options: Any) -> dict[str, Any]:
        found = keys.rotate_second_factors()
        sentence = f"{found.renewed} second factors were encrypted anew, {found.current} were already."
        if found.unreadable:
            sentence += (
                f" {found.unreadable} can be read by no key: put the key they were made under into "
                "SECRET_KEY_FALLBACKS, or have these people set up a new one."
            )
        else:
            sentence += " Nothing needs SECRET_KEY_FALLBACKS any more but sessions and links of the last hours."
        return {"sentence": sentence, "failed": bool(found.unreadable), **vars(found)}
