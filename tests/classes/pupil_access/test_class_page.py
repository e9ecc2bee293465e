import pytest
from django.http import Http404

from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from classes.queries import children_of, get_pupil_for, parents_of_class
from tests.clock import at


def restrict(user, restriction):
    Guardianship.objects.filter(contact__user=user).update(
        restriction=restriction, restriction_note="An order."
    )


def test_a_parent_finds_only_their_own_child(people):
    assert get_pupil_for(people.actor(people.nia), people.mali.pk) == people.mali
    for who in (people.dylan, people.sioned):
        with pytest.raises(Http404):
            get_pupil_for(people.actor(who), people.mali.pk)
    with pytest.raises(Http404):
        get_pupil_for(people.actor(people.nia), 10**30)


@pytest.mark.policy("PU-4")
def test_a_pupil_finds_only_themselves(people):
    assert get_pupil_for(people.actor(people.mali), people.mali.pk) == people.mali
    with pytest.raises(Http404):
        get_pupil_for(people.actor(people.mali), people.efa.pk)


@pytest.mark.policy("PA-9")
def test_a_removed_parent_has_no_children_here(people):
    assert Guardianship.objects.filter(contact__user=people.kai, joined_at__isnull=False).exists()
    assert not children_of(people.actor(people.kai))
    assert people.kai not in parents_of_class(people.celyn)


def test_a_barred_parent_has_no_children_and_the_other_no_change(people):
    restrict(people.nia, Restriction.NO_ACCESS)
    assert not children_of(people.actor(people.nia))
    assert children_of(people.actor(people.gareth)) == [people.mali]


def test_parents_of_a_class_are_listed_once_each(people, make_guardianship):
    make_guardianship(people.mali, contact=people.sioned.contact)
    assert set(parents_of_class(people.celyn)) == {people.nia, people.gareth, people.sioned}


@pytest.mark.policy("PA-5")
def test_parents_of_the_school_are_listed_once_without_removed(people):
    assert set(parents_of_class(None)) == {people.nia, people.gareth, people.sioned, people.dylan}


def test_paused_messaging_leaves_the_child(people):
    restrict(people.nia, Restriction.MESSAGING_PAUSED)
    assert children_of(people.actor(people.nia)) == [people.mali]


def test_a_child_who_left_is_nobodys_any_more(people):
    assert Guardianship.objects.live().filter(pupil=people.mali).count() == 2
    people.mali.left_on = at("2026-10-01 00:00").date()
    people.mali.save()
    assert not children_of(people.actor(people.nia))
    assert people.nia not in parents_of_class(people.celyn)
    assert not Guardianship.objects.live().filter(pupil=people.mali).exists()
