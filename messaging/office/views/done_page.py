"""Build the page of a family's own enquiry, for every view that shows it."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render

from accounts.calendar.hours import school_hours
from accounts.http import PortalRequest
from messaging.enums import AbsenceReason, Symptom, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.forms.enquiries import PhotoForm, ReplyToOffice
from messaging.office.queries.answers import stage_for_family
from messaging.office.queries.enquiries import entries_for_family
from messaging.office.rules.absences import may_change_absence
from messaging.office.rules.enquiries import what_to_do
from messaging.office.services.photos import MOST
from messaging.screening.school_lists import office_topics


def render_done(
    request: PortalRequest,
    found: Enquiry,
    *,
    form: ReplyToOffice | None = None,
    photo: PhotoForm | None = None,
) -> HttpResponse:
    """Render the page; a form that was refused makes it 422."""
    now = request.school.now
    absence = getattr(found, "absence", None)
    tummy = absence and absence.reason == AbsenceReason.ILL and absence.symptom == Symptom.TUMMY
    today = school_hours(request.school).local_date(now)
    form = form or ReplyToOffice(None)
    context = {"enquiry": found, "absence": absence, "tummy": tummy, "form": form}
    context |= {
        "entries": entries_for_family(found, now),
        "stage": stage_for_family(found, now),
        "state": found.state_for_family(now),
        "cancel_key": uuid4() if absence and may_change_absence(absence, today) else None,
        "advice": what_to_do(found, today),
    }
    context["after"] = next(
        (one.after for one in office_topics(request.school) if one.topic == found.topic), ""
    )
    if found.topic == Topic.LOST:
        context["photos"] = photos = list(found.photos.all())
        context["photo"] = photo or (PhotoForm(auto_id="photo_%s") if len(photos) < MOST else None)
    status = 422 if form.errors or (photo and photo.errors) else 200
    return render(request, "messaging/office/done.html", context, status=status)
