"""Test that a pupil's account writes nothing, by any path (PU-4)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from stories.models import Post
from tests.clock import at


def values(author) -> dict:
    moment = at("2026-11-10 10:00")
    return {
        "author": author,
        "title": "A story",
        "body": "x",
        "key": uuid4(),
        "written_at": moment,
        "release_at": moment,
    }


@pytest.mark.policy("PU-4")
def test_the_database_refuses_a_story_whose_author_is_a_pupil(people):
    room = {"classroom": people.celyn, "staff": people.pritchard}
    post = Post.objects.create(**values(people.celyn.account), **room)
    with pytest.raises(IntegrityError, match="post_author_is_no_pupil"), transaction.atomic():
        Post.objects.create(**values(people.mali.account), **room)
    with pytest.raises(IntegrityError, match="post_author_is_no_pupil"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(author=people.mali.account)
