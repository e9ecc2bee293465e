from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models.audit import AuditEntry
from accounts.models.people import User
from classes import rate_limits
from classes.avatar.services import choose_dragon
from classes.enums import Picture
from classes.models.joining import PupilCard
from classes.models.pupils import Pupil
from classes.pupil_access.card_pdf import cards_pdf
from classes.pupil_access.cards import IssuedCard, end_card, new_card
from malpas.lib.errors import RuleViolation
from tests.clock import at
from tests.people import BACKEND
from tests.sentences.classes import (
    CARD_LISTED_WITH_OLDER_DRAGON,
    CARD_REFUSED,
    CARD_WITH_OLDER_DRAGON,
    CHILDREN_WITHOUT_CARD,
)
from tests.sentences.reading import without_marks

NOW = at("2026-11-10 10:00")


@pytest.fixture(autouse=True)
def few_tries(monkeypatch) -> None:
    """Lower the limit to six wrong cards."""
    monkeypatch.setattr(rate_limits, "CARD_ADDRESS", replace(rate_limits.CARD_ADDRESS, amount=6))


@pytest.fixture
def card(people):
    """Make a card by the class; return the path of its address."""

    def make(pupil=None):
        made = new_card(pupil=pupil or people.efa, by=people.actor(people.celyn), at=NOW)
        return made.address.removeprefix("http://127.0.0.1:8000")

    return make


@pytest.mark.policy("PU-4")
def test_a_card_signs_the_pupil_in_after_one_tap(people, card, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    path, browser = card(), Client()
    page = browser.get(path)
    assert page.status_code == 200 and "Efa" in page.content.decode()
    assert "Price" not in page.content.decode()
    assert "_auth_user_id" not in browser.session
    assert browser.post(path).headers["Location"] == "/pupil/me/"
    people.efa.refresh_from_db()
    assert browser.session["_auth_user_id"] == str(people.efa.account_id)
    assert browser.session.get_expire_at_browser_close()
    assert browser.get("/").status_code == 302


@pytest.mark.policy("PU-4")
def test_a_pupil_account_has_no_address_and_no_password(people, card):
    card()
    people.efa.refresh_from_db()
    account = people.efa.account
    assert (account.kind, account.email, account.name) == ("pupil", None, "Efa")
    assert not account.has_usable_password()


def test_only_the_keyed_hash_of_a_card_is_stored(people, card):
    token = card().rstrip("/").rpartition("/")[2]
    assert len(token) >= 22
    assert token not in str(PupilCard.objects.values().get(pupil=people.efa))
    assert not AuditEntry.objects.filter(detail__icontains=token).exists()


@pytest.mark.policy("PU-4")
def test_a_new_card_ends_the_old_and_its_sign_ins(people, card):
    old, browser = card(), Client()
    browser.post(old)
    assert browser.get("/pupil/").status_code == 302
    new = card()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert browser.get("/pupil/").status_code == 200


def test_a_lost_card_can_be_ended_by_the_childs_own_class(people, card):
    path = card()
    with pytest.raises(RuleViolation):
        end_card(pupil=people.efa, by=people.actor(people.derwen))
    assert Client().get(path).status_code == 200
    end_card(pupil=people.efa, by=people.actor(people.celyn))
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("fields", [{"left_on": "2026-11-01"}, {"classroom": None}])
def test_a_card_of_a_child_in_no_class_opens_nothing(people, card, fields):
    path = card()
    assert Client().get(path).status_code == 200
    type(people.efa).objects.filter(pk=people.efa.pk).update(**fields)
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
    people.efa.refresh_from_db()
    with pytest.raises(RuleViolation):
        new_card(pupil=people.efa, by=people.actor(people.office), at=NOW)


def test_cards_are_made_by_the_childs_own_class(people):
    for who in (people.derwen, people.nia, people.mali):
        with pytest.raises(RuleViolation):
            new_card(pupil=people.efa, by=people.actor(who), at=NOW)
    assert not PupilCard.objects.filter(pupil=people.efa).exists()


@pytest.mark.parametrize("token", ["wrong", "x" * 3000, "ŵŷ", "..%2F..", "a b"])
def test_a_wrong_card_gets_the_start_page_and_a_sentence(people, token):
    answer = Client().get(f"/pupil/card/{token}/")
    assert answer.status_code in {400, 404}
    if answer.status_code == 404 and "%2F" not in token:
        assert CARD_REFUSED in answer.content.decode()


def test_guessing_cards_is_shut_out(people, card):
    path = card()
    for _try in range(rate_limits.CARD_ADDRESS.amount):
        assert Client().get("/pupil/card/wrong/").status_code == 404
    assert Client().get(path).status_code == 429


def test_a_whole_class_may_sign_in_from_one_address(people, card):
    path = card()
    for _try in range(rate_limits.CARD_ADDRESS.amount + 2):
        assert Client().get(path).status_code == 200


@pytest.mark.policy("PU-4")
def test_bye_leads_to_the_start_page(people):
    browser = people.client(people.mali)
    assert browser.post("/pupil/leave/").headers["Location"] == "/pupil/"
    assert "_auth_user_id" not in browser.session
    assert browser.post("/pupil/leave/").headers["Location"] == "/pupil/"
    assert browser.get("/pupil/leave/").status_code == 405


def test_bye_is_for_pupils(people):
    browser = people.client(people.nia)
    assert browser.post("/pupil/leave/").status_code == 404
    assert browser.get("/terms/agree/").status_code == 200


def test_the_class_prints_its_cards_and_each_opens_its_child(people):
    browser = people.client(people.celyn)
    without = CHILDREN_WITHOUT_CARD % {"number": 3, "name": "Celyn"}
    assert without in browser.get("/class/cards/").content.decode()
    assert not PupilCard.objects.exists()
    answer = browser.post("/class/cards/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert all(name in text for name in ("Efa", "Mali", "Zofia"))
    assert "Bowen" not in text and "Rhys" not in text
    picture = pypdfium2.PdfDocument(answer.content)[0].render(scale=3).to_pil()
    addresses = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert len(addresses) == 3
    names = {
        without_marks(Client().get(address.split("8000", 1)[1]).text).split('total__number">')[1][:3]
        for address in addresses
    }
    assert names == {"Efa", "Mal", "Zof"}


def test_every_kind_of_dragon_can_be_printed(people):
    kinds, pictures = [[n % size for size in (8, 5, 4, 5, 4)] for n in range(20)], list(Picture)
    cards = [
        IssuedCard(Pupil(preferred_forename="Efa", dragon=kind), f"https://school.example/{kind}", [each] * 3)
        for kind, each in zip(kinds, pictures * 2, strict=False)
    ]
    assert len(PdfReader(BytesIO(cards_pdf(cards, people.celyn))).pages) == 3


def test_no_card_ends_when_the_new_ones_cannot_be_drawn(people, card, monkeypatch):
    path, browser = card(), people.client(people.celyn)
    browser.raise_request_exception = False
    monkeypatch.setattr("classes.pupil_access.staff_views.cards_pdf", lambda *args: 1 / 0)
    assert browser.post("/class/cards/").status_code == 500
    assert Client().get(path).status_code == 200


def test_the_cards_page_has_a_fixed_number_of_queries(people, django_assert_num_queries):
    one, three = people.client(people.derwen, people.howells), people.client(people.celyn)
    people.tomos.delete()
    for client in (one, three):
        client.get("/class/cards/")
    counts = []
    for client in (one, three):
        with CaptureQueriesContext(connection) as requested:
            assert client.get("/class/cards/").status_code == 200
        counts.append(len(requested))
    assert counts[0] == counts[1]


def test_only_a_class_account_prints_cards(people):
    for name, client in people.everybody().items():
        status = (client or Client()).get("/class/cards/").status_code
        wanted = {"class": 200, "another class": 200, "nobody": 302, "removed parent": 302}.get(name, 404)
        assert (name, status) == (name, wanted)


def test_a_parent_cannot_make_cards(people):
    assert people.client(people.nia).post("/class/cards/").status_code == 404
    assert not PupilCard.objects.exists()


@pytest.mark.policy("PU-4")
def test_a_class_account_without_a_person_makes_no_cards(people):
    browser = Client()
    browser.force_login(people.celyn.account, backend=BACKEND)
    assert browser.post("/class/cards/").status_code == 302
    assert not PupilCard.objects.exists()
    assert User.objects.filter(kind="pupil").count() == 1


@pytest.mark.policy("PU-4")
def test_a_card_of_an_older_dragon_is_named_and_still_opens(people, card):
    path, browser = card(people.mali), people.client(people.celyn)
    pages = ["/class/cards/", f"/class/cards/{people.mali.pk}/"]
    sentences = [CARD_LISTED_WITH_OLDER_DRAGON, CARD_WITH_OLDER_DRAGON]
    for page, sentence in zip(pages, sentences, strict=True):
        assert sentence not in browser.get(page).content.decode()
    old = Pupil.objects.get(pk=people.mali.pk).dragon
    traits = [(old[0] + 1) % 8, *old[1:]]
    choose_dragon(pupil=people.mali, traits=traits, by=people.actor(people.mali))
    for page, sentence in zip(pages, sentences, strict=True):
        assert sentence in browser.get(page).content.decode()
    assert Client().get(path).status_code == 200
    card(people.mali)
    assert CARD_LISTED_WITH_OLDER_DRAGON not in browser.get(pages[0]).content.decode()


def test_the_words_under_the_pictures_stay_whole(people):
    made = IssuedCard(
        people.mali, "https://school.example/x", [Picture("fish"), Picture("house"), Picture("flower")]
    )
    pdf = cards_pdf([made], people.celyn)
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert {"pysgodyn", "fish", "blodyn", "flower"} <= {line.strip() for line in lines}
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    bottoms = [page.get_charbox(n)[1] for n in range(page.count_chars())]
    cutting_line = (297 - 16 - 66) * 72 / 25.4
    assert min(bottoms) > cutting_line


@pytest.mark.parametrize("name", ["Bartholomew-Featherstonehaugh", "Ṣọ̀ mi dọ́là", "محمد عبد الرحمن الأحمد"])
def test_a_long_name_stays_on_its_card_beside_the_pictures(people, name):
    Pupil.objects.filter(pk=people.mali.pk).update(preferred_forename=name)
    people.celyn.name = "Year 1 and 2 of the long corridor 🐝 Gwenyn"
    made = IssuedCard(Pupil.objects.get(pk=people.mali.pk), "https://school.example/x", [Picture("sun")] * 3)
    page = pypdfium2.PdfDocument(cards_pdf([made], people.celyn))[0].get_textpage()
    boxes = [page.get_charbox(n) for n in range(page.count_chars()) if page.get_text_range(n, 1).strip()]
    assert min(box[1] for box in boxes) > (297 - 16 - 66) * 72 / 25.4
