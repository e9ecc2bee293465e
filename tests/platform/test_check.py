"""Which tests `make check` runs."""

from malpas.dev.check import QUICK, chosen_tests
from malpas.dev.folders import ROOT


def test_quick_structure_tests_exist():
    assert [path for path in QUICK if not (ROOT / path).exists()] == []


def test_changed_modules_and_tests_are_chosen(tmp_path):
    for path in ("tests/points/test_rules.py", "tests/messaging/office/test_queries.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    changed = [
        "points/rules.py",
        "messaging/office/queries.py",
        "tests/points/test_rules.py",
        "tests/points/test_gone.py",
        "templates/base.html",
        "docs/test_plan.md",
    ]
    assert chosen_tests(changed, tmp_path) == [
        "tests/messaging/office/test_queries.py",
        "tests/points/test_rules.py",
    ]
