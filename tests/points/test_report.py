"""Test the points of a class or the school."""

import csv
import io
import re

import pytest

from points.models import Award
from points.services import undo_awards
from tests.clock import at
from tests.points.test_board import page_text
from tests.sentences.points import NOT_NOTICED_FOR

REPORT, CSV = "/points/school/", "/points/school/awards.csv"


@pytest.fixture
def awards(people, give, clock):
    give(people.mali, behaviour="Effort", when="2026-07-01 10:00")
    give(people.mali, people.efa, when="2026-11-03 11:00")
    give(people.mali, behaviour="Home learning task", note="=cmd|calc", when="2026-11-09 08:50")
    give(people.rhys, by=people.actor(people.derwen, people.howells), when="2026-11-09 09:00")
    (slip,) = give(people.zofia, behaviour="Persevere", when="2026-11-10 10:00")
    undo_awards(key=slip.key, by=people.actor(people.celyn), at=at("2026-11-10 10:00"))
    clock.set("2026-11-10 10:30")


def rows(answer) -> list[list[str]]:
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


# -- the page --------------------------------------------------------------------------------------------


@pytest.mark.policy("PU-1")
def test_slt_sees_behaviours_of_the_school_and_of_a_class(people, awards):
    head = people.client(people.head)
    school = page_text(head.get(REPORT, {"period": "all"}))
    assert "What for: 6 points" in school
    assert re.search(r"Sharing 3 .*Home learning task 2 .*Effort 1", school)
    assert "Persevere" not in school  # it was undone
    celyn = page_text(head.get(REPORT, {"classroom": people.celyn.pk}))
    assert "What for: 4 points" in celyn and "Derwen" in celyn and "Effort" not in celyn


@pytest.mark.policy("TE-1")
def test_slt_sees_who_was_not_noticed_for_so_many_school_days(people, awards):
    head = people.client(people.head)
    page = page_text(head.get(REPORT, {"days": 3}))
    assert "Not noticed: 3 children" in page and NOT_NOTICED_FOR % {"days": 3} in page
    assert "Celyn 2 of 3 Who Efa Price, Zofia Nowak Derwen 1 of 2 Who Tomos Price" in page
    assert "Celyn 1 of 3 Who Zofia Nowak" in page_text(head.get(REPORT, {"days": 6}))


def test_a_class_reads_of_itself_only(people, awards):
    page = page_text(
        people.client(people.celyn).get(REPORT, {"classroom": people.derwen.pk, "period": "all"})
    )
    assert "What for: 5 points" in page and "Zofia" in page
    assert "Tomos" not in page and "Rhys" not in page and "Derwen" not in page


@pytest.mark.parametrize(
    "query", [{"days": "0"}, {"days": "x"}, {"days": "61"}, {"period": "x"}, {"classroom": "x"}]
)
def test_a_senseless_address_shows_what_holds_without_it(people, awards, query):
    answer = people.client(people.head).get(REPORT, query)
    assert answer.status_code == 200 and NOT_NOTICED_FOR % {"days": 5} in page_text(answer)


@pytest.mark.parametrize("who", ["nia", "dylan", "mali", "office"])
@pytest.mark.parametrize("path", [REPORT, CSV])
def test_nobody_else_reads_it(people, awards, who, path):
    assert people.client(people.head).get(path).status_code == 200
    assert people.client(getattr(people, who)).get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_questions_for_many_awards_as_for_few(people, give, count, django_assert_num_queries):
    for _ in range(count):
        give(people.mali)
    head = people.client(people.head)
    head.get(REPORT)
    with django_assert_num_queries(7):  # one of them: has the head a child here?
        head.get(REPORT)


# -- the file --------------------------------------------------------------------------------------------


def test_slt_downloads_each_award_by_class_and_period(people, awards):
    head = people.client(people.head)
    heads, *found = rows(head.get(CSV, {"classroom": people.celyn.pk, "period": "term"}))
    assert heads[:7] == ["Class", "Child", "Day", "Time", "What for", "Group", "Points"]
    assert [(row[1], row[2]) for row in found] == [
        ("Mali Bowen", "03.11.2026"),
        ("Efa Price", "03.11.2026"),
        ("Mali Bowen", "09.11.2026"),
    ]
    assert found[-1][3:] == [
        "08:50",
        "Home learning task",
        "Home learning",
        "2",
        "'=cmd|calc",
        "Mrs Pritchard",
    ]
    assert len(rows(head.get(CSV, {"period": "all"}))) == 1 + 5
    assert len(rows(head.get(CSV, {"period": "term"}))) == 1 + 4


@pytest.mark.policy("PA-4")
def test_a_class_downloads_its_own_children_and_no_other(people, awards):
    celyn = people.client(people.celyn)
    found = rows(celyn.get(CSV, {"period": "all"}))
    assert {row[1] for row in found[1:]} == {"Mali Bowen", "Efa Price"}
    assert celyn.get(CSV, {"classroom": people.derwen.pk}).status_code == 404


def test_a_child_who_moved_on_is_in_no_file_of_the_class_before(people, awards):
    celyn = people.client(people.celyn)
    assert "Efa Price" in str(rows(celyn.get(CSV)))
    people.celyn.pupils.filter(pk=people.efa.pk).update(classroom=people.derwen)
    assert "Efa Price" not in str(rows(celyn.get(CSV)))


def test_the_file_has_a_name_and_stays_in_no_cache(people, awards):
    people.celyn.name = 'Blwyddyn 3 "Ŵyn"; a=b'
    people.celyn.save()
    answer = people.client(people.head).get(CSV, {"classroom": people.celyn.pk, "period": "year"})
    said = answer["Content-Disposition"]
    assert said == 'attachment; filename="points-blwyddyn-3-wyn-ab-year-2026-11-10.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and "no-store" in answer["Cache-Control"]
    assert "points-school-term" in people.client(people.head).get(CSV)["Content-Disposition"]


def test_the_file_is_in_the_readers_language(people, awards):
    answer = people.client(people.head).get(CSV, HTTP_ACCEPT_LANGUAGE="cy")
    assert "Rhannu" in str(rows(answer))


@pytest.mark.parametrize("query", [{"classroom": "999999"}, {"classroom": "x"}, {"period": "x"}])
def test_a_file_of_nothing_known_is_not_found(people, awards, query):
    assert people.client(people.head).get(CSV, query).status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_a_long_file_asks_no_more_than_a_short_one(people, give, count, django_assert_num_queries):
    for _ in range(count):
        give(people.mali)
    head = people.client(people.head)
    head.get(CSV)
    with django_assert_num_queries(5):  # one of them: has the head a child here?
        assert len(rows(head.get(CSV))) == count + 1 == Award.objects.count() + 1
