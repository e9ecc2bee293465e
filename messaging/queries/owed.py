"""Whether a notice of a message is still for its reader (I6)."""

from collections.abc import Collection

from accounts.models import Notification
from classes.models import Guardianship
from messaging.models import Enquiry, Entry, Message

PREFIX = "message:"


def lost_notices(notices: Collection[Notification]) -> set[int]:
    """Of these notices of messages, the ids of those whose parent has lost the child they are about. Two queries."""
    about = {
        notice.pk: int(notice.key.removeprefix(PREFIX))
        for notice in notices
        if notice.key.removeprefix(PREFIX).isdecimal()
    }
    found = Message.objects.filter(pk__in=about.values())
    talks = {pk: pair for pk, *pair in found.values_list("pk", "conversation__parent", "conversation__pupil")}
    live = Guardianship.objects.live_pairs({parent for parent, _pupil in talks.values()})
    lost = {pk for pk, (parent, pupil) in talks.items() if (parent, pupil) not in live}
    readers = {notice.pk: notice.recipient_id for notice in notices}
    return {pk for pk, message in about.items() if message in lost and readers[pk] == talks[message][0]}


def lost_enquiry_notices(notices: Collection[Notification]) -> set[int]:
    """Of these notices of enquiries, the ids of those to a parent who has lost a child that it is about. Four queries.

    The office's own notices have other keys, and stay.
    """
    answers, passed = _numbers(notices, "answer:"), _numbers(notices, "passed:")
    of_entry = dict(Entry.objects.filter(pk__in=answers.values()).values_list("pk", "enquiry"))
    about = passed | {pk: of_entry[entry] for pk, entry in answers.items() if entry in of_entry}
    children = Enquiry.objects.filter(pk__in=about.values(), pupils__isnull=False).values_list("pk", "pupils")
    pairs: dict[int, set[int]] = {}
    for enquiry, child in children:
        pairs.setdefault(enquiry, set()).add(child)
    readers = {notice.pk: notice.recipient_id for notice in notices}
    live = Guardianship.objects.live_pairs(set(readers.values()))
    return {
        pk
        for pk, enquiry in about.items()
        if any((readers[pk], child) not in live for child in pairs.get(enquiry, ()))
    }


def _numbers(notices: Collection[Notification], prefix: str) -> dict[int, int]:
    """Notice → the number in its key, of those whose key begins so."""
    keys = {each.pk: each.key.removeprefix(prefix) for each in notices if each.key.startswith(prefix)}
    return {pk: int(number) for pk, number in keys.items() if number.isdecimal()}
