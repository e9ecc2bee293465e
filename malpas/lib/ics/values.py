"""Read the values of a calendar file: texts, moments, lengths and time zones.

Zones are known by name; the file's own descriptions of them are ignored, and an unknown name means London.
"""

import base64
import binascii
import html
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from malpas.lib.hours import LONDON
from malpas.lib.ics.lines import BAD_BYTE

TEXT = re.compile(r'(?P<params>(?:[^":]|"[^"]*")*):(?P<value>.*)', re.DOTALL)
STAMP = re.compile(
    r":\s*(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?\s*$",
    re.IGNORECASE,
)
TZID = re.compile(r';TZID="?(?P<name>.+?)"?(?=;[A-Z-]+=|:\s*\d{4})', re.IGNORECASE)
IS_DATE = re.compile(r";VALUE=\"?DATE\"?(?=[;:])", re.IGNORECASE)
LENGTH = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,8})S)?)?",
    re.IGNORECASE,
)
AREA_AND_CITY = re.compile(r"[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
CHARSET = re.compile(r";CHARSET=\"?(iso-8859-\d{1,2}|windows-125\d|cp125\d)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """A day, or a wall-clock time on it in `zone`; `at` is None for a whole day."""

    on: date
    at: time | None = None
    zone: tzinfo = LONDON

    def written(self) -> datetime:
        """Return the wall-clock time as the file has it."""
        return datetime.combine(self.on, self.at or time())

    def in_london(self) -> datetime:
        """Return the wall-clock time in London."""
        return self.written().replace(tzinfo=self.zone).astimezone(LONDON).replace(tzinfo=None)


def parts(line: str) -> tuple[str, str]:
    """Return a line's parameters, in front of the first colon outside quotes, and its value."""
    found = TEXT.match(line)
    if found:
        return found["params"], found["value"]
    params, _colon, value = line.partition(":")
    return params, value


def text(line: str) -> str:
    """Return a text without the escapes of any program that may have written it."""
    params, value = parts(line)
    kind = params.upper()
    if "QUOTED-PRINTABLE" in kind:
        value = _decoded(quopri.decodestring(value.encode()), params)
    elif re.search(r";ENCODING=\"?(B|BASE64)\b", kind):
        try:
            value = _decoded(base64.b64decode(value.encode(), validate=False), params)
        except binascii.Error:
            return value
    value = ESCAPED.sub(lambda found: " " if found[1] in "nNrR" else found[1], value)
    return _mended(html.unescape(value))


def _decoded(raw: bytes, params: str) -> str:
    named = CHARSET.search(params)
    try:
        return raw.decode(named[1] if named else "utf-8", errors="replace" if named else BAD_BYTE)
    except LookupError:
        return raw.decode("utf-8", errors=BAD_BYTE)


def _mended(value: str) -> str:
    """Return a text that was UTF-8, read as Windows-1252, as it was: 'GÅµyl' → 'Gŵyl'."""
    try:
        return value.encode("cp1252").decode()
    except UnicodeError:
        return value


def moment(line: str) -> Moment | None:
    """Return the date or time at the end of a line, or None.

    The name of a zone may hold colons, so the value is read from the end.
    """
    found = STAMP.search(line)
    if found is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None or IS_DATE.search(line):
            return Moment(on)
        if (hour, minute, second) == (24, 0, 0):
            return Moment(on + timedelta(days=1), time(), _zone_of(line, found["zone"]))
        return Moment(on, time(hour, minute, min(second, 59)), _zone_of(line, found["zone"]))
    except (ValueError, OverflowError):
        return None


def _zone_of(line: str, offset: str | None) -> tzinfo:
    if offset and offset not in "Zz":
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        ahead = timedelta(hours=hours, minutes=minutes)
        return timezone(-ahead if offset[0] == "-" else ahead)
    if offset:
        return UTC
    named = TZID.search(line)
    return zone(named["name"][:200]) if named else LONDON


@lru_cache(maxsize=1)
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it walks through a folder each time


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """Return the time zone of this name, as any program may write it."""
    name = name.strip(' "')
    name = WINDOWS_TO_OLSON.get(name, name)
    tail = AREA_AND_CITY.search(name)
    for candidate in (name, tail[0] if tail else ""):
        if candidate in _known_zones():
            return ZoneInfo(candidate)
    return UTC if name.lower().rpartition("/")[2] in ("utc", "z") else LONDON


def length(line: str) -> timedelta | None:
    """Return a duration, or None when it is none, or negative."""
    value = parts(line)[1].strip()
    found = LENGTH.fullmatch(value)
    if found is None or found["sign"] == "-":
        return None
    units = ("weeks", "days", "hours", "minutes", "seconds")
    return timedelta(**{unit: int(found[unit] or 0) for unit in units})
