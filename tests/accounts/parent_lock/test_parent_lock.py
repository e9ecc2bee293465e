"""The parent lock (PA-11, PU-5)."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.codes.pin_rules import is_guessable
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.parent_pin import ParentPin
from accounts.parent_lock.pin import GuessablePin, choose_parent_pin
from malpas.lib.hidden import hide
from messaging.models.conversations import Message
from tests.accounts.parent_lock.lock import PIN, UNLOCK, give_pin, locked
from tests.clock import at
from tests.people import PASSWORD, key
from tests.structure.world import CANARY, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.policy("PA-11")]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world(people):
    return make_world(people)


@pytest.fixture
def conversation(world):
    return f"/messages/{world.conversation.pk}/"


def with_password(user) -> None:
    user.set_password(PASSWORD)
    user.save()


def mailed_code(browser) -> str:
    """Return the code in the newest e-mail."""
    browser.post(UNLOCK, {"send": "on"})
    found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", Delivery.objects.latest("pk").body, re.MULTILINE)
    assert found
    return found.group(1)


def test_ten_idle_minutes_lock_and_the_pin_opens_where_they_were(world, people, clock, conversation):
    give_pin(people.nia)
    browser = people.client(people.nia)
    clock.set("2026-11-10 10:10")
    assert CANARY in browser.get(conversation).content.decode()
    clock.set("2026-11-10 10:20:01")
    assert browser.get(conversation).url == f"{UNLOCK}?next={quote(conversation, safe='')}"
    opened = browser.post(UNLOCK, {"pin": PIN, "next": conversation})
    assert opened.url == conversation
    assert CANARY in browser.get(conversation).content.decode()


def test_news_points_and_stories_stay_open(world, people, clock):
    browser = locked(people, people.nia, clock)
    for path in (
        "/news/",
        f"/news/{hide(world.post.pk)}/",
        f"/points/{people.mali.pk}/",
        "/help/",
        "/terms/",
    ):
        assert browser.get(path).status_code == 200, path


def test_reading_the_news_does_not_extend_the_lock(world, people, clock, conversation):
    give_pin(people.nia)
    browser = people.client(people.nia)
    clock.set("2026-11-10 10:06")
    browser.get("/news/")
    clock.set("2026-11-10 10:11")
    assert browser.get(conversation).status_code == 302


def test_polling_conversation_does_not_extend_the_lock(world, people, clock, conversation):
    browser = people.client(people.nia)
    for minute in range(1, 11):
        clock.set(f"2026-11-10 10:{minute:02}")
        browser.get(
            f"{conversation}new/", headers={"HX-Current-URL": f"http://testserver{conversation}"}, **HTMX
        )
    clock.set("2026-11-10 10:10:30")
    answer = browser.get(
        f"{conversation}new/", headers={"HX-Current-URL": f"http://testserver{conversation}"}, **HTMX
    )
    assert CANARY not in answer.content.decode()
    assert "lapsed" in answer["HX-Trigger"]


def test_a_part_of_an_open_page_is_left_in_peace(world, people, clock):
    browser = locked(people, people.nia, clock)
    page = {"HX-Current-URL": "http://testserver/news/"}
    answer = browser.get("/warnings/banner/", headers=page, **HTMX)
    assert (answer.status_code, answer.content, "HX-Trigger" in answer) == (204, b"", False)


def test_typing_extends_the_open_lock(people, clock, conversation):
    browser = people.client(people.nia)
    clock.set("2026-11-10 10:09")
    assert browser.post("/parent-lock/here/").status_code == 204
    clock.set("2026-11-10 10:18")
    assert browser.get("/messages/").status_code == 200


def test_typing_unlocks_nothing(people, clock):
    browser = locked(people, people.nia, clock)
    assert browser.post("/parent-lock/here/").status_code == 302
    assert browser.get("/messages/").status_code == 302


def test_post_to_a_locked_page_is_saved_and_not_sent(world, people, clock, conversation):
    browser = locked(people, people.nia, clock)
    before = Message.objects.count()
    answer = browser.post(conversation, {"body": "Three boxes.", "key": key()})
    assert answer.status_code == 302
    assert Message.objects.count() == before
    assert "Three boxes." not in browser.get(answer.url).content.decode()
    opened = browser.post(UNLOCK, {"pin": PIN, "next": conversation}, follow=True)
    assert "Three boxes." in opened.content.decode()
    assert Message.objects.count() == before


def test_saved_post_without_text_waits_for_a_button(world, people, clock):
    browser = locked(people, people.nia, clock)
    path = f"/messages/withdraw/{hide(world.waiting.pk)}/"
    browser.post(path, {"key": key()})
    page = browser.post(UNLOCK, {"pin": PIN}, follow=True)
    assert f'action="{path}"' in page.content.decode()
    assert Message.objects.get(pk=world.waiting.pk).withdrawn_at is None


def test_script_may_save_a_form_and_lock(world, people, clock, conversation):
    give_pin(people.nia)
    browser = people.client(people.nia)
    answer = browser.post(conversation, {"body": "Half a thou", "keep_only": "1", "key": key()})
    assert answer.url.startswith(UNLOCK)
    assert browser.get("/messages/").status_code == 302
    assert "Half a thou" in browser.post(UNLOCK, {"pin": PIN}, follow=True).content.decode()


def test_unlocking_leads_nowhere_outside_the_portal(people, clock):
    browser = locked(people, people.nia, clock)
    for path in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        answer = browser.post(UNLOCK, {"pin": PIN, "next": path})
        assert answer.url == "/", path


def test_five_wrong_pins_pause_and_ten_close_the_pin(people, clock):
    browser = locked(people, people.nia, clock)
    for _ in range(5):
        assert browser.post(UNLOCK, {"pin": "9182"}).status_code == 422
    assert "Wait 5 minutes" in browser.post(UNLOCK, {"pin": PIN}).content.decode()
    for minute in range(5):
        clock.set(f"2026-11-10 10:{20 + 6 * minute}")
        browser.post(UNLOCK, {"pin": "9182"})
    clock.set("2026-11-10 12:00")
    assert "Only your password" in browser.post(UNLOCK, {"pin": PIN}).content.decode()
    assert AuditEntry.objects.filter(verb="parent_pin.shut").count() == 1


def test_password_reopens_a_closed_pin(people, clock):
    with_password(people.nia)
    browser = locked(people, people.nia, clock)
    ParentPin.objects.update(pin_failures=10)
    assert browser.post(UNLOCK, {"password": "wrong"}).status_code == 422
    assert browser.post(UNLOCK, {"password": PASSWORD}).status_code == 302
    assert ParentPin.objects.get().pin_failures == 0
    assert browser.get("/messages/").status_code == 200


def test_passwords_are_not_guessed_here(people, clock):
    with_password(people.nia)
    browser = locked(people, people.nia, clock)
    answers = [browser.post(UNLOCK, {"password": f"wrong {n}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.post(UNLOCK, {"password": PASSWORD}).status_code == 429


def test_who_has_no_password_gets_a_code_by_mail(people, clock):
    browser = locked(people, people.nia, clock)
    code = mailed_code(browser)
    assert browser.post(UNLOCK, {"code": "XXXX-XXXX"}).status_code == 422
    pasted = code.lower().replace("-", "\u2011")
    assert browser.post(UNLOCK, {"code": pasted, "next": "/messages/"}).url == "/messages/"
    assert browser.get("/messages/").status_code == 200


def test_code_works_once_for_three_tries_and_fifteen_minutes(people, clock):
    browser = locked(people, people.nia, clock)
    first = mailed_code(browser)
    for _ in range(3):
        browser.post(UNLOCK, {"code": "XXXX-XXXX"})
    assert browser.post(UNLOCK, {"code": first}).status_code == 422
    late = mailed_code(browser)
    clock.set("2026-11-10 10:27")
    assert browser.post(UNLOCK, {"code": late}).status_code in (422, 429)


@pytest.mark.parametrize(
    "pin",
    [
        "0000",
        "1234",
        "4321",
        "7890",
        "1212",
        "1122",
        "123123",
        "2018",
        "040518",
        "0405",
        "1805",
        "04052018",
        "2580",
    ],
)
def test_pins_that_a_child_would_try_are_refused(people, clock, pin):
    browser = people.client(people.nia)  # Mali was born on 4 May 2018
    answer = browser.post("/parent-lock/pin/", {"new": pin, "again": pin})
    assert (answer.status_code, ParentPin.objects.count()) == (422, 0)


def test_other_pins_are_accepted_and_hashed(people, clock):
    browser = people.client(people.nia)
    assert "Choose your PIN" in browser.get("/news/").content.decode()
    assert browser.post("/parent-lock/pin/", {"new": "5193", "again": "5193"}).status_code == 302
    stored = ParentPin.objects.get(user=people.nia)
    assert stored.pin.startswith("argon2$argon2id$")
    assert "Choose your PIN" not in people.client(people.nia).get("/news/").content.decode()


def test_the_service_refuses_too(people):
    with pytest.raises(GuessablePin):
        choose_parent_pin(
            "0405", birthdays=[date(2018, 5, 4)], by=people.actor(people.nia), at=at("2026-11-10 10:00")
        )
    assert not is_guessable("0405", [date(2017, 3, 9)])


def test_database_refuses_a_bare_pin_and_an_eleventh_try(people):
    for fields in ({"pin": "4071"}, {"pin": "argon2$x", "pin_failures": 11}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ParentPin.objects.create(user=people.nia, **fields)


def test_a_new_pin_takes_the_password_and_not_the_old_pin(people, clock):
    with_password(people.nia)
    browser = locked(people, people.nia, clock)
    browser.post(UNLOCK, {"pin": PIN})
    requested = browser.get("/parent-lock/pin/")
    assert requested.url.startswith(UNLOCK)
    assert 'name="pin"' not in browser.get(requested.url).content.decode()
    browser.post(UNLOCK, {"password": PASSWORD})
    assert browser.post("/parent-lock/pin/", {"new": "5193", "again": "5193"}).status_code == 302


def test_signing_in_unlocks(people, clock):
    with_password(people.nia)
    people.client(people.nia)  # the terms are accepted
    browser = Client()
    browser.post("/account/login/", {"login": "nia@family.example", "password": PASSWORD})
    assert browser.get("/messages/").status_code == 200


def test_a_session_that_never_showed_anything_is_locked(people):
    browser = people.client(people.nia)
    session = browser.session
    del session["parent_lock_seen"]
    session.save()
    assert browser.get("/messages/").status_code == 302


def test_lock_now_locks(people):
    browser = people.client(people.nia)
    browser.post("/parent-lock/lock/")
    assert browser.get("/messages/").status_code == 302


def test_a_pin_opens_its_own_parents_account_only(people, clock):
    give_pin(people.gareth, "5193")
    browser = locked(people, people.nia, clock)
    assert browser.post(UNLOCK, {"pin": "5193"}).status_code == 422


def test_the_lock_is_the_parents_alone(people, clock):
    staff = people.client(people.celyn)
    assert staff.get(UNLOCK).status_code == 404
    clock.set("2026-11-10 10:11")
    assert staff.get("/messages/").status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [("/write/dinners/", "body"), ("/write/absence/", "note"), ("/messages/child/{}/", "body")],
)
def test_each_saved_form_is_restored_on_its_page(people, clock, path, field):
    browser, path = locked(people, people.nia, clock), path.format(people.mali.pk)
    browser.post(path, {field: "About the blue scarf", "children": [people.mali.pk]})
    opened = browser.post(UNLOCK, {"pin": PIN})
    assert opened.url == path
    assert "About the blue scarf" in browser.get(path).content.decode()
