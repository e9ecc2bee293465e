"""Test the office's pages of a child and of an adult, as the office uses them."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from tests.clock import at
from tests.people import give_account, make_contact, make_pupil, make_staff
from tests.sentences.classes import (
    ACCESS_CHANGED,
    CODE_MADE_FOR,
    CONNECTED_WITH,
    CORRECTED_BY_HAND,
    LEADER_APPROVES_FIRST,
    LETTER_ENDS_BY_THIS,
    OWN_CHILD,
    PERHAPS_THE_SAME,
    UPN_MISTYPED,
)
from tests.sentences.reading import says

NEW_CHILD = {
    "preferred_forename": "Ama", "legal_forename": "Ama", "legal_surname": "Llŷr", "date_of_birth": "2019-02-28",
    "year": "3", "admission_number": "", "upn": "", "school_ref": "",
}  # fmt: skip
NEW_MOTHER = {
    "title": "Ms", "forename": "Ceri", "surname": "Llŷr", "mobile": "07700 900123", "email": "ceri@post.example",
    "relationship": "mother", "parental_responsibility": "on",
}  # fmt: skip


def fields_of(page) -> dict[str, str]:
    """Return what a browser would send back from the page's form."""
    found = {}
    form = page.context["form"]
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            found[bound.html_name] = str(bound.field.prepare_value(value))
        if bound.field.show_hidden_initial:
            found[bound.html_initial_name] = "" if value is None else str(bound.field.prepare_value(value))
    return found


def send(browser, path: str, **said):
    """Open a page, change these fields and send it."""
    return browser.post(path, {**fields_of(browser.get(path)), **said})


def words(page) -> str:
    return page.content.decode()


def test_a_child_joins_mid_year_with_a_mother_nobody_knows(people, office):
    answer = send(office, "/people/child/add/", **NEW_CHILD, classroom=people.celyn.pk)
    ama = Pupil.objects.get(legal_surname="Llŷr")
    assert answer.status_code == 302 and answer.url == f"/people/child/{ama.pk}/"
    assert send(office, f"/people/child/{ama.pk}/adult/", **NEW_MOTHER).status_code == 302
    page = words(office.get(f"/people/child/{ama.pk}/"))
    assert "Ceri Llŷr" in page and says(page, CONNECTED_WITH, adult="Ceri Llŷr", child="Ama Llŷr")
    [path] = re.findall(r"/people/invite/\d+/", page)
    letter = send(office, path)
    text = PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    assert letter["Content-Type"] == "application/pdf" and "Ama" in text
    assert says(
        words(office.get(f"/people/child/{ama.pk}/")), CODE_MADE_FOR, adult="Ceri Llŷr", child="Ama Llŷr"
    )
    assert says(words(send(office, path)), LETTER_ENDS_BY_THIS)


def test_a_rename_shows_old_and_new_and_by_whom(people, office):
    nia = people.nia.contact
    assert send(office, f"/people/adult/{nia.pk}/change/", surname="Bowen-Hughes").status_code == 302
    page = words(office.get(f"/people/adult/{nia.pk}/"))
    assert "Bowen → Bowen-Hughes" in page and "Mrs Lewis" in page
    assert says(page, CORRECTED_BY_HAND)
    assert people.nia.email in page  # the sign-in address stays


def test_only_what_was_changed_on_the_page_is_saved(people, office):
    path = f"/people/child/{people.mali.pk}/change/"
    earlier = fields_of(office.get(path))
    Pupil.objects.filter(pk=people.mali.pk).update(year="4")  # a colleague, meanwhile
    assert office.post(path, {**earlier, "legal_surname": "Hughes"}).status_code == 302
    mali = Pupil.objects.get(pk=people.mali.pk)
    assert (mali.legal_surname, mali.year) == ("Hughes", "4")


def test_a_mistyped_upn_is_refused_and_nothing_typed_is_lost(people, office):
    path = f"/people/child/{people.mali.pk}/change/"
    answer = send(office, path, upn="A680234525001", legal_surname="Hughes")
    assert answer.status_code == 422
    assert says(words(answer), UPN_MISTYPED, value="A680234525001")
    assert 'value="Hughes"' in words(answer) and 'value="A680234525001"' in words(answer)
    assert Pupil.objects.get(pk=people.mali.pk).legal_surname == "Bowen"


@pytest.mark.parametrize("born", ["2030-01-01", "1986-05-04", "2019-02-30", "soon", ""])
def test_a_birthday_that_is_none_is_refused(people, office, born):
    answer = send(office, "/people/child/add/", **{**NEW_CHILD, "date_of_birth": born})
    assert answer.status_code == 422 and "date_of_birth" in answer.context["form"].errors


def test_somebody_of_the_same_name_is_asked_about_first(people, office):
    path = f"/people/child/{people.efa.pk}/adult/"
    said = {**NEW_MOTHER, "forename": "NIA", "surname": "bowen"}
    answer = send(office, path, **said)
    assert answer.status_code == 422 and says(words(answer), PERHAPS_THE_SAME)
    assert f"/people/child/{people.efa.pk}/adult/{people.nia.contact.pk}/" in words(answer)
    assert Contact.objects.filter(surname="bowen").count() == 0
    assert send(office, path, **said, another="on").status_code == 302
    child = {**NEW_CHILD, "preferred_forename": "Mali", "legal_surname": "Bowen"}
    assert send(office, "/people/child/add/", **child).status_code == 422


def test_somebody_of_the_records_is_connected_with_a_child(people, office):
    found = office.get(f"/people/child/{people.efa.pk}/adult/find/?q=dylan")
    [path] = re.findall(rf"/people/child/{people.efa.pk}/adult/\d+/", words(found))
    assert send(office, path, relationship="stepfather").status_code == 302
    connection = Guardianship.objects.get(pupil=people.efa, contact__user=people.dylan)
    assert (connection.relationship, connection.joined_at) == ("stepfather", None)


@pytest.mark.policy("PA-2")
def test_a_grandmother_is_invited_by_a_leader_with_a_reason(people, office, deputy):
    nain = make_contact("Ann", "Abel")
    connection = Guardianship.objects.create(pupil=people.efa, contact=nain, relationship="grandmother")
    path = f"/people/invite/{connection.pk}/"
    page = office.get(path)
    assert says(words(page), LEADER_APPROVES_FIRST) and "/ask/" in words(page)
    assert send(office, path, reason="She asked.").status_code == 422
    assert send(deputy, path, reason=" ").status_code == 422
    assert send(deputy, path, reason="She lives with Efa.")["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("relationship", ["mother", "grandmother"])
def test_an_adult_without_access_gets_no_letter(people, deputy, relationship):
    nain = make_contact("Ann", "Abel")
    facts = {"relationship": relationship, "restriction": Restriction.NO_ACCESS}
    facts["restriction_note"] = "An order."
    path = f"/people/invite/{Guardianship.objects.create(pupil=people.efa, contact=nain, **facts).pk}/"
    assert "<form" not in words(deputy.get(path)).split("<main")[1].split("</main")[0]
    assert deputy.post(path, {"reason": "She asked."}).status_code == 422


def test_a_restriction_is_in_the_history_in_words(people, office):
    connection = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    actor, now = people.actor(people.deputy), at("2026-11-10 10:00")
    set_restriction(
        guardianship=connection, restriction=Restriction.NO_ACCESS, note="The court.", by=actor, at=now
    )
    said = {"adult": "Nia Bowen", "child": "Mali Bowen", "before": "as usual", "after": "no access"}
    for path in (f"/people/child/{people.mali.pk}/", f"/people/adult/{people.nia.contact.pk}/"):
        page = words(office.get(path))
        assert says(page, ACCESS_CHANGED, **said) and "Mr Rees" in page


def test_a_child_leaves_on_a_day_and_comes_back(people, office):
    path = f"/people/child/{people.mali.pk}/leaving/"
    assert people.nia.name in words(office.get(path))
    assert send(office, path, left_on="2099-07-20").status_code == 302
    assert Pupil.objects.get(pk=people.mali.pk).left_on == date(2099, 7, 20)
    assert send(office, path, left_on="2017-01-01").status_code == 422
    assert office.post(path, {"stays": "1"}).status_code == 302
    assert Pupil.objects.get(pk=people.mali.pk).left_on is None


def test_a_page_of_ones_own_child_offers_nothing(people):
    nia = people.client(give_account(make_staff("Mrs", "Nia", "Bowen", is_office=True), people.nia))
    page = words(nia.get(f"/people/child/{people.mali.pk}/"))
    assert "/people/invite/" not in page and "/change/" not in page
    answer = send(nia, f"/people/child/{people.mali.pk}/change/", legal_surname="Hughes")
    assert answer.status_code == 422 and says(words(answer), OWN_CHILD)


def test_a_child_by_hand_gets_the_number_of_the_schools_system(people, office):
    send(office, "/people/child/add/", **NEW_CHILD)
    ama = Pupil.objects.get(legal_surname="Llŷr")
    path = f"/people/child/{ama.pk}/change/"
    assert send(office, path, year="4").status_code == 302
    assert Pupil.objects.get(pk=ama.pk).school_ref == ama.school_ref
    assert send(office, path, school_ref=people.mali.school_ref).status_code == 422
    assert send(office, path, school_ref="P9001").status_code == 302
    assert Pupil.objects.get(pk=ama.pk).school_ref == "P9001"


def test_the_pages_of_a_departed_child_stay(people, office):
    pupil = make_pupil("Ann", "Abel", people.celyn, left_on=date(2026, 9, 1))
    for inner in ("", "change/", "leaving/", "adult/"):
        assert office.get(f"/people/child/{pupil.pk}/{inner}").status_code == 200


def test_the_tables_lead_to_the_pages_and_to_no_empty_history(people, office):
    connection = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    child, adult = f"/people/child/{people.mali.pk}/", f"/people/adult/{people.nia.contact.pk}/"
    tables = {
        f"/admin/classes/pupil/{people.mali.pk}/": [child],
        f"/admin/classes/contact/{people.nia.contact.pk}/": [adult],
        f"/admin/classes/guardianship/{connection.pk}/": [child, adult],
        "/admin/accounts/school/1/": [],
    }
    for table, links in tables.items():
        page = words(office.get(f"{table}change/"))
        assert "/history/" not in page
        assert [link for link in links if f'href="{link}"' not in page] == []
