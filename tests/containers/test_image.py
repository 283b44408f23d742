"""The image is made of the same packages, by the same steps, as `bin/up` makes an installation."""

import re
from pathlib import Path

from tests.containers.reading import ROOT, Stage, dockerfile, services
from vciso.launch import bootstrap, check, manage, setup, steps, system, up

packages, portal = dockerfile()
ONLY_IN_THE_IMAGE = {"fonts-noto-core": "letters that Inter lacks; on a machine they are the machine's own"}


def run_of(stage: Stage, *words: str) -> list[list[str]]:
    return [command for command in stage.runs() if command[: len(words)] == list(words)]


def test_debians_packages_are_the_ones_bin_up_asks_for() -> None:
    (install,) = run_of(portal, "apt-get", "install")
    asked = {word for word in install[2:] if not word.startswith("-")}
    assert asked == set(system.LIBRARIES.values()) | set(ONLY_IN_THE_IMAGE)
    assert "--no-install-recommends" in install


def test_python_packages_come_from_the_lock_by_hash() -> None:
    assert bootstrap._lock_file(dev=False) == ROOT / "requirements.txt"
    assert run_of(portal, "pip") == [["pip", "install", "--no-cache-dir", "--require-hashes", "-r", "requirements.txt"]]
    (extra,) = [command for command in portal.runs() if "requirements-s3.txt" in command]
    assert "--require-hashes" in extra
    assert "requirements.txt requirements-s3.txt ./" in portal.all("COPY")
    assert "--require-hashes" in Path(bootstrap.__file__).read_text()


def test_npm_packages_come_from_the_lock_without_scripts() -> None:
    (command,) = run_of(packages, "npm")
    source = Path(steps.__file__).read_text()
    assert command == ["npm", "ci", "--ignore-scripts", "--omit=dev"]
    assert '[npm, "ci", "--ignore-scripts"' in source and '"--omit=dev"' in source
    assert "--from=packages /app/node_modules node_modules" in portal.all("COPY")


def test_set_up_in_a_container_is_bin_ups_own() -> None:
    """Fonts, roles, tables and static files: one function each, called by both."""
    assert services()["setup"]["command"] == "python -m vciso.launch setup"
    used = {name: set(re.findall(r"steps\.(\w+)\(", Path(module.__file__).read_text())) for name, module in
            {"up": up, "setup": setup}.items()}  # fmt: skip
    assert used["setup"] == {"prepare_data", "document_fonts", "servers", "migrations", "static_files"}
    assert used["up"] - used["setup"] == {"npm_packages"}
    assert {"backup", "restore"} <= manage.AS_MIGRATOR


def test_the_web_server_is_started_alike() -> None:
    assert portal.all("CMD") == ['["gunicorn", "-c", "python:vciso.serving"]']
    source = Path(up.__file__).read_text()
    assert '"-m", "gunicorn", "-c", "python:vciso.serving"' in source


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert portal.all("USER") == ["10001:10001"]
    assert portal.steps.index(("USER", "10001:10001")) > max(
        number for number, (instruction, _) in enumerate(portal.steps) if instruction in {"RUN", "COPY"}
    )
    (made,) = run_of(portal, "useradd")
    assert made[made.index("--uid") + 1] == "10001" and "--no-create-home" in made
    users = {service["user"] for service in services().values() if service["image"] == "vciso-portal"}
    assert users == {"10001:10001"} and services()["proxy"]["user"] == "10001:10001"


def test_images_are_named_with_a_version_and_no_host_and_python_is_the_oldest_supported() -> None:
    for stage in (packages, portal):
        name, _, version = stage.image.partition(":")
        assert "." not in name and "/" not in name and re.match(r"\d", version)
    assert portal.image.startswith("python:" + ".".join(map(str, bootstrap.OLDEST)))


def test_no_secret_and_no_data_gets_into_the_image() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    assert {".git", ".env", "var", "tls", "backups", ".venv", "node_modules"} <= ignored
    text = (ROOT / "Dockerfile").read_text()
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|TOKEN|KEY)", text, re.M)
    assert check.ROOT == ROOT


def test_every_file_that_is_copied_by_name_exists() -> None:
    for stage in (packages, portal):
        for words in stage.all("COPY"):
            if not words.startswith("--from"):
                assert all((ROOT / name).exists() for name in words.split()[:-1]), words
