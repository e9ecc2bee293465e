"""Test changes that wait for a lock until after a story's release.

Policy: TE-4.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from threading import Event

import pytest
from django.db import IntegrityError, transaction

from accounts.calendar.services import change_calendar
from accounts.models.school import Closure
from malpas.lib.errors import RuleViolation
from stories import services
from stories.models import Post
from tests.clock import Clock, at
from tests.locks import locked_rows, locked_school
from tests.people import make_people
from tests.stories.kit import story

QUIET = "2026-11-13 20:00"
JUST_BEFORE = "2026-11-16 08:29:59"
ARRIVES = "2026-11-16 08:30"
TITLE = "A day in the woods"


@pytest.fixture
def people(transactional_db) -> Iterator:
    """Commit the people on Friday evening; restore the clock afterwards."""
    clock = Clock()
    clock.set(QUIET)
    made = make_people()
    made.clock = clock
    yield made
    clock.real()


def read_by_family(people) -> list[str]:
    return list(Post.objects.visible_to(people.actor(people.nia)).values_list("title", flat=True))


def late(people, lock: AbstractContextManager, act: Callable[[], object]) -> object:
    """Return the result of `act`, delayed past the release.

    It starts a second before and ends a second after.
    """
    with lock:
        try:
            return act()
        except RuleViolation as violation:
            return violation


def late_for(people, post: Post, act: Callable[[], object]) -> object:
    people.clock.run_from(JUST_BEFORE)
    return late(people, locked_rows(Post.objects.filter(pk=post.pk), 2), act)


@pytest.mark.policy("TE-4")
def test_a_change_that_waited_past_the_arrival_changes_nothing(people):
    post, by = story(people), people.actor(people.celyn)
    answer = late_for(
        people, post, lambda: services.change_post(post, by=by, title="After it was read", body="New.")
    )
    assert "has gone out" in str(answer) and read_by_family(people) == [TITLE]


@pytest.mark.policy("TE-4")
def test_a_withdrawal_delayed_past_the_release_does_nothing(people):
    post, by = story(people), people.actor(people.celyn)
    answer = late_for(people, post, lambda: services.withdraw_post(post, by=by, at=at(JUST_BEFORE)))
    assert "has gone out" in str(answer) and read_by_family(people) == [TITLE]


def test_withdrawing_departed_posts_spares_released_ones(people):
    post = story(people)

    def leave() -> int:
        with transaction.atomic():
            return services.withdraw_pending(people.pritchard, at(JUST_BEFORE))

    assert late_for(people, post, leave) == 0
    assert read_by_family(people) == [TITLE]


def test_removing_an_account_leaves_what_arrived_meanwhile(people):
    post = story(people)
    account = people.celyn.account
    assert (
        late_for(people, post, lambda: services.withdraw_pending_posts_of(account, at=at(JUST_BEFORE))) == 0
    )
    assert read_by_family(people) == [TITLE]


def close_monday(people, seconds: float = 0) -> None:
    with change_calendar(by=people.actor(people.deputy), why="snow"):
        Event().wait(seconds)
        day = date(2026, 11, 16)
        Closure.objects.create(starts=day, ends=day, kind="closed", name="Snow")


@pytest.mark.policy("TE-4")
def test_f37_a_closure_that_waited_leaves_an_arrived_story(people):
    post = story(people)
    people.clock.run_from(JUST_BEFORE)
    late(people, locked_school(2), lambda: close_monday(people))
    post.refresh_from_db()
    assert post.release_at == at(ARRIVES) and read_by_family(people) == [TITLE]


def test_f37_a_closure_does_not_reschedule_a_released_story(people):
    post = story(people)
    late_for(people, post, lambda: close_monday(people))
    post.refresh_from_db()
    assert post.release_at == at(ARRIVES) and read_by_family(people) == [TITLE]


def test_a_closure_before_the_arrival_still_moves_the_story(people):
    post = story(people)
    close_monday(people)
    post.refresh_from_db()
    assert post.release_at == at("2026-11-17 08:30")


def test_the_database_refuses_changes_of_a_released_story(people):
    post = story(people)
    people.clock.set(ARRIVES)
    rows = Post.objects.filter(pk=post.pk)
    for change in (
        {"title": "Other words"},
        {"body": "Other words"},
        {"staff": people.adeyemi},
        {"release_at": at("2026-11-17 08:30")},
        {"withdrawn_at": at(ARRIVES)},
    ):
        with pytest.raises(IntegrityError, match="post_stays_once_it_arrived"), transaction.atomic():
            rows.update(**change)


def test_in_the_last_quarter_of_a_second_it_is_too_late(people):
    post = story(people)
    people.clock.set("2026-11-16 08:29:59.800")
    with pytest.raises(services.AlreadyOut):
        services.withdraw_post(post, by=people.actor(people.celyn), at=at(JUST_BEFORE))
