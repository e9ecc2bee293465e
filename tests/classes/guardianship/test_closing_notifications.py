"""Test which notifications and mail end with a guardianship."""

from uuid import uuid4

import pytest
from django.core import mail

from accounts.models.notifications import Delivery
from accounts.notify.notify import NotificationText, notify
from accounts.notify.outbox import deliver_due
from classes.enums import Restriction
from classes.guardianship.services import end_guardianship
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from messaging.models.enquiries import Enquiry
from messaging.office.notifications import notify_rerouted
from points.notifications import notify_families
from stories.notifications import announce
from tests.classes.guardianship.closing import NOW, guardianship_of, pending, restrict, seen, write_post
from tests.people import give_account, make_staff
from tests.sentences.stories import NEWS_FOR_THE_SCHOOL
from tests.waiting_names import subject_of


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


REMAINING = {"New story: Derwen", NEWS_FOR_THE_SCHOOL, "New points for Tomos"}
LOST = {"New story: Celyn", "New points for Efa"}


@pytest.mark.policy("PA-2")
def test_no_access_for_one_child_leaves_the_other_childs_news(notified):
    people = notified
    assert pending(people.sioned) == seen(people.sioned) == REMAINING | LOST
    restrict(people, people.sioned, people.efa)
    assert pending(people.sioned) == seen(people.sioned) == REMAINING
    mails = Delivery.objects.filter(user=people.sioned).exclude(body="")
    assert not {subject_of(mail) for mail in mails} & LOST


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
        lambda people: Guardianship.objects.filter(pupil=people.efa).update(
            restriction="no_access", restriction_note="An order."
        ),
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
    mails = Delivery.objects.filter(user=notified.sioned)
    lost = [mail for mail in mails if subject_of(mail) in LOST]
    assert {(mail.state, mail.body) for mail in lost} == {("cancelled", "")}


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
