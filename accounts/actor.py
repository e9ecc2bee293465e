"""Who acts: the account that is signed in and, at a shared class account, the person who sits at it (TE-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accounts.enums import UserKind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models.people import StaffMember, User


@dataclass(frozen=True)
class Actor:
    """`staff` is the member of staff whose name signs the act: by PIN at a class account, else their own account.

    `own`: their own account, when they stepped from it into a class account. `has_child`: of office and leaders,
    whether a child of theirs is here; classes.pupil_access.middleware asks the register for it.
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
        """The one to whom complaints about the head teacher go, and nobody else's eyes (PA-7)."""
        return self.is_personal and self.staff is not None and self.staff.is_governor

    @property
    def runs_the_school(self) -> bool:
        """Office and leaders: their account is for their work first."""
        return self.is_slt or self.is_office

    @property
    def is_parent(self) -> bool:
        """Whether a family's pages are theirs: a person's own account, of office and leaders one with a child here."""
        return self.is_personal and (self.has_child or not self.runs_the_school)

    def as_parent(self) -> Actor:
        """The same person without their work: what a child sees beside them is what any parent sees (AU-3)."""
        return replace(self, staff=None)


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor that the middleware found for this request; None for nobody."""
    return getattr(request, "actor", None)
