"""What pages read by a statement of their own is what the plain queryset reads."""

import pytest
from django.db import connection
from django.db.models import F
from django.utils.timezone import localtime

from accounts.models.people import User
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from classes.queries import children_of, is_read
from tests.clock import at
from tests.people import guardianship

EVERYBODY = ("nia", "gareth", "sioned", "dylan", "kai", "head", "deputy", "office", "celyn", "derwen", "mali")


def values(child: Pupil) -> tuple[dict[str, object], str | None]:
    own = {field.attname: getattr(child, field.attname) for field in Pupil._meta.concrete_fields}
    return own, child.classroom and child.classroom.name


def read_both_ways(people) -> tuple[dict, dict]:
    """Return the children of everybody, by name: as pages read them, and as the plain queryset does."""
    actors = {name: people.actor(getattr(people, name)) for name in EVERYBODY}
    plain = Pupil.objects.select_related("classroom")
    return (
        {name: [values(child) for child in children_of(actor)] for name, actor in actors.items()},
        {
            name: [values(child) for child in plain.of_parent(actor.user).by_name()]
            for name, actor in actors.items()
        },
    )


def names(found: dict) -> dict[str, list[str]]:
    return {name: [own["preferred_forename"] for own, _room in rows] for name, rows in found.items() if rows}


LIVE = {"nia": ["Mali"], "gareth": ["Mali"], "sioned": ["Efa", "Tomos"], "dylan": ["Rhys"]}


def test_everybody_has_the_children_of_the_plain_queryset(people):
    read, plain = read_both_ways(people)
    assert names(read) == LIVE
    assert read == plain


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"restriction": "no_access", "restriction_note": "A court order"}, []),
        ({"restriction": "messaging_paused", "restriction_note": "For a week"}, ["Mali"]),
        ({"ended_at": F("joined_at")}, []),
        ({"joined_at": None}, []),
    ],
)
def test_a_changed_guardianship_changes_both_alike(people, change, left):
    Guardianship.objects.filter(contact__user=people.nia).update(**change)
    read, plain = read_both_ways(people)
    assert names(read).get("nia", []) == left
    assert read == plain


def test_a_child_without_a_class_has_none(people, django_assert_num_queries):
    Pupil.objects.filter(pk=people.mali.pk).update(classroom=None)
    with django_assert_num_queries(1):
        (mali,) = children_of(people.actor(people.nia))
        assert mali.classroom is None


def test_a_child_who_leaves_today_is_in_neither(people, clock):
    now = clock.set("2026-11-13 12:00")
    Pupil.objects.filter(pk=people.mali.pk).update(left_on=localtime(now).date())
    read, plain = read_both_ways(people)
    assert names(read) == {name: found for name, found in LIVE.items() if found != ["Mali"]}
    assert read == plain


def test_a_deactivated_account_has_no_children(people):
    User.objects.filter(pk=people.sioned.pk).update(is_active=False)
    read, plain = read_both_ways(people)
    assert "sioned" not in names(read)
    assert read == plain


def test_a_child_linked_twice_comes_once(people):
    former = Guardianship.objects.get(contact__user=people.nia)
    Guardianship.objects.filter(pk=former.pk).update(ended_at=F("joined_at"))
    guardianship(former.contact, people.mali)
    read, plain = read_both_ways(people)
    assert names(read) == LIVE
    assert read == plain


def test_children_come_with_their_class_in_one_query(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [child.classroom.name for child in children_of(people.actor(people.sioned))] == [
            "Celyn",
            "Derwen",
        ]


@pytest.mark.parametrize("model", [Pupil, Classroom])
def test_no_column_of_the_statement_needs_converting(model):
    fields = model._meta.concrete_fields
    assert {field.name for field in fields if field.get_db_converters(connection)} == set()


CHANGES = {
    "none": lambda people: None,
    "no account": lambda people: Classroom.objects.filter(pk=people.celyn.pk).update(account=None),
    "inactive": lambda people: User.objects.filter(pk=people.celyn.account_id).update(is_active=False),
    "removed": lambda people: User.objects.filter(pk=people.celyn.account_id).update(
        removed_at=at("2026-11-01 09:00")
    ),
    "no staff": lambda people: people.celyn.staff.clear(),
    "departed": lambda people: people.celyn.staff.update(left_on="2026-11-09"),
    "leaving today": lambda people: people.celyn.staff.update(leaves_on="2026-11-13"),
    "leaving tomorrow": lambda people: people.celyn.staff.update(leaves_on="2026-11-14"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_class_is_read_when_the_plain_queryset_says_so(people, clock, change):
    clock.set("2026-11-13 12:00")
    CHANGES[change](people)
    plain = set(Classroom.objects.read_by_somebody())
    assert {room for room in (people.celyn, people.derwen) if is_read(room)} == plain
    assert (people.celyn in plain) == (change in ("none", "leaving tomorrow"))
