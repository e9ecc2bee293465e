"""The terms that the code no longer uses, and where to look for them in its identifiers."""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Term(NamedTuple):
    """A term as words of identifiers ("left out" is `left_out` and `LeftOut`), and what stands in its place.

    `scope`: the folders in which it is a term of art, or none for everywhere. `everyday`: it is a plain English word too,
    which may stand in an identifier that is a sentence, such as a test's name.
    """

    words: str
    instead: str
    scope: tuple[str, ...] = ()
    everyday: bool = False


def terms(words: str, instead: str, scope: tuple[str, ...] = (), everyday: bool = False) -> list[Term]:
    return [Term(each.strip(), instead, scope, everyday) for each in words.split(",")]


MESSAGING = ("messaging/", "templates/messaging/", "tests/messaging/")
OVERSIGHT = (*MESSAGING, "moderation/", "templates/moderation/", "tests/moderation/")
CLASSES = ("classes/", "templates/classes/", "tests/classes/")
TERMS = [
    *terms("tie, ties, tied", "guardianship, has_access"),
    *terms("tell, tells, told, telling", "notify, notification, enquiry"),
    *terms("owed", "access re-check"),
    *terms("press, presses, as sent, sent before", "request, idempotency key, replay"),
    *terms("retime, retimes, retimed, retiming, still waiting", "reschedule, pending"),
    *terms("held", "pending, locked", everyday=True),
    *terms("school held, hours held", "lock_school_for_share, locked_hours"),
    *terms("talk, talks", "conversation"),
    *terms("shown, surroundings", "MessageView, context", MESSAGING, everyday=True),
    *terms("card, cards", "proposal", MESSAGING, everyday=True),
    *terms("circular, circulars", "broadcast"),
    *terms("left out", "skipped recipient", MESSAGING, everyday=True),
    *terms("look, looks, look into", "oversight access", OVERSIGHT, everyday=True),
    *terms("stop, stops, stopped", "messaging suspension", MESSAGING, everyday=True),
    *terms("parcel, parcels", "digest"),
    *terms("wardrobe", "avatar options"),
    *terms("enclose, enclosed, enclosing", "attachments"),
    *terms("leaver, leavers", "departed staff"),
    *terms("stray, strays, pass on, passed on", "misdirected message, reroute"),
    *terms("kept", "saved form, stored", everyday=True),
    *terms("give back, gives back, let go", "restore, release, discard"),
    *terms("sit, sits, sitting, person at", "class-account session, start, current staff member"),
    *terms("grown up", "parent lock"),
    *terms("entrance, door, doors", "sign-in forms, access query, route"),
    *terms("own views", "profile"),
    *terms("factor, factors", "mfa", everyday=True),
    *terms("second step", "mfa"),
    *terms("spend, spends, spent", "acquire"),
    *terms("clue, clues", "keyword rule"),
    *terms("guess, guesses", "classify", MESSAGING, everyday=True),
    *terms("asking, asked, ask first", "screening, confirmed", MESSAGING, everyday=True),
    *terms("standing", "warnings (of a parent), active (of staff)"),
    *terms("prepared, whoever", "compiled query, parameter"),
    *terms("borrowed, face, watch", "vendor, ui, status page"),
    *terms("staff news, office news", "notifications"),
    *terms("place, places, seat, seats", "guardian slot", CLASSES, everyday=True),
    *terms("look together", "shared view"),
    *terms("together", "shared view", everyday=True),
]
# In an ordinary meaning, or names of a library.
FINE = {"FaceToFace", "press_sequentially"}
METHODS = {"press", "tell"}  # of Playwright's keyboard and of a file
VENDORS = ("templates/allauth/",)  # the names of these files are the library's
SENTENCE = 4  # words

PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
NAMING = [[word, "="] for word in ("name", "db_table", "db_column")]
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}", re.S)


def parts(identifier: str) -> str:
    """Return the words of a snake-case or camel-case identifier, with spaces around each."""
    return f" {' '.join(PART.findall(identifier)).lower()} "


def terms_in(identifier: str, path: str) -> list[Term]:
    """Return the terms that an identifier at `path` (relative to the project) uses."""
    words = parts(identifier)
    is_sentence = len(words.split()) >= SENTENCE
    return [
        term
        for term in TERMS
        if f" {term.words} " in words
        and not (term.scope and not path.startswith(term.scope))
        and not (term.everyday and is_sentence)
        and identifier not in FINE
    ]


def names_in_python(source: str) -> Iterator[str]:
    """Yield the names of a module: variables, attributes, functions, classes, fields, `name="…"` of a constraint."""
    before = ["", ""]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if before[1] == "." and token.string in METHODS:
            pass
        elif token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield token.string
        elif token.type == tokenize.STRING and before in NAMING and " " not in token.string:
            yield from IDENTIFIER.findall(token.string)
        before = [before[1], token.string]


def names_in_template(source: str) -> Iterator[str]:
    """Yield the names in a template's tags and variables, but no text in quotation marks."""
    for tag in TAG.findall(COMMENT.sub("", source)):
        yield from IDENTIFIER.findall(QUOTED.sub("", tag))


def code_paths(root: Path) -> Iterator[Path]:
    """Yield the modules and templates of the project, without initial migrations."""
    folders = ["accounts", "benchmarks", "classes", "malpas", "messaging", "moderation", "points", "stories"]
    for folder in [*folders, "templates", "tests"]:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and path.name != "0001_initial.py":
                yield path


def used(root: Path) -> dict[str, set[str]]:
    """Return the files that use each identifier, with the names of files and folders themselves."""
    found: dict[str, set[str]] = {}
    for path in code_paths(root):
        name = str(path.relative_to(root))
        if name in OWN:
            continue
        text = path.read_text()
        names = names_in_python(text) if path.suffix == ".py" else names_in_template(text)
        own = [] if name.startswith(VENDORS) else IDENTIFIER.findall(name.rpartition(".")[0])
        for each in {*names, *own}:
            found.setdefault(each, set()).add(name)
    return found


OWN = {f"tests/structure/{name}" for name in ("glossary.py", "test_glossary.py")}


def outdated(names: dict[str, set[str]]) -> dict[str, list[str]]:
    """Return the files of each identifier that uses a term of the glossary's left column."""
    return {
        name: files
        for name, paths in sorted(names.items())
        if (files := sorted(path for path in paths if terms_in(name, path)))
    }
