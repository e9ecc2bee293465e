import pytest

from accounts.models.audit import AuditEntry
from classes.enums import Suggestion
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from tests.people import make_contact
from tests.sentences.classes import (
    FURTHER_ADULT_NEEDS_APPROVAL,
    ONE_ADULT_NOT_JOINED,
)

GUARDIANSHIPS = "/admin/classes/guardianship/"


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.mark.parametrize(
    "name", ["classroom", "guardianship", "pupil", "contact", "invitation", "slotapproval"]
)
def test_lists_are_for_office_and_leaders(people, make_guardianship, invite, name):
    invite(make_guardianship())
    path = f"/admin/classes/{name}/"
    for who, client in people.everybody().items():
        if client:
            assert (who, client.get(path).status_code == 200) == (who, who in {"office", "deputy", "head"})


def test_the_office_sees_each_child_of_a_class_with_each_adult(people, office, make_guardianship, invite):
    invite(make_guardianship())
    make_guardianship(contact=make_contact("Ann", "Held"), suggestion=Suggestion.HOLD)
    page = office.get(f"/letters/class/{people.celyn.pk}/").content.decode()
    for part in (
        "Efa Price",
        "Ŵyn Ŷstrad",
        "Invited",
        "until 24.11.2026",
        "On hold",
        "Joined",
        ONE_ADULT_NOT_JOINED % {"number": 1},
    ):
        assert part in page
    assert "Rhys Morgan" not in page


def restrict(office, guardianship, **fields):
    return office.post(f"/people/connection/{guardianship.pk}/restrict/", fields)


@pytest.mark.policy("PA-9")
def test_the_office_bars_an_adult_with_a_note_on_record(people, office):
    guardianship = Guardianship.objects.get(contact__user=people.nia)
    assert list(Pupil.objects.of_parent(people.nia)) == [people.mali]
    answer = restrict(office, guardianship, restriction="no_access", note="Order of 3 November.")
    assert answer.status_code == 302
    assert not Pupil.objects.of_parent(people.nia)
    assert list(Pupil.objects.of_parent(people.gareth)) == [people.mali]
    entry = AuditEntry.objects.get(verb="guardianship.restricted")
    assert entry.detail == {"before": "none", "after": "no_access"}
    assert "Order" not in str(list(AuditEntry.objects.values()))


def test_no_access_ends_a_code_that_is_on_its_way(people, office, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    restrict(office, invitation.guardianship, restriction="no_access", note="An order.")
    assert not Invitation.objects.open().exists()
    restrict(office, invitation.guardianship, restriction="none")
    assert not Invitation.objects.open().exists()


def test_a_join_while_the_office_has_the_page_open_survives(people, office, make_guardianship):
    guardianship = make_guardianship()
    Guardianship.objects.filter(pk=guardianship.pk).update(joined_at="2026-11-10T10:00Z", slot=2)
    restrict(office, guardianship, restriction="messaging_paused", note="Agreed.")
    guardianship.refresh_from_db()
    assert guardianship.slot == 2 and guardianship.restriction == "messaging_paused"


@pytest.mark.policy("PA-2")
def test_a_leader_approves_a_further_adult_with_a_reason(people, make_guardianship):
    guardianship = make_guardianship(people.mali)
    head, path = people.client(people.head), f"/people/connection/{guardianship.pk}/answer/"
    assert FURTHER_ADULT_NEEDS_APPROVAL in head.get(path).content.decode()
    assert head.post(path, {"answer": "approve", "reason": " "}).status_code == 422
    assert head.post(path, {"answer": "approve", "reason": "Shared care."}).status_code == 302
    approval = SlotApproval.objects.get()
    assert (approval.approved_by, approval.contact) == (people.head, guardianship.contact)


@pytest.mark.policy("AU-8")
def test_a_new_name_in_the_records_is_the_name_of_the_account(people, office):
    contact = people.nia.contact
    path = f"/admin/classes/contact/{contact.pk}/change/"
    office.post(path, {"title": "", "forename": "Nia", "surname": "Rees", "email": "", "mobile": ""})
    people.nia.refresh_from_db()
    assert people.nia.name == "Nia Rees"
    assert people.nia.contact.pk == contact.pk


def test_pages_of_the_records_open(people, office):
    guardianship = Guardianship.objects.first()
    for path in (
        f"pupil/{people.mali.pk}/change/", f"contact/{guardianship.contact_id}/change/", f"guardianship/{guardianship.pk}/change/",
        "guardianship/?q=Bowen", "contact/?q=Bowen", "pupil/?q=Mali", "classroom/?q=Celyn",
    ):  # fmt: skip
        assert office.get(f"/admin/classes/{path}").status_code == 200


def test_a_class_is_changed_on_its_own_page_alone(people, office):
    path = f"/admin/classes/classroom/{people.celyn.pk}/change/"
    assert f'href="/classes/{people.celyn.pk}/"' in office.get(path).content.decode()
    assert office.post(path, {"name": "Onnen", "staff": [people.pritchard.pk]}).status_code == 403
    people.celyn.refresh_from_db()
    assert people.celyn.name != "Onnen" and people.adeyemi in people.celyn.staff.all()


@pytest.mark.parametrize("typed", ["²", "٣", "abc", "9" * 30, "-1"])
def test_an_address_with_no_number_in_it_is_no_class(people, office, typed):
    assert office.get(f"/admin/classes/classroom/{people.celyn.pk}/change/").status_code == 200
    assert office.get(f"/admin/classes/classroom/{typed}/change/").status_code == 404
