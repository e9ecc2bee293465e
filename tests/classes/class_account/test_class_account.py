import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import UserKind
from accounts.models.notifications import Delivery
from classes.models.classrooms import Classroom


def test_a_new_class_account_chooses_its_password_by_mail(people):
    Classroom.objects.create(name="Onnen")
    call_command("add_class_account", "Onnen", "onnen@school.example")
    account = Classroom.objects.get(name="Onnen").account
    assert (account.kind, account.name) == (UserKind.CLASS, "Onnen")
    assert not account.has_usable_password()
    Client().post("/account/password/reset/", {"email": "onnen@school.example"})
    mails = Delivery.objects.filter(address="onnen@school.example")
    assert len(mails) == 2 and all("/account/password/reset/key/" in mail.body for mail in mails)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Celyn", "another@school.example"),
        ("Onnen", "NIA@family.example"),
        ("Nowhere", "nowhere@school.example"),
    ],
)
def test_an_account_a_taken_address_and_no_class_are_refused(people, name, email):
    Classroom.objects.create(name="Onnen")
    with pytest.raises(CommandError):
        call_command("add_class_account", name, email)
    assert Classroom.objects.get(name="Onnen").account is None
