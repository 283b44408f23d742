"""Who may open the pages that join apps."""

from vciso.tenancy.permissions import (
    PermissionTable,
    is_board,
    is_contributor,
    is_owner,
    is_practice_admin,
    is_practice_side,
)

permissions = PermissionTable(
    {
        "home.today": is_practice_side,
        "home.overview": is_practice_side,
        "home.view_as": is_practice_side,
        "home.owner": is_owner,
        "home.board": is_board,
        "home.contributor": is_contributor,
        "home.new_client": is_practice_admin,
        "home.practice": is_practice_admin,
        "home.audit": is_practice_admin,
    }
)
