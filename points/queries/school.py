"""Read the points of the school or one class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actor import Actor
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.lib.hours import SchoolHours
from points.enums import BehaviourGroup
from points.models import Award, Behaviour
from points.queries.child import Reason
from points.rules import may_read_report, midnight, noticed_since, period_began

ROWS_AT_ONCE = 1000


def classes_reported(actor: Actor) -> QuerySet[Classroom]:
    """Return the classes whose report this actor may read. Raises Http404.

    All for SLT, its own for a class account.
    """
    if not may_read_report(actor):
        raise Http404
    return Classroom.objects.all() if actor.is_slt else Classroom.objects.filter(account=actor.user)


def awards_reported(
    actor: Actor, classroom: Classroom | None, *, period: str, at: datetime, hours: SchoolHours
) -> QuerySet[Award]:
    """Return awards that count, of a class and a period.

    `classroom` None: of any class. A class reads those of its present children: one who moved on is not theirs any
    more (PA-4). Raises Http404.
    """
    if not may_read_report(actor):
        raise Http404
    began = period_began(period, hours.local_date(at), hours)
    awards = Award.objects.counted()
    if began:
        awards = awards.filter(given_at__gte=midnight(began))
    if actor.is_class:
        theirs = Pupil.objects.visible_to(actor)
        return awards.filter(classroom__account=actor.user, pupil__in=theirs)
    return awards.filter(classroom=classroom) if classroom else awards


@dataclass(frozen=True)
class Unnoticed:
    """A class, and its children without a recent point."""

    classroom: Classroom
    children: int
    unnoticed: list[Pupil]

    @property
    def share(self) -> int:
        """Return the percentage of the class."""
        return round(100 * len(self.unnoticed) / self.children)


@dataclass(frozen=True)
class Report:
    reasons: list[Reason]
    classes: list[Unnoticed]

    @cached_property
    def total(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @cached_property
    def unnoticed(self) -> int:
        return sum(len(each.unnoticed) for each in self.classes)


def report_of(
    actor: Actor, classroom: Classroom | None, *, period: str, days: int, at: datetime, hours: SchoolHours
) -> Report:
    """Return points by behaviour, and unnoticed children, in three queries (TE-1).

    `days`: after how many school days without a point a child counts as unnoticed.
    """
    awards = awards_reported(actor, classroom, period=period, at=at, hours=hours)
    return Report(_behaviours(awards), _unnoticed(actor, classroom, days, at, hours))


def _behaviours(awards: QuerySet[Award]) -> list[Reason]:
    sums = dict(awards.order_by().values_list("behaviour").annotate(sum=Sum("points")))
    most = max(sums.values(), default=1)
    found = Behaviour.objects.filter(pk__in=sums)
    reasons = [Reason(each, sums[each.pk], round(100 * sums[each.pk] / most)) for each in found]
    return sorted(reasons, key=lambda reason: -reason.points)


def _unnoticed(
    actor: Actor, classroom: Classroom | None, days: int, at: datetime, hours: SchoolHours
) -> list[Unnoticed]:
    since = midnight(noticed_since(hours.local_date(at), hours, days))
    recent = Award.objects.counted().filter(pupil=OuterRef("pk"), given_at__gte=since)
    pupils = Pupil.objects.visible_to(actor).filter(classroom__isnull=False)
    if classroom:
        pupils = pupils.filter(classroom=classroom)
    of_class: dict[Classroom, list[Pupil]] = {}
    for pupil in pupils.annotate(noticed=Exists(recent)).select_related("classroom").by_name():  # type: ignore[no-redef]  # declared at the model
        assert pupil.classroom is not None  # by the filter above
        of_class.setdefault(pupil.classroom, []).append(pupil)
    rows = [
        Unnoticed(each, len(found), [pupil for pupil in found if not pupil.noticed])
        for each, found in of_class.items()
    ]
    return sorted(rows, key=lambda row: row.classroom.name)


def awards_rows(awards: QuerySet[Award]) -> Iterator[list[object]]:
    """Yield a header, and one row for each award, oldest first.

    Rows are read in batches. Labels are translated now: when the rows are sent, the request's language is gone.
    """
    heads = [_("Class"), _("Child"), _("Day"), _("Time"), _("What for"), _("Group"), _("Points")]
    heads += [_("In their own words"), _("Given by")]
    groups = {value: str(label) for value, label in BehaviourGroup.choices}
    rows = awards.select_related("classroom", "pupil", "behaviour", "given_by").order_by("given_at", "pk")
    return _rows(heads, rows, groups, welsh=get_language() == "cy")


def _rows(
    heads: list[str], rows: QuerySet[Award], groups: dict[str, str], welsh: bool
) -> Iterator[list[object]]:
    yield list(heads)
    for award in rows.iterator(chunk_size=ROWS_AT_ONCE):
        given_at, behaviour = localtime(award.given_at), award.behaviour
        yield [
            *[award.classroom or "", award.pupil],
            *[date_format(given_at, "d.m.Y"), date_format(given_at, "H:i")],
            *[behaviour.name_cy if welsh else behaviour.name_en, groups[behaviour.group]],
            *[award.points, award.note, award.given_by.signature],
        ]
