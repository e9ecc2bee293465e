"""What leaders set up is refused to everybody else by the services, too (AU-8)."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.calendar.services import keep_hours, keep_hours_of_day
from accounts.models.audit import AuditEntry
from accounts.models.school import School, WorkingHours
from accounts.models.terms import TermsVersion
from accounts.school.services import name_school, set_limits
from accounts.terms.services import publish_terms, save_draft
from points.models import Behaviour
from points.services import keep_behaviours, save_behaviour
from tests.clock import at

NOW = at("2026-11-10 10:00")
TEXTS = {"body_en": "Be kind and patient.", "body_cy": "Byddwch yn garedig ac amyneddgar."}
DAYS = {"dated": date(2026, 11, 9), "review_by": date(2028, 11, 9)}


def times() -> dict[str, time]:
    row = WorkingHours.objects.get(weekday=4)
    names = [
        f"{window}_{edge}"
        for window in ("working", "reply", "arrival", "teaching")
        for edge in ("start", "end")
    ]
    return {name: getattr(row, name) for name in names}


def publish(by: Actor) -> None:
    publish_terms(TermsVersion.objects.get_or_create(number=7, **TEXTS, **DAYS)[0], by=by, at=NOW)


ACTS: dict[str, Callable[[Actor], object]] = {
    "hours": lambda by: keep_hours(times(), [0, 1], by=by),
    "day": lambda by: keep_hours_of_day(4, None, by=by),
    "names": lambda by: name_school(School.objects.get(pk=1), ["office_phone"], by=by),
    "limits": lambda by: set_limits({"messages_an_hour": 30}, by=by),
    "draft": lambda by: save_draft(TermsVersion(**TEXTS, **DAYS), [*TEXTS, *DAYS], by=by),
    "publication": publish,
    "behaviour": lambda by: save_behaviour(
        Behaviour.objects.all()[0], ["order"], is_retired=True, by=by, at=NOW
    ),
    "behaviours": lambda by: keep_behaviours(by=by),
}


@pytest.mark.policy("AU-8")
@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_only_a_leader_sets_up_the_school(people, act):
    for by in (people.actor(people.office), people.actor(people.nia), people.actor(people.celyn)):
        with pytest.raises(PermissionDenied):
            act(by)
    done = AuditEntry.objects.count()
    act(people.actor(people.deputy))
    assert AuditEntry.objects.count() == done + 1
