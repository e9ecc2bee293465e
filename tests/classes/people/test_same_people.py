"""One adult under two ids: asked once, put together with their access, known to the next import."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import remove_access
from accounts.models.audit import AuditEntry
from classes.enums import Restriction, Suggestion
from classes.guardianship.facts import change_facts
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import end_guardianship, open_again
from classes.joining.account_adapter import redeem_or_note
from classes.joining.services import NotForThem, TwoRecords, redeem
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from classes.models.same_people import NotSame
from classes.own_children import OwnChild
from classes.people.merging import MergedAlready, RemovedStays, TwoAccounts, merge_contacts
from classes.people.same_people import say_not_same
from classes.people.services import OwnRecord
from classes.roster.apply import import_roster
from classes.roster.matching.perhaps_same import are_near, pairs_to_ask
from classes.roster.plan import make_plan
from classes.roster.reading import read_table
from classes.roster.undo import AlreadyUsed
from tests.classes.roster.pages import undo
from tests.classes.roster.sheet import ROW, SECOND_CHILD, TODAY, sheet
from tests.classes.roster.test_numbered import SIBLING, family
from tests.clock import at
from tests.people import guardianship, make_contact, make_user

NOW = "2026-11-23 10:00"
pytestmark = pytest.mark.django_db
FIRST = ROW | {"Contact ID": "C101", "Contact Forename": "Katherine", "Primary Email": "kate@example.org"}
SECOND = ROW | SECOND_CHILD | {
    "Contact ID": "C202", "Contact Forename": "Kate", "Contact Surname": "Probert-Li",
    "Primary Email": "Kate@Example.org", "Mobile": "07700 900 653",
}  # fmt: skip


def take(*rows, **options):
    return import_roster(table=read_table(sheet(*rows)), today=TODAY, by=None, accept_missing=True, **options)


@pytest.fixture
def two(people, clock) -> list[Contact]:
    """Return the records of one mother, once for each of her children."""
    take(FIRST, SECOND)
    return [Contact.objects.get(school_ref=ref) for ref in ("C101", "C202")]


def merge(people, keep, gone, account=None, by=None):
    merged = merge_contacts(
        keep=keep, gone=gone, account=account, by=people.actor(by or people.office), at=at(NOW)
    )
    keep.refresh_from_db()
    gone.refresh_from_db()
    return merged


def join(contact: Contact, email: str, slot: int = 1):
    """Give this adult an account with access to their children."""
    contact.user = make_user(contact.full_name, email)
    contact.save(update_fields=["user"])
    contact.guardianships.update(joined_at=at(NOW), slot=slot)
    return contact.user


# -- asked once ------------------------------------------------------------------------------------------


def test_a_mother_under_two_ids_is_asked_about(two, people):
    assert pairs_to_ask(two) == [tuple(two)]
    client = people.client(people.office)
    for address in ("/roster/", f"/people/adult/{two[1].pk}/"):
        assert f"/people/adult/{two[0].pk}/same/{two[1].pk}/" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "one, other, near",
    [
        (("Kate", "Probert"), ("Katherine", "Probert-Li"), True),
        (("Liz", "Rees"), ("Elizabeth", "Rees"), True),
        (("Mali", "Probert"), ("Leo", "Probert"), False),
        (("", "Suryani"), ("", "Suryani"), True),
        (("", "Suryani"), ("Leo", "Llŷr"), False),
    ],
)
def test_names_that_are_alike(one, other, near):
    assert (
        are_near(Contact(forename=one[0], surname=one[1]), Contact(forename=other[0], surname=other[1]))
        is near
    )


def test_two_parents_with_one_telephone_are_not_asked_about(people, clock):
    for forename in ("Mali", "Leo"):
        contact = make_contact(forename, "Probert")
        Contact.objects.filter(pk=contact.pk).update(mobile="01633960000")
    assert pairs_to_ask() == []


def test_two_people_are_not_asked_about_again(two, people):
    client = people.client(people.office)
    address = f"/people/adult/{two[0].pk}/same/{two[1].pk}/"
    for _turn in range(2):
        assert client.post(address, {"answer": "others"}).status_code == 302
    assert pairs_to_ask() == [] and NotSame.objects.count() == 1
    assert Contact.objects.whole().filter(pk__in=[one.pk for one in two]).count() == 2


@pytest.mark.policy("PA-1")
def test_her_second_letter_says_what_to_do_and_alarms_nobody(two, people, invite):
    keep, gone = two
    invitation, _code = invite(gone.guardianships.get())
    actor = people.actor(join(keep, "kate@example.org"))
    with pytest.raises(TwoRecords):
        redeem_or_note(invitation, by=actor, at=at(NOW))
    invitation.refresh_from_db()
    assert invitation.suspicion == "" and invitation.used_at is None
    say_not_same(one=keep, other=gone, by=people.actor(people.office))
    with pytest.raises(NotForThem):
        redeem_or_note(invitation, by=actor, at=at(NOW))
    invitation.refresh_from_db()
    assert invitation.suspicion == "other_adult"


# -- put together ----------------------------------------------------------------------------------------


def test_the_page_puts_them_together(two, people):
    keep, gone = two
    client = people.client(people.office)
    page = client.get(f"/people/adult/{keep.pk}/same/{gone.pk}/").content.decode()
    assert "C101" in page and "C202" in page
    answer = client.post(f"/people/adult/{keep.pk}/same/{gone.pk}/", {"answer": "same"})
    assert answer.headers["Location"] == f"/people/adult/{keep.pk}/"
    assert {str(one.pupil) for one in keep.guardianships.all()} == {"Siâ Probert", "Noor Probert"}
    assert client.get(f"/people/adult/{gone.pk}/").headers["Location"] == f"/people/adult/{keep.pk}/"
    assert "C202" in client.get(f"/people/adult/{keep.pk}/").content.decode()
    assert "Probert-Li" not in client.get("/people/?kind=adult&q=probert").content.decode()


def test_the_account_sees_both_children_and_codes_stay_good(two, people, invite):
    keep, gone = two
    invitation, _code = invite(gone.guardianships.get())
    user = join(keep, "kate@example.org")
    merge(people, keep, gone)
    redeem(invitation_id=invitation.pk, by=people.actor(user), at=at(NOW))
    assert Pupil.objects.of_parent(user).count() == 2


def test_the_account_of_the_other_record_comes_along(two, people):
    keep, gone = two
    user = join(gone, "kate@example.org")
    merge(people, keep, gone)
    user.refresh_from_db()
    assert keep.user == user and gone.user is None and user.name == "Katherine Probert"
    assert Pupil.objects.of_parent(user).count() == 1


@pytest.mark.policy("AU-2")
def test_two_accounts_need_a_choice(two, people):
    keep, gone = two
    stays, other = join(keep, "kate@example.org"), join(gone, "k.probert@example.org")
    with pytest.raises(TwoAccounts), transaction.atomic():
        merge(people, keep, gone)
    address = f"/people/adult/{keep.pk}/same/{gone.pk}/"
    client = people.client(people.office)
    assert client.post(address, {"answer": "same"}).status_code == 422
    assert client.post(address, {"answer": "same", "account": people.head.user.pk}).status_code == 422
    assert client.post(address, {"answer": "same", "account": stays.pk}).status_code == 302
    assert Pupil.objects.of_parent(stays).count() == 2 and not Pupil.objects.of_parent(other).exists()


@pytest.fixture
def same_child(two, people):
    """Return both connections of one mother with one child, and a merge of her records."""
    keep, gone = two
    child = keep.guardianships.get().pupil
    other = Guardianship.objects.create(
        pupil=child,
        contact=gone,
        relationship="mother",
        parental_responsibility=True,
        suggestion=Suggestion.INVITE,
    )
    return keep.guardianships.get(), other, lambda: merge(people, keep, gone)


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("mine, theirs", [("none", "no_access"), ("messaging_paused", "none")])
def test_of_two_connections_with_one_child_the_strictest_stays(same_child, mine, theirs):
    one, other, merged = same_child
    Guardianship.objects.filter(pk=one.pk).update(restriction=mine, restriction_note="Mine.")
    facts = {"parental_responsibility": False, "court_order": True, "suggestion": Suggestion.HOLD}
    Guardianship.objects.filter(pk=other.pk).update(restriction=theirs, restriction_note="An order.", **facts)
    merged()
    found = Guardianship.objects.get(pupil=one.pupil, ended_at__isnull=True)
    assert found.restriction == (theirs if mine == "none" else mine)
    assert (found.parental_responsibility, found.court_order, found.suggestion) == (False, True, "hold")
    assert "Mine." in found.restriction_note


@pytest.mark.policy("PA-2")
def test_a_joined_connection_stays_and_the_second_place_is_free(same_child, people):
    one, other, merged = same_child
    join(other.contact, "kate@example.org", slot=2)
    merged()
    [found] = Guardianship.objects.filter(pupil=one.pupil, ended_at__isnull=True)
    assert (found.pk, found.slot, found.contact_id) == (other.pk, 2, one.contact_id)


@pytest.mark.policy("PA-2")
def test_no_access_ends_what_waits_at_once(same_child, people, invite):
    one, other, merged = same_child
    invitation, _code = invite(one)
    Guardianship.objects.filter(pk=other.pk).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    merged()
    assert Invitation.objects.get(pk=invitation.pk).withdrawn_at


@pytest.mark.policy("PA-2")
def test_a_restriction_of_an_ended_connection_is_not_lost(same_child, people):
    one, other, merged = same_child
    Guardianship.objects.filter(pk=other.pk).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    end_guardianship(guardianship=other, by=people.actor(people.office), at=at(NOW))
    merged()
    one.refresh_from_db()
    assert one.restriction == Restriction.NO_ACCESS and one.ended_at is None


@pytest.mark.policy("PA-2")
def test_a_restriction_that_was_lifted_since_does_not_come_back(two, people):
    keep, gone = two
    by, old = people.actor(people.office), keep.guardianships.get()
    decided = {"by": by, "at": at(NOW)}
    set_restriction(guardianship=old, restriction=Restriction.NO_ACCESS, note="An order.", **decided)
    end_guardianship(guardianship=old, **decided)
    fresh = open_again(guardianship=old, by=by)
    set_restriction(guardianship=fresh, restriction=Restriction.NONE, note="", **decided)
    merge(people, keep, gone)
    fresh.refresh_from_db()
    assert fresh.restriction == Restriction.NONE


@pytest.mark.policy("PA-2")
def test_a_third_adult_s_approval_goes_along(two, people):
    keep, gone = two
    guardianship = gone.guardianships.get()
    approval = SlotApproval.objects.create(
        pupil=guardianship.pupil, contact=gone, reason="Care.", approved_by=people.head
    )
    Guardianship.objects.filter(pk=guardianship.pk).update(joined_at=at(NOW), approval=approval)
    merge(people, keep, gone)
    guardianship.refresh_from_db()
    assert guardianship.contact == keep and guardianship.approval.contact == keep
    assert guardianship.approval.reason == "Care."


def test_it_is_written_down_and_once(two, people):
    keep, gone = two
    for _turn in range(2):
        merge(people, keep, gone)
    assert AuditEntry.objects.filter(verb="contact.merged", about=f"classes.contact:{keep.pk}").count() == 1
    assert RecordChange.objects.filter(contact=keep, new="C202").count() == 1


def test_a_merged_record_is_nobody_s_to_merge_again(two, people):
    keep, gone = two
    third = make_contact("Kate", "Probert")
    merge(people, keep, gone)
    with pytest.raises(MergedAlready), transaction.atomic():
        merge(people, third, gone)
    merge(people, third, keep)
    gone.refresh_from_db()
    assert gone.merged_into == third


@pytest.mark.policy("AU-8", "PA-2")
def test_nobody_puts_their_own_records_together(two, people):
    keep, gone = two
    Contact.objects.filter(pk=gone.pk).update(user=people.office.user)
    gone.refresh_from_db()
    with pytest.raises((OwnRecord, OwnChild)), transaction.atomic():
        merge(people, keep, gone)


def test_a_class_and_a_parent_ask_nothing(two, people):
    address = f"/people/adult/{two[0].pk}/same/{two[1].pk}/"
    for who in (people.celyn, people.nia):
        assert people.client(who).post(address, {"answer": "same"}).status_code in (403, 404)
    assert not Contact.objects.filter(merged_into__isnull=False).exists()


# -- what the database holds -----------------------------------------------------------------------------


def test_the_database_connects_no_merged_record(two, people):
    keep, gone = two
    merge(people, keep, gone)
    with pytest.raises(IntegrityError), transaction.atomic():
        guardianship(gone, people.efa, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=gone.pk).update(user=people.nia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=keep.pk).update(merged_into=gone)


# -- the next import -------------------------------------------------------------------------------------


def test_the_next_import_knows_both_ids(two, people):
    merge(people, *two)
    plan = make_plan(read_table(sheet(FIRST, SECOND)), TODAY)
    assert plan.changes_nothing and not plan.roster.refused and not plan.absent_guardianships


def test_a_file_that_has_the_second_id_alone_is_about_the_same_adult(two, people):
    keep, _gone = two
    merge(people, *two)
    plan = take(FIRST | {"Contact ID": "C202", "Mobile": "07700900999"}, SECOND)
    keep.refresh_from_db()
    assert not plan.new_contacts and keep.mobile == "07700900999"


def test_records_put_together_stop_undoing_the_import(two, people):
    merge(people, *two)
    with pytest.raises(AlreadyUsed), transaction.atomic():
        undo(people)


@pytest.mark.policy("PA-2")
def test_an_order_of_the_second_record_stays_through_the_next_import(same_child, people):
    one, other, merged = same_child
    Guardianship.objects.filter(pk=other.pk).update(court_order=True)
    merged()
    take(FIRST, FIRST | {"Contact ID": "C202", "Court Order": "T"}, SECOND)
    found = Guardianship.objects.get(pupil=one.pupil, ended_at__isnull=True)
    assert found.court_order and found.suggestion == Suggestion.HOLD


@pytest.mark.policy("PA-2")
def test_what_was_set_by_hand_at_the_second_record_stays_through_the_next_import(two, people):
    keep, gone = two
    head = people.actor(people.head)
    values = {"court_order": True, "suggestion": Suggestion.HOLD}
    change_facts(guardianship=gone.guardianships.get(), values=values, by=head)
    merge(people, keep, gone)
    plan = take(FIRST, SECOND)
    found = keep.guardianships.get(pupil__school_ref=SECOND["Person ID"])
    assert found.court_order and found.suggestion == Suggestion.HOLD
    assert {each.name for each in plan.guardianships.corrections} == {"court_order", "suggestion"}


def test_an_adult_without_an_id_who_was_put_together_comes_in_no_second_time(people, clock):
    file = sheet(family(Parent_1_Forename="Katherine"), family(SIBLING, Parent_1_Forename="Kate"))
    import_roster(table=read_table(file), today=TODAY, by=None, accept_missing=True)
    keep, gone = (Contact.objects.get(forename=name) for name in ("Katherine", "Kate"))
    merge(people, keep, gone)
    plan = import_roster(table=read_table(file), today=TODAY, by=None, accept_missing=True)
    assert not plan.new_contacts and not plan.new_guardianships


@pytest.mark.policy("PA-9")
def test_an_account_without_access_is_not_the_one_that_goes(two, people):
    keep, gone = two
    stays, removed = join(keep, "kate@example.org"), join(gone, "k.probert@example.org")
    remove_access(removed, by=people.actor(people.head), at=at(NOW))
    with pytest.raises(RemovedStays), transaction.atomic():
        merge(people, keep, gone, account=stays.pk)
    assert Pupil.objects.of_parent(stays).count() == 1
    merge(people, keep, gone, account=removed.pk)
    assert not Pupil.objects.of_parent(stays).exists() and not Pupil.objects.of_parent(removed).exists()
