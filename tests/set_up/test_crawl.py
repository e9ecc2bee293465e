"""An empty installation is crawled by everybody it can have: nothing breaks, and nothing has a blank name.

Every route that needs no row is asked for, and from its page every link, and so on. A page that breaks answers 500
(here its error is raised); a blank name shows as an empty heading, title or link, or as "None".
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.actor import Actor
from accounts.models.people import StaffMember
from accounts.models.terms import TermsVersion
from accounts.terms.services import publish_terms
from classes.classrooms.services import add_class, give_class_account
from classes.models.classrooms import Classroom
from tests.clock import at
from tests.people import BACKEND, hashed_pin, make_staff
from tests.structure.routes import route_names

pytestmark = [pytest.mark.django_db]
# Ends the sign-in, or leaves the portal; `i18n` scripts have no words.
LEFT_OUT = {"account_logout", "admin:logout", "admin:jsi18n", "openid_connect_login", "provider_connect"}
MOST_PAGES = 400
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}


class Page(HTMLParser):
    """The links of a page, and the elements that must not be empty with their words."""

    NAMED = {"title", "h1", "h2", "h3", "a", "button", "legend", "th", "label", "option"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.named: list[tuple[str, str, str]] = []  # (tag, words, opening tag)
        self.open: list[list] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "a" and facts.get("href"):
            self.links.append(str(facts["href"]))
        words = " ".join(str(facts.get(name) or "") for name in ("aria-label", "alt", "title"))
        if tag in VOID:
            for each in self.open:
                each[1] += words
            return
        self.open.append([tag, words, self.get_starttag_text() or ""])

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each[1] += data

    def handle_endtag(self, tag: str) -> None:
        while any(each[0] == tag for each in self.open):
            name, words, opening = self.open.pop()
            if name in self.NAMED:
                self.named.append((name, " ".join(words.split()), opening))
            if name == tag:
                return


def blanks(html: str) -> list[str]:
    """Return what has no name on this page."""
    found = []
    for tag, words, opening in Page(html).named:
        unseen = re.search(r"\shidden[\s>]", opening)
        empty = tag not in ("th", "label", "option") and not words and not unseen
        dangling = tag == "title" and re.search(r"^\s*[–|·-]|[–|·-]\s*$", words)
        if empty or dangling or re.search(r"\bNone\b|%\(|\{\{", words):
            found.append(f"{opening}{words}")
    return found


def plain_routes() -> Iterator[str]:
    """Yield the address of each route that needs no row."""
    for name in sorted(set(route_names()) - LEFT_OUT):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def crawl(browser: Client, starts: Iterable[str]) -> dict[str, int]:
    """Return the status of every page from these; raises what a page raises, and asserts that nothing is blank."""
    waiting, seen = list(dict.fromkeys(starts)), {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path == reverse("account_logout") or path == reverse("admin:logout"):
            continue
        answer = browser.get(path)
        seen[path] = answer.status_code
        assert answer.status_code < 500, path
        if answer.status_code in (301, 302):
            waiting += inside(path, [answer.url])
        elif "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
            html = answer.content.decode()
            assert blanks(html) == [], path
            waiting += inside(path, Page(html).links)
    return seen


def inside(path: str, links: Iterable[str]) -> list[str]:
    """Return the links that stay in the portal, as addresses."""
    found = []
    for link in links:
        parts = urlsplit(link)
        if parts.scheme in ("", "http") and parts.netloc in ("", "testserver") and not link.startswith("#"):
            found.append(parts.path or path)  # a filter or an order is the same page
    return [each for each in found if each.startswith("/") and not each.startswith("/static/")]


def agreed(browser: Client) -> Client:
    browser.post("/terms/agree/", {"number": 1, "agree": "on"})
    return browser


@pytest.fixture
def leader(head):
    row = StaffMember.objects.get(is_head=True)
    return Actor(row.user, row)


@pytest.fixture
def opened(leader):
    """The terms are published, before anything else is entered."""
    texts, dated = {"body_en": "Be kind.", "body_cy": "Byddwch yn garedig."}, date(2026, 11, 9)
    draft = TermsVersion.objects.create(number=1, dated=dated, review_by=date(2028, 11, 9), **texts)
    return publish_terms(draft, by=leader, at=at("2026-11-10 10:00"))


def class_browser(leader) -> Client:
    room = add_class("Onnen", by=leader)
    account = give_class_account(room, "onnen@school.example", by=leader)
    browser = Client()
    browser.force_login(account, backend=BACKEND)
    return browser


def test_a_leader_of_an_empty_installation_meets_no_broken_page(head):
    head.defaults["HTTP_ACCEPT_LANGUAGE"] = "cy"
    seen = crawl(head, ["/", *plain_routes()])
    assert len([path for path, status in seen.items() if status == 200]) > 60
    assert {"/set-up/", "/set-up/terms/", "/classes/", "/admin/"} <= set(seen)


def test_nor_after_the_terms_are_published(head, opened):
    seen = crawl(agreed(head), ["/", *plain_routes()])
    assert seen["/news/"] == 200


def test_nor_does_the_office(office, opened):
    seen = crawl(office, plain_routes())
    assert seen["/office/"] == 302
    assert crawl(agreed(office), ["/", *plain_routes()])["/office/"] == 200


def test_nor_does_a_class_without_staff_or_children(leader):
    browser = class_browser(leader)
    assert crawl(browser, ["/", *plain_routes()])["/not-open/"] == 200


def test_nor_does_a_class_once_terms_are_published(leader, opened):
    seen = crawl(class_browser(leader), ["/", *plain_routes()])
    assert seen["/class/who/"] == 200


def test_nor_does_a_teacher_in_an_empty_class(leader, opened, clock):
    browser, teacher = class_browser(leader), make_staff("Mrs", "Anwen", "Pritchard", pin=hashed_pin())
    session = browser.session
    session["staff"], session["staff_seen"] = teacher.pk, "2026-11-10T10:00:00+00:00"
    session.save()
    Classroom.objects.get().staff.add(teacher)
    assert crawl(agreed(browser), ["/", *plain_routes()])["/class/board/"] == 200


def test_nor_does_somebody_who_is_not_signed_in(clock):
    assert crawl(Client(), plain_routes())["/account/login/"] == 200


@pytest.mark.parametrize(
    "html",
    [
        "<title>Home –</title>",
        "<h1> </h1>",
        '<a href="/x/"><svg></svg></a>',
        "<h2>None</h2>",
        "<th>%(name)s</th>",
    ],
)
def test_a_blank_name_is_found(html):
    assert len(blanks(html)) == 1


def test_what_has_a_name_is_not_found():
    good = '<title>Home – Our school</title><h1>Home</h1><a href="/"><img alt="Home"></a><th></th>'
    assert blanks(good) == []


def test_a_broken_page_is_found(head, monkeypatch):
    monkeypatch.setattr("malpas.set_up.views.steps_for_page", lambda school: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        crawl(head, ["/set-up/"])
