"""Office, leaders and safeguarding lead open nothing before mfa (AU-6, A11)."""

import re

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.test import RequestFactory
from django.urls import reverse

from accounts.gates import Opens
from accounts.models.people import StaffMember
from accounts.sign_in.mfa_adapter import MfaAdapter
from tests.accounts.sign_in.mfa import agreed, authenticators, code, give_password, without_mfa
from tests.people import PASSWORD, give_authenticator, make_staff
from tests.structure.access import ACCESS
from tests.structure.routes import open_routes
from tests.structure.test_access import admin_lists, ask
from tests.structure.world import CANARY, make_world

BEGIN = "/account/second-step/begin/"
SET_UP = "/account/authenticator/"


def proved(browser, secret_page: str) -> str:
    """Return the secret that the page shows, as a telephone reads it."""
    page = re.search(r'letter__letters"[^>]*>([A-Z2-7 ]+)<', secret_page)
    return page.group(1).replace(" ", "")


def set_up(browser):
    secret = proved(browser, browser.get(SET_UP).content.decode())
    return browser.post(SET_UP, {"code": code(secret=secret)})


def show_password(browser) -> None:
    """Re-authenticate by password, unless it was given just now."""
    assert browser.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.mark.policy("AU-6")
@pytest.mark.parametrize("who", ["office", "deputy", "head"])
def test_A11_role_without_mfa_opens_nothing(people, who):
    world, browser = make_world(people), without_mfa(getattr(people, who).user)
    agreed(people, getattr(people, who))
    opened = open_routes(Opens.MFA_SETUP) | open_routes(Opens.BEFORE_STAFF_CHOICE)
    names = [name for name in ACCESS if name not in opened]
    assert len(names) > 40
    answers = {name: ask(browser, name, ACCESS[name], world) for name in names}
    answers |= {name: browser.get(reverse(name)) for name in ["admin:index", *admin_lists()]}
    assert {(answer.status_code, answer.get("Location")) for answer in answers.values()} == {(302, BEGIN)}
    assert not any(CANARY.encode() in answer.content for answer in answers.values())


def test_A14_no_admin_page_opens_before_mfa(people):
    browser, names = without_mfa(people.head.user), ["admin:index", *admin_lists()]
    agreed(people, people.head)
    assert {browser.get(reverse(name)).headers.get("Location") for name in names} == {BEGIN}
    assert {browser.post(reverse(name)).headers.get("Location") for name in names} == {BEGIN}
    inside = people.client(people.head)
    assert {inside.get(reverse(name)).status_code for name in names} == {200}


def test_htmx_is_led_there_as_a_whole_page(people):
    answer = without_mfa(people.head.user).get("/news/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == BEGIN


@pytest.mark.parametrize("path", ["/help/", "/terms/", "/privacy/", "/accessibility/", BEGIN])
def test_help_terms_and_the_way_to_set_one_up_are_open(people, path):
    assert without_mfa(people.head.user).get(path).status_code == 200


def test_signing_out_and_the_language_are_open(people):
    browser = without_mfa(people.head.user)
    assert browser.post("/language/", {"language": "cy", "next": "/help/"}).url == "/help/"
    assert browser.post("/account/logout/").url == "/account/login/"


@pytest.mark.parametrize("role", ["is_slt", "is_office", "is_safeguarding", "is_governor"])
def test_each_role_needs_mfa(people, role):
    member = make_staff("Ms", "Non", "Ellis", personal=True, **{role: True})
    agreed(people, member)
    assert without_mfa(member.user).get("/news/").headers["Location"] == BEGIN


def test_parents_and_teachers_without_role_need_no_mfa(people):
    teacher = make_staff("Ms", "Non", "Ellis", personal=True)
    agreed(people, teacher)
    assert without_mfa(teacher.user).get("/news/").status_code == 200
    assert people.client(people.nia).get("/news/").status_code == 200


def test_new_role_requires_mfa_at_the_next_request(people):
    teacher = make_staff("Ms", "Non", "Ellis", personal=True)
    agreed(people, teacher)
    browser = without_mfa(teacher.user)
    assert browser.get("/news/").status_code == 200
    StaffMember.objects.filter(pk=teacher.pk).update(is_office=True)
    assert browser.get("/news/").headers["Location"] == BEGIN
    assert browser.get("/admin/").headers["Location"] == BEGIN


def test_mfa_that_this_session_did_not_use_opens_nothing(people):
    browser = without_mfa(people.head.user)
    give_authenticator(people.head.user)
    for path in ("/", SET_UP):
        browser.force_login(people.head.user, backend="accounts.sign_in.backends.PortalBackend")
        assert browser.get(path).headers["Location"] == "/account/login/"
        assert "_auth_user_id" not in browser.session


def test_mfa_that_was_used_opens_everything(people):
    assert people.client(people.head).get("/").status_code == 200
    assert people.client(people.head).get("/admin/").status_code == 200


@pytest.mark.policy("AU-6")
def test_new_authenticator_opens_the_account_with_codes(people):
    browser = without_mfa(give_password(people.deputy.user))
    agreed(people, people.deputy)
    assert browser.get(SET_UP).url.startswith("/account/reauthenticate/")
    show_password(browser)
    before, answer = browser.session.session_key, set_up(browser)
    assert answer.url == "/account/recovery-codes/"
    assert browser.session.session_key != before
    page = re.findall(r"<li>(\d{8})</li>", browser.get(answer.url).content.decode())
    assert len(page) == 10
    assert browser.get("/account/recovery-codes/file/").content.decode().count(page[9]) == 1
    assert browser.get("/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_the_picture_stays(people):
    browser = without_mfa(give_password(people.deputy.user))
    show_password(browser)
    first = browser.get(SET_UP).content.decode()
    answer = browser.post(SET_UP, {"code": "nonsense"})
    assert answer.status_code == 422
    assert proved(browser, answer.content.decode()) == proved(browser, first)
    assert authenticators(people.deputy.user) == []


def test_last_authenticator_of_a_leader_is_only_replaced(people):
    browser = people.client(people.head)
    show_password_or_code(browser)
    assert browser.post("/account/authenticator/end/").status_code == 422
    old = Authenticator.objects.get(user=people.head.user, type="totp")
    assert set_up(browser).status_code == 302
    new = Authenticator.objects.get(user=people.head.user, type="totp")
    assert new.pk != old.pk
    assert browser.get("/").status_code == 200


def show_password_or_code(browser) -> None:
    assert browser.post("/account/again/code/", {"code": code()}).status_code == 302


def test_a_parent_may_end_theirs(people):
    give_authenticator(people.nia)
    browser = people.client(people.nia)
    show_password_or_code(browser)
    assert browser.post("/account/authenticator/end/").status_code == 302
    assert authenticators(people.nia) == []


@pytest.mark.parametrize("path", [SET_UP, "/account/passkeys/add/", "/account/recovery-codes/new/"])
def test_older_session_reauthenticates_before_changing_mfa(people, path):
    browser = people.client(people.head)
    for answer in (browser.get(path), browser.post(path, {"code": code()})):
        assert re.match("/account/(re|again)", answer.url), answer.url


def test_a_removed_passkey_closes_what_it_had_opened(people):
    browser = people.client(people.head)
    used = Authenticator.objects.get(user=people.head.user)
    Authenticator.objects.create(user=people.head.user, type="webauthn", data={"name": "Key"})
    assert browser.get("/").status_code == 200
    used.delete()
    assert browser.get("/").headers["Location"] == "/account/login/"


def test_a_removed_passkey_ends_what_was_stepped_into(people):
    teacher = make_staff("Ms", "Non", "Ellis", personal=True)
    people.celyn.staff.add(teacher)
    browser = people.client(teacher)
    assert browser.post("/class/step-in/", {"classroom": people.celyn.pk}).status_code == 302
    assert browser.get("/class/board/").status_code == 200
    Authenticator.objects.filter(user=teacher.user).delete()
    assert browser.get("/class/board/").headers["Location"] == "/account/login/"


def test_telephones_show_the_school_and_the_persons_name(people):
    with request_context(RequestFactory().get("/")):
        adapter = MfaAdapter()
        assert adapter.get_public_key_credential_rp_entity()["name"] == "Malpas Court"
        assert adapter.get_public_key_credential_user_entity(people.nia)["name"] == "Nia Bowen"
        assert "/Nia%20Bowen?" in adapter.build_totp_url(people.nia, "SECRET")
