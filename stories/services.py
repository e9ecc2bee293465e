"""Write, change, withdraw, take down, hide, announce and reschedule posts."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO, TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.calendar.services import reschedule_notices
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from accounts.models.school import School
from accounts.sessions.rate_limits import counted_file
from accounts.staff.services import still_works_here
from classes.models.classrooms import Classroom
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.idempotency import replay
from malpas.lib.text import clean_body, clean_line, is_blank
from malpas.lib.uploads.photos.decoding import FAULTS, decode
from malpas.lib.uploads.photos.files import stored_photo
from malpas.lib.uploads.photos.processing import SIZES, Rendition, Unfit
from malpas.lib.uploads.storage import NotStored
from stories import rules
from stories.models import Photo, Post
from stories.notifications import KINDS, announce, notify_taken_down, revoke_notices
from stories.uploads import NoRoom, TooManyPhotos, take_photos

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

log = logging.getLogger(__name__)
Picture = tuple[bytes | IO[bytes], str]


class NotYours(RuleViolation):
    sentence = _("A class writes its own story. Senior leaders write to the whole school.")


class AlreadyOut(RuleViolation):
    sentence = _("This story has gone out, so it can no longer be changed.")


class PhotoRefused(RuleViolation):
    """Raised for a photo that cannot be used.

    `index`: which one, from 0.
    """

    def __init__(self, index: int, sentence: "str | StrPromise") -> None:
        self.index = index
        super().__init__(sentence)


def clean_text(title: str, body: str) -> dict[str, str]:
    """Return title and words as they are stored. Raises RuleViolation."""
    text = {"title": clean_line(title), "body": clean_body(body)}
    if is_blank(text["title"]) or is_blank(text["body"]):
        raise RuleViolation(_("A story needs a title and some words."))
    if len(text["title"]) > 120 or len(text["body"]) > 5000:
        raise RuleViolation(_("A title can have up to 120 letters, a story up to 5,000."))
    return text


def _decoded(index: int, picture: Picture) -> tuple[str, dict[int, Rendition]]:
    source, alt = picture
    alt = clean_line(alt)[:200]
    if is_blank(alt):
        raise PhotoRefused(index, _("Please say in a few words what the photo shows."))
    try:
        return alt, decode(source if isinstance(source, bytes) else source.read(settings.PHOTO_MAX_BYTES + 1))
    except Unfit as unfit:
        raise PhotoRefused(index, FAULTS[unfit.fault]) from None


@contextmanager
def _stored(photos: Sequence[Picture], by: Actor) -> Iterator[list[Photo]]:
    """Decode all photos before storing the first.

    A disk error leaves no file.
    """
    decoded = []
    for index, picture in enumerate(photos):
        with counted_file(by.user.pk):
            decoded.append(_decoded(index, picture))
    with ExitStack() as stack:
        stored: list[Photo] = []
        for alt, made in decoded:
            try:
                name = stack.enter_context(stored_photo(made))
            except NotStored:
                raise NoRoom from None
            largest = made[SIZES[0]]
            stored.append(Photo(name=name, alt=alt, width=largest.width, height=largest.height))
        yield stored


@transaction.atomic
def _save(by: Actor, at: datetime, photos: list[Photo], added: Collection[str], **fields) -> Post:
    # The school's row is locked, so that no post keeps a release time of an old calendar.
    assert by.staff is not None  # rules.may_write
    school = School.objects.select_for_update(no_key=True).get(pk=1)
    if not still_works_here(by.staff):
        raise NotYours
    release_at = school_hours(school).release(at)
    post = Post.objects.create(author=by.user, staff=by.staff, written_at=at, release_at=release_at, **fields)
    photos = [*photos, *take_photos(added, by=by)]
    for photo in photos:
        photo.post = post
    Photo.objects.bulk_create(photos)
    record("post.written", by=by, about=post, photos=len(photos))
    return post


def write_post(
    classroom: Classroom | None,
    *,
    by: Actor,
    at: datetime,
    title: str,
    body: str,
    key: UUID | str,
    photos: Sequence[Picture] = (),
    added: Collection[str] = (),
) -> Post:
    """Post to a class, or to the whole school (None) (PA-5).

    Released at `at` (UTC) or at the next opening (TE-4). `photos`: pairs of a JPEG, PNG or WebP (bytes or an open
    file) and its description. They are decoded and stored before the transaction that names them; whatever fails
    leaves neither file nor row (AU-5). The same `key` from the same account returns the first post. `added`: names of
    the writer's unsent photos. Raises IdempotencyConflict, NotYours, PhotoRefused, PhotosGone, NotDescribed,
    TooManyPhotos, NoRoom, RuleViolation.
    """
    if not rules.may_write(by, classroom):
        raise NotYours
    text, written = clean_text(title, body), Post.objects.filter(author=by.user, key=key)
    if first := written.first():
        return replay(first, withdrawn_at=None, **text)
    if len(photos) + len(set(added)) > rules.MAX_PHOTOS:
        raise TooManyPhotos
    try:
        with _stored(photos, by) as stored:
            return _save(by, at, stored, added, classroom=classroom, key=key, **text)
    except IntegrityError:
        if first := written.first():
            return replay(first, withdrawn_at=None, **text)
        raise


def _change_pending(post: Post, by: Actor, **changes) -> None:
    if not rules.may_change(post, by):
        raise NotYours
    if not Post.objects.filter(pk=post.pk).lock_pending().update(**changes):
        raise AlreadyOut


@transaction.atomic
def change_post(post: Post, *, by: Actor, title: str, body: str) -> None:
    """Replace a pending post's text, signed by who changed it (TE-4).

    Raises NotYours, AlreadyOut.
    """
    _change_pending(post, by, staff=by.staff, **clean_text(title, body))
    record("post.changed", by=by, about=post)


@transaction.atomic
def withdraw_post(post: Post, *, by: Actor, at: datetime) -> None:
    """Withdraw a pending post (TE-4). Raises NotYours, AlreadyOut."""
    _change_pending(post, by, withdrawn_at=at)
    record("post.withdrawn", by=by, about=post)


@transaction.atomic
def hide_post(post: Post, *, by: Actor, at: datetime) -> bool:
    """Hide a post from everybody but SLT and cancel its mail (AU-12).

    False if it was hidden before. `moderation` decides who may hide. Photos are served only with a visible post, so
    they vanish with it.
    """
    hidden = Post.objects.filter(pk=post.pk, hidden_at__isnull=True).update(hidden_at=at, hidden_by=by.staff)
    if hidden:
        revoke_notices(post)
        record("post.hidden", by=by, about=post)
    return bool(hidden)


@transaction.atomic
def take_down(post: Post, *, by: Actor, at: datetime) -> bool:
    """Take a post and its photos down for good (AU-12).

    SLT still sees it. At any hour, by its own account or by SLT. Pending notifications are revoked, and the post's
    account is notified when SLT did it. False if it was taken down before. Raises NotYours.
    """
    if not rules.may_take_down(post, by) or not still_works_here(by.staff):
        raise NotYours
    rows = Post.objects.filter(pk=post.pk, taken_down_at__isnull=True)
    if not rows.update(taken_down_at=at, taken_down_by=by.staff):
        return False
    revoke_notices(post)
    if post.author_id != by.user.pk:
        notify_taken_down(post, at=at)
    record("post.taken_down", by=by, about=post)
    return True


@transaction.atomic
def withdraw_pending_posts_of(user: User, *, at: datetime) -> int:
    """Withdraw this account's pending posts (PA-9); return how many."""
    return Post.objects.filter(author=user).lock_pending().update(withdrawn_at=at)


def withdraw_pending(staff: StaffMember, at: datetime, account: User | None = None) -> int:
    """Withdraw pending posts signed by a departed member of staff.

    Returns how many. At this class account, or at any (None). Runs in the transaction in which they leave (F36).
    """
    theirs = Post.objects.filter(staff=staff)
    theirs = theirs.filter(author=account) if account else theirs
    return theirs.lock_pending().update(withdrawn_at=at)


@transaction.atomic
def _announce_next(passed_over: set[int]) -> int | None:
    """Claim one released post and notify its readers.

    Returns its id, or None when none is left.
    """
    due = Post.objects.arrived().filter(announced_at__isnull=True).exclude(pk__in=passed_over)
    claimed = due.select_for_update(skip_locked=True, of=("self",)).select_related("classroom")
    post = claimed.order_by("release_at", "pk").first()
    if post is None:
        return None
    passed_over.add(post.pk)
    announce(post)
    Post.objects.filter(pk=post.pk).update(announced_at=SchoolNow())
    return post.pk


def announce_due(*, limit: int = 20) -> int:
    """Notify parents of released posts, each once (PA-10); return how many posts.

    One transaction for each post. One that fails is logged and tried again in the next minute.
    """
    tried: set[int] = set()
    announced = 0
    for _attempt in range(limit):
        try:
            found = _announce_next(tried)
        except Exception:
            log.exception("a post could not be announced")
            continue
        if found is None:
            break
        announced += 1
    return announced


def reschedule_pending(hours: SchoolHours) -> int:
    """Reschedule pending posts by new hours, now at the earliest.

    Returns how many changed. TE-4, policy: Times.
    """
    moved = 0
    for post in Post.objects.all().lock_pending():
        release_at = hours.release(post.written_at)
        if release_at != post.release_at:
            new = Greatest(Value(release_at, DateTimeField()), SchoolNow())
            moved += Post.objects.pending_now().filter(pk=post.pk).update(release_at=new)
    return moved + reschedule_notices(KINDS, hours)
