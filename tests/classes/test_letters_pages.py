"""Test the pages of the letters: who has none, and what asks before letters end (PA-1, PA-2)."""

import csv
import io
import re
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from classes.enums import LetterSetState, Restriction, Suggestion
from classes.joining.invitations import withdraw_chosen
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.letters import LetterSet
from classes.rules import EndsOthers
from tests.clock import at
from tests.people import make_contact
from tests.sentences.classes import (
    ADULTS_NOT_JOINED,
    ENDS_PRINTED_LETTERS,
    EVERYBODY_HAS_A_CODE,
    LETTERS_DOWNLOADED,
    LETTERS_FOR_SCHOOL,
    NOBODY_TICKED,
    NUMBER_HAS_CHANGED,
)
from tests.sentences.reading import says

pytestmark = pytest.mark.policy("PA-1")
NOW = at("2026-11-10 10:00")
MAKE = "/letters/make/"


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.fixture
def printed(make_guardianship, invite):
    """Make three adults of Efa, two of them with a letter."""
    adults = [make_guardianship(contact=make_contact("Ann", name)) for name in ("First", "Second", "Third")]
    for adult in adults[:2]:
        invite(adult)
    return adults


def make(browser, **said):
    return browser.post(MAKE, {"key": str(uuid4()), **said})


def words(answer) -> str:
    return answer.content.decode()


def again(browser, answer):
    """Press the button of the page that asks."""
    sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', words(answer).split("<main")[1])
    return browser.post(MAKE, {name: [v for n, v in sent if n == name] for name, _value in sent})


def adults_in(answer) -> list[str]:
    assert answer.headers["Content-Type"] == "application/pdf", words(answer)
    texts = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    return [re.search(r"Ann (\w+)", text)[1] for text in texts]


def alive() -> set[int]:
    return set(Invitation.objects.open().values_list("pk", flat=True))


def test_the_page_counts_by_class_who_has_no_letter(people, office, printed):
    page = words(office.get("/letters/"))
    celyn = page.split(f"/letters/class/{people.celyn.pk}/")[1].split("</a>")[0]
    assert says(celyn, ADULTS_NOT_JOINED.rstrip("."), number=3)
    assert "1 without a letter" in " ".join(celyn.split())
    assert says(page, ADULTS_NOT_JOINED, number=3)


def test_a_class_gets_by_default_what_is_missing(people, office, printed):
    before = alive()
    answer = make(office, which="missing", room=people.celyn.pk)
    assert adults_in(answer) == ["Third"] and before < alive()
    assert says(
        words(office.post(MAKE, {"which": "missing", "room": people.celyn.pk}, follow=True)),
        EVERYBODY_HAS_A_CODE,
    )


def test_letters_in_bags_end_only_with_their_number_confirmed(people, office, printed):
    before = alive()
    asked = make(office, which="everybody", room=people.celyn.pk)
    assert says(words(asked), ENDS_PRINTED_LETTERS, number=2) and alive() == before
    assert make(office, which="everybody", room=people.celyn.pk, ends="1").status_code == 409
    assert alive() == before
    assert adults_in(again(office, asked)) == ["First", "Second", "Third"] and not alive() & before


def test_letters_of_the_whole_school_are_asked_about_in_numbers(people, office, printed, make_guardianship):
    make_guardianship(people.rhys, contact=make_contact("Ann", "Derwen"))
    asked = make(office, which="missing")
    assert says(words(asked), LETTERS_FOR_SCHOOL, number=2) and len(alive()) == 2
    make_guardianship(people.rhys, contact=make_contact("Ann", "Late"))
    changed = again(office, asked)
    assert changed.status_code == 409 and says(words(changed), NUMBER_HAS_CHANGED) and len(alive()) == 2
    assert adults_in(again(office, changed)) == ["Third", "Derwen", "Late"]


def test_a_repeated_form_makes_letters_once(people, office, printed):
    said = {"which": "missing", "room": people.celyn.pk, "key": str(uuid4())}
    adults_in(office.post(MAKE, said))
    before = alive()
    answer = office.post(MAKE, said, follow=True)
    assert says(words(answer), LETTERS_DOWNLOADED) and alive() == before
    assert LetterSet.objects.count() == 1


def test_the_ticked_get_letters_and_who_waits_is_named(people, office, printed, make_guardianship):
    waits = make_guardianship(contact=make_contact("Ann", "Kind"), court_order=True)
    ticked = [printed[2].pk, waits.pk]
    assert adults_in(make(office, which="chosen", room=people.celyn.pk, guardianship=ticked)) == ["Third"]
    page = words(office.get(f"/letters/class/{people.celyn.pk}/"))
    assert "No code for Ann Kind (Efa Price)" in page
    assert f'value="{printed[0].pk}"' in page and f'value="{waits.pk}"' not in page
    nobody = office.post(MAKE, {"which": "chosen", "room": people.celyn.pk}, follow=True)
    assert says(words(nobody), NOBODY_TICKED)


def test_a_barred_adult_among_the_ticked_stops_all(people, office, printed, make_guardianship):
    barred = make_guardianship(contact=make_contact("Ann", "Barred"), restriction=Restriction.NO_ACCESS)
    before = alive()
    answer = make(office, which="chosen", guardianship=[printed[2].pk, barred.pk])
    assert answer.status_code == 302 and alive() == before and not LetterSet.objects.exists()


def test_codes_are_withdrawn_after_a_question(people, office, printed):
    ticked = [one.pk for one in printed]
    asked = make(office, which="withdraw", room=people.celyn.pk, guardianship=ticked)
    assert says(words(asked), ENDS_PRINTED_LETTERS, number=2) and len(alive()) == 2
    assert again(office, asked).status_code == 302 and not alive()
    make(office, which="missing", room=people.celyn.pk)
    with pytest.raises(EndsOthers):
        withdraw_chosen(guardianships=printed, by=people.actor(people.office), at=NOW)


def test_the_list_says_who_made_letters_and_opens_ones_own(people, office, printed):
    make(office, which="missing", room=people.celyn.pk)
    row = LetterSet.objects.get()
    assert (row.state, row.name) == (LetterSetState.FETCHED, "Celyn")
    own, other = words(office.get("/letters/")), words(people.client(people.deputy).get("/letters/"))
    assert f"/letters/set/{row.key}/" in own and f"/letters/set/{row.key}/" not in other
    assert "Mrs Joan Lewis" in other or "Mrs Lewis" in other
    assert people.client(people.deputy).get(f"/letters/set/{row.key}/").status_code == 404


def test_who_has_not_joined_is_a_list_for_a_spreadsheet(people, office, printed, make_guardianship):
    make_guardianship(people.rhys, contact=make_contact("=1+1", "Derwen"))
    make_guardianship(contact=make_contact("Ann", "Only"), suggestion=Suggestion.CONTACT_ONLY)
    rows = list(
        csv.reader(
            io.StringIO(b"".join(office.get("/letters/not-joined/").streaming_content).decode("utf-8-sig"))
        )
    )
    assert [row[2] for row in rows[1:]] == ["Ann First", "Ann Second", "Ann Third", "'=1+1 Derwen"]
    assert [row[6] for row in rows[1:]] == ["24/11/2026", "24/11/2026", "", ""]
    answer = office.get("/letters/not-joined/", {"room": people.derwen.pk})
    assert b"First" not in b"".join(answer.streaming_content)


@pytest.mark.parametrize("value", ["\x00", "9" * 30, "-1", "x", "²"])
def test_values_that_are_none_make_nothing(people, office, printed, value):
    before = alive()
    for said in ({"which": value}, {"which": "chosen", "guardianship": value}, {"which": "missing", "room": value},
                 {"which": "everybody", "number": value}, {"which": "everybody", "room": people.celyn.pk, "ends": value}):  # fmt: skip
        assert make(office, **said).status_code < 500
    for path in ("/letters/not-joined/", f"/letters/class/{people.celyn.pk}/"):
        assert office.get(path, {"room": value, "state": value}).status_code < 500
    assert alive() == before


def test_nobody_else_sees_or_makes_letters(people, printed):
    before = alive()
    for who in (people.nia, people.celyn, people.mali):
        browser = people.client(who)
        for path in ("/letters/", f"/letters/class/{people.celyn.pk}/", "/letters/not-joined/"):
            assert browser.get(path).status_code == 404
        assert make(browser, which="everybody", number="3", ends="2").status_code == 404
    assert alive() == before


def test_a_class_without_children_is_not_on_the_list(people, office, printed):
    empty = Classroom.objects.create(name="Empty")
    assert f"/letters/class/{empty.pk}/" not in words(office.get("/letters/"))
    assert office.get(f"/letters/class/{empty.pk}/").status_code == 200
    assert not Guardianship.objects.filter(pupil__classroom=empty).exists()
