"""The head hands over once the page has said what changes for both (AU-11)."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from accounts.staff.services import (
    GovernorIsNoHead,
    HeadNeedsAccount,
    NotHead,
    SuccessorChanged,
    hand_over_head,
)
from tests.accounts.staff.pages import leaving
from tests.accounts.staff.pages.sending import page_of, send, words
from tests.clock import Clock, at
from tests.people import give_account, make_people, make_staff, make_user, name_governor
from tests.sentences.accounts import HEAD_CANNOT_BE_TAKEN_BACK, HEAD_STAYS_LEADER
from tests.sentences.reading import says

NOW = "2026-11-10 10:00"
TODAY = "2026-11-10"


def heads() -> list[StaffMember]:
    return list(StaffMember.objects.filter(is_head=True))


def hand_over(row: StaffMember, by, account: int | None = None):
    return hand_over_head(row, by=by, at=at(NOW), seen=account or row.user_id)


@pytest.mark.policy("AU-11")
def test_the_head_hands_over_to_one_successor_on_a_page(people, head, deputy):
    path = page_of(people.deputy, "head/")
    assert f'href="{path}"' in words(head.get(page_of(people.deputy)))
    asked = words(head.get(path))
    assert says(asked, HEAD_STAYS_LEADER) and says(asked, HEAD_CANNOT_BE_TAKEN_BACK, name="Mr Rees")
    assert people.deputy.user.email in asked and heads() == [people.head]
    assert send(head, path).url == page_of(people.deputy)
    assert heads() == [people.deputy]
    people.head.refresh_from_db()
    assert people.head.is_slt and not people.head.is_head
    assert AuditEntry.objects.filter(verb="roles.changed").count() == 2
    notified = Notification.objects.filter(kind="staff_roles").values_list("recipient", flat=True)
    assert {people.head.user_id, people.deputy.user_id} == set(notified)
    assert leaving.end(deputy, people.head, TODAY).status_code == 302
    people.head.refresh_from_db()
    assert people.head.left_on


def test_pressing_twice_hands_over_once(people, head):
    answers = {"seen": people.deputy.user_id}
    for _turn in range(2):
        assert head.post(page_of(people.deputy, "head/"), answers).url == page_of(people.deputy)
    assert heads() == [people.deputy]
    assert AuditEntry.objects.filter(verb="roles.changed").count() == 2


def test_a_successor_who_leads_nobody_yet_becomes_a_senior_leader(people, head):
    assert send(head, page_of(people.office, "head/")).status_code == 302
    people.office.refresh_from_db()
    assert people.office.is_head and people.office.is_slt


@pytest.mark.policy("AU-11")
def test_nobody_but_the_head_hands_over(people, deputy):
    path, answers = page_of(people.office, "head/"), {"seen": people.office.user_id}
    assert [deputy.get(path).status_code, deputy.post(path, answers).status_code] == [403, 403]
    assert f'href="{path}"' not in words(deputy.get(page_of(people.office)))
    for who, status in ((people.office, 403), (people.nia, 404), (people.celyn, 404)):
        assert people.client(who).post(path, answers).status_code == status
    with pytest.raises(NotHead):
        hand_over(people.office, people.actor(people.deputy))
    assert heads() == [people.head]


def test_a_successor_has_an_account_and_stays(people, head):
    leaves = make_staff("Ms", "Ann", "Lloyd", personal=True, leaves_on="2026-12-18")
    removed = make_staff("Ms", "Beca", "Lloyd", personal=True)
    User.objects.filter(pk=removed.user_id).update(removed_at=at(NOW))
    for successor in (people.pritchard, leaves, removed):
        with pytest.raises(HeadNeedsAccount):
            hand_over(successor, people.actor(people.head))
        page = head.get(page_of(successor, "head/"))
        assert page.status_code == 200 and str(HeadNeedsAccount.sentence) in words(page)
        assert "<form" not in words(page).split("<main")[1]
        assert head.post(page_of(successor, "head/"), {"seen": successor.user_id or 1}).status_code == 422
    assert heads() == [people.head]


def test_the_governor_is_no_head(people, head):
    prys = name_governor(make_staff("Dr", "Olwen", "Prys", personal=True))
    with pytest.raises(GovernorIsNoHead):
        hand_over(prys, people.actor(people.head))
    answer = head.post(page_of(prys, "head/"), {"seen": prys.user_id})
    assert answer.status_code == 422 and str(GovernorIsNoHead.sentence) in words(answer)


@pytest.mark.parametrize("seen", ["", "x", "0", "9" * 30, "\x00", None])
def test_another_account_than_the_page_named_is_no_heads(people, head, seen):
    answers = {} if seen is None else {"seen": seen}
    answer = head.post(page_of(people.deputy, "head/"), answers)
    assert answer.status_code == 422 and str(SuccessorChanged.sentence) in words(answer)
    lloyd = give_account(make_staff("Ms", "Ann", "Lloyd"), make_user("Ann Lloyd", "ann@school.example"))
    with pytest.raises(SuccessorChanged):
        hand_over(lloyd, people.actor(people.head), people.deputy.user_id)
    assert heads() == [people.head]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_leave_one_head():
    Clock().set(NOW)
    people = make_people()
    start, refused, by = Barrier(2), [], people.actor(people.head)

    def request(row: StaffMember) -> None:
        start.wait()
        try:
            hand_over(row, by)
        except NotHead:
            refused.append(row)
        finally:
            connection.close()

    threads = [Thread(target=request, args=[row]) for row in (people.deputy, people.office)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1 and len(heads()) == 1 and heads() != refused
