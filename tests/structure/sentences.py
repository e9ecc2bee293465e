"""Read which sentences of the catalogue the tests quote, and where; each function returns what it finds."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

from tests.sentences.reading import fixed_parts, plain, says

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "sentences"
APPS = ("accounts", "classes", "points", "messaging", "stories", "moderation", "portal")
# Their tests read whole pages in a browser, or kill processes; and what looks for quoted sentences names some.
FREE = ("journeys", "faults", "structure", "sentences")
VENDORS = ("account", "allauth", "admin")  # folders of templates whose names are a library's
WORDS = 4

WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
TAG = re.compile(r"<[^>]+>")


class Quote(NamedTuple):
    """A text in a test, and the sentence of the catalogue that it quotes, whole or in part."""

    path: str
    line: int
    text: str
    sentence: str

    @property
    def exception(self) -> str:
        """Return the line that would except it."""
        return f"{self.path}: {plain(self.text)}"


def words_in(text: str) -> int:
    return len(WORD.findall(TAG.sub(" ", " ".join(fixed_parts(text)))))


def read_sentences(catalogue: Path) -> dict[str, set[str]]:
    """Return the English sentences, plurals as well, each with the apps that mark it."""
    found: dict[str, set[str]] = {}
    with catalogue.open("rb") as file:
        for message in read_po(file):
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            for form in filter(None, forms):
                found.setdefault(form, set()).update(app_of(path) for path, _line in message.locations)
    return found


def app_of(path: str) -> str:
    """Return the app of a module or template; the portal where it is of no app."""
    names = [name for name in Path(path).parts if name != "templates"]
    if names[0] == "admin":
        names = names[1:]
    return "accounts" if names[0] in VENDORS else names[0] if names[0] in APPS else "portal"


def constants(path: Path) -> dict[str, str]:
    """Return the named sentences of a module."""
    return {
        target.id: node.value.value
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def imported(source: str) -> set[tuple[str, str]]:
    """Return the app and name of each sentence that a test imports."""
    return {
        (node.module.rpartition(".")[2], alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tests.sentences.")
        for alias in node.names
    }


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string, but no docstring; what an f-string fills in is left open."""
    tree = ast.parse(source)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped.update(map(id, node.values))
            yield node.lineno, "".join(v.value if isinstance(v, ast.Constant) else "…" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value
            yield node.lineno, value if isinstance(value, str) else value.decode(errors="replace")


class Finder:
    """Finds a sentence of four words or more, or four words in a row of one, in the texts of a test."""

    def __init__(self, sentences: Iterable[str]) -> None:
        long = [sentence for sentence in sentences if words_in(sentence) >= WORDS]
        self.longest_part = {sentence: max(fixed_parts(plain(sentence)), key=len) for sentence in long}
        self.rows = {
            row: sentence
            for sentence in long
            for part in fixed_parts(sentence)
            for row in rows_of_words(part)
        }

    def sentence_of(self, text: str) -> str | None:
        """Return the sentence that the text quotes; a name of one word with underscores quotes none."""
        if " " not in text:
            return None
        row = next((self.rows[row] for row in rows_of_words(text) if row in self.rows), None)
        if row or words_in(text) < WORDS:
            return row
        text = plain(text)
        whole = (each for each, part in self.longest_part.items() if part in text and says(text, each))
        return next(whole, None)

    def quotes(self, path: str, source: str) -> list[Quote]:
        return [
            Quote(path, line, text, sentence)
            for line, text in texts(source)
            if (sentence := self.sentence_of(text))
        ]


def rows_of_words(text: str) -> list[tuple[str, ...]]:
    """Return each four words that follow one another."""
    words = WORD.findall(TAG.sub(" ", plain(text)))
    return list(zip(*(words[start:] for start in range(WORDS)), strict=False))


def modules_of_tests(root: Path = ROOT) -> list[Path]:
    """Return the modules of tests that may quote no sentence."""
    paths = sorted((root / "tests").rglob("*.py"))
    return [path for path in paths if path.relative_to(root / "tests").parts[0] not in FREE]
