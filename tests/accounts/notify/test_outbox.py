"""Notifications and the outbox."""

import smtplib
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from celery.canvas import Signature
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.access import remove_access
from accounts.calendar.services import change_calendar
from accounts.clock import school_now
from accounts.enums import DeliveryState
from accounts.models.notifications import NAME, Delivery, Notification
from accounts.models.school import Closure
from accounts.notify.notify import NotificationText, notify
from accounts.notify.outbox import (
    BATCH_SECONDS,
    LEASE,
    _claim,
    _is_final,
    _mark_failed,
    deliver_due,
    queue_mail,
)
from accounts.tasks import deliver
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.celery import app
from messaging.conversations.services.scheduling import announce_due
from points.notifications import notify_families
from stories.notifications import announce
from tests.clock import at
from tests.messaging.school_time import from_class
from tests.sentences.accounts import DO_NOT_ANSWER_THIS_EMAIL
from tests.stories.kit import story


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


class Refusing:
    """A mail server that is down."""

    def __init__(self, *args, **kwargs):
        raise ConnectionRefusedError("nobody answers")


def send(people, *who, key="k", **more) -> int:
    return notify(
        who,
        kind="test",
        key=key,
        text=lambda: NotificationText("News for you", "Something is there.", "/"),
        **more,
    )


def test_no_mail_is_answered_by_a_program(people, outbox):
    queue_mail(address="nia@family.example", subject="Hello", body="Hello.")
    send(people, people.nia)
    assert deliver_due() == 2
    for mailed in outbox:
        headers = mailed.message()
        assert headers["Auto-Submitted"] == "auto-generated" and headers["X-Auto-Response-Suppress"] == "All"


def test_mail_is_sent_once_and_its_text_is_wiped(people, outbox):
    queue_mail(address="nia@family.example", subject="Hello", body="secret 4071", user=people.nia)
    assert (deliver_due(), deliver_due()) == (1, 0)
    row = Delivery.objects.get()
    assert (len(outbox), row.state, row.body) == (1, DeliveryState.SENT, "")
    assert outbox[0].body == "secret 4071"
    assert outbox[0].extra_headers["Message-ID"] == row.message_id


def test_nobody_is_notified_of_the_same_key_twice(people, outbox):
    assert send(people, people.nia, people.sioned) == 2
    assert send(people, people.nia, people.sioned) == 0
    assert Notification.objects.count() == Delivery.objects.count() == 2


def test_each_reads_their_own_language(people, outbox):
    people.sioned.language = "cy"
    people.sioned.save()
    send(people, people.nia, people.sioned)
    bodies = {row.user_id: row.body for row in Delivery.objects.all()}
    assert DO_NOT_ANSWER_THIS_EMAIL in bodies[people.nia.pk]
    assert DO_NOT_ANSWER_THIS_EMAIL not in bodies[people.sioned.pk]


class Slow(EmailBackend):
    """A mail server whose first mail takes three minutes, while another worker runs."""

    clock = None

    def send_messages(self, messages):
        if Slow.clock:
            Slow.clock, clock = None, Slow.clock
            clock.set("2026-11-10 10:03")
            deliver_due()
        return super().send_messages(messages)


def test_mail_behind_a_slow_one_goes_once_with_two_workers(people, outbox, settings, clock, monkeypatch):
    for name in ("nia", "sioned", "dylan"):
        queue_mail(address=f"{name}@family.example", subject=name, body="words")
    settings.EMAIL_BACKEND = "tests.accounts.notify.test_outbox.Slow"
    monkeypatch.setattr(Slow, "clock", clock)
    deliver_due()
    # The slow one itself may go twice, with one Message-ID; those behind it go once.
    sent = sorted(message.subject for message in outbox)
    assert sent == ["dylan", "nia", "nia", "sioned"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_notification_for_later_is_pending(people, outbox, clock):
    send(people, people.nia, release_at=at("2026-11-11 08:30"))
    assert deliver_due() == 0
    assert not Notification.objects.visible_to(people.nia).exists()
    clock.set("2026-11-11 08:30")
    assert deliver_due() == 1
    assert Notification.objects.visible_to(people.nia).exists()


def test_a_mail_server_that_is_down_delays_and_loses_nothing(people, settings, clock, outbox, monkeypatch):
    queue_mail(address="nia@family.example", subject="Hello", body="words", user=people.nia)
    settings.EMAIL_BACKEND = "tests.accounts.notify.test_outbox.Refusing"
    assert deliver_due() == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.body) == (DeliveryState.PENDING, 1, "words")
    assert "ConnectionRefusedError" in row.error
    assert row.next_attempt_at == school_now() + timedelta(minutes=1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver_due() == 0
    clock.set("2026-11-10 10:01")
    assert deliver_due() == 1


def test_mail_of_a_dead_sender_goes_again_with_its_message_id(people, outbox, clock):
    queue_mail(address="nia@family.example", subject="Hello", body="words", user=people.nia)
    claimed = _claim(10)
    assert [row.message_id for row in claimed] == [Delivery.objects.get().message_id]
    assert deliver_due() == 0
    clock.set("2026-11-10 10:03")
    assert deliver_due() == 1
    assert outbox[0].extra_headers["Message-ID"] == claimed[0].message_id


@pytest.mark.policy("PA-9")
def test_mail_of_a_removed_person_is_cancelled(people, outbox):
    send(people, people.nia, people.gareth)
    remove_access(people.nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    assert deliver_due() == 1
    assert [message.to for message in outbox] == [["gareth@family.example"]]
    assert Delivery.objects.get(user=people.nia).state == DeliveryState.CANCELLED


def test_mail_claimed_for_somebody_removed_meanwhile_does_not_go(people, outbox):
    send(people, people.nia)
    type(people.nia).objects.filter(pk=people.nia.pk).update(removed_at=at("2026-11-10 10:00"))
    assert deliver_due() == 0
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


@pytest.mark.policy("TE-4")
def test_mail_delayed_by_a_dead_server_does_not_go_at_night(people, settings, clock, outbox):
    send(people, people.nia)
    settings.EMAIL_BACKEND = "tests.accounts.notify.test_outbox.Refusing"
    assert deliver_due() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.set("2026-11-10 18:05")
    assert deliver_due() == 0
    clock.set("2026-11-11 08:30")
    assert deliver_due() == 1


def test_requested_mail_and_child_risk_pass_quiet_hours(people, clock, outbox):
    clock.set("2026-11-10 22:00")
    queue_mail(address="nia@family.example", subject="Your code", body="4071", user=people.nia)
    send(people, people.deputy.user, key="risk", any_hour=True)
    send(people, people.gareth, key="news")
    assert deliver_due() == 2
    assert {message.to[0] for message in outbox} == {"nia@family.example", "huw.rees@school.example"}


@pytest.mark.policy("TE-4")
def test_mail_without_a_notice_is_rescheduled_too(people, clock, outbox):
    clock.set("2026-11-13 20:00")
    queue_mail(address="kai@family.example", subject="x", body="x", not_before=at("2026-11-16 08:30"))
    with change_calendar(by=None, why="snow"):
        Closure.objects.create(kind="inset", name="Snow", starts=date(2026, 11, 16), ends=date(2026, 11, 16))
    for moment, sent in [("2026-11-16 08:30", 0), ("2026-11-17 08:29", 0), ("2026-11-17 08:30", 1)]:
        clock.set(moment)
        assert deliver_due() == sent


def test_mail_cancelled_while_sending_is_not_retried_empty(people, settings, clock, outbox):
    queue_mail(address="nia@family.example", subject="Hello", body="words", user=people.nia)
    (row,) = _claim(1)
    Delivery.objects.cancel()
    _mark_failed(row, TimeoutError(), certain=False)
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def later_refusal(*codes: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({f"{code}@x": (code, b"no") for code in codes})


@pytest.mark.parametrize(
    ("error", "attempt", "final"),
    [
        (later_refusal(450), 6, False),  # 'come again later' is no 'never'
        (later_refusal(550), 5, False),
        (later_refusal(550), 6, True),
        (smtplib.SMTPDataError(554, b"no"), 75, False),
        (ConnectionRefusedError(), 76, True),
        (ValueError("no mail can be made of it"), 6, True),
    ],
)
def test_what_is_final_and_what_is_tried_again(error, attempt, final):
    assert _is_final(error, attempt) is final


def test_mail_takes_the_time_that_celery_leaves_it():
    longest = BATCH_SECONDS + 10 * 8  # a word of the server takes ten seconds at most, a mail has eight
    assert longest < app.conf.task_soft_time_limit < app.conf.task_time_limit < 600
    assert LEASE.total_seconds() > 10 * 8


def asked_for(monkeypatch, make, capture) -> list[str]:
    """Return the tasks that the web asks for after the commit of `make`."""
    asked: list[str] = []
    monkeypatch.setattr(Signature, "apply_async", lambda task, **_more: asked.append(task.task))
    with capture(execute=True):
        make()
    return asked


def test_what_may_go_at_any_hour_is_asked_for_at_once(
    people, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.CELERY_BROKER_URL = f"memory://{uuid4()}"
    code = partial(queue_mail, address="x@family.example", subject="x", body="x")
    later = partial(code, not_before=at("2026-11-11 08:30"))
    asked = asked_for(monkeypatch, code, django_capture_on_commit_callbacks)
    assert asked == [deliver.name]
    assert asked_for(monkeypatch, later, django_capture_on_commit_callbacks) == []


def renamed_while_it_waits(people, outbox, queue, rename) -> list[str]:
    """Return what is sent after the mail server was down while somebody got another name."""
    queue()
    assert Delivery.objects.filter(state=DeliveryState.PENDING).exists()
    rename()
    deliver_due()
    return [f"{sent.subject} {sent.body}" for sent in outbox]


def test_a_childs_new_name_stands_in_mail_that_waited(people, clock, outbox):
    now = clock.set("2026-11-10 10:00")
    queue = partial(notify_families, {people.mali.pk: 2}, now)
    rename = partial(Pupil.objects.filter(pk=people.mali.pk).update, preferred_forename="Olwen")
    texts = renamed_while_it_waits(people, outbox, queue, rename)
    assert texts and all("Olwen" in text and "Mali" not in text for text in texts)
    assert {"Olwen" in subject for subject in Delivery.objects.values_list("subject", flat=True)} == {True}


def test_mail_about_a_message_has_the_name_of_now(people, clock, outbox):
    clock.set("2026-11-10 10:00")
    from_class(people)
    rename = partial(Pupil.objects.filter(pk=people.mali.pk).update, preferred_forename="Olwen")
    texts = renamed_while_it_waits(people, outbox, announce_due, rename)
    assert texts and all("Olwen" in text and "Mali" not in text for text in texts)


def test_a_classs_new_name_stands_in_mail_that_waited(people, clock, outbox):
    clock.set("2026-11-10 10:00")
    post = story(people)
    rename = partial(Classroom.objects.filter(pk=people.celyn.pk).update, name="Onnen")
    texts = renamed_while_it_waits(people, outbox, partial(announce, post), rename)
    assert texts and all("Onnen" in text and "Celyn" not in text for text in texts)


def test_no_row_that_waits_holds_a_name(people, clock):
    now = clock.set("2026-11-10 10:00")
    notify_families({people.mali.pk: 2}, now)
    rows = [
        *Delivery.objects.values_list("subject", "body"),
        *Notification.objects.values_list("title", "body"),
    ]
    assert rows and not any("Mali" in text for row in rows for text in row)
    assert not any(NAME in str(mail) for mail in Delivery.objects.all())
