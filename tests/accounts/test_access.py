import pytest
from django.db import IntegrityError, transaction

from accounts.access import remove_access, restore_access
from accounts.audit import record
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember, User
from tests.accounts.staff.pages.sending import fields_of, page_of, send
from tests.clock import at


@pytest.mark.policy("PA-9")
def test_a_removed_parent_is_signed_out_at_the_next_request(people):
    browser = people.client(people.nia)
    assert browser.get("/help/").status_code == 200
    assert browser.get("/terms/agree/").status_code == 200
    remove_access(people.nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    assert browser.get("/terms/agree/").status_code == 302


@pytest.mark.policy("PA-9")
@pytest.mark.parametrize("fact", [{"removed_at": "2026-11-10T10:00Z"}, {"is_active": False}], ids=str)
def test_removal_in_the_database_ends_a_session(people, fact):
    browser = people.client(people.nia)
    assert browser.get("/terms/agree/").status_code == 200
    User.objects.filter(pk=people.nia.pk).update(**fact)  # no new epoch, as by hand in the database
    assert browser.get("/terms/agree/").status_code == 302


def test_the_record_can_be_neither_changed_nor_deleted(people):
    entry = record("test", by=people.actor(people.head))
    for act in (lambda: AuditEntry.objects.update(verb="x"), lambda: entry.delete()):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            act()
    assert AuditEntry.objects.filter(verb="test").exists()


@pytest.mark.policy("AU-2")
def test_one_address_has_one_account_in_any_case(people):
    with pytest.raises(IntegrityError, match="user_email_once"):
        User.objects.create(email="NIA@family.example")


@pytest.mark.policy("PU-4")
def test_an_account_cannot_change_its_kind(people):
    with pytest.raises(Exception, match="user_kind_never_changes"), transaction.atomic():
        User.objects.filter(pk=people.mali.account_id).update(kind="person")


def test_a_new_secret_signs_nobody_out_and_a_removal_still_does(people, settings):
    browser = people.client(people.nia)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret"
    assert browser.get("/terms/agree/").status_code == 200
    remove_access(people.nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    restore_access(people.nia, by=people.actor(people.head))
    assert browser.get("/terms/agree/").status_code == 302


def test_no_address_finds_nobody_though_pupils_have_none(people):
    assert User.objects.filter(email__isnull=True).exists()
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(None)
    assert User.objects.get_by_natural_key("NIA@family.example") == people.nia


@pytest.mark.policy("AU-11")
def test_a_deputy_makes_nobody_head_not_even_themselves(people):
    deputy, asks = people.client(people.deputy), {"is_head": "on", "confirmed": ["is_head"]}
    send(deputy, page_of(people.deputy, "roles/"), **asks)
    assert send(deputy, page_of(people.deputy, "change/"), job="Deputy", **asks).status_code == 302
    for row in (people.deputy, people.office):
        assert deputy.post(page_of(row, "head/"), {"seen": row.user_id}).status_code == 403
    people.deputy.refresh_from_db()
    assert people.deputy.job == "Deputy"
    assert not people.deputy.is_head and StaffMember.objects.get(is_head=True) == people.head


@pytest.mark.policy("AU-11")
def test_the_heads_row_is_changed_by_the_head_alone(people):
    deputy, head, inner = people.client(people.deputy), people.client(people.head), "change/"
    change = fields_of(head.get(page_of(people.head, inner))) | {"forename": "Other"}
    assert deputy.get(page_of(people.head)).status_code == 200
    assert deputy.post(page_of(people.head, inner), change).status_code == 403
    assert head.post(page_of(people.head, inner), change).status_code == 302
    people.head.refresh_from_db()
    assert (people.head.forename, people.head.is_head) == ("Other", True)


def test_form_of_roles_makes_nobody_head(people):
    head, path = people.client(people.head), page_of(people.deputy, "roles/")
    assert send(head, path, is_head="on").status_code == 302
    assert send(head, path, is_head="on", confirmed=["is_head"]).status_code == 422
    people.deputy.refresh_from_db()
    assert not people.deputy.is_head
