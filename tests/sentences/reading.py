"""Look for a sentence of the catalogue in a text, whatever stands in its placeholders."""

import re
from html import unescape

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def pattern_of(sentence: str) -> re.Pattern[str]:
    """Return what matches the sentence with each placeholder filled, in single spaces."""
    return re.compile(".+?".join(re.escape(part) for part in PLACEHOLDER.split(plain(sentence))))


def plain(text: str) -> str:
    """Return the text with single spaces and without HTML's escapes."""
    return " ".join(unescape(text).split())


def says(text: str, sentence: str) -> bool:
    """Return whether the text contains the sentence, with any values."""
    return pattern_of(sentence).search(plain(text)) is not None
