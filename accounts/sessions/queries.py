"""List the devices on which somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models.people import User
from accounts.rules import has_ended
from accounts.sessions.user_agent import Browser, describe


@dataclass(frozen=True)
class SignedInDevice:
    """A browser in which somebody is signed in.

    `pk` None for a session older than the list.
    """

    pk: int | None
    browser: Browser
    last_used: str
    here: bool


def last_used_text(at: datetime, now: datetime) -> str:
    """Return when a device was last used, as text.

    'today at 08:10', 'yesterday at 19:00' or a date, in London and the reader's language.
    """
    day, today, time = localtime(at).date(), localtime(now).date(), date_format(localtime(at), "H:i")
    if day == today:
        return _("today at %(time)s") % {"time": time}
    if day == today - timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": time}
    return date_format(day, "j F Y")


def signed_in_devices(user: User, here: str, *, at: datetime) -> list[SignedInDevice]:
    """Return the account's live sessions, the current one (`here`) first (AU-6)."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    sessions = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=at)
    alive = {session.session_key for session in sessions if _opens(session, user, at)}
    found = [
        SignedInDevice(
            row.pk,
            describe(row.user_agent),
            last_used_text(row.last_seen_at, at),
            row.session_key == here,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda device: not device.here)


def _opens(session: Session, user: User, at: datetime) -> bool:
    notified = session.get_decoded()
    if notified.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
        return False
    return not (notified.get("life") and has_ended(notified["life"], user, at))
