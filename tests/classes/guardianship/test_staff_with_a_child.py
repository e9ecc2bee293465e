"""Test office and leaders who are parents: only their own child."""

from dataclasses import replace

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.hidden import hide
from messaging.models.absences import Absence
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry, EnquiryPhoto
from messaging.office.queries.enquiries import get_enquiry_photo
from tests.accounts.parent_lock.lock import PIN, give_pin
from tests.messaging.office.test_absence import answers as absence_answers
from tests.people import guardianship, key, make_contact, make_pupil, unlock_in
from tests.sentences.accounts import ARRIVES_LATER, GOES_OUT_LATER
from tests.sentences.messaging import NO_CHILD_LINKED
from tests.sentences.reading import says
from tests.structure.world import CANARY, make_world

pytestmark = [pytest.mark.django_db]
WORK = {"office": "/office/", "deputy": "/oversight/", "head": "/points/school/"}


class AtWork:
    """A member of staff with a child in Celyn, Ffion, signed in."""

    def __init__(self, people, role: str) -> None:
        self.people, self.work = people, WORK[role]
        self.member = getattr(people, role)
        self.ffion: Pupil = make_pupil("Ffion", "Jenkins", people.celyn)
        self.guardianship: Guardianship = guardianship(
            make_contact("Lowri", "Jenkins", self.member.user), self.ffion
        )
        give_pin(self.member.user)
        self.browser: Client = people.client(self.member)
        unlock_in(self.browser)

    def page(self, path: str) -> str:
        answer = self.browser.get(path, follow=True)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def lock(self) -> None:
        session = self.browser.session
        session.pop("parent_lock_seen")
        session.save()


@pytest.fixture(params=list(WORK))
def parent(people, request) -> AtWork:
    return AtWork(people, request.param)


@pytest.mark.policy("PA-4", "PA-5", "PA-6", "PA-13")
def test_staff_with_a_child_find_points_messages_and_absence(parent):
    news = parent.page("/news/")
    for path in ("/points/", "/messages/", "/write/", "/write/absence/"):
        assert f'href="{path}"' in news, path
    assert "Ffion" in parent.page("/points/")
    assert f"/messages/child/{parent.ffion.pk}/" in parent.page("/messages/")
    assert "Ffion" in parent.page("/write/absence/") and "Ffion" in parent.page("/news/")
    assert 'href="/messages/"' in parent.page(parent.work)  # from where they work, too


@pytest.mark.policy("PA-6")
def test_what_they_write_to_the_class_is_a_parents_message(parent):
    path = f"/messages/child/{parent.ffion.pk}/"
    assert parent.browser.post(path, {"body": "Good morning.", "key": key()}).status_code == 302
    message = Message.objects.get()
    assert (message.author, message.staff, message.from_class) == (parent.member.user, None, False)
    assert "Good morning." in parent.page(path)
    assert "Good morning." in parent.people.client(parent.people.celyn).get("/messages/").content.decode()


@pytest.mark.policy("PA-13")
def test_they_report_their_own_child_absent(parent):
    said = absence_answers(parent.people) | {"children": [parent.ffion.pk]}
    answer = parent.browser.post("/write/absence/", said, follow=True)
    assert answer.status_code == 200 and "/write/done/" in answer.redirect_chain[-1][0]
    absence = Absence.objects.get()
    assert absence.enquiry.parent == parent.member.user
    assert list(absence.enquiry.pupils.all()) == [parent.ffion]


@pytest.mark.policy("TE-5", "PA-6")
def test_in_quiet_hours_they_read_what_parents_read(parent, clock):
    clock.set("2026-11-13 20:00")
    unlock_in(parent.browser)
    page = parent.page(f"/messages/child/{parent.ffion.pk}/")
    assert says(page, ARRIVES_LATER) and not says(page, GOES_OUT_LATER)


@pytest.mark.policy("PA-11")
def test_the_lock_guards_their_family_and_leaves_their_work_open(parent):
    parent.lock()
    for path in ("/messages/", "/write/", "/write/absence/", f"/messages/child/{parent.ffion.pk}/"):
        assert parent.browser.get(path).url.startswith("/parent-lock/"), path
    for path in (parent.work, "/admin/", "/calendar/", "/account/devices/"):
        assert parent.browser.get(path).status_code == 200, path
    assert parent.browser.post("/parent-lock/", {"pin": PIN, "next": "/messages/"}).url == "/messages/"
    parent.page("/messages/")


@pytest.mark.policy("PA-4", "PA-5")
def test_through_their_child_they_get_nothing_of_another_family(parent):
    world = make_world(parent.people)
    mali = parent.people.mali
    for path in (
        f"/messages/{world.conversation.pk}/",
        f"/messages/child/{mali.pk}/",
        f"/messages/child/{mali.pk}/meeting/",
        f"/messages/change/{hide(world.waiting.pk)}/",
        f"/news/?child={mali.pk}",
        "/write/done/K234567/",
    ):
        answer = parent.browser.get(path)
        assert answer.status_code == 404 and CANARY not in answer.content.decode(), path
    said = absence_answers(parent.people) | {"children": [mali.pk]}
    before = Absence.objects.count()
    assert parent.browser.post("/write/absence/", said).status_code == 422
    assert Absence.objects.count() == before


@pytest.mark.policy("AU-3", "PA-11")
def test_beside_their_child_they_are_a_parent_and_nothing_else(parent):
    world, people = make_world(parent.people), parent.people
    Pupil.objects.filter(pk=parent.ffion.pk).update(classroom=people.derwen)
    assert parent.browser.post("/together/begin/").url == "/together/"
    assert "Ffion" in parent.page("/together/")
    assert parent.browser.get(f"/together/{people.mali.pk}/").status_code == 404
    assert CANARY not in parent.page("/together/news/")  # the news of Celyn, which a leader's own feed shows
    photo = reverse("photo", args=[world.photo.name, 640])
    assert parent.browser.get(photo).status_code == 404
    assert parent.browser.get("/").url == "/together/"
    for path in (parent.work, "/admin/", "/news/", "/points/"):
        assert parent.browser.get(path).url.startswith("/parent-lock/"), path


@pytest.mark.policy("AU-3")
def test_the_lock_stays_when_their_last_child_leaves(parent):
    parent.browser.post("/together/begin/")
    Pupil.objects.filter(pk=parent.ffion.pk).update(left_on="2026-11-09")
    assert parent.browser.get("/").url == "/together/"
    assert parent.browser.get("/together/").status_code == 200
    for path in (parent.work, "/admin/"):
        assert parent.browser.get(path).url.startswith("/parent-lock/"), path
    assert parent.browser.post("/parent-lock/", {"pin": PIN}).status_code == 302
    assert parent.browser.get(parent.work).status_code == 200


def test_without_a_child_here_they_have_no_familys_pages(parent):
    Guardianship.objects.filter(pk=parent.guardianship.pk).update(ended_at="2026-11-09T10:00Z", slot=None)
    assert parent.browser.get("/write/").status_code == 404
    assert parent.browser.get("/parent-lock/").status_code == 404
    assert 'href="/messages/"' not in parent.page("/news/")
    assert NO_CHILD_LINKED in parent.page("/points/")


@pytest.mark.policy("PA-7")
def test_the_office_still_sees_the_photos_of_others(people):
    AtWork(people, "office")
    world, actor = make_world(people), replace(people.actor(people.office), has_child=True)
    photo = EnquiryPhoto.objects.get(enquiry=world.enquiry)
    assert get_enquiry_photo(actor, photo.name) == photo
    Enquiry.objects.filter(pk=world.enquiry.pk).update(parent=people.deputy.user, topic="lost")
    leader = people.actor(people.deputy)
    with pytest.raises(Http404):
        get_enquiry_photo(leader, photo.name)
