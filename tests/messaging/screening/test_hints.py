"""Check that a hint is a hint: its own heading, no error, and what it advises first (AU-1, PA-7, PA-8)."""

import re

import pytest

from messaging.conversations.services.screening import BelongsToOffice, BetterDiscussed, FaceToFace
from tests.messaging.school_time import from_parent
from tests.people import key
from tests.sentences.reading import says

UNKIND, PROGRESS, OFFICE = (
    "You idiot",
    "How is Mali getting on at school?",
    "Mali is ill and off school tomorrow.",
)
BUTTON = re.compile(r'<(?:button|a)[^>]*class="(button[^"]*)"[^>]*>(.*?)</(?:button|a)>', re.DOTALL)


def refused(people, words, who=None, page=None, **more):
    page = page or f"/messages/child/{people.mali.pk}/"
    return people.client(who or people.nia).post(page, {"body": words, "key": key()} | more)


def actions(html: str) -> list[str]:
    """Return the styles of the buttons under the text, in their order."""
    part = html[html.rindex('class="actions"') :]
    return [css for css, _words in BUTTON.findall(part[: part.index("</form>")])]


@pytest.mark.policy("AU-1")
@pytest.mark.policy("PA-8")
@pytest.mark.parametrize(
    ("words", "hint"), [(UNKIND, FaceToFace), (PROGRESS, BetterDiscussed), (OFFICE, BelongsToOffice)]
)
def test_a_hint_has_its_own_heading_and_is_no_error(people, words, hint):
    answer = refused(people, words)
    page = answer.content.decode()
    assert answer.status_code == 422 and says(page, str(hint.heading)) and f"{words}</textarea>" in page
    assert 'class="errors"' not in page and "<title>Error" not in " ".join(page.split())


@pytest.mark.policy("PA-8")
@pytest.mark.parametrize(
    ("words", "first"), [(UNKIND, 'href="#id_body"'), (PROGRESS, "/meeting/"), (OFFICE, "/write/absence/")]
)
def test_what_a_hint_advises_comes_first_and_alone_is_green(people, words, first):
    page = refused(people, words).content.decode()
    styles = actions(page)
    assert [("primary" in style) for style in styles] == [True] + [False] * (len(styles) - 1)
    part = page[page.rindex('class="actions"') :]
    assert first in part[: part.index("button--plain")]


def test_an_error_is_still_an_error(people):
    page = refused(people, " ").content.decode()
    assert 'class="errors"' in page and "<title>Error" in " ".join(page.split())


@pytest.mark.policy("AU-1")
def test_staff_and_other_forms_get_the_same_hint(people):
    conversation = from_parent(people).conversation
    meet = {"time_1": "2026-11-17T15:45", "how": "in_person"}
    for who, page, more in [
        (people.celyn, f"/messages/{conversation.pk}/", {}),
        (people.celyn, f"/messages/{conversation.pk}/meet/", meet),
        (people.celyn, "/messages/families/write/", {"everybody": "on"}),
        (people.nia, f"/messages/child/{people.mali.pk}/meeting/", meet | {"about": UNKIND, "spoken": "en"}),
    ]:
        answer = refused(people, UNKIND, who, page, **more)
        html = answer.content.decode()
        assert answer.status_code == 422 and 'id="hint"' in html and 'class="errors"' not in html, page
        assert "primary" in actions(html)[0] and "primary" not in actions(html)[1], page
