"""No identifier uses a term that the glossary replaces."""

import pytest

from tests.structure.glossary import (
    ROOT,
    TERMS,
    names_in_python,
    names_in_template,
    outdated,
    terms_in,
    used,
)


def test_no_identifier_uses_a_replaced_term():
    names = used(ROOT)
    assert len(names) > 5000
    assert outdated(names) == {}


@pytest.mark.parametrize(
    "name, path",
    [
        ("tie", "classes/models.py"),
        ("TieIsLive", "classes/models.py"),
        ("_told_of", "points/services.py"),
        ("SentBefore", "malpas/lib/idempotency.py"),
        ("LeftOut", "messaging/broadcasts.py"),
        ("PRESSES", "tests/people.py"),
        ("test_the_parent_is_told_of_it_at_once", "tests/points/test_child.py"),
    ],
)
def test_a_replaced_term_is_found_in_any_spelling(name, path):
    assert terms_in(name, path)


@pytest.mark.parametrize(
    "name, path",
    [
        ("left_on", "classes/models.py"),
        ("properties", "classes/models.py"),
        ("express", "points/services.py"),
        ("Card", "classes/pupil_access/cards.py"),
        ("stop", "malpas/dev/run.py"),
        ("test_a_list_kept_in_order_stays_so", "tests/points/test_child.py"),
    ],
)
def test_an_ordinary_word_is_no_replaced_term(name, path):
    assert terms_in(name, path) == []


def test_names_are_read_from_code_and_tags_and_not_from_text():
    assert list(names_in_python('told = tie.of("press", name="talks")  # talk')) == [
        "told",
        "tie",
        "of",
        "name",
        "talks",
    ]
    page = "<p>told</p>{# press #}{% if tie %}{{ talk.of|default:'door' }}{% endif %}"
    assert {*names_in_template(page)} == {"if", "tie", "talk", "of", "default", "endif"}


def test_methods_of_libraries_and_labels_on_pages_are_no_names_of_ours():
    assert list(names_in_python('page.press("Tab")')) == ["page"]
    assert list(names_in_python('find(name="Tell the office")')) == ["find", "name"]
    assert "press" in list(names_in_python("def press(): ..."))


def test_each_term_says_what_to_use_instead():
    assert all(term.instead for term in TERMS)
    assert len({(term.words, term.scope) for term in TERMS}) == len(TERMS)
