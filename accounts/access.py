"""Change what a person agreed to, reads in, and may reach."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.models.terms import TermsAcceptance, TermsVersion
from accounts.staff.governor_guard import TakesTwo, governor_of


@transaction.atomic
def accept_terms(*, by: Actor, version: TermsVersion) -> TermsAcceptance:
    """Record who agreed to which version, and when (PA-3).

    A repeat finds the first.
    """
    accepted, _made = TermsAcceptance.objects.get_or_create(user=by.user, staff=by.staff, version=version)
    return accepted


def choose_language(user: User, language: str) -> None:
    """Set the language (`en` or `cy`) of this person's pages and mail."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def remove_access(user: User, *, by: Actor, at: datetime) -> None:
    """End a person's access everywhere and cancel their unsent mail (PA-9).

    Raises TakesTwo for the governor.
    """
    if governor_of(user):
        raise TakesTwo
    User.objects.filter(pk=user.pk).update(removed_at=at, access_epoch=F("access_epoch") + 1)
    Delivery.objects.filter(user=user).cancel()
    record("access.removed", by=by, about=user)


@transaction.atomic
def restore_access(user: User, *, by: Actor | None) -> None:
    """Lift a removal; the person signs in anew (PA-9)."""
    User.objects.filter(pk=user.pk).update(removed_at=None, access_epoch=F("access_epoch") + 1)
    record("access.restored", by=by, about=user)
