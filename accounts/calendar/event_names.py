"""Read what an event's name means, in English and Welsh.

Translate bank holidays.
"""

import re
import unicodedata
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.enums import ClosureKind


class NameMeaning(StrEnum):
    """Meanings of a name besides the kinds of a closure."""

    TERM = "term"
    TERM_BEGINS = "term begins"
    TERM_ENDS = "term ends"
    BANK_HOLIDAY = "bank holiday"


BEGINS = r"\b(begins?|beginning of|starts?|start of|first day of|yn dechrau|dechrau'?r?|diwrnod cyntaf)\b"
ENDS = r"\b(ends?|end of|last day of|finishes|yn (?:diweddu|gorffen|cau)|diwedd|diwrnod olaf)\b"
TERM = r"\b(term|tymor|thymor|dymor)\b"

# The first match wins: 'half-term' before 'term', 'closed for INSET' is INSET.
RULES: list[tuple[str, str]] = [
    (r"\bhalf[ -]?term\b|\bmid[ -]?term break\b|\b(hanner|hanner'r) ?-?t[yh]+mor\b", ClosureKind.HALF_TERM),
    (
        r"\b(extra|additional) bank holiday\b|\boccasional days?\b|\b(gwyl|gwyliau) (y )?banc ychwanegol\b",
        ClosureKind.HOLIDAY,
    ),
    (r"\bbank holiday\b|\b(gwyl|gwyliau) (y )?banc\b", NameMeaning.BANK_HOLIDAY),
    (
        (
            r"\binset\b|\bin-service\b|\bhms\b|\btraining day\b|\b(staff|teacher) training\b|\bhyfforddiant\b"
            r"|\bdi[wu]+rnod(?:au)? hyfforddi\b|\bdysgu proffesiynol\b|\breolaeth ysgol\b|\bstaff prep(?:aration)? day\b"
            r"|\bnon[ -]pupil\b|\bpupil[ -]free\b|\bprofessional (?:learning|development) day\b|\bdi-?ddisgybl\b"
        ),
        ClosureKind.INSET,
    ),
    (rf"(?=.*{TERM}).*{BEGINS}", NameMeaning.TERM_BEGINS),
    (rf"(?=.*{TERM}).*{ENDS}", NameMeaning.TERM_ENDS),
    (
        r"\b(clos(ed|ures?|es)|ar gau|ysgol wedi cau|no (school|pupils|children)|dim (ysgol|disgyblion)|heb ddisgyblion)\b",
        ClosureKind.CLOSED,
    ),
    (
        r"\bholidays?\b|\bgwyliau\b|\bvacation\b|\b(christmas|easter|summer|spring|whit|whitsun|october|february|may) break\b",
        ClosureKind.HOLIDAY,
    ),
    (TERM, NameMeaning.TERM),
]

# The holidays package has English names only.
BANK_HOLIDAYS = (
    gettext_noop("New Year's Day"),
    gettext_noop("Good Friday"),
    gettext_noop("Easter Monday"),
    gettext_noop("May Day"),
    gettext_noop("Spring Bank Holiday"),
    gettext_noop("Late Summer Bank Holiday"),
    gettext_noop("Christmas Day"),
    gettext_noop("Boxing Day"),
)


def plain(name: str) -> str:
    """Return the name in lower case without accents.

    'Gŵyl y Banc' → 'gwyl y banc'.
    """
    apart = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()


def meaning_of(name: str) -> str:
    """Return the ClosureKind or Said that a name means, or ''."""
    text = plain(name)
    return next((str(kind) for pattern, kind in RULES if re.search(pattern, text)), "")


IN_WELSH = re.compile(
    r"\b(hms|hanner|t[yh]+mor|dymor|gwyl|gwyliau|gwyliau'r|ysgol|ar gau|dim|di[wu]+rnod(au)?|hyfforddiant|y|yr|yn)\b"
)
IN_ENGLISH = re.compile(
    r"\b(inset|term|days?|holidays?|school|closed|closure|training|half|break|bank|the|of|for)\b"
)
BETWEEN = re.compile(r"\s+[/|–—-]\s+|\s*[/|]\s*")


def in_both_languages(name: str) -> tuple[str, str] | None:
    """Return the English and the Welsh half of a name that has both, or None.

    'INSET Day / Diwrnod HMS' → ('INSET Day', 'Diwrnod HMS'), in either order.
    """
    halves = [half.strip() for half in BETWEEN.split(name)]
    if len(halves) != 2 or not all(meaning_of(half) for half in halves):
        return None
    if _is_english(halves[0]) and _is_welsh(halves[1]):
        return halves[0], halves[1]
    if _is_welsh(halves[0]) and _is_english(halves[1]):
        return halves[1], halves[0]
    return None


def _is_welsh(half: str) -> bool:
    return bool(IN_WELSH.search(plain(half))) and not IN_ENGLISH.search(plain(half))


def _is_english(half: str) -> bool:
    return bool(IN_ENGLISH.search(plain(half))) and not IN_WELSH.search(plain(half))


def name_of_term(name: str) -> str:
    """Return the term's name: 'Autumn term begins' → 'Autumn term'."""
    rest = re.sub(f"{BEGINS}|{ENDS}", " ", name, flags=re.IGNORECASE)
    return " ".join(rest.split()).strip(" -–—:,") or name


def bank_holiday_name(name: str) -> str:
    """Return a bank holiday's name in the reader's language.

    'Boxing Day (observed)' is known too.
    """
    day, observed, _rest = name.partition(" (observed)")
    name_in_english = _(day) if day in BANK_HOLIDAYS else day
    return _("%(day)s (the day in its place)") % {"day": name_in_english} if observed else name_in_english
