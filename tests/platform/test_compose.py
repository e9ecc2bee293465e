import re

import pytest
import yaml

from malpas.dev.folders import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("migrate", "web", "worker", "beat")
LASTING = [name for name in SERVICES if name != "migrate"]


def test_the_installation_is_whole():
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis", "proxy"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_runs_as_root(name):
    user = str(SERVICES[name].get("user", "root"))
    assert user.split(":")[0] not in ("root", "0")
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "privileged" not in SERVICES[name]


@pytest.mark.parametrize("name", OURS)
def test_the_user_of_our_containers_is_the_one_that_owns_the_files(name):
    uid = SERVICES[name]["user"].split(":")[0]
    assert f"--uid {uid} " in DOCKERFILE
    assert re.search(r"^USER portal$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_container_is_watched_and_restarted(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_ours_are_watched_through_the_entrypoint(name):
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "/app/docker/entrypoint.sh", "health", name]
    assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_no_secret_stands_in_the_file():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|EMAIL_URL", variable):
                assert variable.endswith("_FILE"), (name, variable)
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_read_by_the_settings_or_the_entrypoint(name):
    settings = (ROOT / "malpas" / "settings.py").read_text()
    entrypoint = (ROOT / "docker" / "entrypoint.sh").read_text()
    for variable in SERVICES[name]["environment"]:
        read = variable.removesuffix("_FILE")
        assert f'"{read}"' in settings or re.search(rf"\b{read}\b", entrypoint), variable


def test_what_the_settings_cannot_do_without_is_given():
    settings = (ROOT / "malpas" / "settings.py").read_text()
    required = re.findall(r'env(?:\.\w+)?\("(\w+)"\)', settings)
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} <= set(required)
    given = {name.removesuffix("_FILE") for name in SERVICES["web"]["environment"]} | {"REDIS_URL"}
    assert set(required) <= given
    assert "REDIS_PASSWORD_FILE" in SERVICES["web"]["environment"]


def test_only_migrate_knows_the_password_of_the_owner():
    holders = {name for name in SERVICES if "database_password" in SERVICES[name].get("secrets", [])}
    assert holders == {"migrate", "postgres"}
    for name in ("web", "worker", "beat"):
        assert "://malpas_app@" in SERVICES[name]["environment"]["DATABASE_URL"]
    given = SERVICES["migrate"]["environment"]
    assert f"://{SERVICES['postgres']['environment']['POSTGRES_USER']}@" in given["DATABASE_URL"]
    assert given["APP_DATABASE_PASSWORD_FILE"] == SERVICES["web"]["environment"]["DATABASE_PASSWORD_FILE"]


def test_what_must_not_be_lost_is_on_volumes():
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"]) >= {"postgres", "redis", "media", "proxy"}
    assert SERVICES["web"]["environment"]["MEDIA_ROOT"] == "/data/media"


def test_the_queue_is_written_down_and_never_makes_room():
    command = SERVICES["redis"]["command"][0]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "requirepass" in command


def test_postgres_sorts_as_the_embedded_one_does():
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--locale-provider=builtin --builtin-locale=C.UTF-8" in arguments


def test_our_verbs_are_the_entrypoints():
    entrypoint = (ROOT / "docker" / "entrypoint.sh").read_text()
    for name in OURS:
        assert SERVICES[name]["command"] == [name]
        assert re.search(rf"^(\w+ \| )*{name}( \| \w+)*\)", entrypoint, re.MULTILINE)


def test_the_image_holds_every_app_and_nothing_of_the_tests():
    copied = set(re.findall(r"^COPY (\S+)(?: \S+)+$", DOCKERFILE, re.MULTILINE))
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps | {"manage.py", "templates", "static", "locale", "docker"} <= copied
    assert not {"tests", "benchmarks", ".", "docs"} & copied
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in apps | {"docker", "templates", "static", "locale"}} <= set(ignored)
    assert "--require-hashes" in DOCKERFILE
