"""Check the office's own standard replies.

Made, changed, retired, put into an answer.
"""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models.audit import AuditEntry
from accounts.models.school import School
from messaging.models.screening import StandardReply
from messaging.office.services.replies import add_reply, change_reply, retire_reply
from messaging.screening.school_lists import clear_school_lists_cache, office_replies, standard_replies
from tests.clock import at
from tests.messaging.office.test_enquiries import submit_form
from tests.messaging.school_time import page_text
from tests.people import key
from tests.sentences.messaging import REPLY_TITLE_TAKEN, TITLE_IN_BOTH_LANGUAGES, WORDS_IN_BOTH_LANGUAGES

FACTS = {"title_en": "Lost", "title_cy": "Ar goll", "body_en": "At reception.", "body_cy": "Yn y dderbynfa."}
NOW = at("2026-11-10 10:00")
BOTH = (TITLE_IN_BOTH_LANGUAGES, WORDS_IN_BOTH_LANGUAGES)


@pytest.fixture(autouse=True)
def read_anew():
    clear_school_lists_cache()
    yield
    clear_school_lists_cache()


def offered(people) -> list[str]:
    return [one.title_en for one in office_replies(School.objects.here())]


def test_the_office_makes_changes_retires_and_restores_a_reply(people):
    browser = people.client(people.office)
    assert browser.post("/office/replies/", FACTS).url == "/office/replies/"
    reply = StandardReply.objects.get(for_office=True)
    assert offered(people) == ["Lost"] and reply not in standard_replies(School.objects.here())
    browser.post(f"/office/replies/{reply.pk}/", FACTS | {"title_en": "Lost things"})
    assert offered(people) == ["Lost things"]
    for _attempt in range(2):
        browser.post(f"/office/replies/{reply.pk}/retire/")
    assert offered(people) == [] and "Lost things" in page_text(browser, "/office/replies/")
    browser.post(f"/office/replies/{reply.pk}/restore/")
    assert offered(people) == ["Lost things"]
    verbs = list(AuditEntry.objects.filter(verb__startswith="reply.").values_list("verb", flat=True))
    assert sorted(verbs) == ["reply.added", "reply.changed", "reply.restored", "reply.retired"]


def test_a_reply_goes_into_an_answer_in_the_familys_language(people):
    reply, enquiry = add_reply(FACTS, by=people.actor(people.office)), submit_form(people)
    people.nia.language = "cy"
    people.nia.save()
    browser, path = people.client(people.office), f"/office/{enquiry.pk}/"
    assert f'<option value="{reply.pk}">Lost' in page_text(browser, path)
    put = browser.post(path, {"put": "1", "reply": reply.pk, "kind": "answer", "body": "Hi.", "key": key()})
    assert re.search(r"Hi\.\s+Yn y dderbynfa\.", put.content.decode())
    retire_reply(reply, by=people.actor(people.office), at=NOW)
    assert f'<option value="{reply.pk}">' not in page_text(browser, path)


def test_a_repeated_reply_is_made_once_and_its_title_is_taken(people):
    browser = people.client(people.office)
    for _attempt in range(2):
        assert browser.post("/office/replies/", FACTS).status_code == 302
    page = browser.post("/office/replies/", FACTS | {"title_en": "lost", "body_en": "Elsewhere."})
    assert page.status_code == 422 and REPLY_TITLE_TAKEN in page.content.decode()
    assert (
        "Elsewhere." in page.content.decode() and StandardReply.objects.filter(for_office=True).count() == 1
    )


def test_the_database_holds_one_reply_of_a_title_in_use(people):
    add_reply(FACTS, by=people.actor(people.office))
    with pytest.raises(IntegrityError, match="office_reply_title_once"), transaction.atomic():
        StandardReply.objects.create(**FACTS | {"title_en": "LOST"}, for_office=True)
    StandardReply.objects.create(**FACTS, for_office=False)
    StandardReply.objects.create(**FACTS, for_office=True, retired_at=NOW)


def test_a_retired_reply_comes_back_only_where_its_title_is_free(people):
    office, browser = people.actor(people.office), people.client(people.office)
    first = add_reply(FACTS, by=office)
    retire_reply(first, by=office, at=NOW)
    second = add_reply(FACTS | {"body_en": "Newer."}, by=office)
    page = browser.post(f"/office/replies/{first.pk}/restore/", follow=True).content.decode()
    assert REPLY_TITLE_TAKEN in page and [one.pk for one in office_replies(School.objects.here())] == [
        second.pk
    ]
    change_reply(second, FACTS | {"title_en": "Elsewhere"}, by=office)
    browser.post(f"/office/replies/{first.pk}/restore/")
    assert sorted(offered(people)) == ["Elsewhere", "Lost"]


@pytest.mark.parametrize("lacks", ["title_en", "title_cy", "body_en", "body_cy"])
def test_both_languages_are_needed_and_no_text_is_lost(people, lacks):
    page = people.client(people.office).post("/office/replies/", FACTS | {lacks: " "})
    said = page.content.decode()
    assert page.status_code == 422 and any(one in said for one in BOTH)
    assert all(text in said for name, text in FACTS.items() if name != lacks)


@pytest.mark.parametrize("changed", [{"title_en": "x" * 61}, {"body_cy": "x" * 1001}])
def test_a_reply_that_is_too_long_is_refused(people, changed):
    page = people.client(people.office).post("/office/replies/", FACTS | changed)
    assert page.status_code == 422 and not StandardReply.objects.filter(for_office=True).exists()


def test_the_replies_of_the_classes_are_not_the_offices(people):
    theirs = StandardReply.objects.create(**FACTS)
    browser = people.client(people.office)
    assert browser.get(f"/office/replies/{theirs.pk}/").status_code == 404
    assert browser.post(f"/office/replies/{theirs.pk}/retire/").status_code == 404
    assert "At reception." not in page_text(browser, "/office/replies/")


def test_only_office_and_leaders_keep_the_replies(people):
    reply = add_reply(FACTS, by=people.actor(people.deputy))
    for who in (people.nia, people.dylan, people.celyn):
        assert people.client(who).get("/office/replies/").status_code in (403, 404)
        with pytest.raises(PermissionDenied):
            change_reply(reply, FACTS, by=people.actor(who))
