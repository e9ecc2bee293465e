from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actor import Actor
from accounts.models.audit import AuditEntry
from classes.enums import Restriction
from classes.joining.approvals import approve_further_adult
from classes.joining.invitations import make_invitation, withdraw_invitation
from classes.joining.services import CodeRefused, ThirdAdult, redeem
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from tests.clock import Clock, at
from tests.people import guardianship, make_contact, make_people, make_user
from tests.sentences.classes import THIRD_ADULT_REFUSED

NOW = at("2026-11-10 10:00")


@pytest.fixture
def newcomer(db):
    return make_user("", "wyn@family.example")


@pytest.mark.policy("PA-1")
def test_a_code_guardianships_account_and_child_once(people, make_guardianship, invite, newcomer):
    invitation, _code = invite(make_guardianship())
    joined = redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)
    assert joined.slot == 2 and list(Pupil.objects.of_parent(newcomer)) == [people.efa]
    assert AuditEntry.objects.filter(verb="guardianship.joined", user=newcomer).exists()
    with pytest.raises(CodeRefused):
        redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)


@pytest.mark.policy("AU-8")
def test_the_name_is_the_one_in_the_records(make_guardianship, invite, newcomer):
    invitation, _code = invite(make_guardianship())
    redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)
    newcomer.refresh_from_db()
    assert newcomer.name == "Ŵyn Ŷstrad"


@pytest.mark.policy("PA-2")
def test_a_third_adult_is_refused_and_the_code_stays_good(people, late_for_a_slot, newcomer):
    guardianship, invitation, _code = late_for_a_slot()
    with pytest.raises(ThirdAdult, match=THIRD_ADULT_REFUSED):
        redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()
    guardianship.contact.refresh_from_db()
    assert guardianship.contact.user is None
    approve_further_adult(
        guardianship=guardianship, by=people.actor(people.head), reason="Shared care.", at=NOW
    )
    joined = redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)
    assert joined.slot is None and joined.approval.reason == "Shared care."
    assert list(Pupil.objects.of_parent(newcomer)) == [people.mali]


@pytest.mark.policy("PA-2")
def test_an_approval_needs_a_leader_and_a_reason(people, make_guardianship):
    guardianship = make_guardianship(people.mali)
    for who, reason in [(people.office, "Shared care."), (people.head, "  "), (people.nia, "x")]:
        with pytest.raises(RuleViolation):
            approve_further_adult(guardianship=guardianship, by=people.actor(who), reason=reason, at=NOW)
    assert not SlotApproval.objects.exists()


@pytest.mark.policy("PA-2")
def test_an_approval_is_good_for_one_adult_only(people, make_guardianship, late_for_a_slot, newcomer):
    approved = make_guardianship(people.mali)
    approve_further_adult(guardianship=approved, by=people.actor(people.head), reason="Care.", at=NOW)
    _other, invitation, _code = late_for_a_slot(contact=make_contact("Ann", "Other"))
    with pytest.raises(ThirdAdult):
        redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)


@pytest.mark.policy("PA-2")
def test_the_database_refuses_a_third_slot(people, make_guardianship):
    third = make_guardianship(people.mali)
    for slot in (1, 2, 3, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Guardianship.objects.filter(pk=third.pk).update(joined_at=NOW, slot=slot)


def test_a_code_for_another_adult_is_refused(people, make_guardianship, invite, newcomer):
    invitation, _code = invite(make_guardianship(user=newcomer))
    with pytest.raises(CodeRefused):
        redeem(invitation_id=invitation.pk, by=people.actor(people.dylan), at=NOW)
    assert not Pupil.objects.of_parent(people.dylan).filter(pk=people.efa.pk).exists()


def test_an_account_cannot_become_a_second_person(people, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    with pytest.raises(CodeRefused):
        redeem(invitation_id=invitation.pk, by=people.actor(people.dylan), at=NOW)


@pytest.mark.policy("TE-2")
def test_a_class_account_can_not_join(people, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    with pytest.raises(CodeRefused):
        redeem(invitation_id=invitation.pk, by=people.actor(people.celyn), at=NOW)


def test_what_was_barred_or_withdrawn_since_is_refused(people, make_guardianship, invite, newcomer):
    first, _code = invite(make_guardianship())
    Guardianship.objects.filter(pk=first.guardianship_id).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    second, _code = invite(make_guardianship(contact=make_contact("Ann", "Other")))
    withdraw_invitation(guardianship=second.guardianship, by=people.actor(people.office), at=NOW)
    for invitation in (first, second):
        with pytest.raises(CodeRefused):
            redeem(invitation_id=invitation.pk, by=Actor(newcomer), at=NOW)


def _race(jobs):
    start = Barrier(len(jobs))

    def run(job):
        start.wait()
        try:
            return redeem(invitation_id=job[0], by=Actor(job[1]), at=NOW)
        except (CodeRefused, ThirdAdult) as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def stage(transactional_db):
    """Commit eight adults with codes for Efa's one free slot."""
    clock = Clock()
    clock.set("2026-11-10 10:00")
    people = make_people()
    office = people.actor(people.office)
    yield people, office
    clock.real()


@pytest.mark.django_db(transaction=True)
@pytest.mark.policy("PA-2")
def test_of_eight_adults_at_once_one_gets_the_last_slot(stage):
    people, office = stage
    jobs = []
    for number in range(8):
        adult = guardianship(make_contact("Adult", str(number)), people.efa, None)
        invitation, _code = make_invitation(guardianship=adult, by=office, at=NOW, by_hand=True)
        jobs.append((invitation.pk, make_user("", f"adult{number}@family.example")))
    answers = _race(jobs)
    assert sum(isinstance(answer, Guardianship) for answer in answers) == 1
    assert answers.count(ThirdAdult) == 7
    assert Guardianship.objects.live().filter(pupil=people.efa).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.policy("PA-1")
def test_one_code_redeemed_eight_times_at_once_is_used_once(stage):
    people, office = stage
    adult = guardianship(make_contact("Adult", "One"), people.efa, None)
    invitation, _code = make_invitation(guardianship=adult, by=office, at=NOW, by_hand=True)
    users = [make_user("", f"adult{number}@family.example") for number in range(8)]
    answers = _race([(invitation.pk, user) for user in users])
    assert sum(isinstance(answer, Guardianship) for answer in answers) == 1
    assert answers.count(CodeRefused) == 7
