"""The roster from the browser: upload, look, take in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.clock import school_now
from accounts.models.audit import AuditEntry
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from classes.models.rosters import RosterImport
from classes.roster.pages.overview import figures_of
from classes.roster.reading import MAX_BYTES
from classes.roster.refusals import RosterChanged
from classes.roster.uploads import apply_upload, delete_expired, keep_upload
from classes.tasks import delete_expired_rosters
from tests.sentences.classes import (
    CHILDREN_ARE_MISSING,
    FILE_WAITED_TOO_LONG,
    NO_COLUMN_NAMES,
    NOBODY_INVITED_OR_REMOVED,
    NOTHING_NEW_IN_FILE,
    PORTAL_HAS_CHANGED,
    SPREADSHEET_REFUSED,
    TICK_MISSING_CHILDREN,
)
from tests.sentences.reading import says

from .pages import bring, confirm, look, take_in
from .sheet import FATHER, ROW, SECOND_CHILD, TODAY, sample, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(people, clock):
    Pupil.objects.update(left_on="2026-09-01")  # so that none of these people is missing from a file
    return people.client(people.office)


def html(page) -> str:
    return page.content.decode()


@pytest.mark.policy("PA-1")
def test_a_file_is_looked_at_before_anything_changes(office):
    page = look(office, sheet(ROW, ROW | FATHER))
    assert "Siâ Probert" in html(page) and "Year 2 Bedwen" in html(page)
    assert not Pupil.objects.filter(school_ref="2001").exists()
    answer = confirm(office, page)
    assert answer.headers["Location"] == "/roster/"
    assert Pupil.objects.get(school_ref="2001").classroom.name == "Year 2 Bedwen"
    assert NOBODY_INVITED_OR_REMOVED in html(office.get("/roster/"))
    assert not Invitation.objects.exists()
    assert Guardianship.objects.filter(pupil__school_ref="2001", joined_at=None).count() == 2


def test_a_double_click_gives_the_first_result(office):
    page = look(office, sheet(ROW))
    first, second = confirm(office, page), confirm(office, page)
    assert first.headers["Location"] == second.headers["Location"] == "/roster/"
    assert Pupil.objects.filter(school_ref="2001").count() == 1
    assert AuditEntry.objects.filter(verb="roster.imported").count() == 1


def test_a_double_upload_keeps_one_file(office):
    key = uuid4()
    first, second = bring(office, sheet(ROW), key=key), bring(office, sheet(ROW), key=key)
    assert first.headers["Location"] == second.headers["Location"]
    assert RosterImport.objects.count() == 1


def test_a_later_file_takes_the_place_of_one_that_waits(office):
    first = bring(office, sheet(ROW)).headers["Location"]
    second = bring(office, sheet(ROW, ROW | SECOND_CHILD)).headers["Location"]
    assert RosterImport.objects.count() == 1
    assert (office.get(first).status_code, office.get(second).status_code) == (404, 200)


def test_an_applied_roster_keeps_no_file(office):
    take_in(office, sheet(ROW))
    assert RosterImport.objects.get().file is None
    with pytest.raises(IntegrityError, match="has_its_file_while_it_waits"), transaction.atomic():
        RosterImport.objects.update(file=b"x")


def test_a_change_meanwhile_shows_the_plan_anew(office, people):
    page = look(office, sheet(ROW))
    take_in(people.client(people.head), sheet(ROW))
    answer = confirm(office, page)
    assert answer.status_code == 422 and PORTAL_HAS_CHANGED in html(answer)
    assert answer.context["plan"].changes_nothing
    assert AuditEntry.objects.filter(verb="roster.imported").count() == 1
    assert confirm(office, answer).headers["Location"] == "/roster/"


def apply_as(people, upload: RosterImport, seen: str) -> RosterImport:
    by = people.actor(people.office)
    return apply_upload(upload=upload, seen=seen, accept_missing=False, chosen=(), by=by, today=TODAY)


def test_the_plan_is_compared_again_under_the_lock(office, people):
    bring(office, sheet(ROW))
    with pytest.raises(RosterChanged):
        apply_as(people, RosterImport.objects.get(), "another plan")
    assert not Pupil.objects.filter(school_ref="2001").exists()
    assert RosterImport.objects.get().file is not None


def test_the_service_itself_applies_a_file_once(office, people):
    page = look(office, sheet(ROW))
    upload, seen = RosterImport.objects.get(), page.context["plan"].digest
    assert apply_as(people, upload, seen) == apply_as(people, upload, seen) == upload
    assert AuditEntry.objects.filter(verb="roster.imported").count() == 1


def test_a_class_and_a_parent_apply_nothing(office, people):
    bring(office, sheet(ROW))
    for who in (people.celyn, people.nia):
        with pytest.raises(PermissionDenied):
            keep_upload(data=sheet(ROW), name="x", key=uuid4(), by=people.actor(who))


def test_missing_children_need_a_tick_with_their_number(people, clock):
    client = people.client(people.office)
    page = look(client, sheet(ROW))
    assert says(html(page), CHILDREN_ARE_MISSING, gone=5, here=5)
    answer = confirm(client, page)
    assert answer.status_code == 422 and TICK_MISSING_CHILDREN in html(answer)
    assert not Pupil.objects.filter(school_ref="2001").exists()
    assert confirm(client, page, missing="on").status_code == 302
    assert Pupil.objects.here().count() == 6


def test_a_tick_for_fewer_missing_children_does_not_count(people, clock):
    client = people.client(people.office)
    page = look(client, sheet(ROW))
    Pupil.objects.filter(pk=people.rhys.pk).update(left_on="2026-09-01")
    assert confirm(client, page, missing="on").status_code == 422
    assert not Pupil.objects.filter(school_ref="2001").exists()


def test_the_same_file_again_has_nothing_new(office):
    take_in(office, sheet(ROW))
    page = look(office, sheet(ROW))
    assert NOTHING_NEW_IN_FILE in html(page)
    confirm(office, page)
    assert RosterImport.objects.filter(undo__isnull=False).count() == 1


def test_a_waiting_file_is_deleted_after_a_day(office):
    address = bring(office, sheet(ROW)).headers["Location"]
    RosterImport.objects.update(uploaded_at=school_now() - timedelta(hours=24))
    answer = office.get(address, follow=True)
    assert FILE_WAITED_TOO_LONG in html(answer)
    assert delete_expired_rosters() == 1 and not RosterImport.objects.exists()
    assert delete_expired() == 0


def test_a_file_of_today_is_not_deleted(office):
    bring(office, sheet(ROW))
    assert delete_expired() == 0 and RosterImport.objects.exists()


def test_changing_nothing_deletes_the_file(office):
    address = bring(office, sheet(ROW)).headers["Location"]
    office.post(f"{address}discard/")
    assert not RosterImport.objects.exists() and not Pupil.objects.filter(school_ref="2001").exists()


@pytest.mark.parametrize(
    "data, sentence",
    [(b"%PDF-1.7", SPREADSHEET_REFUSED), (b"1,2,3\n4,5,6\n", NO_COLUMN_NAMES)],
)
def test_a_wrong_file_gets_a_sentence_on_the_form(office, data, sentence):
    answer = bring(office, data)
    assert answer.status_code == 422 and sentence in html(answer)
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize("data", [b"", bytes(2000), b"x" * (MAX_BYTES + 1), b"\xff" * 300])
def test_no_file_at_all_breaks_the_page(office, data):
    answer = bring(office, data)
    assert answer.status_code == 422 and answer.context["form"].errors["file"]


def test_the_waiting_file_belongs_to_who_uploaded_it(office, people):
    address = bring(office, sheet(ROW)).headers["Location"]
    for who in (people.head, people.nia, people.celyn):
        client = people.client(who)
        assert client.get(address).status_code == client.post(address).status_code == 404
        assert client.post(f"{address}discard/").status_code == 404
    assert RosterImport.objects.exists()


def test_a_whole_school_is_shown_and_taken_in(office, django_assert_max_num_queries):
    with django_assert_max_num_queries(90):
        take_in(office, sample("sims-contacts.csv"))
    number = Pupil.objects.here().count()
    page = office.get("/roster/")
    assert number > 190 and page.context["last"]["row"].figures["pupils"] == number


def test_figures_say_only_what_is_there():
    figures = dict(figures_of({"pupils": 2, "contacts": 3, "contacts_changed": 1}))
    assert figures["Children"] == "2 new" and figures["Adults"] == "3 new, 1 changed"


def test_a_fault_of_a_whole_column_is_one_sentence(office):
    data = sample("sims-contacts.csv").replace(b",T,F,T,", b",T,,T,").replace(b",T,F,F,", b",T,,F,")
    page = look(office, data)
    first = page.context["sections"][0]
    assert [who for who, _what in first.lines] == ["Court Order"]
    left_out = [each for each in page.context["sections"] if each.rest]
    assert not left_out and html(page).count("<li>") < 300


def test_another_file_with_the_key_of_the_first_is_looked_at(office):
    key = uuid4()
    first = bring(office, sheet(ROW), key=key).headers["Location"]
    assert bring(office, sheet(ROW), key=key).headers["Location"] == first  # pressed twice
    second = bring(office, sheet(ROW, ROW | SECOND_CHILD), key=key).headers["Location"]
    assert second != first and len(office.get(second).context["plan"].new_pupils) == 2
    assert RosterImport.objects.count() == 1
