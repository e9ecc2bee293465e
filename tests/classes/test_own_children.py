"""Test that staff decide nothing about their own children."""

from uuid import uuid4

import pytest

from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import end_guardianship, open_again
from classes.joining.approvals import approve_code, approve_further_adult
from classes.models.guardianships import Guardianship
from classes.models.joining import SlotApproval
from classes.own_children import OwnChild
from tests.clock import at
from tests.people import guardianship, make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.policy("PA-2")]
NOW = at("2026-11-10 10:00")


@pytest.fixture(params=["own row", "the other parent's"])
def concerned(people, request) -> Guardianship:
    """Return a guardianship of Efa, a child of office and leader too."""
    own = guardianship(make_contact("Joan", "Lewis", people.office.user), people.efa, 2)
    guardianship(make_contact("Huw", "Rees", people.deputy.user), people.efa, None)
    other = Guardianship.objects.get(pupil=people.efa, contact__user=people.sioned)
    return own if request.param == "own row" else other


def test_a_colleague_decides_about_ones_own_child(people, concerned):
    office, leader = people.actor(people.office), people.actor(people.deputy)
    none = {"restriction": Restriction.NONE, "note": ""}
    with pytest.raises(OwnChild):
        set_restriction(guardianship=concerned, by=office, at=NOW, **none)
    with pytest.raises(OwnChild):
        end_guardianship(guardianship=concerned, by=office, at=NOW)
    for approve in (approve_code, approve_further_adult):
        with pytest.raises(OwnChild):
            approve(guardianship=concerned, by=leader, reason="I know them.", at=NOW)
    assert not SlotApproval.objects.exists()
    end_guardianship(guardianship=concerned, by=people.actor(people.head), at=NOW)
    with pytest.raises(OwnChild):
        open_again(guardianship=concerned, by=office)


def test_the_page_of_ones_own_child_is_there_to_read(people, concerned):
    page = f"/people/connection/{concerned.pk}/"
    office, sent = people.client(people.office), {"codes": "0", "waiting": "0"}
    assert office.get(page).status_code == 200
    assert (
        office.post(f"{page}restrict/", {"restriction": Restriction.NO_ACCESS, "note": "Me."}).status_code
        == 422
    )
    assert office.post(f"{page}end/", sent).status_code == 422
    concerned.refresh_from_db()
    assert (concerned.restriction, concerned.ended_at) == ("none", None)
    people.client(people.head).post(f"{page}end/", sent)
    concerned.refresh_from_db()
    assert concerned.ended_at


def test_nobody_ticks_letters_about_their_own_child(people, make_guardianship, invite):
    guardianship(make_contact("Joan", "Lewis", people.office.user), people.efa, None)
    other = make_guardianship(contact=make_contact("Ann", "First"))
    invite(other)
    sent = {"room": people.efa.classroom.pk, "guardianship": other.pk, "ends": 1}
    for which in ("chosen", "withdraw"):
        said = {**sent, "which": which, "key": str(uuid4())}
        assert people.client(people.office).post("/letters/make/", said).status_code == 302
        [code] = other.invitations.all()
        assert code.withdrawn_at is None
    said = {**sent, "which": "withdraw", "key": str(uuid4())}
    people.client(people.head).post("/letters/make/", said)
    assert other.invitations.get().withdrawn_at
