"""School years by the pattern of Newport's area: close enough to rehearse with."""

from datetime import date, timedelta

from accounts.enums import ClosureKind
from accounts.models.school import Closure, Term


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def school_year(first: int) -> tuple[list[tuple[str, date, date]], list[tuple[str, date, date]]]:
    """Terms and half-terms of the school year that begins in September of `first`: (name, first day, last day)."""
    after = first + 1
    terms = [
        (f"Autumn {first}", date(first, 9, 1), date(first, 12, 18)),
        (f"Spring {after}", monday_of(date(after, 1, 9)), date(after, 3, 26)),
        (f"Summer {after}", monday_of(date(after, 4, 16)), date(after, 7, 20)),
    ]
    mondays = [monday_of(date(first, 10, 30)), monday_of(date(after, 2, 18)), monday_of(date(after, 5, 30))]
    return terms, [("Half-term", monday, monday + timedelta(days=4)) for monday in mondays]


WELSH = {"Autumn": "Tymor yr hydref", "Spring": "Tymor y gwanwyn", "Summer": "Tymor yr haf"}


def _welsh(name: str) -> str:
    """Return a term's name in Welsh, as a school's office would write it."""
    season, year = name.split()
    return f"{WELSH[season]} {year}"


def load_calendar(today: date) -> None:
    """The school years before, of and after `today`; the hours of the week are there since `migrate`."""
    this_year = today.year if today.month >= 8 else today.year - 1
    for year in (this_year - 1, this_year, this_year + 1):
        terms, half_terms = school_year(year)
        Term.objects.bulk_create(
            Term(name=name, name_cy=_welsh(name), starts=first, ends=last) for name, first, last in terms
        )
        Closure.objects.bulk_create(
            Closure(kind=ClosureKind.HALF_TERM, name=name, name_cy="Hanner tymor", starts=first, ends=last)
            for name, first, last in half_terms
        )
