import pytest
from django.core.management import CommandError, call_command

from accounts.models.people import StaffMember, User
from accounts.models.school import School
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.demo.people import sitters
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from points.models import Award
from stories.models import Post


@pytest.fixture
def demo(clock, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo")


def test_the_demo_school_is_made_of_the_clean_roster(demo):
    assert (Pupil.objects.count(), Classroom.objects.count()) == (200, 9)
    assert Guardianship.objects.filter(joined_at__isnull=False).count() == 2
    assert all(classroom.account and classroom.staff.count() == 2 for classroom in Classroom.objects.all())


def test_its_first_look_is_not_at_empty_pages(demo):
    assert Post.objects.arrived().count() == 2
    assert Message.objects.arrived().count() == 2
    assert Enquiry.objects.count() == 1
    assert Award.objects.counted().count() > 100


def test_one_can_sign_in_as_everybody_of_the_day(demo):
    roles = ["parent", "parent", "class", "office", "head", "deputy", "governor"]
    assert [sitter.role for sitter in sitters()] == roles
    assert all(User.objects.get(email=sitter.address).has_usable_password() for sitter in sitters())


def test_it_is_made_once_and_never_over_a_school(demo, capsys):
    call_command("load_demo", if_empty=True)
    with pytest.raises(CommandError, match="Somebody uses this database"):
        call_command("load_demo")
    assert School.objects.count() == 1


def test_a_new_installation_gets_its_first_leader(clock):
    call_command("add_leader", "head@school.example", "Mrs", "Eleri", "Vaughan", "--head")
    user = User.objects.get(email="head@school.example")
    assert user.staff_member.is_head
    assert not user.has_usable_password()
    call_command("add_leader", "HEAD@school.example", "Mrs", "Eleri", "Vaughan")
    assert StaffMember.objects.get().user == User.objects.get()
