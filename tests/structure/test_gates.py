"""The gates one after another, in all combinations: each leads on, and none in a circle.

Somebody begins at the first page and at others, follows every redirect to a page that stands (200), does what that
page asks, and in the end is where they work. A gate that leads to a page which another gate closes has no such way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import resolve

from accounts.gates import Opens
from accounts.models.parent_pin import ParentPin
from accounts.models.people import StaffMember, User
from accounts.models.school import Closure, School, Term, WorkingHours
from accounts.models.terms import TermsAcceptance, TermsVersion
from tests.accounts.parent_lock.lock import give_pin
from tests.accounts.sign_in.mfa import code
from tests.clock import at
from tests.people import (
    BACKEND,
    PASSWORD,
    PIN,
    People,
    give_account,
    give_authenticator,
    guardianship,
    hashed_pin,
    make_contact,
    make_staff,
    unlock_in,
    use_mfa,
)
from tests.structure.routes import views
from tests.triggers import without_triggers

pytestmark = [pytest.mark.django_db]
MOST_HOPS, MOST_PAGES = 8, 8
OWN_PIN = "8264"
STARTS = ["/messages/", "/admin/", "/set-up/"]
GATES = [
    "/account/second-step/begin/",
    "/class/who/",
    "/class/pin/",
    "/terms/agree/",
    "/parent-lock/",
    "/together/",
]
ENDS = {"newsfeed", "board", "office", "home", "pupil_page"}


class InACircle(AssertionError):
    """Redirects that never end at a page."""


@dataclass
class Visitor:
    """Somebody with a browser. `pin`: what their leader or they chose at the class account."""

    people: People
    browser: Client
    staff: StaffMember | None = None
    pin: str = PIN
    seen: list[str] = field(default_factory=list)

    def follow(self, path: str) -> tuple[str, int]:
        """(the path where the redirects end, its status)."""
        hops = []
        while len(hops) <= MOST_HOPS:
            answer = self.browser.get(path)
            if answer.status_code not in (301, 302):
                return path.partition("?")[0], answer.status_code
            hops.append(answer.url)
            path = answer.url
        raise InACircle(" -> ".join(hops))

    def stands_at(self) -> str:
        """The name of the page at which the first page's redirects end."""
        path, status = self.follow("/")
        assert status == 200, (path, status)
        return resolve(path).view_name

    def go_on(self) -> str:
        """Does what each page asks until none asks any more; the name of the page where that is."""
        for _page in range(MOST_PAGES):
            name = self.stands_at()
            self.seen.append(name)
            if name in ENDS:
                return name
            DOES[name](self)
        raise InACircle(" -> ".join(self.seen))


def agree(visitor: Visitor) -> None:
    visitor.browser.post("/terms/agree/", {"number": 1, "agree": "on"})


def say_who(visitor: Visitor) -> None:
    assert visitor.staff is not None
    visitor.browser.post("/class/who/", {"who": visitor.staff.pk, "pin": visitor.pin})


def choose_pin(visitor: Visitor) -> None:
    visitor.browser.post("/class/pin/", {"old": visitor.pin, "new": OWN_PIN, "again": OWN_PIN})
    visitor.pin = OWN_PIN


def unlock(visitor: Visitor) -> None:
    answer = {"pin": PIN} if ParentPin.objects.exists() else {"password": PASSWORD}
    visitor.browser.post("/parent-lock/", answer)


def end_shared_view(visitor: Visitor) -> None:
    assert visitor.follow("/parent-lock/") == ("/parent-lock/", 200)
    unlock(visitor)


def set_up_mfa(visitor: Visitor) -> None:
    page = visitor.browser.get("/account/authenticator/")
    secret = page.context["secret"].replace(" ", "")
    visitor.browser.post("/account/authenticator/", {"code": code(secret=secret)})


def sign_in(visitor: Visitor) -> None:
    """With the password and the second step: what the sign-in's own tests try (tests/accounts/sign_in/test_mfa_sign_in.py)."""
    assert visitor.staff is not None and visitor.staff.user is not None
    visitor.browser.force_login(visitor.staff.user, backend=BACKEND)
    use_mfa(visitor.browser, visitor.staff.user)
    unlock_in(visitor.browser)


def leaders_publish_terms(visitor: Visitor) -> None:
    """The one thing that nobody but a leader can do; whoever else waits is told so on a page that stands."""
    TermsVersion.objects.create(
        number=1,
        body_en="Be kind.",
        body_cy="Byddwch yn garedig.",
        dated=date(2026, 11, 1),
        review_by=date(2028, 11, 1),
        published_at=at("2026-11-10 09:59"),
    )


DOES: dict[str, Callable[[Visitor], None]] = {
    "terms": agree,
    "staff_choice": say_who,
    "pin": choose_pin,
    "parent_lock": unlock,
    "shared_view": end_shared_view,
    "shared_view_child": end_shared_view,
    "mfa_setup": set_up_mfa,
    "account_login": sign_in,
    "not_open": leaders_publish_terms,
}


# -- the state of each gate ------------------------------------------------------------------------------
def terms(visitor: Visitor, state: str) -> None:
    if state != "agreed":
        TermsAcceptance.objects.all().delete()
    if state == "none published":
        with without_triggers():
            TermsVersion.objects.all().delete()


def lock(visitor: Visitor, state: str) -> None:
    session = visitor.browser.session
    if state in ("locked", "shared_view"):
        session.pop("parent_lock_seen", None)
    if state == "shared_view":
        session["shared_view"] = "2026-11-10T10:00:00+00:00"
    session.save()


def mfa(visitor: Visitor, state: str) -> None:
    assert visitor.staff is not None and visitor.staff.user is not None
    session = visitor.browser.session
    if state != "used":
        session.pop("account_authentication_methods", None)
        session.save()
    if state == "none":
        Authenticator.objects.filter(user=visitor.staff.user).delete()


def who(visitor: Visitor, state: str) -> None:
    assert visitor.staff is not None
    session = visitor.browser.session
    if state == "nobody":
        del session["staff"], session["staff_seen"]
    if state == "idle":
        session["staff_seen"] = "2026-11-10T09:30:00+00:00"
    session.save()


def pin_of(visitor: Visitor, state: str) -> None:
    assert visitor.staff is not None
    StaffMember.objects.filter(pk=visitor.staff.pk).update(pin_from_leader=state == "from a leader")


def parent_pin(visitor: Visitor, state: str) -> None:
    if state == "none":
        ParentPin.objects.all().delete()


def school(visitor: Visitor, state: str) -> None:
    """As a first leader finds it: not set up at all, with their own account alone."""
    if state == "not set up":
        School.objects.update(name_en="", name_cy="", office_phone="")
        for model in (WorkingHours, Term, Closure):
            model.objects.all().delete()


def step(visitor: Visitor, state: str) -> None:
    session = visitor.browser.session
    if state != "out":
        session["stepped"] = visitor.people.celyn.account_id
        session.save()
    if state == "in a class that is no longer theirs":
        visitor.people.celyn.staff.remove(visitor.staff)


TERMS, LOCK = ["agreed", "not agreed", "none published"], ["unlocked", "locked", "shared_view"]
STEPS = ["out", "in", "in a class that is no longer theirs"]
AUTHENTICATORS, WHO, PINS = ["used", "not used", "none"], ["said", "nobody", "idle"], ["own", "from a leader"]
PARENT_PINS, SCHOOLS = ["chosen", "none"], ["set up", "not set up"]
SET = {
    "terms": terms,
    "lock": lock,
    "mfa": mfa,
    "who": who,
    "pin": pin_of,
    "step": step,
    "parent pin": parent_pin,
    "school": school,
}
GATES_OF = {
    "parent": {"terms": TERMS, "lock": LOCK, "parent pin": PARENT_PINS},
    "class": {"terms": TERMS, "who": WHO, "pin": PINS},
    "teacher": {"terms": TERMS, "lock": LOCK, "mfa": AUTHENTICATORS[:2], "step": STEPS[:2]},
    "office": {"terms": TERMS, "mfa": AUTHENTICATORS, "step": STEPS},
    "head with a child": {"terms": TERMS, "mfa": AUTHENTICATORS, "step": STEPS[:2], "lock": LOCK},
    "first leader": {"terms": TERMS, "mfa": AUTHENTICATORS, "school": SCHOOLS},
    "governor": {"terms": TERMS, "mfa": AUTHENTICATORS, "lock": LOCK},
    "pupil": {"terms": TERMS},
}


def combinations(gates: dict[str, list[str]]) -> list[dict[str, str]]:
    return [dict(zip(gates, states, strict=True)) for states in product(*gates.values())]


def visitor_of(people: People, kind: str) -> Visitor:
    if kind == "class":
        return Visitor(people, people.client(people.celyn), people.pritchard)
    if kind == "teacher":
        give_account(people.adeyemi, people.gareth)
        StaffMember.objects.filter(pk=people.adeyemi.pk).update(pin=hashed_pin())
        people.adeyemi.refresh_from_db()
        give_authenticator(people.gareth)
        give_pin(people.gareth)
        return Visitor(people, people.client(people.adeyemi), people.adeyemi)
    if kind == "parent":
        User.objects.filter(pk=people.nia.pk).update(password=make_password(PASSWORD))
        people.nia.refresh_from_db()
        give_pin(people.nia)
        return Visitor(people, people.client(people.nia))
    if kind == "pupil":
        return Visitor(people, people.client(people.mali))
    if kind == "first leader":
        return Visitor(people, people.client(people.head), people.head)
    if kind == "governor":
        member = make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True)
        give_pin(member.user)
        return Visitor(people, people.client(member), member)
    member = people.head if kind == "head with a child" else people.office
    people.celyn.staff.add(member)
    if member == people.head:
        guardianship(make_contact("Eleri", "Vaughan", member.user), people.tomos, 2)
        give_pin(member.user)
    return Visitor(people, people.client(member), member)


CASES = [
    pytest.param(kind, state, id=f"{kind}: {', '.join(f'{gate} {each}' for gate, each in state.items())}")
    for kind, gates in GATES_OF.items()
    for state in combinations(gates)
]


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_every_combination_of_gates_leads_on_to_work(people, kind, state):
    visitor = visitor_of(people, kind)
    for gate, wanted in state.items():
        SET[gate](visitor, wanted)
    for path in STARTS + GATES:
        visitor.follow(path)  # wherever they begin: no circle
    assert visitor.go_on() in ENDS


def test_a_circle_is_found(people, monkeypatch):
    declared = views()["terms"].opens
    monkeypatch.setattr(views()["terms"], "opens", declared & ~Opens.WITH_LEADERS_PIN)
    visitor = visitor_of(people, "class")
    terms(visitor, "not agreed")
    pin_of(visitor, "from a leader")
    with pytest.raises(InACircle, match="/class/pin/ -> /terms/agree/"):
        visitor.go_on()
