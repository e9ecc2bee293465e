"""Check that an adult without access is marked and gets nothing (PA-2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classes.enums import Restriction
from classes.guardianship.restrictions import NoteMissing, set_restriction
from classes.models.guardianships import Contact, Guardianship
from classes.people.merging import merge_contacts
from messaging.enums import AbsenceReason, DayPart, Symptom, Topic
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.services.answers import NobodyReads
from messaging.office.services.calls import CallerWithoutAccess, record_call
from messaging.office.services.casework import answer_enquiry, note_on_enquiry
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from tests.clock import at
from tests.people import key, make_contact, make_user
from tests.sentences.messaging import CALLER_WITHOUT_ACCESS

NOW = at("2026-11-10 10:00")
MARK = "No access: Mali"
pytestmark = pytest.mark.policy("PA-2")


@pytest.fixture
def office(people):
    return people.client(people.office)


def absence_of(people) -> Enquiry:
    facts = AbsenceFacts(NOW.date(), DayPart.WHOLE, AbsenceReason.ILL, Symptom.UNSAID, None)
    return submit_enquiry(
        topic=Topic.ABSENCE, pupils=[people.mali], by=people.actor(people.nia), at=NOW, key=key(),
        body="", absence=facts,
    )  # fmt: skip


def bar(people, restriction=Restriction.NO_ACCESS) -> Guardianship:
    guardianship = Guardianship.objects.get(contact__user=people.nia, pupil=people.mali)
    by = people.actor(people.office)
    return set_restriction(
        guardianship=guardianship, restriction=restriction, note="An order.", by=by, at=NOW
    )


def called(people, **fields) -> Enquiry:
    return record_call(
        topic=Topic.LOST, contact=people.nia.contact, pupils=[people.mali], body="Nia collects at three.",
        by=people.actor(people.office), at=NOW, key=key(), **fields,
    )  # fmt: skip


def form_data(form, **fields) -> dict[str, object]:
    return {"key": form.initial.get("key") or str(key()), **fields}


def test_every_list_of_the_office_marks_an_adult_without_access(people, office):
    enquiry = absence_of(people)
    pages = ["/office/", f"/office/{enquiry.pk}/", "/office/absences.csv"]
    contact = f"/office/call/{people.nia.contact.pk}/"
    before = [office.get(page).content.decode() for page in pages]
    assert all("Nia Bowen" in page for page in before) and not any("o access" in page for page in before)
    bar(people)
    for page in pages:
        assert "o access" in office.get(page).content.decode(), page
    assert office.get("/office/").content.decode().count(MARK) == 1  # on the sheet
    assert "No access" in office.get("/office/call/?child=Bowen").content.decode()
    without_access = CALLER_WITHOUT_ACCESS % {"adult": "Nia Bowen", "child": "Mali Bowen"}
    assert without_access in office.get(contact).content.decode()
    assert "no access" in office.get("/admin/classes/contact/?q=Nia").content.decode()


def test_a_report_that_counts_no_longer_bears_the_mark_too(people, clock):
    absence_of(people)
    bar(people)
    clock.set("2026-11-24 09:00")
    page = people.client(people.office).get("/office/").text
    assert MARK in page[page.index('id="lapsed"') : page.index("<footer")]


def test_the_other_parent_bears_no_mark(people, office):
    bar(people)
    submit_enquiry(
        topic=Topic.LOST,
        pupils=[people.mali],
        by=people.actor(people.gareth),
        at=NOW,
        key=key(),
        body="A coat",
    )
    assert "Gareth Bowen" in office.get("/office/").content.decode()
    assert MARK not in office.get("/office/").content.decode()


def test_a_pause_of_messages_is_marked_and_may_be_answered(people, office):
    enquiry = absence_of(people)
    bar(people, Restriction.MESSAGING_PAUSED)
    assert "Messaging paused: Nia Bowen, Mali" in office.get(f"/office/{enquiry.pk}/").content.decode()
    assert answer_enquiry(enquiry, body="Thank you.", by=people.actor(people.office), at=NOW, key=key())


def test_marks_cost_one_query_for_the_whole_list(people, office):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert office.get("/office/").status_code == 200
        return len(found)

    bar(people)
    called(people, although_no_access=True)
    queries()
    few = queries()
    for _more in range(5):
        called(people, although_no_access=True)
    assert queries() == few


def test_no_answer_goes_to_an_adult_without_access(people, office):
    enquiry, by = absence_of(people), people.actor(people.office)
    bar(people)
    with pytest.raises(NobodyReads):
        answer_enquiry(enquiry, body="Leo is at reception.", by=by, at=NOW, key=key())
    assert not Entry.objects.exists()
    assert note_on_enquiry(enquiry, body="They telephoned twice.", by=by, at=NOW, key=key())
    page = office.get(f"/office/{enquiry.pk}/").content.decode()
    assert 'value="note"' in page and 'value="answer"' not in page
    sent = {"kind": "answer", "body": "Leo is at reception.", "key": str(key())}
    answer = office.post(f"/office/{enquiry.pk}/", sent)
    assert answer.status_code == 422 and "Leo is at reception." in answer.content.decode()
    assert Entry.objects.count() == 1


def test_a_call_without_access_is_not_taken_in_silence(people, office):
    assert called(people)
    bar(people)
    with pytest.raises(CallerWithoutAccess):
        called(people)
    path = f"/office/call/{people.nia.contact.pk}/"
    said = {
        "topic": "lost",
        "children": [people.mali.pk],
        "body": "Nia collects at three.",
        "key": str(key()),
    }
    answer = office.post(path, said)
    assert answer.status_code == 422 and "Nia collects at three." in answer.content.decode()
    assert Enquiry.objects.count() == 1
    assert office.post(path, {**said, "seen": "on"}).status_code == 302
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize("restriction", [Restriction.NO_ACCESS, Restriction.MESSAGING_PAUSED])
def test_a_restriction_needs_a_note(people, office, restriction):
    guardianship = Guardianship.objects.get(contact__user=people.nia, pupil=people.mali)
    by = people.actor(people.office)
    with pytest.raises(NoteMissing):
        set_restriction(guardianship=guardianship, restriction=restriction, note=" ", by=by, at=NOW)
    Guardianship.objects.filter(pk=guardianship.pk).update(court_order=True)
    page = f"/people/connection/{guardianship.pk}/restrict/"
    assert office.post(page, {"restriction": restriction, "note": ""}).status_code == 422
    guardianship.refresh_from_db()
    assert (guardianship.restriction, guardianship.order_decided_at) == ("none", None)
    office.post(page, {"restriction": restriction, "note": "Seen the order."})
    guardianship.refresh_from_db()
    assert (guardianship.restriction, guardianship.restriction_note) == (restriction, "Seen the order.")


# -- an account that is the adult's no more --------------------------------------------------------------


def merge_into_another_record(people, clock) -> None:
    """Keep a second record of Nia with another account: hers goes."""
    other = make_contact("Nia", "Bowen-Rees", make_user("Nia Bowen-Rees", "nia.rees@example.org"))
    by = people.actor(people.office)
    merge_contacts(keep=other, gone=people.nia.contact, account=other.user_id, by=by, at=NOW)


def test_the_mark_stays_on_what_a_dropped_account_wrote(people, office, clock):
    enquiry = absence_of(people)
    bar(people)
    merge_into_another_record(people, clock)
    assert not Contact.objects.filter(user=people.nia).exists()
    for page in ("/office/", f"/office/{enquiry.pk}/", "/office/absences.csv"):
        assert "o access" in office.get(page).content.decode(), page


def test_a_restriction_after_the_merge_marks_it_too(people, office, clock):
    enquiry = absence_of(people)
    merge_into_another_record(people, clock)
    assert MARK not in office.get(f"/office/{enquiry.pk}/").content.decode()
    guardianship = Guardianship.objects.get(contact__surname="Bowen-Rees", pupil=people.mali)
    by = people.actor(people.office)
    set_restriction(
        guardianship=guardianship, restriction=Restriction.NO_ACCESS, note="An order.", by=by, at=NOW
    )
    assert "o access" in office.get(f"/office/{enquiry.pk}/").content.decode()


def test_the_mark_stays_when_an_account_is_taken_off_the_record(people, office):
    enquiry = absence_of(people)
    bar(people)
    Contact.objects.filter(user=people.nia).update(user=None)
    assert "o access" in office.get(f"/office/{enquiry.pk}/").content.decode()


def test_nobody_else_bears_the_mark_of_a_dropped_account(people, office, clock):
    bar(people)
    merge_into_another_record(people, clock)
    gareth = people.actor(people.gareth)
    submit_enquiry(topic=Topic.LOST, pupils=[people.mali], by=gareth, at=NOW, key=key(), body="A coat")
    assert "o access" not in office.get("/office/").content.decode()
