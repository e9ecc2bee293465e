"""Check that a PDF only shows pages (AU-5).

A pure function over bytes. No setting, no query, no Django: the child process that reads it
(`malpas.lib.uploads.documents.worker`) starts with this.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TypeGuard

from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, read_object

from malpas.lib.uploads.documents.checks import Fault, Unfit
from malpas.lib.uploads.documents.pdf_contents import Acts, Part, look_at, parts_of
from malpas.lib.uploads.documents.pdf_guesses import Guesses

OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,10})[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+obj(?![a-zA-Z0-9])")
UNREADABLE = (PyPdfError, ValueError, IndexError, TypeError, AttributeError, KeyError, OSError)
Mark = tuple[int, int, bool, bool]  # number, generation, and the two flags of a Part
PAIR = re.compile(rb"([0-9]+)[\0\t\n\f\r ]+([0-9]+)")


def _found(reference: IndirectObject) -> object:
    """Return what a reference points to, or None.

    None where our reader does not find it; it is looked for later.
    """
    try:
        return reference.get_object()
    except PyPdfError:
        return None


def _walk(beginning: object, seen: set[Mark]) -> None:
    """Check everything reachable from `beginning`.

    An object seen under another name is checked again.
    """
    left = [Part(beginning)]
    while left:
        part = left.pop()
        if isinstance(part.value, IndirectObject):
            mark = (part.value.idnum, part.value.generation, part.chosen, part.appearances)
            if mark in seen:
                continue
            seen.add(mark)
            part = part._replace(value=_found(part.value))
        if isinstance(part.value, DictionaryObject):
            look_at(part.value, chosen=part.chosen and not isinstance(part.value, StreamObject))
        if isinstance(part.value, (DictionaryObject, ArrayObject)):
            left.extend(parts_of(part))


def _listed(reader: PdfReader) -> Iterator[IndirectObject]:
    for generation, places in reader.xref.items():
        for number in places:
            yield IndirectObject(number, generation, reader)
    for number in reader.xref_objStm:
        yield IndirectObject(number, 0, reader)


def _beside(reader: PdfReader, data: bytes) -> Iterator[object]:
    """Yield objects that the cross-reference table does not list.

    A more lenient reader builds its own table and finds them there.
    """
    listed = {place for places in reader.xref.values() for place in places.values()}
    for found in OBJECT.finditer(data):
        if found.start() in listed:
            continue
        number, generation = int(found[1]), int(found[2])
        reader.xref.setdefault(generation, {})[number] = found.start()
        reader.xref_objStm.pop(number, None)
        reader.resolved_objects.pop((generation, number), None)
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except UNREADABLE:
            continue  # it only looks like an object


def _within(reader: PdfReader, stream: StreamObject, listed: set[int]) -> Iterator[object]:
    """Yield the unlisted objects of an object stream."""
    first, data = stream.get("/First"), stream.get_data()
    if not isinstance(first, int) or first < 0:
        return
    source = BytesIO(data)
    for found in PAIR.finditer(data[:first]):
        if int(found[1]) in listed:
            continue
        source.seek(first + int(found[2]))
        try:
            yield read_object(source, reader)
        except UNREADABLE:
            continue


def _is_of_objects(thing: object) -> TypeGuard[StreamObject]:
    return isinstance(thing, StreamObject) and ("/First" in thing or thing.get("/Type") == "/ObjStm")


def _look_at_all(reader: PdfReader, data: bytes) -> None:
    """Check all objects: from the pages on, then the unreachable ones."""
    seen: set[Mark] = set()
    with Guesses() as guesses:
        streams = _look_at_listed(reader, seen)
    if guesses.made:
        raise Unfit(Fault.BROKEN)
    packed = set(reader.xref_objStm)
    for thing in _beside(reader, data):
        _walk(thing, seen)
        if _is_of_objects(thing):
            streams.append(thing)
    for stream in streams:
        for thing in _within(reader, stream, packed):
            _walk(thing, seen)


def _look_at_listed(reader: PdfReader, seen: set[Mark]) -> list[StreamObject]:
    """Check what the table lists; return the object streams among it."""
    _walk(reader.trailer, seen)
    reached, streams = {mark[:2] for mark in seen}, []
    for reference in list(_listed(reader)):
        thing = _found(reference)
        if (reference.idnum, reference.generation) not in reached:
            _walk(thing, seen)
        if _is_of_objects(thing):
            streams.append(thing)
    return streams


def count_pages(data: bytes) -> int:
    """Return the number of pages of a PDF that only shows them.

    One that opens without a password, and only forbids changes, is checked like any other. Call it in a
    process with limited memory (`malpas.lib.uploads.documents.worker`). Raises Unfit.
    """
    try:
        with Guesses() as guesses:
            reader = PdfReader(BytesIO(data), strict=False)
        if guesses.made:
            raise Unfit(Fault.BROKEN)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unfit(Fault.LOCKED)
        _look_at_all(reader, data)
        pages = len(reader.pages)
    except Acts:
        raise Unfit(Fault.ACTS) from None
    except (Unfit, MemoryError):
        raise
    except Exception:  # a hostile file may raise anything in its reader
        raise Unfit(Fault.BROKEN) from None
    if not pages:
        raise Unfit(Fault.BROKEN)
    return pages
