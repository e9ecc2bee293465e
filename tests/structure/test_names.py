"""Names and codes stand in pages where no browser translates them: Eira, Joy and Celyn stay who they are."""

import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.urls import reverse

from malpas.templatetags.names import untranslated
from tests.structure.access import ACCESS
from tests.structure.world import make_world

# Elements without an end tag, and those whose text no browser translates or no page shows.
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
NOT_TEXT = {"script", "style", "title", "textarea", "option"}


class Unmarked(HTMLParser):
    """Collect the names that stand in text outside of translate="no"."""

    def __init__(self, names: re.Pattern[str]) -> None:
        super().__init__()
        self.names, self.open, self.found = names, [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("translate") == "no" or tag in NOT_TEXT))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(marked for _tag, marked in self.open):
            self.found += self.names.findall(data)


def unmarked(html: str, names: re.Pattern[str]) -> list[str]:
    parser = Unmarked(names)
    parser.feed(html)
    return parser.found


def names_of(people) -> re.Pattern[str]:
    """Names of the world that are no words of ours: children, adults, staff and classes."""
    children = [people.mali, people.efa, people.rhys, people.tomos]
    adults = [people.nia, people.gareth, people.sioned, people.dylan]
    staff = [people.pritchard, people.adeyemi, people.howells, people.head]
    words = {child.first_name for child in children} | {each.surname for each in staff}
    words |= {word for adult in adults for word in adult.name.split()}
    words |= {people.celyn.name, people.derwen.name}
    return re.compile(rf"\b({'|'.join(sorted(words))})\b")


def test_a_name_is_found_unless_it_is_marked():
    names = re.compile(r"\b(Mali)\b")
    page = '<p>Mali<br><b translate="no">Mali</b> <input value="Mali"></p><title>Mali</title><i>Mali</i>'
    assert unmarked(page, names) == ["Mali", "Mali"]
    assert unmarked(f"<p>{untranslated('Mali')}</p>", names) == []


def test_a_mark_escapes_what_it_marks():
    assert untranslated("<b>Mali") == '<span translate="no">&lt;b&gt;Mali</span>'
    assert untranslated("") == ""


@pytest.fixture
def world(people):
    return make_world(people)


def test_no_page_shows_a_name_that_a_browser_would_translate(world):
    browsers, names, found, opened = world.people.everybody(), names_of(world.people), {}, 0
    for name, row in ACCESS.items():
        if row.method != "get" or not row.ok or row.status != 200:
            continue
        with transaction.atomic():
            browser = browsers[sorted(row.ok)[0]]
            browser.sees_marks = True
            answer = browser.get(reverse(name, kwargs=row.args(world)))
            transaction.set_rollback(True)
        if answer["Content-Type"].startswith("text/html"):
            opened += 1
            if words := unmarked(answer.content.decode(), names):
                found[name] = sorted(set(words))
    assert opened > 25
    assert found == {}
