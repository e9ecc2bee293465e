import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.own_code import APPS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for app in APPS for path in (ROOT / app / "migrations").glob("0*.py"))


def app_imports(source: str) -> list[str]:
    return re.findall(rf"^\s*(?:from|import) ((?:{'|'.join(APPS)})\b\S*)", source, re.MULTILINE)


def is_auto_named(name: str) -> bool:
    return bool(re.match(r"\d{4}_(auto_|alter_|remove_|.*_and_more$)", name))


def squawk(sql: str, *, atomic: bool = True) -> subprocess.CompletedProcess:
    program = str(Path(sys.executable).with_name("squawk"))
    options = ["--pg-version=18.0", "--exclude=prefer-robust-stmts,prefer-identity"]
    if atomic:
        options.append("--assume-in-transaction")
    return subprocess.run([program, *options], input=sql, capture_output=True, text=True, timeout=60)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_migration_imports_an_app():
    assert len(FILES) >= 6
    assert {path.name: app_imports(path.read_text()) for path in FILES if app_imports(path.read_text())} == {}


def test_an_app_import_is_found():
    assert app_imports("import django\nfrom points.models import Award\n") == ["points.models"]


def test_migrations_have_names_that_say_something():
    assert [path.name for path in FILES if is_auto_named(path.stem)] == []
    assert is_auto_named("0002_auto_20261110_1000")
    assert is_auto_named("0002_award_note_and_more")


@pytest.mark.django_db
def test_migrations_are_safe_under_load():
    # The first of each app makes tables that nobody uses yet.
    later = [path for path in FILES if not path.stem.startswith("0001")]
    for path in later:
        migration = MigrationExecutor(connection).loader.get_migration(path.parts[-3], path.stem)
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            state = MigrationExecutor(connection).loader.project_state(
                (path.parts[-3], path.stem), at_end=False
            )
            migration.apply(state, editor, collect_sql=True)
        result = squawk("\n".join(editor.collected_sql), atomic=migration.atomic)
        assert result.returncode == 0, f"{path}: {result.stdout}"


def test_an_unsafe_migration_is_found():
    result = squawk('ALTER TABLE "points_award" ALTER COLUMN "note" TYPE text;')
    assert result.returncode == 1 and "changing-column-type" in result.stdout, result.stdout + result.stderr
