"""Know which member of staff uses a class account.

By PIN, or stepped in (TE-2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from django.http import HttpResponse
from django.urls import reverse

from accounts.actor import Actor
from accounts.drafts.saved_forms import SAVE_ONLY, discard_form, save_form
from accounts.enums import UserKind
from accounts.gates import Opens, opens
from accounts.http import OpenRequest, PortalRequest
from accounts.models.people import StaffMember, User
from accounts.sessions.idle_lock import IdleLock, leave_page
from malpas.lib.htmx import go

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

STAFF, STEPPED = "staff", "stepped"  # keys in the session
SINCE = "staff_since"  # key in the session: id of a member of staff → when they last gave their PIN here
IDLE_LOCK = IdleLock("staff_seen", idle="STAFF_IDLE_SECONDS", step=60)


def start_class_session(session: SessionBase, person: StaffMember, at: datetime) -> None:
    """Make `person` the current member of staff.

    The session gets a new id (A07).
    """
    session.cycle_key()
    session[STAFF] = person.pk
    session[SINCE] = session.get(SINCE, {}) | {str(person.pk): at.isoformat()}
    IDLE_LOCK.open(session, at=at)


def last_pin_at(session: SessionBase, person: StaffMember) -> datetime | None:
    """Return when this person last gave their PIN in this browser (UTC).

    What was saved before was offered to them then.
    """
    moment = session.get(SINCE, {}).get(str(person.pk))
    return datetime.fromisoformat(moment) if moment else None


def end_class_session(session: SessionBase) -> None:
    """Leave nobody at the class account; the session gets a new id (A07)."""
    session.pop(STAFF, None)
    IDLE_LOCK.close(session)
    session.cycle_key()


def _chosen(session: SessionBase, account: User) -> StaffMember | None:
    """Return who gave their PIN here, while they have one and belong to the class.

    Idle or not.
    """
    if not session.get(STAFF):
        return None
    mine = StaffMember.objects.filter(classrooms__account=account).exclude(pin="").here()
    return mine.filter(pk=session[STAFF]).first()


def current_staff_member(request: OpenRequest, account: User) -> StaffMember | None:
    """Return who gave their PIN and was active lately, or None.

    Within the last fifteen minutes.
    """
    if not IDLE_LOCK.is_open(request.session, at=request.school.now):
        return None
    return _chosen(request.session, account)


def stepped_in(request: OpenRequest, own: Actor) -> Actor | None:
    """Return the actor at the class that they stepped into, or None.

    It ends when they no longer belong to it.
    """
    if STEPPED not in request.session or own.staff is None:
        return None
    accounts = User.objects.filter(kind=UserKind.CLASS, is_active=True, removed_at__isnull=True)
    account = accounts.filter(pk=request.session[STEPPED], classroom__staff=own.staff).first()
    return Actor(account, own.staff, own=own.user) if account else None


def require_staff_member(request: PortalRequest, view: Callable) -> HttpResponse | None:
    """Open nothing of a class account before a PIN.

    A caught form is saved.
    """
    actor = request.actor
    if actor and actor.is_personal and STEPPED in request.session:
        del request.session[STEPPED]  # they have been taken off that class
        return None if opens(view, Opens.BEFORE_STAFF_CHOICE) else go(request, reverse("home"))
    if not (actor and actor.is_class):
        return None
    if actor.staff and SAVE_ONLY not in request.POST:
        return _continue(request, actor, view)
    return None if opens(view, Opens.BEFORE_STAFF_CHOICE) else _redirect_to_staff_choice(request, view)


def _continue(request: PortalRequest, actor: Actor, view: Callable) -> HttpResponse | None:
    if actor.own is None and not opens(view, Opens.UNATTENDED):
        IDLE_LOCK.note_use(request.session, at=request.school.now)
    if request.method == "POST":
        discard_form(request, actor, request.path, request.school.now)
    has_leaders_pin = actor.own is None and actor.staff is not None and actor.staff.pin_from_leader
    if has_leaders_pin and not (
        opens(view, Opens.BEFORE_STAFF_CHOICE) or opens(view, Opens.WITH_LEADERS_PIN)
    ):
        return go(request, reverse("pin"))
    return None


def _redirect_to_staff_choice(request: PortalRequest, view: Callable) -> HttpResponse:
    """Redirect to names and PIN.

    A page that polls stays until its script has saved the form.
    """
    if opens(view, Opens.UNATTENDED):
        return leave_page(HttpResponse(status=204), reverse("staff_choice"))
    writer = _chosen(request.session, request.actor.user) if request.method == "POST" else None
    saved = writer and save_form(
        request, view, owner=Actor(request.actor.user, writer), at=request.school.now
    )
    back = "" if saved else _way_back(request)
    return go(request, f"{reverse('staff_choice')}?next={quote(back)}" if back else reverse("staff_choice"))


def _way_back(request: PortalRequest) -> str:
    """Return the page to go on with after the PIN, with what was tapped there.

    A part that an open page asked for leads back to that page; '' when nothing says where they were.
    """
    page = (request.htmx.current_url_abs_path or "") if request.htmx else ""
    if request.method == "GET" and (not request.htmx or urlsplit(page).path == request.path):
        return request.get_full_path()
    return page
