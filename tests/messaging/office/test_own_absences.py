"""Check that a family changes or cancels an absence that it reported, and that the office reads it (PA-13)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models.audit import AuditEntry
from messaging.enums import EnquiryState
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.services.absences import AbsenceCancelled, AbsenceIsOver, cancel_absence, change_absence
from messaging.office.services.casework import close_enquiry
from messaging.office.services.enquiries import AbsenceFacts
from tests.accounts.parent_lock.lock import PIN, UNLOCK, give_pin
from tests.at_once import at_once
from tests.clock import at
from tests.messaging.office.test_absence import submit_absence
from tests.messaging.office.test_absence_sheet import board_on, report, sheet_on
from tests.messaging.school_time import page_text
from tests.people import key
from tests.sentences.messaging import CANCELLED_BY_FAMILY, FIRST_DAY_NOT_CHOSEN
from tests.sentences.reading import says

TUESDAY, WEDNESDAY, THURSDAY = "2026-11-10", "2026-11-11", "2026-11-12"
ILL = {"reason": "ill", "symptom": "fever"}


def page_of(enquiry: Enquiry, page: str = "") -> str:
    reference = "".join(enquiry.reference.split())
    return f"/write/absence/{reference}/{page}/" if page else f"/write/done/{reference}/"


def change(people, enquiry, browser=None, **changed):
    answers = {"first": TUESDAY, "part": "whole", "back": "unknown", "key": key()} | ILL | changed
    return (browser or people.client(people.nia)).post(page_of(enquiry, "change"), answers)


def cancel(people, enquiry, browser=None, **said):
    return (browser or people.client(people.nia)).post(page_of(enquiry, "cancel"), {"key": key()} | said)


def by_service(people, enquiry, act=change_absence, *, when=f"{TUESDAY} 08:00", who=None, **facts):
    more = {}
    if act is change_absence:
        days = {"first_day": at(f"{TUESDAY} 12:00").date(), "part": "morning"}
        more = {"facts": AbsenceFacts(**(days | ILL | facts))}
    return act(enquiry, by=people.actor(who or people.nia), at=at(when), key=key(), **more)


@pytest.mark.policy("PA-13")
def test_a_changed_day_back_is_on_the_sheet_and_in_the_list(people, clock):
    enquiry = report(people, clock)
    change(people, enquiry, back="date", back_date=THURSDAY)
    sheet = sheet_on(people, clock, TUESDAY)
    assert "Mali Bowen" in sheet and "Thursday 12 November" in sheet and "changed Tue 10 Nov, 07:15" in sheet
    entry = Entry.objects.get()
    assert "Thursday 12 November" in entry.body and "Not known yet" in entry.body
    assert "Dydd Iau" in entry.body or "dydd Iau" in entry.body.lower() or "Iau" in entry.body
    assert enquiry.reference in page_text(people.client(people.office), "/office/")
    assert AuditEntry.objects.filter(verb="absence.changed").count() == 1


@pytest.mark.policy("PA-13")
def test_a_cancelled_absence_counts_nowhere_and_is_named_as_cancelled(people, clock):
    enquiry = report(people, clock)
    assert board_on(people, clock, TUESDAY) == (True, True)
    clock.set(f"{TUESDAY} 07:20")
    assert cancel(people, enquiry).status_code == 302
    assert board_on(people, clock, TUESDAY) == (False, False)
    sheet = sheet_on(people, clock, TUESDAY)
    assert CANCELLED_BY_FAMILY in sheet and "cancelled Tue 10 Nov, 07:20" in sheet
    assert sheet.index(CANCELLED_BY_FAMILY) < sheet.index("Mali Bowen")
    csv = people.client(people.office).get(f"/office/absences.csv?day={TUESDAY}").content.decode()
    assert "Mali" not in csv
    assert "cancel" not in sheet_on(people, clock, "2026-11-30").lower()


def test_a_cancelled_absence_is_not_offered_to_be_repeated(people, clock):
    enquiry = report(people, clock, back="date", back_date=WEDNESDAY)
    clock.set(f"{WEDNESDAY} 07:15")
    assert "/write/still-off/" in page_text(people.client(people.nia), "/write/")
    by_service(people, enquiry, cancel_absence)
    assert "/write/still-off/" not in page_text(people.client(people.nia), "/write/")


@pytest.mark.policy("PA-13")
def test_what_the_office_has_settled_is_open_again(people, clock):
    enquiry = report(people, clock)
    close_enquiry(enquiry, by=people.actor(people.office), at=at(f"{TUESDAY} 09:00"))
    clock.set(f"{TUESDAY} 10:00")
    change(people, enquiry, part="morning")
    enquiry.refresh_from_db()
    assert enquiry.state == EnquiryState.NEW and enquiry.absence.part == "morning"
    assert Entry.objects.get().kind == "family"


@pytest.mark.policy("PA-13")
def test_both_end_with_the_last_day_of_the_absence(people, clock):
    enquiry = report(people, clock, back="date", back_date=THURSDAY)
    clock.set(f"{WEDNESDAY} 16:00")
    assert page_of(enquiry, "cancel") in page_text(people.client(people.nia), page_of(enquiry))
    clock.set(f"{THURSDAY} 07:00")
    nia = people.client(people.nia)
    page = page_text(nia, page_of(enquiry))
    assert page_of(enquiry, "cancel") not in page and page_of(enquiry, "change") not in page
    assert says(
        nia.get(page_of(enquiry, "change"), follow=True).content.decode(), str(AbsenceIsOver.sentence)
    )
    for act in (change_absence, cancel_absence):
        with pytest.raises(AbsenceIsOver):
            by_service(people, enquiry, act, when=f"{THURSDAY} 07:00")
    assert change(people, enquiry).status_code == 422 and not Entry.objects.exists()


def test_a_second_tap_changes_nothing_more(people, clock):
    enquiry, nia = report(people, clock), people.client(people.nia)
    again = {"part": "morning", "key": key()}
    assert [change(people, enquiry, nia, **again).status_code for _number in range(2)] == [302, 302]
    assert Entry.objects.count() == 1
    change(people, enquiry, nia, part="morning")
    assert Entry.objects.count() == 1, "nothing differs"
    for _number in range(2):
        cancel(people, enquiry, nia)
    assert Entry.objects.count() == 2


def test_two_tabs_at_the_same_instant_cancel_it_once(friday_evening):
    people = friday_evening
    people.clock.set(f"{TUESDAY} 07:15")
    submit_absence(people)
    enquiry = Enquiry.objects.get()
    done = at_once(*[lambda: by_service(people, enquiry, cancel_absence)] * 2)
    assert sorted(done) == [False, True] and Entry.objects.count() == 1


def test_a_change_from_a_stale_tab_does_not_bring_it_back(people, clock):
    enquiry = report(people, clock)
    cancel(people, enquiry)
    answer = change(people, enquiry, part="morning")
    assert answer.status_code == 422
    assert says(answer.content.decode(), str(AbsenceCancelled.sentence))
    assert Absence.objects.get().part == "whole"


def test_the_database_keeps_a_cancelled_absence_cancelled(people, clock):
    cancel(people, report(people, clock))
    for facts in ({"cancelled_at": None}, {"part": "morning"}):
        with pytest.raises(IntegrityError, match="absence_stays_cancelled"), transaction.atomic():
            Absence.objects.update(**facts)


def test_nobody_but_who_reported_it_changes_or_cancels(people, clock):
    enquiry = report(people, clock)
    assert people.client(people.nia).get(page_of(enquiry, "change")).status_code == 200
    for who in (people.gareth, people.dylan, people.sioned, people.celyn, people.office, people.head):
        browser = people.client(who)
        assert browser.get(page_of(enquiry, "change")).status_code in (403, 404)
        assert cancel(people, enquiry, browser).status_code in (403, 404)
    for act in (change_absence, cancel_absence):
        with pytest.raises(PermissionDenied):
            by_service(people, enquiry, act, who=people.gareth)
    assert Absence.objects.get().cancelled_at is None and not Entry.objects.exists()


def test_what_is_no_absence_has_no_such_page(people, clock):
    people.client(people.nia).post(
        "/write/other/", {"child": people.mali.pk, "body": "A key.", "key": key(), "confirm": "1"}
    )
    assert people.client(people.nia).get(page_of(Enquiry.objects.get(), "change")).status_code == 404


def test_bad_input_keeps_what_was_chosen(people, clock):
    enquiry = report(people, clock)
    answer = change(people, enquiry, first="\x00", back="date", back_date="never")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says(page, FIRST_DAY_NOT_CHOSEN) and re.search(r'value="date"[^>]*checked', page)


def test_the_day_back_of_a_long_absence_can_be_changed(people, clock):
    enquiry = report(people, clock, back="date", back_date="2026-12-16")
    clock.set("2026-12-14 08:00")
    assert change(people, enquiry, back="date", back_date="2026-12-17").status_code == 302
    assert Absence.objects.get().back_on == at("2026-12-17 12:00").date()


def test_a_family_reads_where_it_stands_in_plain_words(people, clock):
    enquiry = report(people, clock)
    nia = people.client(people.nia)
    nia.post("/write/other/", {"child": people.mali.pk, "body": "A key.", "key": key(), "confirm": "1"})
    other = Enquiry.objects.exclude(pk=enquiry.pk).get()
    assert says(page_text(nia, page_of(other)), EnquiryState.NEW.family_label)
    assert EnquiryState.NEW.family_label != EnquiryState.NEW.label
    cancel(people, enquiry, nia)
    assert "<h1" in page_text(nia, page_of(enquiry)) and page_of(enquiry) in page_text(nia, "/messages/")


@pytest.mark.policy("PA-11")
def test_a_change_that_the_lock_caught_is_in_the_form_again(people, clock):
    give_pin(people.nia)
    enquiry = report(people, clock)
    browser = people.client(people.nia)
    clock.set(f"{TUESDAY} 08:30")
    assert change(people, enquiry, browser, back="date", back_date=THURSDAY).url.startswith(UNLOCK)
    browser.post(UNLOCK, {"pin": PIN, "next": page_of(enquiry, "change")})
    page = browser.get(page_of(enquiry, "change")).text
    assert f'value="{THURSDAY}"' in page
    assert not Absence.objects.get().changed_at


@pytest.mark.parametrize(
    ("changed", "code"), [({"back": "date", "back_date": THURSDAY}, "I"), ({"symptom": "rash"}, "")]
)
def test_another_reason_needs_a_code_of_its_own(people, clock, changed, code):
    enquiry = report(people, clock)
    Absence.objects.update(code="I")
    clock.set(f"{TUESDAY} 08:30")
    assert change(people, enquiry, **changed).status_code == 302
    assert Absence.objects.get().code == code
