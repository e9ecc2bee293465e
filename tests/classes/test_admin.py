from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models.audit import AuditEntry
from classes.enums import Restriction, Suggestion
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from tests.people import make_contact
from tests.sentences.classes import (
    ADULT_WITHOUT_ACCESS,
    EVERYBODY_HAS_A_CODE,
    FURTHER_ADULT_NEEDS_APPROVAL,
    ONE_ADULT_NOT_JOINED,
)

GUARDIANSHIPS = "/admin/classes/guardianship/"


@pytest.fixture
def office(people):
    return people.client(people.office)


def change(client, guardianship, **fields):
    initial = {
        "relationship": guardianship.relationship,
        "restriction": guardianship.restriction,
        "restriction_note": guardianship.restriction_note,
        "parental_responsibility": "on",
    }
    return client.post(f"{GUARDIANSHIPS}{guardianship.pk}/change/", {**initial, **fields})


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
    page = office.get(f"/admin/classes/classroom/{people.celyn.pk}/change/").content.decode()
    for part in (
        "Efa Price",
        "Ŵyn Ŷstrad",
        "invited",
        "until 24.11.2026",
        "on hold",
        "joined",
        ONE_ADULT_NOT_JOINED % {"number": 1},
    ):
        assert part in page
    assert "Rhys Morgan" not in page
    assert "style=" not in page.split('id="joining"')[1] and "<script>" not in page.split('id="joining"')[1]


@pytest.mark.policy("PA-1")
def test_one_button_makes_the_letters_of_a_class(people, office, make_guardianship, invite):
    guardianship = make_guardianship()
    make_guardianship(contact=make_contact("Ann", "Held"), suggestion=Suggestion.HOLD)
    old, _code = invite(guardianship)
    answer = office.post(f"/admin/classes/classroom/{people.celyn.pk}/letters/", {"ends": "1"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(PdfReader(BytesIO(answer.content)).pages) == 1
    old.refresh_from_db()
    assert old.withdrawn_at
    assert Invitation.objects.open().get().guardianship == guardianship
    assert AuditEntry.objects.filter(verb="invitation.made", user=people.office.user).exists()


def test_letters_are_made_by_post_and_not_by_others(people, office, make_guardianship):
    make_guardianship()
    path = f"/admin/classes/classroom/{people.celyn.pk}/letters/"
    assert office.get(path).status_code == 302
    for who in (people.nia, people.celyn, people.dylan):
        assert people.client(who).post(path).status_code in {302, 403, 404}
    assert not Invitation.objects.exists()
    assert office.post("/admin/classes/classroom/999999/letters/").status_code == 404


def test_letters_for_a_class_without_anybody_to_ask_say_so(people, office):
    answer = office.post(f"/admin/classes/classroom/{people.celyn.pk}/letters/", follow=True)
    assert EVERYBODY_HAS_A_CODE in answer.content.decode()


def test_the_office_picks_a_contact_only_by_hand(people, office, make_guardianship):
    guardianship = make_guardianship(suggestion=Suggestion.CONTACT_ONLY)
    answer = office.post(GUARDIANSHIPS, {"action": "make_letters", "_selected_action": [guardianship.pk]})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert Invitation.objects.open().get().guardianship == guardianship


def test_a_barred_guardianship_among_the_chosen_stops_all(people, office, make_guardianship):
    good = make_guardianship()
    barred = make_guardianship(contact=make_contact("Ann", "Barred"), restriction=Restriction.NO_ACCESS)
    chosen = {"action": "make_letters", "_selected_action": [good.pk, barred.pk]}
    answer = office.post(GUARDIANSHIPS, chosen, follow=True)
    assert ADULT_WITHOUT_ACCESS in answer.content.decode()
    assert not Invitation.objects.exists()


def test_codes_are_withdrawn_from_the_list(people, office, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    chosen = {"action": "withdraw_codes", "_selected_action": [invitation.guardianship_id]}
    assert "1 code was withdrawn" in office.post(GUARDIANSHIPS, chosen, follow=True).content.decode()
    assert not Invitation.objects.open().exists()


@pytest.mark.policy("PA-9")
def test_the_office_bars_an_adult_with_a_note_on_record(people, office, make_guardianship, invite):
    guardianship = Guardianship.objects.get(contact__user=people.nia)
    assert list(Pupil.objects.of_parent(people.nia)) == [people.mali]
    answer = change(office, guardianship, restriction="no_access", restriction_note="Order of 3 November.")
    assert answer.status_code == 302
    assert not Pupil.objects.of_parent(people.nia)
    assert list(Pupil.objects.of_parent(people.gareth)) == [people.mali]
    entry = AuditEntry.objects.get(verb="guardianship.restricted")
    assert entry.detail == {"before": "none", "after": "no_access"}
    assert "Order" not in str(list(AuditEntry.objects.values()))


def test_no_access_ends_a_code_that_is_on_its_way(people, office, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    change(office, invitation.guardianship, restriction="no_access", restriction_note="An order.")
    assert not Invitation.objects.open().exists()
    change(office, invitation.guardianship, restriction="none")
    assert not Invitation.objects.open().exists()


def test_a_join_while_the_office_has_the_page_open_survives(people, office, make_guardianship):
    guardianship = make_guardianship()
    Guardianship.objects.filter(pk=guardianship.pk).update(joined_at="2026-11-10T10:00Z", slot=2)
    change(office, guardianship, restriction="messaging_paused", restriction_note="Agreed.")
    guardianship.refresh_from_db()
    assert guardianship.slot == 2 and guardianship.restriction == "messaging_paused"


@pytest.mark.policy("PA-2")
def test_a_leader_approves_a_further_adult_with_a_reason(people, make_guardianship):
    guardianship = make_guardianship(people.mali)
    head = people.client(people.head)
    assert (
        FURTHER_ADULT_NEEDS_APPROVAL in head.get(f"{GUARDIANSHIPS}{guardianship.pk}/change/").content.decode()
    )
    assert head.post(f"{GUARDIANSHIPS}{guardianship.pk}/approve/", {"reason": " "}).status_code == 422
    assert (
        head.post(f"{GUARDIANSHIPS}{guardianship.pk}/approve/", {"reason": "Shared care."}).status_code == 302
    )
    approval = SlotApproval.objects.get()
    assert (approval.approved_by, approval.contact) == (people.head, guardianship.contact)


@pytest.mark.policy("PA-2")
def test_the_office_alone_can_not_approve(people, office, make_guardianship):
    guardianship = make_guardianship(people.mali)
    assert (
        f"{guardianship.pk}/approve/"
        not in office.get(f"{GUARDIANSHIPS}{guardianship.pk}/change/").content.decode()
    )
    assert office.post(f"{GUARDIANSHIPS}{guardianship.pk}/approve/", {"reason": "x"}).status_code == 302
    assert not SlotApproval.objects.exists()


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


@pytest.mark.parametrize("typed", ["²", "٣", "abc", "9" * 30, "-1"])
def test_an_address_with_no_number_in_it_is_no_class(people, office, typed):
    assert office.get(f"/admin/classes/classroom/{people.celyn.pk}/change/").status_code == 200
    assert office.get(f"/admin/classes/classroom/{typed}/change/").status_code == 404
