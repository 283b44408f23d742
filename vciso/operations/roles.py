"""What the role that the portal signs in with may be: bound by row-level security, owner of nothing."""

from typing import Any, Protocol

from django.conf import settings

MIGRATOR, DEFINER = "vciso_migrator", "vciso_definer"
QUERY = """SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
  EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid),
  EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
           WHERE m.member = r.oid AND (g.rolsuper OR g.rolbypassrls)),
  has_schema_privilege(r.oid, 'public', 'CREATE')
  FROM pg_roles r WHERE r.rolname = current_user"""
FAULTS = (
    "it is a superuser",
    "it has BYPASSRLS",
    "it may make roles",
    "it may make databases",
    "it owns tables",
    "it is a member of a role that is exempt from row-level security",
    "it may make tables in schema public",
)


class Cursor(Protocol):
    """Of Django or of the driver."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...


def faults(cursor: Cursor) -> list[str]:
    """What is wrong with the current role, in words; empty for a role that may serve pages."""
    cursor.execute(QUERY)
    row = cursor.fetchone()
    return [sentence for sentence, wrong in zip(FAULTS, row, strict=True) if wrong]


def serves_pages() -> bool:
    """Whether this process is to run as the app role; set-up commands run as the migrator."""
    return bool(settings.VCISO_DB_ROLE == "app")
