"""Check that families see states in school hours, staff at once (TE-4)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.school import Closure
from messaging.enums import EnquiryState, Topic
from messaging.models.complaints import Stage
from messaging.models.enquiries import Enquiry
from messaging.office.services.casework import (
    add_to_enquiry,
    answer_enquiry,
    close_enquiry,
    hand_over,
    reopen_enquiry,
    take_enquiry,
)
from messaging.office.services.complaints import next_stage
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.messaging.office.test_enquiries import plain
from tests.messaging.school_time import ARRIVES, QUIET, page_text
from tests.people import key, make_staff
from tests.sentences.messaging import COMPLAINT_STAGE
from tests.sentences.reading import says

NIGHT, DAY = at(QUIET), at("2026-11-13 10:00")


@pytest.fixture
def office(people):
    return people.actor(people.office)


def submit(people, topic=Topic.LOST, when=DAY) -> Enquiry:
    return submit_enquiry(
        topic=topic, pupils=[people.mali], by=people.actor(people.nia), at=when, key=key(), body="A hat"
    )


def seen_by_family(people, enquiry) -> str:
    """Return the state that both pages of the family show."""
    nia = people.client(people.nia)
    pages = [page_text(nia, path) for path in (f"/write/done/{plain(enquiry)}/", "/messages/")]
    found = [[state for state in EnquiryState if state.family_label in page] for page in pages]
    assert found[0] == found[1] and len(found[0]) == 1, found
    return found[0][0]


def seen_at_office(people, enquiry) -> str:
    enquiry.refresh_from_db()
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    assert enquiry.get_state_display() in page
    return enquiry.state


ACTS = {
    "take": lambda enquiry, people, by: take_enquiry(enquiry, by=by, at=NIGHT),
    "answer": lambda enquiry, people, by: answer_enquiry(enquiry, body="Here.", by=by, at=NIGHT, key=key()),
    "hand over": lambda enquiry, people, by: hand_over(enquiry, to=people.office, by=by, at=NIGHT),
    "done": lambda enquiry, people, by: close_enquiry(enquiry, by=by, at=NIGHT),
}


@pytest.mark.policy("TE-4")
@pytest.mark.parametrize("act", ACTS)
def test_families_see_at_the_opening_what_staff_do_at_night(people, office, clock, act):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people)
    clock.set(QUIET)
    ACTS[act](enquiry, people, office)
    new = EnquiryState.CLOSED if act == "done" else EnquiryState.TAKEN
    assert seen_at_office(people, enquiry) == new
    assert seen_by_family(people, enquiry) == EnquiryState.NEW
    clock.set("2026-11-16 08:29:59")
    assert seen_by_family(people, enquiry) == EnquiryState.NEW
    clock.set(ARRIVES)
    assert seen_by_family(people, enquiry) == new


def test_in_school_hours_the_family_sees_it_at_once(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people)
    take_enquiry(enquiry, by=office, at=DAY)
    assert seen_by_family(people, enquiry) == EnquiryState.TAKEN
    close_enquiry(enquiry, by=office, at=DAY)
    assert seen_by_family(people, enquiry) == EnquiryState.CLOSED
    reopen_enquiry(enquiry, by=office, at=DAY)
    assert seen_by_family(people, enquiry) == EnquiryState.TAKEN


def test_of_several_acts_in_one_night_the_family_sees_the_last(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people)
    take_enquiry(enquiry, by=office, at=DAY)
    clock.set(QUIET)
    close_enquiry(enquiry, by=office, at=NIGHT)
    reopen_enquiry(enquiry, by=office, at=NIGHT)
    close_enquiry(enquiry, by=office, at=NIGHT)
    assert seen_by_family(people, enquiry) == EnquiryState.TAKEN
    clock.set(ARRIVES)
    assert seen_by_family(people, enquiry) == EnquiryState.CLOSED


def test_handed_on_at_night_what_the_family_knew_stays(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry, colleague = submit(people), make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    take_enquiry(enquiry, by=office, at=DAY)
    clock.set(QUIET)
    hand_over(enquiry, to=colleague, by=office, at=NIGHT)
    assert seen_by_family(people, enquiry) == EnquiryState.TAKEN


def test_a_familys_reopening_reveals_no_nightly_work(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry, nia = submit(people), people.actor(people.nia)
    close_enquiry(enquiry, by=office, at=DAY)
    clock.set(QUIET)
    add_to_enquiry(enquiry, body="Again", by=nia, at=NIGHT, key=key())
    assert seen_by_family(people, enquiry) == EnquiryState.NEW
    take_enquiry(enquiry, by=office, at=NIGHT)
    close_enquiry(enquiry, by=office, at=NIGHT)
    add_to_enquiry(enquiry, body="And again", by=nia, at=NIGHT, key=key())
    assert seen_at_office(people, enquiry) == EnquiryState.TAKEN
    assert seen_by_family(people, enquiry) == EnquiryState.NEW
    clock.set(ARRIVES)
    assert seen_by_family(people, enquiry) == EnquiryState.TAKEN


@pytest.mark.policy("TE-4")
def test_the_next_stage_of_a_complaint_shows_at_the_opening(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people, Topic.COMPLAINT)
    clock.set(QUIET)
    next_stage(enquiry, number=2, by=office, at=NIGHT)
    address, nia = f"/write/done/{plain(enquiry)}/", people.client(people.nia)
    assert says(page_text(nia, address), COMPLAINT_STAGE, number=1)
    assert "Stage 2" in page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    clock.set(ARRIVES)
    assert says(page_text(people.client(people.nia), address), COMPLAINT_STAGE, number=2)


def test_a_new_calendar_gives_states_and_stages_their_hour(people, office, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people, Topic.COMPLAINT)
    clock.set(QUIET)
    take_enquiry(enquiry, by=office, at=NIGHT)
    next_stage(enquiry, number=2, by=office, at=NIGHT)
    with change_calendar(by=office, why="snow"):
        day = date(2026, 11, 16)
        Closure.objects.create(kind=ClosureKind.CLOSED, name="Snow", starts=day, ends=day)
    enquiry.refresh_from_db()
    assert enquiry.state_release_at == Stage.objects.get(number=2).release_at == at("2026-11-17 08:30")
    clock.set("2026-11-16 12:00")
    assert seen_by_family(people, enquiry) == EnquiryState.NEW


def test_the_database_refuses_a_state_without_its_hour(people, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people)
    rows = Enquiry.objects.filter(pk=enquiry.pk)
    with pytest.raises(IntegrityError, match="enquiry_state_has_its_hour"), transaction.atomic():
        rows.update(state=EnquiryState.TAKEN)
    rows.update(state=EnquiryState.TAKEN, state_release_at=DAY)
    clock.set(QUIET)
    with pytest.raises(IntegrityError, match="enquiry_state_has_its_hour"), transaction.atomic():
        rows.update(state=EnquiryState.CLOSED)


def test_the_same_state_again_keeps_the_hour_of_the_first(people, clock):
    clock.set("2026-11-13 10:00")
    enquiry = submit(people)
    rows = Enquiry.objects.filter(pk=enquiry.pk)
    rows.update(state=EnquiryState.TAKEN, state_release_at=DAY)
    rows.update(state=EnquiryState.TAKEN, state_release_at=at(ARRIVES))
    assert (rows.get().state_release_at, rows.get().family_state) == (DAY, EnquiryState.NEW)
