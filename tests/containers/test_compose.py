"""The containers against the portal's own settings: nothing missing, nothing unknown, nothing open."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from celery.bin.celery import celery as celery_program
from django.core.management import get_commands

from tests.containers.reading import ROOT, compose, example_env, filled, references, services
from vciso.embedded import processes
from vciso.embedded import redis as embedded_redis
from vciso.settings.variables import VARIABLES

PORTAL = {"web", "worker", "beat", "setup", "backup"}
SERVES = {"web", "worker", "beat"}
# Variables of the images and of Compose itself, with who reads them.
OTHERS = {
    "POSTGRES_PASSWORD": "the image of postgres",
    "POSTGRES_INITDB_ARGS": "the image of postgres",
    "BACKUP_KEEP": "docker/backup",
}
# Listed variables that no container needs, each with the reason.
NOT_IN_CONTAINERS = {
    "PORT": "VCISO_BASE_URL names the address",
    "SMTP_TLS": "always on",
    "VCISO_VAR": "set in the image",
    "VCISO_DEMO": "refused with a database of one's own",
    "VCISO_ANCHOR_FOLDER": "a mount of another machine's folder is written into an override file",
    "JOB_LEASE": "its default is right",
    "JOB_REDISPATCH": "its default is right",
    "JOB_BACKOFF": "its default is right",
    "RENDER_MEMORY_MB": "its default is right",
    "JOB_DATABASE_PATIENCE": "its default is right",
}
FILLED = {
    **example_env(), "SECRET_KEY": "k", "POSTGRES_PASSWORD": "p1", "VCISO_MIGRATOR_PASSWORD": "p2",
    "VCISO_APP_PASSWORD": "p3", "BROKER_PASSWORD": "p4", "CACHE_PASSWORD": "p5", "SMTP_HOST": "mail",
}  # fmt: skip


def environment(name: str) -> dict[str, str]:
    return {key: filled(str(value), FILLED) for key, value in services()[name].get("environment", {}).items()}


def test_the_services_are_the_ones_of_the_manual() -> None:
    assert set(services()) == PORTAL | {"proxy", "postgres", "broker", "cache"}


def test_every_variable_is_known_to_the_settings_and_every_setting_has_its_place() -> None:
    given = {key for name in services() for key in environment(name)}
    assert given - set(VARIABLES) == set(OTHERS)
    assert set(VARIABLES) - given == set(NOT_IN_CONTAINERS)


@pytest.mark.parametrize("name", sorted(PORTAL))
def test_each_program_of_the_portal_has_all_it_cannot_do_without(name: str) -> None:
    required = {variable.name for variable in VARIABLES.values() if variable.default is None}
    assert required <= set(environment(name))
    assert all(environment(name)[key] for key in required)


def test_what_compose_asks_for_stands_in_the_example_and_nothing_else_does() -> None:
    asked = references(compose())
    assert set(asked) == set(example_env())
    required = {name for name, rule in asked.items() if rule == ":?"}
    empty = {name for name, value in example_env().items() if not value}
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "SMTP_HOST"} <= required
    # Whoever copies the example and forgets one of these is told so by Compose.
    assert {name for name in empty if "PASSWORD" in name and name != "SMTP_PASSWORD"} <= required


@pytest.mark.parametrize("name", sorted(SERVES))
def test_only_set_up_and_backup_hold_a_role_above_the_apps(name: str) -> None:
    assert not {"MIGRATOR_DATABASE_URL", "ADMIN_DATABASE_URL", "POSTGRES_PASSWORD"} & set(environment(name))
    assert {"p1", "p2"}.isdisjoint(re.findall(r"\bp\d\b", " ".join(environment(name).values())))
    assert environment(name).get("VCISO_DB_ROLE", "app") == "app"


def test_each_role_signs_in_where_it_belongs() -> None:
    setup, backup = environment("setup"), environment("backup")
    assert setup["ADMIN_DATABASE_URL"].startswith("postgresql://postgres:p1@postgres:5432/")
    assert setup["MIGRATOR_DATABASE_URL"] == backup["MIGRATOR_DATABASE_URL"]
    assert backup["MIGRATOR_DATABASE_URL"].startswith("postgresql://vciso_migrator:p2@postgres:5432/vciso")
    assert backup["VCISO_DB_ROLE"] == "migrator" and "ADMIN_DATABASE_URL" not in backup
    assert setup["DATABASE_URL"].startswith("postgresql://vciso_app:p3@postgres:5432/vciso")


def test_broker_and_cache_are_two_servers_with_two_passwords_and_two_policies() -> None:
    web = environment("web")
    assert web["REDIS_URL"] == "redis://vciso:p4@broker:6379/0" and web["CACHE_URL"] == "redis://vciso:p5@cache:6379/0"
    broker, cache = services()["broker"], services()["cache"]
    assert "noeviction" in broker["command"] and "allkeys-lru" in cache["command"]
    assert broker["command"][broker["command"].index("--appendonly") + 1] == "yes"
    assert broker["volumes"] == ["broker:/data"] and "volumes" not in cache


@pytest.mark.parametrize("name", ["broker", "cache"])
def test_redis_takes_its_settings_and_bounds_the_portals_user(name: str, tmp_path: Path) -> None:
    """A real Redis with exactly these words: the password is wanted, administration is refused."""
    words = [filled(word, FILLED) for word in services()[name]["command"]]
    program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    assert program is not None
    link = tmp_path / "redis-server"
    link.symlink_to(program)
    socket = tmp_path / "s"
    server = subprocess.Popen(
        [str(link), *words[1:], "--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip

    def ask(*command: str, password: str = FILLED[f"{name.upper()}_PASSWORD"]) -> str:
        done = subprocess.run(
            ["redis-cli", "-s", str(socket), "--user", "vciso", *command], capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "REDISCLI_AUTH": password}, check=False,
        )  # fmt: skip
        return (done.stdout + done.stderr).strip()

    try:
        assert processes.wait_until(lambda: server.poll() is not None or ask("ping") == "PONG", seconds=30)
        assert server.poll() is None, server.stdout.read() if server.stdout else ""
        assert "PONG" not in ask("ping", password="wrong")
        assert ask("set", "key", "value") == "OK"
        for refused in (("flushall",), ("config", "get", "*"), ("acl", "list"), ("shutdown",)):
            assert "NOPERM" in ask(*refused)
    finally:
        server.kill()
        server.wait()
    # The embedded server gives its user the same rights.
    allowed = embedded_redis.ACL.splitlines()[1].partition("~*")[2].split()
    assert allowed == words[words.index("~*") + 1 :][: len(allowed)]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in services().items() if service.get("ports")} == {"proxy"}
    assert compose()["networks"]["inside"] == {"internal": True}
    networks = {name: set(service["networks"]) for name, service in services().items()}
    assert networks["proxy"] == {"outside"}
    assert all(networks[name] == {"inside"} for name in ("postgres", "broker", "cache"))
    assert not any("network_mode" in service or service.get("privileged") for service in services().values())


@pytest.mark.parametrize("name", sorted(services()))
def test_no_service_runs_as_root_or_writes_its_own_image(name: str) -> None:
    service = services()[name]
    assert str(service["user"]).split(":")[0] not in {"root", "0", ""}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(set(services()) - {"setup"}))
def test_every_lasting_service_is_asked_for_its_health_and_comes_back(name: str) -> None:
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"} and service["healthcheck"]["timeout"]


def test_nobody_starts_before_what_it_needs() -> None:
    for name in SERVES | {"backup"}:
        wanted = services()[name]["depends_on"]
        assert wanted["setup"]["condition"] == "service_completed_successfully"
        assert all(wanted[server]["condition"] == "service_healthy" for server in ("broker", "cache"))
    assert services()["setup"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services()["setup"]["restart"] == "no"
    assert services()["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}


def test_every_volume_is_declared_used_and_lies_where_the_settings_look() -> None:
    mounts = {
        name: dict(mount.split(":")[:2] for mount in service.get("volumes", []) if not mount.startswith((".", "$")))
        for name, service in services().items()
    }
    assert {volume for used in mounts.values() for volume in used} == set(compose()["volumes"])
    for name in PORTAL:
        assert mounts[name]["portal"] == "/var/lib/vciso" and mounts[name]["files"] == "/var/lib/vciso/files"
    read_only = [mount for mount in services()["proxy"]["volumes"] if mount.endswith(":ro")]
    assert read_only == services()["proxy"]["volumes"]
    assert all(mount.endswith(":ro") for mount in services()["backup"]["volumes"] if not mount.startswith("backups"))


COMMANDS = {
    "web": ["gunicorn", "-c", "python:vciso.serving"],
    "setup": ["python", "-m", "vciso.launch", "setup"],
    "backup": ["docker/backup"],
}


def test_the_commands_are_programs_of_the_portal() -> None:
    for name, words in COMMANDS.items():
        assert services()[name]["command"].split() == words
    for name in ("worker", "beat"):
        program, _, module, verb, *_ = services()[name]["command"].split()
        assert (program, module) == ("celery", "vciso.celery") and verb in celery_program.commands
    script = (ROOT / "docker/backup").read_text()
    assert "backup" in get_commands() and "manage.py backup --to /backups --keep" in script
    assert os.access(ROOT / "docker/backup", os.X_OK)
    assert subprocess.run(["sh", "-n", "docker/backup"], cwd=ROOT, check=False).returncode == 0


def test_images_are_named_without_the_host_of_a_registry_and_with_a_version() -> None:
    images = {service["image"] for service in services().values()} - {"vciso-portal"}
    for image in images:
        name, _, version = image.partition(":")
        assert "." not in name and "/" not in name and re.match(r"\d", version), image


def test_logs_are_for_collectors_and_cannot_fill_the_disk() -> None:
    assert environment("web")["VCISO_LOG_FORMAT"] == "json"
    for service in services().values():
        assert service["logging"]["options"]["max-size"]


def test_postgres_keeps_rows_out_of_its_log() -> None:
    """As the embedded one does: an error's details can hold a whole row."""
    words: Any = services()["postgres"]["command"]
    assert "log_error_verbosity=terse" in words and "log_min_error_statement=panic" in words
    embedded = (ROOT / "vciso/embedded/postgres.py").read_text()
    assert "log_error_verbosity = terse" in embedded and "log_min_error_statement = panic" in embedded
