"""Test what the database refuses, in plain SQL past the services."""

import pytest
from django.db import Error, transaction

from points.models import Award, Behaviour

pytestmark = pytest.mark.policy("PU-3")

INSERT = """INSERT INTO points_award (pupil_id, behaviour_id, points, note, classroom_id, given_by_id, account_id,
                                      given_at, key, undone_at, undone_by_id)
            SELECT pupil_id, behaviour_id, %s, note, classroom_id, given_by_id, account_id,
                   school_now() + %s::interval, gen_random_uuid(), {undone} FROM points_award"""
COUNTED, UNDONE = INSERT.format(undone="NULL, NULL"), INSERT.format(undone="school_now(), given_by_id")
UNDO = "UPDATE points_award SET undone_at = school_now(), undone_by_id = given_by_id"


def refused(sql, name: str, statement: str, *values) -> None:
    with pytest.raises(Error, match=name), transaction.atomic():
        sql(statement, *values)


@pytest.fixture
def award(people, give) -> Award:
    return give(people.mali)[0]


@pytest.mark.parametrize("points", [1, 5])
def test_an_award_of_one_to_five_is_taken(award, sql, points):
    assert sql(COUNTED, points, "0") == 1


@pytest.mark.parametrize("points", [0, -1, 6])
def test_an_award_below_one_or_above_five_is_refused(award, sql, points):
    refused(sql, "points_1_to_5|points_check", COUNTED, points, "0")


@pytest.mark.parametrize(
    "change",
    [
        "points = 2",
        "note = 'Other words'",
        "given_at = given_at - interval '1 hour'",
        "key = gen_random_uuid()",
        "points = 5, undone_at = school_now(), undone_by_id = given_by_id",
        "note = 'Other words', undone_at = school_now(), undone_by_id = given_by_id",
    ],
)
def test_an_award_is_never_changed(award, sql, change):
    refused(sql, "award_only_undo_within_ten_minutes", f"UPDATE points_award SET {change}")


@pytest.mark.parametrize("column", ["pupil_id", "behaviour_id"])
def test_an_award_never_moves_to_another_child_or_behaviour(award, people, behaviours, sql, column):
    other = people.efa.pk if column == "pupil_id" else behaviours["Effort"].pk
    refused(
        sql,
        "award_only_undo_within_ten_minutes",
        f"UPDATE points_award SET {column} = %s, {UNDO[24:]}",
        other,
    )


def test_an_award_is_never_deleted(award, sql):
    refused(sql, "Cannot delete", "DELETE FROM points_award")
    refused(sql, "Cannot delete", "DELETE FROM points_award WHERE undone_at IS NULL")
    assert Award.objects.count() == 1


def test_an_award_is_undone_within_ten_minutes(award, clock, sql):
    clock.set("2026-11-10 10:09:59")
    assert sql(UNDO) == 1


@pytest.mark.parametrize("late", ["2026-11-10 10:10:00", "2026-11-10 10:11", "2026-12-01 10:00"])
def test_an_award_is_not_undone_after_ten_minutes(award, clock, sql, late):
    clock.set(late)
    refused(sql, "award_only_undo_within_ten_minutes", UNDO)


def test_an_award_is_not_undone_twice_nor_brought_back(award, people, sql):
    assert sql(UNDO) == 1
    refused(sql, "award_only_undo_within_ten_minutes", UNDO)
    refused(sql, "award_only_undo_within_ten_minutes", f"{UNDO[:-11]}%s", people.adeyemi.pk)
    back = "UPDATE points_award SET undone_at = NULL, undone_by_id = NULL"
    refused(sql, "award_only_undo_within_ten_minutes", back)


def test_an_undo_is_signed_and_bears_the_true_time(award, clock, sql):
    clock.set("2026-11-10 10:04")
    refused(sql, "award_undo_is_signed", "UPDATE points_award SET undone_at = school_now()")
    sql("UPDATE points_award SET undone_at = '2020-01-01', undone_by_id = given_by_id")
    award.refresh_from_db()
    assert award.undone_at == clock.set("2026-11-10 10:04")


def test_an_award_does_not_arrive_undone_nor_from_the_future(award, sql):
    assert sql(COUNTED, 1, "-1 hour") == 1
    refused(sql, "award_starts_counted", UNDONE, 1, "0")
    refused(sql, "award_starts_counted", COUNTED, 1, "1 minute")


@pytest.mark.parametrize("points", [0, -1, 6])
def test_a_behaviour_is_worth_one_to_five(behaviours, sql, points):
    refused(sql, "points_1_to_5|points_check", "UPDATE points_behaviour SET points = %s", points)
    refused(
        sql,
        "points_1_to_5|points_check",
        """INSERT INTO points_behaviour (name_en, name_cy, "group", icon, points, "order")
           VALUES ('Late', 'Hwyr', 'learning', 'star', %s, 0)""",
        points,
    )


def test_a_behaviour_with_awards_is_not_deleted(award, sql):
    delete = "DELETE FROM points_behaviour WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE"
    refused(sql, "foreign key", delete, award.behaviour_id)
    assert Behaviour.objects.filter(pk=award.behaviour_id).exists()


def test_one_request_counts_once_for_each_child(award, sql):
    again = """INSERT INTO points_award (pupil_id, behaviour_id, points, note, given_by_id, account_id, key)
               SELECT pupil_id, behaviour_id, points, note, given_by_id, account_id, key FROM points_award"""
    refused(sql, "award_once", again)
