"""Whether words hold a phrase of the school's list (AU-1, PA-8): whole words, accents and simple slips forgiven.

A phrase may hold `*`, which stands for up to three words: `how is * getting on`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

GAP = 3
LONGEST_WORD = 40  # what has more letters is none
LONG = 6  # from this many letters on, one letter left out or two changed about are a slip of the finger
WORD = re.compile(r"[\w@$*]+(?:[’'][\w@$*]+)*")
DISGUISED = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


def _plain(word: str) -> str:
    """Small letters without accents, digits that stand for letters undone, and no letter twice in a row."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    bare = bare.replace("’", "").replace("'", "")
    if any(sign.isalpha() for sign in bare):
        bare = bare.translate(DISGUISED)
    return "".join(letter for letter, _run in groupby(bare))


@lru_cache(maxsize=2048)
def _slips(word: str) -> frozenset[str]:
    """What a long word becomes when one letter after the first is left out, or two neighbours change places."""
    if len(word) < LONG:
        return frozenset()
    dropped = {word[:n] + word[n + 1 :] for n in range(1, len(word))}
    swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(1, len(word) - 1)}
    return frozenset(dropped | swapped)


def _is(said: str, meant: str) -> bool:
    if said == meant or said in _slips(meant):
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


def _places(said: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(said):
        places.setdefault(word, []).append(at)
    return places


def _starts(places: dict[str, list[int]], first: str, most: int) -> Iterable[int]:
    """Where a phrase with this first word may begin: each different word is compared once."""
    if first == "*":
        return range(most)
    return (at for word, found in places.items() if _is(word, first) for at in found)


@lru_cache(maxsize=2048)
def _meant(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared; none for a phrase without a letter."""
    words = tuple(_plain(word) for word in WORD.findall(phrase))
    return words if any(word != "*" for word in words) else ()


def phrase_in(body: str, phrases: Iterable[str]) -> str:
    """The first of `phrases` that stands in `body`, or an empty text. Phrases without a letter never match."""
    said = [_plain(word) for word in WORD.findall(body) if len(word) <= LONGEST_WORD]
    places = _places(said)
    for phrase in phrases:
        meant = _meant(phrase)
        if meant and any(_begins(said, at, meant) for at in _starts(places, meant[0], len(said))):
            return phrase
    return ""
