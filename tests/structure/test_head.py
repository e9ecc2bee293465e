from django.urls import reverse

from tests.structure.access import ACCESS
from tests.structure.world import make_world

PAGES = [
    "newsfeed",
    "messages",
    "conversation",
    "post",
    "office",
    "points",
    "child_points",
    "write",
    "warnings",
]


def test_a_request_for_the_head_of_a_page_gets_it(people):
    world, browsers = make_world(people), people.everybody()
    answers = {}
    for name in PAGES:
        row = ACCESS[name]
        person = sorted(row.ok)[0]
        answers[name] = browsers[person].head(reverse(name, kwargs=row.args(world))).status_code
    assert answers == dict.fromkeys(PAGES, 200)
