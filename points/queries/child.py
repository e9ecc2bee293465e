"""Read one child's points, as the family sees them (PA-4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from accounts.enums import ClosureKind
from accounts.models.school import Closure
from classes.models.pupils import Pupil
from malpas.lib.hours import LONDON, SchoolHours
from points.enums import BehaviourGroup
from points.models import Award, Behaviour
from points.rules import Week, midnight, monday_of, period_began, school_weeks

PAGE = 20
CHART_HEIGHT = 120
CHART_WIDTH = 318
WIDEST_BAR = 48
LABELS = 5
NUMBERED = 16
ONE_YEAR = timedelta(weeks=53)


@dataclass(frozen=True)
class Bar:
    """A column of the chart, `index` of `count` from the left.

    `points` 0 with `is_gap` is a holiday, which `gap_label` names. Many columns are narrow, and few of them are
    labelled.
    """

    week: Week
    points: int
    height: int
    gap_label: str = ""
    now: bool = False
    index: int = 0
    count: int = 1

    @property
    def lines(self) -> list[str]:
        """Return the gap's label in lines: "half-" over "term"."""
        return re.split(r"(?<=-)| ", self.gap_label) if self.gap_label and self.count <= LABELS else []

    @property
    def labelled(self) -> bool:
        every = -(-self.count // LABELS)
        return (self.count - 1 - self.index) % every == 0

    @property
    def numbered(self) -> bool:
        return self.count <= NUMBERED

    @property
    def step(self) -> float:
        return CHART_WIDTH / self.count

    @property
    def _wide(self) -> float:
        return min(WIDEST_BAR, self.step * 0.78)

    # Text, because SVG needs decimal points in every language.
    @property
    def x(self) -> str:
        return f"{6 + self.step * (self.index + 0.5) - self._wide / 2:.1f}"

    @property
    def width(self) -> str:
        return f"{self._wide:.1f}"

    @property
    def corner(self) -> str:
        return f"{min(6.0, self.step / 4):.1f}"

    @property
    def middle(self) -> str:
        return f"{6 + self.step * (self.index + 0.5):.1f}"

    @property
    def top(self) -> int:
        return 152 - self.height

    @property
    def above(self) -> int:
        return self.top - 7


@dataclass(frozen=True)
class Reason:
    """A behaviour, its points, and its percentage of the largest."""

    behaviour: Behaviour
    points: int
    share: int


@dataclass(frozen=True)
class Record:
    """A child's points over a period, as a family sees them (PA-4)."""

    total: int
    this_week: int
    bars: list[Bar]
    reasons: list[Reason]
    inspire: list[Reason]

    @property
    def is_long(self) -> bool:
        """Return whether the days alone do not say which year."""
        return bool(self.bars) and self.bars[-1].week.monday - self.bars[0].week.monday > ONE_YEAR

    @cached_property
    def inspire_total(self) -> int:
        return sum(reason.points for reason in self.inspire)


def awards_for_family(pupil: Pupil) -> QuerySet[Award]:
    """Return the child's awards that a family may see (PU-3).

    Not undone, ten minutes old, released.
    """
    return Award.objects.for_families().filter(pupil=pupil)


def record_of(pupil: Pupil, *, period: str, at: datetime, hours: SchoolHours) -> Record:
    """Return total, weeks and behaviours over a period.

    In at most three queries.
    """
    today = at.astimezone(LONDON).date()
    began = period_began(period, today, hours)
    awards = awards_for_family(pupil)
    weeks = _points_by_week(awards)
    reasons = _reasons(awards.filter(given_at__gte=midnight(began)) if began else awards)
    return Record(
        total=sum(reason.points for reason in reasons),
        this_week=weeks.get(monday_of(today), 0),
        bars=_bars(school_weeks(today, hours, weeks, since=began), weeks, today),
        reasons=[reason for reason in reasons if reason.behaviour.group != BehaviourGroup.INSPIRE],
        inspire=[reason for reason in reasons if reason.behaviour.group == BehaviourGroup.INSPIRE],
    )


def _points_by_week(awards: QuerySet[Award]) -> dict[date, int]:
    """Map Monday in London to the points earned in that week."""
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
    for index, week in enumerate(weeks):
        earned = points.get(week.monday, 0)
        height = max(8, round(CHART_HEIGHT * earned / max(most, 12))) if earned else 0
        gap_label = _gap_word(week, half_terms) if week.is_gap else ""
        now = week.monday == monday_of(today)
        bars.append(Bar(week, earned, height, gap_label, now, index, len(weeks)))
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
    """Awards of one page.

    `older`: the query string of the next page, '' on the last.
    """

    awards: list[Award]
    older: str
    is_first: bool


def awards_page(pupil: Pupil, before: tuple[datetime, int] | None = None, size: int = PAGE) -> Page:
    """Return awards, newest first, in one query.

    `before`: (given_at, id) of the last award of the page before.
    """
    awards = awards_for_family(pupil).select_related("behaviour", "given_by").order_by("-given_at", "-pk")
    if before:
        given_at, pk = before
        awards = awards.filter(given_at__lte=given_at).exclude(given_at=given_at, pk__gte=pk)
    rows = list(awards[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    older = urlencode({"before": last.given_at.isoformat(), "after_id": last.pk}) if last else ""
    return Page(rows[:size], older, before is None)
