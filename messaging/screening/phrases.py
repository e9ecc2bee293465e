"""Find phrases of a school's list in a text (AU-1, PA-8).

Whole words are compared as `messaging.screening.matching` says; digits and signs in the place of letters (`1d10t`,
`f*ck`) and repeated letters do not hide a word. A phrase may hold `*`, which stands for up to three words:
`how is * getting on`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from messaging.screening.matching import LONGEST_WORD, NO_TYPOS, is_typo, normalise

GAP = 3
WORD = re.compile(r"[\w@$*]+(?:[’'][\w@$*]+)*")
DISGUISED = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})

Positions = dict[str, dict[str, list[int]]]  # first letter, then word, to its positions in the text


def _undisguise(word: str) -> str:
    """Return the normalised word with letters for digits.

    No letter stands twice in a row.
    """
    bare = normalise(word)
    if any(sign.isalpha() for sign in bare):
        bare = bare.translate(DISGUISED)
    return _squeeze(bare)


def _squeeze(word: str) -> str:
    return "".join(letter for letter, _run in groupby(word))


NO_TYPOS_SQUEEZED = {_squeeze(word) for word in NO_TYPOS}


def _is(said: str, meant: str) -> bool:
    if said == meant or (said not in NO_TYPOS_SQUEEZED and is_typo(said, meant)):
        return True
    # f*ck: a star within a word hides one letter
    hidden = "*" in said and said[0] != "*" and len(said) == len(meant) > 2
    return hidden and all(a in ("*", b) for a, b in zip(said, meant, strict=True))


def _begins(said: Sequence[str], at: int, meant: Sequence[str]) -> bool:
    if not meant:
        return True
    if meant[0] == "*":
        return any(_begins(said, at + skip, meant[1:]) for skip in range(GAP + 1))
    return at < len(said) and _is(said[at], meant[0]) and _begins(said, at + 1, meant[1:])


def _positions(said: Sequence[str]) -> Positions:
    positions: Positions = {}
    for at, word in enumerate(said):
        positions.setdefault(word[:1], {}).setdefault(word, []).append(at)
    return positions


def _starts(positions: Positions, first: str, most: int) -> Iterable[int]:
    """Yield where a phrase with this first word may begin.

    Each different word is compared once (A46).
    """
    if first == "*":
        return range(most)
    same_letter = positions.get(first[:1], {})  # no rule forgives a wrong first letter
    return (at for word, found in same_letter.items() if _is(word, first) for at in found)


@lru_cache(maxsize=2048)
def _meant(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase for comparison.

    None for a phrase without a letter.
    """
    words = tuple(_undisguise(word) for word in WORD.findall(phrase))
    return words if any(word != "*" for word in words) else ()


def phrase_in(body: str, phrases: Iterable[str]) -> str:
    """Return the first of `phrases` in `body`, or ''."""
    said = [_undisguise(word) for word in WORD.findall(body) if len(word) <= LONGEST_WORD]
    positions = _positions(said)
    for phrase in phrases:
        meant = _meant(phrase)
        if meant and any(_begins(said, at, meant) for at in _starts(positions, meant[0], len(said))):
            return phrase
    return ""
