"""Test what the database itself refuses (PA-9)."""

import pytest
from django.db import Error, connection, transaction

from tests.moderation import scene


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


REMOVAL = """INSERT INTO moderation_decision
    (kind, subject_id, clause, reason, serious_breach, made_by_id, key)
    VALUES ('removal', %s, '', %s, %s, %s, gen_random_uuid())"""


@pytest.mark.policy("PA-9")
def test_a_removal_without_an_earlier_warning_is_refused(people):
    with pytest.raises(Error, match="decision_removal_follows_a_warning"):
        run(REMOVAL, people.nia.pk, "why", False, people.head.pk)
    scene.warn(people)
    run(REMOVAL, people.nia.pk, "why", False, people.head.pk)


@pytest.mark.policy("PA-9")
def test_a_serious_breach_without_a_reason_is_refused(people):
    with pytest.raises(Error, match="decision_serious_has_a_reason"):
        run(REMOVAL, people.nia.pk, "  ", True, people.head.pk)
    run(REMOVAL, people.nia.pk, "A threat.", True, people.head.pk)


@pytest.mark.policy("PA-9")
def test_a_warning_without_a_clause_is_refused(people):
    decision = scene.warn(people)
    with pytest.raises(Error, match="decision_warning_names_a_clause"):
        run(
            "INSERT INTO moderation_decision (kind, subject_id, clause, reason, serious_breach, made_by_id, key)"
            " SELECT kind, subject_id, '', reason, false, made_by_id, gen_random_uuid()"
            " FROM moderation_decision WHERE id = %s",
            decision.pk,
        )


@pytest.mark.parametrize("change", ["reason = 'Never mind.'", "made_by_id = NULL", "kind = 'nothing'"])
def test_a25_a_decision_is_not_changed(people, change):
    decision = scene.warn(people)
    with pytest.raises(Error, match="Cannot update or delete"):
        run(f"UPDATE moderation_decision SET {change} WHERE id = %s", decision.pk)


def test_a25_a_decision_is_not_deleted(people):
    decision = scene.warn(people)
    with pytest.raises(Error, match="Cannot update or delete"):
        run("DELETE FROM moderation_decision WHERE id = %s", decision.pk)


@pytest.mark.policy("TE-7")
@pytest.mark.parametrize(
    "change",
    ["snapshot = '{}'", "note = ''", "category = 'spam'", "made_at = now()", "author_id = reporter_id"],
)
def test_a66_a_report_stays_as_it_was_made(people, change):
    made = scene.report(people, note="Rude.")
    with pytest.raises(Error, match="Cannot update"):
        run(f"UPDATE moderation_report SET {change} WHERE id = %s", made.pk)
    run("UPDATE moderation_report SET closed_at = now() WHERE id = %s", made.pk)


@pytest.mark.policy("TE-7")
def test_a66_a_report_is_not_deleted(people):
    made = scene.report(people)
    with pytest.raises(Error, match="Cannot delete"):
        run("DELETE FROM moderation_report WHERE id = %s", made.pk)
    with pytest.raises(Error):
        made.message.delete()


def test_a_second_report_by_the_same_person_is_refused(people):
    made = scene.report(people)
    copy = (
        "INSERT INTO moderation_report (message_id, author_id, reporter_id, reporter_staff_id, category, note,"
        " snapshot) SELECT message_id, author_id, reporter_id, reporter_staff_id, %s, '', snapshot"
        " FROM moderation_report WHERE id = %s"
    )
    with pytest.raises(Error, match="report_message_once"):
        run(copy, "spam", made.pk)
    run(copy, "risk", made.pk)
    with pytest.raises(Error, match="report_message_risk_once"):
        run(copy, "risk", made.pk)
