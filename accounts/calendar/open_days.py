"""Recognise names that mention a closure though school is open.

In English and Welsh. Examples are the day before a holiday, a time of day, an event about it. Taken as a
closure, such a day would delay every message; the reverse would let messages arrive in a closure. So whoever
imports the file sees both and chooses.
"""

import re
from datetime import time

from accounts.calendar.event_names import plain

# "School closed", "closed to pupils", "ar gau i ddisgyblion", INSET: certain whatever else the name says.
CERTAIN = (
    r"\bclosed\b|\b(school|emergency|unplanned|planned|full) closures?\b|\bclosures?\b(?=.*\b(pupils|children|schools?)\b)"
    r"|\bar gau\b|\bno school\b|\bdim ysgol\b|\binset\b|\bin-service\b|\bhms\b|\bhyfforddiant (?:mewn swydd|staff)\b"
    r"|\bdi[wu]+rnod(?:au)? hyfforddiant\b|\b(staff|teacher) training\b|\btraining day\b|\breolaeth ysgol\b"
    r"|\b(extra|additional|occasional) (school |bank |public )?(holiday|day off|closure)\b|\boccasional days?\b"
    r"|\b(gwyl|gwyliau|gwyliau'r) (y )?banc\b|\bbank holiday\b|\bgwyliau ychwanegol\b"
)
# Closures of something else than the school, or after the children's hours.
ELSEWHERE = (
    r"\b(office|club|kitchen|canteen|library|pool|gates?|car ?park|crossing|road|street|bridge|breakfast|after[- ]school"
    r"|wraparound|entrance|playground|toilets?|website|shop|registration|applications?|bookings?|orders|entries|voting"
    r"|swyddfa|clwb|cegin|llyfrgell|pwll|giat|maes parcio|ffordd|pont|brecwast|siop|ceisiadau)\b[^:;,()]*\b(closed|closure|ar gau)\b"
    r"|\bclosed (gates?|session|meeting|group|rehearsal)\b"
    r"|\b(twilight|evening|after school)\b|\b(sesiwn|sesiynau|gyda'r) (cyfnos|hwyr)\b|\bcyfnos\b|\bgyfnos\b"
    r"|\b(governors?'?|pta|ptfa|fofa|parents?'?|llywodraethwyr)\b.*\b(training|hyfforddiant)\b"
)
# Closures that are denied, uncertain or on another day.
NOT_SO = (
    r"\b(not|cancelled|postponed|provisional|possible|tbc|reminder|reschedul\w+|canslo\w*|gohirio|wedi'?i ganslo)\b"
    r"|\b(day|evening|week) (before|after) (the )?(inset|school closure)\b|\bclosed to (?!(all |the )?(pupils|children|everyone|all)\b)"
    r"|\b(nursery|reception|year|blwyddyn|meithrin) ?\d?\b[^:;,()]*\b(closed|ar gau)\b|\bnominations?\b|\bgyda'?r nos\b"
)
BEFORE_OR_AFTER = (
    r"\b(before|after|until|till|cyn|ar ol)\b|\b(last|final|first) (week|days?)\b"
    r"|\b(wythnos|diwrnod|dydd) (olaf|cyntaf)\b|\bwythnos gyntaf\b|\bweek \d+ of\b"
)
RETURN_OR_LEAVE = (
    r"\b(returns?|returning|reopens?|re-opens?|reopening|resumes?|back (to|at|in) school|school'?s? back|welcome back"
    r"|back (after|from)|pupils back|children back)\b|\b(breaks?|breaking) up\b|\b(closes|closing|finish(es|ing)?|shuts)\b"
    r"|\b(begins?|beginning|starts?|starting|ends?|ending)\b|\bend of\b|\bstart of\b"
    r"|\b(yn |i )?dd?ychwelyd\b|\b(yn ol|nol) (i'r|yn yr) ysgol\b|\bail-?agor\w*\b|\bcroeso'?n ol\b"
    r"|\byn (cau|gorffen|dechrau|diweddu|torri|cychwyn|agor)\b|\bcau (i|am|ar gyfer|ysgol)\b|\bdiwedd\b|\bdechrau'?r?\b|\bcychwyn\b"
)
EVENT = (
    r"\b(discos?|part(y|ies)|reports?|fair|fayre|fete|clubs?|camps?|photo\w*|lunch|dinner|breakfast|assembly|service"
    r"|concerts?|show|play|panto\w*|trips?|visits?|homework|challenges?|competitions?|projects?|reading|books?|meetings?"
    r"|evenings?|jumpers?|non-?uniform|sales?|bake|raffle|quiz|celebrations?|tests?|assessments?|workshops?"
    r"|(news)?letters?|payments?|deadline|due|bookings?|sign-?ups?|films?|movie|sports|craft\w*|activit\w+|session"
    r"|menus?|raffles?|crackers?|hampers?|egg|bonnets?|parade|mass|carols?|nativity|dress(ing)?|stalls?|childcare"
    r"|play ?schemes?|courses?|targets?|reviews?|interviews?|consultations?|reminders?|bags?|prizes?|awards?|treats?"
    r"|disgo|part[iy]|adroddiad\w*|ffair|clwb|clybiau|gwersyll\w*|llun(iau)?|cinio|brecwast|gwasanaeth|cyngerdd\w*|sioe"
    r"|taith|teithiau|ymweliad\w*|gwaith cartref|her|cystadleuaeth|prosiect\w*|darllen|llyfr\w*|cyfarfod\w*|noson"
    r"|nosweithiau|siwmper\w*|cwis|dathl\w+|prawf|profion|asesiad\w*|gweithdy|llythyr\w*|ffilm\w*|chwaraeon|mabolgampau"
    r"|crefft\w*|gweithgaredd\w*|carolau|gofal plant|targedau|eisteddfod)\b"
)
PART_OF_A_DAY = (
    r"\b(noon|midday|lunch ?time|half day|early (finish|close|closure|closing|end|dismissal)|(close|closes|closed|closing|finish|finishes"
    r"|finishing|ends?) early|end of (the )?(school )?day|from \d|in the (morning|afternoon)|(morning|afternoon) only|a\.?m\.? only|p\.?m\.? only)\b"
    r"|\b(hanner dydd|ganol dydd|amser cinio|hanner diwrnod|yn gynnar|diwedd y (dydd|diwrnod)|(y )?(bore|prynhawn) yn unig)\b"
)
# 1.30pm, 13:30, 3.15, 2pm, 2 o'clock, 1.30yp; not the dates 15.02 and 30.10.26.
CLOCK = re.compile(
    r"(?<![\d.:/-])(?P<hour>[01]?\d|2[0-3])(?:(?P<dot>[.:])(?P<minute>[0-5]\d))?(?![\d]|[.:/]\d)"
    r" ?(?P<half>a\.?m\b|p\.?m\b|y\.?b\b|y\.?[ph]\b|o'? ?r gloch\b|o'clock\b)?"
)
NOON = re.compile(r"\b(noon|midday|hanner dydd|ganol dydd)\b")
CLOSES = re.compile(
    r"\b(clos(e|es|ed|ing)|finish(es|ing)?|ends?|ending|shuts|early|collected|collect|break(s|ing)? up|dismiss\w*"
    r"|cau|gorffen|diwedd\w*|gynnar|torri|ar gau)\b"
)
LONG = 3  # school days: an event this long is the holiday itself, even if its name speaks of returning


def time_in(name: str) -> time | None:
    """Return the time of day in a name.

    '1.30pm' and '13:30' are 13:30; afternoon where it is ambiguous.
    """
    text = plain(name)
    for found in CLOCK.finditer(text):
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"] or ""
        is_date = found["dot"] == "." and not half and (1 <= minute <= 12 or minute % 5)
        if is_date or not (found["dot"] or half):
            continue
        morning = half.startswith(("a", "yb", "y.b"))
        return time(hour + 12 if 1 <= hour < 8 and not morning else hour, minute)
    return time(12) if NOON.search(text) else None


def early_end(name: str) -> time | None:
    """Return when school ends on this day if the name says so.

    Else None.
    """
    return time_in(name) if CLOSES.search(plain(name)) else None


def is_certain(name: str) -> bool:
    """Return whether the name alone says that the school is closed."""
    text = plain(name)
    return bool(re.search(CERTAIN, text)) and not is_open_day(name, days=1)


def is_open_day(name: str, *, days: int) -> bool:
    """Return whether school is open on a day of this name.

    `days`: how many school days the event lasts.
    """
    text = plain(name)
    if re.search(PART_OF_A_DAY, text) or (days < LONG and time_in(name)) or re.search(ELSEWHERE, text):
        return True
    if re.search(NOT_SO, text):
        return True
    if re.search(CERTAIN, text):
        return False
    if re.search(BEFORE_OR_AFTER, text) or re.search(EVENT, text):
        return True
    return days < LONG and bool(re.search(RETURN_OR_LEAVE, text))
