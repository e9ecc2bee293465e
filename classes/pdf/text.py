"""Part a text into what readers take for letters, and know plain Latin. Pure."""

import re
import unicodedata
from collections.abc import Iterator

LATIN = frozenset(
    [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028), 0x20AC]
)
# Letters that only shape others: joiners, variation selectors, directions, tags.
SHAPING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f]")
_JOINER = "\u200d"


def is_plain(text: str) -> bool:
    """Return whether Noto Sans prints this letter by letter, without shaping."""
    return LATIN.issuperset(map(ord, text))


def composed(text: str) -> str:
    """Return the text with accents joined to their letters where Unicode has such a letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clusters(text: str) -> Iterator[str]:
    """Yield what a reader takes for one letter: with its marks, joined emoji whole."""
    found = ""
    for letter in text:
        goes_on = found and (
            unicodedata.category(letter).startswith("M")
            or SHAPING.match(letter)
            or 0x1F3FB <= ord(letter) <= 0x1F3FF  # skin colours
            or found.endswith(_JOINER)
            or _is_half_flag(found, letter)
        )
        if found and not goes_on:
            yield found
            found = ""
        found += letter
    if found:
        yield found


def _is_half_flag(found: str, letter: str) -> bool:
    return len(found) == 1 and all(0x1F1E6 <= ord(each) <= 0x1F1FF for each in found + letter)
