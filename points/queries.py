"""The doors to children's points, and shaped reads for the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import TruncWeek
from django.http import Http404
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.enums import ClosureKind
from accounts.models import Closure
from classes.models import Pupil
from malpas.lib.hours import LONDON, SchoolHours
from points.enums import BehaviourGroup
from points.models import Award, Behaviour
from points.rules import (
    UNDO_WINDOW,
    Week,
    board_names,
    may_award,
    midnight,
    monday_of,
    period_began,
    school_weeks,
    undo_ends,
    week_began,
)

SECTIONS = [
    (gettext_lazy("Every day"), [BehaviourGroup.LEARNING, BehaviourGroup.KINDNESS]),
    (BehaviourGroup.INSPIRE.label, [BehaviourGroup.INSPIRE]),
    (BehaviourGroup.HOME.label, [BehaviourGroup.HOME]),
    (BehaviourGroup.CYMRAEG.label, [BehaviourGroup.CYMRAEG]),
]
PAGE = 20
CHART_HEIGHT = 120
FEW = 3


# -- the class board ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Child:
    """A child on the board: the name shown there, and the points of this week."""

    pupil: Pupil
    name: str
    week: int = 0


def together(names: list[str]) -> str:
    """'Efa, Noor and Tomos' for up to three; '' for more."""
    return get_text_list(names, _("and")) if len(names) <= FEW else ""


@dataclass
class Press:
    """The awards that one press of a button gave."""

    key: UUID
    behaviour: Behaviour
    points: int
    note: str
    signature: str
    given_at: datetime
    names: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """The names while they are few; '' for a larger number, which is counted instead."""
        return together(self.names)

    @property
    def until(self) -> datetime:
        return undo_ends(self.given_at)


@dataclass(frozen=True)
class Board:
    name: str
    children: list[Child]
    recent: list[Press]

    @cached_property
    def total(self) -> int:
        """The class's points together this week."""
        return sum(child.week for child in self.children)

    @cached_property
    def unnoticed(self) -> list[Child]:
        """Children without a point this week, for staff's eyes only (TE-1)."""
        return [child for child in self.children if not child.week]

    def press(self, key: UUID | None) -> Press | None:
        return next((press for press in self.recent if press.key == key), None)


def board_of(actor: Actor, at: datetime) -> Board:
    """The class of this account, its children by name, and what can still be undone: two queries. Else 404."""
    if not may_award(actor):
        raise Http404
    pupils = list(_with_week(Pupil.objects.visible_to(actor), at).select_related("classroom").by_name())
    children = children_by_name(pupils)
    name = pupils[0].classroom.name if pupils and pupils[0].classroom else actor.user.name
    return Board(name, children, _recent(actor, at, children))


def _with_week(pupils, at: datetime):
    this_week = Award.objects.counted().filter(pupil=OuterRef("pk"), given_at__gte=week_began(at))
    return pupils.annotate(week=Subquery(this_week.values("pupil").annotate(sum=Sum("points")).values("sum")))


def children_by_name(pupils: Iterable[Pupil]) -> list[Child]:
    """Pupils of one class in the order given, named as on the board; `week` where it was asked for."""
    pupils = list(pupils)
    names = board_names([(pupil.first_name, pupil.legal_surname) for pupil in pupils])
    return [
        Child(pupil, name, getattr(pupil, "week", None) or 0)
        for pupil, name in zip(pupils, names, strict=True)
    ]


def _recent(actor: Actor, at: datetime, children: list[Child]) -> list[Press]:
    """What was given at this account in the last ten minutes and stands, newest first."""
    names = {child.pupil.pk: child.name for child in children}
    awards = Award.objects.counted().filter(account=actor.user, given_at__gt=at - UNDO_WINDOW)
    presses: dict[UUID, Press] = {}
    for award in awards.select_related("behaviour", "given_by").order_by("-given_at", "pk"):
        press = presses.setdefault(award.key, _press(award))
        if award.pupil_id in names:
            press.names.append(names[award.pupil_id])
    for press in presses.values():
        press.names.sort(key=str.casefold)
    return list(presses.values())


def _press(award: Award) -> Press:
    signature = award.given_by.signature
    return Press(award.key, award.behaviour, award.points, award.note, signature, award.given_at)


def chosen_children(actor: Actor, ids: Iterable[int], everybody: bool = False) -> list[Child]:
    """The chosen children of this class by name; 404 when one of them is not in it."""
    if not may_award(actor):
        raise Http404
    wanted = set(ids)
    children = children_by_name(Pupil.objects.visible_to(actor).by_name())
    chosen = [child for child in children if everybody or child.pupil.pk in wanted]
    if not everybody and len(chosen) != len(wanted):
        raise Http404
    return chosen


@dataclass(frozen=True)
class Section:
    """Behaviours under one heading of the sheet; INSPIRE words stand with their letters."""

    label: str
    behaviours: list[Behaviour]
    letters: bool = False


def offered_behaviours() -> list[Section]:
    """Behaviours in use as the sheet shows them; headings without any are left out (PU-1, PU-2)."""
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


# -- one child ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A column of the chart. `points` 0 with `is_gap` is a holiday; `words` say which."""

    week: Week
    points: int
    height: int
    words: str = ""
    now: bool = False
    x: int = 0

    @property
    def lines(self) -> list[str]:
        """The words broken to fit a column: "half-" over "term"."""
        return re.split(r"(?<=-)| ", self.words)

    @property
    def middle(self) -> int:
        return self.x + 20

    @property
    def top(self) -> int:
        return 152 - self.height

    @property
    def above(self) -> int:
        return self.top - 7


@dataclass(frozen=True)
class Reason:
    """A behaviour with the points it earned, and its share of the largest in hundredths."""

    behaviour: Behaviour
    points: int
    share: int


@dataclass(frozen=True)
class Record:
    """A child's points over a period: what a family sees (PA-4)."""

    total: int
    this_week: int
    bars: list[Bar]
    reasons: list[Reason]
    inspire: list[Reason]

    @cached_property
    def inspire_total(self) -> int:
        return sum(reason.points for reason in self.inspire)


def told_of(pupil: Pupil) -> QuerySet[Award]:
    """The child's awards that a family may hear of: not undone, ten minutes old (PU-3)."""
    return Award.objects.told().filter(pupil=pupil)


def record_of(pupil: Pupil, *, period: str, at: datetime, hours: SchoolHours) -> Record:
    """Total, weeks and behaviours of one child, in three queries. The chart shows six weeks of any period."""
    today = at.astimezone(LONDON).date()
    began = period_began(period, today, hours)
    awards = told_of(pupil)
    weeks = _points_by_week(awards)
    reasons = _reasons(awards.filter(given_at__gte=midnight(began)) if began else awards)
    return Record(
        total=sum(reason.points for reason in reasons),
        this_week=weeks.get(monday_of(today), 0),
        bars=_bars(school_weeks(today, hours, weeks), weeks, today),
        reasons=[reason for reason in reasons if reason.behaviour.group != BehaviourGroup.INSPIRE],
        inspire=[reason for reason in reasons if reason.behaviour.group == BehaviourGroup.INSPIRE],
    )


def _points_by_week(awards: QuerySet[Award]) -> dict[date, int]:
    """Monday in London → points earned in that week."""
    weeks = awards.annotate(week=TruncWeek("given_at", tzinfo=LONDON)).values("week").order_by()
    return {row["week"].date(): row["sum"] for row in weeks.annotate(sum=Sum("points"))}


def _reasons(awards: QuerySet[Award]) -> list[Reason]:
    behaviours = Behaviour.objects.filter(awards__in=awards).annotate(earned=Sum("awards__points"))
    rows = list(behaviours.order_by("-earned", "group", "order", "pk"))
    most = rows[0].earned if rows else 1
    return [Reason(row, row.earned, round(100 * row.earned / most)) for row in rows]


def _bars(weeks: list[Week], points: dict[date, int], today: date) -> list[Bar]:
    most = max([points.get(week.monday, 0) for week in weeks], default=0)
    half_terms = _half_terms(weeks) if any(week.is_gap for week in weeks) else []
    bars = []
    for place, week in enumerate(weeks):
        earned = points.get(week.monday, 0)
        height = max(8, round(CHART_HEIGHT * earned / max(most, 12))) if earned else 0
        words = _gap_word(week, half_terms) if week.is_gap else ""
        now = week.monday == monday_of(today)
        bars.append(Bar(week, earned, height, words, now, x=12 + 53 * place))
    return bars


def _half_terms(weeks: list[Week]) -> list[tuple[date, date]]:
    last = weeks[-1].monday + timedelta(days=6)
    closures = Closure.objects.filter(kind=ClosureKind.HALF_TERM, starts__lte=last, ends__gte=weeks[0].monday)
    return list(closures.values_list("starts", "ends"))


def _gap_word(week: Week, half_terms: list[tuple[date, date]]) -> str:
    friday = week.monday + timedelta(days=4)
    is_half_term = any(starts <= friday and ends >= week.monday for starts, ends in half_terms)
    return _("half-term") if is_half_term else _("holiday")


@dataclass(frozen=True)
class Page:
    """Awards of one page; `older` is the address of the next ("" on the last)."""

    awards: list[Award]
    older: str
    is_first: bool


def awards_page(pupil: Pupil, before: tuple[datetime, int] | None = None, size: int = PAGE) -> Page:
    """Awards newest first; `before` is (given_at, id) of the last one on the page before. One query."""
    awards = told_of(pupil).select_related("behaviour", "given_by").order_by("-given_at", "-pk")
    if before:
        given_at, pk = before
        awards = awards.filter(given_at__lte=given_at).exclude(given_at=given_at, pk__gte=pk)
    rows = list(awards[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    older = urlencode({"before": last.given_at.isoformat(), "after_id": last.pk}) if last else ""
    return Page(rows[:size], older, before is None)
