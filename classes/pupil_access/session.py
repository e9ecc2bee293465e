"""Keep which class page a shared browser shows, and a pupil's sign-in.

A pupil is signed in until Bye, for thirty idle minutes, for a school day, or until the browser is closed. Policy:
PU-4.
"""

from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.utils.timezone import localtime

from accounts.http import OpenRequest
from classes.models.classrooms import Classroom
from classes.models.joining import ClassPage
from classes.models.pupils import Pupil
from classes.pupil_access.queries import find_opened_class_page

BACKEND = "accounts.sign_in.backends.PortalBackend"
SCHOOL_DAY = timedelta(hours=8)
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
CLASS_PAGE, BEGAN, SEEN = "class_page", "pupil_began", "pupil_seen"


def _age(request: OpenRequest, moment: object) -> timedelta:
    """Return how long ago a moment of the session was.

    A missing one is infinitely old.
    """
    if not isinstance(moment, str):
        return timedelta.max
    return request.school.now - datetime.fromisoformat(moment)


def stand_at(request: OpenRequest, class_page: ClassPage) -> None:
    """Open this class's page in this browser.

    Until the browser is closed or the school day is over.
    """
    request.session[CLASS_PAGE] = [class_page.token_hash, request.school.now.isoformat()]
    if not request.user.is_authenticated:
        request.session.set_expiry(0)


def class_here(request: OpenRequest) -> Classroom | None:
    """Return the class whose page this browser shows."""
    token_hash, since = request.session.get(CLASS_PAGE) or (None, None)
    return find_opened_class_page(token_hash) if _age(request, since) < SCHOOL_DAY else None


def step_back(request: OpenRequest) -> None:
    """End any sign-in; the class page stays open for the next child."""
    class_page = request.session.get(CLASS_PAGE)
    logout(request)
    if class_page:
        request.session[CLASS_PAGE] = class_page
        request.session.set_expiry(0)


def come_in(request: OpenRequest, pupil: Pupil) -> None:
    step_back(request)
    login(request, pupil.account, backend=BACKEND)
    request.session[BEGAN] = request.session[SEEN] = request.school.now.isoformat()
    request.session.set_expiry(0)


def may_stay(request: OpenRequest) -> bool:
    """Return whether the pupil's sign-in still holds.

    The pupil is of the school and in a class, signed in today and was active within half an hour.
    """
    pupil = getattr(request.user, "pupil", None)
    if pupil is None or pupil.has_left(localtime(request.school.now).date()) or pupil.classroom_id is None:
        return False
    idle = _age(request, request.session.get(SEEN))
    if idle > IDLE or _age(request, request.session.get(BEGAN)) > SCHOOL_DAY:
        return False
    if idle > NOTED_EVERY:
        request.session[SEEN] = request.school.now.isoformat()
    return True
