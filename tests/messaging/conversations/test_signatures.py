"""Check signatures, their class, and the subject of a conversation."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.people import StaffMember
from classes.models.pupils import Pupil
from messaging.conversations.queries.class_inbox import class_rows
from tests.clock import at
from tests.messaging.school_time import QUIET, from_class, page_text


def test_a_message_keeps_the_class_that_it_was_written_for(people):
    message = from_class(people, staff=people.adeyemi)
    people.mali.classroom = people.derwen
    people.mali.save()
    page = page_text(people.client(people.nia), f"/messages/{message.conversation_id}/")
    assert "Mr Adeyemi for Celyn" in page and "for Derwen" not in page and "Derwen, about Mali" in page


def test_a_child_without_a_class_has_no_class_called_none(people):
    message = from_class(people, staff=people.adeyemi)
    Pupil.objects.filter(pk=people.mali.pk).update(classroom=None)
    nia = people.client(people.nia)
    addresses = ["/messages/", f"/messages/{message.conversation_id}/", "/write/"]
    for address in [*addresses, f"/messages/child/{people.mali.pk}/meeting/"]:
        page = page_text(nia, address)
        assert "bout Mali" in page and "None" not in page, address


def test_the_list_says_who_of_the_staff_wrote_last(people):
    from_class(people, staff=people.adeyemi)
    as_themselves = page_text(people.client(people.celyn, people.adeyemi), "/messages/")
    assert "You: " in as_themselves and "Mr Adeyemi: " not in as_themselves
    as_a_colleague = page_text(people.client(people.celyn, people.pritchard), "/messages/")
    assert "Mr Adeyemi: " in as_a_colleague and "You: " not in as_a_colleague


def test_what_a_colleague_has_waiting_bears_their_name(people, clock):
    from_class(people, staff=people.adeyemi, when=QUIET)
    clock.set(QUIET)
    assert "Waiting: Mr Adeyemi: " in page_text(people.client(people.celyn, people.pritchard), "/messages/")


def test_a_signature_without_a_title_takes_no_extra_query(people):
    StaffMember.objects.update(title="")
    from_class(people, staff=people.adeyemi)
    rows, _more = class_rows(people.actor(people.celyn), now=at("2026-11-10 10:00"))
    with CaptureQueriesContext(connection) as queries:
        assert rows[0].last.message.staff.signature == f"{people.adeyemi.forename} Adeyemi"
    assert len(queries) == 0
