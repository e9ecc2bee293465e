"""Two records become one while somebody joins, restricts or does the same: one outcome, nobody gets back in."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.models.audit import AuditEntry
from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import HasEnded, end_guardianship
from classes.joining.invitations import NoCode, make_invitation
from classes.joining.services import CodeRefused, redeem
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.people.merging import TwoAccounts, merge_contacts
from classes.roster.refusals import ImportIsRunning
from malpas.lib.errors import RuleViolation
from tests.at_once import at_once
from tests.clock import Clock, at
from tests.locks import wait_until_blocked
from tests.people import guardianship, make_contact, make_people, make_user

NOW = at("2026-11-10 10:00")
ROUNDS = 5
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.policy("PA-2")]


@pytest.fixture
def school(transactional_db) -> Iterator:
    """The people, committed, on a Tuesday at ten."""
    clock = Clock()
    clock.set("2026-11-10 10:00")
    yield make_people()
    clock.real()


class Two:
    """Nia's record, which uses the portal, and her second one, with a connection of its own."""

    def __init__(self, school, number: int = 0, child=None) -> None:
        self.school, self.by = school, school.actor(school.office)
        self.keep = Contact.objects.get(user=school.nia)
        self.gone = make_contact("Nia", f"Bowen-Rees {number}")
        self.second = guardianship(self.gone, child or school.efa, None)

    def merge(self):
        return merge_contacts(keep=self.keep, gone=self.gone, account=None, by=self.by, at=NOW)

    def restrict(self):
        return set_restriction(
            guardianship=self.second, restriction=Restriction.NO_ACCESS, note="An order.", by=self.by, at=NOW
        )

    def code(self) -> int:
        return make_invitation(guardianship=self.second, by=self.by, at=NOW, by_hand=True)[0].pk

    def has_access(self, user) -> bool:
        return Guardianship.objects.live().filter(pupil=self.second.pupil, contact__user=user).exists()


def after_the_merge(two: Two, act: Callable[[], object]) -> object:
    """Return what this act answered, which began while the merge was not committed yet."""
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(act())
        except RuleViolation as violation:
            answers.append(type(violation))
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        two.merge()
        thread.start()
        wait_until_blocked(thread)
    thread.join()
    assert answers, "the act broke off"
    return answers[0]


def test_a_restriction_during_a_merge_holds_for_the_record_that_stays(school):
    two = Two(school)
    done = after_the_merge(two, two.restrict)
    assert (done.contact_id, done.restriction) == (two.keep.pk, Restriction.NO_ACCESS)


def test_a_restriction_of_what_the_merge_ends_is_refused_with_a_sentence(school):
    two = Two(school, child=school.mali)
    assert after_the_merge(two, two.restrict) is HasEnded


def test_an_end_during_a_merge_ends_the_connection_of_the_record_that_stays(school):
    two = Two(school)
    done = after_the_merge(two, lambda: end_guardianship(guardianship=two.second, by=two.by, at=NOW))
    assert done.contact_id == two.keep.pk and done.ended_at


def test_a_letter_during_a_merge_is_for_the_record_that_stays(school):
    two = Two(school)
    after_the_merge(two, two.code)
    assert (
        Guardianship.objects.get(pk=two.second.pk, invitations__withdrawn_at=None).contact_id == two.keep.pk
    )


def test_the_mothers_own_code_opens_after_a_merge_that_it_waited_for(school):
    two = Two(school)
    code, nia = two.code(), school.actor(school.nia)
    done = after_the_merge(two, lambda: redeem(invitation_id=code, by=nia, at=NOW))
    assert done.contact_id == two.keep.pk and two.has_access(school.nia)


def test_of_a_merge_and_a_code_of_the_second_record_one_counts(school):
    for number in range(ROUNDS):
        two, other = Two(school, number), make_user("Nia", f"other{number}@family.example")
        code = two.code()
        merged, joined = at_once(
            two.merge, lambda c=code, o=other: redeem(invitation_id=c, by=school.actor(o), at=NOW)
        )
        two.gone.refresh_from_db()
        if merged is TwoAccounts:  # the code was first: the office says which account stays
            assert isinstance(joined, Guardianship) and two.has_access(other)
        else:
            assert issubclass(joined, CodeRefused) and two.gone.merged_into_id == two.keep.pk
            assert not two.has_access(other)
        Guardianship.objects.filter(pupil=two.second.pupil, contact__in=(two.keep, two.gone)).update(
            ended_at=NOW
        )


def test_an_adult_restricted_during_a_merge_has_no_access(school):
    for number in range(ROUNDS):
        two = Two(school, number, child=school.mali if number % 2 else school.tomos)
        merged, restricted = at_once(two.merge, two.restrict)
        two.gone.refresh_from_db()
        assert merged == two.keep and two.gone.merged_into_id == two.keep.pk
        if restricted is HasEnded:
            continue
        found = Guardianship.objects.get(pupil=two.second.pupil, contact=two.keep, ended_at__isnull=True)
        assert found.restriction == Restriction.NO_ACCESS and not two.has_access(school.nia)
        Guardianship.objects.filter(pk=found.pk).update(restriction=Restriction.NONE, ended_at=None)
        if two.second.pupil == school.tomos:
            Guardianship.objects.filter(pk=found.pk).update(ended_at=NOW)


def test_the_same_merge_twice_at_once_is_one(school):
    two = Two(school)
    answers = at_once(two.merge, two.merge)
    assert two.keep in answers and set(answers) <= {two.keep, ImportIsRunning}
    assert RecordChange.objects.filter(contact=two.keep, field="put_together").count() == 1
    assert AuditEntry.objects.filter(verb="contact.merged").count() == 1


def test_a_code_of_a_restricted_record_opens_for_nobody(school):
    two = Two(school)
    code = two.code()
    two.restrict()
    merged, joined = at_once(
        two.merge, lambda: redeem(invitation_id=code, by=school.actor(school.nia), at=NOW)
    )
    assert merged == two.keep and joined is CodeRefused and not two.has_access(school.nia)
    with pytest.raises(NoCode):
        two.code()
