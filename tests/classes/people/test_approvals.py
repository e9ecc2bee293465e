"""Test what the office asks of senior leaders about an adult, and their answers (PA-2)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from classes.enums import Suggestion
from classes.joining.approvals import approve_adult
from classes.joining.requests import NothingToApprove, ask_for_approval, refuse_adult
from classes.joining.waiting import adults_waiting, guardianships_waiting
from classes.models.guardianships import Guardianship
from classes.models.joining import ApprovalRequest, Invitation
from classes.own_children import OwnChild
from malpas.lib.errors import RuleViolation
from tests.classes.people.test_pages import send, words
from tests.clock import at
from tests.people import give_account, make_contact, make_staff
from tests.sentences.classes import (
    ASKED_LEADERS,
    CODE_APPROVED,
    LEADER_APPROVES_FIRST,
    LEADERS_ARE_ASKED,
    NOBODY_TO_APPROVE,
    OFFICE_ASKED_ON,
    REFUSED_ADULT,
)
from tests.sentences.portal import ADULTS_WAIT_FOR_APPROVAL, ORDER_WAITS
from tests.sentences.reading import says

pytestmark = pytest.mark.policy("PA-2")
NOW = at("2026-11-10 10:00")
WHY = "She fetches Efa on four days of five."


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def nain(people) -> Guardianship:
    facts = {"relationship": "grandmother", "suggestion": Suggestion.CONTACT_ONLY}
    return Guardianship.objects.create(pupil=people.efa, contact=make_contact("Ann", "Abel"), **facts)


@pytest.fixture
def third(people, make_guardianship) -> Guardianship:
    return make_guardianship(people.mali, contact=make_contact("Ann", "Third"))


def path_of(guardianship: Guardianship, act: str) -> str:
    return f"/people/connection/{guardianship.pk}/{act}/"


def ask(people, guardianship: Guardianship, by="office") -> ApprovalRequest:
    return ask_for_approval(
        guardianship=guardianship, reason=WHY, by=people.actor(getattr(people, by)), at=NOW
    )


def test_the_office_reads_whom_to_ask_and_asks_once(people, office, nain):
    page = words(office.get(f"/people/invite/{nain.pk}/"))
    assert says(page, LEADER_APPROVES_FIRST) and "Mrs Vaughan" in page and "Mr Rees" in page
    for _twice in range(2):
        answer = office.post(path_of(nain, "ask"), {"reason": WHY}, follow=True)
        assert says(words(answer), LEADERS_ARE_ASKED)
    page = words(office.get(f"/people/invite/{nain.pk}/"))
    assert says(page, OFFICE_ASKED_ON, who="Mrs Lewis", reason=WHY)
    assert ApprovalRequest.objects.count() == 1
    notified = set(Notification.objects.filter(kind="approval").values_list("recipient", flat=True))
    assert notified == {people.head.user.pk, people.deputy.user.pk}
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_question_without_a_reason_is_asked_again(office, nain, reason):
    assert office.post(path_of(nain, "ask"), {"reason": reason}).status_code == 422
    assert not ApprovalRequest.objects.exists()


def test_only_an_adult_who_needs_it_is_asked_about(people, make_guardianship):
    with pytest.raises(NothingToApprove):
        ask(people, make_guardianship())
    joined = Guardianship.objects.get(contact__user=people.gareth)
    Guardianship.objects.filter(pk=joined.pk).update(court_order=True)
    with pytest.raises(NothingToApprove):
        ask(people, joined)
    with pytest.raises(RuleViolation):
        ask(people, make_guardianship(people.mali), by="nia")


def test_home_says_how_many_wait_and_leads_to_them(people, office, deputy, nain, third):
    assert [each.guardianship for each in adults_waiting()] == [third]
    ask(people, nain)
    page = words(deputy.get("/"))
    assert says(page, ADULTS_WAIT_FOR_APPROVAL, number=2) and "/people/waiting/" in page
    listed = words(deputy.get("/people/waiting/"))
    for one in (nain, third):
        assert path_of(one, "answer") in listed
    assert WHY in listed and path_of(nain, "answer") not in words(office.get("/people/waiting/"))


def test_a_court_order_to_decide_stands_on_home_and_list(people, deputy):
    order = Guardianship.objects.filter(contact__user=people.gareth)
    order.update(court_order=True)
    assert says(words(deputy.get("/")), ORDER_WAITS, number=1)
    assert path_of(order.get(), "restrict") in words(deputy.get("/people/waiting/"))


def test_a_leader_approves_with_a_reason_that_stays(people, office, deputy, nain):
    ask(people, nain)
    assert send(deputy, path_of(nain, "answer"), answer="approve", reason=" ").status_code == 422
    answer = deputy.post(path_of(nain, "answer"), {"answer": "approve", "reason": "Seen."}, follow=True)
    assert says(words(answer), CODE_APPROVED)
    assert send(office, f"/people/invite/{nain.pk}/")["Content-Type"] == "application/pdf"
    Guardianship.objects.filter(pk=nain.pk).update(court_order=True)  # which ends the approval
    nain.refresh_from_db()
    assert nain.code_approved_by is None
    page = words(office.get(f"/people/child/{people.efa.pk}/"))
    assert (
        says(page, ASKED_LEADERS, adult="Ann Abel", reason=WHY) and "Ann Abel, for Efa Price: Seen." in page
    )
    assert AuditEntry.objects.filter(verb="code.approved", user=people.deputy.user).count() == 1


def test_a_leader_who_approves_unasked_keeps_the_reason_too(people, nain):
    by = people.actor(people.head)
    for _twice in range(2):
        approve_adult(guardianship=nain, by=by, reason=" Seen. ", at=NOW)
    assert ApprovalRequest.objects.get().answer == "Seen."


def test_a_refusal_ends_the_code_and_leaves_the_list(people, deputy, late_for_a_slot):
    late, _invitation, _code = late_for_a_slot()
    assert list(guardianships_waiting()) == [late]
    deputy.post(path_of(late, "answer"), {"answer": "refuse", "reason": "The mother says no."})
    assert not Invitation.objects.open().exists() and not guardianships_waiting().exists()
    page = words(deputy.get(f"/people/child/{people.mali.pk}/"))
    assert says(page, REFUSED_ADULT, adult=str(late.contact), reason="The mother says no.")
    ask(people, late)  # the office may ask again
    assert list(guardianships_waiting()) == [late]


def test_a_stale_refusal_does_not_answer_an_approval(people, deputy, nain):
    ask(people, nain)
    approve_adult(guardianship=nain, by=people.actor(people.head), reason="Seen.", at=NOW)
    answer = deputy.post(path_of(nain, "answer"), {"answer": "refuse", "reason": "No."})
    assert answer.status_code == 422 and says(words(answer), NOBODY_TO_APPROVE)
    assert ApprovalRequest.objects.get().is_approved


def test_who_need_not_be_approved_any_more_leaves_the_list(people, nain):
    ask(people, nain)
    Guardianship.objects.filter(pk=nain.pk).update(relationship="guardian")
    assert adults_waiting() == []


@pytest.mark.parametrize("who", ["office", "nia"])
def test_nobody_but_a_leader_answers(people, nain, who):
    ask(people, nain)
    browser, by = people.client(getattr(people, who)), people.actor(getattr(people, who))
    for answer in ("approve", "refuse"):
        sent = {"answer": answer, "reason": "Mine."}
        assert browser.post(path_of(nain, "answer"), sent).status_code in (403, 404)
    for act in (approve_adult, refuse_adult):
        with pytest.raises(RuleViolation):
            act(guardianship=nain, by=by, reason="Mine.", at=NOW)
    assert ApprovalRequest.objects.get().decided_at is None


def test_a_leader_does_not_answer_about_a_child_of_their_own(people, third):
    own = people.actor(give_account(make_staff("Mr", "Gareth", "Bowen", is_slt=True), people.gareth))
    for act in (approve_adult, refuse_adult):
        with pytest.raises(OwnChild):
            act(guardianship=third, by=own, reason="Mine.", at=NOW)


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


def test_the_database_holds_requests_and_answers(people, nain):
    asked = ApprovalRequest.objects.filter(pk=ask(people, nain).pk)
    row = {"guardianship": nain, "asked_by": people.office.user}
    answer = {"decided_at": NOW, "is_approved": True, "answer": "Seen."}
    assert "one_open" in refused(lambda: ApprovalRequest.objects.create(reason="More.", **row))
    assert "has_a_reason" in refused(
        lambda: ApprovalRequest.objects.create(reason=" ", decided_by=people.head, **row, **answer)
    )
    assert "answer_is_whole" in refused(lambda: asked.update(is_approved=True))
    assert "answer_is_whole" in refused(
        lambda: asked.update(decided_by=people.head, **{**answer, "answer": " "})
    )
    assert "by_a_leader" in refused(lambda: asked.update(decided_by=people.office, **answer))
    asked.update(decided_by=people.head, **answer)
    assert "Cannot update" in refused(lambda: asked.update(answer="Other."))


def asked_of_the_database(browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_list_has_a_fixed_number_of_queries(people, deputy, third, make_guardianship):
    deputy.get("/people/waiting/")
    few = asked_of_the_database(deputy, "/people/waiting/")
    for number in range(5):
        ask(people, make_guardianship(people.mali, contact=make_contact("Ann", f"More{number}")))
    assert asked_of_the_database(deputy, "/people/waiting/") == few
