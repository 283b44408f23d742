"""Who may stand behind a report: who prepares it, who reads it again, who receives it."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.enums import Kind
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, User


@dataclass(frozen=True)
class ApprovalLine:
    """Whether a second consultant approves this client's reports, who could, or why not."""

    second_required: bool
    why_not: str
    reviewers: tuple[User, ...]

    def others_than(self, writers: set[object]) -> list[User]:
        """Who may approve something these people wrote."""
        return [user for user in self.reviewers if user.pk not in writers]


def approval_line(client: Client) -> ApprovalLine:
    """Everyone of the practice who may see the client, and whether two of them are needed.

    The practice's own people are counted by a definer function, since a consultant's context
    does not show who else works there. Sorted by name; never empty for a client with a
    consultant.
    """
    people = list(
        User.objects.raw(
            "SELECT u.*, p.assigned FROM sec.practice_people(%s) p "
            "JOIN tenancy_user u ON u.id = p.user_id ORDER BY u.name, u.id",
            [client.pk],
        )
    )
    reviewers = tuple(user for user in people if user.assigned)  # type: ignore[attr-defined]  # a column of the query
    if not client.practice.second_approval:
        why_not = "The practice has switched the second approval off."
    elif len(people) < 2:
        why_not = "The practice has one consultant, so nobody else has approved it."
    else:
        why_not = ""
    return ApprovalLine(not why_not, why_not, reviewers)


def _with_role(client: Client, role: str) -> list[User]:
    held = Membership.objects.filter(client=client, role=role, user__is_active=True)
    return [row.user for row in held.select_related("user").order_by("user__name", "user_id")]


def owners(client: Client) -> list[User]:
    """People with the role owner, by name; may be empty."""
    return _with_role(client, Role.OWNER)


def directors(client: Client) -> list[User]:
    """People on the client's board, by name; may be empty."""
    return _with_role(client, Role.BOARD)


def recipients(client: Client, kind: str) -> list[tuple[User, str]]:
    """Who is told when a report is published, with the role they read it in. One query."""
    roles = [Role.OWNER] if kind == Kind.MONTHLY else [Role.OWNER, Role.BOARD]
    held = Membership.objects.filter(client=client, role__in=roles, user__is_active=True)
    rows = held.select_related("user").order_by("-role", "user__name", "user_id")
    return [(row.user, str(row.get_role_display())) for row in rows]
