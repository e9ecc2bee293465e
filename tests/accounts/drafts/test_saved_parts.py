"""Parts of pages that are rendered once for many readers."""

import re

from accounts.models.school import School

PAGE = "/help/"


def footer(client, page: str = PAGE) -> str:
    return re.search(r"<footer.*?</footer>", client.get(page).content.decode(), re.DOTALL)[0]


def tabs(client, page: str = PAGE) -> list[str]:
    found = re.search(r'<nav class="tabbar".*?</nav>', client.get(page).content.decode(), re.DOTALL)
    return re.findall(r'<a [^>]*href="([^"]+)"', found[0]) if found else []


def test_a_new_telephone_number_stands_at_the_foot_at_once(people):
    nia = people.client(people.nia)
    assert "01632 960115" in footer(nia)
    School.objects.update(office_phone="01632 960999")
    assert "01632 960999" in footer(nia) and "01632 960115" not in footer(nia)


def test_each_language_has_its_own(people):
    nia, gareth = people.client(people.nia), people.client(people.gareth)
    gareth.cookies["django_language"] = "cy"
    english = footer(nia)
    assert footer(gareth) != english == footer(nia)
    assert tabs(gareth) == tabs(nia)


def test_each_kind_of_reader_has_its_navigation(people):
    nia, celyn, office = people.client(people.nia), people.client(people.celyn), people.client(people.office)
    for _time in range(2):
        assert tabs(nia) == ["/news/", "/points/", "/messages/"]
        assert tabs(celyn)[0] == "/class/board/" and "/messages/" in tabs(celyn)
        assert tabs(office)[0] == "/office/" and "/messages/" not in tabs(office)


def test_current_tab_is_marked_on_its_page_only(people):
    nia = people.client(people.nia)
    for page, marked in [("/messages/", 1), (PAGE, 0), ("/messages/", 1)]:
        assert nia.get(page).content.decode().count('class="tabbar__item"') == 3
        assert nia.get(page).content.decode().count('aria-current="page"') == marked


def test_cached_parts_hold_nothing_personal(people):
    nia = people.client(people.nia)
    page = nia.get("/messages/").content.decode()
    token = re.search(r'X-CSRFToken": "([^"]+)"', page)[1]
    assert page.count(token) >= 3  # one token for all the forms of a page
    assert token not in nia.get("/messages/").content.decode()
