"""Keep photos that somebody adds to a story before it is posted.

For that writer alone, deleted after a day. The file is stored before its row, and the row before the story: a failure
in between leaves a file without a row, which a periodic task removes, and never a row without a file. Policy: AU-5.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.sessions.rate_limits import counted_file
from malpas.lib.errors import RuleViolation
from malpas.lib.text import is_blank
from malpas.lib.uploads import storage
from malpas.lib.uploads.photos import files
from malpas.lib.uploads.photos.decoding import FAULTS, decode
from malpas.lib.uploads.photos.processing import SIZES, Fault, Rendition, Unfit
from stories import rules
from stories.models import Photo, UnsentPhoto

UNSENT_FOR = timedelta(days=1)
MOST_UNSENT = 30  # by one writer


class NoRoom(RuleViolation):
    sentence = _("The photos could not be kept just now, so nothing was posted. Please try again later.")


class TooManyPhotos(RuleViolation):
    sentence = _("A story can have up to 5 photos.")


class PhotosGone(RuleViolation):
    sentence = _("What you added was here for too long. Please add it again.")


class TooCostly(RuleViolation):
    """Raised for a photo that takes too long to decode.

    The request's later photos are skipped (A47).
    """


class NotDescribed(RuleViolation):
    sentence = _("Please say in a few words what each photo shows.")


class EnoughUnsent(RuleViolation):
    sentence = _("You have added a lot of photos without posting them. Please post some of them first.")


def add_photo(file: IO[bytes], *, by: Actor, at: datetime) -> UnsentPhoto:
    """Store a photo for a story being written (AU-5).

    Only its writer sees it. Decoded in a process of its own and re-encoded. Raises NoRoom, EnoughUnsent, TooCostly,
    Busy, TooManyRefusedFiles, RuleViolation with what is wrong with the photo; then nothing of it is left.
    """
    if not rules.may_write_at_all(by):
        raise PermissionDenied
    if UnsentPhoto.objects.of(by).count() >= MOST_UNSENT:
        raise EnoughUnsent
    try:
        with counted_file(by.user.pk):
            made = decode(
                file.read(settings.PHOTO_MAX_BYTES + 1)
            )  # one byte too many shows that it is too large
    except Unfit as unfit:
        kind = TooCostly if unfit.fault == Fault.COSTLY else RuleViolation
        raise kind(FAULTS[unfit.fault]) from None
    if not storage.has_room():
        raise NoRoom
    try:
        with files.stored_photo(made) as name:
            return _row(name, made[SIZES[0]], by, at)
    except storage.NotStored:
        raise NoRoom from None


def _row(name: str, largest: Rendition, by: Actor, at: datetime) -> UnsentPhoto:
    assert by.staff is not None  # rules.may_write_at_all
    return UnsentPhoto.objects.create(
        owner=by.user, staff=by.staff, name=name, width=largest.width, height=largest.height, added_at=at
    )


def describe_photos(described: Mapping[str, str], *, by: Actor) -> None:
    """Store descriptions of this writer's unsent photos, by name."""
    for photo in UnsentPhoto.objects.of(by).filter(name__in=described):
        if photo.alt != described[photo.name]:
            UnsentPhoto.objects.filter(pk=photo.pk).update(alt=described[photo.name])


def take_photos(names: Collection[str], *, by: Actor) -> list[Photo]:
    """Turn this writer's unsent photos into photos of a post.

    In the transaction that stores the post, without setting it. In the order of upload. Raises PhotosGone,
    NotDescribed.
    """
    if not names:
        return []
    unsent = UnsentPhoto.objects.of(by).filter(name__in=names)
    found = list(unsent.select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(set(names)):
        raise PhotosGone
    if any(is_blank(photo.alt) for photo in found):
        raise NotDescribed
    UnsentPhoto.objects.filter(pk__in=[photo.pk for photo in found]).delete()
    return [Photo(name=each.name, alt=each.alt, width=each.width, height=each.height) for each in found]


def _forget_when_done(photos: Sequence[UnsentPhoto]) -> None:
    def forget() -> None:
        for photo in photos:
            files.forget(photo.name, SIZES)

    transaction.on_commit(forget)


@transaction.atomic
def forget_unsent_photos() -> int:
    """Delete photos that were added a day ago and never posted.

    Returns how many.
    """
    old = UnsentPhoto.objects.filter(added_at__lte=SchoolNow() - UNSENT_FOR)
    photos = list(old.select_for_update(of=("self",), skip_locked=True)[:500])
    UnsentPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    _forget_when_done(photos)
    return len(photos)
