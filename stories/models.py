"""Define posts and their photos (PA-5)."""

from __future__ import annotations

from collections.abc import Collection

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import ON_ITS_WAY, SchoolNow, ThisInstant
from accounts.models.people import StaffMember, User
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import ALL, append_only

MOST_OF_ALT = 200
PRESENT = Q(withdrawn_at__isnull=True, hidden_at__isnull=True, taken_down_at__isnull=True)


class PostQuerySet(models.QuerySet["Post"]):
    def arrived(self) -> PostQuerySet:
        return self.filter(PRESENT, release_at__lte=SchoolNow())

    def pending(self) -> PostQuerySet:
        """Return posts written in quiet hours and neither released nor withdrawn (TE-4)."""
        return self.filter(PRESENT, release_at__gt=SchoolNow())

    def pending_now(self) -> PostQuerySet:
        """Return posts pending at this instant, for updates racing with the release."""
        last = ThisInstant() + Value(ON_ITS_WAY, models.DurationField())
        return self.filter(PRESENT, release_at__gt=last, announced_at__isnull=True)

    def lock_pending(self) -> PostQuerySet:
        """Lock these rows and return those still pending once they are locked."""
        rows = self.pending_now().select_for_update(of=("self",)).order_by("pk")
        return Post.objects.pending_now().filter(pk__in=list(rows.values_list("pk", flat=True)))

    def visible_to(self, actor: Actor, children: Collection[Pupil] | None = None) -> PostQuerySet:
        """Return the posts that this actor may see.

        `children`: the actor's, where the request has read them (`classes.queries.children_of`).

        Released posts of the whole school and of one's classes; staff also see their own pending ones. A parent sees
        the classes of their own children and no other (PA-5); a pupil sees none. What was hidden or taken down stays
        on record for SLT alone (AU-12).
        """
        if actor.is_pupil:
            return self.none()
        if actor.is_class:
            mine = Q(classroom__account=actor.user)
            return self.filter(PRESENT).filter(mine | Q(classroom__isnull=True, release_at__lte=SchoolNow()))
        if actor.is_slt:
            return self.filter(withdrawn_at__isnull=True)
        whole_school = Q(classroom__isnull=True)
        if children is not None:
            if not children and not actor.is_office:
                return self.none()
            return self.arrived().filter(
                Q(classroom__in={each.classroom_id for each in children}) | whole_school
            )
        theirs = Pupil.objects.of_parent(actor.user)
        mine = Q(Exists(theirs.filter(classroom=OuterRef("classroom"))))
        everybody = whole_school & (Q(Exists(theirs)) if not actor.is_office else Q())
        return self.arrived().filter(mine | everybody)


@append_only(updates=[ALL])
class Post(models.Model):
    """A story of a class or the whole school.

    `classroom` None: the whole school, which only SLT writes to.
    """

    classroom = models.ForeignKey(
        Classroom, models.CASCADE, null=True, blank=True, related_name="posts", verbose_name=_("class")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("account"))
    staff = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="posts", verbose_name=_("member of staff")
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("words"), max_length=5000)
    key = models.UUIDField()
    written_at = models.DateTimeField(_("written"), db_default=SchoolNow())
    release_at = models.DateTimeField(_("goes out"))
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hidden by")
    )
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True)
    taken_down_by = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken down by"),
    )

    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    corrected_by = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("corrected by"),
    )

    objects = PostQuerySet.as_manager()
    is_new = False  # in a newsfeed: whether it went out since its reader looked last

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = [
            models.Index(fields=["classroom", "-release_at", "-id"], name="post_of_class"),
            models.Index(fields=["-release_at", "-id"], name="post_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="post_once"),
            models.CheckConstraint(
                condition=Q(release_at__gte=F("written_at")), name="post_arrives_after_written"
            ),
            models.CheckConstraint(
                condition=Q(title__regex=r"\S") & Q(body__regex=r"\S"), name="post_has_text"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True, taken_down_by__isnull=True)
                | Q(taken_down_at__isnull=False, taken_down_by__isnull=False),
                name="post_taken_down_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True, corrected_by__isnull=True)
                | Q(corrected_at__isnull=False, corrected_by__isnull=False),
                name="post_corrected_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="post_author_is_no_pupil",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("author_id"),
                when=pgtrigger.Before,
                func="""
                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'pupil') THEN
                    RAISE EXCEPTION 'post_author_is_no_pupil' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="post_stays_taken_down",
                operation=pgtrigger.UpdateOf("taken_down_at", "taken_down_by_id"),
                condition=pgtrigger.Q(old__taken_down_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="post_stays_once_it_arrived",
                operation=pgtrigger.UpdateOf("title", "body", "staff_id", "release_at", "withdrawn_at"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=True),
                func="""
                IF OLD.release_at <= school_instant() AND (
                    NEW.staff_id <> OLD.staff_id OR NEW.release_at > OLD.release_at OR NEW.withdrawn_at IS NOT NULL
                    OR (NEW.title, NEW.body) IS DISTINCT FROM (OLD.title, OLD.body)
                        AND NEW.corrected_at IS NOT DISTINCT FROM OLD.corrected_at
                ) THEN
                    RAISE EXCEPTION 'post_stays_once_it_arrived' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="post_keeps_earlier_words",
                operation=pgtrigger.UpdateOf("title", "body", "corrected_at", "corrected_by_id"),
                when=pgtrigger.Before,
                func="""
                IF (NEW.corrected_at, NEW.corrected_by_id)
                    IS NOT DISTINCT FROM (OLD.corrected_at, OLD.corrected_by_id) THEN
                    RETURN NEW;
                ELSIF OLD.release_at > school_instant() OR (NEW.title, NEW.body) = (OLD.title, OLD.body) THEN
                    RAISE EXCEPTION 'post_keeps_earlier_words' USING ERRCODE = 'check_violation';
                END IF;
                INSERT INTO stories_earlierwords (post_id, title, body, replaced_at, replaced_by_id)
                VALUES (OLD.id, OLD.title, OLD.body, NEW.corrected_at, NEW.corrected_by_id);
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title


@append_only()
class EarlierWords(models.Model):
    """What a post said before somebody corrected it (TE-7). The database writes these rows itself."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="earlier_words")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("words"), max_length=5000)
    replaced_at = models.DateTimeField(_("corrected"))
    replaced_by = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="+", db_index=False, verbose_name=_("corrected by")
    )

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        verbose_name = _("earlier words of a story")
        verbose_name_plural = _("earlier words of stories")

    def __str__(self) -> str:
        return self.title


class Photo(models.Model):
    """A post's photo, re-encoded; the original is not stored (AU-5).

    Served only by a view that checks access.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="photos")
    name = models.CharField(max_length=40, unique=True)
    alt = models.CharField(_("what the photo shows"), max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [models.CheckConstraint(condition=Q(alt__regex=r"\S"), name="photo_has_description")]

    def __str__(self) -> str:
        return self.alt


class UnsentPhotoQuerySet(models.QuerySet["UnsentPhoto"]):
    def of(self, actor: Actor) -> UnsentPhotoQuerySet:
        """Return this person's unsent photos; at a class account, each member's own."""
        return self.filter(owner=actor.user, staff=actor.staff)


class UnsentPhoto(models.Model):
    """A photo that only its writer sees until it is posted.

    Deleted after a day.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    name = models.TextField(max_length=32, unique=True)
    alt = models.TextField(max_length=MOST_OF_ALT, blank=True, default="", db_default="")
    width = models.BigIntegerField()
    height = models.BigIntegerField()
    added_at = models.DateTimeField(db_default=SchoolNow())

    objects = UnsentPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class FeedMark(models.Model):
    """Until which moment a parent has looked at the newsfeed.

    What went out later is new to them. One row a reader: two parents of a child have one each, a child's shared view
    and a class account have none.
    """

    reader = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    seen_until = models.DateTimeField()

    class Meta:
        verbose_name = _("newsfeed looked at")
        verbose_name_plural = _("newsfeeds looked at")

    def __str__(self) -> str:
        return f"{self.reader_id}"
