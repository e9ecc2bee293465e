"""Test that the database refuses a third active guardianship (PA-2).

By any path, unless it has an approval of its own.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from classes.models.guardianships import Guardianship
from classes.models.joining import SlotApproval
from tests.clock import at
from tests.people import make_contact

NOW = at("2026-11-10 10:00")
pytestmark = pytest.mark.policy("PA-2")


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error:
        sql(statement, *values)
    return str(error.value)


def approval_for(people, contact, pupil) -> SlotApproval:
    return SlotApproval.objects.create(pupil=pupil, contact=contact, reason="Care.", approved_by=people.head)


def active(pupil) -> int:
    return Guardianship.objects.filter(pupil=pupil, joined_at__isnull=False, ended_at__isnull=True).count()


@pytest.fixture
def third(people, make_guardianship):
    """Make a third adult of Mali, not joined; both slots are taken."""
    guardianship = make_guardianship(people.mali)
    yield guardianship
    assert (
        active(people.mali) - Guardianship.objects.filter(pupil=people.mali, approval__isnull=False).count()
        <= 2
    )


def test_a_third_row_is_not_inserted(people):
    contact = make_contact("Ann", "Third")
    row = (
        "INSERT INTO classes_guardianship (pupil_id, contact_id, relationship, priority, court_order, suggestion,"
        " parental_responsibility, restriction, restriction_note, joined_at, slot)"
        " VALUES (%s, %s, 'other', 3, false, 'invite', true, 'none', '', now(), %s)"
    )
    for slot, rule in [
        (1, "slot_taken"),
        (2, "slot_taken"),
        (3, "two_slots"),
        (0, "two_slots"),
        (None, "joined_holds_a_slot"),
    ]:
        assert f"guardianship_{rule}" in refused(row, people.mali.pk, contact.pk, slot)
    assert active(people.mali) == 2


def test_a_third_row_does_not_become_active(people, third):
    update = "UPDATE classes_guardianship SET joined_at = now(), slot = %s WHERE id = %s"
    for slot in (1, 2, 3, None):
        assert "guardianship_" in refused(update, slot, third.pk)


def test_a_joined_guardianship_never_loses_its_slot(people):
    nia = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    for statement in (
        "UPDATE classes_guardianship SET slot = NULL WHERE id = %s",
        "UPDATE classes_guardianship SET slot = 2 WHERE id = %s",
        "UPDATE classes_guardianship SET slot = 7 WHERE id = %s",
    ):
        assert "guardianship_" in refused(statement, nia.pk)


def test_an_ended_guardianship_stays_ended_once_replaced(people, make_guardianship):
    nia = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    sql("UPDATE classes_guardianship SET ended_at = now() WHERE id = %s", nia.pk)
    other = make_guardianship(people.mali)
    sql("UPDATE classes_guardianship SET joined_at = now(), slot = 1 WHERE id = %s", other.pk)
    back = "UPDATE classes_guardianship SET ended_at = NULL {} WHERE id = %s"
    for slot in ("", ", slot = 2", ", slot = NULL"):
        assert "guardianship_" in refused(back.format(slot), nia.pk)
    assert active(people.mali) == 2


def test_an_active_guardianship_is_not_moved_to_a_full_child(people):
    dylan = Guardianship.objects.get(pupil=people.rhys)
    moved = refused("UPDATE classes_guardianship SET pupil_id = %s WHERE id = %s", people.mali.pk, dylan.pk)
    assert "guardianship_slot_taken" in moved


def test_an_approval_is_for_its_own_adult_and_child(people, third, make_guardianship):
    update = "UPDATE classes_guardianship SET joined_at = now(), approval_id = %s WHERE id = %s"
    for contact, pupil in [(make_contact("Ann", "Other"), people.mali), (third.contact, people.efa)]:
        assert "approval_is_its_own" in refused(update, approval_for(people, contact, pupil).pk, third.pk)
    sql(update, approval_for(people, third.contact, people.mali).pk, third.pk)
    assert active(people.mali) == 3


def test_an_approval_is_used_once(people, third):
    approval = approval_for(people, third.contact, people.mali)
    use = "UPDATE classes_guardianship SET joined_at = now(), approval_id = %s, ended_at = %s WHERE id = %s"
    sql(use, approval.pk, NOW, third.pk)
    again = Guardianship.objects.create(pupil=people.mali, contact=third.contact)
    assert "approval_id" in refused(use, approval.pk, None, again.pk)


def test_an_approved_guardianship_is_not_moved_to_another_pair(people, third):
    sql(
        "UPDATE classes_guardianship SET joined_at = now(), approval_id = %s WHERE id = %s",
        approval_for(people, third.contact, people.mali).pk,
        third.pk,
    )
    for column, other in [("pupil_id", people.efa.pk), ("contact_id", make_contact("Ann", "Other").pk)]:
        moved = refused(f"UPDATE classes_guardianship SET {column} = %s WHERE id = %s", other, third.pk)
        assert "approval_is_its_own" in moved


def test_an_approval_in_use_is_neither_changed_nor_taken_away(people, third):
    approval = approval_for(people, third.contact, people.mali)
    sql(
        "UPDATE classes_guardianship SET joined_at = now(), approval_id = %s WHERE id = %s",
        approval.pk,
        third.pk,
    )
    for statement in (
        "UPDATE classes_slotapproval SET contact_id = contact_id + 1 WHERE id = %s",
        "UPDATE classes_slotapproval SET reason = 'Other' WHERE id = %s",
        "DELETE FROM classes_slotapproval WHERE id = %s",
    ):
        refused(statement, approval.pk)
    assert "holds_a_slot" in refused(
        "UPDATE classes_guardianship SET approval_id = NULL WHERE id = %s", third.pk
    )


def test_a_reason_is_not_blank(people, third):
    insert = (
        "INSERT INTO classes_slotapproval (pupil_id, contact_id, reason, approved_by_id, approved_at)"
        " VALUES (%s, %s, %s, %s, now())"
    )
    for reason in ("", "   ", "\n\t"):
        assert "approval_has_a_reason" in refused(
            insert, people.mali.pk, third.contact_id, reason, people.head.pk
        )
