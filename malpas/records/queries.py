"""Read the audit log for leaders, a page at a time.

By person, by child, by kind, by day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.hooks import unreadable_for
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from classes.people.queries import find_people
from malpas.lib.hours import LONDON
from malpas.records.lines import Line, fill_in, fold
from malpas.records.sentences import KINDS
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry

LINES, CHUNK, CHUNKS = 50, 500, 6


@dataclass(frozen=True)
class Wanted:
    """What the page is filtered by.

    `before`: the id of the last entry of the page before.
    """

    kind: str = ""
    by: StaffMember | None = None
    about: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None


def acts(actor: Actor, wanted: Wanted) -> tuple[list[Line], AuditEntry | None]:
    """Return a page of lines, and where the next page begins.

    The newest first.
    """
    readable = AuditEntry.objects.readable_by(actor, but=unreadable_for(actor))
    rows = _filtered(readable, wanted).select_related("user", "staff")
    entries: list[AuditEntry] = []
    after, more = readable.filter(pk=wanted.before).first() if wanted.before else None, True
    for _turn in range(CHUNKS):
        chunk = list(_older(rows, after)[:CHUNK])
        entries += chunk
        more = len(chunk) == CHUNK
        if not more or len(fold(entries)) > LINES:
            break
        after = chunk[-1]
    lines = fold(entries)
    shown = lines[:LINES]
    fill_in(shown)
    is_last = len(lines) <= LINES and not more
    return shown, None if is_last or not shown else shown[-1].entries[-1]


def _older(rows: QuerySet[AuditEntry], after: AuditEntry | None) -> QuerySet[AuditEntry]:
    """Return the rows older than this entry; all of them without one.

    `turn` orders entries of one moment. It is on no page: a gap in it would reveal a sealed act.
    """
    return rows.filter(Q(at__lt=after.at) | Q(at=after.at, turn__lt=after.turn)) if after else rows


def _filtered(rows: Any, wanted: Wanted) -> QuerySet[AuditEntry]:
    if wanted.kind:
        rows = rows.filter(verb__in=KINDS[wanted.kind].sentences)
    if wanted.by:
        signed = Q(staff=wanted.by)
        rows = rows.filter(signed | Q(user=wanted.by.user_id) if wanted.by.user_id else signed)
    if wanted.about:
        rows = rows.filter(_about(wanted.about))
    if wanted.first:
        rows = rows.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return rows


def _midnight(on: date, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.combine(on, time(), zone)


def _about(name: str) -> Q:
    """Return the condition that an entry concerns somebody of this name."""
    people = [row.person for row in find_people(name, kind="", classroom=None, page=1).object_list]
    children = [one.pk for one in people if isinstance(one, Pupil)]
    adults = [one for one in people if isinstance(one, Contact)]
    staff = [one for one in people if isinstance(one, StaffMember)]
    users = [one.user_id for one in adults if one.user_id] + [one.user_id for one in staff if one.user_id]
    guardianships = Guardianship.objects.filter(Q(pupil__in=children) | Q(contact__in=adults))
    approvals = SlotApproval.objects.filter(Q(pupil__in=children) | Q(contact__in=adults))
    conversations = Conversation.objects.filter(pupil__in=children)
    found = {
        Pupil: children,
        Contact: [one.pk for one in adults],
        StaffMember: [one.pk for one in staff],
        Guardianship: guardianships.values_list("pk", flat=True),
        Invitation: Invitation.objects.filter(guardianship__in=guardianships).values_list("pk", flat=True),
        SlotApproval: approvals.values_list("pk", flat=True),
        Conversation: conversations.values_list("pk", flat=True),
        Message: Message.objects.filter(conversation__in=conversations).values_list("pk", flat=True),
        Enquiry: Enquiry.objects.filter(pupils__in=children).values_list("pk", flat=True),
    }
    abouts = [f"{model._meta.label_lower}:{pk}" for model, pks in found.items() for pk in pks]
    abouts += [f"accounts.user:{pk}" for pk in users]
    return Q(about__in=abouts) | Q(user__in=users) | Q(staff__in=staff)
