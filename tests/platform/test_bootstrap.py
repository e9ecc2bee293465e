import ast
import importlib.util
import stat
from pathlib import Path

import pytest

from malpas.dev import bootstrap
from malpas.dev.folders import ROOT


@pytest.fixture
def environment(tmp_path):
    """An environment whose Python and uv are scripts that note what they were asked."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    program(tmp_path, "python", 'if [ "$1" = -c ]; then echo 3.11; else echo "python $*" >> "$NOTES"; fi')
    program(tmp_path, "uv", 'echo "uv $*" >> "$NOTES"')
    return bootstrap.Environment(str(tmp_path), str(tmp_path))


@pytest.fixture(autouse=True)
def notes(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    return lambda: (tmp_path / "notes").read_text().splitlines()


def program(folder: Path, name: str, script: str) -> None:
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_an_old_python_can_read_the_bootstrap():
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))


def test_an_old_python_is_reported_in_a_sentence():
    assert "Python 3.11 or newer is needed, and this is 3.9." in bootstrap.too_old((3, 9, 2))
    assert bootstrap.too_old((3, 11, 0)) is None
    assert bootstrap.too_old((3, 14, 1)) is None


def test_an_old_python_gives_way_to_a_newer_one_on_the_path(monkeypatch):
    went_on = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", {"python3.12": "/opt/python3.12"}.get)
    monkeypatch.setattr(bootstrap.os, "execv", lambda path, arguments: went_on.append(path))
    bootstrap.go_on_with_newer_python()
    assert went_on == ["/opt/python3.12"]


def test_uv_installs_with_hashes(environment, notes):
    environment.install("requirements.txt")
    assert [line.split()[0] for line in notes()] == ["uv"]
    assert "--require-hashes" in notes()[0]
    assert environment.is_ready("requirements.txt")


def test_uv_is_installed_first_when_it_is_missing(environment, notes, tmp_path):
    (tmp_path / "bin" / "uv").unlink()
    environment.by_uv("requirements.txt")
    assert notes()[0].endswith("--require-hashes -r malpas/dev/uv.txt")


def test_pip_installs_when_uv_fails(environment, notes, tmp_path):
    program(tmp_path, "uv", "exit 2")
    environment.install("requirements.txt")
    assert notes()[-1].endswith("--require-hashes -r requirements.txt")
    assert environment.is_ready("requirements.txt")


def test_nothing_counts_as_installed_when_both_fail(environment, tmp_path):
    program(tmp_path, "uv", "exit 2")
    program(tmp_path, "python", "exit 1")
    with pytest.raises(SystemExit, match="could not be installed"):
        environment.install("requirements.txt")
    assert not environment.is_ready("requirements.txt")


def test_changed_requirements_are_installed_again(environment, tmp_path):
    environment.install("requirements.txt")
    (tmp_path / "requirements.txt").write_text("django==5.3\n")
    assert not environment.is_ready("requirements.txt")


def test_another_python_is_installed_for_again(environment, tmp_path):
    environment.install("requirements.txt")
    program(tmp_path, "python", "echo 3.12")
    assert not environment.is_ready("requirements.txt")


def test_a_python_without_venv_names_the_package_to_install(environment, tmp_path, monkeypatch):
    (tmp_path / "bin" / "python").unlink()
    monkeypatch.setitem(bootstrap.sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        environment.make()


@pytest.mark.parametrize("verb", bootstrap.VERBS)
def test_every_verb_has_its_requirements_and_its_module(verb):
    requirements, module, _first = bootstrap.VERBS[verb]
    assert "--hash=sha256:" in (ROOT / requirements).read_text()
    assert not module or importlib.util.find_spec(module)
