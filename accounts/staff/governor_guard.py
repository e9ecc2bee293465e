"""Refuse one person's change of how the governor signs in (PA-7)."""

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.enums import GovernorChangeKind, GovernorChangeState
from accounts.models.governor import GovernorChange
from accounts.models.people import StaffMember, User
from malpas.lib.errors import RuleViolation

Kind = GovernorChangeKind
OF_SIGN_IN = (Kind.ADDRESS, Kind.MFA, Kind.PROVIDER)


class TakesTwo(RuleViolation):
    sentence = gettext_lazy(
        "This is the governor who reads complaints about the head teacher. Two senior leaders other than the head "
        "change this together, on the page “The governor” of this person’s record."
    )


def governor_of(user: User) -> StaffMember | None:
    """Return the governor whose account this is, or None."""
    return StaffMember.objects.filter(user=user, is_governor=True, left_on__isnull=True).first()


def refuse_alone(user: User, *, by: Actor | None) -> None:
    """Refuse one leader's change of the governor's sign-in. Raises TakesTwo.

    Allowed are the governor, a command on the server (`by` None), and what two leaders carry out in this
    transaction.
    """
    if by is None or by.user.pk == user.pk or governor_of(user) is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        now = cursor.fetchone()[0]
    carried_out = GovernorChange.objects.filter(staff__user=user, kind__in=OF_SIGN_IN, transaction=now)
    if not carried_out.exists():
        raise TakesTwo


def note_own_address(user: User) -> None:
    """Record the governor's change of their own address, which a trigger requires."""
    if staff := governor_of(user):
        GovernorChange.objects.create(
            staff=staff,
            kind=Kind.OWN_ADDRESS,
            proposed_by=staff,
            state=GovernorChangeState.DONE,
        )
