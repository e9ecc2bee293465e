"""One word for one thing: no sentence that people read contains a word that docs/words.md rules out."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from malpas.dev.folders import ROOT

WORDS = ROOT / "docs" / "words.md"
WELSH = ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po"


def ruled_out(page: str) -> list[str]:
    """Return the phrases in the last column of each table."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"
    ]
    cells = [row[-1] for row in rows if row[-1] != "never" and row[-1].strip("- ")]
    return [phrase for cell in cells for phrase in cell.split(", ")]


def sentences(catalogue: Path) -> Iterator[str]:
    """Return what the portal itself says in English, without the libraries' own sentences."""
    with catalogue.open("rb") as file:
        for message in read_po(file):
            if message.id and "vendor" not in message.auto_comments:
                yield from [message.id] if isinstance(message.id, str) else message.id


def faults(phrases: list[str], said: list[str]) -> list[tuple[str, str]]:
    found = re.compile(r"(?<!\w)(" + "|".join(re.escape(phrase) for phrase in phrases) + r")(?!\w)", re.I)
    return [(match[1], sentence) for sentence in said if (match := found.search(sentence))]


def test_no_sentence_uses_a_word_that_is_ruled_out():
    assert faults(ruled_out(WORDS.read_text()), list(sentences(WELSH))) == []


def test_a_word_that_is_ruled_out_is_found():
    phrases = ruled_out("| thing | never |\n| --- | --- |\n| story | blog, news item |\n| again | |\n")
    assert phrases == ["blog", "news item"]
    assert faults(phrases, ["A Blog post", "A weblog", "news items"]) == [("Blog", "A Blog post")]
