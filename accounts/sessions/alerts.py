"""Report password guessing: to the account's owner, and to leaders (A01, A02)."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.notify.notify import NotificationText, message_id, notify


def guessed_text() -> tuple[str, str]:
    """Return subject and body for the owner; call it in their language."""
    return (
        _("Somebody has tried to sign in to your account"),
        _(
            "A wrong password was typed 5 times for your account in the school’s portal. Nobody got in, and your "
            "password works again after 5 minutes.\n\nWas it you? Then you don’t need to do anything. If not: choose a "
            "long password that you use nowhere else. We write this at most once a day.\n"
        ),
    )


@transaction.atomic
def notify_owner_of_guesses(email: str, *, at: datetime) -> bool:
    """Mail the account's owner at any hour, once a London day.

    False without an account.
    """
    user = User.objects.filter(email__iexact=email, is_active=True, removed_at=None).first()
    if user is None:
        return False
    with override(user.language):
        subject, body = guessed_text()
    _mail, fresh = Delivery.objects.get_or_create(
        message_id=message_id("guessed", user.pk, localtime(at).date()),
        defaults={"user": user, "address": email, "subject": subject, "body": body, "any_hour": True},
    )
    if fresh:
        record("signin.guessed", by=None, about=user)
    return fresh


def alarm_text() -> NotificationText:
    return NotificationText(
        _("Many wrong passwords"),
        _(
            "Somebody has typed so many wrong passwords from one place that nobody can sign in from there for 15 minutes. Browsers that have signed in before still can. If families telephone, this is why."
        ),
        "/",
    )


@transaction.atomic
def alarm_of_guesses(*, at: datetime) -> int:
    """Notify senior leaders once an hour at most; return how many (A02)."""
    leaders = StaffMember.objects.leaders().accounts_to_notify()
    hour = localtime(at).strftime("%Y-%m-%d-%H")
    notified = notify(leaders, kind="alarm", key=f"guesses:{hour}", text=alarm_text)
    if notified:
        record("signin.alarm", by=None)
    return notified
