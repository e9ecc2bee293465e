"""Test letters made by a worker, stored encrypted, downloaded once (PA-1)."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from accounts.models.audit import AuditEntry
from classes.enums import LetterSetFailure, LetterSetState, Restriction
from classes.joining.invitations import NoCode
from classes.joining.queries import find_invitation
from classes.letter_files.encryption import NotSealedHere, seal, unseal
from classes.letter_files.sets import (
    LEASE,
    MOST_ATTEMPTS,
    PIECE,
    AlreadyMade,
    draw_letters,
    expire_letters_due,
    make_letters_due,
    open_letters,
    pieces_of,
    request_letters,
)
from classes.letters import drawing
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.letters import LetterSet
from classes.tasks import make_letters
from tests.clock import at
from tests.people import make_contact
from tests.sentences.classes import (
    LETTERS_ARE_BEING_MADE,
    LETTERS_ARE_READY,
    LETTERS_DOWNLOADED,
    LETTERS_FAILED,
    LETTERS_HAVE_CHANGED,
    LETTERS_UNREADABLE,
)

LETTERS, MAKE = "/letters/", "/letters/make/"
NOW = at("2026-11-10 10:00")
pytestmark = pytest.mark.policy("PA-1")


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def adults(people, make_guardianship):
    return [make_guardianship(contact=make_contact("Ann", name)) for name in ("First", "Second", "Third")]


@pytest.fixture
def many(monkeypatch, adults):
    """Lower the limit: more than two letters are made by a worker."""
    monkeypatch.setattr(drawing, "MOST_AT_ONCE", 2)
    return adults


@pytest.fixture
def office(people):
    return people.client(people.office)


def request_letters_by(browser: Client, key: object = None, **more: str):
    """Confirm letters for the three of the school."""
    said = {"which": "everybody", "number": "3", "key": str(key or uuid4())}
    return browser.post(MAKE, {**said, **more})


@pytest.fixture
def requested(people, many, office) -> str:
    """Return the address of letters that the office requested."""
    return request_letters_by(office).url


@pytest.fixture
def ready(requested) -> str:
    assert make_letters_due(at=NOW) == 1
    return requested


def alive() -> set[int]:
    return set(Invitation.objects.open().values_list("pk", flat=True))


def file_of(answer) -> bytes:
    assert answer.headers["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content)


def the_set() -> LetterSet:
    return LetterSet.objects.get()


# -- requesting and making


def test_many_letters_are_requested_and_made_by_a_worker(office, requested):
    page = office.get(requested).content.decode()
    assert LETTERS_ARE_BEING_MADE in page and 'hx-trigger="every 2s"' in page
    assert f'href="{requested}"' in page  # without JavaScript: a link to reload
    assert f'href="{requested}"' in office.get(LETTERS).content.decode()
    assert not Invitation.objects.exists()
    assert make_letters() == 1
    page = office.get(requested).content.decode()
    assert LETTERS_ARE_READY in page and "hx-trigger" not in page
    pdf = PdfReader(BytesIO(file_of(office.post(f"{requested}file/"))))
    assert ["Ann First" in pdf.pages[0].extract_text(), len(pdf.pages), len(alive())] == [True, 3, 3]


def test_an_open_page_hears_nothing_until_something_is_new(office, requested):
    assert office.get(requested, headers={"HX-Request": "true"}).status_code == 204
    make_letters_due(at=NOW)
    part = office.get(requested, headers={"HX-Request": "true"}).content.decode()
    assert LETTERS_ARE_READY in part and "<html" not in part


def test_a_set_of_few_is_still_drawn_at_once(office, adults):
    assert request_letters_by(office).headers["Content-Type"] == "application/pdf"
    assert (the_set().state, len(the_set().invitations)) == (LetterSetState.FETCHED, 3)


def test_a_key_draws_letters_once_at_the_service_too(people, adults):
    """Two presses at once: the second waits for the first, and makes nothing."""
    said = {"guardianships": adults, "by": people.actor(people.office), "key": uuid4(), "name": "Celyn"}
    said |= {"school": people.school, "at": NOW}
    assert draw_letters(**said).startswith(b"%PDF")
    before = alive()
    with pytest.raises(AlreadyMade):
        draw_letters(**said, ends=3)  # even where the end of the first ones is confirmed
    assert alive() == before and len(before) == 3


def test_many_chosen_by_hand_are_left_to_a_worker_too(office, many):
    chosen = {"which": "chosen", "guardianship": [one.pk for one in many]}
    url = office.post(MAKE, chosen).url
    assert make_letters_due(at=NOW) == 1
    assert len(PdfReader(BytesIO(file_of(office.post(f"{url}file/")))).pages) == 3


def test_the_same_form_sent_twice_asks_for_one_set(office, many):
    key = uuid4()
    first, second = request_letters_by(office, key), request_letters_by(office, key)
    make_letters_due(at=NOW)
    assert first.url == second.url == request_letters_by(office, key).url
    assert LetterSet.objects.count() == 1 and len(alive()) == Invitation.objects.count() == 3


def test_another_button_of_the_same_form_is_another_request(office, many):
    key = uuid4()
    first = request_letters_by(office, key).url
    assert request_letters_by(office, key, which="missing").url != first
    assert [make_letters_due(at=NOW), len(alive())] == [
        1,
        3,
    ]  # the second would end codes that nobody confirmed
    assert LetterSet.objects.get(state=LetterSetState.FAILED).failure == LetterSetFailure.CHANGED


def test_codes_end_only_with_their_number_confirmed(office, many, invite):
    invite(many[0])
    before = alive()
    page = request_letters_by(office).content.decode()
    assert re.search(r'name="ends" value="(\d+)"', page)[1] == "1" and 'name="key"' in page
    assert not LetterSet.objects.exists()
    request_letters_by(office, ends="1")
    assert make_letters_due(at=NOW) == 1
    assert len(alive()) == 3 and not alive() & before


def test_a_number_that_changed_meanwhile_ends_nothing(office, many, requested, invite):
    invite(many[0])
    before = alive()
    assert make_letters_due(at=NOW) == 0
    assert alive() == before
    assert LETTERS_HAVE_CHANGED in office.get(requested).content.decode()


def test_who_joined_meanwhile_gets_no_letter(office, many, requested):
    Guardianship.objects.filter(pk=many[0].pk).update(ended_at=NOW)
    make_letters_due(at=NOW)
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(file_of(office.post(f"{requested}file/")))).pages
    )
    assert "Ann Second" in text and "Ann First" not in text


def test_letters_for_nobody_any_more_say_so(office, requested):
    Guardianship.objects.update(restriction=Restriction.NO_ACCESS, restriction_note="An order.")
    assert make_letters_due(at=NOW) == 0
    assert "Everybody has joined" in office.get(requested).content.decode()


def test_a_right_that_ended_meanwhile_makes_no_codes(people, requested):
    type(people.office).objects.filter(pk=people.office.pk).update(is_office=False)
    assert make_letters_due(at=NOW) == 0
    assert not Invitation.objects.exists() and the_set().failure == LetterSetFailure.NO_RIGHT


# -- failing


@pytest.fixture
def points(settings, tmp_path):
    settings.FAILPOINTS = str(tmp_path)
    return tmp_path


def test_codes_of_an_attempt_that_failed_do_not_live(office, requested, invite, points, clock):
    (points / "letters.issued").write_text("raise")
    assert make_letters_due(at=NOW) == 0
    assert not Invitation.objects.exists() and the_set().attempts == 1
    assert "being made" in office.get(requested).content.decode()
    clock.set("2026-11-10 10:01")
    assert make_letters_due(at=at("2026-11-10 10:01")) == 1
    assert len(alive()) == 3


def test_old_codes_live_on_when_an_attempt_failed(office, many, invite, points):
    invite(many[0])
    before = alive()
    request_letters_by(office, ends="1")
    (points / "letters.issued").write_text("raise")
    make_letters_due(at=NOW)
    assert alive() == before


def test_a_set_that_fails_again_and_again_says_so(office, requested, points, clock):
    (points / "letters.issued").write_text("raise!")
    for minute in range(MOST_ATTEMPTS + 1):
        clock.set(f"2026-11-10 10:0{minute}")
        assert make_letters_due(at=at(f"2026-11-10 10:0{minute}")) == 0
    assert the_set().failure == LetterSetFailure.GAVE_UP and the_set().attempts == MOST_ATTEMPTS
    page = office.get(requested).content.decode()
    assert LETTERS_FAILED in page and "hx-trigger" not in page
    assert not Invitation.objects.exists()


def test_a_claimed_set_is_left_alone_until_its_lease_ends(requested, clock):
    row = the_set()
    LetterSet.objects.filter(pk=row.pk).update(attempts=1, lease_until=NOW + LEASE)
    assert make_letters_due(at=NOW) == 0
    clock.set("2026-11-10 10:01")
    assert make_letters_due(at=NOW) == 1


# -- reading


def test_only_the_requester_reads_the_letters(people, ready):
    for name, browser in people.everybody().items():
        browser = browser or Client()
        expected = 200 if name == "office" else 404 if name in ("deputy", "head") else None
        for answer in (browser.get(ready), browser.post(f"{ready}file/")):
            if expected:
                assert answer.status_code == expected, name
            else:
                assert answer.status_code in (302, 404), name
                assert "letters" not in answer.headers.get("Location", "").split("?")[0], name
    assert the_set().state == LetterSetState.READY


def test_nobody_else_asks_for_letters(people, many):
    for name, browser in people.everybody().items():
        before = LetterSet.objects.count()
        request_letters_by(browser or Client())
        assert (LetterSet.objects.count() > before) == (name in {"office", "deputy", "head"}), name
    with pytest.raises(NoCode):
        request_letters(guardianships=many, by=people.actor(people.nia), key=uuid4(), name="school")


def test_an_office_without_its_second_factor_reads_nothing(people, ready):
    half = people.client(people.office)
    session = half.session
    del session["account_authentication_methods"]
    session.save()
    for answer in (half.get(ready), half.post(f"{ready}file/")):
        assert answer.status_code == 302 and not answer.url.startswith("/letters/")
    assert the_set().opened_at is None


def test_a_get_request_does_not_use_up_the_file(office, ready):
    for answer in (office.get(f"{ready}file/"), office.head(f"{ready}file/"), office.head(ready)):
        assert answer.status_code in (200, 405) and not answer.streaming
    assert the_set().state == LetterSetState.READY


def test_letters_are_downloaded_once(office, ready):
    file_of(office.post(f"{ready}file/"))
    row = the_set()
    assert (row.state, row.sealed) == (LetterSetState.FETCHED, None)
    again = office.post(f"{ready}file/", follow=True)
    assert LETTERS_DOWNLOADED in again.content.decode()
    verbs = set(AuditEntry.objects.filter(about=f"classes.letterset:{row.pk}").values_list("verb", flat=True))
    assert verbs == {"letters.requested", "letters.made", "letters.fetched"}


def test_a_download_that_breaks_off_leaves_the_file(people, ready, monkeypatch):
    by, row = people.actor(people.office), the_set()
    file = open_letters(letter_set=row, by=by)
    pieces = pieces_of(file, letter_set=row, by=by)
    assert len(next(pieces)) == min(PIECE, len(file))
    pieces.close()
    assert open_letters(letter_set=row, by=by) == file
    assert b"".join(pieces_of(file, letter_set=row, by=by)) == file
    assert open_letters(letter_set=row, by=by) is None


def test_letters_nobody_downloads_are_gone_after_an_hour(people, ready, clock):
    clock.set("2026-11-10 10:59")
    assert make_letters() == 0 and the_set().sealed
    clock.set("2026-11-10 11:00")
    office = people.client(people.office)
    answer = office.post(f"{ready}file/", follow=True)  # before any periodic task
    assert "no longer here" in answer.content.decode()
    assert "Not downloaded in time" in office.get(LETTERS).content.decode()
    assert make_letters() == 1
    assert (the_set().state, the_set().sealed, alive()) == (LetterSetState.EXPIRED, None, set())


def test_codes_of_a_download_that_was_begun_live_on(people, office, ready, clock):
    office.post(f"{ready}file/")  # and nobody reads a piece of it
    clock.set("2026-11-10 11:00")
    assert expire_letters_due() == 1
    assert the_set().sealed is None and len(alive()) == 3
    assert "its codes work" in people.client(people.office).get(ready).content.decode()


# -- stored data


def test_the_database_alone_gives_no_code_away(office, ready):
    sealed = bytes(the_set().sealed)
    assert b"%PDF" not in sealed
    file = file_of(office.post(f"{ready}file/"))
    assert file.startswith(b"%PDF")
    code = re.search(r"(?:[0-9A-Z]{4} ){3}[0-9A-Z]{4}", PdfReader(BytesIO(file)).pages[0].extract_text())[0]
    born = Guardianship.objects.filter(invitations__in=alive()).first().pupil.date_of_birth
    assert find_invitation(code.replace(" ", ""), born)
    assert code.replace(" ", "").encode() not in sealed


def test_sealed_content_opens_with_its_key_and_row_alone(settings):
    key = uuid4()
    sealed = seal(b"a code", key)
    assert unseal(sealed, key) == b"a code" and seal(b"a code", key) != sealed
    for wrong, row in ((sealed, uuid4()), (sealed[:-1], key), (b"", key)):
        with pytest.raises(NotSealedHere):
            unseal(wrong, row)
    settings.CODE_KEY = "another"
    with pytest.raises(NotSealedHere):
        unseal(sealed, key)


def test_letters_sealed_with_an_older_key_are_no_error(office, ready, settings):
    settings.CODE_KEY = "another"
    page = office.post(f"{ready}file/", follow=True).content.decode()
    assert LETTERS_UNREADABLE in page


@pytest.mark.parametrize("state", [LetterSetState.FETCHED, LetterSetState.EXPIRED, LetterSetState.REQUESTED])
def test_the_database_allows_no_file_of_a_finished_set(ready, state):
    with pytest.raises(IntegrityError, match="letter_set_is_sealed_while_ready"), transaction.atomic():
        LetterSet.objects.update(state=state)
