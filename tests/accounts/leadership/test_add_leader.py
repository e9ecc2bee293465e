"""The server command that creates or restores a leader."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember, User
from accounts.sign_in.mfa import authenticators_of
from tests.people import PASSWORD, give_authenticator, make_contact
from tests.sentences.accounts import EMAIL_OF_ANOTHER_STAFF_MEMBER, EMAIL_OF_CLASS_ACCOUNT

NEW = "gwen.hughes@school.example"
GWEN = ("Mrs", "Gwen", "Hughes")
REES = ("Mr", "Huw", "Rees")


def add(capsys, *args: str) -> str:
    call_command("add_leader", *args)
    return capsys.readouterr().out


def test_a_new_leader_is_added_with_a_clear_word(people, capsys):
    text = add(capsys, NEW, *GWEN)
    row = StaffMember.objects.get(surname="Hughes")
    assert row.leads_on and row.user.email == NEW and not row.is_head
    assert "Mrs Hughes is made a senior leader." in text


def test_the_printed_link_chooses_the_first_password_once(people, capsys):
    link = re.search(r"/account/password/reset/key/\S+", add(capsys, NEW, *GWEN))[0]
    browser = Client()
    form = browser.get(link).url
    assert browser.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert User.objects.get(email=NEW).check_password(PASSWORD)
    assert Client().get(link).status_code == 200  # that it opens nothing any more: no way on to the form


def test_who_leads_already_is_printed_no_link(people, capsys):
    assert "/password/reset/key/" not in add(capsys, people.deputy.user.email, *REES)


def test_a_second_head_is_refused(people, capsys):
    with pytest.raises(CommandError, match=r"head teacher already: Mrs Vaughan.*--hand-over"):
        add(capsys, NEW, *GWEN, "--head")
    assert not StaffMember.objects.filter(surname="Hughes").exists()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.policy("AU-11")
def test_the_head_is_replaced_when_asked_for(people, capsys):
    text = add(capsys, NEW, *GWEN, "--head", "--hand-over")
    assert StaffMember.objects.get(is_head=True).user.email == NEW
    people.head.refresh_from_db()
    assert people.head.is_slt and not people.head.is_head
    assert "Mrs Hughes is made the head teacher." in text


def test_a_departed_leader_is_restored_in_their_own_row(people, capsys):
    StaffMember.objects.filter(pk=people.deputy.pk).update(left_on="2026-11-01", is_slt=False)
    before = StaffMember.objects.count()
    text = add(capsys, people.deputy.user.email.upper(), *REES)
    people.deputy.refresh_from_db()
    assert people.deputy.leads_on and StaffMember.objects.count() == before
    assert "at the school again" in text and "made a senior leader" in text
    assert AuditEntry.objects.get(verb="roles.changed").detail["returned"] is True


def test_a_leader_whose_access_was_removed_is_let_in(people, capsys):
    User.objects.filter(pk=people.deputy.user.pk).update(is_active=False, removed_at="2026-11-01T10:00Z")
    assert "let in again" in add(capsys, people.deputy.user.email, *REES)
    user = User.objects.get(pk=people.deputy.user.pk)
    assert user.is_active and user.removed_at is None


def test_a_member_of_staff_without_an_account_gets_one(people, capsys):
    text = add(capsys, NEW, "Mrs", "Anwen", "Pritchard")
    people.pritchard.refresh_from_db()
    assert people.pritchard.leads_on and people.pritchard.user.email == NEW
    assert "given the account" in text and "listed" not in text


def test_a_lost_address_is_replaced_when_asked_for(people, capsys):
    with pytest.raises(CommandError, match="--new-address"):
        add(capsys, NEW, *REES)
    assert "given this address" in add(capsys, NEW, *REES, "--new-address")
    people.deputy.user.refresh_from_db()
    assert people.deputy.user.email == NEW


def test_lost_mfa_is_reset_on_request(people, capsys):
    give_authenticator(people.deputy.user)
    assert "nothing was changed" in add(capsys, people.deputy.user.email, *REES)
    assert authenticators_of(people.deputy.user)
    assert "without a second step" in add(capsys, people.deputy.user.email, *REES, "--lost-mfa")
    assert not authenticators_of(people.deputy.user)


def test_parent_account_is_used_only_with_its_flag(people, capsys):
    make_contact("Gwen", "Hughes")
    with pytest.raises(CommandError, match="--existing-account"):
        add(capsys, people.nia.email, *GWEN)
    add(capsys, people.nia.email, *GWEN, "--existing-account")
    assert StaffMember.objects.get(surname="Hughes").user == people.nia


@pytest.mark.parametrize("who", ["office", "celyn"])
def test_an_account_of_other_staff_or_a_class_is_refused(people, capsys, who):
    row = getattr(people, who)
    address = row.account.email if who == "celyn" else row.user.email
    with pytest.raises(CommandError, match=f"{EMAIL_OF_ANOTHER_STAFF_MEMBER}|{EMAIL_OF_CLASS_ACCOUNT}"):
        add(capsys, address, *GWEN, "--existing-account")
    assert not StaffMember.objects.filter(surname="Hughes").exists()


def test_a_bad_address_is_a_sentence(people, capsys):
    with pytest.raises(CommandError, match="valid"):
        add(capsys, "gwen at school", *GWEN)


def test_an_office_member_is_added_as_before(people, capsys):
    add(capsys, NEW, *GWEN, "--office")
    row = StaffMember.objects.get(surname="Hughes")
    assert row.is_office and not row.is_slt
