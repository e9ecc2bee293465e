"""Every kind of entry in the audit log has a sentence for leaders, in both languages."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.utils.translation import override

from malpas.records.sentences import KINDS, SENTENCES
from moderation.enums import DecisionKind
from points.services import BEHAVIOURS_CONFIRMED
from tests.own_code import modules

NAMED = {"BEHAVIOURS_CONFIRMED": BEHAVIOURS_CONFIRMED}
PLACE = re.compile(r"%\((\w+)\)s")


def kinds_in(node: ast.expr) -> Iterator[str]:
    """Return each kind that this argument may be; of a text with gaps a pattern."""
    if isinstance(node, ast.Constant):
        yield re.escape(str(node.value))
    elif isinstance(node, ast.IfExp):
        yield from kinds_in(node.body)
        yield from kinds_in(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w]+" for p in node.values)
    else:
        yield re.escape(NAMED[ast.unparse(node)])


def recorded(source: str) -> set[str]:
    """Return the kinds of entries that this code writes."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    calls = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "record")
    return {kind for call in calls for kind in kinds_in(call.args[0])}


@cache
def all_recorded() -> set[str]:
    return {kind for path in modules() for kind in recorded(path.read_text())}


def without_sentence(kinds: set[str]) -> list[str]:
    return sorted(kind for kind in kinds if not any(re.fullmatch(kind, verb) for verb in SENTENCES))


def test_every_kind_of_entry_has_a_sentence():
    assert len(all_recorded()) > 80
    assert without_sentence(all_recorded()) == []
    assert {f"decision.{kind}" for kind in DecisionKind} <= SENTENCES.keys()


def test_a_kind_without_a_sentence_would_be_found():
    source = 'record("egg.laid" if new else "egg.found", by=by)\nrecord(f"egg.{colour}", by=by)'
    assert without_sentence(recorded(source)) == [r"egg\.[\w]+", r"egg\.found", r"egg\.laid"]


def test_no_sentence_is_of_a_kind_that_nobody_writes():
    assert [verb for verb in SENTENCES if not any(re.fullmatch(kind, verb) for kind in all_recorded())] == []


def test_each_sentence_is_in_both_languages_with_the_same_gaps():
    for words in [*SENTENCES.values(), *(kind.label for kind in KINDS.values())]:
        with override("en"):
            english = str(words)
        with override("cy"):
            welsh = str(words)
        assert welsh != english, english
        assert sorted(PLACE.findall(welsh)) == sorted(PLACE.findall(english)), english
