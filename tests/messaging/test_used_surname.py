"""Messages and enquiries are found by the surname that a child uses, and by the legal one."""

from uuid import uuid4

import pytest

from classes.models.pupils import Pupil
from messaging.conversations.queries.access import families
from messaging.conversations.queries.class_inbox import class_rows
from messaging.models.enquiries import Enquiry
from messaging.office.queries.enquiries import enquiries_at_office
from messaging.office.queries.search import found
from messaging.oversight.queries import conversations_about
from tests.clock import at
from tests.messaging.school_time import from_parent

NOW = at("2026-11-10 10:00")
NAMES = ("marsh", "castellano")


@pytest.fixture(autouse=True)
def child(people) -> Pupil:
    Pupil.objects.filter(pk=people.mali.pk).update(legal_surname="Castellano", preferred_surname="Marsh")
    return Pupil.objects.get(pk=people.mali.pk)


@pytest.mark.parametrize("name", NAMES)
def test_a_conversation_is_found_by_class_and_leaders(people, name):
    written = from_parent(people, "She left her inhaler")
    [row] = class_rows(people.actor(people.celyn), now=NOW, find=name)[0]
    assert row.conversation == written.conversation
    assert conversations_about(people.actor(people.deputy), name) == [written.conversation]


@pytest.mark.parametrize("name", NAMES)
def test_an_enquiry_is_found_by_the_office(people, child, name):
    enquiry = Enquiry.objects.create(reference="D 4K7 2MW", topic="dinners", parent=people.nia, key=uuid4())
    enquiry.pupils.add(child)
    assert list(found(enquiries_at_office(people.actor(people.office)), name)) == [enquiry]
    assert not found(enquiries_at_office(people.actor(people.office)), f"{name}x")


def test_the_class_writes_to_families_by_the_name_in_use(people, django_assert_num_queries):
    celyn = people.actor(people.celyn)
    with django_assert_num_queries(1):
        assert "Mali Marsh" in {str(one.pupil) for one in families(celyn)}
