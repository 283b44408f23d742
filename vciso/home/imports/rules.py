"""Who brings spreadsheets in and takes lists out."""

from typing import Any

from vciso.tenancy.enums import ClientStatus
from vciso.tenancy.permissions import Actor, Denied, PermissionTable, Verdict, is_practice_side, predicate


@predicate
def client_is_active(actor: Actor, obj: Any) -> Verdict:
    if actor.client is None or actor.client.status == ClientStatus.ACTIVE:
        return True
    return Denied(f"{actor.client.name} is archived, so nothing can be brought in.")


permissions = PermissionTable(
    {
        "imports.view": is_practice_side,
        "imports.bring": is_practice_side & client_is_active,
        "imports.export": is_practice_side,
    }
)
