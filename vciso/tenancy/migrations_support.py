"""Migration operations that give a table its place in tenancy.

Every table is ClientOwned (`TenantTable`), PracticeOwned (`PracticeTable`), one of the tenancy
tables with hand-written policies, or stands in `catalogue.GLOBAL`. A test sorts them all.

The operations run as SQL: a model constraint that emitted the policy would be folded into
CreateModel by makemigrations, never run, and no error would show.
"""

from collections.abc import Sequence

from django.db import migrations

APP_ROLE = "vciso_app"
DEFINER_ROLE = "vciso_definer"


def listed(setting: str) -> str:
    """SQL: `ANY (…)` over the ids that `sec.enter` resolved into one setting.

    The value is read once per statement (InitPlan) and serves as an index condition. Nobody
    entered a context → the setting is NULL or '' → `sec.no_context` raises SQLSTATE 42501.
    """
    return (
        f"ANY ((SELECT COALESCE(NULLIF(current_setting('vciso.{setting}', true), '')::uuid[], "
        f"sec.no_context('{setting}')))::uuid[])"
    )


def protect(table: str) -> str:
    """SQL: switches row-level security on, for the owner of the table too."""
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"


class TenantTable(migrations.RunSQL):
    """Gives a client-owned table its policies, grants and the unique pair composite keys need.

    `shared`: a row whose id was shared with a person is readable by that person.
    `answer_insert`: owners, board members and contributors may insert (answers, comments).
    `select`: an own condition in place of "client is in the read list"; `{read}`, `{write}`,
    `{board}`, `{answer}`, `{member}` and `{shared}` stand for the lists.
    `append_only`: neither UPDATE nor DELETE is granted.
    """

    def __init__(
        self,
        table: str,
        *,
        shared: bool = False,
        answer_insert: bool = False,
        select: str = "",
        append_only: bool = False,
    ) -> None:
        names = {name: listed(name) for name in ("read", "write", "board", "answer", "member", "shared")}
        readable = select.format(**names) if select else f"client_id = {names['read']}"
        if shared:
            readable = f"({readable}) OR (client_id = {names['member']} AND id = {names['shared']})"
        insertable = f"client_id = {names['write']}"
        if answer_insert:
            insertable += f" OR client_id = {names['answer']}"
        statements = [
            protect(table),
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_client_row_uq UNIQUE (client_id, id);",
            f"CREATE POLICY {table}_r ON {table} FOR SELECT TO {APP_ROLE} USING ({readable});",
            f"CREATE POLICY {table}_i ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK ({insertable});",
            f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE};",
        ]
        if not append_only:
            written = f"client_id = {names['write']}"
            statements += [
                f"CREATE POLICY {table}_u ON {table} FOR UPDATE TO {APP_ROLE} "
                f"USING ({written}) WITH CHECK ({written});",
                f"CREATE POLICY {table}_d ON {table} FOR DELETE TO {APP_ROLE} USING ({written});",
                f"GRANT UPDATE, DELETE ON {table} TO {APP_ROLE};",
            ]
        super().__init__("\n".join(statements), migrations.RunSQL.noop)


class PracticeTable(migrations.RunSQL):
    """Policies of a practice-owned table: its practice admins and consultants read and write."""

    def __init__(self, table: str) -> None:
        mine = f"practice_id = {listed('practice')}"
        super().__init__(
            f"{protect(table)}\n"
            f"CREATE POLICY {table}_r ON {table} FOR SELECT TO {APP_ROLE} USING ({mine});\n"
            f"CREATE POLICY {table}_w ON {table} FOR ALL TO {APP_ROLE} "
            f"USING ({mine}) WITH CHECK ({mine});\n"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE};",
            migrations.RunSQL.noop,
        )


class CompositeKey(migrations.RunSQL):
    """The real constraint of a `ClientForeignKey`: both rows belong to the same client.

    `cascade`: the row goes with its target, also where the app may not delete it.
    """

    def __init__(self, table: str, column: str, target: str, *, cascade: bool = False) -> None:
        name = f"{table}_{column}_same_client"[:63]
        super().__init__(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (client_id, {column}) "
            f"REFERENCES {target} (client_id, id) {'ON DELETE CASCADE ' if cascade else ''}"
            f"DEFERRABLE INITIALLY IMMEDIATE;\n"
            f"CREATE INDEX {f'{table}_{column}_ck'[:63]} ON {table} (client_id, {column});",
            migrations.RunSQL.noop,
        )


class AppendOnly(migrations.RunSQL):
    """A trigger that refuses UPDATE, DELETE and TRUNCATE, from the table's owner too."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION sec.refuse_change();\n"
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change();",
            migrations.RunSQL.noop,
        )


class KeepSteps(migrations.RunSQL):
    """Refuses every change of `state` but the named ones, whoever writes: “draft>open”; “>draft” begins.

    The same steps stand as `Steps` beside the enum; a test holds one to the other.
    """

    def __init__(self, table: str, *steps: str) -> None:
        listed_steps = ", ".join(f"'{step}'" for step in steps)
        super().__init__(
            f"CREATE TRIGGER {table}_steps BEFORE INSERT OR UPDATE OF state ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION sec.keep_steps({listed_steps});",
            migrations.RunSQL.noop,
        )


class KeepWritten(migrations.RunSQL):
    """Refuses every change of a row but in the columns that its state leaves open, whoever writes.

    “live:state,ended_at” names the state and those columns; a state without a name leaves all of them open.
    """

    def __init__(self, table: str, *states: str) -> None:
        listed_states = ", ".join(f"'{state}'" for state in states)
        super().__init__(
            f"CREATE TRIGGER {table}_written BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION sec.keep_written({listed_states});",
            migrations.RunSQL.noop,
        )


class OnlyByAnswer(migrations.RunSQL):
    """Keeps states for the answer to the row's ask: “live:accept” names the choice, “decided:*” takes any.

    For tables with an `ask_id`. Whoever may write the row can then still not answer for the person asked.
    """

    def __init__(self, table: str, *states: str) -> None:
        listed_states = ", ".join(f"'{state}'" for state in states)
        super().__init__(
            f"CREATE TRIGGER {table}_only_by_answer BEFORE INSERT OR UPDATE OF state ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION sec.only_by_answer({listed_states});",
            migrations.RunSQL.noop,
        )


class OwnQuestion(migrations.RunSQL):
    """A row is put to somebody by a question of this kind that nobody has answered yet, whoever writes it.

    For tables with an `ask_id` that no two rows share. An answer to something else then stands for nothing here.
    """

    def __init__(self, table: str, kind: str) -> None:
        super().__init__(
            f"CREATE TRIGGER {table}_own_question BEFORE INSERT OR UPDATE OF ask_id ON {table} "
            f"FOR EACH ROW WHEN (NEW.ask_id IS NOT NULL) EXECUTE FUNCTION sec.own_question('{kind}');",
            migrations.RunSQL.noop,
        )


class DefinerTrigger(migrations.RunSQL):
    """A trigger whose function runs as `vciso_definer`: it writes what the person may not.

    `sql` is the body of a plpgsql block (statements ending in “;”, `NEW` and `OLD` at hand; it
    need not return). `grants` names the tables that the body reads or writes. `at_commit`: it runs
    once the transaction is otherwise done, whatever context that was in.
    """

    def __init__(
        self,
        name: str,
        *,
        on: str,
        event: str,
        sql: str,
        grants: Sequence[str],
        when: str = "",
        at_commit: bool = False,
    ) -> None:
        condition = f"WHEN ({when}) " if when else ""
        kind, deferred = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED ") if at_commit else ("TRIGGER", "")
        super().__init__(
            f"GRANT CREATE ON SCHEMA sec TO {DEFINER_ROLE};\n"
            + "".join(f"GRANT SELECT, INSERT, UPDATE ON {t} TO {DEFINER_ROLE};\n" for t in grants)
            + f"CREATE FUNCTION sec.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER\n"
            f"SET search_path = pg_catalog, public, pg_temp AS $body$\n"
            f"BEGIN\n{sql}\nRETURN NULL;\nEND $body$;\n"
            # The trigger first: afterwards the function is not ours to attach.
            f"CREATE {kind} {name} AFTER {event} ON {on} {deferred}FOR EACH ROW {condition}"
            f"EXECUTE FUNCTION sec.{name}();\n"
            f"REVOKE ALL ON FUNCTION sec.{name}() FROM PUBLIC;\n"
            f"ALTER FUNCTION sec.{name}() OWNER TO {DEFINER_ROLE};\n"
            f"REVOKE CREATE ON SCHEMA sec FROM {DEFINER_ROLE};",
            migrations.RunSQL.noop,
        )


class OnAnswer(DefinerTrigger):
    """Moves an app's own record when the ask about it changed state (answered, withdrawn).

    The body sees the ask as `NEW`: `NEW.id`, `NEW.state`, `NEW.choice`, `NEW.reason`,
    `NEW.answered_at`, `NEW.answered_by_id`.
    """

    def __init__(self, kind: str, *, sql: str, grants: Sequence[str]) -> None:
        super().__init__(
            f"on_answer_{kind}",
            on="engagements_ask",
            event="UPDATE OF state",
            when=f"NEW.kind = '{kind}' AND NEW.state IS DISTINCT FROM OLD.state",
            sql=sql,
            grants=grants,
        )


class LockBeforeAnswer(migrations.RunSQL):
    """Whoever answers, confirms or withdraws locks what is asked about, then the ask: in the order of whoever edits it.

    The other way round an answer and an edit at the same moment would wait for each other. `rows` are
    SELECTs … FOR UPDATE; `NEW.client_id` and `NEW.ask_id` name the ask.
    """

    SAID = ("answer", "answerconfirmation", "answerwithdrawal")

    def __init__(self, name: str, *rows: str) -> None:
        performed = "".join(f"PERFORM {row};\n" for row in rows)
        super().__init__(
            f"GRANT CREATE ON SCHEMA sec TO {DEFINER_ROLE};\n"
            f"CREATE FUNCTION sec.lock_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER\n"
            f"SET search_path = pg_catalog, public, pg_temp AS $body$\n"
            f"BEGIN\n{performed}RETURN NEW;\nEND $body$;\n"
            + "".join(
                f"CREATE TRIGGER lock_{name} BEFORE INSERT ON engagements_{table} "
                f"FOR EACH ROW EXECUTE FUNCTION sec.lock_{name}();\n"
                for table in self.SAID
            )
            + f"REVOKE ALL ON FUNCTION sec.lock_{name}() FROM PUBLIC;\n"
            f"ALTER FUNCTION sec.lock_{name}() OWNER TO {DEFINER_ROLE};\n"
            f"REVOKE CREATE ON SCHEMA sec FROM {DEFINER_ROLE};",
            migrations.RunSQL.noop,
        )


class OnWithdrawal(DefinerTrigger):
    """Ends an app's own record when the signer withdrew the answer that had put it in force.

    The body sees the ask as `NEW`, and finds who, when and why in `engagements_answerwithdrawal`;
    it also runs, without a row there, when the record ended in another way.
    """

    def __init__(self, kind: str, *, sql: str, grants: Sequence[str]) -> None:
        super().__init__(
            f"on_withdrawal_{kind}",
            on="engagements_ask",
            event="UPDATE OF holds_until",
            when=f"NEW.kind = '{kind}' AND OLD.holds_until IS NOT NULL AND NEW.holds_until IS NULL",
            sql=sql,
            grants=grants,
        )


class DefinerFunction(migrations.RunSQL):
    """A SECURITY DEFINER function that the app role may call: a door, or ids without content.

    `signature` as in `due_jobs(p_limit integer)`, `returns` as in `TABLE(id uuid)`, `body` the
    whole plpgsql block from DECLARE or BEGIN to END.
    """

    def __init__(
        self, signature: str, *, returns: str, body: str, grants: Sequence[str] = (), writes: Sequence[str] = ()
    ) -> None:
        name = signature.split("(", 1)[0]
        super().__init__(
            f"GRANT CREATE ON SCHEMA sec TO {DEFINER_ROLE};\n"
            + "".join(f"GRANT SELECT ON {t} TO {DEFINER_ROLE};\n" for t in grants)
            + "".join(f"GRANT SELECT, INSERT, UPDATE ON {t} TO {DEFINER_ROLE};\n" for t in writes)
            + f"CREATE OR REPLACE FUNCTION sec.{signature} RETURNS {returns} LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
            f"{body}\n$body$;\n"
            f"REVOKE ALL ON FUNCTION sec.{name} FROM PUBLIC;\n"
            f"GRANT EXECUTE ON FUNCTION sec.{name} TO {APP_ROLE};\n"
            f"ALTER FUNCTION sec.{name} OWNER TO {DEFINER_ROLE};\n"
            f"REVOKE CREATE ON SCHEMA sec FROM {DEFINER_ROLE};",
            migrations.RunSQL.noop,
        )


class DefinerBody(migrations.RunSQL):
    """Another body for a SECURITY DEFINER function that exists; signature, owner and grants stay."""

    def __init__(self, signature: str, *, returns: str, body: str) -> None:
        super().__init__(
            f"GRANT CREATE ON SCHEMA sec TO {DEFINER_ROLE};\nSET LOCAL ROLE {DEFINER_ROLE};\n"
            f"CREATE OR REPLACE FUNCTION sec.{signature} RETURNS {returns} LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n{body}\n$body$;\n"
            f"RESET ROLE;\nREVOKE CREATE ON SCHEMA sec FROM {DEFINER_ROLE};",
            migrations.RunSQL.noop,
        )


class DefinerTriggerBody(DefinerBody):
    """Another body for the function of a `DefinerTrigger`, in the form that has."""

    def __init__(self, name: str, *, sql: str) -> None:
        super().__init__(f"{name}()", returns="trigger", body=f"BEGIN\n{sql}\nRETURN NULL;\nEND")


class Grant(migrations.RunSQL):
    """Plain grants for a table of the GLOBAL list (it holds no client's data)."""

    def __init__(self, tables: Sequence[str], privileges: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
        super().__init__(f"GRANT {privileges} ON {', '.join(tables)} TO {APP_ROLE};", migrations.RunSQL.noop)
