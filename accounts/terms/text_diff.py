"""Compare two texts by paragraphs and words. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, NEW, GONE = "same", "new", "gone"
ALIKE = 0.5  # paragraphs that share less count as one removed and one added


@dataclass(frozen=True)
class Piece:
    """A piece of text; `kind`: same, new or gone."""

    kind: str
    text: str


Paragraph = list[Piece]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text.

    A single line break becomes a blank.
    """
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [" ".join(part.split()) for part in parts if part.strip()]


def _pieces(old: list[str], new: list[str]) -> Paragraph:
    found: Paragraph = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Piece(SAME, " ".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(GONE, " ".join(old[a:b])))
        if d > c:
            found.append(Piece(NEW, " ".join(new[c:d])))
    return found


def _replaced(old: list[str], new: list[str]) -> list[Paragraph]:
    """Compare replaced paragraphs, word by word where they are alike."""
    rows: list[Paragraph] = []
    for n in range(max(len(old), len(new))):
        before, after = old[n] if n < len(old) else "", new[n] if n < len(new) else ""
        if before and after and SequenceMatcher(None, before.split(), after.split()).ratio() >= ALIKE:
            rows.append(_pieces(before.split(), after.split()))
        else:
            rows += [[Piece(kind, text)] for kind, text in ((GONE, before), (NEW, after)) if text]
    return rows


def changes(old: str, new: str) -> list[Paragraph]:
    """Return the paragraphs that changed, in the order of the new text."""
    before, after = paragraphs(old), paragraphs(new)
    rows: list[Paragraph] = []
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op != "equal":
            rows += _replaced(before[a:b], after[c:d])
    return rows
