import pytest

from points.models import Award, Behaviour
from tests.points.test_board import page_text

LIST = "/admin/points/behaviour/"
FORM = {
    "name_en": "Tidy table",
    "name_cy": "Bwrdd taclus",
    "group": "kindness",
    "icon": "hand",
    "points": "2",
    "order": "3",
}


@pytest.mark.policy("PU-1")
def test_slt_adds_renames_and_retires_a_behaviour(people):
    browser = people.client(people.deputy)
    browser.post(LIST + "add/", FORM)
    made = Behaviour.objects.get(name_cy="Bwrdd taclus")
    browser.post(f"{LIST}{made.pk}/change/", FORM | {"name_en": "Tidy desk", "retired": "on"})
    made.refresh_from_db()
    assert (made.name_en, made.retired_at is not None) == ("Tidy desk", True)
    browser.post(f"{LIST}{made.pk}/change/", FORM)
    made.refresh_from_db()
    assert made.retired_at is None


@pytest.mark.policy("PU-3")
@pytest.mark.parametrize("points", ["0", "-1", "6", ""])
def test_a_behaviour_without_a_point_is_refused_with_a_sentence(people, points):
    before = Behaviour.objects.count()
    answer = people.client(people.head).post(LIST + "add/", FORM | {"points": points})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert Behaviour.objects.count() == before


@pytest.mark.policy("PU-1")
def test_only_slt_edits_behaviours_and_nobody_deletes_one(people, behaviours):
    sharing = f"{LIST}{behaviours['Sharing'].pk}/"
    assert people.client(people.head).get(sharing + "change/").status_code == 200
    assert people.client(people.office).get(sharing + "change/").status_code == 403
    assert people.client(people.head).post(sharing + "delete/", {"post": "yes"}).status_code == 403
    assert people.client(people.nia).get(LIST).status_code in (302, 404)


@pytest.mark.policy("PU-3", "TE-3")
def test_awards_are_read_by_slt_and_changed_by_nobody(people, give):
    (award,) = give(people.mali)
    browser = people.client(people.head)
    page = f"/admin/points/award/{award.pk}/"
    assert "Mali Bowen" in page_text(
        browser.get("/admin/points/award/", {"classroom__id__exact": people.celyn.pk})
    )
    assert "Mali" not in page_text(
        browser.get("/admin/points/award/", {"classroom__id__exact": people.derwen.pk})
    )
    assert "Mali" in page_text(browser.get("/admin/points/award/", {"q": "bowen"}))
    assert "Mali" not in page_text(browser.get("/admin/points/award/", {"q": "nobody"}))
    assert browser.get(page + "change/").status_code == 200
    assert browser.post(page + "change/", {"points": "5"}).status_code == 403
    assert browser.post(page + "delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/points/award/add/").status_code == 403
    assert people.client(people.office).get("/admin/points/award/").status_code == 403
    assert Award.objects.get().points == 1
