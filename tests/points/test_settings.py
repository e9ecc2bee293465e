"""Test the class's goal, initials on its whiteboard, and picking a child."""

import re

import pytest
from django.db import IntegrityError, transaction

from accounts.models.audit import AuditEntry
from points.models import Award, BoardSettings
from points.services import GoalOutOfReach, NobodyAtTheAccount, set_board, undo_awards
from tests.clock import at
from tests.points.test_board import BOARD, page_text
from tests.sentences.points import GOAL_IS_REACHED, GOAL_REFUSED

SETTINGS, PICK = "/class/board/settings/", "/class/board/pick/"


@pytest.fixture
def teacher(people, behaviours):
    return people.client(people.celyn, people.pritchard)


def set_goal(teacher, goal, **more) -> str:
    return page_text(teacher.post(SETTINGS, {"goal": goal} | more, follow=True))


# -- the goal --------------------------------------------------------------------------------------------


def test_the_class_sees_how_far_it_is_on_both_views(teacher, people, give):
    give(people.mali, people.efa)
    assert "Saved." in set_goal(teacher, 3)
    give(people.mali, people.zofia, when="2026-11-10 10:01")
    for view in ("", "staff"):
        assert "Our goal together 4 of 3" not in page_text(teacher.get(BOARD, {"view": view}))
    assert GOAL_IS_REACHED % {"number": 3} in page_text(teacher.get(BOARD))


def test_points_count_from_the_day_the_goal_is_set(teacher, people, give, clock):
    give(people.mali, when="2026-11-09 10:00")
    clock.set("2026-11-10 10:00")
    assert "Our goal together 0 of 10" in set_goal(teacher, 10)
    give(people.mali, people.efa, when="2026-11-10 10:01")
    assert "Our goal together 2 of 10" in page_text(teacher.get(BOARD))


def test_the_points_of_another_class_do_not_count(teacher, people, give):
    set_goal(teacher, 10)
    give(people.rhys, by=people.actor(people.derwen, people.howells))
    assert Award.objects.count() == 1
    assert "0 of 10" in page_text(teacher.get(BOARD))


def test_a_slip_that_was_undone_counts_for_no_goal(teacher, people, give):
    set_goal(teacher, 2)
    (slip, _other) = give(people.mali, people.efa)
    assert "goal is reached" in page_text(teacher.get(BOARD))
    undo_awards(key=slip.key, by=people.actor(people.celyn), at=at("2026-11-10 10:00"))
    assert "0 of 2" in page_text(teacher.get(BOARD))


@pytest.mark.policy("PU-3")
def test_changing_a_goal_on_the_way_loses_nothing(teacher, people, give, clock):
    set_goal(teacher, 10)
    give(people.mali, people.efa, when="2026-11-10 10:01")
    clock.set("2026-11-12 10:00")
    teacher = people.client(people.celyn, people.pritchard)
    assert "2 of 20" in set_goal(teacher, 20)
    assert "2 of 20" in set_goal(teacher, 20)


def test_after_a_reached_goal_the_next_begins_anew(teacher, people, give, clock):
    set_goal(teacher, 2)
    give(people.mali, people.efa, when="2026-11-10 10:01")
    clock.set("2026-11-12 10:00")
    teacher = people.client(people.celyn, people.pritchard)
    assert "goal is reached" in set_goal(teacher, 2)
    assert "0 of 5" in set_goal(teacher, 5)


def test_a_class_may_have_no_goal(teacher):
    assert "Our goal together" in set_goal(teacher, 2)
    assert "Our goal together" not in set_goal(teacher, "")
    assert BoardSettings.objects.get().goal_since is None


@pytest.mark.parametrize("goal", ["0", "-1", "10001", "x", "9" * 30])
def test_a_goal_out_of_reach_is_refused_with_a_sentence(teacher, goal):
    answer = teacher.post(SETTINGS, {"goal": goal})
    assert answer.status_code == 422 and GOAL_REFUSED in page_text(answer)
    assert not BoardSettings.objects.exists()


@pytest.mark.parametrize("goal", [0, -1, 10_001])
def test_the_service_sets_no_goal_out_of_reach(people, behaviours, goal):
    by, now = people.actor(people.celyn, people.pritchard), at("2026-11-10 10:00")
    assert set_board(initials=False, goal=10_000, by=by, at=now).goal == 10_000
    with pytest.raises(GoalOutOfReach):
        set_board(initials=False, goal=goal, by=by, at=now)


@pytest.mark.parametrize("goal, since", [(0, "now()"), (10_001, "now()"), (5, "NULL"), (None, "now()")])
def test_the_database_refuses_a_goal_out_of_reach(people, sql, goal, since):
    insert = "INSERT INTO points_boardsettings (classroom_id, initials, goal, goal_since) VALUES (%s, false, %s, {})"
    with pytest.raises(IntegrityError, match="board_goal_is_reachable"), transaction.atomic():
        sql(insert.format(since), people.celyn.pk, goal)
    assert sql(insert.format("now()"), people.celyn.pk, 5) == 1


def test_only_a_named_person_sets_it_and_it_is_recorded(people, behaviours):
    now = at("2026-11-10 10:00")
    for who in (people.actor(people.head), people.actor(people.nia)):
        with pytest.raises(NobodyAtTheAccount):
            set_board(initials=True, goal=5, by=who, at=now)
    set_board(initials=True, goal=5, by=people.actor(people.celyn, people.pritchard), at=now)
    assert AuditEntry.objects.get(verb="points.board_set").staff == people.pritchard


@pytest.mark.parametrize("who", ["nia", "dylan", "mali", "head", "office"])
@pytest.mark.parametrize("path", [SETTINGS, PICK])
def test_nobody_but_a_class_reaches_these(people, teacher, who, path):
    assert teacher.get(path).status_code == 200
    assert people.client(getattr(people, who)).get(path).status_code == 404


def test_each_class_has_its_own(teacher, people):
    set_goal(teacher, 7, initials="on")
    other = people.client(people.derwen, people.howells)
    assert "of 7" in page_text(teacher.get(BOARD))
    assert "of 7" not in page_text(other.get(BOARD)) and "Rhys" in page_text(other.get(BOARD))


# -- initials --------------------------------------------------------------------------------------------


@pytest.mark.policy("TE-1")
def test_the_whiteboard_shows_initials_if_set(teacher, people, behaviours, give):
    assert "Mali" in page_text(teacher.get(BOARD))
    set_goal(teacher, "", initials="on")
    (award,) = give(people.mali)
    for path, query in (
        (BOARD, {"given": award.key}),
        ("/class/board/award/", {"pupil": people.mali.pk}),
        (PICK, {}),
    ):
        page = page_text(teacher.get(path, query))
        assert re.search("MB|EP|ZN", page), path
        assert not re.search("Mali|Efa|Zofia", page), path
    assert "Mali" in page_text(teacher.get(BOARD, {"view": "staff"}))
    assert "Mali" in page_text(teacher.get("/class/board/award/", {"pupil": people.mali.pk, "view": "staff"}))


# -- picking a child -------------------------------------------------------------------------------------


def picked(teacher, **query) -> str:
    return re.search(r'id="picked">([^<]+)<', teacher.get(PICK, query).content.decode())[1]


def test_a_child_of_the_class_is_picked_and_everybody_comes_up(teacher):
    assert {picked(teacher) for _ in range(60)} == {"Efa", "Mali", "Zofia"}


def test_the_same_child_is_not_picked_twice_running(teacher, people):
    assert {picked(teacher, last=people.mali.pk) for _ in range(40)} == {"Efa", "Zofia"}


def test_a_class_of_one_has_but_one_to_pick(teacher, people):
    people.celyn.pupils.exclude(pk=people.mali.pk).update(classroom=people.derwen)
    assert picked(teacher, last=people.mali.pk) == "Mali"
    people.celyn.pupils.update(classroom=people.derwen)
    assert teacher.get(PICK).url == BOARD


@pytest.mark.parametrize("last", ["x", "0", "9" * 40])
def test_a_senseless_last_child_is_nobody(teacher, last):
    assert picked(teacher, last=last) in {"Efa", "Mali", "Zofia"}


def test_the_picked_page_is_fit_for_the_whiteboard(teacher, people, give):
    give(people.mali)
    page = page_text(teacher.get(PICK))
    for secret in ("Bowen", "Price", "Nowak", "noticed", "this week"):
        assert secret not in page
