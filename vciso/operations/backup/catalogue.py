"""What a database is besides its rows: everything that isolation rests on, as lines to compare."""

import hashlib
import re
from typing import Any

from django.db import connection
from psycopg import sql

SECTIONS = {
    "tables": """SELECT c.relname || ' owner ' || pg_get_userbyid(c.relowner) || ' rls ' || c.relrowsecurity
        || ' forced ' || c.relforcerowsecurity FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    "columns": """SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
        || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
         AND NOT a.attisdropped""",
    "policies": """SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)
        FROM pg_policies WHERE schemaname = 'public'""",
    "grants": """SELECT concat_ws(' ', c.relname, pg_get_userbyid(x.grantee), x.privilege_type)
        FROM pg_class c, aclexplode(c.relacl) x WHERE c.relnamespace = 'public'::regnamespace
       UNION ALL
      SELECT concat_ws(' ', c.relname || '.' || a.attname, pg_get_userbyid(x.grantee), x.privilege_type)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x
       WHERE c.relnamespace = 'public'::regnamespace
       UNION ALL
      SELECT concat_ws(' ', 'schema', n.nspname, pg_get_userbyid(x.grantee), x.privilege_type)
        FROM pg_namespace n, aclexplode(n.nspacl) x WHERE n.nspname IN ('public', 'sec')""",
    "triggers": """SELECT pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
       WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace""",
    "functions": """SELECT concat_ws(' ', p.oid::regprocedure::text, 'owner', pg_get_userbyid(p.proowner),
        'definer', p.prosecdef, p.proconfig, md5(p.prosrc),
        (SELECT string_agg(pg_get_userbyid(x.grantee), ',' ORDER BY 1) FROM aclexplode(p.proacl) x))
        FROM pg_proc p WHERE p.pronamespace IN ('sec'::regnamespace, 'public'::regnamespace)""",
    "constraints": """SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename || ' ' || COALESCE(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'",
}
# PostgreSQL writes a condition on a list of texts otherwise after a restore than before: it moves
# the casts inside. Nothing else is told apart by these.
MEANS_NOTHING = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")


def lines() -> dict[str, list[str]]:
    """Each section's lines, in order."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in SECTIONS.items():
            cursor.execute(query)
            found[name] = sorted(MEANS_NOTHING.sub("", str(row[0])) for row in cursor.fetchall())
    return found


def rows(*, without: frozenset[str] = frozenset()) -> dict[str, int]:
    """How many rows each table holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        tables = sorted(row[0] for row in cursor.fetchall())
        counts = {}
        for table in tables:
            if table in without:
                counts[table] = 0
                continue
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counts[table] = cursor.fetchone()[0]
    return counts


def ends() -> list[list[Any]]:
    """The last number and hash of every audit chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, seq, hash FROM audit_head ORDER BY chain")
        return [list(row) for row in cursor.fetchall()]


def differences(then: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """What one catalogue has and the other lacks, in words."""
    found = []
    for section in then:
        before, after = set(then[section]), set(now.get(section, []))
        found += [f"{section}: missing: {line}" for line in sorted(before - after)]
        found += [f"{section}: not in the backup: {line}" for line in sorted(after - before)]
    return found


def digest(found: dict[str, list[str]]) -> str:
    """One fingerprint of a whole catalogue."""
    joined = "\n".join(f"{section} {line}" for section in sorted(found) for line in found[section])
    return hashlib.sha256(joined.encode()).hexdigest()
