import errno
from datetime import date
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.school import Closure, School, WorkingHours
from malpas.lib.errors import RuleViolation
from malpas.lib.uploads import storage as media_files
from stories import services
from stories.models import Photo, Post
from stories.queries import post_snapshot
from tests.clock import at
from tests.people import key
from tests.stories.kit import bomb, files_in, picture, story

NOW = at("2026-11-10 10:00")
QUIET = "2026-11-13 20:00"


@pytest.fixture
def write(people):
    def write(classroom=people.celyn, by=None, **fields) -> Post:
        by = by or people.actor(people.celyn, people.adeyemi)
        values = {"title": "Owls", "body": "We found three.", "key": key(), "at": NOW} | fields
        return services.write_post(classroom, by=by, **values)

    return write


def test_a_class_story_is_signed_by_the_named_person(write, people):
    post = write()
    assert (post.author, post.staff, post.classroom) == (people.celyn.account, people.adeyemi, people.celyn)
    assert AuditEntry.objects.filter(verb="post.written", about=f"stories.post:{post.pk}").count() == 1


@pytest.mark.parametrize("who", ["derwen", "nia", "office", "mali"])
def test_nobody_else_writes_to_a_class(write, people, who):
    assert write()
    with pytest.raises(services.NotYours):
        write(by=people.actor(getattr(people, who)))
    assert Post.objects.count() == 1


@pytest.mark.parametrize("who", ["celyn", "nia", "office", "mali"])
def test_only_senior_leaders_write_to_the_whole_school(write, people, who):
    assert write(None, people.actor(people.deputy)).classroom is None
    with pytest.raises(services.NotYours):
        write(None, people.actor(getattr(people, who)))
    assert Post.objects.count() == 1


def test_senior_leaders_do_not_write_in_the_name_of_a_class(write, people):
    with pytest.raises(services.NotYours):
        write(people.celyn, people.actor(people.head))


@pytest.mark.parametrize(
    "values",
    [
        {"title": "  "},
        {"title": "\u200b"},
        {"body": " \n "},
        {"body": "\u2060"},
        {"title": "x" * 121},
        {"body": "x" * 5001},
    ],
)
def test_a_story_needs_a_title_and_a_text_within_limits(write, values):
    with pytest.raises(RuleViolation):
        write(**values)
    assert not Post.objects.exists()


def test_the_repeated_request_returns_the_first_story(write, media):
    same = key()
    first = write(key=same, photos=[(picture(), "An owl")])
    assert write(key=same, photos=[(picture(), "An owl")]) == first
    assert Post.objects.count() == Photo.objects.count() == 1
    assert len(files_in(media)) == 2


def test_two_requests_at_once_give_one_story_and_no_extra_file(write, media, monkeypatch):
    same, save = key(), services._save

    def after_the_other(*args, **fields):
        monkeypatch.setattr(services, "_save", save)
        write(key=same, photos=[(picture(), "An owl")])
        return save(*args, **fields)

    monkeypatch.setattr(services, "_save", after_the_other)
    assert write(key=same, photos=[(picture(), "An owl")]) == Post.objects.get()
    assert len(files_in(media)) == 2


@pytest.mark.policy("AU-5")
def test_a_photo_is_stored_in_two_sizes_under_a_secret_name(write, media):
    photo = write(photos=[(BytesIO(picture(size=(2000, 1000))), "An owl")]).photos.get()
    assert (photo.width, photo.height, photo.alt) == (1600, 800, "An owl")
    assert len(photo.name) == 32 and int(photo.name, 16)
    assert {path.name for path in files_in(media)} == {f"{photo.name}-1600.jpg", f"{photo.name}-640.jpg"}


@pytest.mark.policy("AU-5")
@pytest.mark.parametrize(
    "bad", [b"<html>", bomb(), picture("PNG", (400, 400))[:-200]], ids=["page", "bomb", "cut"]
)
def test_one_bad_photo_stops_the_story_and_leaves_nothing(write, media, bad):
    with pytest.raises(services.PhotoRefused) as refused:
        write(photos=[(picture(), "An owl"), (bad, "A trap")])
    assert refused.value.index == 1 and refused.value.sentence
    assert not Post.objects.exists() and not Photo.objects.exists() and not files_in(media)


def test_a_photo_without_a_description_is_refused(write, media):
    with pytest.raises(services.PhotoRefused):
        write(photos=[(picture(), " \u200b")])
    assert not Post.objects.exists() and not files_in(media)


def test_six_photos_are_one_too_many(write, media):
    with pytest.raises(RuleViolation):
        write(photos=[(picture(), "An owl")] * 6)
    assert not Post.objects.exists() and not files_in(media)


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_a_full_disk_gives_a_sentence_and_leaves_nothing(write, media, monkeypatch, fails_at):
    fsync, calls = media_files.os.fsync, []

    def full(fd):
        calls.append(fd)
        if len(calls) == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(fd)

    monkeypatch.setattr(media_files.os, "fsync", full)
    with pytest.raises(services.NoRoom) as violation:
        write(photos=[(picture(), "One"), (picture(), "Two")])
    assert "nothing was posted" in violation.value.sentence
    assert not Post.objects.exists() and not files_in(media)
    assert write()


def test_a_folder_that_cannot_be_written_gives_the_same_sentence(write, media):
    media.parent.mkdir(exist_ok=True)
    media.write_text("a file stands where the folder should be")
    with pytest.raises(services.NoRoom):
        write(photos=[(picture(), "One")])
    assert not Post.objects.exists()


def test_a_transaction_that_fails_takes_its_files_along(write, media, monkeypatch):
    monkeypatch.setattr(services, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(photos=[(picture(), "One")])
    assert not Post.objects.exists() and not files_in(media)


@pytest.mark.policy("TE-4")
@pytest.mark.parametrize(
    ("written", "goes_out"),
    [
        ("2026-11-10 10:00", "2026-11-10 10:00"),
        ("2026-11-10 16:59", "2026-11-10 16:59"),
        ("2026-11-10 17:00", "2026-11-11 08:30"),
        ("2026-11-11 08:29", "2026-11-11 08:30"),
        ("2026-11-13 20:00", "2026-11-16 08:30"),
        ("2026-10-24 10:00", "2026-11-02 08:30"),
    ],
)
@pytest.mark.parametrize("whole_school", [False, True])
def test_a_story_of_quiet_hours_is_released_at_the_opening(people, clock, written, goes_out, whole_school):
    clock.set(written)
    assert story(people, whole_school=whole_school).release_at == at(goes_out)


@pytest.mark.policy("TE-4")
def test_a_waiting_story_can_be_changed_and_the_changer_signs(people, clock):
    clock.set(QUIET)
    post = story(people)
    by = people.actor(people.celyn, people.adeyemi)
    services.change_post(post, by=by, title="Four owls", body="We counted again.")
    post.refresh_from_db()
    assert (post.title, post.body, post.staff) == ("Four owls", "We counted again.", people.adeyemi)
    assert post.release_at == at("2026-11-16 08:30")


@pytest.mark.policy("TE-4")
def test_a_waiting_story_can_be_withdrawn_and_never_goes_out(people, clock):
    clock.set(QUIET)
    post = story(people)
    services.withdraw_post(post, by=people.actor(people.celyn, people.adeyemi), at=at(QUIET))
    clock.set("2026-11-16 09:00")
    assert services.announce_due() == 0
    assert not Post.objects.visible_to(people.actor(people.nia)).exists()


@pytest.mark.policy("TE-4")
def test_a_story_cannot_be_withdrawn_from_its_release_on(people, clock):
    clock.set(QUIET)
    post, by = story(people), people.actor(people.celyn)
    clock.set("2026-11-16 08:30")
    with pytest.raises(services.AlreadyOut):
        services.change_post(post, by=by, title="Four owls", body="No.")
    with pytest.raises(services.AlreadyOut):
        services.withdraw_post(post, by=by, at=at("2026-11-16 08:29"))
    post.refresh_from_db()
    assert post.title == "A day in the woods" and post.withdrawn_at is None


@pytest.mark.parametrize("who", ["derwen", "head", "nia"])
def test_nobody_else_changes_or_withdraws_a_waiting_story(people, clock, who):
    clock.set(QUIET)
    post, by = story(people), people.actor(getattr(people, who))
    with pytest.raises(services.NotYours):
        services.withdraw_post(post, by=by, at=at(QUIET))
    with pytest.raises(services.NotYours):
        services.change_post(post, by=by, title="Mine", body="Mine")


def close(people, day: date) -> None:
    with change_calendar(by=people.actor(people.head), why="snow"):
        Closure.objects.create(kind=ClosureKind.CLOSED, name="Snow", starts=day, ends=day)


@pytest.mark.policy("TE-4")
def test_a_closure_moves_what_waits_and_nothing_else(people, clock):
    out = story(people)
    clock.set(QUIET)
    waits = story(people)
    close(people, date(2026, 11, 16))
    assert Post.objects.get(pk=waits.pk).release_at == at("2026-11-17 08:30")
    assert Post.objects.get(pk=out.pk).release_at == out.release_at
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] == 1


def test_hours_that_open_earlier_never_date_a_story_back(people, clock):
    clock.set("2026-11-11 07:00")
    post = story(people)
    clock.set("2026-11-11 08:00")
    with change_calendar(by=None, why="earlier"):
        WorkingHours.objects.update(working_start="07:30")
    assert Post.objects.get(pk=post.pk).release_at == at("2026-11-11 08:00")


def test_a_story_waits_for_a_calendar_change_to_end(people):
    with CaptureQueriesContext(connection) as queries:
        story(people)
    locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert len(locks) == 1 and School._meta.db_table in locks[0]


@pytest.mark.policy("AU-12")
def test_a_hidden_story_vanishes_for_all_but_senior_leaders(people):
    post = story(people, photos=1)
    services.announce_due()
    assert Post.objects.visible_to(people.actor(people.nia)).exists()
    assert services.hide_post(post, by=people.actor(people.head), at=NOW)
    assert not services.hide_post(post, by=people.actor(people.deputy), at=NOW)
    for who in (people.nia, people.celyn, people.office):
        assert not Post.objects.visible_to(people.actor(who)).exists()
    assert Post.objects.visible_to(people.actor(people.deputy)).get().hidden_by == people.head
    assert AuditEntry.objects.filter(verb="post.hidden").count() == 1


@pytest.mark.policy("AU-12")
def test_hiding_stops_the_mail_that_has_not_gone(people):
    post = story(people)
    services.announce_due()
    mail = [note.deliveries.get() for note in Notification.objects.filter(kind="post")]
    assert mail and {each.state for each in mail} == {"pending"}
    services.hide_post(post, by=people.actor(people.head), at=NOW)
    for each in mail:
        each.refresh_from_db()
    assert {(each.state, each.body) for each in mail} == {("cancelled", "")}


def test_pending_posts_are_withdrawn_and_released_ones_stay(people, clock):
    out = story(people)
    clock.set(QUIET)
    waits, other = story(people), story(people, whole_school=True)
    with transaction.atomic():
        assert services.withdraw_pending_posts_of(people.celyn.account, at=at(QUIET)) == 1
    assert Post.objects.get(pk=waits.pk).withdrawn_at == at(QUIET)
    assert Post.objects.filter(pk__in=[out.pk, other.pk], withdrawn_at__isnull=True).count() == 2


def test_a_snapshot_holds_the_story_as_it_stands(people):
    post = story(people, photos=1)
    shot = post_snapshot(post)
    assert shot["classroom"] == "Celyn" and shot["signed"] == "Mrs Pritchard" and shot["account"] == "Celyn"
    assert shot["title"] == post.title and shot["body"] == post.body
    assert shot["photos"] == [{"name": post.photos.get().name, "alt": "Photo 0"}]
    assert localtime(post.release_at) == localtime(NOW)
    assert post_snapshot(story(people, whole_school=True))["classroom"] is None
