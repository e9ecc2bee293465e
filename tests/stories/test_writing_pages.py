"""Test the pages on which stories are written."""

import re

import pytest
from django.test import Client

from malpas.lib.hidden import hide
from stories.models import Photo, Post, UnsentPhoto
from tests.sentences.portal import SENT_ALREADY
from tests.sentences.stories import STORY_FOR_THE_CLASS, STORY_FOR_THE_SCHOOL, STORY_IS_OUT, STORY_IS_PENDING
from tests.stories.feed import QUIET, TITLE, WRITE, page
from tests.stories.kit import added, bomb, files_in, filled, picture, story, upload


@pytest.mark.policy("TE-5")
def test_the_form_announces_quiet_hours_and_release_first(people, clock):
    clock.set(QUIET)
    for who in (people.celyn, people.head):
        html = page(people.client(who), WRITE)
        assert "Quiet until Monday 08:30" in html and "Post for Monday 08:30" in html.replace("\n", " ")
        assert html.index("hours--quiet") < html.index('name="title"')


def test_in_working_hours_the_button_says_now(people):
    html = page(people.client(people.celyn), WRITE)
    assert "Post now" in html and STORY_FOR_THE_CLASS % {"name": "Celyn", "staff": "Mrs Pritchard"} in html
    assert STORY_FOR_THE_SCHOOL % {"staff": "Mr Rees"} in page(people.client(people.deputy), WRITE)


def test_parents_and_office_have_no_page_to_write_on(people):
    assert people.client(people.celyn).get(WRITE).status_code == 200
    for who in (people.nia, people.office):
        assert people.client(who).get(WRITE).status_code == 403
        assert people.client(who).post(WRITE, filled()).status_code == 403
    assert people.client(people.mali).get(WRITE).status_code == 404
    assert Client().get(WRITE).status_code == 302
    assert not Post.objects.exists()


def test_a_class_posts_a_story_with_photos(people, media):
    browser = people.client(people.celyn, people.adeyemi)
    photos = added(browser, upload(picture()), upload(picture("PNG")), alts=["A castle", "Owl"])
    answer = browser.post(WRITE, filled(**photos), follow=True)
    post = Post.objects.get()
    assert (post.classroom, post.staff) == (people.celyn, people.adeyemi)
    assert [photo.alt for photo in post.photos.all()] == ["A castle", "Owl"]
    assert STORY_IS_OUT in answer.content.decode()
    assert len(files_in(media)) == 4


def test_senior_leaders_post_to_the_whole_school(people):
    people.client(people.deputy).post(WRITE, filled())
    assert Post.objects.get().classroom is None


def test_a_repeated_request_makes_no_second_story(people):
    sent, client = filled(), people.client(people.celyn)
    assert [client.post(WRITE, sent).status_code for _n in range(2)] == [302, 302]
    assert Post.objects.count() == 1


@pytest.mark.policy("TE-4")
def test_in_quiet_hours_the_writer_reads_when_it_is_released(people, clock):
    clock.set(QUIET)
    client = people.client(people.celyn)
    assert (
        STORY_IS_PENDING % {"when": "Monday 08:30"}
        in client.post(WRITE, filled(), follow=True).content.decode()
    )
    post = Post.objects.get()
    client.post(f"/news/{hide(post.pk)}/change/", {"title": "Four owls", "body": "Counted again."})
    assert "Four owls" in page(client)
    client.post(f"/news/{hide(post.pk)}/withdraw/")
    assert "Four owls" not in page(client)


def test_once_out_a_story_is_neither_changed_nor_withdrawn(people, clock):
    clock.set(QUIET)
    post = story(people, title=TITLE)
    clock.set("2026-11-16 08:30")
    client = people.client(people.celyn)
    answer = client.post(f"/news/{hide(post.pk)}/change/", {"title": "Four owls", "body": "What I typed"})
    assert answer.status_code == 422 and "What I typed" in answer.content.decode()
    assert 'name="seen"' in answer.content.decode()
    assert "has gone out" in client.post(f"/news/{hide(post.pk)}/withdraw/", follow=True).content.decode()
    assert TITLE in page(people.client(people.nia))


def test_strangers_change_and_withdraw_nothing(people, clock):
    clock.set(QUIET)
    post = story(people, whole_school=True)
    for act in ("change", "withdraw"):
        url = f"/news/{hide(post.pk)}/{act}/"
        assert people.client(people.deputy).post(url, filled()).status_code == 403
        for who in (people.celyn, people.dylan, people.office, people.mali):
            assert people.client(who).post(url, filled()).status_code == 404
        assert people.client(people.head).get(url).status_code in (200, 405)


BAD = {
    "no title": {"title": ""},
    "a title nobody sees": {"title": "\u200b "},
    "spaces": {"body": "   \n "},
    "6,000 letters": {"body": "x" * 6000},
    "a long title": {"title": "x" * 121},
    "NUL": {"body": "a\x00b"},
    "NUL in a title": {"title": "a\x00b"},
    "a key that is none": {"key": "1"},
    "no description": {"added": upload(picture())},
    "an empty file": {"added": upload(b"")},
    "a page called photo": {"added": upload(b"<!doctype html><script>", "x.jpg")},
    "a drawing with script": {"added": upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
    "a photo cut in half": {"added": upload(picture("PNG", (400, 400))[:-200])},
    "81 million pixels": {"added": upload(bomb(), "x.png", "image/png")},
    "six files": {"added": [upload(picture()) for _n in range(6)]},
    "a photo of somebody else": {"stored": "0" * 32},
    "a name that is none": {"stored": "../../etc/passwd"},
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_gets_a_sentence_and_loses_no_text(people, media, bad):
    client = people.client(people.celyn)
    for value in BAD[bad].values():
        for file in value if isinstance(value, list) else [value]:
            getattr(file, "seek", id)(0)
    answer = client.post(WRITE, filled(title="A day", body="Three owls") | BAD[bad])
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="errors"' in html and "<title>Error:" in html
    assert ("A day" in html or "title" in BAD[bad]) and ("Three owls" in html or "body" in BAD[bad])
    assert not Post.objects.exists() and not Photo.objects.exists()
    own = set(UnsentPhoto.objects.values_list("name", flat=True))
    assert {path.name[:32] for path in files_in(media)} == own and len(own) <= 5


def test_twenty_files_store_nothing(people, media):
    files = {"added": [upload(picture()) for n in range(20)]}
    answer = people.client(people.celyn).post(WRITE, filled(**files))
    assert answer.status_code in (400, 422)
    assert not Post.objects.exists() and len(files_in(media)) <= 10


def test_names_of_files_mean_nothing(people, media):
    client = people.client(people.celyn)
    for name in (
        "../../etc/passwd.jpg",
        "C:\\x.jpg",
        "a/b",
        ".htaccess",
        "x" * 300,
        "\u202egpj.exe",
        "photo.php",
    ):
        client.post(WRITE, filled(**added(client, upload(picture(), name), alts=["An owl"])))
    assert Post.objects.count() == Photo.objects.count() == 7
    assert all(re.fullmatch(r"[0-9a-f]{32}-(640|1600)\.jpg", path.name) for path in files_in(media))


def test_a_full_disk_is_reported_and_loses_no_text(people, media, monkeypatch):
    monkeypatch.setattr(
        "malpas.lib.uploads.photos.files.write", lambda path, data: (_ for _ in ()).throw(OSError(28, "full"))
    )
    sent = filled(body="Three owls", added=upload(picture()))
    answer = people.client(people.celyn).post(WRITE, sent)
    assert answer.status_code == 422
    assert "nothing was posted" in answer.content.decode() and "Three owls" in answer.content.decode()
    assert not Post.objects.exists() and not files_in(media)


def test_another_text_under_a_used_key_gets_a_new_key(people, media):
    celyn, used = people.client(people.celyn), filled()
    assert celyn.post(WRITE, used).status_code == 302
    assert celyn.post(WRITE, used).status_code == 302
    again = celyn.post(WRITE, used | {"body": "We found four owls."})
    said = again.content.decode()
    assert again.status_code == 422 and SENT_ALREADY in said and "four owls" in said
    assert used["key"] not in said and Post.objects.count() == 1
