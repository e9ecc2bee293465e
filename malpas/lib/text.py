"""Clean the text that people write, and recognise empty text."""

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\U000e0000-\U000e0fff]"
)
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")


EMPTY = frozenset("\u2800\U0001d159\ufffc")  # symbols by category, but drawn as nothing


def is_blank(text: str) -> bool:
    """Return whether nothing in `text` is visible: no letter, digit, punctuation or symbol."""
    return not any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in EMPTY for sign in INVISIBLE.sub("", text)
    )


def clean_body(text: str) -> str:
    """Return text as it is stored: NFC, Unix line ends, trimmed, no control or direction-override characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = OVERRIDES.sub("", CONTROL.sub("", SURROGATE.sub("", text)))
    # Last, since removing characters can bring an accent to its letter.
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """Return one line (a name, a title) as it is stored: `clean_body`, with each run of white space one space."""
    return " ".join(INVISIBLE.sub("", clean_body(text)).split())
