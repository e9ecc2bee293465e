"""A term is named in both languages; without a Welsh name the English one stands there."""

from datetime import date

import pytest

from accounts.calendar.ics_import import take_in_file
from accounts.calendar.ics_reader import read_events
from accounts.models.school import Term
from tests.accounts.calendar.test_closure_names import event

NEW = {"name": "Autumn 2027", "name_cy": "Tymor yr hydref 2027", "starts": "2027-09-01", "ends": "2027-12-17"}


@pytest.fixture
def head(people):
    return people.client(people.head)


def words(people, who, url: str, language: str) -> str:
    browser = people.client(who)
    browser.cookies["django_language"] = language
    return browser.get(url, follow=True).content.decode()


def test_a_terms_name_follows_the_reader(people, head):
    assert head.post("/calendar/terms/new/", NEW).status_code == 302
    term = Term.objects.get(name="Autumn 2027")
    pages = ["/calendar/", "/calendar/days/", f"/calendar/terms/{term.pk}/remove/"]
    for url in pages:
        english, welsh = (words(people, people.head, url, language) for language in ("en", "cy"))
        assert "Autumn 2027" in english and "Tymor yr hydref 2027" not in english, url
        assert "Tymor yr hydref 2027" in welsh and "Autumn 2027" not in welsh, url
    assert "Tymor yr hydref 2027" in words(people, people.nia, "/calendar/", "cy")


def test_without_a_welsh_name_the_english_one_stands(people, head):
    head.post("/calendar/terms/new/", NEW | {"name_cy": "\u200b"})
    assert Term.objects.get(name="Autumn 2027").name_cy == ""
    assert "Autumn 2027" in words(people, people.nia, "/calendar/", "cy")


def test_a_welsh_name_is_added_to_a_term_that_is_there(people, head):
    term = Term.objects.get(name="Spring 2027")
    sent = {"name": term.name, "name_cy": "", "starts": "2027-01-04", "ends": "2027-04-02"}
    shown = {f"initial-{name}": was for name, was in sent.items()}
    head.post(f"/calendar/terms/{term.pk}/", sent | shown | {"name_cy": "Tymor y gwanwyn 2027"})
    term.refresh_from_db()
    assert (term.name, term.name_cy) == ("Spring 2027", "Tymor y gwanwyn 2027")


def test_a_welsh_name_that_is_too_long_is_refused(people, head):
    answer = head.post("/calendar/terms/new/", NEW | {"name_cy": "x" * 81})
    assert answer.status_code == 422 and 'value="Autumn 2027"' in answer.content.decode()
    assert not Term.objects.filter(name="Autumn 2027").exists()


def test_a_file_that_renames_a_term_takes_its_old_welsh_name_away(people):
    term = Term.objects.get(name="Spring 2027")
    Term.objects.filter(pk=term.pk).update(name_cy="Tymor y gwanwyn 2027", uid="a")
    file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n"
    for name, welsh in (("Spring 2027", "Tymor y gwanwyn 2027"), ("Lent term", "")):
        events = read_events(file.format(event(name, "20270104", "20270403")).encode())
        take_in_file(events, kinds={0: "term"}, by=people.actor(people.head), today=date(2026, 11, 10))
        term.refresh_from_db()
        assert (term.name, term.name_cy) == (name, welsh)


def test_the_table_of_terms_shows_both_names(people, head):
    head.post("/calendar/terms/new/", NEW)
    table = words(people, people.head, "/admin/accounts/term/", "cy")
    assert "Tymor yr hydref 2027" in table
