"""A PDF as a pure function over bytes: one that only shows pages is taken (AU-5).

No setting, no query, no Django: the child process that reads it (`malpas.lib.document_worker`) starts with this.
"""

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from malpas.lib.documents import Fault, Unfit

# Programs, other programs to start, files within the file, forms that are programs, sound and film.
ACTS = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/Movie",
        "/Sound",
        "/Rendition",
    }
    | {"/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"}
)
PLAIN = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
DEPTH = 60


def _parts(thing: object, depth: int = 0) -> Iterator[DictionaryObject | NameObject]:
    """Every dictionary and name within one object; what it points to is an object of its own."""
    if depth > DEPTH:
        raise Unfit(Fault.BROKEN)
    if isinstance(thing, NameObject):
        yield thing
    elif isinstance(thing, DictionaryObject):
        yield thing
        for value in thing.values():
            yield from _parts(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from _parts(value, depth + 1)


def _objects(reader: PdfReader) -> Iterator[object]:
    for generation, places in reader.xref.items():
        for number in places:
            yield reader.get_object(IndirectObject(number, generation, reader))
    for number in reader.xref_objStm:
        yield reader.get_object(IndirectObject(number, 0, reader))
    yield reader.trailer


def _acts(thing: object) -> bool:
    for part in _parts(thing):
        names = part.keys() if isinstance(part, DictionaryObject) else {part}
        if ACTS & set(names):
            return True
    return False


def look_into(data: bytes) -> int:
    """The number of pages of a PDF that does nothing but show them.

    Call it in a process with limited memory (`malpas.lib.document_worker`). Raises Unfit.
    """
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Unfit(Fault.LOCKED)
        # A reader that is more lenient than ours may find what ours did not: looked for in the raw bytes, too.
        if PLAIN.search(data) or any(_acts(thing) for thing in _objects(reader)):
            raise Unfit(Fault.ACTS)
        pages = len(reader.pages)
    except (Unfit, MemoryError):
        raise
    except Exception:  # whatever a hostile file makes its reader stumble over
        raise Unfit(Fault.BROKEN) from None
    if not pages:
        raise Unfit(Fault.BROKEN)
    return pages
