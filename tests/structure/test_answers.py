"""Every page that answers a form can be asked for again, so that Back and Reload work."""

import ast
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from malpas.lib.posted import opens_to_reader
from tests.own_code import modules
from tests.structure.access import ACCESS
from tests.structure.world import make_world

ANSWERED_IN_PART = {"file_add", "undo"}  # htmx puts their answer into a page that stays
NEEDS_AN_IMPORT = {"roster_undo"}  # the world's roster was put there without one


def functions_of(path) -> dict[str, ast.FunctionDef]:
    return {
        node.name: node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    }


def called_by(function: ast.FunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(call, "id", getattr(call, "attr", "")) for call in calls}


def draws(name: str, functions: dict[str, ast.FunctionDef], asked: frozenset[str] = frozenset()) -> bool:
    """Return whether this function renders a page, by itself or by another of its module."""
    called = called_by(functions[name])
    asked |= {name}
    return any(call.startswith("render") for call in called) or any(
        draws(call, functions, asked) for call in called & (set(functions) - asked)
    )


def views_that_only_take_forms() -> Iterator[tuple[str, dict[str, ast.FunctionDef]]]:
    for path in modules():
        functions = functions_of(path)
        for name, function in functions.items():
            if any("require_POST" in ast.unparse(each) for each in function.decorator_list):
                yield name, functions


def test_a_view_says_itself_that_it_takes_forms_alone():
    calls = [
        node
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    assert [ast.unparse(call) for call in calls if ast.unparse(call.func) == "require_POST"] == []


def test_a_view_that_answers_with_a_page_takes_get_too():
    views = list(views_that_only_take_forms())
    assert len(views) > 30
    assert {name for name, functions in views if draws(name, functions)} == ANSWERED_IN_PART


@pytest.mark.django_db
def test_every_answer_with_a_page_can_be_asked_for_again(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = make_world(people)
    browsers, answered, lost = people.everybody(), 0, []
    for name, row in ACCESS.items():
        if not row.ok or name in ANSWERED_IN_PART | NEEDS_AN_IMPORT:
            continue
        browser, path = browsers[min(row.ok)], reverse(name, kwargs=row.args(world))
        with transaction.atomic():
            answer = browser.post(path, {})
            if answer.status_code in (200, 409, 422) and b"</html>" in getattr(answer, "content", b""):
                answered += 1
                again = browser.get(path)
                lost += [] if opens_to_reader(again) else [f"{name}: {again.status_code}"]
            transaction.set_rollback(True)
    assert answered > 40
    assert lost == []
