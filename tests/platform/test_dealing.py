"""How a run deals the tests out to its processes."""

from types import SimpleNamespace

import pytest

from malpas.dev.test import side_by_side
from tests.conftest import SCHOOLS, group_of, pytest_collection_modifyitems


def a_test(nodeid: str, *fixtures: str, browser: bool = False) -> SimpleNamespace:
    marks = [pytest.mark.browser.mark] if browser else []
    found = SimpleNamespace(nodeid=nodeid, fixturenames=fixtures)
    found.get_closest_marker = lambda name: next((mark for mark in marks if mark.name == name), None)
    found.add_marker = lambda mark: marks.append(mark.mark)
    return found


def test_who_shares_a_school_stays_together_and_comes_first(request):
    items = [
        a_test("tests/abuse/test_stop.py::test_last", "transactional_db"),
        a_test("tests/points/test_rules.py::test_a"),
        a_test("tests/faults/test_auditor.py::test_b"),
        *[a_test(f"tests/faults/test_{name}.py::test_c", name, "rig") for name in SCHOOLS],
    ]
    pytest_collection_modifyitems(request.config, items)
    assert [group_of(item) for item in items] == [*SCHOOLS, "", "", ""]
    assert items[3].nodeid.startswith("tests/faults/")
    assert items[-1].nodeid.endswith("test_last")  # it empties the database of its process
    if request.config.pluginmanager.hasplugin("xdist"):
        assert [item.get_closest_marker("xdist_group").args for item in items[:3]] == [
            (one,) for one in SCHOOLS
        ]


def test_a_file_whose_programs_or_browser_are_shared_stays_together():
    assert group_of(a_test("tests/platform/test_run.py::test_a")) == "tests/platform/test_run.py"
    assert (
        group_of(a_test("tests/points/test_browser.py::test_a", browser=True))
        == "tests/points/test_browser.py"
    )
    assert group_of(a_test("tests/points/test_rules.py::test_a", "people")) == ""


def test_there_is_a_process_for_each_core_and_four_at_most(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert side_by_side()[:2] == ["-n", "2"]
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert side_by_side()[:2] == ["-n", "4"]
