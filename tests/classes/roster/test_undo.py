"""Undo an import while nobody has used what came in."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models.audit import AuditEntry
from accounts.models.people import User
from classes.joining.invitations import make_invitation
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.models.rosters import RosterImport, RosterRecord
from classes.roster.apply import import_roster
from classes.roster.reading import read_table
from classes.roster.undo import AlreadyUsed, CannotBeUndone, undo_import, uses_of
from points.models import Award, Behaviour
from tests.clock import at
from tests.sentences.classes import IMPORT_IN_USE, ONLY_LAST_IMPORT_UNDONE, ORDER_TAKEN_BACK, ROSTER_UNDONE

from .pages import undo
from .sheet import FATHER, ROW, SECOND_CHILD, TODAY, row, sheet

pytestmark = pytest.mark.django_db
MODELS = (Classroom, Pupil, Contact, Guardianship, RosterRecord)


def take(data: bytes):
    return import_roster(table=read_table(data), today=TODAY, by=None, accept_missing=True)


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def stopped(people) -> list[str]:
    before = everything()
    with pytest.raises(AlreadyUsed) as found:
        undo(people)
    assert everything() == before
    return [use.who for use in found.value.uses]


@pytest.fixture
def brought(people, clock):
    """A school with the first child, in which the second one has just come."""
    take(sheet(ROW))
    take(sheet(ROW, ROW | SECOND_CHILD | FATHER | {"Reg Group": "Year 1 Onnen", "Year Group": "1"}))
    return people


def test_the_page_names_court_orders_that_undoing_takes_back(people, clock):
    take(sheet(ROW))
    take(sheet(ROW | {"Court Order": "T"}))
    connection = Guardianship.objects.get(pupil__school_ref="2001")
    assert connection.court_order
    done = RosterImport.objects.to_undo().get()
    page = people.client(people.office).get(f"/roster/undo/{done.pk}/").content.decode()
    assert ORDER_TAKEN_BACK in page and str(connection) in page
    undo(people)
    assert not Guardianship.objects.get(pk=connection.pk).court_order
    assert AuditEntry.objects.get(verb="roster.undone").detail["orders"] == 1


def test_undo_removes_what_came_and_leaves_what_was(people, clock):
    take(sheet(ROW))
    before = everything()
    take(sheet(ROW, ROW | SECOND_CHILD | FATHER | {"Reg Group": "Year 1 Onnen", "Year Group": "1"}))
    assert Classroom.objects.filter(name="Year 1 Onnen").exists()
    undo(people)
    assert everything() == before
    entry = AuditEntry.objects.get(verb="roster.undone")
    assert entry.user == people.office.user and entry.detail["pupils"] == 1


def test_undo_puts_back_all_that_the_import_changed(people, clock):
    take(sheet(ROW))
    mali = Contact.objects.get(school_ref="C1")
    mali.user = User.objects.create_user(kind="person", email="m@example.org", name="Mali Probert")
    mali.save(update_fields=["user"])
    before = everything()
    changes = {
        "Contact_Surname": "Rees",
        "Reg_Group": "Celyn",
        "Priority": "2",
        "Date_of_Leaving": "20/07/2027",
    }
    take(sheet(row(**changes)))
    mali.user.refresh_from_db()
    assert mali.user.name == "Mali Rees" and Pupil.objects.get(school_ref="2001").classroom == people.celyn
    undo(people)
    mali.user.refresh_from_db()
    assert everything() == before and mali.user.name == "Mali Probert"


def test_undo_twice_is_undo_once(brought):
    done = RosterImport.objects.to_undo().get()
    for _time in range(2):
        undo_import(done=done, by=brought.actor(brought.head), at=at("2026-11-10 10:00"))
    assert AuditEntry.objects.filter(verb="roster.undone").count() == 1


def test_only_the_last_import_can_be_undone(brought):
    first = RosterImport.objects.order_by("pk").first()
    with pytest.raises(CannotBeUndone, match=ONLY_LAST_IMPORT_UNDONE):
        undo_import(done=first, by=brought.actor(brought.office), at=at("2026-11-10 10:00"))


def test_a_class_and_a_parent_undo_nothing(brought):
    done = RosterImport.objects.to_undo().get()
    for who in (brought.celyn, brought.nia):
        with pytest.raises(PermissionDenied):
            undo_import(done=done, by=brought.actor(who), at=at("2026-11-10 10:00"))


def test_a_code_made_since_stops_the_undo(brought):
    guardianship = Guardianship.objects.get(pupil__school_ref="2002")
    make_invitation(guardianship=guardianship, by=brought.actor(brought.office), at=at("2026-11-10 10:00"))
    assert stopped(brought) == ["Leo Llŷr – Noor Probert"]


def test_a_code_made_since_a_change_stops_the_undo(people, clock):
    take(sheet(ROW))
    take(sheet(row(Reg_Group="Celyn")))
    guardianship = Guardianship.objects.get(pupil__school_ref="2001")
    clock.set("2026-11-10 11:00")
    make_invitation(guardianship=guardianship, by=people.actor(people.office), at=at("2026-11-10 11:00"))
    assert stopped(people) == ["Mali Probert – Siâ Probert"]


def test_an_account_that_joined_stops_the_undo(brought):
    guardianship = Guardianship.objects.get(pupil__school_ref="2002")
    Contact.objects.filter(pk=guardianship.contact_id).update(
        user=User.objects.create(email="leo@example.org")
    )
    Guardianship.objects.filter(pk=guardianship.pk).update(joined_at=timezone.now(), slot=1)
    assert set(stopped(brought)) == {"Leo Llŷr", "Leo Llŷr – Noor Probert"}


def test_a_point_stops_the_undo(brought):
    Award.objects.create(
        pupil=Pupil.objects.get(school_ref="2002"), behaviour=Behaviour.objects.first(), points=1, key=uuid4(),
        classroom=brought.celyn, given_by=brought.pritchard, account=brought.celyn.account,
        given_at=at("2026-11-10 10:00"),
    )  # fmt: skip
    assert stopped(brought) == ["Noor Probert"]


def test_a_later_correction_stops_the_undo(people, clock):
    take(sheet(ROW))
    take(sheet(row(Mobile="07700900999")))
    Contact.objects.filter(school_ref="C1").update(mobile="07700900111")
    assert stopped(people) == ["Mali Probert"]


def test_staff_of_a_new_class_stop_the_undo(brought):
    Classroom.objects.get(name="Year 1 Onnen").staff.add(brought.howells)
    assert stopped(brought) == ["Year 1 Onnen"]


def test_a_child_who_moved_into_a_new_class_stops_the_undo(brought):
    Pupil.objects.filter(pk=brought.mali.pk).update(classroom=Classroom.objects.get(name="Year 1 Onnen"))
    assert stopped(brought) == ["Year 1 Onnen"]


def test_a_guardianship_added_by_hand_stops_the_undo(brought):
    pupil = Pupil.objects.get(school_ref="2002")
    Guardianship.objects.create(pupil=pupil, contact=brought.nia.contact)
    assert stopped(brought) == ["Noor Probert"]


def test_the_database_refuses_what_was_not_seen(brought, monkeypatch):
    Pupil.objects.filter(pk=brought.mali.pk).update(classroom=Classroom.objects.get(name="Year 1 Onnen"))
    monkeypatch.setattr("classes.roster.undo._Finder.uses", lambda self: iter(()))
    with pytest.raises(AlreadyUsed):
        undo(brought)


def test_the_page_undoes_after_a_question(brought):
    client = brought.client(brought.office)
    done = RosterImport.objects.to_undo().get()
    address = f"/roster/undo/{done.pk}/"
    assert address in client.get("/roster/").content.decode()
    assert client.get(address).status_code == 200 and Pupil.objects.filter(school_ref="2002").exists()
    assert ROSTER_UNDONE in client.post(address, follow=True).content.decode()
    assert not Pupil.objects.filter(school_ref="2002").exists()
    assert address not in client.get("/roster/").content.decode()


def test_the_page_names_who_stopped_the_undo(brought):
    client = brought.client(brought.office)
    done = RosterImport.objects.to_undo().get()
    Contact.objects.filter(school_ref="C2").update(email="other@example.org")
    for page in (client.get(f"/roster/undo/{done.pk}/"), client.post(f"/roster/undo/{done.pk}/")):
        assert IMPORT_IN_USE in page.content.decode() and "Leo Llŷr" in page.content.decode()
    assert page.status_code == 409 and uses_of(done)
