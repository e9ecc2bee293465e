"""Correct the words of a story that has gone out; what readers saw before stays on record (TE-7)."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from malpas.lib.errors import RuleViolation
from malpas.lib.hidden import hide
from stories import services
from stories.corrections import Changed, QuietNow, correct_post, version_of
from stories.models import EarlierWords, Post
from stories.services import NotYours
from tests.clock import at
from tests.stories.kit import story

pytestmark = pytest.mark.policy("TE-7")
NOW = "2026-11-10 10:05"
OLD = {"title": "A day in the woods", "body": "We found three owls."}
NEW = {"title": "A day in the woods", "body": "We found two owls."}


@pytest.fixture
def out(people, clock):
    """A story of Celyn that has gone out."""
    made = story(people)
    clock.set(NOW)
    return made


def correct(people, post, *, by=None, when=NOW, seen="", **words) -> bool:
    actor = by or people.actor(people.celyn, people.adeyemi)
    return correct_post(post, by=actor, at=at(when), seen=seen, **(NEW | words))


def page(post, ending="") -> str:
    return f"/news/{hide(post.pk)}/{ending}"


def read(post) -> Post:
    return Post.objects.get(pk=post.pk)


def test_readers_see_the_new_words_and_when_they_changed(people, out):
    writer = people.client(people.celyn, people.pritchard)
    assert page(out, "change/") in writer.get("/news/").text
    answer = writer.post(page(out, "change/"), NEW | {"seen": ""})
    assert answer.url == page(out)
    text = people.client(people.nia).get(page(out)).text
    assert NEW["body"] in text and OLD["body"] not in text
    assert "changed today 10:05" in " ".join(text.split())


def test_what_it_said_before_is_read_by_class_and_leaders_alone(people, out):
    correct(people, out)
    for who, reads in [
        (people.celyn, True),
        (people.deputy, True),
        (people.nia, False),
        (people.office, False),
    ]:
        assert (OLD["body"] in people.client(who).get(page(out)).text) is reads, who
    earlier = EarlierWords.objects.get()
    assert (earlier.title, earlier.body, earlier.replaced_at) == (*OLD.values(), at(NOW))
    assert earlier.replaced_by == people.adeyemi
    assert AuditEntry.objects.filter(verb="post.corrected").count() == 1


def test_its_signature_and_moment_stay(people, out):
    correct(people, out)
    assert (read(out).staff, read(out).release_at) == (people.pritchard, out.release_at)


def test_each_correction_keeps_the_words_before_it(people, out):
    correct(people, out)
    correct(people, read(out), when="2026-11-10 11:00", seen=version_of(read(out)), body="We found no owl.")
    assert [earlier.body for earlier in EarlierWords.objects.all()] == [NEW["body"], OLD["body"]]


def test_the_same_words_change_nothing(people, out):
    assert correct(people, out, body=OLD["body"]) is False
    assert read(out).corrected_at is None
    assert not EarlierWords.objects.exists()


def test_nobody_is_notified(people, out):
    before = (Notification.objects.count(), Delivery.objects.count())
    correct(people, out)
    assert (Notification.objects.count(), Delivery.objects.count()) == before


@pytest.mark.policy("TE-4")
def test_in_quiet_hours_it_waits_for_a_person(people, out, clock):
    with pytest.raises(QuietNow):
        correct(people, out, when="2026-11-10 18:00")
    clock.set("2026-11-10 18:00")
    writer = people.client(people.celyn, people.pritchard)
    assert 'name="body"' not in writer.get(page(out, "change/")).text
    refused = writer.post(page(out, "change/"), NEW | {"seen": ""})
    assert refused.status_code == 422
    assert NEW["body"] in refused.text
    assert read(out).body == OLD["body"]


def test_two_who_correct_it_at_once_do_not_overwrite_each_other(people, out):
    correct(people, out, body="The first wins.")
    with pytest.raises(Changed):
        correct(people, out, body="The second reads first.")
    writer = people.client(people.celyn, people.pritchard)
    late = writer.post(page(out, "change/"), NEW | {"seen": "", "body": "The second reads first."})
    assert late.status_code == 422
    assert "The first wins." in late.text and "The second reads first." in late.text


@pytest.mark.parametrize("who", ["derwen", "deputy"])
def test_nobody_else_corrects_it(people, out, who):
    by = getattr(people, who)
    with pytest.raises(NotYours):
        correct(people, out, by=people.actor(by))
    assert people.client(by).post(page(out, "change/"), NEW | {"seen": ""}).status_code in (403, 404)
    assert page(out, "change/") not in people.client(by).get("/news/").text


@pytest.mark.parametrize("end", ["take_down", "hide_post"])
def test_what_is_gone_is_not_corrected(people, out, end):
    getattr(services, end)(out, by=people.actor(people.celyn, people.pritchard), at=at(NOW))
    with pytest.raises(NotYours):
        correct(people, out)
    with pytest.raises(NotYours):
        correct(people, read(out))


@pytest.mark.parametrize(
    "words", [{"title": " "}, {"body": "\n"}, {"title": "x" * 121}, {"body": "x" * 5001}]
)
def test_words_that_no_story_may_have_are_refused(people, out, words):
    with pytest.raises(RuleViolation):
        correct(people, out, **words)


BEHIND_THE_SERVICE = {
    "words without a correction": "UPDATE stories_post SET body = 'x'",
    "a correction without words": "UPDATE stories_post SET corrected_at = now(), corrected_by_id = staff_id",
    "nobody who corrected": "UPDATE stories_post SET body = 'x', corrected_at = now()",
    "another signature": "UPDATE stories_post SET staff_id = staff_id + 1, body = 'x', corrected_at = now(), "
    "corrected_by_id = staff_id",
}


@pytest.mark.parametrize("sql", BEHIND_THE_SERVICE.values(), ids=BEHIND_THE_SERVICE)
def test_the_database_refuses_what_leaves_no_trace(people, out, sql):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_keeps_the_words_itself(people, out):
    Post.objects.filter(pk=out.pk).update(
        body="Straight", corrected_at=at(NOW), corrected_by=people.pritchard
    )
    assert EarlierWords.objects.get().body == OLD["body"]


def test_a_story_that_waits_leaves_no_earlier_words(people, clock):
    clock.set("2026-11-10 18:00")
    waiting = story(people)
    services.change_post(waiting, by=people.actor(people.celyn, people.pritchard), **NEW)
    assert read(waiting).body == NEW["body"]
    assert not EarlierWords.objects.exists()
