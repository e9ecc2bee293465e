"""The page that answers a form has an address of its own (Back and Reload)."""

import pickle
import re
import zlib
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models.terms import TermsAcceptance
from classes.guardianship.services import end_guardianship
from classes.models.guardianships import Guardianship
from malpas.web.answers import MOST_PAGES, OPEN_PAGES
from tests.accounts.parent_lock.lock import UNLOCK, give_pin
from tests.accounts.staff.pages.sending import fields_of, page_of
from tests.clock import at
from tests.structure.world import make_world

pytestmark = pytest.mark.django_db
NAVIGATES = {"HTTP_SEC_FETCH_MODE": "navigate"}
ABSENCE = "/write/absence/"
STORED = re.compile(r"^/write/absence/\?answer=[\w-]{43}$")
WRONG = {"first_day": "yesterday or so", "note": "a note that nobody sent"}


@pytest.fixture
def world(people):
    return make_world(people)


def browser_of(people, who) -> Client:
    browser = people.client(who)
    browser.get(ABSENCE)  # brings the cookie that forms need
    return browser


def refused(browser: Client, path: str = ABSENCE, data: dict = WRONG, **headers):
    return browser.post(path, data, **(NAVIGATES | headers))


def test_a_refused_form_leads_to_its_page_by_a_get(people):
    browser = browser_of(people, people.nia)
    answer = refused(browser)
    assert answer.status_code == 303
    assert STORED.match(answer.url)
    for _look in range(2):
        page = browser.get(answer.url)
        assert page.status_code == 422
        assert WRONG["note"] in page.text
        assert page["Cache-Control"] == "private, no-store"


def test_a_program_gets_the_page_itself(people):
    browser = browser_of(people, people.nia)
    assert browser.post(ABSENCE, WRONG).status_code == 422
    assert refused(browser, HTTP_HX_REQUEST="true").status_code == 422


def test_a_form_on_a_stored_page_leads_to_the_next_one(people):
    browser = browser_of(people, people.nia)
    first = refused(browser).url
    second = refused(browser, first).url
    assert STORED.match(second)
    assert second != first
    assert browser.get(first).status_code == browser.get(second).status_code == 422


def test_the_rest_of_the_address_stays(people):
    browser = browser_of(people, people.nia)
    answer = refused(browser, f"{ABSENCE}?child=1&answer=old&child=2")
    assert re.match(r"^/write/absence/\?child=1&child=2&answer=[\w-]{43}$", answer.url)


def test_only_the_newest_pages_are_stored(people):
    browser = browser_of(people, people.nia)
    addresses = [refused(browser).url for _time in range(MOST_PAGES + 1)]
    assert browser.get(addresses[0]).url == ABSENCE
    assert browser.get(addresses[1]).status_code == 422


@pytest.mark.parametrize("token", ["", "x", "%F0%9F%90%89", "0" * 5000])
def test_an_address_that_names_nothing_leads_to_the_form(people, token):
    browser = browser_of(people, people.nia)
    assert browser.get(f"{ABSENCE}?child=1&answer={token}").url == f"{ABSENCE}?child=1"


def test_nobody_else_reads_it(people):
    answer = refused(browser_of(people, people.nia)).url
    assert browser_of(people, people.gareth).get(answer).url == ABSENCE
    assert browser_of(people, people.nia).get(answer).url == ABSENCE, "the same person in another browser"
    assert WRONG["note"] not in Client().get(answer, follow=True).text


@pytest.mark.policy("TE-2")
def test_the_next_member_of_staff_does_not_read_it(world, people):
    browser = people.client(people.celyn, people.pritchard)
    conversation = f"/messages/{world.conversation.pk}/"
    browser.get(conversation)
    answer = refused(browser, conversation, {"body": "", "key": "no key"}).url
    assert browser.get(answer).status_code == 422
    session = browser.session
    session["staff"] = people.adeyemi.pk
    session.save()
    TermsAcceptance.objects.create(user=people.celyn.account, staff=people.adeyemi, version=people.terms)
    assert browser.get(answer).url == conversation


def test_nobody_reads_it_in_the_cache(people, settings):
    default = settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}
    settings.CACHES = settings.CACHES | {"default": default}
    refused(browser_of(people, people.nia))
    server = caches["default"].shared._cache.get_client(None, write=False)
    names = server.scan_iter(f"{default['KEY_PREFIX']}:*answer:*")
    [(*_rest, page)] = [pickle.loads(server.get(name)) for name in names]
    with pytest.raises(zlib.error):
        zlib.decompress(page)


def test_it_is_asked_for_anew_in_the_other_language(people):
    browser = browser_of(people, people.nia)
    answer = refused(browser).url
    browser.cookies["django_language"] = "cy"
    assert browser.get(answer, headers={"accept-language": "cy"}).url == ABSENCE


@pytest.mark.policy("PA-11")
def test_it_opens_behind_the_lock_only(people, clock):
    give_pin(people.nia)
    browser = browser_of(people, people.nia)
    answer = refused(browser).url
    browser.post("/parent-lock/lock/")
    assert browser.get(answer).url.startswith(UNLOCK)


@pytest.mark.policy("PA-9")
def test_it_ends_with_the_right_to_its_page(world, people):
    browser = browser_of(people, people.nia)
    conversation = f"/messages/{world.conversation.pk}/"
    answer = refused(browser, conversation, {"body": "", "key": "no key"}).url
    assert browser.get(answer).status_code == 422
    guardianship = Guardianship.objects.get(contact__user=people.nia)
    end_guardianship(guardianship=guardianship, by=people.actor(people.office), at=at("2026-11-10 10:00"))
    assert browser.get(answer).status_code == 404


@pytest.mark.policy("TE-2")
def test_a_pin_that_is_shown_once_has_no_address(people):
    browser = people.client(people.head)
    page = page_of(people.howells, "pin/")
    answer = refused(browser, page, fields_of(browser.get(page)))
    assert answer.status_code == 200
    assert answer.context["pin"] in answer.text


def test_a_wrong_sign_in_is_answered_by_a_page_with_an_address(people):
    browser = Client()
    browser.get("/account/login/")
    form = {"login": people.nia.email, "password": "a wrong one"}
    answer = refused(browser, "/account/login/", form)
    page = browser.get(answer.url)
    assert page.status_code == 200
    assert people.nia.email in page.text
    assert "a wrong one" not in page.text
    assert browser_of(people, people.gareth).get(answer.url).status_code == 302


def test_a_request_that_no_view_has_seen_is_answered_as_it_is(people):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/account/login/")
    assert refused(browser, "/account/login/", {}).status_code == 403


def test_without_a_sign_in_nobody_fills_the_cache(people):
    browser = Client()
    browser.get("/account/login/")
    assert refused(browser, "/account/login/", {"login": "x" * 100_000}).status_code == 200
    answers = [
        refused(browser, "/account/login/", {"login": "x"}).status_code
        for _time in range(OPEN_PAGES.amount + 1)
    ]
    assert answers == [303] * OPEN_PAGES.amount + [200]


def test_the_pages_of_mfa_have_no_address(people):
    """Each look at them makes a new secret or challenge, so the stored one would never fit."""
    browser = people.client(people.nia)
    address = reverse("mfa_activate_totp")
    browser.get(address)
    answer = refused(browser, address, {"code": "000000"})
    assert answer.status_code in (200, 422)
    assert "000000" not in browser.get(address).text


def test_without_the_cache_the_page_comes_as_it_is(people, settings):
    browser = browser_of(people, people.nia)
    default = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock?db=2"}
    settings.CACHES = settings.CACHES | {"default": default}
    assert refused(browser).status_code == 422
    assert refused(browser).status_code == 422, "while the outage lasts"
    assert browser.get(f"{ABSENCE}?answer=x").url == ABSENCE
