"""Who sees which post does not depend on whether the request has read their children already."""

import pytest

from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from classes.queries import children_of
from stories import services
from stories.queries import feed
from tests.people import key
from tests.stories.kit import story

EVERYBODY = ("nia", "gareth", "sioned", "dylan", "kai", "head", "deputy", "office", "celyn", "derwen", "mali")


@pytest.fixture
def posts(people, clock) -> None:
    now = clock.set("2026-11-10 10:00")
    story(people, title="Celyn")
    story(people, title="School", whole_school=True)
    words = {"title": "Derwen", "body": "We have built a castle.", "key": key()}
    services.write_post(people.derwen, by=people.actor(people.derwen, people.howells), at=now, **words)


def titles(actor, **wanted) -> set[str]:
    return {post.title for post in feed(actor, **wanted).posts}


def read_both_ways(people) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    actors = {name: people.actor(getattr(people, name)) for name in EVERYBODY}
    return (
        {name: titles(actor, children=children_of(actor)) for name, actor in actors.items()},
        {name: titles(actor) for name, actor in actors.items()},
    )


@pytest.mark.policy("PA-5")
def test_known_children_show_everybody_the_same_posts(people, posts):
    known, asked = read_both_ways(people)
    every = {"Celyn", "School", "Derwen"}
    assert known == asked
    assert known == {
        "nia": {"Celyn", "School"},
        "gareth": {"Celyn", "School"},
        "sioned": every,
        "dylan": {"Derwen", "School"},
        "kai": set(),
        "head": every,
        "deputy": every,
        "office": {"School"},
        "celyn": {"Celyn", "School"},
        "derwen": {"Derwen", "School"},
        "mali": set(),
    }


def test_a_child_without_a_class_brings_the_whole_schools_posts(people, posts):
    Pupil.objects.filter(pk=people.mali.pk).update(classroom=None)
    known, asked = read_both_ways(people)
    assert known == asked
    assert known["nia"] == {"School"}


def test_a_guardianship_without_access_brings_nothing(people, posts):
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction="no_access", restriction_note="An order."
    )
    known, asked = read_both_ways(people)
    assert known == asked
    assert known["nia"] == set() and known["gareth"]


def test_the_newsfeed_asks_five_queries(people, posts, django_assert_num_queries):
    browser = people.client(people.nia)
    browser.get("/news/")
    with django_assert_num_queries(5):  # the session, the account, the children, the posts, their photos
        assert "Celyn" in browser.get("/news/").content.decode()
