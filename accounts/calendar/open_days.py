"""Recognise names that mention a closure though school is open.

In English and Welsh. Examples are the day before a holiday, a time of day, an event about it. Taken as a
closure, such a day would delay every message; the reverse would let messages arrive in a closure. So whoever
imports the file sees both and chooses.
"""

import re
from datetime import time

from accounts.calendar.event_names import plain

# INSET and the like: certain whatever else the name says.
CERTAIN = (
    r"\bno school\b(?= ?(?:$|[^\w ]|(?:today|for|on|due|because|to|in|this)\b))|\bdim ysgol\b|\binset\b|\bin-service\b|\bhms\b"
    r"|\bhyfforddiant (?:mewn swydd|staff|athrawon)\b|\bdi[wu]+rnod(?:au)? hyfforddi(?:ant)?\b|\bdysgu proffesiynol\b"
    r"|\b(staff|teacher) training\b|\btraining day\b|\bprofessional (?:learning|development) day\b|\bstaff prep(?:aration)? day\b"
    r"|\b(?:non|no)[ -]pupils?\b|\bpupil[ -]free\b|\bno children\b|\b(?:dim|heb|di-?)[ -]?dd?isgybl(?:ion)?\b|\breolaeth ysgol\b"
    r"|\b(extra|additional|occasional) (school |bank |public )?(holiday|day off|closure)\b|\boccasional days?\b"
    r"|\b(gwyl|gwyliau|gwyliau'r) (y )?banc\b|\bbank holiday\b|\bgwyliau ychwanegol\b"
)
# What is closed: the school, when the words before are none or end with it, and what follows is no other thing.
CLOSED = re.compile(r"\b(?P<closure>closures?|wedi cau)\b|\b(?:closed|ar gau)\b")
CLAUSE = re.compile(r"[:;,()\[\]/|–—]| - ")
FOLLOWS = re.compile(
    r" ?(?:$|[^\w ]|(?:for|to|due|because|after|on|all|by|until|from|today|pupils|in|at|day|of|i|ar|oherwydd|heddiw|o|yn|dydd)\b)"
)
FILLERS = frozenset(
    [
        "the",
        "our",
        "a",
        "is",
        "are",
        "was",
        "will",
        "be",
        "being",
        "remain",
        "remains",
        "now",
        "whole",
        "all",
        "mae",
        "mae'r",
        "bydd",
        "y",
        "yr",
        "wedi",
        "fod",
    ]
)
REASONS = frozenset(
    [
        "inset",
        "hms",
        "day",
        "diwrnod",
        "snow",
        "eira",
        "strike",
        "streic",
        "polling",
        "etholiad",
        "hanner",
        "tymor",
        "gwyliau",
        "emergency",
        "unplanned",
        "planned",
        "full",
    ]
)
# Closures of a part of the school, after the children's hours, or training of others.
ELSEWHERE = (
    r"\b(twilight|evening|after school)\b|\b(sesiwn|sesiynau|gyda'r) (cyfnos|hwyr)\b|\bcyfnos\b|\bgyfnos\b|\bsome staff\b"
    r"|\b(governors?'?|pta|ptfa|fofa|parents?'?|llywodraethwyr)\b.*\b(training|hyfforddiant)\b"
    r"|\b(?:inset|training|hms|hyfforddiant)(?: day)? (?:for |i |i'r |y )?(?:the )?"
    r"(?:governors?|parents?|students?|volunteers?|llywodraethwyr|rhieni|myfyrwyr|course|session)\b"
    r"|\bno school (?!today|for|on|due|because|to|in|this)\w"
    r"|\b(?:students?|trainees?)\b.*\btraining\b|\bhyfforddiant (?!mewn swydd|staff|athrawon|hms|i staff|i athrawon)\w"
    r"|\b(?:years?|yrs?|y|bl|blwyddyn|blynyddoedd|class|dosbarth) ?\d{1,2}\b"
    r"|\b(?:nursery|reception|flying start|meithrin\w*|feithrin\w*|dechrau'n deg|cylch)\b"
)
# The words before "training day" that leave it a day of the school's staff.
OF_STAFF = frozenset(
    [
        "inset",
        "staff",
        "teacher",
        "teachers",
        "teacher's",
        "teachers'",
        "school",
        "in",
        "service",
        "in-service",
        "hms",
    ]
)
# Closures that are denied, uncertain or on another day.
NOT_SO = (
    r"\b(not|cancell?ed|cancellation|postponed|provisional|possible|tbc|reminder|reschedul\w+|canslo\w*|gohirio|wedi'?i ganslo)\b"
    r"|\b(moved|changed|instead|deadline|requests?|atgoffa|i'w gadarnhau|ddim ar gau|nid yw\w*|nid yw'r|school is open|ar agor|open as)\b"
    r"|\b(inset|hms|closed|closures?|ar gau|half[ -]?term)(?: day)? (tomorrow|next|yfory|fory|yr wythnos nesaf)\b|\bnext week\b"
    r"|\b(day|evening|week) (before|after) (the )?(inset|school closure)\b|\bclosed to (?!(all |the )?(pupils|children|everyone|all)\b)"
    r"|\bnominations?\b|\bgyda'?r nos\b"
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chwe|ebr|mai|meh|gor|aws|medi|hyd|tach|rhag)"
# The first to sixth half of a term in which there is school: 'Autumn half term 1'.
NUMBERED = (
    rf"\b(?:half[ -]?term|hanner tymor) ?[1-6](?![\w.:/]| ?(?:-|–|to\b|i\b|{MONTH}))"
    r"|\b(?:first|second|1st|2nd|[3-6](?:rd|th)) half[ -]?term\b|\bhanner tymor (?:cyntaf|olaf)\b"
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
    says_so = bool(re.search(CERTAIN, text)) or any(
        _closes_school(text, found) for found in CLOSED.finditer(text)
    )
    return says_so and not is_open_day(name, days=1)


def is_open_day(name: str, *, days: int) -> bool:
    """Return whether school is open on a day of this name.

    `days`: how many school days the event lasts.
    """
    text = plain(name)
    if re.search(PART_OF_A_DAY, text) or (days < LONG and time_in(name)) or re.search(ELSEWHERE, text):
        return True
    if re.search(NOT_SO, text) or _is_training_of_others(text):
        return True
    if closings := [_closes_school(text, found) for found in CLOSED.finditer(text)]:
        return not any(closings)
    if re.search(CERTAIN, text):
        return False
    if re.search(BEFORE_OR_AFTER, text) or re.search(EVENT, text) or re.search(NUMBERED, text):
        return True
    return days < LONG and bool(re.search(RETURN_OR_LEAVE, text))


def _closes_school(text: str, found: re.Match[str]) -> bool:
    """Return whether it is the school that this word closes, rather than a hall, a club or a road."""
    before, after = CLAUSE.split(text[: found.start()])[-1], text[found.end() :]
    words = [word for word in re.findall(r"[\w']+", before) if word not in FILLERS]
    if re.search(EVENT, before) or ((found["closure"] or not words) and not FOLLOWS.match(after)):
        return False
    rest = [word for word in words if word not in REASONS]
    if not rest:
        return True
    return (
        rest[-1] in ("school", "schools") or rest[0] in ("ysgol", "ysgolion") or rest[:2] == ["school", "and"]
    )


def _is_training_of_others(text: str) -> bool:
    """Return whether a training day is that of children or of others than the staff."""
    found = re.search(r"\btraining day\b", text)
    if found is None:
        return False
    words = re.findall(r"[\w'-]+", CLAUSE.split(text[: found.start()])[-1])
    return any(word not in FILLERS | OF_STAFF for word in words)
