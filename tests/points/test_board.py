import random
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from points.models import Award, Behaviour, BoardSettings
from tests.clock import at
from tests.people import make_pupil
from tests.sentences.points import (
    CHOOSE_A_BEHAVIOUR,
    CHOOSE_A_CHILD,
    GIVEN_LAST_TEN_MINUTES,
    NO_CHILDREN_IN_CLASS,
    NO_POINT_IN_FIVE_DAYS,
    NOT_NOTICED_YET,
    POINT_EACH_FOR_CHILDREN,
    UNDO_UNTIL,
)
from tests.sentences.reading import says

BOARD, AWARD, UNDO = "/class/board/", "/class/board/award/", "/class/board/undo/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def page_text(response) -> str:
    """Return the text that a person reads, with single spaces."""
    text = re.sub(r"<script.*?</script>|<svg.*?</svg>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(text.split())


@pytest.fixture
def teacher(people, behaviours):
    return people.client(people.celyn, people.pritchard)


def award_data(behaviours, *pupils, behaviour="Sharing", **more) -> dict:
    ids = [pupil.pk for pupil in pupils]
    return {"pupil": ids, "behaviour": behaviours[behaviour].pk, "key": str(uuid4())} | more


@pytest.mark.policy("TE-1")
def test_the_board_shows_the_class_by_first_name_and_its_total(teacher, people, give):
    give(people.zofia, when="2026-11-06 10:00")
    give(people.mali, people.efa, when="2026-11-10 10:00")
    page = page_text(teacher.get(BOARD))
    assert re.search(r"Efa.*Mali.*Zofia", page)
    assert "2 together this week" in page


def test_two_children_of_one_name_have_an_initial(teacher, people):
    make_pupil("Mali", "Thomas", people.celyn)
    page = page_text(teacher.get(BOARD))
    assert "Mali B." in page and "Mali T." in page


@pytest.mark.policy("TE-1")
def test_the_whiteboard_hides_surnames_sums_and_unnoticed(teacher, people, give):
    for _ in range(7):
        give(people.mali)
    staff, whiteboard = page_text(teacher.get(BOARD, {"view": "staff"})), page_text(teacher.get(BOARD))
    assert "7 this week" in staff and NOT_NOTICED_YET % {"children": "2"} in staff
    assert GIVEN_LAST_TEN_MINUTES in staff
    for secret in ("7 this week", "noticed", "ten minutes", "Bowen", "Nowak", "Nia"):
        assert secret not in whiteboard


@pytest.mark.policy("TE-1")
def test_not_noticed_is_counted_in_school_days(people, give, clock):
    give(people.mali, when="2026-10-20 10:00")
    give(people.efa, when="2026-10-21 10:00")
    clock.set("2026-11-03 10:00")  # half-term lies between: five school days go back to Wednesday 21 October
    answer = people.client(people.celyn, people.pritchard).get(BOARD, {"view": "staff"})
    page = page_text(answer)
    assert NOT_NOTICED_YET % {"children": "2"} in page and answer.content.count(b"points--yet") == 2
    notice = page[page.index("Not noticed yet") : page.index(NO_POINT_IN_FIVE_DAYS)]
    assert "Mali" in notice and "Zofia" in notice and "Efa" not in notice


def test_another_class_is_not_on_the_board(people, behaviours):
    board = people.client(people.derwen, people.howells).get(BOARD)
    assert "Rhys" in page_text(board)
    assert "Mali" not in page_text(board)


@pytest.mark.parametrize("who", ["nia", "dylan", "kai", "head", "office"])
@pytest.mark.parametrize("path", [BOARD, AWARD])
def test_nobody_but_a_class_account_reaches_the_board(people, teacher, who, path):
    assert teacher.get(path, {"all": "1"}).status_code == 200
    status = people.client(getattr(people, who)).get(path, {"all": "1"}).status_code
    assert status == (302 if who == "kai" else 404)


@pytest.mark.policy("PU-4")
def test_a_pupil_does_not_reach_the_board(people):
    assert people.client(people.mali).get(BOARD).status_code == 404


def test_an_empty_class_says_so(people, teacher):
    people.celyn.pupils.update(classroom=people.derwen)
    assert NO_CHILDREN_IN_CLASS in page_text(teacher.get(BOARD))


@pytest.mark.policy("TE-1", "PU-1")
def test_one_tap_on_a_child_and_one_on_a_behaviour_gives_a_point(teacher, people, behaviours):
    sheet = teacher.get(AWARD, {"pupil": people.mali.pk})
    assert "A point for Mali" in page_text(sheet)
    assert (
        page_text(sheet).index("Good listening")
        < page_text(sheet).index("Sharing")
        < page_text(sheet).index("Imagine")
    )
    key = re.search(r'name="key" value="([^"]+)"', sheet.content.decode())[1]
    given = teacher.post(AWARD, award_data(behaviours, people.mali, key=key), follow=True)
    undo_until = UNDO_UNTIL % {"time": "10:10"}
    assert f"A point for Mali Sharing. {undo_until}" in page_text(given)
    assert Award.objects.get().given_by == people.pritchard


@pytest.mark.policy("TE-1")
def test_a_whole_class_gets_a_point_each(teacher, people, behaviours, thirty):
    sheet = teacher.get(AWARD, {"all": "1"})
    ids = re.findall(r'name="pupil" value="(\d+)"', sheet.content.decode())
    assert POINT_EACH_FOR_CHILDREN % {"children": "30"} in page_text(sheet)
    data = award_data(behaviours, behaviour="Effort") | {"pupil": ids, "view": "staff"}
    given = teacher.post(AWARD, data, follow=True)
    assert POINT_EACH_FOR_CHILDREN % {"children": "30"} + " Effort." in page_text(given)
    assert "30 together this week" in page_text(given) and "Not noticed" not in page_text(given)


@pytest.mark.policy("PU-2")
def test_a_word_of_ones_own_goes_with_the_point(teacher, people, behaviours):
    data = award_data(behaviours, people.mali, behaviour="Home learning task", note="My castle")
    page = teacher.post(AWARD, data | {"view": "staff"}, follow=True)
    assert "2 points for Mali" in page_text(page) and "(My castle), Mrs Pritchard, 10:00" in page_text(page)


def test_htmx_gets_the_new_board_and_the_bar_out_of_band(teacher, people, behaviours):
    sheet = teacher.get(AWARD, {"pupil": people.mali.pk}, **HTMX).content.decode()
    assert "<dialog" in sheet and "<html" not in sheet
    given = teacher.post(AWARD, award_data(behaviours, people.mali), **HTMX).content.decode()
    assert 'id="board"' in given and 'hx-swap-oob="innerHTML:#undo"' in given and "<html" not in given


def test_the_server_writes_who_is_chosen(teacher, people):
    part = teacher.get(BOARD, {"pupil": [people.mali.pk, people.efa.pk]}, HTTP_HX_TARGET="chosen", **HTMX)
    assert page_text(part) == "2 chosen Efa, Mali"


def test_choosing_nobody_goes_back_with_a_sentence(teacher):
    assert CHOOSE_A_CHILD in page_text(teacher.get(AWARD, follow=True))


@pytest.mark.parametrize("pupil", ["0", "-1", "x", "9" * 40, "1.5", "１"])
def test_a_senseless_child_is_not_found(teacher, behaviours, pupil):
    assert teacher.get(AWARD, {"pupil": pupil}).status_code == 404
    assert teacher.post(AWARD, award_data(behaviours) | {"pupil": pupil}).status_code in (404, 422)
    assert not Award.objects.exists()


def test_a_child_of_another_class_is_not_found(teacher, people, behaviours):
    assert teacher.get(AWARD, {"pupil": people.mali.pk}).status_code == 200
    assert teacher.get(AWARD, {"pupil": people.rhys.pk}).status_code == 404
    assert teacher.post(AWARD, award_data(behaviours, people.mali, people.rhys)).status_code == 404
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"behaviour": ""}, CHOOSE_A_BEHAVIOUR),
        ({"behaviour": "999999"}, "no longer used"),
        ({"note": "x" * 141}, "140 letters"),
        ({"key": "x"}, ""),
    ],
)
def test_a_refused_award_says_why_and_loses_no_text(teacher, people, behaviours, change, sentence):
    answer = teacher.post(AWARD, award_data(behaviours, people.mali, note="Kept") | change)
    assert answer.status_code == 422
    assert sentence in page_text(answer) and "A point for Mali" in page_text(answer)
    assert not Award.objects.exists()


@pytest.mark.policy("PU-1")
def test_a_retired_behaviour_is_not_offered(teacher, people, behaviours):
    Behaviour.objects.filter(name_en="Sharing").update(retired_at="2026-11-01T10:00Z")
    assert "Sharing" not in page_text(teacher.get(AWARD, {"pupil": people.mali.pk}))
    assert teacher.post(AWARD, award_data(behaviours, people.mali)).status_code == 422


def test_the_same_request_twice_is_one_point(teacher, people, behaviours):
    data = award_data(behaviours, people.mali)
    pages = [teacher.post(AWARD, data, follow=True) for _ in range(2)]
    assert Award.objects.count() == 1
    assert ["A point for Mali" in page_text(page) for page in pages] == [True, True]


@pytest.mark.policy("PU-3", "TE-3")
def test_a_slip_is_undone_from_the_bar(teacher, people, behaviours, clock):
    data = award_data(behaviours, people.mali, people.efa)
    teacher.post(AWARD, data)
    clock.set("2026-11-10 10:05")
    page = page_text(teacher.post(UNDO, {"key": data["key"]}, follow=True))
    assert "Undone." in page and "together this week" not in page
    assert not Award.objects.counted().exists() and Award.objects.count() == 2


@pytest.mark.policy("PU-3", "TE-3")
def test_undoing_too_late_is_refused_with_a_sentence(teacher, people, behaviours, clock):
    data = award_data(behaviours, people.mali)
    assert "Undo" in page_text(teacher.post(AWARD, data, follow=True))
    clock.set("2026-11-10 10:10")
    assert "Undo" not in page_text(teacher.get(BOARD, {"given": data["key"], "view": "staff"}))
    assert "so it stays" in page_text(teacher.post(UNDO, {"key": data["key"]}, follow=True))
    assert Award.objects.counted().count() == 1


@pytest.mark.parametrize("who", ["derwen", "nia", "head"])
def test_a_stranger_cannot_undo(teacher, people, behaviours, who):
    data = award_data(behaviours, people.mali)
    teacher.post(AWARD, data)
    stranger = people.client(getattr(people, who))
    assert stranger.post(UNDO, {"key": data["key"]}).status_code == 404
    assert Award.objects.counted().count() == 1


@pytest.mark.parametrize("key", ["", "x", "3b66ed3e-f10d-4eee-be23-c4e998ebca68"])
def test_an_unknown_key_is_not_found(teacher, key):
    assert teacher.post(UNDO, {"key": key}).status_code == 404


@pytest.mark.parametrize("query", [{"view": "x"}, {"given": "x"}, {"view": "staff", "given": str(uuid4())}])
def test_a_senseless_address_shows_the_board(teacher, query):
    assert "Mali" in page_text(teacher.get(BOARD, query))


@pytest.mark.parametrize("view", ["", "staff"])
def test_the_board_asks_as_much_whatever_stands_on_it(
    teacher, people, give, thirty, view, django_assert_max_num_queries
):
    for number in range(100):
        give(random.Random(number).choice([people.mali, people.efa, people.zofia]))
    teacher.get(BOARD)
    with django_assert_max_num_queries(8):
        assert "Child26" in page_text(teacher.get(BOARD, {"view": view}))


def test_the_list_to_undo_from_ends_where_nobody_reads_on(teacher, people, give):
    pressed = [give(people.mali)[0].key for _ in range(61)]
    page = teacher.get(BOARD, {"view": "staff"}).content.decode()
    assert str(pressed[0]) not in page and str(pressed[1]) in page and str(pressed[-1]) in page
    assert says(page_text(teacher.get(BOARD, {"given": pressed[0]})), UNDO_UNTIL)


@pytest.mark.parametrize("view", ["", "staff"])
def test_ten_thousand_points_make_no_further_question(
    teacher, people, behaviours, thirty, clock, view, django_assert_max_num_queries
):
    pupils, now = list(people.celyn.pupils.all()), at("2026-11-10 09:00")
    BoardSettings.objects.create(classroom=people.celyn, goal=10_000, goal_since=at("2026-09-01 09:00"))
    rows = [
        Award(
            pupil=pupils[number % 30],
            behaviour=behaviours["Sharing"],
            points=1,
            classroom=people.celyn,
            given_by=people.pritchard,
            account=people.celyn.account,
            given_at=now - timedelta(minutes=9 * number),
            key=uuid4(),
        )
        for number in range(10_000)
    ]
    Award.objects.bulk_create(rows)
    teacher.get(BOARD)
    with django_assert_max_num_queries(8):
        page = page_text(teacher.get(BOARD, {"view": view}))
    assert "10000 points together" in page


def test_the_board_of_one_child_asks_as_many(teacher, people, django_assert_max_num_queries):
    people.celyn.pupils.exclude(pk=people.mali.pk).update(classroom=people.derwen)
    teacher.get(BOARD)
    with django_assert_max_num_queries(8):
        teacher.get(reverse("board"))


def test_the_board_holds_a_copy_of_the_sheet_for_any_child(teacher, people, behaviours):
    page = teacher.get(BOARD, {"view": "staff"}).text
    copy = page.partition("<template data-sheet")[2].partition("</template>")[0]
    assert "<span data-who></span>" in copy and 'name="pupil"' not in copy
    assert f'name="behaviour" value="{behaviours["Sharing"].pk}"' in copy.replace("\n", " ")
    assert 'name="view" value="staff"' in copy
    assert 'data-idle="840"' in page  # a minute before the fifteen: the server may count that much less


@pytest.mark.policy("TE-2")
def test_the_address_after_a_pin_opens_the_sheet_on_the_board(teacher, people):
    page = teacher.get(BOARD, {"sheet": 1, "pupil": people.mali.pk})
    sheet = page.text.partition('<div id="sheet">')[2]
    assert "<dialog" in sheet and "A point for Mali" in page_text(page) and 'id="board"' in page.text
    assert "data-sheet" not in page.text and " checked" not in page.text
    everybody = page_text(teacher.get(BOARD, {"sheet": 1, "all": 1}))
    assert "A point for Efa, Mali and Zofia" in everybody


def test_a_child_of_another_class_opens_no_sheet(teacher, people):
    for pupil in (people.rhys.pk, 9223372036854775808, "x", "-1"):
        page = teacher.get(BOARD, {"sheet": 1, "pupil": pupil})
        assert page.status_code == 200 and "<dialog" not in page.text.partition("<template")[0]
        assert "Rhys" not in page.text


def test_ticked_children_stay_ticked_after_a_pin(teacher, people):
    page = teacher.get(BOARD, {"pupil": [people.mali.pk, people.efa.pk]})
    assert page.text.count(" checked>") == 2 and "2 chosen" in page_text(page)


def test_the_words_come_before_the_behaviours(teacher, people):
    sheet = teacher.get(AWARD, {"pupil": people.mali.pk}).text
    assert sheet.index('name="note"') < sheet.index('name="behaviour"')
