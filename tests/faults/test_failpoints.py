"""The lines at which a rehearsal breaks the portal: they are there, and nobody reaches them at a school."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from malpas.dev.folders import ROOT
from malpas.lib.failpoints import BrokenOnPurpose, failpoint
from tests.own_code import modules


def settings_with(**more: str) -> subprocess.CompletedProcess:
    env = {name: value for name, value in os.environ.items() if name not in ("MALPAS_DEMO", "PUBLIC_URL")}
    given = {"SECRET_KEY": "x", "DATABASE_URL": "postgres://x", "REDIS_URL": "unix:///x", **more}
    command = [sys.executable, "-c", "import malpas.settings"]
    return subprocess.run(command, cwd=ROOT, env=env | given, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("more", "starts"),
    [
        ({}, True),
        ({"FAILPOINTS": "/tmp"}, False),
        ({"FAILPOINTS": "/tmp", "MALPAS_DEMO": "1", "PUBLIC_URL": "https://school.example"}, False),
        ({"FAILPOINTS": "/tmp", "MALPAS_DEMO": "1"}, True),
    ],
)
def test_a_schools_own_portal_does_not_start_with_them(more, starts):
    done = settings_with(**more)
    assert (done.returncode == 0) is starts, done.stderr
    assert starts or "it kills processes" in done.stderr


def test_without_a_folder_they_are_nothing(tmp_path, settings):
    (tmp_path / "here").write_text("raise")
    settings.FAILPOINTS = ""
    failpoint("here")
    settings.FAILPOINTS = str(tmp_path)
    with pytest.raises(BrokenOnPurpose):
        failpoint("here")
    failpoint("here")  # once


def test_every_point_that_is_armed_here_stands_in_the_code():
    armed = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(
            r'"((?:mail|release|post|letters)\.[a-z_.]+?)(?:\.[^".]+@[^"]+)?"', path.read_text()
        )
    }
    code = "".join(path.read_text() for path in modules())
    assert len(armed) > 5
    assert {
        name for name in armed if f'failpoint("{name}' not in code and f'failpoint(f"{name}' not in code
    } == set()
