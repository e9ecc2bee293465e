"""Test stepping from one's own account into a class account (TE-2)."""

import pytest
from allauth.mfa.models import Authenticator

from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from messaging.models.conversations import Message
from points.models import Award
from tests.people import PIN, give_account, key, make_staff, make_user


@pytest.fixture
def teacher(people):
    """Give Mrs Pritchard an account of her own, with MFA."""
    user = make_user("Mrs Pritchard", "anwen.pritchard@school.example")
    return give_account(people.pritchard, user)


@pytest.fixture
def browser(people, teacher):
    return people.client(teacher)


def step_in(client, classroom):
    return client.post("/class/step-in/", {"classroom": classroom.pk})


@pytest.mark.policy("TE-2")
def test_a_teacher_steps_in_without_a_pin(people, browser, teacher):
    assert browser.get("/class/board/").status_code == 404
    before = browser.session.session_key
    assert step_in(browser, people.celyn).headers["Location"] == "/class/board/"
    assert browser.session.session_key != before
    assert "Mrs Pritchard" in browser.get("/class/board/").content.decode()
    path = f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/"
    browser.post(path, {"body": "Mali sang.", "key": key()})
    sent = Message.objects.get()
    assert (sent.author, sent.staff) == (people.celyn.account, teacher)


@pytest.mark.policy("TE-2")
def test_stepping_in_and_out_is_recorded_with_a_new_session(people, browser, teacher):
    step_in(browser, people.celyn)
    inside = browser.session.session_key
    assert browser.post("/class/step-out/").headers["Location"] == "/"
    assert browser.session.session_key != inside
    assert browser.get("/class/board/").status_code == 404
    verbs = AuditEntry.objects.filter(user=teacher.user, staff=teacher).values_list("verb", flat=True)
    assert {"class.stepped_in", "class.stepped_out"} <= set(verbs)


def test_only_classes_whose_list_has_one(people, browser):
    people.derwen.staff.remove(people.pritchard)
    page = browser.get("/class/step-in/").content.decode()
    assert "Celyn" in page and "Derwen" not in page
    assert step_in(browser, people.derwen).status_code == 404
    assert step_in(people.client(people.head), people.celyn).status_code == 404


def test_parents_pupils_and_class_accounts_step_nowhere(people):
    for who in (people.nia, people.mali, people.celyn):
        client = people.client(who)
        assert client.get("/class/step-in/").status_code == 404
        assert step_in(client, people.celyn).status_code == 404


@pytest.mark.policy("TE-2")
def test_it_ends_at_the_next_request_when_one_is_off_the_list(people, browser):
    step_in(browser, people.celyn)
    people.celyn.staff.remove(people.pritchard)
    assert browser.get("/class/board/").headers["Location"] == "/"
    assert browser.get("/class/board/").status_code == 404


@pytest.mark.policy("TE-2")
def test_it_ends_at_the_next_request_when_one_has_left(people, browser, teacher):
    step_in(browser, people.celyn)
    StaffMember.objects.filter(pk=teacher.pk).update(left_on="2026-11-10")
    assert browser.get("/class/board/").status_code in (302, 404)
    assert browser.post("/class/board/award/", {"pupil": people.mali.pk}).status_code in (302, 404)
    assert not Award.objects.exists()


def test_a_removed_account_is_out_of_the_class_too(people, browser, teacher):
    step_in(browser, people.celyn)
    type(teacher.user).objects.filter(pk=teacher.user_id).update(access_epoch=1)
    assert browser.get("/class/board/").headers["Location"].startswith("/account/login/")


def test_no_pin_is_required_and_none_is_changed_there(people, browser, clock):
    step_in(browser, people.celyn)
    clock.set("2026-11-10 10:20")
    assert browser.get("/class/board/").status_code == 200
    assert browser.get("/class/who/").headers["Location"] == "/"
    assert browser.post("/class/who/", {"who": people.adeyemi.pk, "pin": PIN}).headers["Location"] == "/"
    assert "staff" not in browser.session
    assert browser.get("/class/pin/").status_code == 404


def test_with_a_password_alone_nobody_steps_in(people, browser, teacher):
    Authenticator.objects.filter(user=teacher.user).delete()
    assert "second step" in browser.get("/class/step-in/").content.decode()
    assert step_in(browser, people.celyn).status_code == 403
    assert "stepped" not in browser.session


def test_a_leader_who_stepped_in_is_no_leader_there(people):
    people.celyn.staff.add(people.deputy)
    client = people.client(people.deputy)
    step_in(client, people.celyn)
    assert client.get("/admin/").status_code == 302
    assert client.get("/terms/agreed/").status_code == 404
    client.post("/class/step-out/")
    assert client.get("/terms/agreed/").status_code == 200


def test_a_forged_session_opens_no_class_account(people):
    newcomer = make_staff("Mr", "Ifan", "Rhys", personal=True)
    client = people.client(newcomer)
    session = client.session
    session["stepped"] = people.celyn.account_id
    session.save()
    assert client.get("/class/board/").headers["Location"] == "/"
