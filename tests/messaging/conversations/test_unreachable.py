"""Check that an answer needs a reader (PA-7).

A call keeps its number.
"""

import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models.notifications import Notification
from accounts.models.people import User
from classes.enums import Restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from messaging.enums import EntryKind, NoReader, Topic
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.queries.enquiries import entries_for_family, own_enquiries
from messaging.office.queries.readers import why_no_reader
from messaging.office.services.answers import NobodyReads
from messaging.office.services.calls import record_call
from messaging.office.services.casework import answer_enquiry, answer_outside, note_on_enquiry
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.messaging.office.test_pages import call
from tests.messaging.school_time import page_text
from tests.people import guardianship, key, make_contact, make_user
from tests.sentences.messaging import NOBODY_READS_ANSWER

NOW = at("2026-11-10 10:00")


@pytest.fixture
def office(people):
    return people.actor(people.office)


@pytest.fixture
def nan(people) -> Contact:
    """Make an adult of Mali's who has not joined."""
    beti = make_contact("Beti", "Bowen")
    Contact.objects.filter(pk=beti.pk).update(mobile="07700 900333")
    guardianship(beti, people.mali, slot=None)
    return Contact.objects.get(pk=beti.pk)


def called(people, contact, **more) -> Enquiry:
    facts = {"topic": Topic.OTHER, "contact": contact, "pupils": [people.mali], "body": "A hat"} | more
    return record_call(**facts, by=people.actor(people.office), at=NOW, key=key())


def submitted_by_nia(people) -> Enquiry:
    by = people.actor(people.nia)
    return submit_enquiry(topic=Topic.OTHER, pupils=[people.mali], by=by, at=NOW, key=key(), body="A hat")


def restrict(people) -> None:
    guardianships = Guardianship.objects.filter(contact__user=people.nia)
    guardianships.update(restriction=Restriction.NO_ACCESS, restriction_note="An order.")


ENDS = {
    "removed": (lambda people: User.objects.filter(pk=people.nia.pk).update(removed_at=NOW), NoReader.CLOSED),
    "not active": (
        lambda people: User.objects.filter(pk=people.nia.pk).update(is_active=False),
        NoReader.CLOSED,
    ),
    "no access": (restrict, NoReader.NO_ACCESS),
    "tie ended": (
        lambda people: Guardianship.objects.filter(contact__user=people.nia).update(ended_at=NOW),
        NoReader.NO_ACCESS,
    ),
    "child left": (
        lambda people: Pupil.objects.filter(pk=people.mali.pk).update(left_on=date(2026, 11, 9)),
        NoReader.NO_ACCESS,
    ),
}


def form_of(people, enquiry) -> str:
    page = page_text(people.client(people.office), f"/office/{enquiry.pk}/")
    return page[page.index('<form class="card stack no-print"') :]


def kinds_of(form: str) -> set[str]:
    return set(re.findall(r'name="kind"\s+value="(\w+)"', form))


@pytest.mark.policy("PA-7")
def test_without_an_account_the_page_offers_call_letter_and_note(people, nan):
    form = form_of(people, called(people, nan))
    assert str(NoReader.NO_ACCOUNT.label) in form and "07700 900333" in form
    assert kinds_of(form) == {"letter", "call", "note"}


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("kind", ["letter", "call"])
def test_a_call_or_letter_never_reads_as_an_answer(people, office, nan, kind):
    enquiry, browser = called(people, nan), people.client(people.office)
    sent = {"kind": kind, "body": "It hangs at reception.", "key": key()}
    for _attempt in range(2):
        assert browser.post(f"/office/{enquiry.pk}/", sent).status_code == 302
    entry = Entry.objects.get()
    page = page_text(browser, f"/office/{enquiry.pk}/")
    assert str(EntryKind(kind).label) in page and "reaches the family" not in page
    assert not Notification.objects.filter(key__startswith="answer:").exists()
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.taken_by) == ("taken", people.office)
    letter = browser.get(f"/office/{enquiry.pk}/letter/{entry.key}/")
    assert letter.status_code == (200 if kind == "letter" else 404)
    if kind == "letter":
        text = letter.content.decode()
        assert nan.full_name in text and "It hangs at reception." in text
    for who in (people.deputy, people.nia, people.celyn):
        assert people.client(who).get(f"/office/{enquiry.pk}/letter/{entry.key}/").status_code == 404


def test_who_joins_later_reads_no_note_call_or_letter(people, office, nan):
    enquiry = called(people, nan)
    for kind in (EntryKind.CALL, EntryKind.LETTER):
        answer_outside(enquiry, kind=kind, body="Told.", by=office, at=NOW, key=key())
    note_on_enquiry(enquiry, body="Shouted.", by=office, at=NOW, key=key())
    assert enquiry.entries.count() == 3 and entries_for_family(enquiry, NOW) == []


def test_without_access_no_way_of_answering_is_offered(people, office):
    enquiry = submitted_by_nia(people)
    restrict(people)
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    assert kinds_of(form_of(people, enquiry)) == {"note"}
    with pytest.raises(NobodyReads):
        answer_outside(enquiry, kind=EntryKind.LETTER, body="Told.", by=office, at=NOW, key=key())
    with pytest.raises(NobodyReads):
        answer_outside(enquiry, kind=EntryKind.ANSWER, body="Told.", by=office, at=NOW, key=key())
    assert not Entry.objects.exists()


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("end", ENDS)
def test_whose_access_ended_is_offered_no_answer_and_gets_none(people, office, end):
    enquiry = submitted_by_nia(people)
    assert why_no_reader(enquiry) is None and 'value="answer"' in form_of(people, enquiry)
    act, why = ENDS[end]
    act(people)
    enquiry = Enquiry.objects.get(pk=enquiry.pk)
    assert why_no_reader(enquiry) == why and 'value="answer"' not in form_of(people, enquiry)
    with pytest.raises(NobodyReads, match=str(why.label)):
        answer_enquiry(enquiry, body="Found.", by=office, at=NOW, key=key())
    assert not Notification.objects.filter(recipient=people.nia).exists()
    assert note_on_enquiry(enquiry, body="Rang her.", by=office, at=NOW, key=key()).kind == EntryKind.NOTE


def test_an_answer_that_nobody_reads_is_refused_and_not_lost(people, nan):
    enquiry = called(people, nan)
    sent = {"kind": "answer", "body": "It hangs at reception.", "key": key()}
    page = people.client(people.office).post(f"/office/{enquiry.pk}/", sent)
    assert page.status_code == 422 and not Entry.objects.exists()
    assert NOBODY_READS_ANSWER in page.content.decode()
    assert "It hangs at reception." in page.content.decode()


@pytest.mark.policy("PA-7")
def test_the_database_refuses_an_answer_that_nobody_reads(people, office, nan):
    facts = {"kind": EntryKind.ANSWER, "body": "Found.", "user": office.user, "staff": office.staff}
    for enquiry in (called(people, nan), submitted_by_nia(people)):
        if enquiry.parent == people.nia:
            Entry.objects.create(enquiry=enquiry, key=key(), **facts)
            User.objects.filter(pk=people.nia.pk).update(removed_at=NOW)
        with pytest.raises(IntegrityError, match="entry_answer_has_a_reader"), transaction.atomic():
            Entry.objects.create(enquiry=enquiry, key=key(), **facts)


def test_a_call_from_before_somebody_joined_is_not_its_recorders(people, office, nan):
    guardianship(make_contact("Joan", "Lewis", office.user), people.efa, slot=2)
    guardianship(nan, people.efa, slot=None)
    enquiry = called(people, nan, pupils=[people.efa])
    own = called(people, office.user.contact, pupils=[people.efa])
    Contact.objects.filter(pk=nan.pk).update(user=make_user("Beti Bowen", "beti@family.example"))
    assert why_no_reader(Enquiry.objects.get(pk=enquiry.pk)) == NoReader.NO_ACCOUNT
    assert list(own_enquiries(office)) == [own]


def test_a_message_paused_parent_still_reads_the_office(people, office):
    enquiry = submitted_by_nia(people)
    guardianships = Guardianship.objects.filter(contact__user=people.nia)
    guardianships.update(restriction=Restriction.MESSAGING_PAUSED, restriction_note="An order.")
    answer_enquiry(enquiry, body="Found.", by=office, at=NOW, key=key())
    assert "Found." in page_text(
        people.client(people.nia), f"/write/done/{enquiry.reference.replace(' ', '')}/"
    )


# -- the number of a call
@pytest.mark.policy("PA-13")
def test_the_number_of_a_call_stands_wherever_the_office_looks(people, clock):
    clock.set("2026-11-10 08:40")
    assert call(people, phone="07700 900999").status_code == 302
    enquiry, browser = Enquiry.objects.get(), people.client(people.office)
    assert enquiry.phone == "07700 900999"
    office = page_text(browser, "/office/")
    assert office[office.index('id="sheet"') : office.index("<footer")].count("07700 900999") == 1
    assert "07700 900999" in page_text(browser, f"/office/{enquiry.pk}/")
    assert "07700 900999" in browser.get("/office/absences.csv").content.decode()


def test_a_repeated_call_keeps_its_number(people, clock):
    clock.set("2026-11-10 08:40")
    used = key()
    for _attempt in range(2):
        assert call(people, phone="07700 900999", key=used).status_code == 302
    assert Enquiry.objects.get().phone == "07700 900999"
    other = call(people, phone="07700 900111", key=used)
    assert other.status_code == 422 and "07700 900111" in other.content.decode()
