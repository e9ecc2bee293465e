"""Say in words how many an entry of the audit log concerned.

Nothing where it was none.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import ngettext_lazy

from accounts.models.audit import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

CODES_ENDED = ngettext_lazy("%(number)d code ended", "%(number)d codes ended", "number")
LETTERS = ngettext_lazy("%(number)d letter", "%(number)d letters", "number")
NOT_SENT = ngettext_lazy(
    "%(number)d message that had not gone out was withdrawn",
    "%(number)d messages that had not gone out were withdrawn",
    "number",
)
LATER = ngettext_lazy(
    "%(number)d waiting message or answer now goes out at another time",
    "%(number)d waiting messages and answers now go out at another time",
    "number",
)
WAITED = ngettext_lazy(
    "%(number)d message was waiting to go out", "%(number)d messages were waiting to go out", "number"
)
FAMILIES = ngettext_lazy("%(number)d family", "%(number)d families", "number")
NOTHING = ngettext_lazy("%(number)d family got nothing", "%(number)d families got nothing", "number")
MESSAGES = ngettext_lazy("%(number)d message", "%(number)d messages", "number")
LATE = ngettext_lazy("up to %(number)d minute late", "up to %(number)d minutes late", "number")
HOURS_LATE = ngettext_lazy("up to %(number)d hour late", "up to %(number)d hours late", "number")
DAYS_LATE = ngettext_lazy("up to %(number)d day late", "up to %(number)d days late", "number")
CHILDREN = ngettext_lazy("%(number)d child", "%(number)d children", "number")
PHOTOS = ngettext_lazy("%(number)d photo", "%(number)d photos", "number")
NEW_CHILDREN = ngettext_lazy("%(number)d child is new", "%(number)d children are new", "number")
NEW_ADULTS = ngettext_lazy("%(number)d adult is new", "%(number)d adults are new", "number")
CHANGED_CHILDREN = ngettext_lazy(
    "%(number)d child’s record changed", "%(number)d children’s records changed", "number"
)
CHANGED_ADULTS = ngettext_lazy(
    "%(number)d adult’s record changed", "%(number)d adults’ records changed", "number"
)
MISSING = ngettext_lazy(
    "%(number)d child is not in it any more", "%(number)d children are not in it any more", "number"
)

# kind of entry: where its detail has the number ('new.pupils' is a number inside 'new'), and how it is said
COUNTED: dict[str, tuple[tuple[str, "StrPromise"], ...]] = {
    "approval.refused": (("ended", CODES_ENDED),),
    "arrivals.announced_late": (("messages", MESSAGES), ("minutes", LATE)),
    "calendar.changed": (("moved", LATER),),
    "class.retired": (("withdrawn", NOT_SENT),),
    "class.staff_changed": (("withdrawn", NOT_SENT),),
    "letters.drawn": (("number", LETTERS),),
    "letters.expired": (("ended", CODES_ENDED),),
    "letters.made": (("number", LETTERS),),
    "letters.requested": (("number", LETTERS),),
    "messages.sent_to_many": (("sent", FAMILIES), ("skipped", NOTHING)),
    "messaging.lifted": (("moved", LATER),),
    "messaging.suspended": (("pending", WAITED),),
    "points.awarded": (("pupils", CHILDREN),),
    "post.written": (("photos", PHOTOS),),
    "roster.imported": (
        ("new.pupils", NEW_CHILDREN),
        ("new.contacts", NEW_ADULTS),
        ("changed.pupils", CHANGED_CHILDREN),
        ("changed.contacts", CHANGED_ADULTS),
        ("missing", MISSING),
    ),
    "staff.left": (("withdrawn", NOT_SENT),),
}


def numbers_of(entry: AuditEntry) -> Iterator[str]:
    """Return each number of an entry in words, such as '12 letters'."""
    for name, said in COUNTED.get(entry.verb, ()):
        number = _number(entry.detail, name)
        if said is LATE:
            number, said = _in_largest_unit(number)
        if number:
            yield str(said % {"number": number})


def _in_largest_unit(minutes: int) -> tuple[int, "StrPromise"]:
    """Return a delay as people say it: minutes, from two hours on hours, from two days on days."""
    if minutes >= 2 * 24 * 60:
        return minutes // (24 * 60), DAYS_LATE
    return (minutes // 60, HOURS_LATE) if minutes >= 2 * 60 else (minutes, LATE)


def _number(detail: object, name: str) -> int:
    for part in name.split("."):
        detail = detail.get(part) if isinstance(detail, dict) else None
    if isinstance(detail, list):
        return len(detail)
    return detail if isinstance(detail, int) else 0
