"""Test reports on items that vanished while being reported.

Only those who had seen it may report it (TE-7, AU-7).
"""

import re

import pytest
from django.urls import reverse

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from classes.models.guardianships import Guardianship
from messaging.models.conversations import Message
from moderation.models import Report
from stories import services as stories
from stories.models import Post
from tests.clock import at
from tests.moderation import scene
from tests.triggers import without_triggers

NOW = at("2026-11-10 10:00")


def seen_in(page: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def end_guardianship(people) -> None:
    Guardianship.objects.filter(contact__user=people.nia).update(ended_at=NOW)


def hide_message(people) -> None:
    Message.objects.update(hidden_at=NOW, hidden_by=people.head)


def withdraw_message(people) -> None:
    Message.objects.update(withdrawn_at=NOW, withdrawn_because="writer_removed")


def reroute_parents_message(people) -> None:
    Message.objects.update(rerouted_at=NOW)


def hide_post(people) -> None:
    stories.hide_post(Post.objects.earliest("pk"), by=people.actor(people.head), at=NOW)


def take_down_post(people) -> None:
    stories.take_down(Post.objects.earliest("pk"), by=people.actor(people.celyn), at=NOW)


def withdraw_post(people) -> None:
    with without_triggers():
        Post.objects.update(withdrawn_at=NOW)


def change_class(people) -> None:
    people.mali.classroom = people.derwen
    people.mali.save(update_fields=["classroom"])


def parents_message(people):
    return reverse("report_message", args=[scene.say(people).pk]), people.client(people.celyn)


def class_message(people):
    said = scene.say(people, staff=people.adeyemi)
    return reverse("report_message", args=[said.pk]), people.client(people.nia)


def class_post(people):
    return reverse("report_post", args=[scene.post(people).pk]), people.client(people.nia)


GONE = [
    (parents_message, hide_message),
    (parents_message, withdraw_message),
    (parents_message, reroute_parents_message),
    (parents_message, end_guardianship),
    (parents_message, change_class),
    (class_message, hide_message),
    (class_message, end_guardianship),
    (class_post, hide_post),
    (class_post, take_down_post),
    (class_post, withdraw_post),
    (class_post, end_guardianship),
    (class_post, change_class),
]
each_way = pytest.mark.parametrize(
    ("item", "goes_away"), GONE, ids=[f"{item.__name__}-{goes.__name__}" for item, goes in GONE]
)


@pytest.mark.policy("TE-7")
@each_way
def test_a_report_on_a_vanished_item_is_stored(people, item, goes_away):
    address, browser = item(people)
    seen = seen_in(browser.get(address).text)
    goes_away(people)
    assert browser.get(address).status_code == 404
    answer = browser.post(address, {"category": "privacy", "note": "My child is on it.", "seen": seen})
    made = Report.objects.get()
    assert answer.url == reverse("report_thanks", args=[made.pk])
    assert browser.get(answer.url).status_code == 200
    assert made.note == "My child is on it." and made.snapshot


@pytest.mark.policy("AU-7")
@each_way
def test_a_risk_to_a_child_reaches_safeguarding_all_the_same(people, clock, item, goes_away):
    StaffMember.objects.filter(pk=people.office.pk).update(is_safeguarding=True)
    address, browser = item(people)
    seen = seen_in(browser.get(address).text)
    goes_away(people)
    clock.set("2026-11-10 19:00")
    browser = people.client(people.celyn) if item is parents_message else people.client(people.nia)
    browser.post(address, {"category": "risk", "seen": seen})
    assert Report.objects.get().is_risk
    notices = Notification.objects.filter(kind="report", recipient=people.office.user)
    assert notices.get().release_at == at("2026-11-10 19:00")


def test_an_incomplete_report_on_a_vanished_item_loses_no_text(people):
    address, browser = class_post(people)
    seen = seen_in(browser.get(address).text)
    take_down_post(people)
    answer = browser.post(address, {"note": "My child is on it.", "seen": seen})
    assert answer.status_code == 422 and "My child is on it." in answer.text
    assert "We built it of boxes." not in answer.text and seen_in(answer.text) == seen
    browser.post(address, {"category": "other", "note": "My child is on it.", "seen": seen})
    assert Report.objects.get().note == "My child is on it."


@each_way
def test_a_person_who_never_saw_it_gets_404(people, item, goes_away):
    address, browser = item(people)
    other_address, _browser = class_post(people)
    theirs = seen_in(browser.get(address).text)
    of_another = seen_in(people.client(people.sioned).get(other_address).text)
    goes_away(people)
    stranger = people.client(people.dylan)
    for seen in ("", theirs, of_another, f"{theirs[:-1]}x", "moderation"):
        sent = {"category": "risk", "note": "Let me see", "seen": seen}
        assert stranger.post(address, sent).status_code == 404, seen
    for seen in ("", of_another, f"{theirs[:-2]}xx"):
        assert browser.post(address, {"category": "risk", "seen": seen}).status_code == 404, seen
    assert not Report.objects.exists()


def test_a_colleague_at_the_class_account_has_their_own_sign(people):
    address, browser = parents_message(people)
    seen = seen_in(browser.get(address).text)
    hide_message(people)
    colleague = people.client(people.celyn, people.adeyemi)
    assert colleague.post(address, {"category": "rude", "seen": seen}).status_code == 404


def test_a_signed_proof_does_not_allow_reporting_oneself(people):
    post = scene.post(people)
    browser = people.client(people.celyn, people.pritchard)
    assert browser.get(reverse("report_post", args=[post.pk])).status_code == 404
    sent = {"category": "rude", "seen": f"stories.Post:{post.pk}:{people.celyn.account.pk}:"}
    assert browser.post(reverse("report_post", args=[post.pk]), sent).status_code == 404
