"""Whom the records call a contact only has a letter by hand alone, and after a question (PA-2)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from classes.enums import Relationship, Suggestion
from classes.joining.approvals import approve_code
from classes.joining.invitations import AsksFirst, NoCode, invite_guardianships
from classes.joining.queries import guardianships_to_invite
from classes.joining.rules import what_records_say
from classes.letter_files.sets import request_letters
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.letters import LetterSet
from tests.clock import at
from tests.people import make_contact

MAKE, NOW = "/letters/make/", at("2026-11-10 10:00")
pytestmark = pytest.mark.policy("PA-2")


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.fixture
def contact_only(make_guardianship):
    """Make a contact only of Efa, by default her mother."""

    def make(relationship=Relationship.MOTHER, *, responsible=False, name="Mair") -> Guardianship:
        made = make_guardianship(
            contact=make_contact(name, "Price"), suggestion=Suggestion.CONTACT_ONLY, relationship=relationship
        )
        Guardianship.objects.filter(pk=made.pk).update(parental_responsibility=responsible, priority=3)
        return Guardianship.objects.get(pk=made.pk)

    return make


def post_form(browser, **said):
    return browser.post(MAKE, {"key": str(uuid4()), **said})


def is_letter(answer) -> bool:
    return answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("which", ["everybody", "missing"])
def test_letters_of_a_class_never_include_a_contact_only(
    people, office, contact_only, make_guardianship, which
):
    mother, invited = contact_only(), make_guardianship()
    assert [one.pk for one in guardianships_to_invite(people.celyn)] == [invited.pk]
    assert is_letter(post_form(office, which=which, room=people.celyn.pk))
    assert [code.guardianship_id for code in Invitation.objects.all()] == [invited.pk]
    assert not mother.invitations.exists()


def test_a_ticked_contact_gets_a_letter_after_one_question(people, office, contact_only, make_guardianship):
    mother = contact_only()
    said = {"which": "chosen", "room": people.celyn.pk, "guardianship": [mother.pk, make_guardianship().pk]}
    asked = post_form(office, **said)
    assert asked.status_code == 200 and what_records_say(mother) in asked.content.decode()
    assert not Invitation.objects.exists()
    assert ("contacts", "1") in asked.context["sent"] and ("which", "chosen") in asked.context["sent"]
    assert is_letter(post_form(office, **said, contacts=1)) and Invitation.objects.count() == 2


def test_a_contact_more_than_was_read_of_is_asked_about_again(people, office, contact_only):
    ticked = [contact_only(name=name).pk for name in ("Mair", "Non")]
    answer = post_form(office, which="chosen", guardianship=ticked, contacts=1)
    assert answer.status_code == 409 and not Invitation.objects.exists()


def test_the_end_of_an_old_letter_is_asked_after_it(office, contact_only, invite):
    mother = contact_only()
    invite(mother, by_hand=True)
    asked = post_form(office, which="chosen", guardianship=mother.pk, contacts=1)
    assert asked.context["ends"] == 1 and ("contacts", "1") in asked.context["sent"]
    assert is_letter(post_form(office, which="chosen", guardianship=mother.pk, contacts=1, ends=1))


@pytest.mark.parametrize(
    ("relationship", "responsible"),
    [
        (Relationship.MOTHER, False),
        (Relationship.FATHER, False),
        (Relationship.GUARDIAN, False),
        (Relationship.CARER, True),
    ],
)
def test_the_page_says_what_the_record_says_and_asks(office, contact_only, relationship, responsible):
    adult = contact_only(relationship, responsible=responsible)
    page = f"/people/invite/{adult.pk}/"
    shown = office.get(page).content.decode()
    assert what_records_say(adult) in shown and str(relationship.label) in what_records_say(adult)
    assert 'name="contacts" value="1"' in shown
    assert office.post(page, {}).status_code == 422 and not Invitation.objects.exists()
    assert is_letter(office.post(page, {"contacts": "1"}))


def test_nobody_is_asked_about_whom_the_records_suggest(office, make_guardianship):
    page = f"/people/invite/{make_guardianship().pk}/"
    assert 'name="contacts"' not in office.get(page).content.decode()
    assert is_letter(office.post(page, {}))


@pytest.mark.parametrize("relationship", [Relationship.GRANDMOTHER, Relationship.CARER, Relationship.OTHER])
def test_a_contact_who_is_no_parent_needs_a_leader_and_a_reason(people, office, contact_only, relationship):
    adult, by = contact_only(relationship), people.actor(people.office)
    with pytest.raises(NoCode):
        invite_guardianships(guardianships=[adult], by=by, at=NOW, by_hand=True, contacts=1)
    row = {"guardianship": adult, "code_hash": "x", "made_by": people.office.user, "made_at": NOW}
    with pytest.raises(IntegrityError, match="guardian_or_approved"), transaction.atomic():
        Invitation.objects.create(**row, expires_at=at("2026-11-24 10:00"))
    approve_code(guardianship=adult, by=people.actor(people.head), reason="She has Efa on Fridays.", at=NOW)
    assert is_letter(office.post(f"/people/invite/{adult.pk}/", {}))  # a leader has read it


def test_many_letters_ask_before_they_are_requested(people, contact_only):
    mother, by = contact_only(), people.actor(people.office)
    said = {"guardianships": [mother], "by": by, "key": uuid4(), "name": "chosen", "by_hand": True}
    with pytest.raises(AsksFirst):
        request_letters(**said)
    assert not LetterSet.objects.exists()
    assert request_letters(**said, contacts=1).guardianships == [mother.pk]
