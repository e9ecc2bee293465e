"""Somebody who guesses at codes, and somebody who found a letter (A15, A16, A17)."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from classes import rate_limits
from classes.enums import Restriction, Suggestion, Suspicion
from classes.joining.code_abuse import WRONG_BIRTHDAYS, notify_of_codes_due
from classes.joining.codes import ALPHABET, LENGTH
from classes.joining.invitations import make_invitation
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from tests.clock import at
from tests.people import PASSWORD, guardianship, make_contact, make_user
from tests.sentences.classes import (
    CODE_ENDED_BY_GUESSED_BIRTHDAYS,
    CODE_TRIED_BY_ANOTHER_ADULT,
    CODES_ARE_GUESSED,
)

LIMITS = {"address": rate_limits.JOIN_ADDRESS, "all": rate_limits.JOIN_ALL}
BORN, WRONG_DAY, NO_CODE = "04/05/2018", "05/05/2018", "K7QM 4XRD P9TW 20V1"


@pytest.fixture(autouse=True)
def few_tries(monkeypatch) -> None:
    """The gates shut after thirteen at an address and thirty in all, so that the tests are short."""
    monkeypatch.setattr(rate_limits, "JOIN_ADDRESS", replace(rate_limits.JOIN_ADDRESS, amount=13))
    monkeypatch.setattr(rate_limits, "JOIN_ALL", replace(rate_limits.JOIN_ALL, amount=30))


@pytest.mark.policy("PA-1")
def test_A15_at_the_limits_a_year_of_guessing_finds_nothing():
    """Two thousand codes at once, four processes that lost Redis and count alone: a chance below 10⁻¹³ a year."""
    hours, codes, processes = 366 * 24, 2000, 4
    tries = hours * max(LIMITS["all"].amount, LIMITS["all"].local_amount * processes)
    assert len(ALPHABET) ** LENGTH == 2**80
    assert tries * codes / len(ALPHABET) ** LENGTH < 1e-13
    assert LIMITS["address"].amount * 4 < LIMITS["all"].amount  # one address alone never shuts everybody out


@pytest.fixture
def invited(people):
    """A code for a new adult of Efa: (invitation, code)."""
    adult = guardianship(make_contact("Ann", "Invited"), people.efa, None, suggestion=Suggestion.INVITE)
    return make_invitation(guardianship=adult, by=people.actor(people.office), at=at("2026-11-10 10:00"))


def enter(client: Client, code: str, born: str = BORN, address: str = "203.0.113.7"):
    return client.post("/join/", {"code": code, "date_of_birth": born}, REMOTE_ADDR=address)


def plain(answer) -> str:
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer.content.decode()
    )
    return re.sub(r' value="[^"]*"', "", text)


def alarms(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user, kind="alarm").values_list("title", flat=True))


@pytest.mark.policy("PA-1")
def test_A15_walking_codes_from_one_address_is_shut_out_and_leaders_hear_of_it_once(people, invited):
    answers = [enter(Client(), NO_CODE).status_code for _try in range(rate_limits.JOIN_ADDRESS.amount + 5)]
    assert answers.count(422) == rate_limits.JOIN_ADDRESS.amount and answers[-5:] == [429] * 5
    assert enter(Client(), invited[1], address="198.51.100.4").status_code == 302
    for leader in (people.head, people.deputy):
        assert alarms(leader.user) == [CODES_ARE_GUESSED]
    assert alarms(people.office.user) == alarms(people.nia) == []
    assert invited[1] not in str(list(Notification.objects.values()) + list(Delivery.objects.values()))


@pytest.mark.policy("PA-1")
def test_A15_walking_codes_from_two_hundred_addresses_is_shut_out_too(people, invited):
    def walk(number: int) -> int:
        return enter(Client(), NO_CODE, address=f"203.0.{number % 200}.7").status_code

    answers = [walk(number) for number in range(rate_limits.JOIN_ALL.amount + 10)]
    assert answers[: rate_limits.JOIN_ALL.amount] == [422] * rate_limits.JOIN_ALL.amount
    assert answers[-10:] == [429] * 10
    assert alarms(people.head.user) == [CODES_ARE_GUESSED]


@pytest.mark.policy("PA-1")
def test_A15_a_nights_siege_is_one_notice_in_the_morning_and_an_hours_one_by_day(people, clock, settings):
    def besiege(moment: str) -> None:
        clock.set(moment)
        address = f"203.0.113.{len(alarms(people.head.user)) + 1}"
        for _try in range(rate_limits.JOIN_ADDRESS.amount + 2):
            enter(Client(), NO_CODE, address=address)

    for moment in ("2026-11-10 10:05", "2026-11-10 10:50", "2026-11-10 12:05"):
        settings.CACHES = settings.CACHES | {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": moment}
        }
        besiege(moment)
    assert len(alarms(people.head.user)) == 2
    for moment in ("2026-11-10 19:00", "2026-11-10 23:00", "2026-11-11 04:00"):
        settings.CACHES = settings.CACHES | {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": moment}
        }
        besiege(moment)
    assert len(alarms(people.head.user)) == 3
    last = Notification.objects.filter(recipient=people.head.user).latest("release_at")
    assert last.release_at == at("2026-11-11 08:30")


def refusals(people) -> dict[str, tuple[str, str]]:
    """Every kind of code and birthday that must not open: (code, birthday)."""
    office, now = people.actor(people.office), at("2026-11-10 10:00")

    def code(surname: str, when=now, **later) -> str:
        adult = guardianship(make_contact("Ann", surname), people.efa, None, suggestion=Suggestion.INVITE)
        invitation, code = make_invitation(guardianship=adult, by=office, at=when)
        invitations = Invitation.objects.filter(pk=invitation.pk)
        guardianships = Guardianship.objects.filter(pk=adult.pk)
        for name, value in later.items():
            rows = invitations if name in ("used_at", "withdrawn_at") else guardianships
            rows.update(
                **{name: value}, **({"restriction_note": "An order."} if name == "restriction" else {})
            )
        return code

    return {
        "wrong": (NO_CODE, BORN),
        "no code at all": ("no code", BORN),
        "used": (code("Used", used_at=now), BORN),
        "expired": (code("Expired", at("2026-10-01 10:00")), BORN),
        "withdrawn": (code("Withdrawn", withdrawn_at=now), BORN),
        "restricted": (code("Restricted", restriction=Restriction.NO_ACCESS), BORN),
        "ended": (code("Ended", ended_at=now), BORN),
        "wrong birthday": (code("Birthday"), WRONG_DAY),
    }


@pytest.mark.policy("PA-1")
def test_A16_every_refusal_says_the_same_and_asks_the_same_of_the_database(people):
    shapes, pages = {}, {}
    enter(Client(), NO_CODE)
    for name, (code, born) in refusals(people).items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = enter(Client(), code, born)
        assert answer.status_code == 422, name
        shapes[name] = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in asked.captured_queries]
        pages[name] = plain(answer)
    assert len(shapes) == 8 and len({tuple(shape) for shape in shapes.values()}) == 1
    assert len(set(pages.values())) == 1
    assert sum("code_hash" in sql for sql in shapes["wrong"]) == 2


@pytest.mark.policy("PA-1")
def test_A17_ten_wrong_birthdays_end_a_code_and_notify(people, invited):
    invitation, code = invited
    pages = {plain(enter(Client(), code, WRONG_DAY)) for _try in range(WRONG_BIRTHDAYS)}
    assert len(pages) == 1
    invitation.refresh_from_db()
    assert (invitation.suspicion, bool(invitation.withdrawn_at)) == (Suspicion.GUESSED, True)
    refused = enter(Client(), code)
    assert (refused.status_code, plain(refused)) == (422, pages.pop())
    assert notify_of_codes_due() == 1 and notify_of_codes_due() == 0
    assert alarms(people.office.user) == [CODE_ENDED_BY_GUESSED_BIRTHDAYS]
    assert alarms(people.nia) == []


def test_A17_nine_wrong_birthdays_are_a_parent_who_mistypes(people, invited):
    invitation, code = invited
    for _try in range(WRONG_BIRTHDAYS - 1):
        enter(Client(), code, WRONG_DAY)
    assert notify_of_codes_due() == 0
    assert enter(Client(), code).status_code == 302
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


@pytest.mark.policy("PA-1")
def test_A17_a_code_tried_by_another_adult_notifies_once(people, invited):
    invitation, code = invited
    dylan = people.client(people.dylan)
    dylan.get("/news/")  # the first page of a sign-in has no sign of drafts yet
    mine, wrong = enter(dylan, code), enter(dylan, NO_CODE)
    assert (mine.status_code, plain(mine)) == (wrong.status_code, plain(wrong))
    enter(dylan, code)
    assert notify_of_codes_due() == 1 and notify_of_codes_due() == 0
    assert alarms(people.office.user) == [CODE_TRIED_BY_ANOTHER_ADULT]
    assert alarms(people.dylan) == []
    invitation.refresh_from_db()
    assert invitation.tried_by == people.dylan
    assert AuditEntry.objects.filter(verb="invitation.tried_by_another", user=people.dylan).count() == 1
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


def test_A17_a_code_carried_through_sign_in_notifies_the_office(people, invited):
    _invitation, code = invited
    people.dylan.set_password(PASSWORD)
    people.dylan.save()
    browser = Client()
    assert enter(browser, code).status_code == 302
    browser.post("/account/login/", {"login": people.dylan.email, "password": PASSWORD})
    assert notify_of_codes_due() == 1
    assert not Guardianship.objects.live().filter(contact__user=people.dylan, pupil=people.efa).exists()


def test_A17_whose_code_it_is_may_use_it_after_the_other_tried(people, invited):
    invitation, code = invited
    enter(people.client(people.dylan), code)
    ann = make_user("", "ann@family.example")
    type(invitation.guardianship.contact).objects.filter(pk=invitation.guardianship.contact_id).update(
        user=ann
    )
    assert enter(people.client(ann), code).headers["Location"] == "/"
    assert Guardianship.objects.live().filter(contact__user=ann, pupil=people.efa).exists()
