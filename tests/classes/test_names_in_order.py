"""Check that names are sorted and found as people expect, with accents or without."""

import random

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from classes.models.pupils import Pupil
from malpas.lib.db.plain import MARKS, plain
from messaging.conversations.queries.access import families
from messaging.office.queries.enquiries import contacts_named
from messaging.oversight.queries import conversations_about
from tests.messaging.school_time import from_parent
from tests.people import guardianship, make_contact, make_pupil, make_user

IN_ORDER = [
    "Adam", "Ángel", "Cai", "Charlotte", "Chloé", "Élodie", "Ffion", "Fraser", "Llŷr", "Lowri", "Łucja", "Öykü",
    "Rhian", "Ruby", "Siân", "Ŵan", "Zac",
]  # fmt: skip


@pytest.fixture
def many(people) -> list[Pupil]:
    """Make a class of children whose names stand in no order."""
    Pupil.objects.all().update(left_on="2026-09-01")
    names = random.Random(4).sample(IN_ORDER, len(IN_ORDER))
    return [make_pupil(name, "O’Brien", people.celyn) for name in names]


def test_a_class_is_sorted_by_plain_letters(people, many):
    assert [child.preferred_forename for child in Pupil.objects.here().by_name()] == IN_ORDER
    for number, child in enumerate(many):
        guardianship(make_contact("An", "Adult", make_user("An Adult", f"a{number}@family.example")), child)
    listed = families(people.actor(people.celyn))
    assert [each.pupil.preferred_forename for each in listed] == IN_ORDER


def test_a_list_sorted_without_the_database_has_the_same_order():
    assert sorted(random.Random(7).sample(IN_ORDER, len(IN_ORDER)), key=plain) == IN_ORDER


@pytest.mark.django_db
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x24F), max_size=12))
def test_both_make_the_same_of_a_name(text):
    from django.db.models import TextField, Value

    from accounts.models.school import School
    from malpas.lib.db.plain import Plain

    made = School.objects.annotate(made=Plain(Value(text, TextField()))).values_list("made", flat=True)[0]
    assert MARKS.sub("", made) == made and (made == plain(text) or not text.isalpha())


@pytest.mark.parametrize(
    "find", ["sian", "SIÂN", "Siân", "sia\u0302n llewelyn", "obrien", "O'Brien", "o’brien"]
)
def test_every_search_finds_a_name_with_accents_and_without(people, find):
    Pupil.objects.filter(pk=people.mali.pk).update(
        preferred_forename="Siân", legal_surname="O’Brien-Llewelyn"
    )
    from_parent(people, "Three boxes")
    browser: Client = people.client(people.celyn)
    assert "Three boxes" in browser.get("/messages/", {"find": find}).content.decode()
    assert [each.pupil for each in conversations_about(people.actor(people.head), find)] == [people.mali]
    found = contacts_named(people.actor(people.office), find)
    assert {contact.user for contact in found} == {people.nia, people.gareth}


@pytest.mark.parametrize("find", ["wyl y swn", "ŴYL Y SŴN"])
def test_words_of_a_message_are_found_without_accents(people, find):
    from_parent(people, "A ddaw hi i Ŵyl y Sŵn?")
    assert "Sŵn" in people.client(people.celyn).get("/messages/", {"find": find}).content.decode()
