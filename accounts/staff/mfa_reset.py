"""Reset a colleague's lost mfa.

They are notified and set up a new one (AU-6).
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.notify.notify import message_id
from accounts.notify.outbox import queue_mail
from accounts.sessions.devices import end_all_sessions
from accounts.staff.governor_guard import refuse_alone
from accounts.staff.rules import NotLeader
from malpas.lib.errors import RuleViolation


class OwnMfa(RuleViolation):
    sentence = gettext_lazy(
        "Another senior leader does this for you: nobody takes away their own second step."
    )


class NoMfa(RuleViolation):
    sentence = gettext_lazy("This person has no second step to take away.")


class NoReason(RuleViolation):
    sentence = gettext_lazy("Write down why, and how you made sure that it is really this person who asks.")


@transaction.atomic
def reset_mfa(user: User, *, by: Actor | None, reason: str) -> None:
    """Delete a colleague's passkeys, authenticator and recovery codes; sign them out.

    `by` None is the command on the server, for the last leader. Raises OwnMfa, NotLeader, NoMfa, NoReason,
    TakesTwo.
    """
    if by is not None and not by.is_slt:
        raise NotLeader
    if by is not None and by.user.pk == user.pk:
        raise OwnMfa
    refuse_alone(user, by=by)
    if not reason.strip():
        raise NoReason
    User.objects.select_for_update().get(pk=user.pk)
    authenticators = Authenticator.objects.filter(user=user)
    if not authenticators.exists():
        raise NoMfa
    kinds = sorted(set(authenticators.values_list("type", flat=True)))
    authenticators.delete()
    end_all_sessions(user, by=by)
    record("mfa.reset", by=by, about=user, kinds=kinds, reason=reason.strip())
    _notify_of_reset(user, by)


def _notify_of_reset(user: User, by: Actor | None) -> None:
    with override(user.language):
        name = by.staff.signature if by and by.staff else _("whoever runs the portal's server")
        body = _(
            "%(name)s has taken away the second step of your sign-in to the school's portal, and signed you out "
            "everywhere. At your next sign-in you set up a new one.\n\nDid you not ask for this? Then telephone "
            "the Main Office at once, and choose a new password.\n"
        )
        queue_mail(
            address=str(user.email),
            subject=_("Set up a new second step for your sign-in"),
            body=body % {"name": name},
            user=user,
        )


@transaction.atomic
def notify_owner_of_codes(user: User, *, at: datetime) -> bool:
    """Mail a person whose mfa code was guessed at.

    At any hour, once a London day.
    """
    with override(user.language):
        subject = _("Somebody knows your password")
        body = _(
            "Somebody typed your correct password in the school's portal, and then 5 wrong codes. Nobody got in.\n\n"
            "Was it you? Then try again after 5 minutes. If not: choose a new password "
            "now. We write this at most once a day.\n"
        )
    _mail, fresh = Delivery.objects.get_or_create(
        message_id=message_id("codes", user.pk, localtime(at).date()),
        defaults={
            "user": user,
            "address": user.email or "",
            "subject": subject,
            "body": body,
            "any_hour": True,
        },
    )
    if fresh:
        record("signin.codes_guessed", by=None, about=user)
    return fresh
