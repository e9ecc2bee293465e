"""Give every template what it may use: the reader, the school, the tabs, the hours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject

from accounts.actor import Actor, actor_of
from accounts.calendar.closed_notice import closed_notices
from accounts.calendar.hours import BannerText, banner_text, office_hours_text
from accounts.drafts.middleware import draft_owner
from accounts.gates import Opens, opens
from accounts.http import portal_request
from accounts.models.school import School
from accounts.parent_lock.lock import is_locked_page, is_shared_view, is_unlocked
from accounts.reader import me
from accounts.sign_in.mfa import passkeys_work
from accounts.sign_in.openid import configured_providers
from classes.short_names import short_names_for
from malpas.navigation import STAFF_KINDS, Position, position_of, tabs_of
from malpas.unread import marks_of


def _view(request: HttpRequest) -> Callable | None:
    return request.resolver_match.func if request.resolver_match else None


def writes_as_staff(request: HttpRequest, position: Position) -> bool:
    """Return whether writing on this page is school work; office and leaders write to a class as parents."""
    as_parent = position.has_child and opens(_view(request), Opens.FOR_FAMILIES)
    return position.kind in STAFF_KINDS and not as_parent


def seconds_to_lock(request: HttpRequest, actor: Actor | None) -> int:
    """Return after how many idle seconds this page locks itself; 0 for one that stays open (PA-11)."""
    view = _view(request)
    if actor is None or view is None or not is_locked_page(actor, view):
        return 0
    return settings.PARENT_LOCK_IDLE_SECONDS if is_unlocked(portal_request(request)) else 0


def _banner(request: HttpRequest, school: School | None, position: Position) -> BannerText | None:
    return banner_text(school, staff=writes_as_staff(request, position)) if school else None


def portal(request: HttpRequest) -> dict[str, object]:
    """Return what every template may use, lazily: a page without a banner asks for no hours.

    The token against forged forms is masked once a page, not once a button, as Django's own processor would.
    """
    actor = actor_of(request)
    reader = me(actor, in_shared_view=bool(actor and actor.is_personal and is_shared_view(request)))
    position = position_of(request, reader.kind)
    school: School | None = getattr(request, "school", None)
    marks = marks_of(request, actor, position.kind)
    return {
        "school": school,
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "actor": actor,
        "passkeys": SimpleLazyObject(lambda: passkeys_work(request)),
        "school_providers": SimpleLazyObject(configured_providers),
        "me": reader,
        "draft_owner": None if reader.kind == "shared_view" else draft_owner(request, actor),
        "locks": SimpleLazyObject(lambda: seconds_to_lock(request, actor)),
        "position": position,
        "short_names": SimpleLazyObject(lambda: short_names_for(actor)),
        "marks": marks,
        "tabs": SimpleLazyObject(lambda: tabs_of(position, marks)),
        "office_hours": SimpleLazyObject(lambda: office_hours_text(school)) if school else "",
        "closed_notices": SimpleLazyObject(lambda: closed_notices(school)) if school else [],
        "hours": SimpleLazyObject(lambda: _banner(request, school, position)),
    }
