import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"PU": 6, "TE": 8, "PA": 13, "AU": 12, "DO": 2}
CLAUSES = [f"{part}-{number}" for part, size in SIZES.items() for number in range(1, size + 1)]
CLAUSE = re.compile(r"(PU|TE|PA|AU|DO)-\d+$")


def rows(text: str) -> dict[str, tuple[str, list[str], str]]:
    """clause → (what carries it out, its tests as file::name, what is not yet there)."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if len(cells) == 4 and CLAUSE.match(cells[0]):
            found[cells[0]] = (cells[1], re.findall(r"`(tests/\S+?::\w+)`", cells[2]), cells[3])
    return found


def state(row: tuple[str, list[str], str]) -> str:
    _carried, proof, missing = row
    if not proof:
        return "not yet"
    return "in part" if missing else "whole"


def counted() -> str:
    """How far the policy is carried out, in one line."""
    count = Counter(state(row) for row in rows((ROOT / "docs" / "policy.md").read_text()).values())
    return f"policy: {count['whole']} clauses whole, {count['in part']} in part, {count['not yet']} not yet"


def clauses_in(marks: list[ast.expr]) -> set[str]:
    calls = [
        mark
        for mark in marks
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.policy"
    ]
    return {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}


def module_marks(tree: ast.Module) -> set[str]:
    """What a file's `pytestmark` says of all its tests."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            marks = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            return clauses_in(marks)
    return set()


def marked_tests() -> dict[str, set[str]]:
    """file::name → the clauses that the test is marked with."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = clauses_in(node.decorator_list) | module_marks(tree)
                found[f"{path.relative_to(ROOT)}::{node.name}"] = marks
    return found


def faults(text: str, tests: dict[str, set[str]]) -> list[str]:
    table = rows(text)
    wrong = [f"{clause} has no row" for clause in CLAUSES if clause not in table]
    for clause, (carried, proof, missing) in table.items():
        if not proof and not missing.startswith("not yet"):
            wrong.append(f"{clause} names no test and does not say 'not yet'")
        if proof and not carried:
            wrong.append(f"{clause} does not say what carries it out")
        wrong += [f"{clause}: {name} does not exist" for name in proof if name not in tests]
        wrong += [
            f"{clause}: {name} is not marked with it"
            for name in proof
            if clause not in tests.get(name, {clause})
        ]
        files = re.findall(r"`([\w/]+\.(?:py|html))`", carried)
        wrong += [f"{clause}: {file} does not exist" for file in files if not (ROOT / file).exists()]
    return wrong


def test_every_clause_has_a_row_that_is_true():
    # tests/conftest.py prints the count at the end of a run.
    assert faults((ROOT / "docs" / "policy.md").read_text(), marked_tests()) == []


def test_marks_name_clauses_that_exist():
    named = set().union(*marked_tests().values())
    assert named
    assert named <= set(CLAUSES)


@pytest.mark.parametrize(
    "row, fault",
    [
        ("| PU-1 | x | | |", "names no test"),
        ("| PU-1 | x | `tests/a/test_a.py::test_gone` | |", "does not exist"),
        ("| PU-1 | x | `tests/a/test_a.py::test_other` | |", "is not marked with it"),
        ("| PU-1 | | `tests/a/test_a.py::test_it` | |", "does not say what"),
        ("| PU-1 | `points/gone.py` | `tests/a/test_a.py::test_it` | |", "does not exist"),
    ],
)
def test_an_untrue_row_is_found(row, fault):
    tests = {"tests/a/test_a.py::test_it": {"PU-1"}, "tests/a/test_a.py::test_other": {"PU-2"}}
    assert any(fault in wrong for wrong in faults(row, tests) if wrong.startswith("PU-1"))


def test_a_clause_without_a_row_is_found():
    assert "DO-2 has no row" in faults("", {})
