"""Recognise a person's browsers, and end their sessions (AU-6)."""

from collections.abc import Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.devices import Device
from accounts.models.people import User


@transaction.atomic
def note_device(user: User, *, mark: str, browser: str, shared: bool) -> bool:
    """Return whether to notify this person of a new browser.

    Their first is not reported. `mark`: the SHA-256 of the browser's cookie. A shared device never becomes
    a known one.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()
    first = not user.devices.exists()
    known = user.devices.filter(mark=mark, browser=browser).exists()
    if not known and (first or not shared):
        Device.objects.create(user=user, mark=mark, browser=browser)
    return not known and not first


def _forget(devices: QuerySet[Device]) -> None:
    """Make these browsers unknown, without making the next sign-in a first one."""
    devices.update(mark=Concat(Value("gone:"), Cast("pk", CharField())))


def forget_other_devices(user: User, *, keep: str) -> None:
    """Report every browser but `keep` (its mark) again, after a new password."""
    _forget(Device.objects.filter(user=user).exclude(mark=keep))


def note_session(session_key: str, *, mark: str, at: datetime) -> None:
    """Link a session with its browser, and begin its times."""
    UserSession.objects.filter(session_key=session_key).update(
        data={"device": mark}, created_at=at, last_seen_at=at
    )


def touch_session(session_key: str, *, at: datetime) -> None:
    """Record when a session was last used; called every few minutes only."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


def move_session(old_key: str, new_key: str) -> None:
    """Carry the session's entry in the device list to its new key."""
    UserSession.objects.filter(session_key=old_key).update(session_key=new_key)


@transaction.atomic
def end_sessions(user: User, pks: Iterable[int], *, by: Actor) -> int:
    """Sign these devices out; their next sign-in is reported as new.

    Return how many.
    """
    rows = UserSession.objects.filter(user=user, pk__in=list(pks))
    keys, marks = [], []
    for row in rows.select_for_update():
        keys.append(row.session_key)
        marks.append(row.data.get("device", ""))
    Session.objects.filter(session_key__in=keys).delete()
    _forget(Device.objects.filter(user=user, mark__in=marks))
    rows.delete()
    if keys:
        record("session.ended", by=by, about=user, sessions=len(keys))
    return len(keys)


@transaction.atomic
def end_all_sessions(user: User, *, by: Actor | None, keep: str = "", reason: str = "") -> None:
    """Sign the account out everywhere.

    The caller signs the session `keep` in anew.
    """
    User.objects.filter(pk=user.pk).update(access_epoch=F("access_epoch") + 1)
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    marks = UserSession.objects.filter(user=user, session_key=keep).values_list("data__device", flat=True)
    _forget(Device.objects.filter(user=user).exclude(mark__in=[mark for mark in marks if mark]))
    rows.delete()
    record("session.all_ended", by=by, about=user, **({"reason": reason} if reason else {}))


def session_key(request: HttpRequest) -> str:
    """Return the key of the session, which every signed-in request has."""
    return request.session.session_key or ""


def stay_signed_in(request: HttpRequest, user: User, key: str) -> None:
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    request.session.save()
    move_session(key, session_key(request))
