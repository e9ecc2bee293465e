"""Test that children of one first name have the same short name wherever their class reads them."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.actor import Actor
from accounts.models.notifications import Notification
from accounts.sign_in.queries import account_with_school
from classes.models.pupils import Pupil
from classes.pupil_access.card_pdf import cards_pdf
from classes.pupil_access.cards import new_card, new_cards
from classes.short_names import named, short_names_for, short_names_in
from messaging.conversations.notifications import notify_of_arrivals
from messaging.models.conversations import Message
from tests import waiting_names
from tests.clock import at
from tests.people import key, make_pupil
from tests.points.test_away import is_away
from tests.sentences.messaging import MESSAGE_ARRIVED

NOW = at("2026-11-10 10:00")


def page_text(response) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", response.text, flags=re.S).split())


@pytest.fixture
def other(people):
    """Give Celyn a second Mali."""
    return make_pupil("Mali", "Thomas", people.celyn)


@pytest.fixture
def teacher(people, other):
    return people.client(people.celyn, people.pritchard)


@pytest.fixture
def written(people, other):
    path = f"/messages/child/{people.mali.pk}/"
    people.client(people.nia).post(path, {"body": "Good morning.", "key": key()})
    return Message.objects.get()


def test_message_list_and_heading_say_which_child(teacher, written):
    assert "about Mali B." in page_text(teacher.get("/messages/"))
    page = teacher.get(f"/messages/{written.conversation_id}/")
    assert "about Mali B." in re.search(r"<h1>(.*?)</h1>", page.text, re.S)[1].replace("\n", " ")
    assert "about Mali B." in page_text(page).partition(" – ")[0]


def test_a_parent_reads_the_first_name_alone(people, written):
    client = people.client(people.nia)
    for path in ("/messages/", f"/messages/{written.conversation_id}/", f"/points/{people.mali.pk}/"):
        assert "Mali" in page_text(client.get(path)) and "Mali B." not in page_text(client.get(path)), path


def test_the_class_is_notified_by_the_short_name(people, written):
    Notification.objects.all().delete()
    notify_of_arrivals([written], release_at=NOW)
    titles = {
        waiting_names.named(row, row.title)
        for row in Notification.objects.filter(recipient=people.celyn.account)
    }
    assert titles == {MESSAGE_ARRIVED % {"child": "Mali B."}}


def test_the_cards_say_which_child(people, teacher, other):
    page = page_text(teacher.get("/class/cards/"))
    assert "Mali B." in page and "Mali T." in page
    assert "The card of Mali T." in page_text(teacher.get(f"/class/cards/{other.pk}/"))
    answer = teacher.post(f"/class/cards/{other.pk}/", {"act": "new"})
    assert "card-mali-t" in answer.headers["Content-Disposition"]


def test_printed_cards_say_which_child(people, other):
    by = people.actor(people.celyn, people.pritchard)
    made = new_cards(classroom=people.celyn, by=by, at=NOW)
    text = PdfReader(BytesIO(cards_pdf(made, people.celyn))).pages[0].extract_text()
    assert "Mali B." in text and "Mali T." in text and "Efa" in text and "Efa P" not in text
    alone = cards_pdf([new_card(pupil=other, by=by, at=NOW)], people.celyn)
    assert "Mali T." in PdfReader(BytesIO(alone)).pages[0].extract_text()


def test_absence_points_and_report_say_which_child(people, teacher, other):
    is_away(people.mali)
    assert "Mali B." in page_text(teacher.get("/absent-today/"))
    assert "Mali T." in page_text(teacher.get(f"/points/{other.pk}/"))
    report = page_text(teacher.get("/points/school/"))
    assert "Mali B., Mali T." in report and "Thomas" not in report
    assert "Mali Thomas" in page_text(people.client(people.head).get("/points/school/"))


def test_one_question_names_all_classes_each_for_itself(people, other, django_assert_num_queries):
    make_pupil("Mali", "Rees", people.derwen)
    with django_assert_num_queries(1):
        names = short_names_in([people.celyn.pk, people.derwen.pk])
    assert sorted(name for name in names.values() if "Mali" in name) == ["Mali", "Mali B.", "Mali T."]
    assert short_names_for(people.actor(people.head)) == {} == short_names_for(None)


def test_a_child_who_left_the_class_has_the_full_name(people, other):
    names = short_names_for(people.actor(people.celyn))
    other.classroom = people.derwen
    other.save(update_fields=["classroom"])
    assert named(other, names) == "Mali T."  # as read before
    assert named(other, short_names_for(people.actor(people.celyn))) == "Mali Thomas"


def test_the_names_read_with_the_account_are_the_same(people):
    for first, surname in [
        ("Leo", "Mensah"),
        ("Leo", "Mensah"),
        ("Leo", "Hughes"),
        ("Siân", "Rees"),
        ("Sian", "Rees"),
    ]:
        make_pupil(first, surname, people.celyn)
    make_pupil("Leo", "Elsewhere", people.derwen)
    Pupil.objects.filter(pk=people.mali.pk).update(left_on=date(2026, 11, 1))
    account = account_with_school(people.celyn.account.pk)
    assert account is not None
    names = short_names_for(Actor(account, people.pritchard))
    assert names == short_names_in([people.celyn.pk]) == short_names_for(people.actor(people.celyn))
    assert people.mali.pk not in names and len(names) == 7


def test_a_class_without_children_asks_nothing_more(people, django_assert_num_queries):
    Pupil.objects.update(classroom=None)
    account = account_with_school(people.celyn.account.pk)
    assert account is not None
    with django_assert_num_queries(0):
        assert short_names_for(Actor(account, people.pritchard)) == {}
