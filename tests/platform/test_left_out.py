"""What a run says about tests when there is no browser, or nothing that moves a clock."""

import os
import subprocess
import sys

import pytest

from malpas.dev.browser import find_chromium
from malpas.dev.folders import ROOT

SAMPLE = """
import pytest

@pytest.mark.browser
def test_of_a_page(): pass

@pytest.mark.browser
def test_that_leaves_itself_out(): pytest.skip("not today")

@pytest.mark.moved_clock
def test_of_an_hour(): pass

@pytest.mark.proxy
def test_of_a_proxy(): pass

def test_of_a_sum(): pass
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_sample.py").write_text(SAMPLE)

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            str(ROOT / "pyproject.toml"),
            "-p",
            "pytest_django.plugin",
            "-p",
            "tests.tools",
        ]
        command += ["--rootdir", str(tmp_path), "-p", "no:cacheprovider", *arguments, str(tmp_path)]
        env = (
            os.environ
            | {"BROWSER": "", "MOVED_CLOCK": "", "PROXY": "", "LIBFAKETIME": "/bin/sh", "CADDY": "/bin/sh"}
            | variables
        )
        env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        return subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT)

    return run


def test_browser_tests_are_named_when_left_out(run):
    done = run(CHROMIUM="/nowhere")
    assert done.returncode == 0, done.stdout
    assert "3 passed, 2 skipped" in done.stdout
    assert "browser tests left out: no Chromium was found" in done.stdout
    assert "test_sample.py::test_of_a_page" in done.stdout


def test_a_required_browser_that_is_missing_fails_the_run(run):
    done = run(CHROMIUM="/nowhere", BROWSER="required")
    assert done.returncode != 0
    assert "BROWSER=required, and no Chromium was found" in done.stdout + done.stderr


def test_a_required_browser_test_may_not_leave_itself_out(run):
    done = run(CHROMIUM="/bin/sh", BROWSER="required")
    assert done.returncode != 0
    assert "1 failed, 4 passed" in done.stdout


def test_a_chromium_set_by_hand_goes_first(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/bin/sh")
    assert find_chromium() == "/bin/sh"
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    assert find_chromium() is None


def test_tests_of_a_moved_clock_are_named_when_left_out(run):
    done = run(CHROMIUM="/bin/sh", LIBFAKETIME="/nowhere")
    assert done.returncode == 0, done.stdout
    assert "3 passed, 2 skipped" in done.stdout  # one leaves itself out
    assert "tests of a moved clock left out: no libfaketime was found" in done.stdout
    assert "test_sample.py::test_of_an_hour" in done.stdout


def test_a_required_moved_clock_that_is_missing_fails_the_run(run):
    done = run(CHROMIUM="/bin/sh", LIBFAKETIME="/nowhere", MOVED_CLOCK="required")
    assert done.returncode != 0
    assert "MOVED_CLOCK=required, and no libfaketime was found" in done.stdout + done.stderr


def test_tests_of_the_proxy_are_named_when_left_out(run):
    done = run(CHROMIUM="/bin/sh", CADDY="/nowhere")
    assert done.returncode == 0, done.stdout
    assert "3 passed, 2 skipped" in done.stdout  # one leaves itself out
    assert "tests of the proxy left out: no Caddy was found" in done.stdout
    assert "test_sample.py::test_of_a_proxy" in done.stdout


def test_a_required_proxy_that_is_missing_fails_the_run(run):
    done = run(CHROMIUM="/bin/sh", CADDY="/nowhere", PROXY="required")
    assert done.returncode != 0
    assert "PROXY=required, and no Caddy was found" in done.stdout + done.stderr
