"""What the name of an event lets one believe: that school is shut all day, or only that it speaks of a closure.

A closure moves every message that waits (policy: Times), so a name is believed when it says nothing else: 'Half term',
'School closed: no water'. 'Last day before half term', 'Half term disco' and 'School closes 1.30pm' are left to people.
"""

import re
from datetime import time

from accounts.calendar_words import plain, what_it_says
from accounts.enums import ClosureKind

CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?(?P<half>am|pm|a\.m|p\.m|yb|yp|y\.b|y\.p)\b"
    r"|\b(?P<hour24>\d{1,2})[.:](?P<minute24>[0-5]\d)\b(?![.:/]\d)"
    r"|\b(?P<noon>noon|midday|(?:hanner|ganol|canol) dydd)\b"
)
CLOSES = re.compile(
    r"\bclos(?:es?|ing|ed|ure)\b|\bfinish(?:es|ing)?\b|\bshuts?\b|\b(?:yn )?(?:cau|gorffen)\b|\bar gau\b|\bearly\b|\bcynnar\b"
)

# On a day that is open: the day before or after, a part of the day, an event about it, or a closure that is not sure.
DOUBTS = re.compile(
    r"\b(?:before|after|until|till|return(?:s|ing)?|back|re-?opens?|opens?|last|first day|begin(?:s|ning)?|starts?|ends?|end of"
    r"|early|finish(?:es)?|twilight|evening|afternoon|morning|lunch(?:time)?|half day|part day|breaks? up"
    r"|clubs?|camps?|discos?|part(?:y|ies)|fairs?|fayres?|trips?|concerts?|(?<!in.)services?|assembl(?:y|ies)|meetings?|workshops?"
    r"|reports?|letters?|homework|deadlines?|reminders?|bookings?|raffle|survey|activit(?:y|ies)|cancelled|postponed"
    r"|not|tbc|provisional|possible|if needed"
    r"|cyn|ar ol|wedi|dychwel\w*|agor|yn agor|olaf|cyntaf|dechrau|diwedd|ddiwedd|gorffen|g?cynnar|gynnar|bore|prynhawn|nos|noson"
    r"|clwb|disgo|ffair|taith|cyngerdd|gwasanaeth|cyfarfod|adroddiad\w*|llythyr\w*|gwaith cartref|hanner diwrnod|canslo)\b"
)

MONTHS = "january february march april may june july august september october november december"
NEUTRAL = set(
    f"""
    school schools primary whole all everyone the a an is are be will to from for of on in and no only this our
    day days week weeks one two half term terms halfterm holiday holidays break breaks vacation closed closure shut emergency
    pupils pupil children students staff teacher teachers training learning development professional inset service hms
    extra additional occasional bank public autumn spring summer winter christmas easter whitsun whit october feb oct nov
    monday tuesday wednesday thursday friday mon tue tues wed thu thurs fri {MONTHS}
    ysgol ysgolion gynradd yr y r i ar gau o a ac am bob pob pawb dim un dau dwy gwyliau wyliau gwyl gan
    hanner tymor dymor thymor hydref gwanwyn haf gaeaf pasg nadolig sulgwyn diwrnod diwrnodau dydd wythnos
    hyfforddiant mewn swydd athrawon disgyblion ddisgyblion plant blant llun mawrth mercher iau gwener
    ionawr chwefror ebrill mai mehefin gorffennaf awst medi tachwedd rhagfyr
    """.split()
)
MULTI_DAY = {
    "closes",
    "close",
    "closing",
    "cau",
    "yn",
}  # 'School closes for half term' over a whole week is the week
CAUSE = re.compile(r" ?(?:[-–—:;,(/]| due to | because of | for | as | oherwydd | o achos )")
HEAD_OF: dict[str, str] = {
    ClosureKind.INSET: r"\binset\b|\bin-service\b|\bhms\b|\btraining day\b|\bstaff training\b|\bhyfforddiant\b",
    ClosureKind.CLOSED: r"\bclos(?:ed|ure)\b|\bar gau\b",
}


def closing_time(name: str) -> time | None:
    """Return the hour at which a name says that school closes, or None where it says none."""
    words = plain(name)
    if not CLOSES.search(words):
        return None
    return next(filter(None, map(_time_of, CLOCK.finditer(words))), None)


def speaks_of_closing(name: str) -> bool:
    """Return whether the name of an event with a time of day may say that school closes then."""
    return what_it_says(name) == ClosureKind.CLOSED or bool(CLOSES.search(plain(name)))


def says_shut_all_day(name: str, kind: str, days: int) -> bool:
    """Return whether nothing in `name` speaks against a closure of this kind that lasts `days` days."""
    words = plain(name)
    if CLOCK.search(words) or DOUBTS.search(words):
        return False
    allowed = NEUTRAL | MULTI_DAY if days >= 3 else NEUTRAL
    said = re.sub(r"\d+(?:st|nd|rd|th)?", " ", _without_cause(words, kind))
    return set(re.findall(r"[a-z]+", said)) <= allowed


def _without_cause(words: str, kind: str) -> str:
    """'school closed: no water' → 'school closed'. Why a school is shut may be anything."""
    found = re.search(HEAD_OF.get(kind, "$^"), words)
    separator = CAUSE.search(words, found.end()) if found else None
    return words[: separator.start()] if separator else words


def _time_of(found: re.Match[str]) -> time | None:
    if found["noon"]:
        return time(12)
    hour = int(found["hour"] or found["hour24"])
    minute = int(found["minute"] or found["minute24"] or 0)
    half = (found["half"] or "").replace(".", "")
    if half in ("pm", "yp") or (not half and hour < 8):
        hour = hour % 12 + 12
    return time(hour, minute) if 8 <= hour < 20 else None
