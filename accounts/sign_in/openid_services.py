"""Connect and end a staff member's Microsoft or Google account (AU-6)."""

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import User
from accounts.notify.outbox import queue_mail
from accounts.rules import may_use_provider
from accounts.sessions.devices import end_all_sessions
from accounts.staff.governor_guard import refuse_alone
from accounts.staff.mfa_reset import NotLeader
from accounts.staff.services import still_works_here
from malpas.lib.errors import RuleViolation


class StaffOnly(RuleViolation):
    sentence = gettext_lazy("Only people who work at the school sign in this way.")


class ConnectedElsewhere(RuleViolation):
    sentence = gettext_lazy(
        "This account is connected with somebody else’s sign-in. Please tell the Main Office."
    )


class AnotherConnected(RuleViolation):
    sentence = gettext_lazy("Another account is connected already. End it first.")


@transaction.atomic
def connect_provider(*, provider: str, subject: str, by: Actor) -> SocialAccount:
    """Connect the provider's `subject` with the account of `by`; idempotent.

    Raises StaffOnly, AnotherConnected, ConnectedElsewhere.
    """
    User.objects.select_for_update().get(pk=by.user.pk)
    if not may_use_provider(by.user) or not still_works_here(by.staff):
        raise StaffOnly
    mine = SocialAccount.objects.filter(user=by.user, provider=provider).first()
    if mine and mine.uid == subject:
        return mine
    if mine:
        raise AnotherConnected
    try:
        with transaction.atomic():
            made = SocialAccount.objects.create(user=by.user, provider=provider, uid=subject)
    except IntegrityError:
        raise ConnectedElsewhere from None
    record("provider.connected", by=by, about=by.user, provider=provider)
    _notify(by.user, provider, connected=True)
    return made


@transaction.atomic
def end_provider(connection: SocialAccount, *, by: Actor | None) -> None:
    """End one's own connection, or as a leader a colleague's.

    The colleague is signed out everywhere. Raises NotLeader, TakesTwo.
    """
    user = connection.user
    own = by is not None and by.user.pk == user.pk
    if by is not None and not own and not by.is_slt:
        raise NotLeader
    refuse_alone(user, by=by)
    connection.delete()
    if not own:
        end_all_sessions(user, by=by)
    record("provider.ended", by=by, about=user, provider=connection.provider)
    _notify(user, connection.provider, connected=False)


def _notify(user: User, provider: str, *, connected: bool) -> None:
    with override(user.language):
        if connected:
            subject = _("A new way to sign in to the school’s portal")
            body = _("Your account can now be opened with %(name)s, too.")
        else:
            subject = _("A way to sign in to the school’s portal has ended")
            body = _("Your account can no longer be opened with %(name)s.")
        alarm = _("If it was not you, choose a new password at once and tell the Main Office.")
        queue_mail(
            address=str(user.email),
            subject=subject,
            body=f"{body % {'name': provider.capitalize()}}\n\n{alarm}\n",
            user=user,
        )
