import ast
from pathlib import Path

import pytest

from tests.own_code import modules

ROOT = Path(__file__).resolve().parents[2]
READS = {"now", "utcnow", "today", "localdate", "school_now", "time"}
OWNERS = {"datetime", "date", "timezone", "time", "dt", "clock"}
MAY_READ = ("views", "tasks", "admin", "management", "dev", "mailbox", "health")
THE_CLOCK = {"accounts/clock.py", "accounts/models/school.py"}


def clock_reads(source: str) -> list[int]:
    """Lines in which the code asks a clock: datetime.now(), timezone.now(), time.time(), school_now()."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        by_name = isinstance(called, ast.Name) and called.id in {"school_now", "localdate"}
        by_owner = (
            isinstance(called, ast.Attribute)
            and called.attr in READS
            and isinstance(called.value, ast.Name | ast.Attribute)
            and (called.value.id if isinstance(called.value, ast.Name) else called.value.attr) in OWNERS
        )
        if by_name or by_owner:
            found.append(node.lineno)
    return found


def may_read(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return str(path.relative_to(ROOT)) in THE_CLOCK or any(part in MAY_READ for part in parts)


def test_only_views_tasks_admin_and_commands_read_the_clock():
    files = modules()
    assert len(files) > 60
    reads = {
        str(path.relative_to(ROOT)): clock_reads(path.read_text()) for path in files if not may_read(path)
    }
    assert {path: lines for path, lines in reads.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    ["datetime.now()", "timezone.now()", "date.today()", "time.time()", "clock.school_now()", "school_now()"],
)
def test_a_clock_read_is_found(line):
    assert clock_reads(f"x = 1\ny = {line}") == [2]
