"""Test what ends with a restricted or ended guardianship, and what stays."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import School
from accounts.notify.notify import NotificationText, notify
from accounts.notify.outbox import deliver_due
from classes.enums import JoiningState, Restriction
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import NotYours, StillOpen, end_guardianship, open_again
from classes.joining.queries import class_states
from classes.joining.services import ThirdAdult, check_slot
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.hidden import hide
from malpas.lib.uploads.photos import files as storage
from messaging.conversations.services.scheduling import announce_due
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry
from messaging.office.notifications import notify_rerouted
from points.notifications import notify_families
from stories.models import Photo, Post
from stories.notifications import announce
from tests.abuse.kit import JPEG
from tests.clock import at
from tests.people import give_account, make_staff

NOW = at("2026-11-10 10:00")
EVENING = "2026-11-10 20:00"
NOTE = "Order of the family court, 3 November"


def guardianship_of(user, pupil) -> Guardianship:
    return Guardianship.objects.get(contact__user=user, pupil=pupil)


def restrict(people, user, pupil, restriction=Restriction.NO_ACCESS, when=NOW) -> Guardianship:
    by = people.actor(people.office)
    return set_restriction(
        guardianship=guardianship_of(user, pupil), restriction=restriction, note=NOTE, by=by, at=when
    )


def write_post(people, classroom, title) -> Post:
    staff = {people.celyn: people.pritchard, people.derwen: people.howells, None: people.head}[classroom]
    author = classroom.account if classroom else people.head.user
    return Post.objects.create(
        classroom=classroom, author=author, staff=staff, title=title, body="NotificationText", key=uuid4(),
        written_at=NOW, release_at=NOW,
    )  # fmt: skip


@pytest.fixture
def notified(people):
    """Notify Sioned of points, stories and messages of both classes.

    She has a child in each.
    """
    for post in [
        write_post(people, people.celyn, "Of Celyn"),
        write_post(people, people.derwen, "Of Derwen"),
        write_post(people, None, "Of the school"),
    ]:
        announce(post)
    notify_families({people.efa.pk: 1, people.tomos.pk: 2}, NOW)
    return people


def pending(user) -> set[str]:
    return set(Delivery.objects.filter(user=user, state="pending").values_list("subject", flat=True))


def seen(user) -> set[str]:
    return set(Notification.objects.visible_to(user).values_list("title", flat=True))


REMAINING = {"New story: Derwen", "News for the whole school", "New points for Tomos"}
LOST = {"New story: Celyn", "New points for Efa"}


@pytest.mark.policy("PA-2")
def test_no_access_for_one_child_leaves_the_other_childs_news(notified):
    people = notified
    assert pending(people.sioned) == seen(people.sioned) == REMAINING | LOST
    restrict(people, people.sioned, people.efa)
    assert pending(people.sioned) == seen(people.sioned) == REMAINING
    assert not Delivery.objects.filter(subject__in=LOST, user=people.sioned).exclude(body="").exists()


@pytest.mark.policy("PA-2")
def test_an_ended_guardianship_stops_the_same(notified):
    end_guardianship(
        guardianship=guardianship_of(notified.sioned, notified.efa),
        by=notified.actor(notified.office),
        at=NOW,
    )
    assert pending(notified.sioned) == seen(notified.sioned) == REMAINING


def test_a_pause_of_messages_stops_no_news(notified):
    restrict(notified, notified.sioned, notified.efa, Restriction.MESSAGING_PAUSED)
    assert pending(notified.sioned) == REMAINING | LOST


@pytest.mark.parametrize(
    "change",
    [
        lambda people: Guardianship.objects.filter(pupil=people.efa).update(restriction="no_access"),
        lambda people: Guardianship.objects.filter(pupil=people.efa).update(ended_at=NOW),
        lambda people: Pupil.objects.filter(pk=people.efa.pk).update(left_on="2026-11-10"),
    ],
)
def test_access_is_rechecked_before_mail_is_sent(notified, settings, change):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    change(notified)
    deliver_due()
    went = {sent.subject for sent in mail.outbox if notified.sioned.email in sent.to}
    assert went == REMAINING
    lost = Delivery.objects.filter(user=notified.sioned, subject__in=LOST)
    assert {(row.state, row.body) for row in lost} == {("cancelled", "")}


def test_a_child_who_changes_class_brings_news_of_the_new_one(notified, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Pupil.objects.filter(pk=notified.mali.pk).update(classroom=notified.derwen)
    deliver_due()
    assert "New story: Celyn" not in {sent.subject for sent in mail.outbox if notified.nia.email in sent.to}
    assert "New story: Celyn" in {sent.subject for sent in mail.outbox if notified.sioned.email in sent.to}


def test_with_no_other_child_nothing_at_all_goes_out(people):
    Delivery.objects.create(
        user=people.nia, address=people.nia.email, subject="x", body="x", message_id="<1@x>"
    )
    restrict(people, people.nia, people.mali)
    assert pending(people.nia) == set()


def test_a_parent_who_works_here_still_gets_mail_of_their_work(people):
    give_account(make_staff("Ms", "Rhian", "Bowen"), people.nia)
    notify(
        [people.nia],
        kind="enquiry",
        key="enquiry:1",
        text=lambda: NotificationText("Of work", "NotificationText", "/"),
    )
    restrict(people, people.nia, people.mali)
    assert pending(people.nia) == {"Of work"}


def say(people, user, pupil, by) -> Message:
    return send_message(
        pupil=pupil, parent=user, by=by, at=School.objects.here().now, body="NotificationText", key=uuid4()
    )


@pytest.fixture
def waiting(people, clock):
    """Leave messages pending between Sioned and both classes."""
    clock.set(EVENING)
    sioned = people.actor(people.sioned)
    return {
        "mine": say(people, people.sioned, people.efa, sioned),
        "theirs": say(people, people.sioned, people.efa, people.actor(people.celyn)),
        "other child": say(people, people.sioned, people.tomos, sioned),
    }


def still_pending(waiting) -> set[str]:
    rows = Message.objects.waiting().in_bulk([message.pk for message in waiting.values()])
    return {name for name, message in waiting.items() if message.pk in rows}


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize(
    ("restriction", "left"),
    [("no_access", {"other child"}), ("messaging_paused", {"other child", "theirs"}), ("none", {"mine", "theirs", "other child"})],
)  # fmt: skip
def test_what_waits_and_may_not_arrive_is_withdrawn(people, waiting, restriction, left):
    restrict(people, people.sioned, people.efa, restriction, at(EVENING))
    restrict(people, people.sioned, people.efa, "none", at(EVENING))  # and stays so when it is lifted
    assert still_pending(waiting) == left


def test_an_ended_guardianship_withdraws_what_waits(people, waiting):
    end_guardianship(
        guardianship=guardianship_of(people.sioned, people.efa),
        by=people.actor(people.office),
        at=at(EVENING),
    )
    assert still_pending(waiting) == {"other child"}


def paths_of(people) -> list[str]:
    """Return every page that Nia reaches through Mali, also for htmx."""
    conversation = Conversation.objects.get(parent=people.nia)
    post, photo = Post.objects.get(title="Of Celyn"), Photo.objects.get()
    return [
        f"/messages/{conversation.pk}/", f"/messages/{conversation.pk}/new/", f"/messages/child/{people.mali.pk}/",
        f"/points/{people.mali.pk}/", f"/news/{hide(post.pk)}/", f"/news/?child={people.mali.pk}",
        f"/photo/{photo.name}/640/", f"/report/post/{hide(post.pk)}/", "/write/", "/write/absence/", "/write/dinners/",
    ]  # fmt: skip


@pytest.fixture
def open_pages(people, settings, tmp_path):
    """Check that all of Nia's pages open, and return her browser.

    She has written, and a story with a photo is released.
    """
    settings.MEDIA_ROOT = tmp_path
    say(people, people.nia, people.mali, people.actor(people.nia))
    post = write_post(people, people.celyn, "Of Celyn")
    photo = Photo.objects.create(post=post, name="0" * 32, alt="A castle", width=4, height=3)
    path = storage.path_of(photo.name, 640)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(JPEG)
    browser = people.client(people.nia)
    for path in paths_of(people):
        assert browser.get(path, follow=True).status_code == 200, path
    return browser


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("how", ["no_access", "ended", "left"])
def test_an_end_closes_every_page_at_the_next_request(people, open_pages, how):
    if how == "no_access":
        restrict(people, people.nia, people.mali)
    elif how == "ended":
        end_guardianship(
            guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
        )
    else:
        Pupil.objects.filter(pk=people.mali.pk).update(left_on="2026-11-10")
    for path in paths_of(people):
        for headers in ({}, {"HX-Request": "true"}):
            assert open_pages.get(path, headers=headers).status_code == 404, path
    for path in ("/news/", "/messages/", "/points/"):
        assert "Mali" not in open_pages.get(path).content.decode(), path


@pytest.mark.policy("PA-2")
def test_nothing_is_written_through_a_closed_guardianship(people, open_pages):
    conversation, before = Conversation.objects.get(parent=people.nia), Message.objects.count()
    restrict(people, people.nia, people.mali)
    sent = {"body": "Still here", "key": str(uuid4())}
    for path in (f"/messages/{conversation.pk}/", f"/messages/child/{people.mali.pk}/"):
        assert open_pages.post(path, sent).status_code == 404
    notified = {"children": [people.mali.pk], "first_day": "2026-11-10", "reason": "ill", "key": str(uuid4())}
    assert open_pages.post("/write/absence/", notified).status_code == 404
    assert Message.objects.count() == before and not Enquiry.objects.exists()


@pytest.mark.policy("PA-2")
def test_a_pause_stops_messages_to_the_class_only(people, open_pages):
    conversation = Conversation.objects.get(parent=people.nia)
    restrict(people, people.nia, people.mali, Restriction.MESSAGING_PAUSED)
    answer = open_pages.post(f"/messages/{conversation.pk}/", {"body": "Still here", "key": str(uuid4())})
    assert answer.status_code == 422
    assert "Writing to the class is paused for you" in answer.content.decode()
    assert not Message.objects.filter(body="Still here").exists()
    for path in ("/write/absence/", f"/points/{people.mali.pk}/", "/news/"):
        assert open_pages.get(path).status_code == 200


def plain(answer) -> str:
    """Return a page without its random parts."""
    return re.sub(r'value="[^"]{30,80}"|X-CSRFToken": "[^"]+"', "", answer.content.decode())


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("restriction", ["messaging_paused", "no_access", "ended"])
def test_the_other_parent_notices_nothing(people, open_pages, restriction):
    gareth = people.client(people.gareth)
    gareth.get("/news/")  # the first page of a sign-in has no sign of drafts yet
    pages = [
        "/news/",
        "/messages/",
        f"/points/{people.mali.pk}/",
        f"/messages/child/{people.mali.pk}/",
        "/warnings/",
    ]
    notify_families({people.mali.pk: 1}, NOW)
    before = [plain(gareth.get(path)) for path in pages], seen(people.gareth), pending(people.gareth)
    assert "Mali" in before[0][0] and before[1]
    if restriction == "ended":
        end_guardianship(
            guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
        )
    else:
        restrict(people, people.nia, people.mali, restriction)
    after = [plain(gareth.get(path)) for path in pages], seen(people.gareth), pending(people.gareth)
    assert after == before


@pytest.mark.policy("PA-2")
def test_the_note_is_for_office_and_leaders_only(people, open_pages, caplog):
    guardianship = restrict(people, people.nia, people.mali)
    page = reverse("admin:classes_guardianship_change", args=[guardianship.pk])
    for who in (people.office, people.head, people.deputy):
        assert NOTE in people.client(who).get(page).content.decode()
    for who in (people.celyn, people.nia, people.gareth, people.mali):
        browser = people.client(who)
        assert browser.get(page).status_code in (302, 404)
        for path in (
            "/news/",
            "/messages/",
            "/messages/families/",
            "/class/board/",
            "/points/",
            "/warnings/",
        ):
            assert NOTE not in browser.get(path, follow=True).content.decode(), (who, path)
    assert NOTE not in caplog.text
    assert NOTE not in str([list(model.objects.values()) for model in (AuditEntry, Notification, Delivery)])


@pytest.mark.policy("PA-2")
def test_only_an_end_frees_a_slot_and_no_removal_or_restriction(people, make_guardianship):
    """A removal can be lifted and an order can end.

    Only after an end the adult no longer belongs to the child.
    """
    third = make_guardianship(people.mali)

    def may_join() -> bool:
        try:
            check_slot(third)
        except ThirdAdult:
            return False
        return True

    assert not may_join()
    restrict(people, people.nia, people.mali)
    type(people.gareth).objects.filter(pk=people.gareth.pk).update(removed_at=NOW)
    assert not may_join()
    end_guardianship(
        guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
    )
    assert may_join()


def test_an_ended_guardianship_reopens_as_a_new_one_without_slot(people):
    by = people.actor(people.office)
    old = restrict(people, people.nia, people.mali)
    with pytest.raises(StillOpen):
        open_again(guardianship=old, by=by)
    end_guardianship(guardianship=old, by=by, at=NOW)
    fresh = open_again(guardianship=old, by=by)
    assert (fresh.joined_at, fresh.slot, fresh.suggestion) == (None, None, "hold")
    assert (fresh.restriction, fresh.restriction_note) == ("no_access", NOTE)
    assert not Pupil.objects.of_parent(people.nia)
    states = [
        a
        for row in class_states(people.celyn, NOW)
        for a in row.adults
        if a.guardianship.contact == old.contact
    ]
    assert [(a.guardianship, a.state) for a in states] == [(fresh, JoiningState.RESTRICTED)]


def test_a_repeated_request_ends_nothing_more(people):
    by, guardianship = people.actor(people.office), guardianship_of(people.nia, people.mali)
    first = end_guardianship(guardianship=guardianship, by=by, at=NOW).ended_at
    assert end_guardianship(guardianship=guardianship, by=by, at=at("2026-11-11 10:00")).ended_at == first
    assert AuditEntry.objects.filter(verb="guardianship.ended").count() == 1


@pytest.mark.policy("PA-2")
def test_only_office_and_leaders_end_open_or_restrict(people):
    guardianship = guardianship_of(people.nia, people.mali)
    for who in (people.celyn, people.nia, people.gareth):
        by = people.actor(who)
        for act in (
            lambda by=by: end_guardianship(guardianship=guardianship, by=by, at=NOW),
            lambda by=by: open_again(guardianship=guardianship, by=by),
            lambda by=by: set_restriction(
                guardianship=guardianship, restriction="no_access", note="", by=by, at=NOW
            ),
        ):
            with pytest.raises(NotYours):
                act()
    guardianship.refresh_from_db()
    assert (guardianship.ended_at, guardianship.restriction) == (None, "none")


def test_the_class_is_sent_to_the_office_without_a_reason(people, open_pages):
    announce_due()
    restrict(people, people.nia, people.mali, Restriction.MESSAGING_PAUSED)
    conversation = Conversation.objects.get(parent=people.nia)
    sent = {"body": "Hello Nia", "key": str(uuid4())}
    answer = people.client(people.celyn).post(f"/messages/{conversation.pk}/", sent)
    assert answer.status_code == 422
    assert "Messages with this family are paused. Please ask the office." in answer.content.decode()
    assert NOTE not in answer.content.decode() and not Message.objects.filter(body="Hello Nia").exists()


@pytest.mark.policy("PA-7")
def test_office_answers_end_with_the_guardianship(people):
    notified = Enquiry.objects.create(
        reference="K 234 567", topic="dinners", parent=people.sioned, body="No milk", key=uuid4()
    )
    notified.pupils.add(people.efa)
    notify_rerouted(notified, release_at=NOW)
    browser = people.client(people.sioned)
    assert browser.get("/write/done/K234567/").status_code == 200
    assert "K 234 567" in browser.get("/messages/").content.decode() and len(pending(people.sioned)) == 1
    restrict(people, people.sioned, people.efa)
    assert browser.get("/write/done/K234567/").status_code == 404
    assert "K 234 567" not in browser.get("/messages/").content.decode()
    assert pending(people.sioned) == seen(people.sioned) == set()
    assert Enquiry.objects.visible_to(people.actor(people.office)).filter(pk=notified.pk).exists()
