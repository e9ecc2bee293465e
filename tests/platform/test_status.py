"""What is late is seen: from outside, on a page of staff, and by leaders on their first page."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models.notifications import Delivery, Sweep
from accounts.models.school import School
from accounts.notify.outbox import queue_mail
from malpas.beat import SCHEDULE
from malpas.celery import SWEEPS, app
from messaging.attachments.upload import add_file, scan_due
from messaging.conversations.services.broadcasts import send_to_many
from tests.clock import at
from tests.files import letter, nobody_at, scanner, upload
from tests.messaging.school_time import from_parent
from tests.sentences.portal import DOCUMENTS_NOT_SCANNED


def late() -> list[str]:
    return Client().get("/health/").json()["late"]


@pytest.fixture
def swept(people) -> None:
    for name in SCHEDULE:
        Sweep.objects.create(name=name)


def test_when_all_is_well_nothing_is_late(swept, people):
    assert late() == []
    page = people.client(people.office).get("/status/").content.decode()
    assert "All is well." in page and "0 minutes" in page
    assert "going out late" not in people.client(people.head).get("/").content.decode()


def test_an_arrival_that_nobody_announced_for_five_minutes_is_late(swept, people, clock):
    from_parent(people)
    clock.set("2026-11-10 10:05")
    assert late() == []
    clock.set("2026-11-10 10:05:02")
    assert late() == ["announcements", "sweep"]
    for leader in (people.head, people.deputy):
        assert "going out late" in people.client(leader).get("/").content.decode()
    page = people.client(people.head).get("/status/").content.decode()
    assert "5 minutes" in page and "too long" in page


def test_messages_that_are_stopped_are_not_late(swept, people, clock):
    from_parent(people)
    School.objects.update(messaging_suspended_at=clock.set("2026-11-10 10:01"))
    clock.set("2026-11-10 10:30")
    assert "announcements" not in late()


def test_mail_that_may_not_go_at_night_is_not_late_and_mail_that_may_is(swept, people, clock):
    from_parent(people)
    call_command("sweep")
    Delivery.objects.update(state="pending")
    clock.set("2026-11-10 20:00")
    assert "mail" not in late()
    queue_mail(address="nia@family.example", subject="Your code", body="4071")
    clock.set("2026-11-10 20:06")
    assert "mail" in late()


def test_a_sweep_that_was_never_done_or_long_ago_is_late(people, clock):
    assert late() == ["sweep"]
    call_command("sweep")
    assert late() == []
    Sweep.objects.filter(name="deliver-mail").update(done_at=clock.set("2026-11-10 09:54"))
    clock.set("2026-11-10 10:00")
    assert late() == ["sweep"]


def test_mail_that_could_not_be_sent_is_counted_and_one_click_away(swept, people):
    queue_mail(address="gone@family.example", subject="x", body="x")
    Delivery.objects.update(state="failed", error="SMTPRecipientsRefused: no such mailbox")
    assert Client().get("/health/").json()["mails_failed"] == 1
    assert "?state__exact=failed" in people.client(people.head).get("/status/").content.decode()


def test_a_sweep_that_fails_is_named_and_holds_up_no_other(people, capsys, monkeypatch):
    def broken() -> None:
        raise ValueError("on purpose")

    from_parent(people)
    monkeypatch.setattr(app.tasks["stories.tasks.announce"], "run", broken)
    with pytest.raises(SystemExit):
        call_command("sweep")
    said = capsys.readouterr()
    assert "announce-posts: ValueError" in said.err and "deliver-mail: 1" in said.out
    assert not Sweep.objects.filter(name="announce-posts").exists()


def test_a_worker_notes_the_sweeps_of_beat_and_nothing_else(people):
    task = app.tasks["messaging.tasks.announce"]
    task.on_success(0, "an id", (), {})
    app.tasks["celery.backend_cleanup"].on_success(0, "an id", (), {})
    assert list(Sweep.objects.values_list("name", flat=True)) == ["announce-messages"]
    assert set(SWEEPS.values()) == set(SCHEDULE)


def test_documents_that_no_scanner_judges_are_counted_and_after_an_hour_somebody_is_needed(
    swept, people, clock, settings, tmp_path
):
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE, settings.SCANNER = tmp_path, 0, nobody_at()
    by, office = people.actor(people.celyn), people.client(people.office)
    one, other = (
        add_file(upload(letter(name)), title=name, by=by, at=clock.set("2026-11-10 09:40"))
        for name in ("One", "Other")
    )
    pupils, files = [people.mali, people.efa], [one.name]
    send_to_many(pupils=pupils, by=by, at=at("2026-11-10 09:41"), body="A letter", key=uuid4(), files=files)
    clock.set("2026-11-10 10:40")
    page = " ".join(office.get("/status/").content.decode().split())
    assert f"{DOCUMENTS_NOT_SCANNED}</dt> <dd> 2" in page and "since 10 November, 09:40" in page
    assert "documents" not in late() and "document" not in Client().get("/health/").content.decode().replace(
        '"oldest_document_held_seconds": 0', ""
    )
    clock.set("2026-11-10 10:40:02")
    assert "documents" in late()
    with scanner() as desk:
        settings.SCANNER = desk.url
        assert scan_due() == 2
    assert "documents" not in late() and other.name not in page
    assert "since 10 November" not in office.get("/status/").content.decode()
