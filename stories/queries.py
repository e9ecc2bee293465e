"""Find posts and photos, and read the newsfeed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.calendar.hours import BannerText, banner_text
from accounts.models.notifications import Notification
from accounts.models.school import School
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.hidden import hide, reveal
from malpas.lib.hours import SchoolHours
from stories.models import PRESENT, Photo, Post, PostQuerySet, UnsentPhoto

PAGE = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


MOST_NEW = 100  # no page counts further
NEW_POSTS = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM stories_feedmark k
        JOIN stories_post p ON p.release_at > k.seen_until AND p.release_at <= school_now()
        WHERE k.reader_id = u.id
        AND p.withdrawn_at IS NULL AND p.hidden_at IS NULL AND p.taken_down_at IS NULL
        AND EXISTS (
            SELECT 1 FROM classes_contact c JOIN classes_guardianship g ON g.contact_id = c.id
            JOIN classes_pupil child ON child.id = g.pupil_id
            WHERE c.user_id = u.id AND (p.classroom_id IS NULL OR p.classroom_id = child.classroom_id)
            AND has_access(g.pupil_id, c.user_id, false)
        )
        LIMIT {MOST_NEW}
    ) found
"""  # the same as `visible_to` and `arrived` say of a parent
SEEN_UNTIL = "SELECT k.seen_until FROM stories_feedmark k WHERE k.reader_id = u.id"


def _drawn(posts: PostQuerySet) -> PostQuerySet:
    return posts.select_related("classroom", "staff").prefetch_related("photos")


def get_post_for(actor: Actor, post_id: int) -> Post:
    """Return a post that this actor may see, ready to render (PA-5).

    With its class, signature and photos. Raises Http404.
    """
    post = _drawn(Post.objects.visible_to(actor)).select_related("author").filter(pk=post_id).first()
    if post is None:
        raise Http404
    return post


def get_photo_for(actor: Actor, name: str) -> Photo | UnsentPhoto:
    """Return a photo of a visible post or an own unsent photo.

    Raises Http404. Policy: AU-9.
    """
    photo = Photo.objects.filter(name=name, post__in=Post.objects.visible_to(actor)).first()
    found = photo or UnsentPhoto.objects.of(actor).filter(name=name).first()
    if found is None:
        raise Http404
    return found


def own_photos(actor: Actor, names: Collection[str]) -> list[UnsentPhoto]:
    """Return this person's unsent photos of these names, oldest first."""
    return list(UnsentPhoto.objects.of(actor).filter(name__in=names)) if names else []


@dataclass(frozen=True)
class Cursor:
    """The last post of a page of the feed.

    New posts do not shift the next page.
    """

    release_at: datetime
    post_id: int

    def __str__(self) -> str:
        return f"{(self.release_at - EPOCH) // timedelta(microseconds=1)}-{hide(self.post_id)}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Parse what `str` wrote. Raises ValueError for anything else."""
        at, post_id = (int(part) for part in text.split("-"))
        try:
            return cls(EPOCH + timedelta(microseconds=at), reveal(post_id))
        except OverflowError:
            raise ValueError(text) from None


@dataclass(frozen=True)
class Feed:
    """A page of posts.

    `older`: the cursor of the next page, None on the last. `new`: how many of the first ones are new to the reader.
    """

    posts: list[Post]
    older: Cursor | None
    new: int = 0


def _page(
    actor: Actor, children: Collection[Pupil] | None, child: Pupil | None, before: Cursor | None
) -> PostQuerySet:
    posts = Post.objects.visible_to(actor, children).arrived()
    if child is not None:  # of a child in no class: what goes to the whole school
        posts = posts.filter(Q(classroom__isnull=True) | Q(classroom=child.classroom_id))
    if before is not None:
        same = Q(release_at=before.release_at, pk__lt=before.post_id)
        posts = posts.filter(Q(release_at__lt=before.release_at) | same)
    return _drawn(posts).order_by("-release_at", "-pk")[: PAGE + 1]


def feed(
    actor: Actor,
    *,
    children: Collection[Pupil] | None = None,
    child: Pupil | None = None,
    before: Cursor | None = None,
) -> Feed:
    """Return ten posts that have gone out, newest first, in two queries.

    `children`: the actor's, where the request has read them. `child`: one of them; then posts of their class and the
    whole school. `before`: the cursor of an older page. Policy: PA-5.
    """
    found = list(_page(actor, children, child, before))
    posts = found[:PAGE]
    last = Cursor(posts[-1].release_at, posts[-1].pk) if len(found) > PAGE else None
    until = seen_until(actor)
    for post in posts:
        post.is_new = until is not None and post.release_at > until
    return Feed(posts, last, sum(post.is_new for post in posts))


@dataclass(frozen=True)
class Look:
    """What a page of the newsfeed asks to be noted of its reader: `until`, as the cursor of its newest post."""

    until: str


def look_at(feed: Feed, *, by: Actor) -> Look | None:
    """Return what is to be noted of a parent who opens this newsfeed; None where it is known already."""
    known, newest = seen_until(by), feed.posts[0] if feed.posts else None
    if not by.is_parent or (known and (newest is None or newest.release_at <= known)):
        return None
    return Look(str(Cursor(newest.release_at, newest.pk)) if newest else "")


def seen_until(actor: Actor) -> datetime | None:
    """Return the moment until which a parent has looked at the newsfeed, read with their account.

    None for whoever never looked, and for everybody whose newsfeed is none of a family's.
    """
    return actor.user.facts.get("seen_until") if actor.is_parent else None


def lost_notices(notices: Collection[Notification]) -> set[int]:
    """Return the ids of notifications about posts that their recipient lost.

    The recipient has no child left whom the post is for (I6), or the post is hidden or taken down (AU-12).
    """
    posts = {notice.pk: notice.key.removeprefix("post:") for notice in notices}
    wanted = Post.objects.filter(pk__in={int(pk) for pk in posts.values() if pk.isdecimal()})
    rooms = {str(pk): room for pk, room in wanted.values_list("pk", "classroom")}
    gone = {str(pk) for pk in wanted.exclude(PRESENT).values_list("pk", flat=True)}
    guardianships = Guardianship.objects.live().filter(
        contact__user__in={notice.recipient_id for notice in notices}
    )
    seen: set[tuple[int | None, int | None]] = set(
        guardianships.values_list("contact__user_id", "pupil__classroom_id")
    )
    seen |= {(reader, None) for reader, _room in seen}
    return {
        notice.pk
        for notice in notices
        if posts[notice.pk] in gone
        or (posts[notice.pk] in rooms and (notice.recipient_id, rooms[posts[notice.pk]]) not in seen)
    }


def pending_of(actor: Actor) -> list[Post]:
    """Return this account's pending posts, the next first (TE-4)."""
    return list(_drawn(Post.objects.pending().filter(author=actor.user)).order_by("release_at", "pk"))


def story_banner(school: School) -> BannerText:
    """Return the banner above the story form (TE-5, TE-6).

    In working hours a story is released at once.
    """
    banner = banner_text(school, staff=True)
    if banner.state == "quiet":
        return banner
    return replace(banner, body=_("Families can read your story as soon as you post it."))


def post_snapshot(post: Post) -> dict[str, object]:
    """Return the post as plain JSON values, for a report (TE-7).

    Times are ISO in UTC. Photos: name and description; the name opens only through the checked view.
    """
    return {
        "id": post.pk,
        "classroom": post.classroom.name if post.classroom else None,
        "account": post.author.name,
        "signed": post.staff.signature,
        "title": post.title,
        "body": post.body,
        "release_at": post.release_at.isoformat(),
        "photos": [{"name": photo.name, "alt": photo.alt} for photo in post.photos.all()],
    }


def stories_wait_longer(hours: SchoolHours) -> list[str]:
    """Say how many pending stories would wait longer by new hours.

    None moves.
    """
    pending = Post.objects.pending_now().values_list("written_at", "release_at")
    number = sum(hours.release(written_at) > release_at for written_at, release_at in pending)
    said = ngettext("%(number)d story waits longer.", "%(number)d stories wait longer.", number)
    return [said % {"number": number}] if number else []
