"""Clean the text that people write, and recognise empty text."""

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\U000e0000-\U000e0fff]"
)
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Faces, people and things joined into one picture, and the flags of Wales, Scotland and England.
_PART = "[\u2190-\u27bf\u2900-\u2bff\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in place) + "\U000e007f"
    for place in ("gbwls", "gbsct", "gbeng")
)
JOINED_OR_INVISIBLE = re.compile(f"({_FLAGS}|{_PART}(?:\u200d{_PART})+)|{INVISIBLE.pattern}")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")


EMPTY = frozenset("\u2800\U0001d159\ufffc")  # symbols by category, but drawn as nothing


def is_blank(text: str) -> bool:
    """Return whether nothing in `text` is visible: no letter, digit, punctuation or symbol."""
    return not any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in EMPTY for sign in INVISIBLE.sub("", text)
    )


def letters_of_code(typed: str) -> str:
    """Return the letters and digits of a code, in capitals.

    Telephones and mail programs turn its dash into others, add spaces that cannot be seen, and widen its letters.
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())


def clean_body(text: str) -> str:
    """Return text as it is stored: NFC, Unix line ends, trimmed, no control or direction-override characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = OVERRIDES.sub("", CONTROL.sub("", SURROGATE.sub("", text)))
    # Last, since removing characters can bring an accent to its letter.
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """Return one line (a name, a title) as it is stored.

    As `clean_body`, with each run of white space one space, and without invisible signs that join no emoji.
    """
    return " ".join(JOINED_OR_INVISIBLE.sub(r"\1", clean_body(text)).split())
