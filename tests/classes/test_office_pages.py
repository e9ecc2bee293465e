"""Test joining as the office sees it: states, and letters for some or everybody."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models.audit import AuditEntry
from classes.enums import JoiningState, Restriction, Suggestion
from classes.joining.queries import class_states, waiting_counts, with_state
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from tests.clock import at
from tests.people import guardianship, make_contact, make_pupil, make_user
from tests.sentences.classes import (
    ADULT_WITHOUT_ACCESS,
    ADULTS_NOT_JOINED,
    NOBODY_TICKED,
    ONE_HAS_A_CODE,
)

ROOMS, GUARDIANSHIPS = "/admin/classes/classroom/", "/admin/classes/guardianship/"
MAKE = "/letters/make/"
NOW = at("2026-11-10 10:00")


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.fixture
def room(people):
    return f"/letters/class/{people.celyn.pk}/"


@pytest.fixture
def all_kinds(people, make_guardianship, invite):
    """Make one guardianship of each state for children of Celyn."""

    def other(surname, pupil=people.efa, **fields):
        return make_guardianship(pupil, contact=make_contact("Ann", surname), **fields)

    invite(other("Invited"))
    invite(other("Lapsed"), "2026-10-01 10:00")
    return {
        "requested": other("Asked"),
        "on hold": other("Held", suggestion=Suggestion.HOLD),
        "only": other("Only", suggestion=Suggestion.CONTACT_ONLY),
        "barred": other("Barred", restriction=Restriction.NO_ACCESS),
        "gone": other("Gone", ended_at=NOW),
    }


def pages(answer) -> list[str]:
    assert answer.headers["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]


def test_database_and_rule_agree_on_every_guardianship(people, all_kinds):
    said = {
        guardianship.pk: guardianship.how_far
        for guardianship in with_state(Guardianship.objects.filter(ended_at__isnull=True))
    }
    rule = {
        adult.guardianship.pk: adult.state
        for room in (people.celyn, people.derwen)
        for row in class_states(room, NOW)
        for adult in row.adults
    }
    assert said == rule
    assert set(said.values()) == set(JoiningState) - {JoiningState.ENDED}
    assert with_state(Guardianship.objects.all()).get(pk=all_kinds["gone"].pk).how_far == JoiningState.ENDED


@pytest.mark.policy("PA-1")
def test_the_office_prints_only_for_adults_without_a_code(people, office, room, all_kinds):
    page = office.get(f"{room}?state=waiting").content.decode()
    page_text = page.split('id="joining"')[1].split("</form>")[0]
    for name, there in [
        ("Asked", True),
        ("Invited", True),
        ("Lapsed", True),
        ("Held", False),
        ("Sioned", False),
    ]:
        assert (name in page_text) == there, name
    assert ADULTS_NOT_JOINED % {"number": 3} in page and ONE_HAS_A_CODE % {"number": 1} in page
    letters = pages(office.post(MAKE, {"which": "missing", "room": people.celyn.pk}))
    assert sorted(name for text in letters for name in ("Asked", "Lapsed", "Invited") if name in text) == [
        "Asked",
        "Lapsed",
    ]
    assert (waiting_counts(people.celyn).number, waiting_counts(people.celyn).without_code) == (3, 0)
    assert len(pages(office.post(MAKE, {"which": "everybody", "room": people.celyn.pk, "ends": "3"}))) == 3


@pytest.mark.parametrize("show", ["hold", "joined", "all", "", "nonsense", "\x00"])
def test_every_filter_of_a_class_opens(office, room, all_kinds, show):
    answer = office.get(room, {"state": show})
    assert answer.status_code in (200, 400)


@pytest.mark.policy("PA-1")
def test_one_button_makes_the_letters_of_the_school(people, office, make_guardianship):
    make_guardianship(people.rhys, contact=make_contact("Ann", "Derwen"))
    make_guardianship(people.efa, contact=make_contact("Ann", "Celyn"))
    assert ADULTS_NOT_JOINED % {"number": 2} in office.get("/letters/").content.decode()
    letters = pages(office.post(MAKE, {"which": "everybody", "number": "2"}))
    assert ["Ann Celyn" in letters[0], "Ann Derwen" in letters[1]] == [True, True]
    assert Invitation.objects.open().count() == 2
    for who in (people.nia, people.celyn):
        assert people.client(who).post(MAKE, {"which": "everybody"}).status_code == 404
    assert Client().post(MAKE).status_code in (302, 403)
    assert Invitation.objects.count() == 2


def test_codes_for_ticked_adults_include_contacts_only(office, room, all_kinds):
    ticked = [all_kinds["requested"].pk, all_kinds["only"].pk]
    said = {"which": "chosen", "guardianship": ticked, "contacts": "1"}
    assert len(pages(office.post(MAKE, said))) == 2
    page = office.post(MAKE, {"which": "withdraw", "guardianship": ticked, "ends": "2"}, follow=True)
    assert "2 codes were withdrawn" in page.content.decode()
    nobody = office.post(MAKE, {"which": "chosen"}, follow=True)
    assert NOBODY_TICKED in nobody.content.decode()


def test_a_barred_adult_among_the_ticked_stops_all_letters(office, room, all_kinds):
    before, ticked = Invitation.objects.count(), [all_kinds["requested"].pk, all_kinds["barred"].pk]
    answer = office.post(MAKE, {"which": "chosen", "guardianship": ticked}, follow=True)
    assert ADULT_WITHOUT_ACCESS in answer.content.decode()
    assert Invitation.objects.count() == before


def test_an_adult_of_another_class_is_not_among_those_to_tick(people, office, room):
    elsewhere = Guardianship.objects.get(pupil=people.rhys)
    answer = office.post(
        MAKE, {"which": "withdraw", "room": people.celyn.pk, "guardianship": [elsewhere.pk]}, follow=True
    )
    assert NOBODY_TICKED in answer.content.decode()


@pytest.mark.policy("PA-1")
def test_an_adults_page_makes_renews_and_withdraws_codes(office, make_guardianship):
    made = make_guardianship()
    page, invite = f"/people/connection/{made.pk}/", f"/people/invite/{made.pk}/"
    assert "Not asked" in office.get(page).content.decode()
    assert "Ŵyn Ŷstrad" in pages(office.post(invite))[0]
    said = office.get(page).content.decode()
    assert "Invited (until 24.11.2026)" in said and MAKE in said
    first = Invitation.objects.get()
    office.post(invite, {"ends": "1"})
    first.refresh_from_db()
    assert first.withdrawn_at and Invitation.objects.open().count() == 1
    office.post(MAKE, {"which": "withdraw", "guardianship": made.pk, "ends": "1"})
    assert not Invitation.objects.open().exists()


def test_the_table_of_connections_is_to_read(people, office, make_guardianship):
    made = make_guardianship()
    page = office.get(f"{GUARDIANSHIPS}{made.pk}/change/").content.decode()
    assert f"/people/connection/{made.pk}/" in page and "_save" not in page
    for who in (people.office, people.head):
        answers = {"relationship": "other", "restriction": "no_access", "restriction_note": "An order."}
        assert people.client(who).post(f"{GUARDIANSHIPS}{made.pk}/change/", answers).status_code == 403
    made.refresh_from_db()
    assert made.restriction == "none"


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("choice", ["no_access", "messaging_paused", "none"])
def test_a_court_order_is_decided_after_joining(people, office, choice):
    gareth = Guardianship.objects.filter(contact__user=people.gareth)
    gareth.update(court_order=True)
    path = f"/people/connection/{gareth.get().pk}/restrict/"
    assert path in office.get("/people/waiting/").content.decode()
    assert list(Pupil.objects.of_parent(people.gareth)) == [people.mali]  # nothing ends by itself
    office.post(path, {"restriction": choice, "note": "Seen the order."})
    assert gareth.get().restriction == choice
    assert Pupil.objects.of_parent(people.gareth).exists() == (choice != "no_access")
    assert path not in office.get("/people/waiting/").content.decode()
    assert AuditEntry.objects.filter(verb="guardianship.restricted").count() == 1


@pytest.mark.parametrize("state", ["order", "waiting", *JoiningState.values, "nonsense", "\x00"])
def test_the_list_of_guardianships_is_filtered_by_state(office, all_kinds, state):
    answer = office.get(GUARDIANSHIPS, {"state": state})
    assert answer.status_code in (200, 302, 400)
    if state == "waiting":
        page_text = answer.content.decode().split('id="result_list"')[1]
        assert [name in page_text for name in ("Asked", "Invited", "Lapsed", "Held", "Sioned")] == [
            True
        ] * 3 + [False] * 2


def requested(office, path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert office.get(path).status_code == 200
    return len(queries)


def test_the_pages_have_a_fixed_number_of_queries(people, office, room):
    paths = [ROOMS, "/letters/", room, GUARDIANSHIPS]
    for path in paths:
        office.get(path)
    few = [requested(office, path) for path in paths]
    for number in range(12):
        child = make_pupil(f"Child{number}", "Many", people.celyn)
        user = make_user(f"Adult {number}", f"many{number}@family.example")
        guardianship(make_contact("Joined", str(number), user), child, 1, court_order=True)
        guardianship(make_contact("Asked", str(number)), child, None, suggestion=Suggestion.INVITE)
    assert [requested(office, path) for path in paths] == few
