"""Test signing in with three pictures at the class page (PU-4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models.audit import AuditEntry
from classes.enums import CardState, Picture
from classes.joining.codes import new_pictures
from classes.models.joining import ClassPage, PupilCard
from classes.models.pupils import Pupil
from classes.pupil_access.cards import end_card, let_in_again, new_card, try_pictures
from classes.pupil_access.class_page import new_class_page
from classes.pupil_access.pictures import DRAWN, picture
from classes.pupil_access.queries import dragons_at_class_page
from classes.pupil_access.rules import MOST_WRONG, WRONG_IN_A_ROW, card_state, class_page_marks
from malpas.lib.errors import RuleViolation
from tests.classes.pupil_access.class_pages import at_class_page, tap, wrong
from tests.clock import at
from tests.sentences.classes import FIRST_PICTURE, SECOND_PICTURE, TAKE_BACK, THIRD_PICTURE
from tests.sentences.reading import without_marks
from tests.structure.test_welsh_pages import english_in

NOW = at("2026-11-10 10:00")


@pytest.fixture
def card(people):
    return new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)


def tries(card, pictures=None, when=NOW) -> bool:
    return try_pictures(pupil=card.pupil, pictures=pictures or card.pictures, at=when)


@pytest.mark.policy("PU-4")
def test_dragon_and_pictures_open_the_pupils_own_page(people, card):
    browser = at_class_page(people)
    page = browser.get("/pupil/class/").content.decode()
    assert f"/pupil/pictures/{people.mali.pk}/" in page and "Dragon: " in page
    assert tap(browser, people.mali, card.pictures).headers["Location"] == "/pupil/me/"
    assert "Hello, Mali!" in without_marks(browser.get("/pupil/me/").text)
    assert browser.session.get_expire_at_browser_close()
    assert browser.get("/messages/").status_code == 404


def test_the_order_of_the_pictures_counts(people, card):
    pictures = ["sun", "moon", "sun"]
    while pictures == card.pictures:
        pictures = pictures[1:] + pictures[:1]
    PupilCard.objects.update(pictures_hash="")
    assert not tries(card)
    made = new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)
    other = made.pictures[::-1]
    assert tries(made) and (other == made.pictures or not tries(made, other))


def test_pictures_are_drawn_evenly_from_twelve(monkeypatch):
    assert len(Picture) == len(DRAWN) == 12 and {*DRAWN} == set(Picture.values)
    drawn = [each for _time in range(400) for each in new_pictures()]
    assert set(drawn) == set(Picture) and len(drawn) == 1200
    assert all(picture(name).startswith('<svg class="dragon"') for name in Picture.values)


def test_no_picture_is_stored_in_plain_text(people, card):
    stored = str(PupilCard.objects.values().get()) + str(
        [*AuditEntry.objects.values_list("detail", flat=True)]
    )
    assert not [name for name in Picture.values if f"'{name}'" in stored or f"{name}-" in stored]
    assert len(PupilCard.objects.get().pictures_hash) == 64


def test_the_same_pictures_of_two_children_have_two_hashes(people, card):
    from classes.joining.codes import pictures_hash

    assert pictures_hash(1, ["sun"] * 3) != pictures_hash(2, ["sun"] * 3)


@pytest.mark.policy("PU-4")
def test_five_wrong_ones_in_a_row_rest_for_a_quarter_of_an_hour(people, card):
    for _try in range(WRONG_IN_A_ROW):
        assert not tries(card, wrong(card))
    assert not tries(card)
    assert not tries(card, when=NOW + timedelta(minutes=14, seconds=59))
    assert tries(card, when=NOW + timedelta(minutes=15))
    assert AuditEntry.objects.filter(verb="card.rests").count() == 1


def test_a_right_one_ends_the_row_and_not_the_sum(people, card):
    for _try in range(WRONG_IN_A_ROW - 1):
        tries(card, wrong(card))
    assert tries(card)
    tries(card, wrong(card))
    assert tries(card)
    assert PupilCard.objects.get().wrong == WRONG_IN_A_ROW


@pytest.mark.policy("PU-4")
def test_twenty_wrong_pictures_need_a_reset_by_the_class(people, card):
    when = NOW
    for _try in range(MOST_WRONG):
        tries(card, wrong(card), when)
        when += timedelta(minutes=20)
    assert not tries(card, when=when + timedelta(days=300))
    with pytest.raises(RuleViolation):
        let_in_again(pupil=people.mali, by=people.actor(people.derwen))
    let_in_again(pupil=people.mali, by=people.actor(people.celyn))
    assert tries(card, when=when)


def test_the_sum_is_one_in_eighty_six():
    assert (WRONG_IN_A_ROW, MOST_WRONG) == (5, 20)
    assert 12**3 == 1728 and round(1728 / MOST_WRONG) == 86


@pytest.mark.policy("PU-4")
def test_wrong_and_shut_are_one_answer(people, card):
    browser, token = at_class_page(people), b"csrfmiddlewaretoken"
    first = tap(browser, people.mali, wrong(card))
    PupilCard.objects.update(wrong=MOST_WRONG)
    shut, still = tap(browser, people.mali, card.pictures), tap(browser, people.mali, wrong(card))
    assert first.status_code == shut.status_code == still.status_code == 422
    bodies = {answer.content.split(token)[-1].split(b">", 1)[1] for answer in (first, shut, still)}
    assert len(bodies) == 1 and b"Ask your teacher" in bodies.pop()
    assert "_auth_user_id" not in browser.session


def test_a_card_without_pictures_signs_in_by_its_code_only(people):
    made = new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)
    PupilCard.objects.update(pictures_hash="")
    path = "/pupil/card/" + made.address.split("/pupil/card/")[1]
    assert Client().get(path).status_code == 200
    assert dragons_at_class_page(people.celyn) == []
    assert at_class_page(people).get(f"/pupil/pictures/{people.mali.pk}/").status_code == 404
    assert card_state(PupilCard.objects.get(), NOW) == CardState.OLD and not tries(made)


def test_a_child_of_another_class_is_not_on_this_page(people, card):
    other = new_card(pupil=people.rhys, by=people.actor(people.derwen), at=NOW)
    browser = at_class_page(people)
    assert str(people.rhys.pk) not in [str(pupil.pk) for pupil, _mark in dragons_at_class_page(people.celyn)]
    assert tap(browser, people.rhys, other.pictures).status_code == 404
    assert tap(browser, people.mali, card.pictures).status_code == 302


@pytest.mark.parametrize("fields", [{"left_on": "2026-11-01"}, {"classroom": None}])
@pytest.mark.policy("PU-4")
def test_departed_and_classless_children_are_not_on_the_page(people, card, fields):
    browser = at_class_page(people)
    assert browser.get(f"/pupil/pictures/{people.mali.pk}/").status_code == 200
    Pupil.objects.filter(pk=people.mali.pk).update(**fields)
    assert tap(browser, people.mali, card.pictures).status_code == 404


def test_an_ended_card_takes_its_pictures_along(people, card):
    browser = at_class_page(people)
    end_card(pupil=people.mali, by=people.actor(people.celyn))
    assert not tries(card)
    assert tap(browser, people.mali, card.pictures).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [{}, {"picture": "dog"}, {"picture": "sun", "before": ["dog"]}, {"picture": "sun", "before": ["sun"] * 3},
     {"picture": "sun\x00"}, {"picture": ["sun"] * 50, "before": "x" * 5000}],
)  # fmt: skip
def test_nonsense_begins_anew_and_counts_nothing(people, card, sent):
    answer = at_class_page(people).post(f"/pupil/pictures/{people.mali.pk}/", sent)
    assert answer.status_code == 422 and FIRST_PICTURE in answer.content.decode()
    assert PupilCard.objects.get().wrong == 0


def test_tapped_pictures_are_listed_with_their_names(people, card):
    browser, path = at_class_page(people), f"/pupil/pictures/{people.mali.pk}/"
    page = browser.post(path, {"picture": "fish"}).content.decode()
    assert SECOND_PICTURE in page and 'aria-label="fish"' in page
    page = browser.post(path, {"picture": "sun", "before": ["fish"]}).content.decode()
    assert THIRD_PICTURE in page and page.count('name="before"') == 2


@pytest.mark.policy("PU-4")
def test_no_name_is_on_the_class_page(people, card):
    new_card(pupil=people.efa, by=people.actor(people.celyn), at=NOW)
    browser = at_class_page(people)
    for path in ("/pupil/class/", f"/pupil/pictures/{people.mali.pk}/"):
        page = browser.get(path).content.decode()
        assert not [name for name in ("Mali", "Efa", "Bowen", "Price") if name in page]
    assert dragons_at_class_page(people.celyn)[0][1] == ""


def test_equal_dragons_bear_the_beginnings_of_the_names():
    one, other = [1, 2, 3, 4, 3], [0, 0, 0, 0, 0]
    twins = [(one, "Mali"), (one, "Marged"), (other, "Efa"), (one, "Zofia")]
    assert class_page_marks(twins) == ["Mal", "Mar", "", "Z"]
    assert class_page_marks([(one, "Al"), (one, "Alun"), (one, "Alun")]) == ["Al", "Alu", "Alu"]


@pytest.mark.policy("PU-4")
def test_a_new_poster_ends_the_old_in_every_browser(people, card):
    browser = at_class_page(people)
    old = ClassPage.objects.get().token_hash
    new_class_page(classroom=people.celyn, by=people.actor(people.celyn), at=NOW, ends=1)
    assert ClassPage.objects.get().token_hash != old
    assert browser.get("/pupil/class/").headers["Location"] == "/pupil/"
    assert tap(browser, people.mali, card.pictures).headers["Location"] == "/pupil/"
    assert "_auth_user_id" not in browser.session


def test_only_the_keyed_hash_of_a_class_page_is_stored(people):
    address = new_class_page(classroom=people.celyn, by=people.actor(people.celyn), at=NOW, ends=1)
    token = address.rstrip("/").rpartition("/")[2]
    assert len(token) >= 32  # 192 bits
    assert token not in str(ClassPage.objects.values().get())
    assert not AuditEntry.objects.filter(detail__icontains=token).exists()


def test_a_class_page_is_made_by_its_own_class(people):
    for who in (people.derwen, people.nia, people.mali):
        with pytest.raises(RuleViolation):
            new_class_page(classroom=people.celyn, by=people.actor(who), at=NOW)
    assert not ClassPage.objects.exists()


def test_the_dragons_page_has_a_fixed_number_of_queries(people, card, django_assert_num_queries):
    browser = at_class_page(people)
    browser.get("/pupil/class/")
    with django_assert_num_queries(4) as requested:
        browser.get("/pupil/class/")
    for pupil in (people.efa, people.zofia):
        new_card(pupil=pupil, by=people.actor(people.celyn), at=NOW)
    with django_assert_num_queries(len(requested)):
        assert browser.get("/pupil/class/").content.decode().count('class="pupil"') == 3


@pytest.mark.django_db(transaction=True)
def test_guesses_in_the_same_instant_are_counted_one_by_one(people):
    card = new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)

    def guess(_number: int) -> bool:
        try:
            return tries(card, wrong(card))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert not any(threads.map(guess, range(12)))
    stored = PupilCard.objects.get()
    assert (stored.wrong, stored.shut_until) == (WRONG_IN_A_ROW, NOW + timedelta(minutes=15))


@pytest.mark.policy("PU-4")
def test_every_class_page_is_in_welsh_too(people, card):
    browser = at_class_page(people)
    browser.cookies["django_language"] = "cy"
    path = f"/pupil/pictures/{people.mali.pk}/"
    pages = [
        browser.get("/pupil/"),
        browser.get("/pupil/class/"),
        browser.get(path),
        tap(browser, people.mali, wrong(card)),
    ]
    assert [english_in(page.content.decode()) for page in pages] == [[], [], [], []]
    assert "pysgodyn" in pages[2].content.decode()


def dots(answer) -> tuple[int, int]:
    """Return how many pictures the page shows as tapped, and how many it waits for."""
    page = answer.content.decode()
    return page.count('name="before"'), page.count("stroke-dasharray")


@pytest.mark.policy("PU-4")
def test_a_wrong_tap_is_taken_back_and_costs_no_try(people, card):
    browser, path = at_class_page(people), f"/pupil/pictures/{people.mali.pk}/"
    first, second, third = map(str, card.pictures)
    other = next(each for each in Picture.values if each != second)
    assert dots(browser.get(path)) == (0, 3)
    assert dots(browser.post(path, {"picture": first})) == (1, 2)
    mistake = browser.post(path, {"picture": other, "before": [first]})
    assert dots(mistake) == (2, 1) and TAKE_BACK in mistake.content.decode()
    back = browser.post(path, {"back": "1", "before": [first, other]})
    assert back.status_code == 200 and dots(back) == (1, 2) and SECOND_PICTURE in back.content.decode()
    assert browser.post(path, {"picture": third, "before": [first, second]}).status_code == 302
    assert PupilCard.objects.get().wrong == 0


def test_nothing_is_tried_while_taking_back(people, card):
    browser, path = at_class_page(people), f"/pupil/pictures/{people.mali.pk}/"
    said = {
        "back": "1",
        "before": [str(each) for each in card.pictures[:2]],
        "picture": str(card.pictures[2]),
    }
    assert dots(browser.post(path, said)) == (1, 2)
    assert "_auth_user_id" not in browser.session
    assert dots(browser.post(path, {"back": "1"})) == (0, 3)
    assert browser.post(path, {"back": "1", "before": ["x\0", "sun"]}).status_code == 422
    assert browser.post(path, {}).status_code == 422
