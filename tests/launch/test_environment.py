from pathlib import Path

import pytest

from vciso.launch.console import StepFailed
from vciso.launch.environment import Installation

OUTSIDE = {
    "DATABASE_URL": "postgresql://vciso_app:a@db/vciso",
    "MIGRATOR_DATABASE_URL": "postgresql://vciso_migrator:m@db/vciso",
    "REDIS_URL": "redis://queue:6379/0",
    "CACHE_URL": "redis://cache:6379/1",
}


@pytest.fixture
def find(monkeypatch, tmp_path):
    def found(**given) -> Installation:
        for name in (*OUTSIDE, "ADMIN_DATABASE_URL", "PORT", "VCISO_BASE_URL", "SECRET_KEY", "VCISO_DEMO"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        installation = Installation.find(var=tmp_path)
        installation.layout.secrets.mkdir(exist_ok=True)
        return installation

    return found


def test_without_addresses_both_parts_are_embedded(find):
    installation = find()
    assert (installation.parts.with_postgres, installation.parts.with_redis) == (True, True)
    assert installation.app()["DATABASE_URL"].startswith("postgresql://vciso_app:")
    assert installation.address == "http://localhost:8000"


def test_addresses_in_the_environment_replace_the_parts(find):
    installation = find(**OUTSIDE)
    assert (installation.parts.with_postgres, installation.parts.with_redis) == (False, False)
    assert installation.addresses() == OUTSIDE


def test_half_of_a_pair_of_addresses_is_refused_by_name(find):
    with pytest.raises(StepFailed, match="DATABASE_URL is set, but MIGRATOR_DATABASE_URL is not"):
        find(DATABASE_URL=OUTSIDE["DATABASE_URL"])
    with pytest.raises(StepFailed, match="CACHE_URL is set, but REDIS_URL is not"):
        find(CACHE_URL=OUTSIDE["CACHE_URL"])


def test_web_server_and_workers_get_no_password_above_the_app_role(find):
    installation = find(**OUTSIDE, ADMIN_DATABASE_URL="postgresql://postgres:s@db/postgres")
    environment = installation.app(pool=True)
    assert environment["VCISO_DB_ROLE"] == "app"
    assert environment["VCISO_DB_POOL"] == "1"
    assert not {"MIGRATOR_DATABASE_URL", "ADMIN_DATABASE_URL"} & set(environment)


def test_the_callers_own_secrets_are_not_handed_on(find):
    environment = find(**OUTSIDE, AWS_SECRET_ACCESS_KEY="mine", SMTP_HOST="mail").app()
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert environment["SMTP_HOST"] == "mail"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 81"])
def test_an_impossible_port_is_refused_with_its_value(find, port):
    with pytest.raises(StepFailed, match="PORT is"):
        find(PORT=port)


def test_the_chosen_port_stands_in_the_address(find):
    assert find(PORT="8123").app()["VCISO_BASE_URL"] == "http://localhost:8123"


def test_the_key_of_an_installation_stays_the_same(find):
    assert find().app()["SECRET_KEY"] == find().app()["SECRET_KEY"]


def test_the_data_folder_is_an_absolute_path(find):
    assert Path(find().app()["VCISO_VAR"]).is_absolute()


def test_demonstration_belongs_to_the_embedded_database_alone(find):
    assert find().app()["VCISO_DEMO"] == "1"
    assert find(**OUTSIDE).app()["VCISO_DEMO"] == "0"
    assert find(VCISO_DEMO="0").app()["VCISO_DEMO"] == "0"
