"""Every page that answers a form can be asked for again, so that Back and Reload work."""

import ast
from collections.abc import Iterator

from tests.own_code import modules

ANSWERED_IN_PART = {"file_add", "undo"}  # htmx puts their answer into a page that stays


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


def test_a_view_that_answers_with_a_page_takes_get_too():
    views = list(views_that_only_take_forms())
    assert len(views) > 30
    assert {name for name, functions in views if draws(name, functions)} == ANSWERED_IN_PART
