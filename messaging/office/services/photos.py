"""Store photos of lost things for the office (PA-7, AU-5)."""

from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.sessions.rate_limits import counted_file
from malpas.lib.errors import RuleViolation
from malpas.lib.uploads.photos import files
from malpas.lib.uploads.photos.decoding import FAULTS, decode
from malpas.lib.uploads.photos.processing import SIZES, Rendition, Unfit
from malpas.lib.uploads.storage import NotStored
from messaging.enums import Topic
from messaging.models.enquiries import Enquiry, EnquiryPhoto

MOST = 3


class TooManyPhotos(RuleViolation):
    sentence = _("3 photos are enough for us to know it.")


class NoRoomForPhoto(RuleViolation):
    sentence = _("The photo could not be kept just now. Please try again later.")


def add_photo(enquiry: Enquiry, *, photo: IO[bytes], by: Actor, key: UUID) -> EnquiryPhoto:
    """Add a photo of a lost thing; at most three.

    It is decoded in a process of its own. The same `key` again returns the first. Raises TooManyPhotos,
    NoRoomForPhoto, RuleViolation with what is wrong with the picture.
    """
    if enquiry.parent_id != by.user.pk or not by.is_personal or enquiry.topic != Topic.LOST:
        raise PermissionDenied
    try:
        with counted_file(by.user.pk):
            made = decode(photo.read(settings.PHOTO_MAX_BYTES + 1))
    except Unfit as unfit:
        raise RuleViolation(FAULTS[unfit.fault]) from None
    try:
        with files.stored_photo(made) as name:
            row = _row(enquiry, name, made[SIZES[0]], key)
    except NotStored:
        raise NoRoomForPhoto from None
    if row.name != name:
        files.forget(name, SIZES)
    return row


@transaction.atomic
def remove_photo(enquiry: Enquiry, *, name: str, by: Actor) -> bool:
    """Remove a photo that its family had added; the file goes after the commit.

    Returns False where it was removed before, or is of another enquiry.
    """
    if enquiry.parent_id != by.user.pk or not by.is_personal:
        raise PermissionDenied
    removed, _rows = EnquiryPhoto.objects.filter(enquiry=enquiry, name=name).delete()
    if removed:
        record("enquiry.photo_removed", by=by, about=enquiry)
        transaction.on_commit(lambda: files.forget(name, SIZES))
    return bool(removed)


@transaction.atomic
def _row(enquiry: Enquiry, name: str, largest: Rendition, key: UUID) -> EnquiryPhoto:
    """Create the row, or return the one of an earlier request."""
    Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    photos = EnquiryPhoto.objects.filter(enquiry=enquiry)
    if first := photos.filter(key=key).first():
        return first
    if photos.count() >= MOST:
        raise TooManyPhotos
    return photos.create(enquiry=enquiry, name=name, width=largest.width, height=largest.height, key=key)
