"""Test that photos survive errors and PIN checks, for their writer alone.

TE-2, AU-5.
"""

import re

import pytest

from stories import services, tasks, uploads
from stories.models import Photo, Post, UnsentPhoto
from tests.clock import at
from tests.people import PIN, key
from tests.sentences.accounts import PHOTOS_NOT_RESTORED
from tests.sentences.messaging import UPLOAD_EXPIRED
from tests.sentences.portal import PHOTO_UNREADABLE
from tests.sentences.stories import EVERY_PHOTO_DESCRIBED, FIVE_PHOTOS_AT_MOST
from tests.stories.kit import added, files_in, filled, picture, upload

WRITE, ADD = "/news/write/", "/news/add-photo/"
NOW = at("2026-11-10 10:00")


def stored_names(page: str) -> list[str]:
    return re.findall(r'name="stored"\s+value="([0-9a-f]{32})"', page)


@pytest.fixture
def browser(people):
    return people.client(people.celyn, people.pritchard)


def three(browser, **alts) -> dict:
    return added(browser, *(upload(picture(colour=colour)) for colour in ("red", "green", "blue")), **alts)


def test_several_photos_are_stored_when_chosen(people, browser, media):
    photos = three(browser)
    assert len(photos["stored"]) == 3 and len(files_in(media)) == 6
    assert not Photo.objects.exists()
    assert browser.get(f"/photo/{photos['stored'][0]}/640/").status_code == 200


def test_one_missing_description_loses_no_photo(people, browser, media):
    photos = three(browser, alts=["A castle", "", "An owl"])
    answer = browser.post(WRITE, filled(**photos))
    assert answer.status_code == 422 and stored_names(answer.text) == photos["stored"]
    assert 'value="A castle"' in answer.text and 'value="An owl"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1 and not Post.objects.exists()
    photos[f"alt_{photos['stored'][1]}"] = "A pond"
    assert browser.post(WRITE, filled(**photos)).status_code == 302
    assert [photo.alt for photo in Post.objects.get().photos.all()] == ["A castle", "A pond", "An owl"]
    assert not UnsentPhoto.objects.exists() and len(files_in(media)) == 6


@pytest.mark.parametrize("wrong", [{"title": ""}, {"body": "x" * 6000}])
def test_invalid_text_loses_no_photo(people, browser, wrong):
    photos = three(browser, alts=["A castle", "A pond", "An owl"])
    answer = browser.post(WRITE, filled(**photos) | wrong)
    assert answer.status_code == 422 and stored_names(answer.text) == photos["stored"]


def test_without_scripts_a_form_error_loses_no_photo(people, browser):
    answer = browser.post(WRITE, filled(title="", added=[upload(picture()), upload(picture("PNG"))]))
    names = stored_names(answer.text)
    assert answer.status_code == 422 and len(names) == 2
    sent = filled(stored=names, **{f"alt_{name}": f"Photo {name[:2]}" for name in names})
    assert browser.post(WRITE, sent).status_code == 302
    assert Post.objects.get().photos.count() == 2


def test_without_scripts_photos_are_added_by_a_button(people, browser):
    answer = browser.post(WRITE, filled(body="Three owls", added=upload(picture()), add="1"))
    assert answer.status_code == 200 and "Three owls" in answer.text
    assert len(stored_names(answer.text)) == 1 and not Post.objects.exists()


def test_one_bad_file_loses_no_other(people, browser):
    files = [upload(picture()), upload(b"<html>", "page.jpg"), upload(picture("PNG"))]
    answer = browser.post(ADD, {"added": files})
    assert answer.status_code == 422 and f"page.jpg: {PHOTO_UNREADABLE}" in answer.text
    assert len(stored_names(answer.text)) == 2


def test_the_sixth_photo_is_refused_and_five_stay(people, browser):
    answer = browser.post(ADD, {"added": [upload(picture()) for _n in range(6)]})
    assert FIVE_PHOTOS_AT_MOST in answer.text and len(stored_names(answer.text)) == 5


@pytest.mark.policy("TE-2")
def test_photos_and_descriptions_come_back_after_the_pin(people, clock, browser):
    photos = three(browser, alts=["A castle", "A pond", "An owl"])
    clock.set("2026-11-10 10:16")
    assert browser.post(WRITE, filled(title="Our pond", **photos)).status_code == 302
    who = {"who": people.pritchard.pk, "pin": PIN, "next": "/"}
    assert browser.post("/class/who/", who).headers["Location"] == WRITE
    page = browser.get(WRITE).text
    assert stored_names(page) == photos["stored"] and 'value="A pond"' in page and "Our pond" in page
    assert PHOTOS_NOT_RESTORED not in page


@pytest.mark.policy("TE-2")
def test_photos_survive_a_pin_check_during_an_upload(people, clock, browser):
    photos = three(browser, alts=["A castle", "", ""])
    clock.set("2026-11-10 10:16")
    browser.post(ADD, photos | {"added": upload(picture())})
    who = {"who": people.pritchard.pk, "pin": PIN, "next": "/"}
    page = browser.get(browser.post("/class/who/", who).headers["Location"], follow=True).text
    assert stored_names(page) == photos["stored"] and 'value="A castle"' in page


@pytest.mark.policy("TE-2")
def test_a_colleague_neither_sees_nor_posts_them(people, browser):
    photos = three(browser, alts=["A castle", "A pond", "An owl"])
    url = f"/photo/{photos['stored'][0]}/640/"
    assert browser.get(url).status_code == 200
    for other in (
        people.client(people.celyn, people.adeyemi),
        people.client(people.head),
        people.client(people.nia),
        people.client(people.derwen, people.howells),
    ):
        assert other.get(url).status_code == 404
    colleague = people.client(people.celyn, people.adeyemi)
    answer = colleague.post(WRITE, filled(**photos))
    assert answer.status_code == 422 and UPLOAD_EXPIRED in answer.text
    assert stored_names(answer.text) == [] and not Post.objects.exists()
    by = people.actor(people.celyn, people.adeyemi)
    with pytest.raises(uploads.PhotosGone):
        services.write_post(
            people.celyn, by=by, at=NOW, title="Owls", body="Two", key=key(), added=photos["stored"]
        )
    uploads.describe_photos({photos["stored"][0]: "Not mine"}, by=by)
    assert not UnsentPhoto.objects.filter(alt="Not mine").exists()


def test_the_database_and_service_want_a_description(people, browser):
    photos = three(browser)
    by = people.actor(people.celyn, people.pritchard)
    with pytest.raises(uploads.NotDescribed):
        services.write_post(
            people.celyn, by=by, at=NOW, title="Owls", body="Two", key=key(), added=photos["stored"]
        )
    assert UnsentPhoto.objects.count() == 3 and not Post.objects.exists()


def test_a_description_alone_asks_for_no_photo(people, browser):
    restored = {"alt_1": "A castle", f"alt_{'0' * 32}": "A pond"}
    assert browser.post(WRITE, filled(**restored)).status_code == 302
    assert not Photo.objects.exists()


def test_a_photo_whose_tick_is_taken_away_does_not_go_along(people, browser):
    photos = three(browser, alts=["A castle", "A pond", "An owl"])
    browser.post(WRITE, filled(**photos | {"stored": photos["stored"][:1]}))
    assert [photo.alt for photo in Photo.objects.all()] == ["A castle"]


def test_a_repeated_request_posts_once(people, browser, media):
    sent = filled(**three(browser, alts=["A castle", "A pond", "An owl"]))
    assert [browser.post(WRITE, sent).status_code for _n in range(2)] == [302, 302]
    assert Post.objects.count() == 1 and Photo.objects.count() == 3


def test_what_was_never_posted_goes_after_a_day(people, clock, browser, media):
    three(browser)
    clock.set("2026-11-11 09:59")
    assert tasks.tend_photos() == 0
    clock.set("2026-11-11 10:00")
    assert tasks.tend_photos() == 3 and not UnsentPhoto.objects.exists()


def test_who_does_not_write_stories_adds_no_photo(people, media):
    for who in (people.nia, people.office):
        assert people.client(who).post(ADD, {"added": upload(picture())}).status_code == 403
    assert people.client(people.mali).post(ADD, {"added": upload(picture())}).status_code == 404
    assert not files_in(media)


def test_a_description_is_marked_as_required(people, browser):
    page = browser.post(ADD, {"added": upload(picture())}).text
    field = re.search(r'<input class="input"\s+type="text"[^>]+>', page)[0]
    assert "required" in field and EVERY_PHOTO_DESCRIBED in page


def test_a_writer_who_adds_without_posting_is_stopped(people):
    by = people.actor(people.celyn, people.pritchard)
    made = [
        UnsentPhoto(owner=by.user, staff=by.staff, name=f"{n:032x}", width=4, height=3, added_at=NOW)
        for n in range(uploads.MOST_UNSENT)
    ]
    UnsentPhoto.objects.bulk_create(made)
    with pytest.raises(uploads.EnoughUnsent):
        uploads.add_photo(upload(picture()), by=by, at=NOW)
