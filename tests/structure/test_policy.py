"""Every clause of docs/policy.yaml has a text, code that exists and tests that are marked with it."""

import ast
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from malpas.dev.policy_page import DATA, PAGE, page, read, state

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"PU": 6, "TE": 8, "PA": 13, "AU": 12, "DO": 2}
CLAUSES = [f"{part}-{number}" for part, size in SIZES.items() for number in range(1, size + 1)]
FIELDS = {"rule", "software", "code", "tests", "missing"}


def counted() -> str:
    """Return how far the policy is carried out, in one line."""
    count = Counter(state(clause) for clause in read()["clauses"].values())
    return f"policy: {count['whole']} clauses whole, {count['in part']} in part, {count['not yet']} not yet"


def clauses_in(marks: list[ast.expr]) -> set[str]:
    """Return the clauses that `pytest.mark.policy(…)` names among these marks."""
    calls = [
        mark
        for mark in marks
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.policy"
    ]
    return {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}


def module_marks(tree: ast.Module) -> set[str]:
    """Return the clauses that a file's `pytestmark` gives to all its tests."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            marks = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            return clauses_in(marks)
    return set()


def marked_tests() -> dict[str, set[str]]:
    """Return the clauses of each test, by `file::name`."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = clauses_in(node.decorator_list) | module_marks(tree)
                found[f"{path.relative_to(ROOT)}::{node.name}"] = marks
    return found


def clause_faults(name: str, clause: dict[str, Any], tests: dict[str, set[str]]) -> list[str]:
    """Return what is wrong with one clause of the data."""
    named, code = clause.get("tests") or [], clause.get("code") or []
    files = [file for each in code for file in each.get("files") or []]
    wrong = [f"has no {field}" for field in ("rule", "software") if not clause.get(field)]
    wrong += [f"has an unknown field {field}" for field in clause.keys() - FIELDS]
    wrong += ["names no test and nothing that is missing"] if not named and not clause.get("missing") else []
    wrong += ["names tests but no code"] if named and not files else []
    wrong += ["has code without a description or a file" for each in code if not all(each.values())]
    wrong += [f"{test} does not exist" for test in named if test not in tests]
    wrong += [f"{test} is not marked with it" for test in named if name not in tests.get(test, {name})]
    wrong += [f"{file} does not exist" for file in files if not (ROOT / file).is_file()]
    wrong += [f"{twice} is named twice" for twice, count in Counter(named).items() if count > 1]
    return [f"{name}: {fault}" for fault in wrong]


def faults(clauses: dict[str, dict[str, Any]], tests: dict[str, set[str]]) -> list[str]:
    """Return what is wrong with the clauses of the data, in order."""
    wrong = [f"{name} is not a clause" for name in clauses if name not in CLAUSES]
    wrong += [f"{name} is missing" for name in CLAUSES if name not in clauses]
    return wrong + [fault for name, clause in clauses.items() for fault in clause_faults(name, clause, tests)]


def test_every_clause_has_its_text_its_code_and_marked_tests():
    # tests/conftest.py prints the count at the end of a run.
    assert faults(read()["clauses"], marked_tests()) == []


def test_no_clause_stands_twice():
    (clauses,) = (value for key, value in yaml.compose(DATA.read_text()).value if key.value == "clauses")
    assert [key.value for key, _value in clauses.value] == CLAUSES


def test_the_page_is_made_from_the_data():
    assert PAGE.read_text() == page(read()), "run `make policy-page`"


def test_the_page_shows_each_clause_in_full():
    text = page(read())
    for name, clause in read()["clauses"].items():
        shown = text.split(f"\n### {name}\n")[1].split("\n##")[0]
        assert shown.index(clause["rule"]) < shown.index(clause["software"])
        assert all(f"`{test}`" in shown for test in clause.get("tests", []))
        assert clause.get("missing", "") in shown


def test_marks_name_clauses_that_exist():
    named = set().union(*marked_tests().values())
    assert named
    assert named <= set(CLAUSES)


WHOLE = {
    "rule": "Points are kept.",
    "software": "They are.",
    "code": [{"does": "Keeps points", "files": ["points/models.py"]}],
    "tests": ["tests/a/test_a.py::test_it"],
}


@pytest.mark.parametrize(
    "change, fault",
    [
        ({"tests": []}, "names no test"),
        ({"tests": ["tests/a/test_a.py::test_gone"]}, "does not exist"),
        ({"tests": ["tests/a/test_a.py::test_other"]}, "is not marked with it"),
        ({"tests": WHOLE["tests"] * 2}, "is named twice"),
        ({"code": []}, "names tests but no code"),
        ({"code": [{"does": "", "files": ["points/models.py"]}]}, "without a description"),
        ({"code": [{"does": "Keeps points", "files": ["points/gone.py"]}]}, "does not exist"),
        ({"rule": ""}, "has no rule"),
        ({"text": "Points"}, "unknown field text"),
    ],
)
def test_an_untrue_clause_is_found(change, fault):
    tests = {"tests/a/test_a.py::test_it": {"PU-1"}, "tests/a/test_a.py::test_other": {"PU-2"}}
    assert clause_faults("PU-1", deepcopy(WHOLE), tests) == []
    assert any(fault in wrong for wrong in clause_faults("PU-1", WHOLE | change, tests))


def test_a_missing_clause_and_an_invented_one_are_found():
    found = faults({"PU-7": deepcopy(WHOLE)}, {})
    assert {"DO-2 is missing", "PU-7 is not a clause"} <= set(found)
