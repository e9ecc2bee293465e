"""A hook after the commit that may fail is a function with a name: Django 5.2 breaks on a `partial`."""

import re

from tests.own_code import modules

HOOK = re.compile(r"on_commit\(\s*(?:functools\.)?partial\b")


def partials(source: str) -> list[str]:
    return HOOK.findall(source)


def test_no_hook_after_a_commit_is_a_partial():
    assert [path for path in modules() if partials(path.read_text())] == []


def test_one_would_be_found():
    assert partials("transaction.on_commit(partial(nudge, deliver), robust=True)")
    assert partials("transaction.on_commit(\n    functools.partial(nudge, deliver))")
    assert not partials("transaction.on_commit(lambda: nudge(deliver))")
