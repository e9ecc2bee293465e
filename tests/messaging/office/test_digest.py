"""Check that many enquiries are few e-mails, none lost.

PA-7, TE-4.
"""

import re

import pytest
from django.utils.translation import gettext, ngettext, override

from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from accounts.notify.outbox import deliver_due
from messaging.enums import AbsenceReason, DayPart, Topic
from messaging.office.recheck import ENQUIRY
from messaging.office.services.casework import add_to_enquiry
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from tests.clock import at
from tests.messaging.school_time import page_text
from tests.people import key, make_staff
from tests.sentences.messaging import NEW_FOR_OFFICE, ON_THE_LIST, WRITTEN_AGAIN

MORNING, EVENING = "2026-11-10 10:00", "2026-11-10 19:00"


def come(people, number: int, when: str = MORNING, topic=Topic.OTHER, said="A hat", **more):
    """Let this many enquiries come; return the last."""
    nia = people.actor(people.nia)
    for _n in range(number):
        last = submit_enquiry(
            topic=topic, pupils=[people.mali], by=nia, at=at(when), key=key(), body=said, **more
        )
    return last


def mails(people, who: StaffMember | None = None) -> list[tuple[int, str]]:
    """Return the e-mails of the office as (how many enquiries, when)."""
    rows = Delivery.objects.filter(user=(who or people.office).user).order_by("pk")
    rows = rows.exclude(state=DeliveryState.CANCELLED)
    return [(row.notices, f"{row.next_attempt_at.astimezone(at(MORNING).tzinfo):%H:%M}") for row in rows]


def notices_on(browser, address: str = "/office/") -> list[str]:
    """Return the notifications that a page says it has shown."""
    values = re.search(r"""hx-vals='\{"seen": \[([\d, ]+)\]\}'""", page_text(browser, address))
    return values[1].split(", ") if values else []


def view_list(people, who: StaffMember | None = None, address: str = "/office/"):
    """Open a page of the office as a browser does.

    The page says what it has shown.
    """
    browser = people.client(who or people.office)
    seen = notices_on(browser, address)
    return browser.post("/office/viewed/", {"seen": seen}) if seen else None


@pytest.mark.policy("TE-4")
def test_fifteen_enquiries_of_an_evening_are_one_mail_at_the_opening(people, clock):
    clock.set(EVENING)
    come(people, 15, EVENING)
    assert Notification.objects.filter(recipient=people.office.user).count() == 15
    (mail,) = Delivery.objects.filter(user=people.office.user)
    assert (mail.notices, mail.next_attempt_at) == (15, at("2026-11-11 08:30"))
    assert "15" in mail.subject and deliver_due() == 0
    clock.set("2026-11-11 08:31")
    assert deliver_due() == 1


def test_at_most_one_mail_goes_in_a_quarter_of_an_hour(people, clock):
    clock.set(MORNING)
    come(people, 1)
    deliver_due()
    clock.set("2026-11-10 10:02")
    come(people, 15, "2026-11-10 10:02")
    assert [number for number, _when in mails(people)] == [1, 15] and deliver_due() == 0
    clock.set("2026-11-10 10:14")
    assert deliver_due() == 0
    clock.set("2026-11-10 10:16")
    assert deliver_due() == 1
    clock.set("2026-11-10 11:00")
    come(people, 1, "2026-11-10 11:00")
    assert deliver_due() == 1


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize(
    ("topic", "more"),
    [
        (Topic.URGENT, {}),
        (Topic.DINNERS, {"facts": {"about": "diet"}}),
        (Topic.OTHER, {"said": "She is allergic to nuts"}),
    ],
)
def test_what_is_urgent_goes_alone_and_at_once(people, clock, topic, more):
    clock.set(MORNING)
    come(people, 3)
    deliver_due()
    come(people, 2)
    come(people, 1, topic=topic, **more)
    alone = Delivery.objects.get(user=people.office.user, digest="", state=DeliveryState.PENDING)
    assert alone.next_attempt_at == at(MORNING) and deliver_due() == 1
    alone.refresh_from_db()
    assert alone.state == DeliveryState.SENT


def test_who_has_looked_gets_no_mail_of_what_they_saw(people, clock):
    clock.set(EVENING)
    colleague = make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    come(people, 3, EVENING)
    assert view_list(people).status_code == 302
    assert mails(people) == [] and len(mails(people, colleague)) == 1
    assert view_list(people) is None  # nothing new: the page has nothing to say
    come(people, 1, EVENING)
    assert [number for number, _when in mails(people)] == [1]


def test_what_came_after_the_page_was_read_is_still_mailed(people, clock):
    clock.set(EVENING)
    come(people, 1, EVENING)
    browser = people.client(people.office)
    seen = notices_on(browser)
    come(people, 1, EVENING)
    browser.post("/office/viewed/", {"seen": seen})
    assert [number for number, _when in mails(people)] == [1]
    assert Notification.objects.filter(recipient=people.office.user, seen_at=None).count() == 1


@pytest.mark.policy("PA-7")
def test_a_filtered_list_quiets_only_what_it_shows(people, clock):
    clock.set(EVENING)
    come(people, 2, EVENING)
    come(people, 1, EVENING, Topic.LOST)
    view_list(people, address="/office/?topic=lost")
    (mail,) = Delivery.objects.filter(user=people.office.user)
    assert (mail.notices, mail.state) == (2, DeliveryState.PENDING) and mail.subject.startswith("2 ")
    view_list(people, address="/office/?topic=other")
    assert mails(people) == []


def test_the_first_page_quiets_nothing_of_the_second(people, clock, monkeypatch):
    clock.set(EVENING)
    monkeypatch.setattr("messaging.office.views.queue.PAGE", 2)
    come(people, 3, EVENING)
    view_list(people)
    assert [number for number, _when in mails(people)] == [1]


def test_a_search_and_an_enquirys_page_quiet_what_they_show(people, clock):
    clock.set(EVENING)
    come(people, 1, EVENING, said="A scarf")
    enquiry = come(people, 2, EVENING)
    view_list(people, address="/office/?q=scarf")
    assert [number for number, _when in mails(people)] == [2]
    view_list(people, address=f"/office/{enquiry.pk}/")
    assert [number for number, _when in mails(people)] == [1]


def test_the_absence_sheet_quiets_what_it_shows(people, clock):
    clock.set(MORNING)
    come(people, 1)
    deliver_due()
    facts = AbsenceFacts(first_day=at(MORNING).date(), part=DayPart.WHOLE, reason=AbsenceReason.ILL)
    come(people, 1, topic=Topic.ABSENCE, absence=facts)
    come(people, 1)
    view_list(people, address="/office/absences/")
    assert [number for number, _when in mails(people)] == [1, 1]


def test_an_earlier_digest_keeps_no_later_one_alive(people, clock):
    clock.set(MORNING)
    come(people, 1)
    deliver_due()  # nobody looks at that one
    come(people, 1, topic=Topic.LOST)
    view_list(people, address="/office/?topic=lost")
    assert [number for number, _when in mails(people)] == [1]
    assert Notification.objects.filter(recipient=people.office.user, seen_at=None).count() == 1


def test_what_was_mailed_alone_keeps_no_digest(people, clock):
    clock.set(EVENING)
    come(people, 1, EVENING, Topic.LOST)
    come(people, 1, EVENING, Topic.URGENT)
    view_list(people, address="/office/?topic=lost")
    assert not Delivery.objects.filter(digest=ENQUIRY).exclude(state=DeliveryState.CANCELLED).exists()


def test_another_persons_numbers_quiet_nothing(people, clock):
    clock.set(EVENING)
    colleague = make_staff("Mr", "Owen", "Hale", personal=True, is_office=True)
    come(people, 1, EVENING)
    seen = notices_on(people.client(people.office))
    people.client(colleague).post("/office/viewed/", {"seen": seen})
    assert len(mails(people)) == 1 and len(mails(people, colleague)) == 1


def test_a_family_that_writes_again_is_marked_in_the_list(people, clock):
    clock.set(EVENING)
    enquiry = come(people, 1, EVENING)
    assert gettext(WRITTEN_AGAIN) not in page_text(people.client(people.office), "/office/")
    add_to_enquiry(enquiry, body="A red one", by=people.actor(people.nia), at=at(EVENING), key=key())
    assert gettext(WRITTEN_AGAIN) in page_text(people.client(people.office), "/office/")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "1.5", "\x00"])
def test_a_look_that_names_nothing_changes_nothing(people, clock, seen):
    clock.set(EVENING)
    come(people, 1, EVENING)
    assert people.client(people.office).post("/office/viewed/", {"seen": seen}).status_code == 302
    assert people.client(people.office).post("/office/viewed/").status_code == 302
    assert len(mails(people)) == 1


def test_only_who_works_at_the_office_may_look(people, clock):
    clock.set(EVENING)
    come(people, 1, EVENING)
    for who in (people.nia, people.celyn, people.dylan):
        assert people.client(who).post("/office/viewed/", {"seen": 1}).status_code in (403, 404)
    assert len(mails(people)) == 1


def test_a_repeated_request_counts_once(people, clock):
    clock.set(EVENING)
    used, nia = key(), people.actor(people.nia)
    for _attempt in range(2):
        submit_enquiry(topic=Topic.OTHER, pupils=[], by=nia, at=at(EVENING), key=used, body="A hat")
    assert [number for number, _when in mails(people)] == [1]


def test_what_a_family_adds_is_in_the_digest_too(people, clock):
    clock.set(EVENING)
    enquiry = come(people, 1, EVENING)
    add_to_enquiry(enquiry, body="A red one", by=people.actor(people.nia), at=at(EVENING), key=key())
    assert [number for number, _when in mails(people)] == [2]


@pytest.mark.policy("PA-7")
def test_a_complaint_about_the_head_is_in_nobodys_digest(people, clock):
    clock.set(EVENING)
    governor = make_staff(
        "Dr", "Olwen", "Prys", personal=True, is_governor=True, is_office=True, job="Governor"
    )
    come(people, 2, EVENING)
    come(people, 1, EVENING, topic=Topic.COMPLAINT, about="head")
    assert [number for number, _when in mails(people)] == [2]
    assert sorted(number for number, _when in mails(people, governor)) == [1, 2]


def test_a_digest_is_in_its_readers_language(people, clock):
    clock.set(EVENING)
    people.office.user.language = "cy"
    people.office.user.save()
    come(people, 2, EVENING)
    (mail,) = Delivery.objects.filter(user=people.office.user)
    with override("cy"):
        assert mail.subject == ngettext(NEW_FOR_OFFICE, NEW_FOR_OFFICE, 2) % {"number": 2}
        assert gettext(ON_THE_LIST) in mail.body and ON_THE_LIST not in mail.body
