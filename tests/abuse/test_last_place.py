"""The last place, and rights that end in the very moment when they are used: real threads, real transactions (F33, F35)."""

from threading import Thread
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from accounts.actor import Actor
from accounts.models.school import School
from accounts.notify.outbox import deliver_due
from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.joining.invitations import make_invitation, withdraw_invitation
from classes.joining.services import CodeRefused, ThirdAdult, redeem
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from malpas.lib.uploads.photos import files as storage
from messaging.conversations.services.scheduling import announce_due
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Conversation, Message
from stories.models import Photo, Post
from tests.abuse.kit import JPEG
from tests.at_once import at_once
from tests.clock import Clock, at
from tests.people import guardianship, make_contact, make_people, make_pupil, make_user
from tests.sentences.classes import THIRD_ADULT_REFUSED

NOW = at("2026-11-10 10:00")
ROUNDS = 20
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(transactional_db):
    """The people, committed, on a Tuesday at ten; the clock goes on as it was afterwards."""
    clock = Clock()
    clock.set("2026-11-10 10:00")
    people = make_people()
    people.clock = clock
    yield people
    clock.real()


def child_with_one_slot(school, number: int) -> Pupil:
    child = make_pupil(f"Child{number}", "Test", school.celyn)
    first = make_user(f"First {number}", f"first{number}@family.example")
    guardianship(make_contact("First", str(number), first), child, 1)
    return child


def invite(school, contact, child) -> tuple[Invitation, str]:
    adult = guardianship(contact, child, None)
    by = school.actor(school.office)
    return make_invitation(guardianship=adult, by=by, at=NOW, by_hand=True)


@pytest.fixture
def eight(school):
    """Eight adults with an account each: (contact, browser)."""
    users = [make_user(f"Adult {number}", f"adult{number}@family.example") for number in range(8)]
    return [
        (make_contact("Adult", str(number), user), school.client(user)) for number, user in enumerate(users)
    ]


def joined(child: Pupil) -> int:
    return Guardianship.objects.live().filter(pupil=child).count()


def enter(browser, code: str):
    return browser.post("/join/", {"code": code, "date_of_birth": "04/05/2018"})


@pytest.mark.policy("PA-2")
def test_F33_eight_after_the_last_place_twenty_times_through_http_and_one_joins_each_time(school, eight):
    for number in range(ROUNDS):
        child = child_with_one_slot(school, number)
        codes = [(browser, invite(school, contact, child)[1]) for contact, browser in eight]
        answers = at_once(*[lambda b=browser, c=code: enter(b, c) for browser, code in codes])
        assert sorted(answer.status_code for answer in answers) == [302] + [422] * 7
        refused = [answer for answer in answers if answer.status_code == 422]
        assert all(THIRD_ADULT_REFUSED in answer.content.decode() for answer in refused)
        assert joined(child) == 2


@pytest.mark.policy("PA-2")
def test_F33_eight_after_the_last_place_twenty_times_through_the_service_and_one_joins_each_time(
    school, eight
):
    for number in range(ROUNDS):
        child = child_with_one_slot(school, number)
        asked = [(invite(school, contact, child)[0].pk, Actor(contact.user)) for contact, _browser in eight]
        answers = at_once(*[lambda p=pk, b=by: redeem(invitation_id=p, by=b, at=NOW) for pk, by in asked])
        assert sum(isinstance(answer, Guardianship) for answer in answers) == 1
        assert answers.count(ThirdAdult) == 7 and joined(child) == 2


@pytest.mark.policy("PA-1")
def test_F33_a_code_withdrawn_in_that_moment_is_used_or_withdrawn_and_never_both(school, eight):
    contact, browser = eight[0]
    office, outcomes = school.client(school.office), set()
    for number in range(ROUNDS):
        child = child_with_one_slot(school, number)
        invitation, code = invite(school, contact, child)
        sent = {"which": "withdraw", "guardianship": invitation.guardianship_id, "ends": "1"}
        at_once(lambda c=code: enter(browser, c), lambda s=sent: office.post("/letters/make/", s))
        invitation.refresh_from_db()
        assert (invitation.used_at is None) != (invitation.withdrawn_at is None)
        assert joined(child) == (2 if invitation.used_at else 1)
        outcomes.add(bool(invitation.used_at))
    assert outcomes


@pytest.mark.policy("PA-1")
def test_F33_a_code_withdrawn_a_moment_before_lets_nobody_in(school, eight):
    """The withdrawal is not committed yet when eight come with the code; they wait for it, and none joins."""
    child = child_with_one_slot(school, 0)
    invitation, code = invite(school, eight[0][0], child)
    threads = [Thread(target=lambda b=browser: (enter(b, code), connection.close())) for _c, browser in eight]
    with transaction.atomic():
        withdraw_invitation(guardianship=invitation.guardianship, by=school.actor(school.office), at=NOW)
        for thread in threads:
            thread.start()
        threads[0].join(0.7)
    for thread in threads:
        thread.join()
    invitation.refresh_from_db()
    assert (joined(child), invitation.used_at) == (1, None)


@pytest.mark.policy("PA-2")
def test_F33_an_adult_barred_in_that_moment_has_no_access(school, eight):
    contact, browser = eight[0]
    by = school.actor(school.office)
    for number in range(ROUNDS):
        child = child_with_one_slot(school, number)
        invitation, code = invite(school, contact, child)
        bar = {
            "guardianship": invitation.guardianship,
            "restriction": Restriction.NO_ACCESS,
            "note": "An order.",
        }
        at_once(lambda c=code: enter(browser, c), lambda b=bar: set_restriction(**b, by=by, at=NOW))
        assert joined(child) == 1
        assert not Pupil.objects.of_parent(contact.user).filter(pk=child.pk).exists()
        with pytest.raises(CodeRefused):
            redeem(invitation_id=invitation.pk, by=Actor(contact.user), at=NOW)


def restrict(school, restriction: str = Restriction.NO_ACCESS) -> None:
    mine = Guardianship.objects.get(contact__user=school.nia, pupil=school.mali)
    by, now = school.actor(school.office), School.objects.here().now
    set_restriction(guardianship=mine, restriction=restriction, note="An order.", by=by, at=now)


def read_by_class(school) -> list[str]:
    actor = school.actor(school.celyn)
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    return list(seen.values_list("body", flat=True))


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("restriction", [Restriction.NO_ACCESS, Restriction.MESSAGING_PAUSED])
@pytest.mark.parametrize("hour", ["2026-11-10 10:00", "2026-11-10 20:00"])
def test_F35_what_a_parent_posts_while_the_guardianship_is_closed_reaches_nobody(school, hour, restriction):
    path = reverse("child_conversation", args=[school.mali.pk])
    for _round in range(8):
        school.clock.set(hour)
        browser, body = school.client(school.nia), {"body": "While it closes", "key": str(uuid4())}
        before = browser.post(path, {"body": "Before", "key": str(uuid4())})
        assert (before.status_code, Message.objects.filter(body="Before").count()) == (302, 1)
        answers = at_once(lambda b=browser, s=body: b.post(path, s), lambda: restrict(school, restriction))
        assert answers[0].status_code in (302, 404, 422)
        for moment in (hour, "2026-11-11 08:31"):
            school.clock.set(moment)
            assert "While it closes" not in read_by_class(school)
            announce_due()
            assert "While it closes" not in read_by_class(school)
        restrict(school, Restriction.NONE)
        assert "While it closes" not in read_by_class(school)
        Message.objects.all().delete()


@pytest.mark.policy("PA-2")
def test_F35_what_waits_for_a_parent_whose_guardianship_closes_at_the_opening_is_neither_read_nor_mailed(
    school, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    by = school.actor(school.celyn, school.pritchard)
    for _round in range(8):
        school.clock.set("2026-11-10 20:00")
        evening = at("2026-11-10 20:00")
        send_message(pupil=school.mali, parent=school.nia, by=by, at=evening, body="For Nia", key=uuid4())
        school.clock.set("2026-11-11 08:30")
        at_once(announce_due, lambda: restrict(school))
        announce_due()
        deliver_due()
        assert school.nia.email not in str([sent.to for sent in mail.outbox])
        assert not Conversation.objects.visible_to(school.actor(school.nia)).exists()
        restrict(school, Restriction.NONE)


@pytest.fixture
def open_page(school, settings, tmp_path):
    """Nia has her conversation and a photo of the class open: (browser, path of the news, path of the photo)."""
    settings.MEDIA_ROOT = tmp_path
    nia = school.actor(school.nia)
    message = send_message(pupil=school.mali, parent=school.nia, by=nia, at=NOW, body="Hello", key=uuid4())
    post = Post.objects.create(
        classroom=school.celyn, author=school.celyn.account, staff=school.pritchard, title="A castle", body="x",
        key=uuid4(), written_at=NOW, release_at=NOW,
    )  # fmt: skip
    photo = Photo.objects.create(post=post, name="0" * 32, alt="A castle", width=4, height=3)
    path = storage.path_of(photo.name, 640)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(JPEG)
    browser = school.client(school.nia)
    news, picture = f"/messages/{message.conversation_id}/new/", f"/photo/{photo.name}/640/"
    assert browser.get(news, headers={"HX-Request": "true"}).status_code == 200
    assert browser.get(picture).status_code == 200
    return browser, news, picture


@pytest.mark.policy("PA-2")
def test_F35_the_open_page_goes_at_its_next_question_and_the_photo_at_once(school, open_page):
    browser, news, picture = open_page
    at_once(lambda: browser.get(picture), lambda: restrict(school), lambda: browser.get(news))
    gone = browser.get(news, headers={"HX-Request": "true"})
    assert (gone.status_code, gone.headers["HX-Refresh"], gone.content) == (404, "true", b"")
    assert browser.get(news).status_code == browser.get(picture).status_code == 404
    gareth = school.client(school.gareth)
    assert gareth.get(picture).status_code == 200


@pytest.mark.policy("PA-5")
def test_F35_a_child_who_changes_class_while_its_parent_posts_takes_all_of_it_along(school, open_page):
    _browser, news, picture = open_page
    school.clock.set("2026-11-10 20:00")
    browser = school.client(school.nia)
    path, sent = (
        reverse("child_conversation", args=[school.mali.pk]),
        {"body": "At night", "key": str(uuid4())},
    )
    move = Pupil.objects.filter(pk=school.mali.pk).update
    posted, _moved = at_once(lambda: browser.post(path, sent), lambda: move(classroom=school.derwen))
    assert (posted.status_code, Message.objects.filter(body="At night").count()) == (302, 1)
    school.clock.set("2026-11-11 08:31")
    announce_due()
    browser = school.client(school.nia)
    assert browser.get(picture).status_code == 404
    assert browser.get(news, headers={"HX-Request": "true"}).status_code == 200
    assert read_by_class(school) == []
    conversation = news.removesuffix("new/")
    assert school.client(school.celyn).get(conversation).status_code == 404
    assert "At night" in school.client(school.derwen, school.howells).get(conversation).content.decode()
