"""How a run deals the tests out to its processes."""

from types import SimpleNamespace

import pytest

from malpas.dev.folders import ROOT
from malpas.dev.test import side_by_side
from tests.dealing import SCHOOLS, SECOND_SCHOOL, deal, group_of
from tests.layers import layer_times


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
        a_test("tests/structure/test_words.py::test_b"),
        *[a_test(f"tests/faults/test_{name}.py::test_c", name, "rig") for name in SCHOOLS],
    ]
    deal(request.config, items)
    assert [group_of(item) for item in items] == [*SCHOOLS, "", "", ""]
    assert items[3].nodeid.startswith("tests/structure/")
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


def test_two_schools_share_the_journeys():
    assert group_of(a_test(f"{SECOND_SCHOOL[0]}::test_a", "running_school")) == "running_school 2"
    assert all((ROOT / path).exists() for path in SECOND_SCHOOL)


def test_one_process_more_than_cores_and_five_at_most(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert side_by_side()[:2] == ["-n", "3"]
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert side_by_side()[:2] == ["-n", "5"]


def test_each_layer_prints_its_own_time():
    reports = [
        SimpleNamespace(nodeid=nodeid, duration=seconds)
        for nodeid, seconds in (
            ("tests/journeys/test_terms.py::test_a", 4.5),
            ("tests/journeys/test_terms.py::test_a", 0.6),
            ("tests/points/test_rules.py::test_b", 1.0),
        )
    ]
    assert layer_times(reports) == ["unit and pages: 1 tests, 1 s", "journeys: 1 tests, 5 s"]
