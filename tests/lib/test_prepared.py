"""A query that is written once gives everybody their own rows, also to many who ask at once."""

import sys
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import BooleanField, DateTimeField, Exists, F, OuterRef, TextField
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext

from accounts.models.people import User
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.db.prepared import Prepared, Slot
from tests.clock import at


def of_parent(parent):
    guardianships = Guardianship.objects.live().filter(pupil=OuterRef("pk"), contact__user=parent)
    return Pupil.objects.filter(Exists(guardianships)).select_related("classroom").order_by("pk")


def test_two_who_ask_in_turn_get_their_own_rows(people):
    children = Prepared(lambda: of_parent(Slot("parent")))
    for parent in (people.nia, people.sioned, people.dylan, people.nia):
        mine = list(of_parent(parent))
        assert mine and children(parent=parent.pk) == mine
    assert children(parent=people.celyn.account_id) == []


def test_rows_come_with_what_was_selected_beside_them(people):
    children = Prepared(lambda: of_parent(Slot("parent")).annotate(room=F("classroom__name")))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = [(child.classroom.name, child.room) for child in children(parent=people.sioned.pk)]
    assert found == [("Celyn", "Celyn"), ("Derwen", "Derwen")]
    assert len(asked) == 1


def test_rows_may_be_values_and_bring_others_along(people):
    named = Prepared(
        lambda: Pupil.objects.filter(classroom=Slot("room")).values_list("preferred_forename", "pk")
    )
    assert ("Mali", people.mali.pk) in named(room=people.celyn.pk)
    joined = Prepared(lambda: of_parent(Slot("parent")).values_list(Lower("preferred_forename"), "pk"))
    assert joined(parent=people.nia.pk) == [("mali", people.mali.pk)]
    children = Prepared(lambda: of_parent(Slot("parent")).prefetch_related("guardianships"))
    with CaptureQueriesContext(connection) as asked:
        (mali,) = children(parent=people.nia.pk)
        assert len(asked) == 2
        assert len(mali.guardianships.all()) == 2
    assert len(asked) == 2


def test_a_value_has_its_type_and_is_never_part_of_the_words(people):
    wanted = {"name": Slot("name", TextField()), "is_active": Slot("active", BooleanField())}
    found = Prepared(lambda: User.objects.filter(joined_at__lt=Slot("at", DateTimeField()), **wanted))
    User.objects.filter(pk=people.nia.pk).update(name="Nia ' OR 1=1 --%s", joined_at=at("2026-11-09 10:00"))
    asked = {"name": "Nia ' OR 1=1 --%s", "active": True}
    assert found(at=at("2026-11-10 10:00"), **asked) == [people.nia]
    assert found(at=at("2026-11-08 10:00"), **asked) == []
    assert found(at=at("2026-11-10 10:00"), **asked | {"active": False}) == []


@pytest.mark.parametrize("values", [{}, {"parent": 1, "child": 2}, {"child": 2}])
@pytest.mark.django_db
def test_a_value_too_few_or_too_many_is_refused(values):
    with pytest.raises(TypeError, match="asked with \\['parent'\\]"):
        Prepared(lambda: of_parent(Slot("parent")))(**values)


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_their_own_rows(people):
    found, start, right = Prepared(lambda: User.objects.filter(pk=Slot("who"))), Barrier(4), []

    def ask(user):
        start.wait()
        right.extend(user for _time in range(100) if found(who=user.pk) == [user])
        connection.close()

    users = (people.nia, people.gareth, people.sioned, people.dylan)
    threads, often = [Thread(target=ask, args=[user]) for user in users], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # so that each is broken off in the middle of asking
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(often)
    assert len(right) == 400
