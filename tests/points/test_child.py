import re

import pytest

from accounts.calendar.hours import school_hours
from accounts.enums import Language
from points.models import Award
from points.queries.child import awards_page, record_of
from tests.points.test_board import page_text
from tests.sentences.messaging import NO_CHILD_LINKED
from tests.sentences.points import POINTS_THIS_WEEK
from tests.sentences.portal import FIRST_DAFFODILS, POINTS_AND_NEW_DAFFODILS


@pytest.fixture
def a_week_of_mali(people, give, clock):
    give(people.mali, behaviour="Effort", when="2026-10-19 09:30")
    give(people.mali, people.efa, when="2026-11-03 11:00")
    give(people.mali, behaviour="Home learning task", note="My castle plan", when="2026-11-09 08:50")
    give(people.mali, behaviour="Persevere", when="2026-11-10 09:30")
    clock.set("2026-11-10 10:00")


def path(pupil) -> str:
    return f"/points/{pupil.pk}/"


@pytest.mark.policy("PA-4")
def test_a_parent_sees_total_reasons_days_and_signatures(people, a_week_of_mali):
    page = page_text(people.client(people.nia).get(path(people.mali)))
    assert "Mali’s points 5" in page and POINTS_THIS_WEEK % {"points": "3"} in page
    assert "Monday 9 November 2026 Home learning task Mrs Pritchard, 08:50 My castle plan plus 2" in page
    assert "INSPIRE values: 1 Persevere 1" in page
    assert page.index("Persevere (INSPIRE)") < page.index("My castle plan") < page.index("Monday 19 October")


@pytest.mark.policy("PA-4")
def test_the_chart_is_by_school_week_and_half_term_is_a_gap(people, a_week_of_mali):
    page = people.client(people.nia).get(path(people.mali))
    table = re.search(r"<table.*?</table>", page.content.decode(), re.S)[0]
    rows = re.findall(r"<td>(.*?)</td>\s*<td class=\"number\">(.*?)</td>", table)
    assert rows[-4:] == [
        ("19 October", "1"),
        ("26 October", "half-term"),
        ("2 November", "1"),
        ("9 November", "3"),
    ]
    assert "style=" not in page.content.decode()


@pytest.mark.policy("PA-4")
@pytest.mark.parametrize("who, status", [("nia", 200), ("gareth", 200), ("sioned", 404), ("dylan", 404)])
def test_only_the_childs_own_parents_see_its_points(people, a_week_of_mali, who, status):
    assert people.client(getattr(people, who)).get(path(people.mali)).status_code == status


@pytest.mark.policy("PA-4")
def test_a_removed_parent_sees_nothing(people):
    assert people.client(people.kai).get(path(people.zofia)).status_code in (302, 404)


def test_class_slt_and_office_see_a_child_and_others_do_not(people):
    for who, staff in ((people.celyn, None), (people.head, None), (people.office, None)):
        assert people.client(who, staff).get(path(people.mali)).status_code == 200
    assert people.client(people.derwen, people.howells).get(path(people.mali)).status_code == 404


@pytest.mark.policy("PU-3")
def test_a_parent_hears_of_a_point_when_its_ten_minutes_are_over(people, give, clock):
    give(people.mali)
    browser = people.client(people.nia)
    clock.set("2026-11-10 10:09:59")
    assert "Sharing" not in page_text(browser.get(path(people.mali)))
    clock.set("2026-11-10 10:10")
    assert "Sharing" in page_text(browser.get(path(people.mali)))


@pytest.mark.policy("PU-3")
def test_an_undone_point_counts_nowhere(people, give, clock):
    (award,) = give(people.mali)
    give(people.mali, behaviour="Effort")
    Award.objects.filter(pk=award.pk).update(undone_at=award.given_at, undone_by=people.pritchard)
    clock.set("2026-11-10 10:30")
    page = page_text(people.client(people.nia).get(path(people.mali)))
    assert "Mali’s points 1" in page and "Effort" in page and "Sharing" not in page


@pytest.mark.policy("PU-6")
def test_the_page_leads_to_the_behaviour_policy(people):
    page = people.client(people.nia).get(path(people.mali)).content.decode()
    assert f'<a href="{people.school.behaviour_policy_url}">' in page


def test_reasons_are_in_the_readers_language(people, give, clock):
    give(people.mali, behaviour="Speaking Welsh")
    clock.set("2026-11-10 11:00")
    browser = people.client(people.nia)
    assert "Speaking Welsh" in page_text(browser.get(path(people.mali)))
    browser.cookies["django_language"] = Language.WELSH
    page = page_text(browser.get(path(people.mali), HTTP_ACCEPT_LANGUAGE="cy"))
    assert "Siarad Cymraeg" in page and "Speaking Welsh" not in page


def test_a_child_without_points_has_an_explanation(people):
    page = page_text(people.client(people.nia).get(path(people.mali)))
    assert FIRST_DAFFODILS in page and "Nothing here yet" in page
    assert " 0 " not in page


@pytest.mark.parametrize("period, total", [("term", 5), ("year", 5), ("all", 6), ("x", 5)])
def test_a_period_can_be_chosen(people, give, a_week_of_mali, clock, period, total):
    give(people.mali, when="2026-07-01 10:00")
    clock.set("2026-11-10 10:00")
    page = page_text(people.client(people.nia).get(path(people.mali), {"period": period}))
    assert f"Mali’s points {total}" in page


def weeks_of(browser, pupil, period) -> list[tuple[str, str]]:
    page = browser.get(path(pupil), {"period": period}).content.decode()
    table = re.search(r"<table.*?</table>", page, re.S)[0]
    return re.findall(r"<td>(.*?)</td>\s*<td class=\"number\">(.*?)</td>", table)


@pytest.mark.policy("PA-4")
@pytest.mark.parametrize(
    "period, first, columns",
    [("term", "4 January", 3), ("year", "31 August", 20), ("all", "1 June", 22)],
)
def test_the_chart_shows_every_week_of_the_period(people, give, clock, period, first, columns):
    for when in ("2026-06-04 10:00", "2026-09-03 10:00", "2027-01-12 10:00"):
        give(people.mali, when=when)
    clock.set("2027-01-20 10:00")
    give(people.mali, when="2027-01-20 10:00")
    clock.set("2027-01-20 11:00")
    rows = weeks_of(people.client(people.nia), people.mali, period)
    assert rows[0][0].startswith(first) and len(rows) == columns
    assert (
        sum(int(points) for _week, points in rows if points.isdigit())
        == {"term": 2, "year": 3, "all": 4}[period]
    )


def test_a_chart_of_years_says_which_year_and_fits_its_frame(people, give, clock):
    for when in ("2024-11-05 10:00", "2026-11-10 10:00"):
        give(people.mali, when=when)
    clock.set("2026-11-10 11:00")
    browser = people.client(people.nia)
    page = browser.get(path(people.mali), {"period": "all"}).content.decode()
    assert weeks_of(browser, people.mali, "all")[0] == ("4 November 2024", "1")
    assert ">11.2024</text>" in page or ">now</text>" in page
    edges = [float(x) + float(w) for x, w in re.findall(r'x="([\d.]+)" y="\d+" width="([\d.]+)"', page)]
    assert len(edges) == 2 and max(edges) <= 326
    assert page.count("chart__text--soft") <= 7


def test_older_points_are_on_further_pages_and_none_is_left_out(people, give, clock):
    pressed = [give(people.mali)[0].pk for _ in range(7)]
    clock.set("2026-11-10 11:00")
    seen, cursor = [], None
    for _ in range(4):
        page = awards_page(people.mali, cursor, size=3)
        seen += [award.pk for award in page.awards]
        cursor = (page.awards[-1].given_at, page.awards[-1].pk)
        if not page.older:
            break
    assert seen == sorted(pressed, reverse=True)


def test_the_earlier_link_leads_on(people, give, clock):
    for number in range(25):
        give(people.mali, note=f"Note {number:02}")
    clock.set("2026-11-10 11:00")
    browser = people.client(people.nia)
    first = browser.get(path(people.mali)).content.decode()
    link = re.search(r'href="(\?[^"]*before[^"]*)"', first)[1].replace("&amp;", "&")
    second = page_text(browser.get(path(people.mali) + link))
    assert "Note 05" in first and "Note 04" not in first
    assert "Note 04" in second and "Note 00" in second and "Note 05" not in second


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"after_id": "9" * 30}, {"before": "2026-11-10", "after_id": 0}]
)
def test_a_senseless_cursor_shows_the_newest(people, a_week_of_mali, query):
    assert "Persevere" in page_text(people.client(people.nia).get(path(people.mali), query))


def test_one_child_opens_at_once_and_several_are_listed(people):
    alone = people.client(people.nia).get("/points/")
    assert alone.status_code == 200 and 'id="title"' in alone.text and "Mali" in page_text(alone)
    assert "Rhys" not in page_text(alone)
    term = people.client(people.nia).get("/points/", {"period": "term"})
    assert re.search(r'href="\?period=term" aria-current="true"', term.text)
    page = page_text(people.client(people.sioned).get("/points/"))
    assert re.search(r"Efa Celyn.*Tomos Derwen", page) and "Mali" not in page
    assert "Tomos Derwen" in page_text(people.client(people.sioned).get(path(people.efa)))
    assert people.client(people.celyn).get("/points/").url == "/class/board/"


def test_slt_has_no_child_of_its_own_here(people):
    assert NO_CHILD_LINKED in page_text(people.client(people.head).get("/points/"))


@pytest.mark.parametrize("awards", [1, 10])
def test_as_many_questions_for_many_points_as_for_few(people, give, clock, awards, django_assert_num_queries):
    for _ in range(awards):
        give(people.mali)
    at, hours = clock.set("2026-11-10 11:00"), school_hours(people.school)
    with django_assert_num_queries(4):
        record = record_of(people.mali, period="all", at=at, hours=hours)
        assert record.total == len(awards_page(people.mali).awards) == awards


@pytest.mark.policy("PU-4")
def test_a_pupil_sees_their_own_page_and_no_field_on_it(people, a_week_of_mali):
    page = people.client(people.mali).get("/pupil/me/")
    assert "Hello, Mali! 5 " + POINTS_AND_NEW_DAFFODILS % {"points": "3"} in page_text(page)
    assert "Home learning task: My castle plan" in page_text(page)
    body = page.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    assert not re.search(r"<(input|textarea|select|form|button)\b", main)
    assert re.findall(r'<a [^>]*href="([^"]*)"', main) == ["/pupil/dragon/"]
    assert body.count('class="dragon dragon--xl"') == 1


@pytest.mark.policy("PU-4")
@pytest.mark.parametrize("address", ["/points/", "/points/{}/", "/class/board/", "/class/board/award/"])
def test_a_pupil_reaches_no_other_page_of_points(people, address):
    assert people.client(people.mali).get(address.format(people.mali.pk)).status_code == 404


@pytest.mark.parametrize("who", ["nia", "dylan", "celyn", "head", "office"])
def test_a_pupils_page_is_nobody_elses(people, who):
    assert people.client(getattr(people, who)).get("/pupil/me/").status_code == 404
