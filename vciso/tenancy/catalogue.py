"""What the database's own catalogue must say about every table, function and role.

`faults()` is the whole list of what is wrong; empty means that a new table, foreign key, view or
function has its place. It runs as a test and as `manage.py check --database default`.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from vciso.tenancy.models import ClientForeignKey, ClientOwned, PracticeOwned

# Tables that hold no client's data, each with the reason it may stand here.
GLOBAL = {
    "tenancy_user": "people exist across practices; what they see follows from memberships",
    "account_emailaddress": "sign-in",
    "account_emailconfirmation": "sign-in",
    "mfa_authenticator": "sign-in",
    "usersessions_usersession": "sign-in",
    "django_session": "sign-in; holds no client's data",
    "django_content_type": "Django's own",
    "django_migrations": "Django's own",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "auth_permission": "Django's own, unused",
}

# Tables with policies written by hand.
TENANCY = {
    "tenancy_practice",
    "tenancy_client",
    "tenancy_membership",
    "tenancy_counter",
    "accounts_invitation",
    "accounts_apitoken",
    "audit_event",
    "audit_head",
    "jobs_job",
    "jobs_outboxmail",
    "web_submission",
    "risks_savedview",
}

# Only the command line makes practices; only the trigger writes the end of a chain.
NOT_INSERTED = {"tenancy_practice", "audit_head"}

APP, MIGRATOR, DEFINER = "vciso_app", "vciso_migrator", "vciso_definer"


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def faults() -> list[str]:
    """Every breach of the rules of isolation, in words; an empty list is the proof."""
    return [*_tables(), *_keys(), *_views(), *_functions(), *_roles()]


def client_tables() -> set[str]:
    return {m._meta.db_table for m in apps.get_models() if issubclass(m, ClientOwned)}


def practice_tables() -> set[str]:
    return {m._meta.db_table for m in apps.get_models() if issubclass(m, PracticeOwned)}


def _tables() -> Iterator[str]:
    clients, practices = client_tables(), practice_tables()
    for name, enabled, forced, commands, has_client in _rows(
        """SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                  ARRAY(SELECT DISTINCT p.polcmd::text FROM pg_policy p WHERE p.polrelid = c.oid),
                  EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid
                           AND a.attname = 'client_id' AND NOT a.attisdropped)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"""
    ):
        if name in GLOBAL:
            if has_client:
                yield f"{name} is in the GLOBAL list and has a client_id"
            continue
        if name not in clients | practices | TENANCY:
            yield f"{name} has no place: derive its model from ClientOwned or list it in catalogue.py"
        if not (enabled and forced):
            yield f"{name} lacks ENABLE and FORCE ROW LEVEL SECURITY: add TenantTable to its migration"
        if "r" not in commands and "*" not in commands:
            yield f"{name} has no policy for SELECT"
        if "a" not in commands and "*" not in commands and name not in NOT_INSERTED:
            yield f"{name} has no policy for INSERT"


def _keys() -> Iterator[str]:
    clients = client_tables()
    composite = {
        (table, column)
        for table, target, columns in _rows(
            """SELECT conrelid::regclass::text, confrelid::regclass::text,
                 (SELECT array_agg(attname::text) FROM pg_attribute
                   WHERE attrelid = conrelid AND attnum = ANY (conkey))
               FROM pg_constraint WHERE contype = 'f'"""
        )
        if target in clients and "client_id" in columns
        for column in columns
        if column != "client_id"
    }
    for model in apps.get_models():
        if not issubclass(model, ClientOwned):
            continue
        for field in model._meta.concrete_fields:
            target = getattr(field, "related_model", None)
            if target is None or not issubclass(target, ClientOwned):
                continue
            place = f"{model._meta.db_table}.{field.column}"
            if not isinstance(field, ClientForeignKey) and not field.one_to_one:
                yield f"{place} links two client-owned rows: make it a ClientForeignKey"
            if (model._meta.db_table, field.column) not in composite:
                yield f"{place} has no composite key: add CompositeKey to the migration"
        if list(model._meta.local_many_to_many):
            yield f"{model.__name__} has an automatic many-to-many table: write the through model"
    for table, name, columns in _rows(
        """SELECT conrelid::regclass::text, conname,
             (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey))
           FROM pg_constraint WHERE contype = 'u'"""
    ):
        if table in clients and "client_id" not in columns:
            yield f"{name} on {table} is unique across clients: it must start with client_id"


def _views() -> Iterator[str]:
    for name, kind, options in _rows(
        """SELECT c.relname, c.relkind::text, COALESCE(c.reloptions, '{}') FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"""
    ):
        if kind == "m":
            yield f"{name} is a materialized view: its rows escape the policies"
        elif "security_invoker=true" not in options:
            yield f"{name} is a view without security_invoker=true"


def _functions() -> Iterator[str]:
    for name, config, acl in _rows(
        """SELECT p.proname, COALESCE(p.proconfig, '{}'), COALESCE(p.proacl::text, '')
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'sec' AND p.prosecdef"""
    ):
        if not any(setting.startswith("search_path=") for setting in config):
            yield f"sec.{name} runs as its owner without a fixed search_path"
        if not acl or acl.startswith("{=") or ",=" in acl:
            yield f"sec.{name} may be executed by PUBLIC"
    for (name,) in _rows(
        """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'public' AND p.prosecdef"""
    ):
        yield f"public.{name} is SECURITY DEFINER outside schema sec"


def _roles() -> Iterator[str]:
    rows = _rows("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", APP)
    if not rows or any(rows[0]):
        yield f"{APP} must be neither superuser nor exempt from policies, nor able to make roles"
    for (name,) in _rows(
        """SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
            WHERE r.rolname = %s""",
        APP,
    ):
        yield f"{APP} owns {name}"
    for (name,) in _rows(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind = 'r'
              AND has_table_privilege(%s, c.oid, 'TRUNCATE')""",
        APP,
    ):
        yield f"{APP} may TRUNCATE {name}"
