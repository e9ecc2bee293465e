"""What may stand in words that people write to each other."""

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\U000e0000-\U000e0fff]"
)
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")


EMPTY = frozenset("\u2800\U0001d159\ufffc")  # counted as symbols, and drawn as nothing


def is_blank(text: str) -> bool:
    """True when nothing in `text` can be seen: no letter, figure, sign or picture, only spaces, marks and the like."""
    return not any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in EMPTY for sign in INVISIBLE.sub("", text)
    )


def clean_body(text: str) -> str:
    """A message as it is kept: NFC, unix line ends, no control or direction-override characters, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = OVERRIDES.sub("", CONTROL.sub("", SURROGATE.sub("", text)))
    # Last of all: an accent may have met its letter only now.
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """One line (a name, a title): as `clean_body`, and every run of white space is one space."""
    return " ".join(INVISIBLE.sub("", clean_body(text)).split())
