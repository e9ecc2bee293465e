"""Test that codes are for parents, guardians and approved adults (PA-2)."""

from io import BytesIO
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from accounts.actor import Actor
from accounts.models.audit import AuditEntry
from classes.enums import Relationship, Restriction, Suggestion
from classes.joining.approvals import approve_adult, approve_code, approve_further_adult
from classes.joining.invitations import NoCode
from classes.joining.queries import guardianships_to_invite, skipped_adults
from classes.joining.rules import why_approval
from classes.joining.services import CodeRefused, redeem
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from malpas.lib.errors import RuleViolation
from tests.classes.joining.inviting import invite_class
from tests.clock import at
from tests.people import make_contact, make_user
from tests.sentences.classes import CODE_APPROVED, FURTHER_ADULT_NEEDS_APPROVAL, LEADER_APPROVES_FIRST
from tests.sentences.reading import says

MAKE = "/letters/make/"
NOW = at("2026-11-10 10:00")
NOT_NAMED = {
    "a court order": {"court_order": True},
    "on hold": {"suggestion": Suggestion.HOLD},
    "a grandmother": {"relationship": Relationship.GRANDMOTHER, "suggestion": Suggestion.CONTACT_ONLY},
}
pytestmark = pytest.mark.policy("PA-2")


@pytest.fixture
def not_named(make_guardianship):
    """Make an adult of Efa whom PA-2 does not name."""

    def make(kind: str, **fields) -> Guardianship:
        made = make_guardianship(contact=make_contact("Ann", "Kind"), **{**NOT_NAMED[kind], **fields})
        if "relationship" in NOT_NAMED[kind]:
            Guardianship.objects.filter(pk=made.pk).update(parental_responsibility=False)
            made.refresh_from_db()
        return made

    return make


def row_of(guardianship, people, **approval) -> Invitation:
    return Invitation.objects.create(
        guardianship=guardianship, code_hash="x", made_by=people.office.user, made_at=NOW,
        expires_at=at("2026-11-24 10:00"), **approval,
    )  # fmt: skip


def refused(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.mark.parametrize("kind", NOT_NAMED)
def test_nobody_else_has_a_code_before_an_approval(people, not_named, invite, kind):
    with pytest.raises(NoCode, match="senior leader"):
        invite(not_named(kind), by_hand=True)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("kind", NOT_NAMED)
def test_an_approved_code_says_who_and_why(people, not_named, invite, kind):
    guardianship = not_named(kind)
    approve_code(guardianship=guardianship, by=people.actor(people.head), reason=" Seen the order. ", at=NOW)
    for _again in range(2):  # a renewal rests on the same approval
        made, _code = invite(guardianship, by_hand=True)
        assert (made.approved_by, made.approval_reason) == (people.head, "Seen the order.")
    newcomer = make_user("", "ann@family.example")
    assert redeem(invitation_id=made.pk, by=Actor(newcomer), at=NOW).joined_at
    assert AuditEntry.objects.filter(verb="code.approved", user=people.head.user).count() == 1


@pytest.mark.parametrize("who", ["office", "nia"])
def test_only_a_leader_approves_and_with_a_reason(people, not_named, who):
    guardianship = not_named("a court order")
    for by, reason in [(getattr(people, who), "Seen."), (people.head, " \n")]:
        with pytest.raises(RuleViolation):
            approve_code(guardianship=guardianship, by=people.actor(by), reason=reason, at=NOW)
    guardianship.refresh_from_db()
    assert guardianship.code_approved_by is None


@pytest.mark.parametrize("kind", NOT_NAMED)
def test_the_database_refuses_the_row_itself(people, not_named, kind):
    guardianship = not_named(kind)
    assert "guardian_or_approved" in refused(lambda: row_of(guardianship, people))
    approval = {"approved_by": people.head, "approval_reason": "Mine."}
    assert "guardian_or_approved" in refused(lambda: row_of(guardianship, people, **approval))
    approve_code(guardianship=guardianship, by=people.actor(people.head), reason="Seen.", at=NOW)
    assert "guardian_or_approved" in refused(lambda: row_of(guardianship, people))
    assert "has_a_reason" in refused(lambda: row_of(guardianship, people, approved_by=people.head))
    assert row_of(guardianship, people, approved_by=people.head, approval_reason="Seen.")


def test_the_database_knows_who_is_a_leader(people, not_named):
    guardianship = Guardianship.objects.filter(pk=not_named("on hold").pk)
    for fields in (
        {"code_approved_by": people.office, "code_approved_at": NOW, "code_reason": "Mine."},
        {"code_approved_by": people.head, "code_approved_at": NOW, "code_reason": " "},
        {"code_reason": "Nobody’s."},
    ):
        assert "guardianship_code" in refused(lambda fields=fields: guardianship.update(**fields))


def test_an_approval_of_nothing_is_no_approval(people, make_guardianship):
    guardianship = make_guardianship()
    approval = {"approved_by": people.office, "approval_reason": "Mine."}
    assert "approval_is_its_own" in refused(lambda: row_of(guardianship, people, **approval))


@pytest.mark.parametrize("fields", [{"restriction": Restriction.NO_ACCESS}, {"ended_at": NOW}])
def test_the_database_refuses_a_code_where_access_ended(people, make_guardianship, fields):
    guardianship = make_guardianship(**fields)
    assert "somebody_with_access" in refused(lambda: row_of(guardianship, people))


def test_rule_query_and_database_agree_in_every_case(people, make_guardianship):
    guardianship = make_guardianship()
    for relationship, responsible, order, suggestion in product(
        Relationship, (True, False), (True, False), Suggestion
    ):
        facts = {"relationship": relationship, "parental_responsibility": responsible,
                 "court_order": order, "suggestion": suggestion}  # fmt: skip
        Guardianship.objects.filter(pk=guardianship.pk).update(**facts)
        guardianship.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("SELECT code_needs_approval(%s, %s, %s, %s)", list(facts.values()))
            in_database = cursor.fetchone()[0]
        in_query = not Guardianship.objects.named_by_policy().filter(pk=guardianship.pk).exists()
        assert in_database == in_query == bool(why_approval(guardianship)), facts


@pytest.mark.parametrize(
    "change",
    [{"court_order": True}, {"suggestion": Suggestion.HOLD}, {"parental_responsibility": False}],
)
def test_records_that_change_end_the_code_and_the_approval(people, make_guardianship, invite, change):
    guardianship = make_guardianship()
    invitation, _code = invite(guardianship)
    Guardianship.objects.filter(pk=guardianship.pk).update(**change)
    assert not Invitation.objects.open().exists()
    with pytest.raises(CodeRefused):
        redeem(invitation_id=invitation.pk, by=Actor(make_user("", "w@family.example")), at=NOW)
    approve_code(guardianship=guardianship, by=people.actor(people.head), reason="Seen.", at=NOW)
    invite(guardianship, by_hand=True)
    Guardianship.objects.filter(pk=guardianship.pk).update(relationship=Relationship.OTHER)
    Guardianship.objects.filter(pk=guardianship.pk).update(relationship=Relationship.CARER)
    guardianship.refresh_from_db()
    assert guardianship.code_approved_by is None and not Invitation.objects.open().exists()


def test_a_third_adult_has_no_letter_before_an_approval(people, make_guardianship, invite):
    third = make_guardianship(people.mali)
    with pytest.raises(NoCode, match=FURTHER_ADULT_NEEDS_APPROVAL):
        invite(third, by_hand=True)
    assert "needs_a_slot" in refused(lambda: row_of(third, people))
    approve_further_adult(guardianship=third, by=people.actor(people.head), reason="Shared care.", at=NOW)
    made, _code = invite(third)
    assert (made.approved_by, made.approval_reason) == (people.head, "Shared care.")


def test_one_approval_covers_the_order_and_the_slot(people, make_guardianship, invite):
    third = make_guardianship(people.mali, court_order=True)
    approve_further_adult(guardianship=third, by=people.actor(people.head), reason="Care.", at=NOW)
    with pytest.raises(NoCode):
        invite(third, by_hand=True)
    approval = {"approved_by": people.head, "approval_reason": "Care."}
    assert "guardian_or_approved" in refused(lambda: row_of(third, people, **approval))
    approve_adult(guardianship=third, by=people.actor(people.head), reason="Both.", at=NOW)
    assert invite(third, by_hand=True)


def test_letters_of_a_class_leave_them_out_and_name_them(people, make_guardianship, not_named):
    requested = make_guardianship()
    adults = {
        kind: not_named(kind, suggestion=Suggestion.INVITE) for kind in ("a court order", "a grandmother")
    }
    third = make_guardianship(people.mali, contact=make_contact("Ann", "Third"))
    issued = invite_class(classroom=people.celyn, by=people.actor(people.office), at=NOW)
    assert [one.guardianship for one in issued] == [requested]
    assert list(guardianships_to_invite(None)) == [requested]
    said = {one.guardianship: one.why for one in skipped_adults(people.celyn)}
    assert set(said) == {*adults.values(), third}
    for guardianship, sentence in [(adults["a court order"], "court order"), (adults["a grandmother"], "neither a parent"),
                       (third, "Two adults")]:  # fmt: skip
        assert sentence in said[guardianship]
    page = people.client(people.office).get(f"/letters/class/{people.celyn.pk}/").content.decode()
    page_text = page.split('id="skipped"')[1].split("</details>")[0]
    assert "Ann Third" in page_text and "Ann Kind" in page_text


@pytest.mark.parametrize("kind", NOT_NAMED)
def test_the_page_warns_and_offers_the_office_no_letter(people, not_named, kind):
    guardianship = not_named(kind)
    office, page = people.client(people.office), f"/people/invite/{guardianship.pk}/"
    page_text = office.get(page).content.decode()
    assert says(page_text, LEADER_APPROVES_FIRST) and f"{guardianship.pk}/answer/" not in page_text
    answer = office.post(page)
    assert answer.status_code == 422 and says(answer.content.decode(), LEADER_APPROVES_FIRST)
    assert not Invitation.objects.exists()


def test_a_leader_approves_on_the_page_and_the_office_prints(people, not_named):
    guardianship = not_named("a court order")
    head, office = people.client(people.head), people.client(people.office)
    page = f"/people/connection/{guardianship.pk}/"
    assert "court order" in head.get(f"{page}answer/").content.decode()
    said = head.post(f"{page}answer/", {"answer": "approve", "reason": "Seen."}, follow=True)
    assert CODE_APPROVED in said.content.decode()
    assert "10 November 2026: Seen." in office.get(page).content.decode()
    letter = office.post(f"/people/invite/{guardianship.pk}/")
    assert "Ann Kind" in PdfReader(BytesIO(letter.content)).pages[0].extract_text()


def test_those_ticked_who_wait_are_left_out_and_named(people, make_guardianship, not_named):
    ticked = [make_guardianship().pk, not_named("a court order").pk]
    office = people.client(people.office)
    letters = office.post(MAKE, {"which": "chosen", "guardianship": ticked})
    assert len(PdfReader(BytesIO(letters.content)).pages) == 1
    assert "No code for Ann Kind (Efa Price)" in office.get("/letters/").content.decode()
    answer = office.post(MAKE, {"which": "chosen", "guardianship": ticked[1:]}, follow=True)
    assert "No code for Ann Kind (Efa Price)" in answer.content.decode()
