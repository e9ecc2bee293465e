"""Find adults about whom a senior leader has to decide (PA-2)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from classes.enums import Restriction, Suggestion
from classes.joining.rules import why_code_waits
from classes.models.guardianships import Guardianship
from classes.models.joining import ApprovalRequest
from classes.models.pupils import pupil_here
from malpas.lib.db.plain import Plain


@dataclass(frozen=True)
class WaitingAdult:
    """An adult who waits for a leader, and why.

    `request`: what the office asked, if it did.
    """

    guardianship: Guardianship
    why: str
    request: ApprovalRequest | None


def guardianships_waiting() -> QuerySet[Any]:
    """Return the connections about which a leader has to decide, by class and child.

    Those that the office asked about, and further adults: a parent or guardian for whom both slots are taken, unless
    a leader has refused them.
    """
    about = ApprovalRequest.objects.filter(guardianship=OuterRef("pk"))
    named = Guardianship.objects.named_by_policy().filter(suggestion=Suggestion.INVITE)
    has_code = Q(code_approved_by__isnull=False)
    further = Q(needs_slot=True) & (Q(pk__in=named.values("pk")) | has_code)
    further &= ~Q(Exists(about.filter(is_approved=False)))
    has_to = Q(needs_slot=True) | ~Q(pk__in=Guardianship.objects.named_by_policy().values("pk")) & ~has_code
    asked = Q(Exists(about.filter(decided_at__isnull=True))) & has_to
    rows: QuerySet[Any] = Guardianship.objects.with_needs_slot()
    rows = rows.filter(pupil_here("pupil__"), joined_at__isnull=True, ended_at__isnull=True)
    rows = rows.exclude(restriction=Restriction.NO_ACCESS).exclude(contact__user__removed_at__isnull=False)
    rows = rows.filter(asked | further)
    return rows.order_by("pupil__classroom__name", Plain("pupil__surname"), "pupil", "priority", "pk")


def adults_waiting() -> list[WaitingAdult]:
    """Return who waits for a leader. Two queries."""
    asked = ApprovalRequest.objects.filter(decided_at__isnull=True).select_related("asked_by")
    rows = guardianships_waiting().select_related("contact__user", "pupil__classroom")
    found = rows.prefetch_related(Prefetch("approval_requests", asked, to_attr="open_requests"))
    return [
        WaitingAdult(one, why_code_waits(one, needs_slot=one.needs_slot), next(iter(one.open_requests), None))
        for one in found
    ]


def open_request_of(guardianship: Guardianship) -> ApprovalRequest | None:
    """Return what the office has asked about this adult and nobody has answered."""
    rows = ApprovalRequest.objects.filter(guardianship=guardianship, decided_at__isnull=True)
    return rows.select_related("asked_by").first()
