"""Turn the bytes of a calendar file (.ics, RFC 5545) into its lines.

Lines are unfolded as bytes, since a program may fold in the middle of a letter, and each is decoded by itself: a
wrong byte spoils its own line at most.
"""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator

MAX_LINE = 4_000  # bytes of one unfolded line; the rest of it is left out
BEGIN = re.compile(rb"BEGIN:VCALENDAR[ \t]*(?=[\r\n]|\Z)", re.IGNORECASE)
NAMED = re.compile(rb"[A-Za-z][A-Za-z0-9.-]*[ \t]*[;:]")
OF_TEXT = re.compile(rb"(?:SUMMARY|DESCRIPTION|LOCATION|COMMENT)\b", re.IGNORECASE)
QUOTED_PRINTABLE = re.compile(rb"[^:]*QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)
MAIL_ENCODING = re.compile(rb"content-transfer-encoding:[ \t]*([a-z0-9-]+)", re.IGNORECASE)
WIDE_BEGIN = "BEGIN:VCALENDAR".encode("utf-16-le")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


BAD_BYTE = "calendar-file"  # UTF-8, and what is none is Windows-1252
codecs.register_error(BAD_BYTE, _as_windows)


def calendar_lines(data: bytes) -> list[str] | None:
    """Return the lines from the first BEGIN:VCALENDAR on, or None when there is none.

    What stands before it, such as the headers of a mail, is left out. UTF-16 is read, too.
    """
    data = _narrow(data)
    begin = BEGIN.search(data)
    if begin is None:
        return None
    before = data[: begin.start()]
    body = data[begin.start() :].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _is_quoted(before):
        body = quopri.decodestring(body)
    indent = re.split(rb"[\r\n]", before)[-1]
    lines = body.split(b"\n")
    if indent and not indent.strip():
        lines = [line.removeprefix(indent) for line in lines]
    return [line.decode("utf-8", errors=BAD_BYTE) for line in _unfolded(lines)]


def _narrow(data: bytes) -> bytes:
    """Return a calendar in UTF-16, with or without its mark, as UTF-8."""
    at = data.find(WIDE_BEGIN)
    if at < 0:
        return data
    encoding = "utf-16-be" if at % 2 else "utf-16-le"
    return data.decode(encoding, errors="replace").encode("utf-8", errors="replace")


def _is_quoted(before: bytes) -> bool:
    """Return whether the headers before the calendar call it quoted-printable."""
    encodings = MAIL_ENCODING.findall(before)
    return bool(encodings) and encodings[-1].lower() == b"quoted-printable"


def _unfolded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines with their continuations; empty ones are left out.

    A continuation begins with a blank or follows a soft line break of quoted-printable. A line without a name is
    part of a text whose line break was not escaped, or nothing.
    """
    parts: list[bytes] = []
    size = 0
    for line in lines:
        if not line:
            continue
        more = _continuation(line, parts)
        if more is None:
            if parts:
                yield b"".join(parts)
            parts, size = [line[:MAX_LINE]], len(line)
        elif size < MAX_LINE:
            parts.append(more[: MAX_LINE - size])
            size += len(more)
    if parts:
        yield b"".join(parts)


def _continuation(line: bytes, parts: list[bytes]) -> bytes | None:
    """Return what the line adds to the one before, or None when it begins another."""
    if not parts:
        return None
    if parts[-1].endswith(b"=") and QUOTED_PRINTABLE.match(parts[0]):
        parts[-1] = parts[-1][:-1]
        return line
    if line[:1] in b" \t":
        return line[1:]
    if NAMED.match(line):
        return None
    return b" " + line if OF_TEXT.match(parts[0]) else b""
