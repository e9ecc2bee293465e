"""Find and describe members of staff for their pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from accounts import hooks
from accounts.actor import Actor
from accounts.clock import SchoolToday
from accounts.models.people import StaffMember
from accounts.models.staff_invitations import StaffInvitation
from accounts.rules import needs_mfa
from accounts.staff.leaving import leaving_day
from accounts.staff.rules import may_see_staff
from accounts.staff.services import roles_of
from malpas.lib.db.plain import Plain, having_words, words_of

PAGE = 50


class StaffRow(NamedTuple):
    """A member of staff. `invitation`: the unanswered one, whether or not it is still `is_open`."""

    member: StaffMember
    classes: list[str]
    invitation: StaffInvitation | None
    is_open: bool
    has_mfa: bool
    today: date

    @property
    def roles(self) -> list[str]:
        return roles_of(self.member)

    @property
    def has_left(self) -> bool:
        return self.member.has_left(self.today)

    @property
    def leaving_day(self) -> date | None:
        return leaving_day(self.member)

    @property
    def lacks_mfa(self) -> bool:
        """Whether a role of theirs asks for a second factor that they have not set up yet."""
        return bool(self.member.user_id and needs_mfa(self.member) and not self.has_mfa)

    @property
    def pin(self) -> str:
        """Whose PIN they have: 'own', 'leader', or '' for none."""
        if not self.member.pin:
            return ""
        return "leader" if self.member.pin_from_leader else "own"


def get_staff_for(actor: Actor, pk: int) -> StaffMember:
    """Return a member of staff for office and leaders, departed ones too. Raises Http404."""
    if not may_see_staff(actor):
        raise Http404
    return get_object_or_404(StaffMember.objects.select_related("user"), pk=pk)


def find_staff(q: str, *, left: bool, page: int, at: datetime) -> Page:
    """Return a page of StaffRow, by surname and forename.

    A name also finds those who have left; they come last. `left`: them alone.
    """
    words = words_of(q)
    gone = Q(left_on__isnull=False) | Q(leaves_on__isnull=False, leaves_on__lte=SchoolToday())
    staff = StaffMember.objects.annotate(is_gone=ExpressionWrapper(gone, output_field=BooleanField()))
    rows = having_words(staff, ("title", "forename", "surname", "job"), words)
    if left or not words:
        rows = rows.filter(is_gone=left)
    sorted_rows = rows.order_by("is_gone", Plain(F("surname")), Plain(F("forename")), "pk")
    shown: Page[Any] = Paginator(sorted_rows.values_list("pk", flat=True), PAGE).get_page(page)
    shown.object_list = staff_rows(list(shown.object_list), at=at)
    return shown


def staff_rows(pks: Sequence[int], *, at: datetime) -> list[StaffRow]:
    """Return these members of staff in this order, in four queries."""
    unanswered = StaffInvitation.objects.unanswered().select_related("sent_by")
    authenticators = Authenticator.objects.filter(user=OuterRef("user"))
    rows = StaffMember.objects.filter(pk__in=pks).select_related("user")
    rows = rows.annotate(has_mfa=Exists(authenticators.exclude(type=Authenticator.Type.RECOVERY_CODES)))
    found = {
        row.pk: row for row in rows.prefetch_related(Prefetch("invitations", unanswered, to_attr="pending"))
    }
    classes: dict[int, list[str]] = {}
    for each in hooks.classes_of_staff.call_all(pks):
        classes |= each
    return [_row(found[pk], classes.get(pk, []), at) for pk in pks if pk in found]


def _row(member, classes: list[str], at: datetime) -> StaffRow:
    pending = member.pending[0] if member.pending else None
    today = localtime(at).date()
    is_open = pending is not None and pending.expires_at > at and not member.has_left(today)
    return StaffRow(member, classes, pending, is_open, member.has_mfa, today)


def open_invitations() -> QuerySet[StaffInvitation]:
    """Return the invitations whose links still work."""
    return StaffInvitation.objects.open()
