"""Test that the database function agrees with the records in every state."""

import pytest
from django.db.models import F

from accounts.models.people import User
from classes.enums import Restriction
from classes.models.guardianships import Guardianship, HasAccess
from classes.models.pupils import Pupil
from tests.clock import at

THEN = at("2026-11-09 10:00")


def answers(people) -> tuple[bool, bool]:
    """Return whether the database says live, and unrestricted.

    Of Nia's guardianship of Mali.
    """
    requested = {
        "live": HasAccess(F("pk"), people.nia.pk),
        "open": HasAccess(F("pk"), people.nia.pk, unrestricted=True),
    }
    return Pupil.objects.filter(pk=people.mali.pk).values_list(*requested.values()).get()


def by_the_records(people) -> tuple[bool, bool]:
    guardianships = Guardianship.objects.live().filter(pupil=people.mali, contact__user=people.nia)
    return guardianships.exists(), guardianships.filter(restriction=Restriction.NONE).exists()


def change_guardianship(people, **fields) -> None:
    Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia).update(
        restriction_note="An order.", **fields
    )


STATES = {
    "as it was": lambda people: None,
    "ended": lambda people: change_guardianship(people, ended_at=THEN, slot=None),
    "not joined": lambda people: change_guardianship(people, joined_at=None, slot=None),
    "paused": lambda people: change_guardianship(people, restriction=Restriction.MESSAGING_PAUSED),
    "barred": lambda people: change_guardianship(people, restriction=Restriction.NO_ACCESS),
    "removed": lambda people: User.objects.filter(pk=people.nia.pk).update(removed_at=THEN),
    "not active": lambda people: User.objects.filter(pk=people.nia.pk).update(is_active=False),
    "child gone": lambda people: Pupil.objects.filter(pk=people.mali.pk).update(left_on=THEN.date()),
    "child goes today": lambda people: Pupil.objects.filter(pk=people.mali.pk).update(left_on="2026-11-10"),
    "child goes tomorrow": lambda people: Pupil.objects.filter(pk=people.mali.pk).update(
        left_on="2026-11-11"
    ),
}
EXPECTED = {"as it was": (True, True), "child goes tomorrow": (True, True), "paused": (True, False)}


@pytest.mark.parametrize("state", STATES)
def test_the_databases_answer_is_that_of_the_records(people, state):
    assert answers(people) == by_the_records(people) == (True, True)
    STATES[state](people)
    assert answers(people) == by_the_records(people) == EXPECTED.get(state, (False, False))


def test_every_restriction_is_known_to_the_database(people):
    for restriction in Restriction:
        change_guardianship(people, restriction=restriction)
        assert answers(people) == by_the_records(people), restriction


def test_another_parents_guardianship_gives_no_access(people):
    requested = HasAccess(F("pk"), people.dylan.pk)
    assert not Pupil.objects.filter(pk=people.mali.pk).values_list(requested, flat=True).get()
    assert answers(people)[0]
