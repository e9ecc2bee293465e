"""Award and undo points. No service takes points away (PU-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, Sum, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.clock import SchoolNow
from accounts.models.school import School
from accounts.rules import check_leads
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.queries import absent_pupil_ids
from malpas.lib.db.plain import Plain
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.text import clean_line
from points.limits import GOAL_MOST, UNDO_WINDOW
from points.models import Award, Behaviour, BoardSettings, Digest
from points.notifications import notify_families
from points.rules import digest_due, goal_begins, may_award, may_undo


class NobodyAtTheAccount(RuleViolation):
    sentence = _("Say who you are first, so that the point can be signed.")


class NotOfThisClass(RuleViolation):
    sentence = _("One of these children is not in your class now. Please choose again on the board.")


class NobodyChosen(RuleViolation):
    sentence = _("Choose a child first.")


class EverybodyAway(RuleViolation):
    sentence = _("Everybody in the class is away today. You can still choose children by name.")


class BehaviourRetired(RuleViolation):
    sentence = _("This behaviour is no longer used. Please choose another.")


class BehaviourThere(RuleViolation):
    sentence = _("There is a behaviour of this name already.")


class AlreadyUndone(RuleViolation):
    sentence = _("This was undone already.")


class UndoTooLate(RuleViolation):
    sentence = _("You can undo a point for 10 minutes. That time is over, so it stays.")


class GoalOutOfReach(RuleViolation):
    sentence = _("A goal is a number from 1 to 10,000.")


def awards_of(by: Actor, key: UUID) -> list[Award]:
    """Return the awards of one idempotency key, by name.

    Undone ones too.
    """
    awards = Award.objects.filter(account=by.user, key=key).select_related("behaviour", "given_by", "pupil")
    return list(awards.order_by(Plain("pupil__preferred_forename"), "pk"))


def award_points(
    *,
    pupils: Iterable[Pupil],
    behaviour: Behaviour,
    by: Actor,
    at: datetime,
    key: UUID,
    note: str = "",
    whole_class: bool = False,
) -> list[Award]:
    """Give each pupil the behaviour's points, signed (TE-1, TE-2, PU-1, PU-2).

    One transaction, one insert for all. A repeated request (same account and key) returns the first result. Raises a
    RuleViolation when nobody is at the account, a pupil is not in its class now, or the behaviour is retired. `note`:
    one line of up to 140 characters. Families see what is given in quiet hours from the next opening on (TE-4).
    `whole_class`: absent pupils are left out.
    """
    if not may_award(by) or by.staff is None:
        raise NobodyAtTheAccount
    with transaction.atomic():
        earlier = awards_of(by, key)
        if earlier:
            return earlier
        chosen = _present(pupils, by, at) if whole_class else list(pupils)
        return _award(chosen, behaviour, by, at, key, clean_line(note))


def _present(pupils: Iterable[Pupil], by: Actor, at: datetime) -> list[Pupil]:
    away = absent_pupil_ids(by, school_hours().local_date(at))
    present = [pupil for pupil in pupils if pupil.pk not in away]
    if not present:
        raise EverybodyAway
    return present


def _award(
    pupils: list[Pupil], behaviour: Behaviour, by: Actor, at: datetime, key: UUID, note: str
) -> list[Award]:
    found = _of_the_class(pupils, by)
    if not Behaviour.objects.offered().filter(pk=behaviour.pk).exists():
        raise BehaviourRetired
    release_at = _no_earlier_than_now(school_hours(lock_school_for_share()).release(at))
    awards = [
        Award(
            pupil=pupil,
            behaviour=behaviour,
            points=behaviour.points,
            note=note,
            classroom_id=pupil.classroom_id,
            given_by=by.staff,
            account=by.user,
            release_at=release_at,
            key=key,
        )
        for pupil in found
    ]
    try:
        with transaction.atomic():
            Award.objects.bulk_create(awards)
    except IntegrityError as error:
        if "award_once" not in str(error):
            raise
        return awards_of(by, key)  # the same request was sent twice, and the other came first
    record("points.awarded", by=by, about=behaviour, key=str(key), pupils=[pupil.pk for pupil in found])
    return awards


def _no_earlier_than_now(moment: datetime) -> Greatest:
    return Greatest(Value(moment, DateTimeField()), SchoolNow())


def reschedule_pending(hours: SchoolHours) -> int:
    """Reschedule awards that families do not see yet (TE-4).

    Returns how many changed.
    """
    now = School.objects.here().now
    assert now is not None
    release = _no_earlier_than_now(hours.release(now))
    waiting = Award.objects.all().lock_pending().exclude(release_at=release)
    return waiting.update(release_at=Greatest(release, F("given_at")))


def _of_the_class(pupils: list[Pupil], by: Actor) -> list[Pupil]:
    """Return these pupils, re-read by id; the order prevents deadlocks between requests."""
    ids = {pupil.pk for pupil in pupils}
    found = list(Pupil.objects.here().filter(pk__in=ids, classroom__account=by.user).order_by("pk"))
    if not ids:
        raise NobodyChosen
    if len(found) != len(ids):
        raise NotOfThisClass
    return found


def undo_awards(*, key: UUID, by: Actor, at: datetime) -> list[Award]:
    """Undo the awards of one key for all pupils (PU-3).

    Within ten minutes, once, by the person at that account. The awards stay on record with who undid them and when.
    Raises AlreadyUndone or UndoTooLate; an unknown key gives an empty list. The database's trigger refuses the same
    by its own clock.
    """
    if not may_award(by):
        raise NobodyAtTheAccount
    with transaction.atomic():
        awards = list(Award.objects.select_for_update().filter(account=by.user, key=key).order_by("pk"))
        if not awards:
            return []
        open_ones = [award for award in awards if may_undo(award, by, at)]
        if not open_ones:
            raise AlreadyUndone if all(award.undone_at for award in awards) else UndoTooLate
        _undo(open_ones, by)
        record("points.undone", by=by, key=str(key), awards=[award.pk for award in open_ones])
    return awards_of(by, key)


def _undo(awards: list[Award], by: Actor) -> None:
    still_open = Award.objects.counted().filter(pk__in=[award.pk for award in awards])
    try:
        with transaction.atomic():
            still_open.update(undone_at=SchoolNow(), undone_by=by.staff)
    except IntegrityError as error:
        # The database's clock has moved on since `at`, and it decides.
        if "award_only_undo_within_ten_minutes" not in str(error):
            raise
        raise UndoTooLate from error


def set_board(*, initials: bool, goal: int | None, by: Actor, at: datetime) -> BoardSettings:
    """Set the class's goal, and whether its whiteboard shows initials.

    `goal` None: no goal. The same number again changes nothing of the goal. Raises NobodyAtTheAccount or
    GoalOutOfReach.
    """
    if not may_award(by):
        raise NobodyAtTheAccount
    if goal is not None and not 1 <= goal <= GOAL_MOST:
        raise GoalOutOfReach
    with transaction.atomic():
        classroom = Classroom.objects.select_for_update().get(account=by.user)
        settings, _new = BoardSettings.objects.get_or_create(classroom=classroom)
        settings.goal_since = _goal_since(settings, goal, at)
        settings.goal, settings.initials = goal, initials
        settings.save(update_fields=["goal", "goal_since", "initials"])
        record("points.board_set", by=by, about=classroom, goal=goal, initials=initials)
    return settings


def _goal_since(settings: BoardSettings, goal: int | None, at: datetime) -> datetime | None:
    if goal is None:
        return None
    if goal == settings.goal:
        return settings.goal_since
    if settings.goal is None or settings.goal_since is None:
        return at
    awards = Award.objects.counted().filter(classroom=settings.classroom, given_at__gte=settings.goal_since)
    gathered = awards.aggregate(sum=Sum("points"))["sum"] or 0
    return goal_begins(settings.goal, settings.goal_since, gathered, at)


def notify_families_due(*, at: datetime) -> int:
    """Notify families of all points since the last digest, after lessons.

    Returns how many adults were notified; 0 when nothing is due. Awards that can still be undone wait for the next
    digest (PU-3). The first digest of a school reaches back one day.
    """
    ends = digest_due(at, school_hours())
    if ends is None:
        return 0
    until = ends - UNDO_WINDOW
    with transaction.atomic():
        digest, is_new = Digest.objects.get_or_create(until=until)
        if not is_new:
            return 0
        before = Digest.objects.filter(until__lt=until).first()
        since = before.until if before else until - timedelta(days=1)
        awards = Award.objects.counted().filter(given_at__gt=since, given_at__lte=until)
        points = dict(awards.values_list("pupil").order_by().annotate(sum=Sum("points")))
        digest.families = notify_families(points, until)
        digest.save(update_fields=["families"])
    return digest.families


BEHAVIOURS_CONFIRMED = "behaviours.kept"  # the audit entry of a school that has looked at its behaviours


@transaction.atomic
def save_behaviour(
    behaviour: Behaviour, changed: Collection[str], *, is_retired: bool, by: Actor, at: datetime
) -> None:
    """Save a new behaviour, or the fields `changed` of one; retire it at `at`, or offer it again (PU-1).

    Raises PermissionDenied for all but leaders; BehaviourThere, so that a form sent twice makes one behaviour.
    """
    check_leads(by)
    School.objects.select_for_update(no_key=True).filter(pk=1).values_list("pk").first()
    new, offered = behaviour._state.adding, Behaviour.objects.offered()
    if new and offered.filter(name_en__iexact=behaviour.name_en, group=behaviour.group).exists():
        raise BehaviourThere
    if is_retired != (behaviour.retired_at is not None):
        behaviour.retired_at = at if is_retired else None
    save_fields(behaviour, [*changed, "retired_at"])
    record("admin.added" if new else "admin.changed", by=by, about=behaviour, fields=sorted(changed))


def keep_behaviours(*, by: Actor) -> None:
    """Record that a leader has looked at the behaviours and keeps them."""
    check_leads(by)
    record(BEHAVIOURS_CONFIRMED, by=by)
