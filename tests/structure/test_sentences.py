"""Tests quote a sentence that people read from one place, so that a better sentence changes one line."""

from pathlib import Path

import pytest

from tests.structure.sentences import (
    APPS,
    FOLDER,
    ROOT,
    Finder,
    app_of,
    constants,
    imported,
    modules_of_tests,
    read_sentences,
)

EXCEPTIONS = Path(__file__).with_name("sentences_quoted.txt")
MOST_EXCEPTIONS = 10


@pytest.fixture(scope="module")
def catalogue() -> dict[str, set[str]]:
    return read_sentences(ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po")


@pytest.fixture(scope="module")
def named() -> dict[tuple[str, str], str]:
    return {
        (app, name): sentence for app in APPS for name, sentence in constants(FOLDER / f"{app}.py").items()
    }


def exceptions() -> list[str]:
    return [line for line in EXCEPTIONS.read_text().splitlines() if line and not line.startswith("#")]


# -- the named sentences -------------------------------------------------------------------------------


def test_every_named_sentence_is_in_the_catalogue(catalogue, named):
    assert len(named) > 150
    assert {key: sentence for key, sentence in named.items() if sentence not in catalogue} == {}


def test_each_sentence_stands_with_an_app_that_says_it(catalogue, named):
    said = {key: catalogue[sentence] or {"portal"} for key, sentence in named.items()}
    assert {key: apps for key, apps in said.items() if key[0] not in apps} == {}


def test_no_sentence_has_two_names(named):
    assert len(set(named.values())) == len(named)


def test_every_named_sentence_is_used(named):
    used = {each for path in (ROOT / "tests").rglob("*.py") for each in imported(path.read_text())}
    assert set(named) - used == set()


# -- the tests -----------------------------------------------------------------------------------------


def test_no_test_quotes_a_sentence_itself(catalogue):
    finder = Finder(catalogue)
    modules = modules_of_tests()
    assert len(modules) > 150
    found = [
        quote for path in modules for quote in finder.quotes(str(path.relative_to(ROOT)), path.read_text())
    ]
    excepted = exceptions()
    assert [quote for quote in found if quote.exception not in excepted] == []
    assert set(excepted) - {quote.exception for quote in found} == set(), "these quote nothing any more"
    assert len(excepted) < MOST_EXCEPTIONS and excepted == sorted(set(excepted))


FOUND = Finder(["Please ask your teacher first.", "You can undo it until %(time)s.", "Too few words"])


@pytest.mark.parametrize(
    "code",
    [
        'assert "Please ask your teacher first." in page',
        'assert b"Please ask your teacher first." in page',
        'assert "Mali: Please ask your teacher first. Thanks" in page',
        'assert "Please ask your  teacher" in page',
        'assert "You can undo it until 10:10." in page',
        'assert f"You can undo it until {time}." in page',
        'with raises(Refused, match="ask your teacher first"): ...',
        'REFUSED = "Please ask your teacher first."',
        '@parametrize("sentence", ["Please ask your teacher first."])\ndef test(): ...',
    ],
)
def test_a_quoted_sentence_is_found(code):
    assert len(FOUND.quotes("tests/a.py", code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        'assert "Too few words" in page',
        'assert "ask your teacher" in page',
        'assert "Please ask your mother first." in page',
        'def test():\n    """Please ask your teacher first."""',
        "assert ASK_YOUR_TEACHER in page",
    ],
)
def test_short_texts_names_and_docstrings_quote_nothing(code):
    assert FOUND.quotes("tests/a.py", code) == []


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("classes/joining/services.py", "classes"),
        ("templates/messaging/office/done.html", "messaging"),
        ("templates/admin/classes/_orders.html", "classes"),
        ("templates/account/signup.html", "accounts"),
        ("templates/429.html", "portal"),
        ("malpas/lib/renderer.py", "portal"),
    ],
)
def test_a_sentence_belongs_to_the_app_of_its_file(path, app):
    assert app_of(path) == app


def test_names_are_read_from_imports():
    source = "from tests.sentences.points import A, B\nfrom tests.people import C"
    assert imported(source) == {("points", "A"), ("points", "B")}
