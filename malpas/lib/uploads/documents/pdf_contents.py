"""Decide what the objects of a PDF may hold (AU-5).

Pages, links, forms without programs; nothing that acts by itself. Decided by where a name stands in the
structure, never by how it looks: a page about JavaScript, and a form whose field is called Sound, are
taken.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    StreamObject,
)

# What a link or a button may do. Every other action, known or future, is refused.
ACTIONS = {"/GoTo", "/URI", "/Named", "/ResetForm", "/Hide", "/SetOCGState", "/Trans"}
NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
# Refused also in an object of unknown purpose, which may not be an action.
SURELY_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition"} | {
    "/RichMediaExecute", "/GoTo3DView", "/GoToDp",
}  # fmt: skip
ANNOTATIONS = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight",
    "/Underline", "/Squiggly", "/StrikeOut", "/Caret", "/Stamp", "/Ink", "/Popup", "/Widget", "/PrinterMark",
    "/TrapNet", "/Watermark", "/Redact",
}  # fmt: skip
# Programs, embedded files, forms with programs, sound, film and 3D objects.
KEYS = {
    "/AA", "/EF", "/RF", "/EmbeddedFiles", "/JS", "/JavaScript", "/OnInstantiate", "/XFA", "/RichMediaContent",
    "/RichMediaSettings", "/Renditions", "/Rendition", "/Movie", "/Sound", "/3DD", "/3DA", "/3DV", "/RH",
    "/FFilter", "/FDecodeParms", "/UF", "/Navigator", "/OPI", "/Mac", "/Unix", "/Win",
}  # fmt: skip
TYPES = {"/Filespec", "/F", "/EmbeddedFile", "/Rendition", "/MediaClip", "/RichMedia", "/3D", "/3DNode"}
# Dictionaries whose keys are free names: fonts, destinations, kinds of paragraphs, metadata.
CHOSEN = {
    "/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties", "/Dests", "/RoleMap",
    "/ClassMap", "/CharProcs", "/Colorants", "/Info", "/PieceInfo", "/Private",
}  # fmt: skip
APPEARANCES = {"/N", "/R", "/D"}  # within /AP: one for each state, whose name is free
ADDRESSES = ("http", "https", "mailto", "tel")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
BLANKS = re.compile("[\0-\x20\x7f\ufeff\xad]")
MOST_ACTIONS = 100  # in a chain


class Acts(Exception):
    """Refuse a document that does more than show pages."""


class Part(NamedTuple):
    """Hold a value and what its keys mean.

    `chosen`: its keys are names that somebody chose. `appearances`: it is a set of appearances.
    """

    value: object
    chosen: bool = False
    appearances: bool = False


def look_at(thing: DictionaryObject, *, chosen: bool = False) -> None:
    """Refuse one dictionary for what it holds itself. Raises Acts."""
    if not chosen:
        if KEYS & set(thing):
            raise Acts
        _look_at_kind(thing)
        _look_at_actions(thing)
    if isinstance(thing, StreamObject) and ("/F" in thing or "/Ref" in thing):
        raise Acts  # its content lies in another file


def _look_at_kind(thing: DictionaryObject) -> None:
    kind, subtype = _get(thing, "/Type"), _get(thing, "/Subtype")
    if kind in TYPES or isinstance(_get(thing, "/F"), (str, bytes)):
        raise Acts
    if (kind == "/Annot" or "/Rect" in thing) and subtype is not None and subtype not in ANNOTATIONS:
        raise Acts
    if kind != "/StructElem" and _get(thing, "/S") in SURELY_ACTIONS:
        raise Acts
    for one in _all(_get(thing, "/Annots")):
        if isinstance(one, DictionaryObject) and _get(one, "/Subtype") not in {None, *ANNOTATIONS}:
            raise Acts


def _look_at_actions(thing: DictionaryObject) -> None:
    opens = _get(thing, "/OpenAction")
    if isinstance(opens, DictionaryObject) and _get(opens, "/S") != "/GoTo":
        raise Acts
    if any(_leads_nowhere(thing, key) for key in ("/OpenAction", "/A", "/PA")):
        raise Acts  # our reader does not find its target, but another may
    _look_at_address(_get(thing, "/URI"))
    for key in ("/A", "/PA"):
        for action in _all(_get(thing, key)):
            _look_at_action(action)
    if _get(thing, "/Type") == "/Action":
        _look_at_action(thing)


def _look_at_action(action: object) -> None:
    for _number in range(MOST_ACTIONS):
        kind = _get(action, "/S") if isinstance(action, DictionaryObject) else None
        if kind is None:  # /A also holds attributes of a tagged paragraph, which have no /S
            return
        if kind not in ACTIONS or (kind == "/Named" and _get(action, "/N") not in NAMED):
            raise Acts
        after = _get(action, "/Next")
        if isinstance(after, ArrayObject):
            for one in _all(after):
                _look_at_action(one)
            return
        action = after
    raise Acts


def _look_at_address(address: object) -> None:
    """Refuse a link other than web, e-mail or telephone.

    An address without a scheme is taken if it names no computer.
    """
    if isinstance(address, bytes):
        address = address.decode("latin-1")
    if isinstance(address, DictionaryObject):
        address = _get(address, "/Base")
    if not isinstance(address, str):
        return
    plain = BLANKS.sub("", address).lower()
    scheme = SCHEME.match(plain)
    names_a_port = scheme and "." in scheme[1] and plain[scheme.end() :][:1].isdigit()
    if scheme and scheme[1] not in ADDRESSES and not names_a_port:
        raise Acts
    if plain.replace("\\", "/").startswith("//"):
        raise Acts


def _leads_nowhere(thing: DictionaryObject, key: str) -> bool:
    return key in thing and isinstance(thing.raw_get(key), IndirectObject) and _get(thing, key) is None


def _get(thing: object, key: str) -> object:
    """Return the value itself, not a reference to it, or None."""
    value = thing.raw_get(key) if isinstance(thing, DictionaryObject) and key in thing else None
    return resolved(value)


def resolved(value: object) -> object:
    for _number in range(20):  # ends a circle of references
        if not isinstance(value, IndirectObject):
            return None if isinstance(value, NullObject) else value
        try:
            value = value.get_object()
        except PyPdfError:
            return None
    return None


def _all(value: object) -> Iterator[object]:
    if isinstance(value, ArrayObject):
        for one in list(value):
            yield resolved(one)
    elif value is not None:
        yield value


def parts_of(part: Part) -> Iterator[Part]:
    """Yield what a dictionary or an array holds, references as they are."""
    if isinstance(part.value, DictionaryObject):
        for key in part.value:
            names = CHOSEN if not part.appearances else CHOSEN | APPEARANCES
            yield Part(part.value.raw_get(key), not part.chosen and key in names, key == "/AP")
    elif isinstance(part.value, ArrayObject):
        for value in list(part.value):
            yield Part(value)
