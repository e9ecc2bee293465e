import pytest
from django.test import Client

from accounts.models import StaffMember
from tests.people import BACKEND, PIN, make_staff


@pytest.fixture
def browser(people):
    """The class account, signed in, nobody chosen yet."""
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
def test_the_right_pin_says_who_sits_here(people, browser):
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
    assert "Too many wrong PINs" in choose(browser, people.adeyemi, "0000").content.decode()
    assert choose(browser, people.adeyemi).status_code == 422
    assert "staff" not in browser.session
    assert choose(browser, people.pritchard).status_code == 302


@pytest.mark.policy("TE-2")
def test_changing_person_needs_the_other_pin_and_keeps_the_first_until_then(people):
    client = people.client(people.celyn, people.pritchard)
    assert client.get("/class/who/").status_code == 200
    assert choose(client, people.adeyemi, "9999").status_code == 422
    assert client.session["staff"] == people.pritchard.pk
    choose(client, people.adeyemi)
    assert client.session["staff"] == people.adeyemi.pk


def test_staff_of_another_class_or_who_left_can_not_sit_here(people, browser):
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
