"""The database's own answer whether a tie is live is that of the records, in every state that a tie can be in."""

import pytest
from django.db.models import F

from accounts.models.people import User
from classes.enums import Restriction
from classes.models.people import Guardianship, Pupil, TieIsLive
from tests.clock import at

THEN = at("2026-11-09 10:00")


def answers(people) -> tuple[bool, bool]:
    """As the database says: whether Nia's tie to Mali is live, and whether it is unrestricted, too."""
    asked = {
        "live": TieIsLive(F("pk"), people.nia.pk),
        "open": TieIsLive(F("pk"), people.nia.pk, unrestricted=True),
    }
    return Pupil.objects.filter(pk=people.mali.pk).values_list(*asked.values()).get()


def by_the_records(people) -> tuple[bool, bool]:
    ties = Guardianship.objects.live().filter(pupil=people.mali, contact__user=people.nia)
    return ties.exists(), ties.filter(restriction=Restriction.NONE).exists()


def change_tie(people, **fields) -> None:
    Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia).update(**fields)


STATES = {
    "as it was": lambda people: None,
    "ended": lambda people: change_tie(people, ended_at=THEN, place=None),
    "not joined": lambda people: change_tie(people, joined_at=None, place=None),
    "paused": lambda people: change_tie(people, restriction=Restriction.MESSAGING_PAUSED),
    "barred": lambda people: change_tie(people, restriction=Restriction.NO_ACCESS),
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
        change_tie(people, restriction=restriction)
        assert answers(people) == by_the_records(people), restriction


def test_the_other_parents_tie_is_no_answer_for_a_stranger(people):
    asked = TieIsLive(F("pk"), people.dylan.pk)
    assert not Pupil.objects.filter(pk=people.mali.pk).values_list(asked, flat=True).get()
    assert answers(people)[0]
