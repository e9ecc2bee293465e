"""Check suspension, oversight with a reason, and figures (TE-4, TE-7)."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.calendar.hours import build_hours, school_hours
from accounts.calendar.services import change_calendar
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure, School
from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.conversations.queries.context import context_of
from messaging.conversations.services.broadcasts import send_to_many, withdraw_broadcast
from messaging.conversations.services.change import change_message, withdraw_message
from messaging.conversations.services.permissions import MessagingSuspended
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from messaging.models.oversight import OversightAccess, Suspension
from messaging.office.services.enquiries import submit_enquiry
from messaging.oversight.access import open_oversight_access
from messaging.oversight.queries import staff_weeks
from messaging.oversight.suspension import ReasonNeeded, lift_suspension, suspend_messaging
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import ARRIVES_AFTER_SUSPENSION
from tests.sentences.portal import STAFF_WROTE_THIS_WEEK

NOW = "2026-11-10 10:00"
NOT_YET = at("9999-01-01 00:00")


def suspend(people, when=NOW, reason="An account was stolen"):
    return suspend_messaging(by=people.actor(people.deputy), at=at(when), reason=reason)


def lift(people, when):
    return lift_suspension(by=people.actor(people.deputy), at=at(when))


def test_while_suspended_nobody_writes_and_everybody_reads(people):
    message = from_parent(people)
    suspend(people)
    for who in (people.nia, people.celyn):
        browser, path = people.client(who), f"/messages/{message.conversation_id}/"
        page = page_text(browser, path)
        assert "castle" in page and "stopped all messages" in page and "<textarea" not in page
        sent = browser.post(path, {"body": "Now?", "key": key()})
        assert sent.status_code == 422 and "stopped all messages" in sent.content.decode()
    for writes in (from_parent, from_class):
        with pytest.raises(MessagingSuspended):
            writes(people)


def test_the_database_takes_no_message_while_suspended(people):
    waiting = from_parent(people, when=QUIET)
    suspend(people)
    again = {"release_at": at(NOW), "key": uuid4(), "body": "x", "author": people.nia, "from_class": False}
    with pytest.raises(IntegrityError, match="not_written_while_suspended"), transaction.atomic():
        Message.objects.create(conversation=waiting.conversation, sent_at=at(NOW), **again)
    with pytest.raises(IntegrityError, match="not_written_while_suspended"), transaction.atomic():
        Message.objects.filter(pk=waiting.pk).update(body="Changed")


def test_messages_arrive_at_the_opening_after_a_suspension(people, clock):
    waiting = from_parent(people, "Three boxes", when=QUIET)
    clock.set(QUIET)
    suspend(people, QUIET)
    clock.set(ARRIVES)
    assert announce_due() == 0
    assert page_text(people.client(people.celyn), "/messages/").count("Three boxes") == 0
    clock.set("2026-11-16 20:00")
    assert lift(people, "2026-11-16 20:00")
    waiting.refresh_from_db()
    assert waiting.release_at == at("2026-11-17 08:30")
    clock.set("2026-11-17 08:30")
    assert announce_due() == 1


def test_lifted_in_working_hours_what_waited_arrives_at_once(people, clock):
    waiting = from_parent(people, when=QUIET)
    clock.set(QUIET)
    suspend(people, QUIET)
    clock.set("2026-11-16 11:00")
    lift(people, "2026-11-16 11:00")
    waiting.refresh_from_db()
    assert waiting.release_at == at("2026-11-16 11:00")


def test_a_calendar_change_releases_nothing_while_suspended(people, clock):
    waiting = from_parent(people, when=QUIET)
    clock.set(QUIET)
    suspend(people, QUIET)
    with change_calendar(by=None, why="test"):
        pass
    waiting.refresh_from_db()
    assert waiting.release_at == NOT_YET.replace(tzinfo=waiting.release_at.tzinfo)


def test_a_message_that_waits_may_be_withdrawn_and_not_changed(people, clock):
    waiting = from_parent(people, when=QUIET)
    clock.set(QUIET)
    suspend(people, QUIET)
    page = page_text(people.client(people.nia), f"/messages/{waiting.conversation_id}/")
    assert ARRIVES_AFTER_SUSPENSION in page and "/messages/change/" not in page
    nia = {"by": people.actor(people.nia), "at": at(QUIET)}
    with pytest.raises(MessagingSuspended):
        change_message(waiting, body="Other words", **nia)
    withdraw_message(waiting, **nia)


def test_F34_no_mail_about_a_message_leaves_while_suspended(people, clock):
    from_parent(people)
    assert announce_due() == 1
    assert Delivery.objects.due().count() == 1
    suspend(people)
    assert Delivery.objects.due().count() == 0
    clock.set("2026-11-10 11:00")
    lift(people, "2026-11-10 11:00")
    assert Delivery.objects.due().count() == Notification.objects.count() == 1


def test_arrivals_are_announced_after_the_suspension(people):
    from_parent(people)
    suspend(people)
    assert announce_due() == 0 and Message.objects.arrived().count() == 1
    lift(people, NOW)
    assert announce_due() == 1


def test_an_absence_reaches_the_office_while_suspended(people):
    suspend(people)
    enquiry = submit_enquiry(
        topic="other",
        pupils=[people.mali],
        by=people.actor(people.nia),
        at=at(NOW),
        key=uuid4(),
        body="Rain",
    )
    assert enquiry in Enquiry.objects.visible_to(people.actor(people.office))


def test_the_page_suspends_and_resumes_with_a_reason(people):
    deputy = people.client(people.deputy)
    assert deputy.post("/oversight/suspend/", {"reason": " . "}).status_code == 422
    assert not Suspension.objects.exists()
    assert deputy.post("/oversight/suspend/", {"reason": "Stolen account"}).status_code == 302
    assert (
        "Stolen account" in page_text(deputy, "/oversight/") and School.objects.get().messaging_suspended_at
    )
    assert deputy.post("/oversight/resume/").status_code == 302
    assert School.objects.get().messaging_suspended_at is None
    verbs = set(AuditEntry.objects.filter(verb__startswith="messaging.").values_list("verb", flat=True))
    assert verbs == {"messaging.suspended", "messaging.lifted"}


def test_one_suspension_runs_at_a_time_and_has_a_reason(people):
    first = suspend(people)
    assert suspend(people, reason="Again") == first
    for fields in ({"reason": "Twice"}, {"reason": " ", "lifted_at": at(NOW), "lifted_by": people.deputy}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.create(by=people.deputy, **fields)


def test_only_senior_leaders_suspend_and_oversee(people):
    conversation = from_parent(people).conversation
    for who in (people.nia, people.celyn, people.office):
        actor = people.actor(who)
        with pytest.raises(PermissionDenied):
            suspend_messaging(by=actor, at=at(NOW), reason="No")
        with pytest.raises(PermissionDenied):
            lift_suspension(by=actor, at=at(NOW))
        with pytest.raises(PermissionDenied):
            open_oversight_access(conversation, by=actor, at=at(NOW), reason="No")


@pytest.mark.policy("TE-7")
def test_a_leader_reads_a_conversation_after_writing_down_why(people):
    message = from_parent(people, "Something unkind")
    deputy = people.client(people.deputy)
    assert deputy.get(f"/messages/{message.conversation_id}/").status_code == 404
    assert f"/oversight/begin/{message.conversation_id}/" in page_text(deputy, "/oversight/?child=Mali")
    begin = f"/oversight/begin/{message.conversation_id}/"
    assert "Something unkind" not in page_text(deputy, begin)
    assert deputy.post(begin, {"reason": ""}).status_code == 422 and not OversightAccess.objects.exists()
    page = deputy.post(begin, {"reason": "The parent rang"}, follow=True).content.decode()
    assert "Something unkind" in page and "The parent rang" in page and "<textarea" not in page
    entry = AuditEntry.objects.get(verb="conversation.overseen")
    assert entry.staff == people.deputy and entry.detail == {
        "oversight_access": OversightAccess.objects.get().pk
    }


@pytest.mark.policy("TE-7")
def test_no_list_shows_a_leader_what_a_family_wrote(people):
    conversation = from_parent(people).conversation_id
    browser = people.client(people.deputy)
    for address in ("/", "/oversight/", "/oversight/?child=Mali", f"/oversight/begin/{conversation}/"):
        assert "castle" not in page_text(browser, address), address
    assert "Mali" in page_text(browser, "/oversight/?child=Mali")
    assert not AuditEntry.objects.filter(verb="conversation.overseen").exists()


def test_an_oversight_access_is_personal_and_ends_in_an_hour(people, clock):
    message = from_parent(people)
    oversight_access = open_oversight_access(
        message.conversation, by=people.actor(people.deputy), at=at(NOW), reason="Why"
    )
    assert (
        people.client(people.deputy).get(f"/oversight/conversation/{hide(oversight_access.pk)}/").status_code
        == 200
    )
    assert (
        people.client(people.head).get(f"/oversight/conversation/{hide(oversight_access.pk)}/").status_code
        == 404
    )
    clock.set("2026-11-10 11:00")
    assert (
        people.client(people.deputy).get(f"/oversight/conversation/{hide(oversight_access.pk)}/").status_code
        == 404
    )


def test_earlier_messages_of_an_overseen_conversation_are_linked(people, clock):
    clock.set(NOW)
    School.objects.update(messages_an_hour=100)
    messages = [from_parent(people, f"Number {number}.") for number in range(21)]
    opened = open_oversight_access(
        messages[0].conversation, by=people.actor(people.deputy), at=at(NOW), reason="Why"
    )
    browser, path = people.client(people.deputy), f"/oversight/conversation/{hide(opened.pk)}/"
    page = page_text(browser, path)
    assert "Number 1." in page and "Number 0." not in page
    older = re.search(r'href="(\?before=\d+)"', page)
    assert older and "Number 0." in page_text(browser, path + older[1])


@pytest.mark.policy("PA-6")
def test_a_leader_does_not_see_what_waits(people, clock):
    from_parent(people, "Arrived")
    waiting = from_parent(people, "Not yet", when=QUIET)
    clock.set(QUIET)
    oversight_access = open_oversight_access(
        waiting.conversation, by=people.actor(people.deputy), at=at(QUIET), reason="Why"
    )
    page = page_text(people.client(people.deputy), f"/oversight/conversation/{hide(oversight_access.pk)}/")
    assert "Arrived" in page and "Not yet" not in page


def test_the_database_guards_oversight_accesses(people):
    conversation = from_parent(people).conversation
    for fields in ({"by": people.deputy, "reason": " "}, {"by": people.pritchard, "reason": "Curious"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OversightAccess.objects.create(conversation=conversation, **fields)
    oversight_access = open_oversight_access(
        conversation, by=people.actor(people.deputy), at=at(NOW), reason="Why"
    )
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        OversightAccess.objects.filter(pk=oversight_access.pk).update(reason="Another")
    with pytest.raises(ReasonNeeded):
        open_oversight_access(conversation, by=people.actor(people.deputy), at=at(NOW), reason="–")


@pytest.mark.policy("TE-4")
def test_leaders_see_anonymous_figures_of_late_writing(people):
    for when in ("2026-11-09 10:00", "2026-11-09 20:00", "2026-11-08 11:00"):
        from_class(people, when=when)
    from_parent(people, when="2026-11-09 21:00")
    this, last, *older = staff_weeks(now=at(NOW), hours=school_hours(people.school))
    assert (this.starts, this.written, this.late, this.share) == (date(2026, 11, 9), 2, 1, 50)
    assert (last.written, last.late, len(older)) == (1, 1, 4)
    page = page_text(people.client(people.head), "/oversight/")
    assert "50%" in page and "Pritchard" not in page
    assert STAFF_WROTE_THIS_WEEK % {"written": "2", "late": "1"} in page_text(people.client(people.head), "/")


@pytest.mark.policy("TE-4")
def test_a_broadcast_counts_once_whatever_closes_later(people, clock):
    by = people.actor(people.celyn)
    for when in ("2026-11-09 10:00", "2026-11-09 20:00"):
        send_to_many(pupils=[people.mali, people.efa], by=by, at=at(when), body="Boots", key=uuid4())
    gone = from_class(people, when="2026-11-09 21:00")
    clock.set("2026-11-09 21:00")
    withdraw_message(gone, by=by, at=at("2026-11-09 21:00"))
    Closure.objects.create(
        starts=date(2026, 11, 9), ends=date(2026, 11, 9), kind="closed", name="Written in later"
    )
    this, *_older = staff_weeks(now=at(NOW), hours=build_hours())
    assert (this.written, this.late) == (2, 1)


def test_leaders_read_which_conversation_was_opened(people):
    conversation = from_parent(people).conversation
    open_oversight_access(conversation, by=people.actor(people.deputy), at=at(NOW), reason="A complaint")
    page = page_text(people.client(people.head), "/admin/messaging/oversightaccess/")
    assert "Nia Bowen, about Mali Bowen" in page and "A complaint" in page


def test_F35_leaders_read_nothing_of_a_writer_without_the_right(people, clock):
    known = from_parent(people, "Known words")
    announce_due()
    clock.set(QUIET)
    barred = from_parent(people, "Words that never arrive", when=QUIET)
    answer = from_class(people, "An answer", when=QUIET)
    guardianships = Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia)
    guardianships.update(
        restriction="messaging_paused", restriction_note="An order."
    )  # by a path that withdraws nothing
    clock.set(ARRIVES)
    page = people.client(people.deputy).post(
        f"/oversight/begin/{known.conversation_id}/", {"reason": "A complaint"}, follow=True
    )
    text = page.content.decode()
    assert known.body in text and answer.body in text and barred.body not in text
    assert [line["body"] for line in context_of(known)] == [known.body, answer.body]


def test_the_audit_hides_changes_of_a_pending_message(people, clock):
    message = from_parent(people, when=QUIET)
    clock.set(QUIET)
    change_message(message, by=people.actor(people.nia), at=at(QUIET), body="Other words")
    withdraw_message(message, by=people.actor(people.nia), at=at(QUIET))
    assert AuditEntry.objects.filter(about=f"messaging.message:{message.pk}").count() == 2
    by = people.actor(people.celyn)
    broadcast = send_to_many(pupils=[people.mali], by=by, at=at(QUIET), body="Boots", key=uuid4())
    withdraw_broadcast(broadcast, by=by, at=at(QUIET))
    page = page_text(people.client(people.head), "/admin/accounts/auditentry/")
    assert "Nia Bowen" not in page and f"messaging.message:{message.pk}" not in page
    assert "sent_to_many" in page and "withdrawn_together" not in page
