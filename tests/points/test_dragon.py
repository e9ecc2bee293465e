"""Test choosing and drawing a dragon."""

import itertools
import re

import pypdfium2
import pytest
from PIL import Image, ImageChops

from classes.avatar.drawing import PARTS, dragon
from classes.avatar.services import NoSuchPart, NotYourDragon, choose_dragon
from classes.models.pupils import Pupil
from classes.pdf.sheet import Sheet
from classes.pupil_access.card_pdf import on_paper
from points.avatar_options import LABELS, dragon_options
from tests.points.test_board import page_text

DRAGON = "/pupil/dragon/"
ALL = list(itertools.product(*(range(size) for size in PARTS.values())))


def chosen(pupil) -> list[int]:
    return Pupil.objects.get(pk=pupil.pk).dragon


def test_a_pupil_chooses_every_part_and_wears_it_at_once(people):
    pupil = people.client(people.mali)
    page = pupil.post(DRAGON, {"colour": 4, "horns": 3, "wings": 1, "pattern": 2, "tail": 1}, follow=True)
    assert chosen(people.mali) == [4, 3, 1, 2, 1]
    assert page.redirect_chain == [("/pupil/me/", 302)]
    assert dragon(4, 3, 1, 2, 1).split(">", 1)[1] in page.content.decode()


def test_a_missing_part_stays_unchanged(people):
    Pupil.objects.filter(pk=people.mali.pk).update(dragon=[1, 1, 1, 1, 1])
    people.client(people.mali).post(DRAGON, {"tail": 3})
    assert chosen(people.mali) == [1, 1, 1, 1, 3]


@pytest.mark.policy("PU-3")
def test_every_part_is_free_from_the_first_day(people):
    page = people.client(people.mali).get(DRAGON).content.decode()
    for part, size in PARTS.items():
        offered = re.findall(rf'<input type="radio"\s+id="{part}-\d"\s+name="{part}"\s+value="(\d)"', page)
        assert offered == [str(number) for number in range(size)]
    assert "disabled" not in page and page.count(" checked") == len(PARTS)
    assert all(str(word) in page for part in LABELS.values() for word in part)


@pytest.mark.parametrize("wrong", [{"colour": 8}, {"horns": -1}, {"wings": "x"}, {"tail": "9" * 30}])
def test_a_dragon_that_does_not_exist_is_not_stored(people, wrong):
    before = chosen(people.mali)
    assert people.client(people.mali).post(DRAGON, wrong).status_code == 422
    assert chosen(people.mali) == before


@pytest.mark.policy("PU-4")
def test_nobody_chooses_for_another(people):
    traits = [0, 0, 0, 0, 0]
    for who in (people.actor(people.nia), people.actor(people.celyn), people.actor(people.head)):
        with pytest.raises(NotYourDragon):
            choose_dragon(pupil=people.mali, traits=traits, by=who)
    with pytest.raises(NotYourDragon):
        choose_dragon(pupil=people.efa, traits=traits, by=people.actor(people.mali))
    choose_dragon(pupil=people.mali, traits=traits, by=people.actor(people.mali))
    assert chosen(people.mali) == traits


@pytest.mark.parametrize("traits", [[8, 0, 0, 0, 0], [0, 0, 0, 0, -1], [0, 0, 0, 0], [0] * 6])
def test_the_service_refuses_a_dragon_that_cannot_be_drawn(people, traits):
    with pytest.raises(NoSuchPart):
        choose_dragon(pupil=people.mali, traits=traits, by=people.actor(people.mali))


@pytest.mark.policy("PU-4")
@pytest.mark.parametrize("who", ["nia", "dylan", "celyn", "head", "office"])
def test_the_page_is_a_pupils_alone(people, who):
    assert people.client(people.mali).get(DRAGON).status_code == 200
    browser = people.client(getattr(people, who))
    assert browser.get(DRAGON).status_code == browser.post(DRAGON, {"tail": 1}).status_code == 404


def test_the_pupils_page_leads_there(people):
    assert "Change my dragon" in page_text(people.client(people.mali).get("/pupil/me/"))


def test_every_part_has_a_word_and_the_one_worn_is_marked():
    parts = dragon_options([1, 2, 3, 4, 0])
    assert [len(part.choices) for part in parts] == list(PARTS.values())
    assert [[c.number for c in part.choices if c.chosen] for part in parts] == [[1], [2], [3], [4], [0]]
    assert parts[1].choices[4].traits == [1, 4, 3, 4, 0]


def test_every_dragon_is_a_small_self_contained_drawing():
    assert len(ALL) == 3200
    drawn = [dragon(*traits) for traits in ALL]
    assert max(len(each.encode()) for each in drawn) < 6 * 1024
    assert len(set(drawn)) == 3200
    assert not any(re.search(r"https?:|url\(|<image|<use|<script", each) for each in drawn)


def test_a_dragon_is_drawn_once():
    dragon.cache_clear()
    first = dragon(1, 2, 3, 4, 0)
    assert dragon(1, 2, 3, 4, 0) is first
    assert dragon.cache_info().hits == 1


def test_a_choice_redraws_all_others_and_stores_nothing(people):
    before, pupil = chosen(people.mali), people.client(people.mali)
    wanted = {"colour": (before[0] + 1) % 8, "horns": 3, "wings": 1, "pattern": 4, "tail": 2}
    page = pupil.get(DRAGON, wanted).content.decode()
    traits = list(wanted.values())
    for part in dragon_options(traits):
        for choice in part.choices:
            assert dragon(*choice.traits).split(">", 1)[1] in page
    for part, number in wanted.items():
        checked = re.search(rf'<input[^>]+name="{part}"[^>]+ checked>', page)[0]
        assert f'value="{number}"' in checked
    assert chosen(people.mali) == before


def test_without_scripts_show_me_leads_to_the_same_page(people):
    before, pupil = chosen(people.mali), people.client(people.mali)
    answer = pupil.post(DRAGON, {"colour": 4, "horns": 3, "show": "1"})
    assert answer.status_code == 302 and chosen(people.mali) == before
    page = pupil.get(answer.headers["Location"]).content.decode()
    assert dragon(4, 3, *before[2:]).split(">", 1)[1] in page
    assert "csrf" not in answer.headers["Location"]


@pytest.mark.parametrize("query", [{"colour": "99"}, {"tail": "x"}, {"horns": "9" * 40}])
def test_an_address_with_no_such_dragon_shows_the_own_one(people, query):
    page = people.client(people.mali).get(DRAGON, query)
    assert page.status_code == 200
    assert dragon(*chosen(people.mali)).split(">", 1)[1] in page.content.decode()


def seen(dragons: list[list[int]]) -> list[Image.Image]:
    """Return dragons as a screen shows them at 60 pixels."""
    sheet = Sheet("x")
    sheet.add_page()
    for number, traits in enumerate(dragons):
        sheet.image(on_paper(dragon(*traits)), x=20 * number, y=0, w=20, h=20)
    page = pypdfium2.PdfDocument(sheet.bytes())[0].render(scale=3 * 25.4 / 72).to_pil().convert("RGB")
    return [page.crop((60 * number, 0, 60 * number + 60, 60)) for number in range(len(dragons))]


def fewest_differing(dragons: list[list[int]]) -> int:
    """Return how many pixels clearly differ between the two most alike."""
    pairs = itertools.combinations(seen(dragons), 2)
    return min(sum(ImageChops.difference(*pair).convert("L").histogram()[40:]) for pair in pairs)


@pytest.mark.parametrize("colour", range(8))
def test_patterns_differ_at_sixty_pixels(colour):
    assert fewest_differing([[colour, 0, 0, pattern, 0] for pattern in range(PARTS["pattern"])]) >= 40


@pytest.mark.parametrize(("part", "least"), [("horns", 40), ("wings", 40), ("tail", 20)])
def test_other_parts_differ_at_sixty_pixels(part, least):
    index = list(PARTS).index(part)
    worn = [[3, *(number if at == index else 0 for at in range(1, 5))] for number in range(PARTS[part])]
    assert fewest_differing(worn) >= least
