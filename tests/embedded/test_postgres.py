import os
import shutil
import signal
import subprocess

import psycopg
import pytest

from vciso.embedded import processes
from vciso.embedded.errors import PartFailed
from vciso.embedded.parts import Parts


def connect(parts, user, **options):
    return psycopg.connect(parts.postgres.url(user, user), autocommit=True, **options)


def test_the_server_answers_on_its_socket_alone_and_never_as_root(shared_parts):
    pid = processes.read_pid(shared_parts.layout.pg_data / "postmaster.pid")
    status = (processes.PROC / str(pid) / "status").read_text()
    with connect(shared_parts, "vciso_app") as connection:
        listens, local = connection.execute(
            "select current_setting('listen_addresses'), inet_server_addr() is null"
        ).fetchone()
    assert (listens, local) == ("", True)
    assert "\nUid:\t0\t" not in status
    assert shared_parts.layout.sockets.stat().st_mode & 0o777 == 0o700


def test_text_is_unicode_and_sorted_the_same_everywhere(shared_parts):
    with connect(shared_parts, "vciso_app") as connection:
        row = connection.execute("select current_setting('server_encoding'), upper('straße é'), 'Ä' ilike 'ä'")
        assert row.fetchone() == ("UTF8", "STRASSE É", True)


def test_the_app_role_can_change_no_structure_and_bypasses_nothing(shared_parts):
    with connect(shared_parts, "vciso_app") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("set role vciso_definer")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create temporary table mine (id int)")
        row = connection.execute(
            "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolinherit from pg_roles"
            " where rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False, False)


def test_the_app_role_has_limits_on_how_long_it_may_take(shared_parts):
    with connect(shared_parts, "vciso_app") as connection:
        limits = connection.execute(
            "select current_setting('statement_timeout'), current_setting('lock_timeout'),"
            " current_setting('idle_in_transaction_session_timeout'), current_setting('TimeZone')"
        ).fetchone()
    assert limits == ("15s", "5s", "1min", "UTC")


def test_the_migrator_acts_as_the_other_roles_only_when_it_says_so(shared_parts):
    with connect(shared_parts, "vciso_migrator") as connection:
        connection.execute("create database another")
        inherits = connection.execute("select pg_has_role(current_user, 'vciso_definer', 'usage')").fetchone()
        connection.execute("set role vciso_definer")
        connection.execute("reset role")
        connection.execute("set role vciso_app")
        assert connection.execute("select current_user").fetchone() == ("vciso_app",)
    assert inherits == (False,)


def test_a_database_made_later_is_as_closed_as_the_first(shared_parts):
    with connect(shared_parts, "vciso_migrator") as connection:
        connection.execute("create database later")
    address = shared_parts.postgres.url("vciso_app", "vciso_app", database="later")
    with (
        psycopg.connect(address, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("create table mine (id int)")


def test_a_database_that_is_made_anew_is_empty_and_the_migrators(shared_parts):
    address = shared_parts.postgres.url("vciso_migrator", "vciso_migrator", database="anew")
    for _ in range(2):
        shared_parts.postgres.make_anew("anew")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("create table mine (id int)")


def test_a_wrong_password_is_refused(shared_parts):
    address = shared_parts.postgres.url("vciso_app", "vciso_app").replace(
        shared_parts.layout.secret("vciso_app"), "wrong"
    )
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_committed_rows_outlive_a_killed_server(parts):
    with connect(parts, "vciso_migrator") as connection:
        connection.execute("create table kept as select generate_series(1, 50001) as number")
    pid = processes.read_pid(parts.layout.pg_data / "postmaster.pid")
    os.kill(pid, signal.SIGKILL)
    assert parts.postgres.start() is True
    with connect(parts, "vciso_migrator") as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (50001,)


def test_starting_a_running_server_does_nothing(parts):
    pid = processes.read_pid(parts.layout.pg_data / "postmaster.pid")
    assert parts.postgres.start() is False
    assert processes.read_pid(parts.layout.pg_data / "postmaster.pid") == pid


def test_a_process_id_file_that_names_another_program_does_not_block_the_start(parts):
    file = parts.layout.pg_data / "postmaster.pid"
    text = file.read_text()
    parts.postgres.stop()
    account = parts.layout.account
    stranger = subprocess.Popen(account.command(["sleep", "60"]))
    try:
        file.write_text(text.replace(text.split("\n")[0], str(stranger.pid), 1))
        account.own(file)
        assert parts.postgres.is_running() is False
        assert parts.postgres.start() is True
    finally:
        stranger.kill()
        stranger.wait()


def test_stopping_ends_open_connections_and_may_be_repeated(parts):
    with connect(parts, "vciso_app") as connection:
        parts.postgres.stop()
        assert parts.postgres.is_running() is False
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
    parts.postgres.stop()


def test_data_of_another_major_version_is_refused_with_a_remedy(layout):
    layout.pg_data.mkdir()
    (layout.pg_data / "PG_VERSION").write_text("16\n")
    with pytest.raises(PartFailed, match=r"was made by PostgreSQL 16, but this is PostgreSQL 18") as refused:
        Parts(layout).postgres.ensure_made()
    assert "operations.md" in refused.value.remedy


def test_a_half_made_data_folder_is_thrown_away(layout):
    half = layout.var / "pg.new-1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    parts = Parts(layout, forgetful=True)
    parts.postgres.ensure_made()
    assert not half.exists()
    assert (layout.pg_data / "global").is_dir()


def test_a_start_that_fails_says_why_and_where_to_look(layout):
    parts = Parts(layout, with_redis=False, forgetful=True)
    parts.postgres.ensure_made()
    shutil.rmtree(layout.pg_data / "global")
    (layout.pg_data / "global").mkdir()
    layout.account.own(layout.pg_data / "global")
    with pytest.raises(PartFailed, match="did not start") as refused:
        parts.postgres.start()
    assert "postgres.log" in refused.value.remedy
