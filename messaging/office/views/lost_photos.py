"""Let a family add photos of what is lost, and remove a wrong one (PA-7, AU-5)."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.posted import posted_from
from malpas.lib.uploads.photos.files import path_of
from malpas.lib.uploads.photos.processing import SIZES
from malpas.lib.uploads.serving import photo_answer
from messaging.enums import Topic
from messaging.office.forms.enquiries import PhotoForm
from messaging.office.notifications import enquiry_path
from messaging.office.queries.enquiries import get_enquiry_photo, get_own_enquiry
from messaging.office.services.photos import add_photo, remove_photo
from messaging.office.views.done_page import render_done


@access(Opens.FOR_FAMILIES)
@posted_from("write_done")
def enquiry_photo_add(request: PortalRequest, reference: str) -> HttpResponse:
    """Add a photo of a lost thing; what is wrong with it stands beside its field."""
    found = get_own_enquiry(request.actor, reference)
    if found.topic != Topic.LOST:
        raise Http404
    form = PhotoForm(request.POST, request.FILES, auto_id="photo_%s")
    if form.is_valid():
        try:
            add_photo(found, by=request.actor, **form.cleaned_data)
        except RuleViolation as violation:
            form.add_error("photo", violation.sentence)
        else:
            messages.success(request, _("The office has your photo."))
            return redirect(enquiry_path(found))
    return render_done(request, found, photo=form)


@access(Opens.FOR_FAMILIES)
@require_POST
def enquiry_photo_remove(request: PortalRequest, reference: str, name: str) -> HttpResponse:
    found = get_own_enquiry(request.actor, reference)
    if remove_photo(found, name=name, by=request.actor):
        messages.success(request, _("The photo is gone."))
    return redirect(enquiry_path(found))


@access()
@require_safe
def enquiry_photo(request: PortalRequest, name: str) -> FileResponse:
    """Serve a photo; every request checks access again (AU-9)."""
    found = get_enquiry_photo(request.actor, name)
    return photo_answer(path_of(found.name, SIZES[1]))
