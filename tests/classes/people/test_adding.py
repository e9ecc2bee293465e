"""Test adding people by hand, and connecting adults with children (PA-2)."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.models.notifications import Notification
from classes.enums import Relationship, Suggestion
from classes.guardianship.services import NotYours, end_guardianship
from classes.joining.invitations import NoCode
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.own_children import OwnChild
from classes.people.inviting import invite_adult
from classes.people.services import (
    Connected,
    EndedBefore,
    OwnRecord,
    Taken,
    add_adult,
    add_pupil,
    connect_adult,
)
from classes.rules import ADDED_BY_HAND, EndsOthers
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import IdempotencyConflict
from tests.clock import at
from tests.people import give_account, make_contact, make_staff
from tests.sentences.classes import FURTHER_ADULT_NEEDS_APPROVAL

NOW = at("2026-11-10 10:00")
CHILD = {
    "preferred_forename": "Ŵan", "legal_forename": "Ieuan", "legal_surname": "Llŷr", "date_of_birth": date(2019, 2, 28),
}  # fmt: skip
MOTHER = {"title": "Ms", "forename": "Ceri", "surname": "Llŷr", "email": "", "mobile": "07700900123"}


def facts(relationship=Relationship.MOTHER, *, guardian=True, order=False):
    return {"relationship": relationship, "parental_responsibility": guardian, "court_order": order}


@pytest.fixture
def by(people):
    return people.actor(people.office)


@pytest.fixture
def wan(people, by):
    return add_pupil(values=CHILD, classroom=people.celyn, key=uuid4(), by=by, at=NOW)


def test_a_child_added_by_hand_is_in_the_class_at_once(people, wan):
    assert wan in people.celyn.pupils.all()
    assert wan.school_ref.startswith(ADDED_BY_HAND) and len(wan.dragon) == 5


@pytest.mark.policy("PA-2")
def test_leaders_hear_once_at_the_opening_whom_the_office_added(people, by, wan):
    key, evening = uuid4(), at("2026-11-10 20:00")
    for _twice in range(2):
        added = add_adult(pupil=wan, values=MOTHER, facts=facts(), key=key, by=by, at=evening)
    notices = Notification.objects.filter(kind="approval")
    assert {one.recipient for one in notices} == {people.head.user, people.deputy.user}
    for one in notices:
        assert one.release_at == at("2026-11-11 08:30") and one.path == f"/people/connection/{added.pk}/"
        assert all(name in one.body for name in ("Mrs Lewis", "Ceri Llŷr", "Ŵan Llŷr"))


@pytest.mark.policy("PA-2")
def test_leaders_hear_of_an_adult_connected_from_the_records(people, by, wan):
    contact = make_contact("Ann", "Abel")
    connect_adult(pupil=wan, contact=contact, facts=facts(), by=by, at=NOW)
    assert Notification.objects.filter(kind="approval", body__contains="Ann Abel").count() == 2


def test_what_a_leader_adds_is_no_news_to_leaders(people, wan):
    deputy = people.actor(people.deputy)
    connect_adult(pupil=wan, contact=make_contact("Ann", "Abel"), facts=facts(), by=deputy, at=NOW)
    assert not Notification.objects.filter(kind="approval").exists()


def test_a_repeated_request_adds_nobody_twice(people, by):
    key = uuid4()
    one, two = (add_pupil(values=CHILD, classroom=None, key=key, by=by, at=NOW) for _time in "12")
    assert one == two and Pupil.objects.filter(legal_surname="Llŷr").count() == 1
    with pytest.raises(IdempotencyConflict):
        add_pupil(values={**CHILD, "legal_surname": "Lewis"}, classroom=None, key=key, by=by, at=NOW)


def test_a_number_of_the_schools_system_belongs_to_one_child(people, by):
    values = {**CHILD, "school_ref": people.mali.school_ref}
    with pytest.raises(Taken):
        add_pupil(values=values, classroom=None, key=uuid4(), by=by, at=NOW)


@pytest.mark.policy("PA-1")
def test_a_mother_whom_no_system_knows_gets_a_letter(people, by, wan):
    key = uuid4()
    connections = [
        add_adult(pupil=wan, values=MOTHER, facts=facts(), key=key, by=by, at=NOW) for _time in "12"
    ]
    assert connections[0] == connections[1] and Contact.objects.filter(surname="Llŷr").count() == 1
    assert connections[0].suggestion == Suggestion.INVITE and connections[0].joined_at is None
    issued = invite_adult(guardianship=connections[0], reason="", ends=None, by=by, at=NOW)
    assert issued.guardianship == connections[0]


def test_a_letter_made_twice_asks_before_the_first_ends(people, by, wan):
    connection = add_adult(pupil=wan, values=MOTHER, facts=facts(), key=uuid4(), by=by, at=NOW)
    invite_adult(guardianship=connection, reason="", ends=None, by=by, at=NOW)
    with pytest.raises(EndsOthers):
        invite_adult(guardianship=connection, reason="", ends=None, by=by, at=NOW)
    assert invite_adult(guardianship=connection, reason="", ends=1, by=by, at=NOW)


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize(
    ("said", "suggestion"),
    [
        (facts(Relationship.GRANDMOTHER, guardian=False), Suggestion.CONTACT_ONLY),
        (facts(order=True), Suggestion.HOLD),
    ],
)
def test_other_adults_are_invited_by_a_leader_with_a_reason(people, by, said, suggestion):
    connection = connect_adult(
        pupil=people.efa, contact=make_contact("Ann", "Abel"), facts=said, by=by, at=NOW
    )
    assert connection.suggestion == suggestion
    for reason in ("", "She asked."):
        with pytest.raises(RuleViolation):
            invite_adult(guardianship=connection, reason=reason, ends=None, by=by, at=NOW)
    leader = people.actor(people.deputy)
    with pytest.raises(NoCode):
        invite_adult(guardianship=connection, reason=" ", ends=None, by=leader, at=NOW)
    assert invite_adult(guardianship=connection, reason="The court agrees.", ends=None, by=leader, at=NOW)
    connection.refresh_from_db()
    assert connection.code_approved_by == people.deputy and connection.code_reason == "The court agrees."


@pytest.mark.policy("PA-2")
def test_a_third_adult_added_by_hand_waits_for_a_leader(people, by):
    connection = add_adult(pupil=people.mali, values=MOTHER, facts=facts(), key=uuid4(), by=by, at=NOW)
    with pytest.raises(NoCode) as refused:
        invite_adult(guardianship=connection, reason="", ends=None, by=by, at=NOW)
    assert refused.value.sentence == FURTHER_ADULT_NEEDS_APPROVAL
    assert invite_adult(
        guardianship=connection, reason="Yes.", ends=None, by=people.actor(people.head), at=NOW
    )


def test_a_pair_is_connected_once(people, by):
    with pytest.raises(Connected):
        connect_adult(pupil=people.mali, contact=people.nia.contact, facts=facts(), by=by, at=NOW)


@pytest.mark.policy("PA-2")
def test_an_ended_connection_is_not_made_anew(people, by):
    connection = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    end_guardianship(guardianship=connection, by=by, at=NOW)
    with pytest.raises(EndedBefore):
        connect_adult(pupil=people.mali, contact=people.nia.contact, facts=facts(), by=by, at=NOW)


@pytest.mark.policy("PA-2")
def test_nobody_connects_themselves_or_adults_of_their_child(people):
    nia = people.actor(give_account(make_staff("Mrs", "Nia", "Bowen", is_office=True), people.nia))
    with pytest.raises(OwnChild):
        add_adult(pupil=people.mali, values=MOTHER, facts=facts(), key=uuid4(), by=nia, at=NOW)
    with pytest.raises(OwnRecord):
        connect_adult(pupil=people.efa, contact=people.nia.contact, facts=facts(), by=nia, at=NOW)
    connection = Guardianship.objects.create(
        pupil=people.mali, contact=make_contact("Ann", "Abel"), relationship="mother"
    )
    with pytest.raises(OwnChild):
        invite_adult(guardianship=connection, reason="", ends=None, by=nia, at=NOW)


def test_a_parent_adds_nobody(people):
    with pytest.raises(NotYours):
        add_pupil(values=CHILD, classroom=None, key=uuid4(), by=people.actor(people.nia), at=NOW)
    assert not RecordChange.objects.exists()
