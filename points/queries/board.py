"""Read the class board: its children, recent awards, and behaviours on offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from secrets import choice
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from classes.models.pupils import Pupil
from classes.queries import absent_pupil_ids
from classes.short_names import board_initials, board_names
from malpas.lib.hours import SchoolHours
from points.enums import BehaviourGroup
from points.limits import UNDO_WINDOW
from points.models import Award, Behaviour, BoardSettings
from points.rules import (
    may_award,
    midnight,
    noticed_since,
    undo_ends,
    week_began,
)

SECTIONS = [
    (gettext_lazy("Every day"), [BehaviourGroup.LEARNING, BehaviourGroup.KINDNESS]),
    (BehaviourGroup.INSPIRE.label, [BehaviourGroup.INSPIRE]),
    (BehaviourGroup.HOME.label, [BehaviourGroup.HOME]),
    (BehaviourGroup.CYMRAEG.label, [BehaviourGroup.CYMRAEG]),
]
FEW = 3
LATEST = 60


@dataclass(frozen=True)
class Child:
    """A child on the board: name, points of this week, `noticed`.

    `noticed`: had a point in the last five school days.
    """

    pupil: Pupil
    name: str
    week: int = 0
    noticed: bool = True


def few_names(names: list[str]) -> str:
    """Return 'Efa, Noor and Tomos' for up to three names, else ''."""
    return get_text_list(names, _("and")) if len(names) <= FEW else ""


@dataclass
class AwardGroup:
    """The awards that were given together, under one idempotency key."""

    key: UUID
    behaviour: Behaviour
    points: int
    note: str
    signature: str
    given_at: datetime
    names: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Return up to three names, or ''.

        More are counted instead.
        """
        return few_names(self.names)

    @property
    def until(self) -> datetime:
        return undo_ends(self.given_at)


@dataclass(frozen=True)
class Goal:
    """A class's goal, and what it has gathered since that was set."""

    number: int
    gathered: int

    @property
    def reached(self) -> bool:
        return self.gathered >= self.number

    @property
    def share(self) -> int:
        """Return the progress in percent."""
        return min(100, 100 * self.gathered // self.number)


@dataclass(frozen=True)
class Board:
    name: str
    children: list[Child]
    recent: list[AwardGroup]
    goal: Goal | None = None

    @cached_property
    def total(self) -> int:
        """Return the points of all children this week."""
        return sum(child.week for child in self.children)

    @cached_property
    def unnoticed(self) -> list[Child]:
        """Return children without a point in five school days, for staff only.

        Policy: TE-1.
        """
        return [child for child in self.children if not child.noticed]

    @property
    def latest(self) -> list[AwardGroup]:
        """Return the newest groups that can be undone, up to LATEST."""
        return self.recent[:LATEST]

    def group(self, key: UUID | None) -> AwardGroup | None:
        return next((group for group in self.recent if group.key == key), None)


def board_of(actor: Actor, at: datetime, hours: SchoolHours, *, staff_view: bool) -> Board:
    """Return the board of this account's class, in two queries.

    Only `staff_view` has first names where the class shows initials on its whiteboard. Raises Http404.
    """
    found = _pupils_of(actor)
    pupils = list(_with_goal(_with_points(found, at, hours), actor))
    children = children_by_name(pupils, staff_view=staff_view)
    classroom = pupils[0].classroom if pupils else None
    name = classroom.name if classroom else actor.user.name
    return Board(name, children, _recent(actor, at, children), _goal(pupils))


def _pupils_of(actor: Actor) -> QuerySet[Pupil]:
    if not may_award(actor):
        raise Http404
    return Pupil.objects.visible_to(actor).select_related("classroom__board_settings").by_name()


def _with_points(pupils: QuerySet[Pupil], at: datetime, hours: SchoolHours) -> QuerySet[Pupil]:
    counted = Award.objects.counted().filter(pupil=OuterRef("pk"))
    this_week = counted.filter(given_at__gte=week_began(at)).values("pupil").annotate(sum=Sum("points"))
    since = midnight(noticed_since(hours.local_date(at), hours))
    return pupils.annotate(  # type: ignore[no-redef]  # declared at the model
        week=Subquery(this_week.values("sum")), noticed=Exists(counted.filter(given_at__gte=since))
    )


def _with_goal(pupils: QuerySet[Pupil], actor: Actor) -> QuerySet[Pupil]:
    """Annotate every pupil with what the class has gathered.

    The subquery names no pupil, so the database evaluates it once.
    """
    since = BoardSettings.objects.filter(classroom__account=actor.user).values("goal_since")
    awards = Award.objects.counted().filter(classroom__account=actor.user, given_at__gte=Subquery(since))
    sums = awards.order_by().values("classroom").annotate(sum=Sum("points"))
    return pupils.annotate(gathered=Subquery(sums.values("sum")))  # type: ignore[no-redef]  # declared at the model


def _settings_of(pupils: list[Pupil]) -> BoardSettings | None:
    classroom = pupils[0].classroom if pupils else None
    return getattr(classroom, "board_settings", None)


def _goal(pupils: list[Pupil]) -> Goal | None:
    settings = _settings_of(pupils)
    return Goal(settings.goal, pupils[0].gathered or 0) if settings and settings.goal else None


def board_settings_of(actor: Actor) -> BoardSettings:
    """Return the settings of this account's class, or the defaults. Raises Http404."""
    if not may_award(actor):
        raise Http404
    return BoardSettings.objects.filter(classroom__account=actor.user).first() or BoardSettings()


def children_by_name(pupils: list[Pupil], *, staff_view: bool) -> list[Child]:
    """Return pupils of one class, in order, with their board names."""
    settings = _settings_of(pupils)
    named = board_initials if settings and settings.initials and not staff_view else board_names
    names = named([(pupil.first_name, pupil.last_name) for pupil in pupils])
    return [
        Child(pupil, name, getattr(pupil, "week", None) or 0, getattr(pupil, "noticed", True))
        for pupil, name in zip(pupils, names, strict=True)
    ]


def _recent(actor: Actor, at: datetime, children: list[Child]) -> list[AwardGroup]:
    """Return the undoable award groups of the last ten minutes, newest first."""
    names = {child.pupil.pk: child.name for child in children}
    awards = Award.objects.counted().filter(account=actor.user, given_at__gt=at - UNDO_WINDOW)
    groups: dict[UUID, AwardGroup] = {}
    for award in awards.select_related("behaviour", "given_by").order_by("-given_at", "-pk"):
        group = groups.setdefault(award.key, _group(award))
        if award.pupil_id in names:
            group.names.append(names[award.pupil_id])
    for group in groups.values():
        group.names.sort(key=str.casefold)
    return list(groups.values())


def _group(award: Award) -> AwardGroup:
    signature = award.given_by.signature
    return AwardGroup(award.key, award.behaviour, award.points, award.note, signature, award.given_at)


def chosen_children(actor: Actor, ids: Iterable[int], *, staff_view: bool = False) -> list[Child]:
    """Return the chosen children by name.

    Raises Http404 if one is of another class.
    """
    wanted = set(ids)
    children = children_by_name(list(_pupils_of(actor)), staff_view=staff_view)
    chosen = [child for child in children if child.pupil.pk in wanted]
    if len(chosen) != len(wanted):
        raise Http404
    return chosen


def children_here(actor: Actor, day: date, *, staff_view: bool = False) -> tuple[list[Child], list[Child]]:
    """Return the present and the absent children on `day`, by name."""
    children = children_by_name(list(_pupils_of(actor)), staff_view=staff_view)
    away = absent_pupil_ids(actor, day)
    here = [child for child in children if child.pupil.pk not in away]
    return here, [child for child in children if child.pupil.pk in away]


def absent_on(board: Board, actor: Actor, day: date) -> list[Child]:
    """Return the children of the board who are absent on `day`, under the board's names."""
    away = absent_pupil_ids(actor, day)
    return [child for child in board.children if child.pupil.pk in away]


def names_of(children: list[Child]) -> str:
    """Return 'Leo M., Macsen and Efa', however many they are."""
    return get_text_list([child.name for child in children], _("and"))


def picked_child(here: list[Child], last: int | None = None) -> Child | None:
    """Return a random child.

    Not `last` (an id) again while there are others.
    """
    others = [child for child in here if child.pupil.pk != last]
    return choice(others or here) if here else None


@dataclass(frozen=True)
class Section:
    """Behaviours under one heading of the sheet. `letters`: INSPIRE's letters are shown."""

    label: str
    behaviours: list[Behaviour]
    letters: bool = False


def offered_behaviours() -> list[Section]:
    """Return behaviours in use by heading, without empty headings (PU-1, PU-2)."""
    offered = list(Behaviour.objects.offered())
    sections = [
        Section(
            str(label),
            [behaviour for group in groups for behaviour in offered if behaviour.group == group],
            letters=BehaviourGroup.INSPIRE in groups,
        )
        for label, groups in SECTIONS
    ]
    return [section for section in sections if section.behaviours]
