"""Test that pages ask, with the number, before codes or cards end.

PA-1, PU-4.
"""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from classes.models.guardianships import Guardianship
from classes.models.joining import ClassPage, Invitation, PupilCard
from classes.pupil_access.cards import new_card, new_cards
from classes.pupil_access.class_page import new_class_page
from classes.rules import EndsOthers
from tests.classes.joining.inviting import invite_class
from tests.clock import at
from tests.people import make_contact, make_pupil
from tests.sentences.classes import (
    CARDS_STOP,
    ENDS_PRINTED_LETTERS,
    EVERYBODY_HAS_A_CARD,
    NUMBER_HAS_CHANGED,
    ONE_CHILD_WITHOUT_CARD,
)

MAKE = "/letters/make/"
NOW = at("2026-11-10 10:00")


@pytest.fixture
def office(people):
    return people.client(people.office)


@pytest.fixture
def room(people):
    return people.client(people.celyn)


@pytest.fixture
def printed(people, make_guardianship, invite):
    """Make three adults of Efa, two of them with a letter."""
    adults = [make_guardianship(contact=make_contact("Ann", name)) for name in ("First", "Second", "Third")]
    for adult in adults[:2]:
        invite(adult)
    return adults


def is_pdf(answer) -> bool:
    return answer.headers["Content-Type"] == "application/pdf"


def pages(answer) -> int:
    return len(PdfReader(BytesIO(answer.content)).pages)


def alive() -> set[int]:
    return set(Invitation.objects.open().values_list("pk", flat=True))


def requested(answer) -> str:
    """Return the number that the page asks to confirm."""
    assert not is_pdf(answer)
    return re.search(r'name="ends" value="(\d+)"', answer.content.decode())[1]


def paths(people, printed) -> dict[str, tuple[str, dict]]:
    pks = [guardianship.pk for guardianship in printed]
    return {
        "the school": (MAKE, {"which": "everybody", "number": "3"}),
        "a class": (MAKE, {"which": "everybody", "room": people.celyn.pk}),
        "those ticked": (MAKE, {"which": "chosen", "guardianship": pks}),
    }


@pytest.mark.policy("PA-1")
@pytest.mark.parametrize("way", ["the school", "a class", "those ticked"])
def test_codes_end_only_with_their_number_confirmed(people, office, printed, way):
    (path, sent), before = paths(people, printed)[way], alive()
    page = office.post(path, sent)
    assert requested(page) == "2" and ENDS_PRINTED_LETTERS % {"number": 2} in page.content.decode()
    for number in ("1", "3", "-1", "many", ""):
        answer = office.post(path, {**sent, "ends": number})
        assert answer.status_code == 409 and requested(answer) == "2"
    assert alive() == before
    answer = office.post(path, {**sent, "ends": "2"})
    assert is_pdf(answer) and pages(answer) == 3
    assert not alive() & before


@pytest.mark.policy("PA-1")
def test_a_changed_number_needs_a_new_confirmation(people, office, printed, invite):
    path, sent = paths(people, printed)["the school"]
    number = requested(office.post(path, sent))
    invite(printed[2])
    before = alive()
    answer = office.post(path, {**sent, "ends": number})
    assert requested(answer) == "3" and NUMBER_HAS_CHANGED in answer.content.decode()
    assert alive() == before


@pytest.mark.policy("PA-1")
def test_the_first_button_prints_only_what_is_missing(people, office, printed):
    before = alive()
    answer = office.post(MAKE, {"which": "missing", "number": "1"})
    assert pages(answer) == 1 and before < alive()


@pytest.mark.policy("PA-1")
def test_one_letter_is_renewed_after_a_question(office, printed):
    path = f"/people/invite/{printed[0].pk}/"
    assert requested(office.post(path)) == "1"
    assert is_pdf(office.post(path, {"ends": "1"}))
    assert is_pdf(office.post(f"/people/invite/{printed[2].pk}/"))


@pytest.mark.policy("PA-1")
def test_the_service_itself_wants_the_number(people, printed):
    by, before = people.actor(people.office), alive()
    for ends in (None, 0, 1, 3):
        with pytest.raises(EndsOthers) as question:
            invite_class(classroom=None, by=by, at=NOW, ends=ends)
        assert question.value.number == 2
    assert alive() == before
    assert len(invite_class(classroom=None, by=by, at=NOW, ends=2)) == 3


@pytest.mark.policy("PA-1")
def test_a_code_whose_time_is_over_is_no_question(people, office, make_guardianship, invite):
    invite(make_guardianship(), "2026-10-01 10:00")
    assert is_pdf(office.post(MAKE, {"which": "everybody", "number": "1"}))


@pytest.mark.policy("PU-4")
def test_cards_of_a_class_end_only_with_their_number_confirmed(people, room):
    assert pages(room.post("/class/cards/")) == 1
    hashes = set(PupilCard.objects.values_list("token_hash", flat=True))
    assert len(hashes) == 3
    page = room.post("/class/cards/", {"all": "1"})
    assert requested(page) == "3" and CARDS_STOP % {"number": 3} in page.content.decode()
    assert room.post("/class/cards/", {"all": "1", "ends": "2"}).status_code == 409
    assert set(PupilCard.objects.values_list("token_hash", flat=True)) == hashes
    assert is_pdf(room.post("/class/cards/", {"all": "1", "ends": "3"}))
    assert not set(PupilCard.objects.values_list("token_hash", flat=True)) & hashes


@pytest.mark.policy("PU-4")
def test_the_first_button_makes_the_missing_cards_only(people, room):
    new_cards(classroom=people.celyn, by=people.actor(people.celyn), at=NOW)
    hashes = set(PupilCard.objects.values_list("token_hash", flat=True))
    assert EVERYBODY_HAS_A_CARD in room.post("/class/cards/", follow=True).content.decode()
    make_pupil("Late", "Comer", people.celyn)
    without = ONE_CHILD_WITHOUT_CARD % {"number": 1, "name": "Celyn"}
    assert without in room.get("/class/cards/").content.decode()
    assert is_pdf(room.post("/class/cards/"))
    assert hashes < set(PupilCard.objects.values_list("token_hash", flat=True))


@pytest.mark.policy("PU-4")
def test_another_card_meanwhile_needs_a_new_confirmation(people, room):
    new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)
    number = requested(room.post("/class/cards/", {"all": "1"}))
    new_card(pupil=people.efa, by=people.actor(people.celyn), at=NOW)
    answer = room.post("/class/cards/", {"all": "1", "ends": number})
    assert requested(answer) == "2" and NUMBER_HAS_CHANGED in answer.content.decode()


@pytest.mark.policy("PU-4")
def test_a_poster_ends_only_after_a_question(people, room):
    assert is_pdf(room.post("/class/poster/"))
    class_page = ClassPage.objects.get()
    page = room.post("/class/poster/")
    assert requested(page) == "1" and "10 November 2026" in page.content.decode()
    with pytest.raises(EndsOthers):
        new_class_page(classroom=people.celyn, by=people.actor(people.celyn), at=NOW)
    assert ClassPage.objects.get().token_hash == class_page.token_hash
    assert is_pdf(room.post("/class/poster/", {"ends": "1"}))
    assert ClassPage.objects.get().token_hash != class_page.token_hash


@pytest.mark.policy("PU-4")
def test_cards_of_departed_do_not_count(people, room):
    new_cards(classroom=people.celyn, by=people.actor(people.celyn), at=NOW)
    Guardianship.objects.filter(pupil=people.mali).delete()
    people.mali.left_on = at("2026-11-09 10:00").date()
    people.mali.save(update_fields=["left_on"])
    assert requested(room.post("/class/cards/", {"all": "1"})) == "2"
