"""How a run deals the tests out to its processes."""

from types import SimpleNamespace

from xdist.scheduler import LoadScopeScheduling

from malpas.dev.folders import ROOT
from malpas.dev.test import side_by_side
from tests.dealing import FILES, GROUPS, LONGEST, ORDER, RIGS, Dealer, group_of, turn_of
from tests.layers import layer_times

SCHOOLS = {
    "running_school": {"journeys", "second journeys"},
    "new_school": {"own installation"},
    "running": {"faults"},
    "moving": {"moved clock"},
}


def a_test(nodeid: str, *fixtures: str) -> SimpleNamespace:
    return SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, get_closest_marker=lambda name: None)


def test_who_shares_a_school_or_browser_stays_together(request):
    for item in request.session.items:
        group = group_of(item.nodeid)
        for fixture, groups in SCHOOLS.items():
            assert fixture not in item.fixturenames or group in groups, item.nodeid
        assert "browser_contexts" not in item.fixturenames or group != item.nodeid, item.nodeid


def test_schools_come_first_and_who_empties_the_database_last():
    items = [
        a_test("tests/abuse/test_stop.py::test_last", "transactional_db"),
        a_test("tests/points/test_rules.py::test_a"),
        a_test("tests/structure/test_words.py::test_b"),
        a_test("tests/faults/test_mail.py::test_c"),
        a_test("tests/journeys/test_terms.py::test_d"),
    ]
    found = [item.nodeid.rpartition("_")[2] for item in sorted(items, key=turn_of)]
    assert found == ["d", "c", "b", "a", "last"]


def test_groups_name_files_that_exist():
    assert set(ORDER) == set(GROUPS)
    paths = [path for paths in GROUPS.values() for path in paths] + [*FILES, *LONGEST]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_dealer_gives_a_group_to_one_process():
    assert issubclass(Dealer, LoadScopeScheduling)
    assert (
        Dealer._split_scope(None, f"{RIGS[0]}::test_a")
        == Dealer._split_scope(None, f"{RIGS[1]}::test_b")
        == "faults"
    )
    assert (
        Dealer._split_scope(None, "tests/points/test_rules.py::test_a")
        == "tests/points/test_rules.py::test_a"
    )


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
