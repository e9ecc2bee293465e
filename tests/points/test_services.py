from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from accounts.actor import Actor
from accounts.calendar.hours import school_hours
from accounts.models.audit import AuditEntry
from points.enums import BehaviourGroup, Icon
from points.models import Award, Behaviour
from points.services import (
    AlreadyUndone,
    BehaviourRetired,
    NobodyAtTheAccount,
    NobodyChosen,
    NotOfThisClass,
    UndoTooLate,
    undo_awards,
)
from tests.clock import at


@pytest.mark.policy("TE-2")
def test_an_award_is_signed_by_the_named_person(people, give):
    (award,) = give(people.mali, by=people.actor(people.celyn, people.adeyemi))
    assert (award.given_by, award.classroom, award.account) == (
        people.adeyemi,
        people.celyn,
        people.celyn.account,
    )


@pytest.mark.policy("TE-2")
def test_nothing_is_given_without_a_named_person(people, give):
    with pytest.raises(NobodyAtTheAccount):
        give(people.mali, by=Actor(people.celyn.account))


@pytest.mark.parametrize("who", ["nia", "head", "office"])
def test_only_a_class_account_gives_points(people, give, who):
    with pytest.raises(NobodyAtTheAccount):
        give(people.mali, by=people.actor(getattr(people, who)))


@pytest.mark.policy("TE-1")
def test_a_whole_class_is_one_insert(people, give, thirty, django_assert_max_num_queries):
    pupils = list(people.celyn.pupils.all())
    school_hours()  # known to every process that has served a page
    with django_assert_max_num_queries(10):
        assert len(give(*pupils)) == 30


def test_one_child_of_another_class_stops_the_whole_award(people, give):
    with pytest.raises(NotOfThisClass):
        give(people.mali, people.rhys)
    assert not Award.objects.exists()


def test_a_child_who_has_left_is_not_in_the_class(people, give):
    people.efa.left_on = at("2026-11-09 10:00").date()
    people.efa.save()
    with pytest.raises(NotOfThisClass):
        give(people.efa)


def test_an_award_for_nobody_is_refused(people, give):
    with pytest.raises(NobodyChosen):
        give()


@pytest.mark.policy("PU-1")
def test_a_retired_behaviour_stays_on_old_awards_only(people, give, behaviours):
    (old,) = give(people.mali)
    Behaviour.objects.filter(name_en="Sharing").update(retired_at=at("2026-11-10 10:00"))
    with pytest.raises(BehaviourRetired):
        give(people.mali)
    old.refresh_from_db()
    assert old.behaviour.name_en == "Sharing"


@pytest.mark.policy("PU-2")
def test_home_learning_can_name_the_task(people, give):
    (award,) = give(people.mali, behaviour="Home learning task", note="  My castle\u200b  plan ")
    assert (award.points, award.note) == (2, "My castle plan")


def test_the_points_of_an_award_are_those_of_its_day(people, give, behaviours):
    (award,) = give(people.mali)
    Behaviour.objects.filter(name_en="Sharing").update(points=5)
    award.refresh_from_db()
    assert award.points == 1


def test_a_repeated_request_returns_the_first_result(people, give):
    key = uuid4()
    first, second = give(people.mali, people.efa, key=key), give(people.mali, people.efa, key=key)
    assert {a.pk for a in first} == {a.pk for a in second}
    assert Award.objects.count() == 2
    assert AuditEntry.objects.filter(verb="points.awarded").count() == 1


def test_a_used_key_gives_other_children_nothing(people, give):
    key = uuid4()
    first = give(people.mali, key=key)
    assert give(people.mali, people.efa, key=key) == first
    assert Award.objects.count() == 1


@pytest.mark.policy("PU-3")
def test_undoing_undoes_the_whole_award_and_stays_on_record(people, give, clock):
    key = uuid4()
    give(people.mali, people.efa, key=key)
    other = give(people.mali)[0]
    clock.set("2026-11-10 10:09")
    by = people.actor(people.celyn, people.adeyemi)
    undone = undo_awards(key=key, by=by, at=at("2026-11-10 10:09"))
    assert [a.undone_by for a in undone] == [people.adeyemi] * 2
    assert [a.pk for a in Award.objects.counted()] == [other.pk]
    assert AuditEntry.objects.filter(verb="points.undone", staff=people.adeyemi).count() == 1


@pytest.mark.policy("PU-3")
def test_undoing_too_late_or_twice_is_refused_with_a_sentence(people, give, clock):
    early, late = uuid4(), uuid4()
    by = people.actor(people.celyn)
    give(people.mali, key=early)
    undo_awards(key=early, by=by, at=at("2026-11-10 10:00"))
    with pytest.raises(AlreadyUndone, match="already"):
        undo_awards(key=early, by=by, at=at("2026-11-10 10:00"))
    give(people.mali, key=late)
    with pytest.raises(UndoTooLate, match="10 minutes"):
        undo_awards(key=late, by=by, at=clock.set("2026-11-10 10:10"))


@pytest.mark.policy("PU-3")
def test_the_clock_of_the_database_has_the_last_word_on_undoing(people, give, clock):
    key = uuid4()
    give(people.mali, key=key)
    clock.set("2026-11-10 10:10")
    with pytest.raises(UndoTooLate):
        undo_awards(key=key, by=people.actor(people.celyn), at=at("2026-11-10 10:09:59"))
    assert Award.objects.counted().count() == 1


def test_another_class_cannot_undo(people, give):
    key = uuid4()
    give(people.mali, key=key)
    by = people.actor(people.derwen, people.howells)
    assert undo_awards(key=key, by=by, at=at("2026-11-10 10:00")) == []
    assert Award.objects.counted().count() == 1


@pytest.mark.policy("PU-1", "PU-2")
def test_a_new_school_has_a_behaviour_for_each_of_the_policys(db):
    behaviours = {behaviour.name_en: behaviour for behaviour in Behaviour.objects.all()}
    named = {"Sharing", "Helping others", "Good listening", "Ready to learn", "Effort", "Achievement"}
    assert named | {"Working together"} <= set(behaviours)
    assert {b.group for b in behaviours.values()} == set(BehaviourGroup.values)
    assert all(b.name_cy and b.icon in Icon.values for b in behaviours.values())


def test_behaviours_the_school_renamed_do_not_come_back(behaviours):
    Behaviour.objects.filter(name_en="Sharing").update(name_en="Sharing well")
    import_module("points.migrations.0002_starting_behaviours").begin(apps, None)
    assert not Behaviour.objects.filter(name_en="Sharing").exists()


def test_every_icon_is_in_the_sheet(settings):
    sheet = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    assert [icon for icon in Icon.values if f'id="{icon}"' not in sheet] == []
