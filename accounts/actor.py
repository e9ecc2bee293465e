"""Describe who acts.

An account and, at a class account, a member of staff (TE-2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accounts.enums import UserKind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models.people import StaffMember, User


@dataclass(frozen=True)
class Actor:
    """The signed-in account, and who signs what it does.

    `staff`: at a class account the member of staff who gave their PIN, else the account's own. `own`: the
    personal account from which they stepped into a class account. `has_child`: whether office, a leader or
    the governor has a child here; classes.pupil_access.middleware looks it up.
    """

    user: User
    staff: StaffMember | None = None
    own: User | None = None
    has_child: bool = False

    @property
    def is_pupil(self) -> bool:
        return self.user.kind == UserKind.PUPIL

    @property
    def is_class(self) -> bool:
        return self.user.kind == UserKind.CLASS

    @property
    def is_personal(self) -> bool:
        return self.user.kind == UserKind.PERSON

    @property
    def is_slt(self) -> bool:
        return self.is_personal and self.staff is not None and self.staff.is_slt

    @property
    def is_office(self) -> bool:
        return self.is_personal and self.staff is not None and self.staff.is_office

    @property
    def is_safeguarding(self) -> bool:
        return self.is_personal and self.staff is not None and self.staff.is_safeguarding

    @property
    def is_governor(self) -> bool:
        """Whether this is the governor (PA-7).

        Nobody else reads complaints about the head.
        """
        return self.is_personal and self.staff is not None and self.staff.is_governor

    @property
    def runs_the_school(self) -> bool:
        """Whether this is office or a leader.

        Their account is for their work first.
        """
        return self.is_slt or self.is_office

    @property
    def has_own_home(self) -> bool:
        """Whether their first page is of their work: office, leaders and the governor."""
        return self.runs_the_school or self.is_governor

    @property
    def is_parent(self) -> bool:
        """Whether the pages of families are theirs.

        A personal account, but of office, leaders and governor only one with a child here.
        """
        return self.is_personal and (self.has_child or not self.has_own_home)

    def as_parent(self) -> Actor:
        """Return the same person without their role (AU-3).

        The shared view shows them so to a child.
        """
        return replace(self, staff=None)


def actor_of(request: HttpRequest) -> Actor | None:
    """Return the actor that the middleware found for this request, or None."""
    return getattr(request, "actor", None)
