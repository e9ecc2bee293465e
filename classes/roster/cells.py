"""Read one cell into a value or a fault. Pure."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from classes.enums import Relationship

from . import dates

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
LOST = "?\N{REPLACEMENT CHARACTER}"

_YES = {"t", "y", "yes", "true", "1", "oes", "ydy", "ie"}
_NO = {"f", "n", "no", "false", "0", "nac oes", "na"}
_YEARS = {
    **dict.fromkeys(("n", "n1", "n2", "nursery", "meithrin"), "N"),
    **dict.fromkeys(("r", "0", "reception", "derbyn"), "R"),
    **{str(year): str(year) for year in range(1, 7)},
}
RELATIONSHIPS = {
    **dict.fromkeys(
        ("mother", "mum", "mam", "mammy", "birthmother", "adoptivemother"),
        Relationship.MOTHER,
    ),
    **dict.fromkeys(
        ("father", "dad", "tad", "daddy", "birthfather", "adoptivefather"),
        Relationship.FATHER,
    ),
    **dict.fromkeys(("stepmother", "stepmum", "llysfam"), Relationship.STEPMOTHER),
    **dict.fromkeys(("stepfather", "stepdad", "llystad"), Relationship.STEPFATHER),
    **dict.fromkeys(
        ("grandmother", "nan", "nana", "nain", "mamgu", "granny"),
        Relationship.GRANDMOTHER,
    ),
    **dict.fromkeys(("grandfather", "grandad", "taid", "tadcu", "grandpa"), Relationship.GRANDFATHER),
    **dict.fromkeys(("guardian", "legalguardian", "gwarcheidwad"), Relationship.GUARDIAN),
    **dict.fromkeys(
        ("carer", "fostercarer", "fostermother", "fosterfather", "gofalwr"),
        Relationship.CARER,
    ),
    **dict.fromkeys(("other", "otherrelative", "otherfamilymember", "arall"), Relationship.OTHER),
}
_UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]", re.ASCII)
_NO_NAME = {".", "-", "–", "—", "_", "n/a", "none", "unknown", "?"}
_SPOILED = re.compile(r"\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)  # an id that a spreadsheet has rounded
_NOT_A_DAY = {"-", "–", "n/a", "null", "none", "nil"}
# UTF-8 that was read as Windows-1252 on its way: Siân becomes SiÃ¢n.
_GARBLED = re.compile("[ÂÃÄÅâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›]")
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_is_address = EmailValidator()


class CellFault(Exception):
    """A cell that cannot be read. `code` is a key of `remarks.FAULTS`."""

    def __init__(self, code: str, **params: object):
        super().__init__(code)
        self.code, self.params = code, params


def tidy(text: str) -> str:
    """Return the text in NFC, stripped, with single spaces."""
    return " ".join(re.split(r"[ \t\r\n\u00a0]+", unicodedata.normalize("NFC", text))).strip()


def read_text(text: str, limit: int) -> str:
    """Return any text: tidied, limited, nothing hidden, no markup, no formula."""
    text = tidy(text)
    if any(unicodedata.category(letter) in _HIDDEN for letter in text):
        raise CellFault("invisible")
    if text.startswith(("=", "+", "-", "@")):
        raise CellFault("formula")
    if "<" in text or ">" in text:
        raise CellFault("markup")
    if len(text) > limit:
        raise CellFault("too_long", limit=limit)
    return text


def read_name(text: str, limit: int) -> str:
    """Return a name: as `read_text`, ungarbled, with a letter if not empty."""
    if tidy(text).casefold() in _NO_NAME:
        return ""
    name = read_text(text, limit)
    if _GARBLED.search(name):
        raise CellFault("garbled")
    if name and not any(letter.isalpha() for letter in name):
        raise CellFault("no_letters")
    return name


def read_class(text: str, limit: int) -> str:
    """Return a class's name.

    Letters or figures, and no day that a spreadsheet has made of 3-4.
    """
    name = read_text(text, limit)
    if dates.is_a_day(name):
        raise CellFault("class_is_a_day")
    if _GARBLED.search(name):
        raise CellFault("garbled")
    if name and not any(letter.isalnum() for letter in name):
        raise CellFault("no_letters")
    return name


def read_id(text: str, limit: int) -> str:
    """Return an id that no spreadsheet has turned into a day or rounded."""
    found = read_text(text, limit)
    if _SPOILED.fullmatch(found) or dates.is_a_day(found):
        raise CellFault("spoiled_id")
    return found


def read_date(text: str) -> date:
    """Return a date: dd/mm/yyyy, ISO, or with the month's name.

    Also with . or - between the numbers. With or without weekday and time of day.
    """
    text = tidy(text)
    if found := dates.NUMERIC.fullmatch(text):
        day, month, year = found[1], found[3], found[4]
    elif found := dates.ISO.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif (found := dates.NAMED.fullmatch(text)) and found[2].casefold() in dates.MONTHS:
        day, month, year = found[1], str(dates.MONTHS[found[2].casefold()]), found[3]
    elif dates.SERIAL.fullmatch(text):
        raise CellFault("serial_date")
    else:
        raise CellFault("not_a_date")
    if len(year) == 2:
        raise CellFault("short_year")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellFault("impossible_date") from None


def read_leaving_date(text: str) -> date | None:
    """Return a date as `read_date`; None for 'has not left'.

    That is: zeros, years before 1901 and from 2100 on.
    """
    plain = tidy(text)
    if re.fullmatch(r"[0:/. T-]*", plain, re.ASCII) or plain.casefold() in _NOT_A_DAY:
        return None
    numbers = dates.NUMERIC.fullmatch(plain)
    parts = [numbers[1], numbers[3], numbers[4]] if numbers else []
    if any(int(part) == 0 for part in parts if len(part) != 2 or part == "00"):
        return None
    left_on = read_date(plain)
    return left_on if 1901 <= left_on.year < 2100 else None


def read_birthday(text: str, today: date) -> date:
    """Return the birthday of a child of 1 to 19 years."""
    born = read_date(text)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if born > today:
        raise CellFault("born_in_future")
    if age < 1:
        raise CellFault("too_young")
    if age > 19:
        raise CellFault("too_old")
    return born


def read_upn(text: str) -> str:
    """Return thirteen characters with a valid check letter, or ''.

    A temporary one ends in a letter.
    """
    upn = re.sub(r"\s+", "", text).upper()
    if not upn:
        return ""
    if not _UPN.fullmatch(upn) or (upn[-1].isalpha() and upn[-1] not in LETTERS):
        raise CellFault("upn_shape")
    if upn[0] != check_letter(upn):
        raise CellFault("upn_letter")
    return upn


def check_letter(upn: str) -> str:
    """Return the check letter of a UPN.

    Σ position × digit (positions 2 to 13) mod 23; a last letter counts by its index in LETTERS.
    """
    values = [LETTERS.index(c) if c.isalpha() else int(c) for c in upn[1:]]
    return LETTERS[sum(position * value for position, value in enumerate(values, 2)) % 23]


def read_year(text: str) -> str:
    """Return N nursery, R reception, or 1 to 6.

    With or without `Year` or `Blwyddyn` before it.
    """
    year = (
        re.sub(r"^(nc year|year|yr|y|blwyddyn|bl|b)(?=[\W\d]|$)\.?\s*", "", tidy(text).casefold())
        .removesuffix(".0")
        .removeprefix("0")
        or "0"
    )
    if not tidy(text) or year not in _YEARS:
        raise CellFault("year")
    return _YEARS[year]


def read_priority(text: str) -> int:
    """Return a number from 1 to 99."""
    found = re.fullmatch(r"0?([1-9]\d?)(\.0)?", tidy(text), re.ASCII)
    if not found:
        raise CellFault("priority")
    return int(found[1])


def read_yes_no(text: str) -> bool:
    word = tidy(text).casefold()
    if not word:
        raise CellFault("yes_no_empty")
    if word not in _YES | _NO:
        raise CellFault("yes_no")
    return word in _YES


def read_email(text: str) -> tuple[str, str]:
    """Return one address in small letters, or '', and a note's code, or ''.

    What is no address, or more than one, is left out: the adult is no less the child's.
    """
    text = tidy(text)
    if found := re.fullmatch(r"[^<>@]*<([^<>]+)>", text):
        text = found[1]
    text = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).strip(" ;,.")
    if text.count("@") > 1 and len([part for part in re.split(r"[;,/|\s]+", text) if "@" in part]) > 1:
        return "", "two_addresses"
    if not text:
        return "", ""
    try:
        _is_address(text)
    except ValidationError:
        return "", "not_an_address"
    return ("", "not_an_address") if len(text) > 254 else (text.lower(), "")


def read_mobile(text: str) -> tuple[str, str]:
    """Return a number and a note's code, or ''.

    Number: digits with leading 0 or +. A number that cannot be read is left out.
    """
    text = tidy(text)
    number = re.sub(r"[\s().-]+", "", text).removeprefix("'")
    number = re.sub(r"^(\+44|0044)0?", "0", number)
    if not number:
        return "", ""
    if re.fullmatch(r"[1-37]\d{9}", number, re.ASCII):
        return "0" + number, "zero_lost"
    if re.fullmatch(r"\+?\d{9,15}", number, re.ASCII):
        return number, ""
    return "", "telephone_unread"


def lost_letter(name: str) -> bool:
    """Return whether a letter was lost to the file's encoding.

    It is a question mark then.
    """
    return any(letter in LOST for letter in name)


def fits(known: str, incoming: str) -> bool:
    """Return whether `incoming` is `known` with letters lost on the way.

    `Ll?r` fits `Llŷr`, and `Llir` does not.
    """
    return (
        lost_letter(incoming)
        and len(known) == len(incoming)
        and all(a == b or b in LOST for a, b in zip(known, incoming, strict=True))
    )


def restored(known: str, incoming: str) -> str:
    """Return the known spelling where the file has only lost letters."""
    return known if fits(known, incoming) else incoming


def folded(name: str) -> str:
    """Return a name for comparing: no case, accents, spaces or punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum() or c in LOST)
