import re
from datetime import date

import pytest

from accounts.models.terms import TermsAcceptance, TermsVersion
from tests.clock import at
from tests.sentences.accounts import TICK_TO_AGREE


@pytest.fixture
def newcomer(people):
    browser = people.client(people.nia)
    TermsAcceptance.objects.filter(user=people.nia).delete()
    return browser


def agree(browser, number=1, **more):
    return browser.post("/terms/agree/", {"number": number, "agree": "on"} | more)


@pytest.mark.policy("PA-3")
def test_nothing_opens_before_the_terms_are_accepted(people, newcomer):
    for path in ("/news/", "/messages/", "/write/", "/points/", "/"):
        assert newcomer.get(path).headers["Location"] == "/terms/agree/"
    for path in ("/help/", "/privacy/", "/accessibility/", "/terms/"):
        assert newcomer.get(path).status_code == 200


def test_htmx_is_sent_to_the_terms_as_a_whole_page(newcomer):
    answer = newcomer.get("/messages/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/terms/agree/"


@pytest.mark.policy("PA-3")
def test_acceptance_is_stored_with_version_and_time(people, newcomer):
    assert agree(newcomer).headers["Location"] == "/"
    accepted = TermsAcceptance.objects.get(user=people.nia)
    assert (accepted.version, accepted.accepted_at) == (people.terms, at("2026-11-10 10:00"))
    assert newcomer.get("/").headers["Location"] != "/terms/agree/"


def test_agreeing_twice_is_once(people, newcomer):
    agree(newcomer)
    agree(newcomer)
    assert TermsAcceptance.objects.filter(user=people.nia).count() == 1


def test_without_the_tick_nothing_is_accepted(people, newcomer):
    answer = newcomer.post("/terms/agree/", {"number": 1})
    assert answer.status_code == 422
    assert TICK_TO_AGREE in answer.content.decode()
    assert not TermsAcceptance.objects.filter(user=people.nia).exists()


@pytest.mark.policy("PA-3")
def test_a_new_version_asks_again(people, newcomer):
    agree(newcomer)
    later = {"dated": date(2026, 11, 1), "review_by": date(2028, 11, 1)}
    TermsVersion.objects.create(
        number=2, body_en="Be kinder.", body_cy="x", published_at=at("2026-11-10 09:59"), **later
    )
    assert newcomer.get("/").headers["Location"] == "/terms/agree/"
    assert agree(newcomer, number=1).status_code == 422
    agree(newcomer, number=2)
    assert newcomer.get("/").headers["Location"] != "/terms/agree/"


def test_a_version_is_not_in_force_before_its_time(people, newcomer):
    agree(newcomer)
    TermsVersion.objects.create(
        number=2,
        body_en="x",
        body_cy="x",
        dated=date(2026, 11, 1),
        review_by=date(2028, 11, 1),
        published_at=at("2026-11-10 10:01"),
    )
    assert newcomer.get("/").headers["Location"] != "/terms/agree/"


@pytest.mark.policy("DO-1")
def test_the_heads_first_page_says_that_the_review_is_overdue(people):
    page = people.client(people.head).get("/").content.decode()
    assert "was due on 02.10.2026" in page


def test_the_gate_of_the_terms_has_no_tabs_that_lead_back_to_it(newcomer):
    page = newcomer.get("/terms/agree/").content.decode()
    assert 'name="agree"' in page and 'class="tabbar"' not in page


def test_staff_at_a_class_account_agree_for_themselves(people, newcomer):
    celyn = people.client(people.celyn)
    TermsAcceptance.objects.filter(staff=people.pritchard).delete()
    page = celyn.get("/terms/agree/").content.decode()
    assert re.search(rf'class="notice[^>]*>[^<]*{people.pritchard.signature}', page)
    assert 'class="notice' not in newcomer.get("/terms/agree/").content.decode()


@pytest.mark.policy("DO-1")
def test_a_review_whose_day_is_over_is_no_word_to_families(people, clock):
    nia = people.client(people.nia)
    clock.set("2026-09-30 10:00")
    assert "02.10.2026" in nia.get("/terms/").content.decode()
    clock.set("2026-11-10 10:00")
    assert "02.10.2026" not in nia.get("/terms/").content.decode()
