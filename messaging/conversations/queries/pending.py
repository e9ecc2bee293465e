"""Count what waits, for those who are about to change the calendar."""

from django.utils.translation import ngettext

from accounts.models.school import School
from malpas.lib.hours import SchoolHours
from messaging.models.conversations import Message


def waits_longer(hours: SchoolHours) -> list[str]:
    """Say how many pending messages would wait longer by new hours.

    None moves.
    Numbers alone, to classes and to families. While messaging is suspended nothing waits for the hours.
    """
    school = School.objects.here()
    assert school.now is not None
    if school.messaging_suspended_at:
        return []
    later = Message.objects.waiting().filter(release_at__lt=hours.release(school.now))
    said = []
    if number := later.filter(from_class=False).count():
        to_class = ngettext(
            "%(number)d message to a class waits longer.",
            "%(number)d messages to classes wait longer.",
            number,
        )
        said.append(to_class % {"number": number})
    if number := later.filter(from_class=True).count():
        to_families = ngettext(
            "%(number)d message from a class to a family waits longer.",
            "%(number)d messages from classes to families wait longer.",
            number,
        )
        said.append(to_families % {"number": number})
    return said
