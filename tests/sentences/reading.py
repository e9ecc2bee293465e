"""Look for a sentence of the catalogue in a text."""

import re
from html import unescape

# With a name, `%(name)s` or `{name}`, or without.
MARK = re.compile(r'<span translate="no">(.*?)</span>', re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")


def says(text: str, sentence: str, **values: object) -> bool:
    """Return whether a text contains a sentence with these values in its placeholders, and anything in the others."""
    pattern, end, words = "", 0, plain(sentence)
    for found in PLACEHOLDER.finditer(words):
        value = values.get(found[1] or found[2])
        pattern += re.escape(words[end : found.start()]) + (".+?" if value is None else re.escape(str(value)))
        end = found.end()
    return re.search(pattern + re.escape(words[end:]), plain(text)) is not None


def plain(text: str) -> str:
    """Return the text with single spaces, without HTML's escapes and without the marks of names."""
    return " ".join(unescape(without_marks(text)).split())


def without_marks(html: str) -> str:
    """Return the page without the marks that keep a browser from translating names."""
    return MARK.sub(r"\1", html)


def fixed_parts(sentence: str) -> list[str]:
    """Return what stands before, between and after the placeholders."""
    ends = [0, *(place for found in PLACEHOLDER.finditer(sentence) for place in found.span()), len(sentence)]
    return [sentence[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
