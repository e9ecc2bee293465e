"""Sign in the people of a run: the terms are accepted, and a class account has a staff member."""

from importlib import import_module
from itertools import cycle
from uuid import uuid4

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string
from django.utils.timezone import now

from accounts.models.people import StaffMember, User
from accounts.models.terms import TermsAcceptance
from accounts.parent_lock.lock import HOW, IDLE_LOCK
from benchmarks.load import BIG_CLASS, Loaded
from benchmarks.measure import BenchRequest, Step
from messaging.models.conversations import Conversation, Message

WRITERS = 3  # parents of one client, in turn: a parent may write twenty messages in one hour


def sign_in(user: User, staff: StaffMember | None, loaded: Loaded) -> dict[str, str]:
    """Return the cookies of a new session."""
    TermsAcceptance.objects.get_or_create(user=user, staff=staff, version=loaded.terms)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session["terms"] = [staff.pk if staff else None, loaded.terms.number]
    session[IDLE_LOCK.key], session[HOW] = now().isoformat(), {"how": "sign-in", "at": now().isoformat()}
    if staff:
        session["staff"], session["staff_seen"] = staff.pk, now().isoformat()
    session.create()
    return {"sessionid": session.session_key, "csrftoken": _get_new_csrf_string()}


def in_the_big_class(loaded: Loaded, client: int) -> list[User]:
    """Return parents for one client, with children in the measured class."""
    theirs = [user for slot, user in enumerate(loaded.parents) if slot % len(loaded.pupils) < BIG_CLASS]
    return theirs[client * WRITERS :][:WRITERS]


def in_another_class(loaded: Loaded, client: int, *, further: int = 0) -> list[User]:
    """Return parents for one client, all of one class that no other client uses."""
    classes = loaded.size.classes - 1
    first = BIG_CLASS + client + classes * WRITERS * further
    return loaded.parents[first::classes][:WRITERS]


def writes(parents: list[User], loaded: Loaded, path: str = "/messages/{}/") -> Step:
    """Return a step that sends a message from the next of these parents."""
    conversations = dict(Conversation.objects.filter(parent__in=parents).values_list("parent", "pk"))
    of_class = Message.objects.filter(conversation__in=conversations.values(), from_class=True)
    seen = dict(of_class.order_by("pk").values_list("conversation", "pk"))
    turns = cycle([(conversations[user.pk], sign_in(user, None, loaded)) for user in parents])

    def step() -> BenchRequest:
        conversation, cookies = next(turns)
        said = {
            "body": "Three boxes are in the bag for Monday.",
            "key": str(uuid4()),
            "seen": seen.get(conversation, 0),
        }
        return BenchRequest(path.format(conversation), cookies, said)

    return step


def awards(cookies: dict[str, str], loaded: Loaded, children: int) -> Step:
    """Return a step that gives a point to the next `children` pupils of the class."""
    pupils = [pupil.pk for pupil in loaded.pupils[:BIG_CLASS]]
    chosen = cycle([(pupils + pupils)[start:][:children] for start in range(BIG_CLASS)])
    return lambda: BenchRequest(
        "/class/board/award/",
        cookies,
        {"pupil": next(chosen), "behaviour": loaded.behaviour.pk, "key": str(uuid4())},
    )


def opens(path: str, cookies: dict[str, str]) -> Step:
    """Return a step that opens a page."""
    return lambda: BenchRequest(path, cookies)


def inserts(cookies: dict[str, str]) -> Step:
    """Return a step that makes R1 insert a row."""
    return lambda: BenchRequest("/bench/r1/", cookies, {"words": "Three boxes are in the bag for Monday."})
