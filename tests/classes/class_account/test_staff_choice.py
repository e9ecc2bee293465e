import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from classes import rate_limits
from tests.people import BACKEND, PIN, make_staff
from tests.sentences.accounts import TOO_MANY_WRONG_PINS
from tests.sentences.reading import says


@pytest.fixture
def browser(people):
    """Sign in the class account without a named person."""
    client = Client()
    client.force_login(people.celyn.account, backend=BACKEND)
    return client


def choose(client, person, pin=PIN, path=""):
    return client.post("/class/who/", {"who": person.pk, "pin": pin, "next": path})


@pytest.mark.policy("TE-2")
def test_the_page_offers_the_staff_of_this_class_and_no_other(people, browser):
    page = browser.get("/class/who/").content.decode()
    assert "Mrs Pritchard" in page and "Mr Adeyemi" in page
    assert "Miss Howells" not in page


@pytest.mark.policy("TE-2")
def test_the_right_pin_identifies_the_person(people, browser):
    assert browser.get("/class/cards/").headers["Location"].startswith("/class/who/")
    before = browser.session.session_key
    assert choose(browser, people.adeyemi).headers["Location"] == "/"
    assert browser.session["staff"] == people.adeyemi.pk
    assert browser.session.session_key != before


@pytest.mark.policy("TE-2")
def test_a_wrong_pin_chooses_nobody_and_five_shut_out(people, browser):
    for _try in range(4):
        answer = choose(browser, people.adeyemi, "0000")
        assert answer.status_code == 422
        assert "not the PIN" in answer.content.decode()
    assert says(choose(browser, people.adeyemi, "0000").content.decode(), TOO_MANY_WRONG_PINS)
    assert choose(browser, people.adeyemi).status_code == 422
    assert "staff" not in browser.session
    assert choose(browser, people.pritchard).status_code == 302


@pytest.mark.policy("TE-2")
def test_changing_person_needs_the_other_pin(people):
    client = people.client(people.celyn, people.pritchard)
    assert client.get("/class/who/").status_code == 200
    assert choose(client, people.adeyemi, "9999").status_code == 422
    assert client.session["staff"] == people.pritchard.pk
    choose(client, people.adeyemi)
    assert client.session["staff"] == people.adeyemi.pk


def test_departed_staff_and_other_classes_staff_are_refused(people, browser):
    StaffMember.objects.filter(pk=people.adeyemi.pk).update(left_on="2026-10-01")
    newcomer = make_staff("Mr", "No", "Pin")
    people.celyn.staff.add(newcomer)
    for person in (people.howells, people.adeyemi, newcomer):
        assert choose(browser, person).status_code == 422
    assert "staff" not in browser.session


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/class/cards/", "/class/cards/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_leads_on_within_the_portal_only(people, browser, path, leads):
    assert choose(browser, people.pritchard, path=path).headers["Location"] == leads


@pytest.mark.parametrize(
    "typed",
    [{}, {"who": "x", "pin": "\x00"}, {"who": "9" * 40, "pin": "1" * 6000}, {"who": "-1", "pin": "ŵ"}],
)
def test_bad_input_gets_a_sentence(people, browser, typed):
    answer = browser.post("/class/who/", typed)
    assert answer.status_code == 422
    assert "Please" in answer.content.decode()


def test_only_a_class_account_has_this_page(people):
    for name, client in people.everybody().items():
        status = (client or Client()).get("/class/who/").status_code
        wanted = {"class": 200, "another class": 200, "nobody": 302, "removed parent": 302}.get(name, 404)
        assert (name, status) == (name, wanted)


@pytest.fixture
def counts(settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    cache.clear()
    rate_limits.forget_local_counts()
    yield
    rate_limits.forget_local_counts()


@pytest.mark.policy("TE-2")
def test_one_pin_tried_on_every_name_locks_the_browser_out(people, counts):
    for number in range(4):
        people.celyn.staff.add(make_staff("Mr", f"Name{number}", f"Number{number}"))
    client = Client()
    client.force_login(people.celyn.account, backend=BACKEND)
    names = list(people.celyn.staff.all())
    statuses = [choose(client, names[n % 6], "5835").status_code for n in range(13)]
    assert statuses == [422] * 10 + [429] * 3
    assert choose(client, people.adeyemi).status_code == 429
    notified = Notification.objects.filter(kind="staff_pin", key__contains=":device:")
    assert {row.recipient for row in notified} == {people.head.user, people.deputy.user}
    assert notified.count() == 2


@pytest.mark.policy("TE-2")
def test_another_browser_of_the_class_is_not_shut_by_it(people, counts):
    shut, other = Client(), Client()
    for client in (shut, other):
        client.force_login(people.celyn.account, backend=BACKEND)
    for _try in range(12):
        choose(shut, people.pritchard, "5835")
    assert choose(shut, people.adeyemi).status_code == 429
    assert choose(other, people.adeyemi).status_code == 302


@pytest.mark.policy("TE-2")
def test_without_redis_the_rate_limit_holds(people, counts, settings):
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        }
    }
    client = Client()
    client.force_login(people.celyn.account, backend=BACKEND)
    statuses = {choose(client, people.pritchard, "5835").status_code for _try in range(9)}
    assert 302 not in statuses and choose(client, people.pritchard).status_code in (422, 429)


@pytest.mark.policy("TE-2")
def test_changing_person_ends_the_first(people):
    client = people.client(people.celyn)
    page = client.get("/messages/").content.decode()
    header, _, menu = page.partition("<details")
    assert 'action="/class/lock/"' in header and 'action="/class/lock/"' in menu and "Change person" in menu
    client.post("/class/lock/", {"next": "/messages/"})
    assert client.get("/messages/").headers["Location"].startswith("/class/who/")
