from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.calendar.hours import school_hours
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from classes.models.guardianships import Contact
from messaging.conversations.services.send import send_message
from messaging.enums import ComplaintAbout, EnquiryState, EntryKind, QueueView, Topic
from messaging.errors import TooManyMessages
from messaging.models.complaints import Complaint, Stage
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry, Origin
from messaging.models.entries import Entry
from messaging.office.queries.absences import absences_on
from messaging.office.queries.enquiries import (
    colleagues_for,
    entries_for_family,
    get_enquiry_at_office,
    get_own_enquiry,
    own_enquiries,
    topic_figures,
)
from messaging.office.queries.queue import queue
from messaging.office.rules.enquiries import school_day_after
from messaging.office.services.answers import NobodyReads
from messaging.office.services.calls import NotTheirChild, record_call
from messaging.office.services.casework import (
    NotOfTheOffice,
    add_to_enquiry,
    answer_enquiry,
    close_enquiry,
    hand_over,
    note_on_enquiry,
    reopen_enquiry,
    take_enquiry,
)
from messaging.office.services.complaints import LastStage, NoGovernor, next_stage
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from messaging.office.services.rerouting import AlreadyRerouted, reroute_message
from tests.clock import at
from tests.people import guardianship, key, make_contact, make_staff
from tests.sentences.messaging import OFFICE_HAS_ANSWERED


@pytest.fixture
def office(people):
    return people.actor(people.office)


@pytest.fixture
def governor(people):
    return make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")


def submit(people, now, topic=Topic.LOST, body="A red coat", by=None, **more) -> Enquiry:
    by = by or people.nia
    return submit_enquiry(
        topic=topic, pupils=[people.mali], by=people.actor(by), at=now, key=key(), body=body, **more
    )


def complain(people, now, about: str) -> Enquiry:
    return submit(people, now, Topic.COMPLAINT, "It went wrong", about=about)


@pytest.mark.policy("PA-7")
def test_an_answer_reaches_the_family_and_takes_the_enquiry(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = submit(people, now)
    answer_enquiry(enquiry, body="It hangs at reception.", by=office, at=now, key=key())
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.taken_by) == (EnquiryState.TAKEN, people.office)
    assert [entry.body for entry in entries_for_family(enquiry, now)] == ["It hangs at reception."]
    notice = Notification.objects.get(recipient=people.nia)
    assert OFFICE_HAS_ANSWERED in notice.title and "reception" not in notice.body


@pytest.mark.policy("TE-4")
def test_an_evening_answer_arrives_at_the_next_opening(people, office, clock):
    now = clock.set("2026-11-13 20:00")
    enquiry = submit(people, now)
    answer_enquiry(enquiry, body="It hangs at reception.", by=office, at=now, key=key())
    assert entries_for_family(enquiry, now) == []
    assert entries_for_family(enquiry, at("2026-11-16 08:30")) != []
    assert Notification.objects.get(recipient=people.nia).release_at == at("2026-11-16 08:30")


def test_a_repeated_request_answers_once(people, office, clock):
    now, used = at("2026-11-10 10:00"), key()
    enquiry = submit(people, now)
    for _attempt in range(2):
        answer_enquiry(enquiry, body="Yes.", by=office, at=now, key=used)
    assert Entry.objects.count() == 1


def test_a_note_is_for_staff_only(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = submit(people, now)
    note_on_enquiry(enquiry, body="Telephoned twice.", by=office, at=now, key=key())
    assert entries_for_family(enquiry, now) == [] and enquiry.entries.get().kind == EntryKind.NOTE
    assert (
        "Telephoned"
        not in people.client(people.nia)
        .get(f"/write/done/{''.join(enquiry.reference.split())}/")
        .content.decode()
    )


def test_what_is_written_under_an_enquiry_is_never_changed(people, office, clock):
    enquiry = submit(people, at("2026-11-10 10:00"))
    entry = note_on_enquiry(enquiry, body="So it was.", by=office, at=at("2026-11-10 10:00"), key=key())
    with pytest.raises(Exception, match="entry_stays_once_it_arrived"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(body="Otherwise.")


def test_the_family_writes_again_and_opens_what_was_closed(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = submit(people, now)
    take_enquiry(enquiry, by=office, at=now)
    close_enquiry(enquiry, by=office, at=now)
    add_to_enquiry(enquiry, body="It is not there.", by=people.actor(people.nia), at=now, key=key())
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.closed_at) == (EnquiryState.TAKEN, None)
    assert (
        Notification.objects.filter(recipient=people.office.user, title__contains="written again").count()
        == 1
    )


@pytest.mark.parametrize("who", ["gareth", "dylan", "office"])
def test_nobody_else_writes_under_a_familys_enquiry(people, clock, who):
    enquiry = submit(people, at("2026-11-10 10:00"))
    by = people.actor(getattr(people, who))
    with pytest.raises(PermissionDenied):
        add_to_enquiry(enquiry, body="Me too.", by=by, at=at("2026-11-10 10:00"), key=key())


@pytest.mark.policy("AU-4")
def test_a_flood_of_entries_is_asked_to_wait(people, clock):
    now = at("2026-11-10 10:00")
    enquiry, nia = submit(people, now), people.actor(people.nia)
    for n in range(20):
        add_to_enquiry(enquiry, body=f"And {n}", by=nia, at=now, key=key())
    with pytest.raises(TooManyMessages):
        add_to_enquiry(enquiry, body="And more", by=nia, at=now, key=key())


def test_handed_over_it_is_the_colleagues(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = submit(people, now)
    colleague = make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    hand_over(enquiry, to=colleague, by=office, at=now)
    enquiry.refresh_from_db()
    assert enquiry.taken_by == colleague and Notification.objects.filter(recipient=colleague.user).exists()
    assert [
        row.enquiry for row in queue(people.actor(colleague), now=now, hours=hours(people), whose="mine")
    ] == [enquiry]
    assert queue(office, now=now, hours=hours(people), whose=QueueView.FREE) == []


def hours(people):
    return school_hours(people.school)


@pytest.mark.parametrize("who", ["pritchard", "deputy"])
def test_it_is_handed_only_to_those_who_may_work_on_it(people, office, clock, who):
    enquiry = submit(people, at("2026-11-10 10:00"))
    with pytest.raises(NotOfTheOffice):
        hand_over(enquiry, to=getattr(people, who), by=office, at=at("2026-11-10 10:00"))
    assert getattr(people, who) not in colleagues_for(enquiry)


def test_closed_and_opened_again_it_keeps_who_had_it(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = submit(people, now)
    take_enquiry(enquiry, by=office, at=now)
    close_enquiry(enquiry, by=office, at=now)
    assert [row.enquiry for row in queue(office, now=now, hours=hours(people), whose="done")] == [enquiry]
    reopen_enquiry(enquiry, by=office, at=now)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.taken_by) == (EnquiryState.TAKEN, people.office)


@pytest.mark.policy("PA-7")
def test_a_complaint_about_the_head_is_the_governors_alone(people, office, governor, clock):
    now = at("2026-11-10 10:00")
    enquiry = complain(people, now, ComplaintAbout.HEAD)
    assert [n.recipient for n in Notification.objects.all()] == [governor.user]
    assert get_enquiry_at_office(people.actor(governor), enquiry.pk) == enquiry
    for who in (people.office, people.head, people.deputy):
        actor = people.actor(who)
        assert queue(actor, now=now, hours=hours(people)) == []
        with pytest.raises(Http404):
            get_enquiry_at_office(actor, enquiry.pk)
        with pytest.raises(PermissionDenied):
            answer_enquiry(enquiry, body="No.", by=actor, at=now, key=key())
    assert get_own_enquiry(people.actor(people.nia), enquiry.reference) == enquiry


@pytest.mark.policy("PA-7")
def test_neither_mail_nor_audit_names_the_complainant(people, office, governor, clock):
    now = at("2026-11-10 10:00")
    answer_enquiry(submit(people, now), body="Yes.", by=office, at=now, key=key())
    enquiry = complain(people, now, ComplaintAbout.HEAD)
    take_enquiry(enquiry, by=people.actor(governor), at=now)
    answer_enquiry(enquiry, body="I read it.", by=people.actor(governor), at=now, key=key())
    assert (
        Delivery.objects.filter(user=governor.user).exists()
        and AuditEntry.objects.filter(staff=governor).exists()
    )
    for who in (people.head, people.deputy):
        browser = people.client(who)
        mails = browser.get("/admin/accounts/delivery/").content.decode()
        assert people.nia.email in mails and "A complaint" not in mails and governor.user.email not in mails
        records = browser.get("/admin/accounts/auditentry/").content.decode()
        assert "enquiry.answered" in records and f"messaging.enquiry:{enquiry.pk}" not in records
        assert "Prys" not in records


def test_what_a_family_adds_reaches_the_office_if_its_taker_left(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry, colleague = submit(people, now), make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    hand_over(enquiry, to=colleague, by=office, at=now)
    StaffMember.objects.filter(pk=colleague.pk).update(left_on=date(2026, 11, 9))
    add_to_enquiry(enquiry, body="And a hat.", by=people.actor(people.nia), at=now, key=key())
    again = Notification.objects.get(title__contains="written again")
    assert again.recipient == people.office.user


@pytest.mark.policy("PU-4")
@pytest.mark.parametrize("who", ["mali", "gareth"])
def test_the_database_refuses_what_is_not_the_familys_own(people, clock, who):
    enquiry = submit(people, at("2026-11-10 10:00"))
    writer = people.mali.account if who == "mali" else people.gareth
    with pytest.raises(IntegrityError, match="entry_is_its_familys_or_staffs"), transaction.atomic():
        Entry.objects.create(enquiry=enquiry, kind=EntryKind.FAMILY, body="Hello", user=writer, key=key())
    Entry.objects.create(enquiry=enquiry, kind=EntryKind.FAMILY, body="Hello", user=people.nia, key=key())


def test_the_governor_sees_no_other_enquiry(people, governor, clock):
    now = at("2026-11-10 10:00")
    enquiry = complain(people, now, ComplaintAbout.STAFF)
    actor = people.actor(governor)
    assert queue(actor, now=now, hours=hours(people)) == []
    with pytest.raises(Http404):
        get_enquiry_at_office(actor, enquiry.pk)


def test_without_a_governor_no_complaint_about_the_head_is_taken(people, clock):
    with pytest.raises(NoGovernor):
        complain(people, at("2026-11-10 10:00"), ComplaintAbout.HEAD)
    assert not Enquiry.objects.exists()


def test_a_complaint_about_the_head_stays_one(people, governor, clock):
    complain(people, at("2026-11-10 10:00"), ComplaintAbout.HEAD)
    with pytest.raises(IntegrityError, match="complaint_is_of_its_topic"), transaction.atomic():
        Complaint.objects.update(about=ComplaintAbout.SCHOOL)


def test_a_complaint_has_stages_due_in_school_days(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = complain(people, now, ComplaintAbout.SCHOOL)
    assert Stage.objects.get().due_on == date(2026, 11, 17)
    assert next_stage(enquiry, number=2, by=office, at=now).due_on == date(2026, 11, 24)
    assert next_stage(enquiry, number=2, by=office, at=now).number == 2  # a second press
    assert next_stage(enquiry, number=3, by=office, at=now).number == 3
    with pytest.raises(LastStage):
        next_stage(enquiry, number=4, by=office, at=now)
    assert Stage.objects.filter(ended_at__isnull=True).count() == 1


def test_holidays_do_not_count_for_a_stage_but_for_data_they_do(people, clock):
    now = clock.set("2026-10-23 10:00")
    complain(people, now, ComplaintAbout.SCHOOL)
    complain(people, now, ComplaintAbout.DATA)
    assert [stage.due_on for stage in Stage.objects.order_by("pk")] == [date(2026, 11, 6), date(2026, 11, 22)]


def test_beyond_the_known_terms_weekdays_are_counted(people):
    assert school_day_after(date(2027, 7, 20), 3, hours(people)) == date(2027, 7, 23)


@pytest.mark.policy("PA-13")
def test_a_call_is_on_the_sheet_at_once_in_the_callers_name(people, office, clock):
    now = clock.set("2026-11-10 08:05")
    facts = AbsenceFacts(first_day=date(2026, 11, 10), part="whole", reason="ill", symptom="rash")
    contact = Contact.objects.get(user=people.gareth)
    call = {
        "topic": Topic.ABSENCE,
        "contact": contact,
        "pupils": [people.mali],
        "body": "",
        "absence": facts,
    }
    enquiry = record_call(**call, by=office, at=now, key=(used := key()))
    assert record_call(**call, by=office, at=now, key=used) == enquiry
    assert enquiry.reporter_name == contact.full_name and enquiry.parent == people.gareth
    assert absences_on(office, date(2026, 11, 10), hours(people))[0][1][0].pupil == people.mali
    assert list(own_enquiries(people.actor(people.gareth))) == [enquiry]


def test_somebody_without_an_account_may_telephone_too(people, office, clock):
    now = at("2026-11-10 10:00")
    nan = make_contact("Beti", "Bowen")
    guardianship(nan, people.mali, slot=None)
    enquiry = record_call(
        topic=Topic.LOST, contact=nan, pupils=[people.mali], body="A hat", by=office, at=now, key=key()
    )
    assert enquiry.reporter_name == "Beti Bowen" and list(own_enquiries(office)) == []
    with pytest.raises(NobodyReads, match="no account"):
        answer_enquiry(enquiry, body="Found.", by=office, at=now, key=key())
    assert not Notification.objects.exists()


def test_no_call_is_written_down_for_a_child_who_is_not_theirs(people, office, clock):
    contact = Contact.objects.get(user=people.dylan)
    with pytest.raises(NotTheirChild):
        record_call(
            topic=Topic.LOST, contact=contact, pupils=[people.mali], body="A hat", by=office,
            at=at("2026-11-10 10:00"), key=key(),
        )  # fmt: skip


def test_only_the_office_writes_down_a_call(people, clock):
    contact = Contact.objects.get(user=people.nia)
    for who in (people.deputy, people.celyn, people.nia):
        with pytest.raises(PermissionDenied):
            record_call(
                topic=Topic.LOST, contact=contact, pupils=[people.mali], body="A hat", by=people.actor(who),
                at=at("2026-11-10 10:00"), key=key(),
            )  # fmt: skip


def misdirected(people, now, body="She was sick all night") -> Message:
    return send_message(
        pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=now, body=body, key=key(),
        confirmed=["progress", "unkind", "office"],
    )  # fmt: skip


@pytest.mark.policy("PA-7")
def test_a_misdirected_message_becomes_an_enquiry(people, clock):
    now = clock.set("2026-11-10 10:00")
    message = misdirected(people, now)
    enquiry = reroute_message(message, topic=Topic.ABSENCE, by=people.actor(people.celyn), at=now)
    message.refresh_from_db()
    assert message.rerouted_at == now and enquiry.body == "She was sick all night"
    assert absences_on(people.actor(people.office), date(2026, 11, 10), hours(people)) != []
    assert (
        Notification.objects.filter(recipient=people.nia, title__contains="passed your message").count() == 1
    )
    assert Notification.objects.filter(recipient=people.office.user).count() == 1
    with pytest.raises(AlreadyRerouted):
        reroute_message(message, topic=Topic.LOST, by=people.actor(people.celyn), at=now)


@pytest.mark.parametrize("who", ["derwen", "nia", "office", "head"])
def test_nobody_but_the_childs_class_passes_a_message_on(people, clock, who):
    now = clock.set("2026-11-10 10:00")
    with pytest.raises(PermissionDenied):
        reroute_message(
            misdirected(people, now), topic=Topic.LOST, by=people.actor(getattr(people, who)), at=now
        )
    assert not Origin.objects.exists()


def test_a_pending_message_cannot_be_rerouted(people, clock):
    now = clock.set("2026-11-10 20:00")
    with pytest.raises(PermissionDenied):
        reroute_message(misdirected(people, now), topic=Topic.LOST, by=people.actor(people.celyn), at=now)


def test_figures_of_the_office_are_anonymous(people, office, governor, clock):
    now = at("2026-11-10 10:00")
    submit(people, at("2026-11-05 10:00"))
    close_enquiry(submit(people, at("2026-11-09 10:00")), by=office, at=now)
    complain(people, now, ComplaintAbout.HEAD)
    (lost,) = topic_figures(people.actor(people.deputy), now=now, hours=hours(people))
    assert (lost.topic, lost.came, lost.open, lost.oldest, lost.median_days) == (Topic.LOST, 2, 1, 3, 1)
    with pytest.raises(Http404):
        topic_figures(people.actor(people.celyn), now=now, hours=hours(people))


def test_every_act_is_written_down(people, office, clock):
    now = at("2026-11-10 10:00")
    enquiry = complain(people, now, ComplaintAbout.SCHOOL)
    answer_enquiry(enquiry, body="Yes.", by=office, at=now, key=key())
    hand_over(enquiry, to=people.deputy, by=office, at=now)
    next_stage(enquiry, number=2, by=office, at=now)
    acts = set(AuditEntry.objects.values_list("verb", flat=True))
    assert acts >= {"enquiry.answered", "enquiry.handed_over", "complaint.stage"}
