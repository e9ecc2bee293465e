"""Record what an adult reports by telephone, in their name (PA-7, PA-13)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import replay
from messaging.body import require_body
from messaging.enums import ComplaintAbout, Topic
from messaging.locks import lock_writer, locked_hours
from messaging.models.enquiries import Enquiry, Origin
from messaging.office.notifications import (
    notify_office,
)
from messaging.office.queries.restricted import restricted_children
from messaging.office.services.complaints import open_complaint
from messaging.office.services.enquiries import AbsenceFacts, add_absence, alert_of, new_reference


class CallerWithoutAccess(RuleViolation):
    sentence = _(
        "This adult has no access to the child. Please confirm that you have seen it, and put it on the list again."
    )


class NotTheirChild(RuleViolation):
    sentence = _("This adult has no connection with that child.")


@transaction.atomic
def record_call(
    *,
    topic: str,
    contact: Contact,
    pupils: Iterable[Pupil],
    body: str,
    by: Actor,
    at: datetime,
    key: UUID,
    absence: AbsenceFacts | None = None,
    about: str = "",
    phone: str = "",
    although_no_access: bool = False,
) -> Enquiry:
    """Put what an adult reports by telephone on the list (PA-7, PA-13).

    In their name; without an account of theirs in the recorder's. `although_no_access`: the recorder has
    seen that the adult has no access to the child. The same `key` again returns the first enquiry. Raises
    NotTheirChild, EmptyBody, CallerWithoutAccess.
    """
    if not by.is_office or by.staff is None:
        raise PermissionDenied
    cleaned = require_body(body) if body.strip() or absence is None else ""
    lock_writer(by.user)
    first = Enquiry.objects.filter(origin__recorded_by=by.staff, key=key).first()
    if first is not None:
        return replay(first, topic=topic, body=cleaned, phone=phone)
    children = _children_of_contact(contact, pupils)
    if restricted_children(contact, children) and not although_no_access:
        raise CallerWithoutAccess
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=contact.user or by.user,
        body=cleaned,
        phone=phone,
        alert=alert_of(cleaned),
        key=key,
        sent_at=at,
        is_sealed=about == ComplaintAbout.HEAD,
    )
    enquiry.pupils.set(children)
    Origin.objects.create(enquiry=enquiry, contact=contact, recorded_by=by.staff)
    if absence:
        add_absence(enquiry, absence, locked_hours())
    if topic == Topic.COMPLAINT:
        open_complaint(enquiry, about or ComplaintAbout.SCHOOL, at=at)
        notify_office(enquiry, release_at=locked_hours().release(at))
    record("enquiry.recorded", by=by, about=enquiry, contact=contact.pk)
    return enquiry


def _children_of_contact(contact: Contact, pupils: Iterable[Pupil]) -> list[Pupil]:
    """Return the chosen children with a guardianship of this adult.

    Joined or not, but not ended. Raises NotTheirChild.
    """
    chosen = {pupil.pk for pupil in pupils}
    guardianships = Guardianship.objects.filter(contact=contact, ended_at__isnull=True, pupil__in=chosen)
    found = list(Pupil.objects.here().filter(pk__in=guardianships.values("pupil")))
    if len(found) != len(chosen):
        raise NotTheirChild
    return found
