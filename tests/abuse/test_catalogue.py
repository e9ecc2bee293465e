"""docs/security.md answers for every row, and names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IDS = [f"A{number:02}" for number in range(1, 71)] + [f"F{number:02}" for number in range(1, 43)]
ROW = re.compile(r"^\| ([AF]\d\d) \|[^|]+\|([^|]*)\|([^|]*)\|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs" / "security.md").read_text()
    return {name: (proof.strip(), note.strip()) for name, proof, note in ROW.findall(text)}


def test_every_row_is_answered_in_order():
    assert list(rows()) == IDS
    assert [name for name, (proof, note) in rows().items() if not proof and not note] == []


def test_every_test_that_is_named_exists():
    named = [each for proof, _note in rows().values() for each in re.findall(r"`(tests/\S+)::(\w+)`", proof)]
    assert len(named) > 100
    assert [
        f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text()
    ] == []


def test_every_test_here_that_bears_a_number_is_named():
    listed = (ROOT / "docs" / "security.md").read_text()
    found = [
        (path.name, name)
        for folder in ("abuse", "faults")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
        for name in re.findall(r"^def (test_[AF]\d\d_\w+)", path.read_text(), re.MULTILINE)
    ]
    assert len(found) > 130
    assert [each for each in found if f"{each[0]}::{each[1]}`" not in listed] == []
