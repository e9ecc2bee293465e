"""Check pending answers: changed or withdrawn until they arrive (TE-4, TE-5)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from malpas.lib.errors import RuleViolation
from messaging.enums import EnquiryState, EntryKind, Topic
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.queries.enquiries import entries_for_family
from messaging.office.services.answers import AnswerArrived, AnswerTakenBack, change_answer, withdraw_answer
from messaging.office.services.casework import (
    answer_enquiry,
    close_enquiry,
    hand_over,
    note_on_enquiry,
    take_enquiry,
)
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, page_text
from tests.people import key, make_staff

JUST_BEFORE = "2026-11-16 08:29:59"
NIGHT = at(QUIET)


def submit(people) -> Enquiry:
    by = people.actor(people.nia)
    return submit_enquiry(
        topic=Topic.LOST, pupils=[people.mali], by=by, at=NIGHT, key=key(), body="A red coat"
    )


def answer(people, enquiry, said="It hangs at reception.", **more) -> Entry:
    by = more.pop("by", people.actor(people.office))
    return answer_enquiry(enquiry, body=said, by=by, at=more.pop("when", NIGHT), key=more.pop("key", key()))


@pytest.fixture
def office(people):
    return people.actor(people.office)


@pytest.fixture
def enquiry(people, clock) -> Enquiry:
    clock.set(QUIET)
    return submit(people)


@pytest.mark.policy("TE-5")
def test_before_the_field_stands_that_it_is_quiet(people, enquiry):
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    banner, field = page.index('class="hours hours--quiet'), page.index("<textarea")
    assert banner < field and "Monday 08:30" in page[banner:field]


def stands(enquiry) -> tuple[str, object]:
    enquiry.refresh_from_db()
    return enquiry.state, enquiry.taken_by


@pytest.mark.policy("TE-5")
def test_the_hours_are_shown_before_the_offices_field(people, enquiry):
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    assert page.index("Quiet until Monday 08:30") < page.index('name="body"')


@pytest.mark.policy("TE-4")
def test_a_waiting_answer_is_shown_with_change_and_withdraw(people, enquiry):
    waiting = answer(people, enquiry)
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    address = f"/office/{enquiry.pk}/answer/{waiting.key}/"
    assert "reaches the family Monday 08:30" in page
    assert f'href="{address}"' in page and f'action="{address}withdraw/"' in page
    colleague = make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    assert address not in page_text(people.client(colleague), f"/office/{enquiry.pk}/")


@pytest.mark.policy("TE-4")
def test_the_pages_change_and_withdraw_an_answer(people, enquiry):
    waiting, browser = answer(people, enquiry), people.client(people.office)
    address = f"/office/{enquiry.pk}/answer/{waiting.key}/"
    opened = browser.get(address).content.decode()
    assert "It hangs at reception." in opened
    assert opened.index("Quiet until Monday 08:30") < opened.index('name="body"')
    assert browser.post(address, {"body": " "}).status_code == 422
    assert browser.post(address, {"body": "In the hall."}).status_code == 302
    assert Entry.objects.get().body == "In the hall."
    assert browser.get(f"{address}withdraw/").status_code == 405
    assert "will not arrive" in browser.post(f"{address}withdraw/", follow=True).content.decode()
    assert browser.get(address).status_code == 404
    assert "In the hall." not in page_text(browser, f"/office/{enquiry.pk}/")


def test_the_pages_say_so_when_an_answer_has_arrived(people, clock, enquiry):
    waiting = answer(people, enquiry)
    clock.set(ARRIVES)
    browser, address = people.client(people.office), f"/office/{enquiry.pk}/answer/{waiting.key}/"
    changed = browser.post(address, {"body": "Too late"})
    assert changed.status_code == 422
    assert "already arrived" in changed.content.decode() and "Too late" in changed.content.decode()
    assert "already arrived" in browser.post(f"{address}withdraw/", follow=True).content.decode()
    assert "Withdraw" not in page_text(browser, f"/office/{enquiry.pk}/")


def test_nobody_else_changes_or_withdraws_an_answer(people, enquiry):
    waiting, colleague = (
        answer(people, enquiry),
        make_staff("Mr", "Owen", "Hale", personal=True, is_office=True),
    )
    address = f"/office/{enquiry.pk}/answer/{waiting.key}/"
    for who in (colleague, people.deputy, people.celyn, people.nia, people.mali):
        browser = people.client(who)
        assert browser.get(address).status_code == browser.post(f"{address}withdraw/").status_code == 404
        with pytest.raises(PermissionDenied):
            change_answer(waiting, body="No", by=people.actor(who))
        with pytest.raises(PermissionDenied):
            withdraw_answer(waiting, by=people.actor(who), at=NIGHT)
    assert Entry.objects.pending().get().body == "It hangs at reception."


@pytest.mark.policy("TE-4")
def test_a_withdrawn_answer_never_arrives_or_notifies(people, office, clock, enquiry):
    waiting = answer(people, enquiry)
    for _attempt in range(2):
        withdraw_answer(waiting, by=office, at=NIGHT)
    (entry,) = AuditEntry.objects.filter(verb="answer.withdrawn")
    assert entry.detail == {"entry": str(waiting.key)}  # its number counts what others may not see
    now = clock.set(ARRIVES)
    assert entries_for_family(enquiry, now) == []
    assert not Notification.objects.visible_to(people.nia).exists()
    assert not Delivery.objects.due().filter(user=people.nia).exists()


def test_a_withdrawn_answer_is_neither_changed_nor_sent_again(people, office, enquiry):
    used = key()
    waiting = answer(people, enquiry, key=used)
    withdraw_answer(waiting, by=office, at=NIGHT)
    with pytest.raises(AnswerArrived):
        change_answer(waiting, body="Other words", by=office)
    with pytest.raises(AnswerTakenBack):
        answer(people, enquiry, key=used)
    assert stands(enquiry) == (EnquiryState.NEW, None)


@pytest.mark.policy("TE-4")
def test_without_its_answer_an_enquiry_is_nobodys_again(people, office, enquiry):
    waiting = answer(people, enquiry)
    assert stands(enquiry) == (EnquiryState.TAKEN, people.office)
    withdraw_answer(waiting, by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.NEW, None)


def test_what_was_done_after_the_answer_is_open_again_without_it(people, office, enquiry):
    waiting = answer(people, enquiry)
    close_enquiry(enquiry, by=office, at=NIGHT)
    withdraw_answer(waiting, by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.NEW, None) and enquiry.closed_at is None


def test_what_was_done_before_the_answer_stays_done(people, office, enquiry):
    close_enquiry(enquiry, by=office, at=at("2026-11-13 19:00"))
    withdraw_answer(answer(people, enquiry), by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.CLOSED, None)


def test_who_took_it_first_keeps_it_when_an_answer_is_withdrawn(people, office, enquiry):
    take_enquiry(enquiry, by=office, at=NIGHT)
    withdraw_answer(answer(people, enquiry), by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.TAKEN, people.office)


def test_a_handed_over_enquiry_survives_a_withdrawn_answer(people, office, enquiry):
    waiting, colleague = (
        answer(people, enquiry),
        make_staff("Mr", "Owen", "Hale", personal=True, is_office=True),
    )
    hand_over(enquiry, to=colleague, by=office, at=NIGHT)
    hand_over(enquiry, to=people.office, by=people.actor(colleague), at=NIGHT)
    withdraw_answer(waiting, by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.TAKEN, people.office)


def test_of_two_answers_the_last_withdrawn_gives_it_back(people, office, enquiry):
    first, second = answer(people, enquiry), answer(people, enquiry, "Or in the hall.")
    withdraw_answer(first, by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.TAKEN, people.office)
    withdraw_answer(second, by=office, at=NIGHT)
    assert stands(enquiry) == (EnquiryState.NEW, None)


def test_the_database_keeps_arrived_answers_and_other_entries(people, office, clock, enquiry):
    waiting = answer(people, enquiry)
    note = note_on_enquiry(enquiry, body="Ask again", by=office, at=NIGHT, key=key())
    rows = Entry.objects.filter(pk=waiting.pk)
    rows.update(body="It hangs in the hall.")

    def refused(pk: int, **change) -> None:
        with pytest.raises(IntegrityError, match="entry_stays_once_it_arrived"), transaction.atomic():
            Entry.objects.filter(pk=pk).update(**change)

    refused(note.pk, body="Otherwise")
    refused(waiting.pk, kind=EntryKind.NOTE)
    refused(waiting.pk, at=at(ARRIVES))
    clock.set(ARRIVES)
    refused(waiting.pk, body="Other words")
    refused(waiting.pk, withdrawn_at=at(ARRIVES))
    refused(waiting.pk, release_at=at("2026-11-17 08:30"))


# -- the instant of arrival: two connections and the clock that goes on
@contextmanager
def locked(enquiry: Enquiry, seconds: float) -> Iterator[None]:
    """Lock the enquiry's row from another connection for these seconds."""
    begun = Event()

    def hold() -> None:
        with transaction.atomic():
            Enquiry.objects.select_for_update().get(pk=enquiry.pk)
            begun.set()
            Event().wait(seconds)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        thread.join()


def begun_before_and_done_after(people, enquiry, act: Callable[[], object]) -> object:
    """Run `act` from a second before the arrival to a second after.

    Returns what it answers.
    """
    people.clock.run_from(JUST_BEFORE)
    with locked(enquiry, 2):
        try:
            return act()
        except RuleViolation as violation:
            return violation


@pytest.mark.policy("TE-4")
@pytest.mark.parametrize("act", ["change", "withdraw"])
def test_what_waited_past_the_arrival_changes_nothing(friday_evening, act):
    people = friday_evening
    enquiry, office = submit(people), people.actor(people.office)
    waiting = answer(people, enquiry)
    acts = {
        "change": lambda: change_answer(waiting, body="After it was read", by=office),
        "withdraw": lambda: withdraw_answer(waiting, by=office, at=at(JUST_BEFORE)),
    }
    assert "already arrived" in str(begun_before_and_done_after(people, enquiry, acts[act]))
    read = entries_for_family(enquiry, at("2026-11-16 08:31"))
    assert [entry.body for entry in read] == ["It hangs at reception."]
    assert stands(enquiry) == (EnquiryState.TAKEN, people.office)


def test_in_the_last_quarter_of_a_second_an_answer_stays(people, clock, office, enquiry):
    waiting = answer(people, enquiry)
    clock.set("2026-11-16 08:29:59.800")
    with pytest.raises(AnswerArrived):
        change_answer(waiting, body="Too late", by=office)
    with pytest.raises(AnswerArrived):
        withdraw_answer(waiting, by=office, at=at(JUST_BEFORE))


# -- an answer and a note are two forms ----------------------------------------------------------------


def test_answer_and_note_are_two_forms_each_with_its_button(people, enquiry):
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    forms = [
        form.split("</form>")[0]
        for form in page.split("<form")[1:]
        if "<textarea" in form.split("</form>")[0]
    ]
    assert [re.findall(r'name="kind"\s+value="(\w+)"', form) for form in forms] == [["answer"], ["note"]]
    assert len({re.search(r'name="key" value="([^"]+)"', form)[1] for form in forms}) == 2
    assert len({re.search(r'<textarea[^>]* id="([^"]+)"', form)[1] for form in forms}) == 2
    assert "data-draft" in forms[1]  # a note's draft never returns in the words to the family


@pytest.mark.parametrize("kind", [None, "", "x", "family", "letter", "call"])
def test_words_without_a_button_of_theirs_go_nowhere(people, enquiry, kind):
    sent = {"body": "Her father shouted.", "key": key()} | ({"kind": kind} if kind is not None else {})
    page = people.client(people.office).post(f"/office/{enquiry.pk}/", sent)
    assert page.status_code == 422 and "Her father shouted." in page.content.decode()
    assert not Entry.objects.exists()


def test_a_note_that_is_refused_stays_in_its_own_form(people, enquiry):
    said = "n" * 5001
    page = people.client(people.office).post(f"/office/{enquiry.pk}/", {"kind": "note", "body": said})
    answer, note = [
        form.split("</form>")[0] for form in page.content.decode().split("<form") if "<textarea" in form
    ]
    assert page.status_code == 422 and said in note and said not in answer
