"""Decode a text file, and judge whether its letters are those of names. Pure.

What is not UTF-8 may be Windows-1252, or come from an old Mac, from DOS, or from a Welsh Unix. Each decodes nearly any
bytes, so the words decide: `SiÃ¢n`, `Si‰n` and `Llþr` are nobody's name.
"""

import re

_SMALL = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿŵŷẁẃẅẏšžß"
_LETTERS = frozenset(_SMALL + _SMALL.upper())
_AFTER_A_WORD = frozenset("”’…°®™–—•")
_WORD = re.compile(r"[^\s,;\"|/()]*[^\x00-\x7f\s,;\"|/()][^\s,;\"|/()]*")
OTHERS = ("iso8859_14", "mac_roman", "cp850")


def decode(data: bytes) -> str | None:
    """Return the text, or None where its letters cannot be read with certainty."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if (text := _text(data, "cp1252")) is not None:
        return text
    texts = {text for each in OTHERS if (text := _text(data, each)) is not None}
    return texts.pop() if len(texts) == 1 else None


def _text(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    words = set(_WORD.findall(text))
    return None if any(_is_odd(word, position) for word in words for position in range(len(word))) else text


def _is_odd(word: str, position: int) -> bool:
    """Return whether the sign at this position of a word is in no name."""
    sign, before, after = word[position], word[position - 1 : position], word[position + 1 : position + 2]
    if sign.isascii():
        return False
    if sign in _LETTERS:
        return before.islower() if sign.isupper() else before.isupper() and after.isupper()
    if sign == "’":
        return position > 2 and word[position + 1 :] not in ("", "s", "S")
    if sign in "–—":
        return after.islower() and before.isalpha()
    if sign.isalpha() or not (sign.isprintable() or sign.isspace()):
        return True
    return before.isalpha() and (after.isalpha() or sign not in _AFTER_A_WORD)
