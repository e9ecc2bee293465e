import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
LADDER = {"accounts": 1, "classes": 2, "points": 3, "messaging": 3, "stories": 3, "moderation": 4}
OURS = [*LADDER, "malpas"]


def lint_imports(folder: Path) -> subprocess.CompletedProcess:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def copy_of_the_code(folder: Path) -> Path:
    for name in OURS:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_ladder_the_leaf_and_the_floors_hold():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    "file, line, contract",
    [
        ("points/enums.py", "import messaging.enums", "The ladder"),
        ("classes/enums.py", "import points.enums", "The ladder"),
        ("accounts/enums.py", "import malpas.settings", "malpas names every app"),
        ("malpas/lib/text.py", "import accounts.enums", "The leaf"),
        ("points/rules.py", "import points.services", "The floors"),
        ("accounts/calendar/hours.py", "import accounts.notify.notify", "The ladder inside accounts"),
        ("messaging/office/unplaced.py", "PLACE = None", "The ladder inside messaging.office"),
    ],
)
def test_an_import_upwards_is_found(tmp_path, file, line, contract):
    copy_of_the_code(tmp_path)
    broken = tmp_path / file
    broken.write_text(f"{line}\n{broken.read_text() if broken.exists() else ''}")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert any(row.startswith(contract) and "BROKEN" in row for row in result.stdout.splitlines()), (
        result.stdout
    )


def upward_keys(keys: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(from app, to app) pairs in which a row would point to an upper app or a sibling."""
    return [
        (here, there)
        for here, there in keys
        if here in LADDER and there in LADDER and here != there and LADDER[there] >= LADDER[here]
    ]


def foreign_keys() -> list[tuple[str, str]]:
    return [
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.related_model
    ]


def test_foreign_keys_point_down_the_ladder():
    assert len(foreign_keys()) > 30
    assert upward_keys(foreign_keys()) == []


def test_a_key_to_an_upper_app_or_a_sibling_is_found():
    keys = [("classes", "points"), ("points", "stories"), ("points", "classes")]
    assert upward_keys(keys) == [("classes", "points"), ("points", "stories")]
