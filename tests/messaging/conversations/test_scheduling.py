from contextlib import suppress
from datetime import date
from threading import Barrier, Thread
from time import sleep
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from accounts.access import remove_access
from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import User
from accounts.models.school import Closure, School
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from messaging.conversations.services.change import AlreadyArrived, withdraw_message
from messaging.conversations.services.closing import hide_message, withdraw_waiting_of
from messaging.conversations.services.scheduling import announce_due
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message
from messaging.tasks import announce
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent
from tests.people import make_staff
from tests.sentences.messaging import MESSAGE_ARRIVED
from tests.waiting_names import named


def notices() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk").select_related("recipient")
    return [(row.recipient.name, named(row, row.title)) for row in rows]


def test_class_and_staff_are_notified_without_the_text(people):
    people.celyn.staff.add(make_staff("Ms", "Lowri", "Hughes", personal=True))
    from_parent(people, "Private words")
    assert announce_due() == 1
    title = MESSAGE_ARRIVED % {"child": "Mali"}
    assert sorted(notices()) == [("Celyn", title), ("Ms Hughes", title)]
    assert Delivery.objects.count() == 2
    assert "Private" not in " ".join(f"{mail.subject} {mail.body}" for mail in Delivery.objects.all())


def test_only_the_parent_of_the_conversation_is_notified(people):
    from_class(people)
    announce_due()
    assert [name for name, _title in notices()] == ["Nia Bowen"]


def test_everybody_is_notified_once(people):
    message = from_parent(people)
    assert [announce_due(), announce_due()] == [1, 0]
    assert Notification.objects.count() == 1
    message.refresh_from_db()
    assert message.announced_at == at("2026-11-10 10:00")


def test_a_message_is_announced_at_its_time_and_no_earlier(people, clock):
    clock.set(QUIET)
    from_parent(people, when=QUIET)
    for moment, number in [("2026-11-16 08:29:59", 0), (ARRIVES, 1)]:
        clock.set(moment)
        assert announce() == number


def test_f18_what_fell_due_days_ago_is_still_announced_in_order(people, clock):
    for body, when in [
        ("One", "2026-11-13 10:00"),
        ("Two", "2026-11-13 10:01"),
        ("Three", "2026-11-13 18:00"),
    ]:
        from_parent(people, body, when=when)
    clock.set("2026-11-25 10:00")
    assert announce_due(limit=2) == 2
    assert set(Message.objects.filter(announced_at__isnull=True).values_list("body", flat=True)) == {"Three"}
    assert announce_due() == 1


@pytest.mark.policy("TE-4")
def test_f19_late_notifications_wait_for_the_next_opening(people, clock):
    from_parent(people)
    clock.set("2026-11-10 18:05")
    assert announce_due() == 1
    assert set(Notification.objects.values_list("release_at", flat=True)) == {at("2026-11-11 08:30")}
    assert set(Delivery.objects.values_list("next_attempt_at", flat=True)) == {at("2026-11-11 08:30")}
    (entry,) = AuditEntry.objects.filter(verb="arrivals.announced_late")
    assert entry.detail == {"messages": 1, "minutes": 485, "held_until": "2026-11-11T08:30:00+00:00"}
    assert {n.recipient for n in Notification.objects.filter(kind="late")} == {
        people.head.user,
        people.deputy.user,
    }


def test_the_command_sweeps_and_delivers(people, capsys):
    from_parent(people)
    call_command("sweep")
    assert "announce-messages: 1\n" in (said := capsys.readouterr().out) and "deliver-mail: 1\n" in said


def test_a_removal_withdraws_pending_messages_of_both_sides(people, clock):
    clock.set(QUIET)
    mine, theirs = from_parent(people, when=QUIET), from_class(people, when=QUIET)
    other = from_parent(people, parent=people.gareth, when=QUIET)
    assert withdraw_waiting_of(people.nia, at=at(QUIET)) == 2
    reasons = {m.pk: m.withdrawn_because for m in Message.objects.all()}
    assert reasons == {
        mine.pk: WithdrawnBecause.WRITER_REMOVED,
        theirs.pk: WithdrawnBecause.READER_REMOVED,
        other.pk: "",
    }


def test_what_had_arrived_before_the_removal_stays(people, clock):
    arrived = from_parent(people)
    assert withdraw_waiting_of(people.nia, at=at("2026-11-10 10:00")) == 0
    arrived.refresh_from_db()
    assert arrived.withdrawn_at is None


@pytest.mark.parametrize(
    ("send", "change", "because"),
    [
        (from_parent, {"ended_at": at("2026-11-14 10:00")}, WithdrawnBecause.WRITER_REMOVED),
        (
            from_parent,
            {"restriction": Restriction.MESSAGING_PAUSED, "restriction_note": "Why"},
            WithdrawnBecause.WRITER_REMOVED,
        ),
        (from_class, {"ended_at": at("2026-11-14 10:00")}, WithdrawnBecause.READER_REMOVED),
        (
            from_class,
            {"restriction": Restriction.NO_ACCESS, "restriction_note": "Why"},
            WithdrawnBecause.READER_REMOVED,
        ),
    ],
)
def test_the_rights_are_those_of_the_moment_of_arrival(people, clock, send, change, because):
    clock.set(QUIET)
    message = send(people, when=QUIET)
    Guardianship.objects.filter(contact__user=people.nia).update(**change)
    clock.set(ARRIVES)
    assert announce_due() == 0
    message.refresh_from_db()
    assert (message.withdrawn_because, message.announced_at) == (because, None)
    assert not Notification.objects.exists()


def test_a_writer_removed_by_sql_is_stopped_at_the_arrival(people, clock):
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    User.objects.filter(pk=people.nia.pk).update(removed_at=at("2026-11-14 10:00"))
    clock.set(ARRIVES)
    assert announce_due() == 0
    message.refresh_from_db()
    assert message.withdrawn_because == WithdrawnBecause.WRITER_REMOVED


def test_hiding_a_message_cancels_its_announcement_and_mail(people):
    first = from_parent(people)
    announce_due()
    hide_message(first, by=people.actor(people.deputy), at=at("2026-11-10 10:00"))
    assert [mail.state for mail in Delivery.objects.all()] == ["cancelled"]
    second = from_parent(people)
    hide_message(second, by=people.actor(people.deputy), at=at("2026-11-10 10:00"))
    assert announce_due() == 0
    assert AuditEntry.objects.filter(verb="message.hidden").count() == 2


def test_announcing_takes_the_same_queries_for_1_and_30_messages(people, django_assert_num_queries):
    for messages in (1, 30):
        for number in range(messages):
            Message.objects.update(sent_at=F("sent_at"))
            from_class(people, f"{number}")
            from_class(people, f"{number}", parent=people.gareth)
        with django_assert_num_queries(8):
            assert announce_due() == 2 * messages


def inset(first: date, last: date | None = None) -> None:
    Closure.objects.create(kind=ClosureKind.INSET, name="INSET", starts=first, ends=last or first)


def test_f37_a_new_inset_day_moves_pending_messages_a_day(people, clock):
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    assert message.release_at == at(ARRIVES)
    with change_calendar(by=people.actor(people.office), why="INSET"):
        inset(date(2026, 11, 16))
    message.refresh_from_db()
    assert message.release_at == at("2026-11-17 08:30")
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] == 1
    clock.set(ARRIVES)
    assert not Message.objects.visible_to(people.actor(people.celyn)).exists()


def test_f37_a_removed_closure_brings_the_arrival_forward(people, clock):
    with change_calendar(by=None, why="snow"):
        inset(date(2026, 11, 16), date(2026, 11, 18))
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    assert message.release_at == at("2026-11-19 08:30")
    clock.set("2026-11-16 11:00")
    with change_calendar(by=None, why="the snow is gone"):
        Closure.objects.filter(kind=ClosureKind.INSET).delete()
    message.refresh_from_db()
    assert message.release_at == at("2026-11-16 11:00")
    assert Message.objects.visible_to(people.actor(people.celyn)).exists()


def test_f37_what_has_arrived_or_was_withdrawn_is_not_moved(people, clock):
    arrived = from_parent(people)
    clock.set(QUIET)
    withdrawn = from_parent(people, when=QUIET)
    Message.objects.filter(pk=withdrawn.pk).update(withdrawn_at=at(QUIET))
    with change_calendar(by=None, why="INSET"):
        inset(date(2026, 11, 16))
    assert [Message.objects.get(pk=m.pk).release_at for m in (arrived, withdrawn)] == [
        arrived.release_at,
        withdrawn.release_at,
    ]


def test_f37_notices_that_wait_move_with_the_calendar(people, clock):
    from_parent(people)
    clock.set("2026-11-10 18:05")
    announce_due()
    with change_calendar(by=None, why="snow"):
        inset(date(2026, 11, 11))
    assert set(Notification.objects.values_list("release_at", flat=True)) == {at("2026-11-12 08:30")}
    assert set(Delivery.objects.values_list("next_attempt_at", flat=True)) == {at("2026-11-12 08:30")}


def at_once(number: int, act) -> list[object]:
    """Run `act` in this many threads at once; return each answer."""
    line, answers = Barrier(number), []

    def run() -> None:
        line.wait()
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.fixture
def in_parallel(transactional_db, people, clock):
    yield people
    clock.real()


@pytest.mark.django_db(transaction=True)
def test_F16_two_runs_at_once_announce_everything_once(in_parallel):
    people = in_parallel
    for number in range(19):
        from_parent(people, f"{number}")
    answers = at_once(5, announce_due)
    assert sum(answers) == 19
    assert Notification.objects.count() == Delivery.objects.count() == 19
    assert not Message.objects.filter(announced_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_F32_twenty_requests_at_once_send_one_message(in_parallel):
    people, key = in_parallel, uuid4()

    def send() -> int:
        return from_parent(people, key=key).pk

    answers = at_once(20, send)
    assert answers == [Message.objects.get().pk] * 20


@pytest.mark.django_db(transaction=True)
def test_F32_two_first_messages_at_once_share_a_conversation(in_parallel):
    people, turns = in_parallel, iter([from_parent, from_class] * 4)
    answers = at_once(8, lambda: next(turns)(people).conversation_id)
    assert len(answers) == 8 and len(set(answers)) == 1


@pytest.mark.django_db(transaction=True)
def test_F35_a_removal_and_a_message_at_once_leave_none_pending(in_parallel, clock):
    people = in_parallel
    clock.set(QUIET)
    head, nia = people.actor(people.head), User.objects.get(pk=people.nia.pk)

    def remove() -> None:
        with transaction.atomic():
            remove_access(nia, by=head, at=at(QUIET))
            withdraw_waiting_of(nia, at=at(QUIET))

    turns = iter([lambda: from_parent(people, when=QUIET)] * 6 + [remove])
    at_once(7, lambda: next(turns)())
    assert not Message.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_F37_no_message_slips_past_a_change_of_the_calendar(in_parallel, clock):
    people = in_parallel
    clock.set(QUIET)
    School.objects.here()

    def close() -> None:
        with change_calendar(by=None, why="INSET"):
            inset(date(2026, 11, 16))

    turns = iter(
        [lambda: from_parent(people, when=QUIET)] * 4 + [close] + [lambda: from_class(people, when=QUIET)] * 4
    )
    at_once(9, lambda: next(turns)())
    assert Message.objects.count() == 8
    assert set(Message.objects.values_list("release_at", flat=True)) == {at("2026-11-17 08:30")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.policy("PA-6")
def test_a_withdrawal_racing_with_the_arrival_ends_in_one_state(in_parallel, clock):
    people = in_parallel
    clock.set("2026-11-16 08:29:00")
    sent = [from_parent(people, f"{n}", when="2026-11-16 08:29:00") for n in range(18)]
    by = people.actor(people.nia)
    clock.run_from("2026-11-16 08:29:59.450")

    def sweep() -> None:
        for _turn in range(30):
            announce_due(limit=3)
            sleep(0.03)

    def withdraw() -> None:
        for message in sent:
            sleep(0.03)
            with suppress(AlreadyArrived):
                withdraw_message(message, by=by, at=at("2026-11-16 08:29:59"))

    turns = iter([sweep, sweep, withdraw])
    at_once(3, lambda: next(turns)())
    announce_due()
    ends = [(bool(m.withdrawn_at), bool(m.announced_at)) for m in Message.objects.all()]
    assert set(ends) == {(True, False), (False, True)}


def test_a_run_with_nothing_to_do_takes_one_query(people, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert announce_due() == 0
