"""The installation of docker-compose.yml, without Docker: its commands and environment on servers of our own."""

import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import psycopg
import pytest
import yaml

from malpas.dev.folders import ROOT
from malpas.dev.processes import ENTRYPOINT, Portal
from malpas.dev.servers.embedded import Servers

DOMAIN = "portal.school.example"
SECRETS = ("secret_key", "database_password", "app_database_password", "redis_password", "email_url")
PATH = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.defpath}"


def compose_environment(secrets: Path, service: str = "web") -> dict[str, str]:
    """What the compose file gives to a service, with the domain filled in and the secrets in `secrets`."""
    text = (ROOT / "docker-compose.yml").read_text()
    text = re.sub(r"\$\{PORTAL_DOMAIN[^}]*\}", DOMAIN, text)
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    given = yaml.safe_load(text)["services"][service]["environment"]
    return {name: value.replace("/run/secrets", str(secrets)) for name, value in given.items()}


def ask(portal: Portal, path: str) -> tuple[int, str, dict[str, str]]:
    headers = {"Host": DOMAIN, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    with urllib.request.urlopen(urllib.request.Request(portal.url + path, headers=headers)) as answer:
        return answer.status, answer.read().decode(), dict(answer.headers)


@pytest.fixture(scope="module")
def installation():
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        state = Path(folder)
        for name in SECRETS:
            (state / name).write_text("smtp://127.0.0.1:1" if name == "email_url" else f"{name}-of-the-test")
        env = compose_environment(state) | {"PATH": PATH, "STATIC_ROOT": str(state / "static")}
        env |= {"MEDIA_ROOT": str(state / "media"), "BEAT_SCHEDULE": str(state / "beat-schedule")}
        with Servers(state, fsync=False) as servers:
            migrate(env | compose_environment(state, "migrate") | servers.environment | servers.owner)
            yield state, env | servers.environment


def migrate(env: dict[str, str]) -> None:
    subprocess.run([str(ENTRYPOINT), "migrate", "-v0"], env=env, check=True)


@pytest.fixture(scope="module")
def portal(installation):
    state, env = installation
    collect = re.search(
        r"&& (SECRET_KEY=build .* python manage.py collectstatic .*)$", dockerfile(), re.MULTILINE
    )
    building = {"PATH": PATH, "STATIC_ROOT": env["STATIC_ROOT"]}
    subprocess.run(["sh", "-ec", collect[1] + " -v0"], env=building, check=True, cwd=ROOT)
    with Portal(state, env) as portal:
        portal.start()
        portal.wait_until_healthy()
        yield portal


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_it_comes_up_with_the_environment_of_the_compose_file(portal):
    command = [str(ENTRYPOINT), "health", "web"]
    assert subprocess.run(command, env=portal.environment).returncode == 0
    assert portal.ended() == ""


def test_migrate_gives_the_web_its_password(installation):
    _state, env = installation
    url = env["DATABASE_URL"].replace("malpas_app@", "malpas@").replace("postgres://", "postgresql://")
    with psycopg.connect(url) as owner:
        query = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'malpas_app'"
        assert owner.execute(query).fetchone() == (True,)


def test_its_pages_are_for_https_only(portal):
    status, page, headers = ask(portal, "/")
    assert status == 200
    assert "Strict-Transport-Security" in headers
    assert "csrfmiddlewaretoken" in page
    assert "Secure" in headers["Set-Cookie"]


def test_its_styles_are_collected_and_may_be_kept_for_ever(portal):
    _status, page, _headers = ask(portal, "/")
    sheet = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', page)
    status, _style, headers = ask(portal, sheet[1])
    assert status == 200
    assert "immutable" in headers["Cache-Control"]
    asked = urllib.request.Request(f"{portal.url}{sheet[1]}", headers={"Accept-Encoding": "gzip, br"})
    assert urllib.request.urlopen(asked).headers["Content-Encoding"] == "br"


def test_it_has_no_page_with_everybodys_mail(portal):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        ask(portal, "/mailbox/")


def test_another_host_is_refused(portal):
    request = urllib.request.Request(f"{portal.url}/health/", headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)


def test_djangos_checks_of_a_deployment_find_nothing(installation):
    _state, env = installation
    command = [str(ENTRYPOINT), "manage", "check", "--deploy", "--fail-level", "WARNING"]
    env = env | {"SECRET_KEY": "a" * 25 + "bcdefghij" * 5}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
