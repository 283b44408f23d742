"""Ways in which isolation could be weakened by one careless line, as SQL on the test database."""

from vciso.tenancy.migrations import _sql
from vciso.tenancy.migrations_support import listed

S = "tenancy_share"


def policy(command: str, using: str = "", check: str = "", table: str = S) -> str:
    """SQL that replaces one policy of a table."""
    suffix = {"SELECT": "r", "INSERT": "i", "UPDATE": "u", "DELETE": "d"}[command]
    parts = [f"DROP POLICY {table}_{suffix} ON {table};",
             f"CREATE POLICY {table}_{suffix} ON {table} FOR {command} TO vciso_app"]  # fmt: skip
    parts += [f"USING ({using})"] if using else []
    parts += [f"WITH CHECK ({check})"] if check else []
    return " ".join(parts)


def body(signature: str, returns: str, text: str) -> str:
    """SQL that gives a function of schema sec another body, with the owner it has."""
    return (
        "GRANT CREATE ON SCHEMA sec TO vciso_definer; SET LOCAL ROLE vciso_definer; "
        f"CREATE OR REPLACE FUNCTION sec.{signature} RETURNS {returns} LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = pg_catalog, public, pg_temp AS $body$ {text} $body$; SET LOCAL ROLE vciso_migrator"
    )


def enter(old: str, new: str) -> str:
    """`sec.enter` with one piece of its text replaced."""
    assert old in _sql.ENTER, old
    return body(
        "enter(p_user uuid, p_client uuid, p_key text)",
        "TABLE(client_id uuid, roles text[], factor_missing boolean)",
        _sql.ENTER.replace(old, new),
    )


def no_context(answer: str) -> str:
    return (
        "CREATE OR REPLACE FUNCTION sec.no_context(which text) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER "
        "SET search_path = pg_catalog AS "
        f"$f$ BEGIN RETURN {answer}; END $f$"
    )


# The piece of sec.enter that fills the list of clients one may write.
WRITERS = """FILTER (WHERE m.role IN ('practice_admin','consultant')), '{}'),
         COALESCE(array_agg(DISTINCT c.id) FILTER (WHERE m.role IN ('owner'"""
WRITE, READ = f"client_id = {listed('write')}", f"client_id = {listed('read')}"

WEAKENINGS = {
    "row-level security is off": f"ALTER TABLE {S} DISABLE ROW LEVEL SECURITY",
    "the owner of the table is exempt": f"ALTER TABLE {S} NO FORCE ROW LEVEL SECURITY",
    "anybody reads": policy("SELECT", using="true"),
    "anybody inserts": policy("INSERT", check="true"),
    "rows may move to another client": policy("UPDATE", using=WRITE, check="true"),
    "anybody updates": policy("UPDATE", using="true", check="true"),
    "anybody deletes": policy("DELETE", using="true"),
    "who may read may insert": policy("INSERT", check=READ),
    "who may read may update": policy("UPDATE", using=READ, check=READ),
    "no context means every row": no_context("(SELECT array_agg(c.id) FROM public.tenancy_client c)"),
    "no context means no row": no_context("'{}'::uuid[]"),
    "a key may cross clients": (
        "ALTER TABLE engagements_task DROP CONSTRAINT engagements_task_assignee_id_same_client; "
        "ALTER TABLE engagements_task ADD CONSTRAINT task_assignee FOREIGN KEY (assignee_id) "
        "REFERENCES engagements_person (id)"
    ),
    "inactive people count": enter(
        "JOIN tenancy_user u ON u.id = m.user_id AND u.is_active", "JOIN tenancy_user u ON u.id = m.user_id"
    ),
    "the client of the address is ignored": enter("AND (NOT v_narrow OR c.id = v_client)", ""),
    "consultants see the whole practice": enter(
        "AND m.role = 'practice_admin'))\n   WHERE", "AND m.role IN ('practice_admin', 'consultant')))\n   WHERE"
    ),
    "directors read as owners do": enter(
        "('practice_admin','consultant','owner')", "('practice_admin','consultant','owner','board')"
    ),
    "owners write": enter(WRITERS, WRITERS.replace("'consultant'", "'consultant','owner'", 1)),
    "shares are everybody's": enter("s.user_id = p_user AND", ""),
    "directors see drafts": policy("SELECT", using=f"client_id = {listed('member')}", table="reporting_report"),
    "consultants give roles": (
        "DROP POLICY tenancy_membership_i ON tenancy_membership; CREATE POLICY tenancy_membership_i "
        f"ON tenancy_membership FOR INSERT TO vciso_app WITH CHECK (practice_id = {listed('practice')})"
    ),
    "a role may name another practice's client": (
        "ALTER TABLE tenancy_membership DROP CONSTRAINT tenancy_membership_same_practice"
    ),
    "a job enters without a client": body(
        "enter_job(p_client uuid, p_job text)",
        "void",
        _sql.ENTER_JOB.replace(
            "IF p_client IS NULL OR NOT EXISTS (SELECT 1 FROM tenancy_client c WHERE c.id = p_client)", "IF false"
        ),
    ),
    "a view runs as its owner": (
        "CREATE VIEW every_share AS SELECT * FROM tenancy_share; GRANT SELECT ON every_share TO vciso_app"
    ),
    "a copy escapes the policies": "CREATE MATERIALIZED VIEW shares AS SELECT * FROM tenancy_share",
    "a new table has no place": "CREATE TABLE forgotten (client_id uuid NOT NULL)",
    "anybody runs a door": "GRANT EXECUTE ON FUNCTION sec.no_context(text) TO PUBLIC; "
    "SET LOCAL ROLE vciso_definer; GRANT EXECUTE ON FUNCTION sec.has_role(uuid, uuid) TO PUBLIC; "
    "SET LOCAL ROLE vciso_migrator",
}
