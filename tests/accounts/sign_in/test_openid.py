"""Staff sign in with the school's Microsoft or Google (AU-6).

A provider runs on loopback.
"""

import os
import subprocess
import sys
import time
from datetime import date
from threading import Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.sign_in.openid_services import StaffOnly, connect_provider
from malpas.sign_in.openid_apps import IncompleteProvider, google, microsoft
from tests.accounts.sign_in.mfa import agreed, give_password
from tests.accounts.sign_in.provider import BACK, TENANT, Provider, go, serve, through
from tests.people import PASSWORD, give_authenticator, make_staff
from tests.sentences.accounts import (
    CONNECTED_WITH_ANOTHER_SIGN_IN,
    PROVIDER_ACCOUNT_REFUSED,
    SIGN_IN_WITH_PROVIDER,
)

CONNECT, END = "/account/with/microsoft/connect/", "/account/with/microsoft/end/"
ADDRESSES = ["/account/with/microsoft/", BACK, CONNECT, END]


@pytest.fixture
def provider(settings):
    made = Provider()
    server = serve(made)
    Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    (app,) = microsoft(TENANT, "malpas", "secret")
    app["settings"]["server_url"] = made.url
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def tegid(people) -> StaffMember:
    """A teacher with an account of her own and no role."""
    made = make_staff("Ms", "Tegid", "Bowen", personal=True)
    agreed(people, made)
    return made


def connected(user: User, subject: str = "subject-of-tegid") -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider="microsoft", uid=subject)


def just_proved(people, who: StaffMember) -> Client:
    """Return a browser in which this person has just re-authenticated."""
    browser = people.client(who)
    session = browser.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [*session["account_authentication_methods"], proof]
    session.save()
    return browser


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def refused(browser: Client, answer) -> bool:
    return (
        answer.status_code == 403
        and PROVIDER_ACCOUNT_REFUSED in answer.content.decode()
        and not is_in(browser)
    )


@pytest.mark.policy("AU-6")
def test_a_teacher_connects_and_signs_in(people, provider, tegid):
    inside, browser = just_proved(people, tegid), Client()
    assert through(inside, provider, CONNECT).url == "/account/signing-in/"
    assert "Microsoft is connected since" in inside.get("/account/signing-in/").content.decode()
    stored = SocialAccount.objects.get(user=tegid.user)
    assert (stored.uid, stored.extra_data) == ("subject-of-tegid", {})
    assert AuditEntry.objects.get(verb="provider.connected").staff == tegid
    assert "Microsoft" in Delivery.objects.get(user=tegid.user, subject__startswith="A new way").body
    Authenticator.objects.filter(user=tegid.user).delete()  # a teacher need not have mfa
    assert through(browser, provider).status_code == 302
    assert is_in(browser) and browser.get("/news/").status_code == 200


def test_nobody_new_gets_in_and_no_account_is_made(people, provider, client):
    before = User.objects.count()
    assert refused(client, through(client, provider))
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_known_address_opens_nothing(people, provider, tegid, client):
    provider.claims = {"email": tegid.user.email, "email_verified": True}
    assert refused(client, through(client, provider))
    assert not SocialAccount.objects.exists()


def test_a_departed_is_refused(people, provider, tegid, client):
    connected(tegid.user)
    StaffMember.objects.filter(pk=tegid.pk).update(left_on=date(2026, 11, 9))
    assert refused(client, through(client, provider))


def test_removed_person_is_refused(people, provider, tegid, client, clock):
    connected(tegid.user)
    User.objects.filter(pk=tegid.user.pk).update(removed_at="2026-11-09T10:00Z")
    assert refused(client, through(client, provider))


def test_parent_can_neither_connect_nor_use_an_old_row(people, provider, client):
    parent = people.client(people.nia)
    assert [parent.post(path).status_code for path in (CONNECT, END)] == [404, 404]
    assert "Your work account" not in parent.get("/account/signing-in/").content.decode()
    with pytest.raises(StaffOnly):
        connect_provider(provider="microsoft", subject="subject-of-nia", by=people.actor(people.nia))
    connected(people.nia)
    assert refused(client, through(client, provider))


def test_a_class_account_connects_nothing(people, provider):
    browser = people.client(people.celyn, people.pritchard)
    assert browser.post(CONNECT).status_code == 404


@pytest.mark.policy("AU-6")
def test_portal_mfa_follows_the_provider(people, provider, client):
    give_authenticator(people.deputy.user)
    connected(people.deputy.user)
    assert through(client, provider).url.startswith("/account/second-step/")
    assert not is_in(client)


def test_leader_without_mfa_is_led_to_set_it_up(people, provider, client):
    agreed(people, people.deputy)
    connected(people.deputy.user)
    through(client, provider)
    assert client.get("/news/").headers["Location"] == "/account/second-step/begin/"


WRONG = {
    "another tenant": {"tid": "99999999-3d41-4b7e-9f10-5d2e6c7a8b90"},
    "no tenant": {"tid": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another client": {"aud": "somebody-else"},
    "yesterday's": {"exp": 1},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_for_us_opens_nothing(people, provider, tegid, client, claims):
    connected(tegid.user)
    provider.claims = claims
    assert refused(client, through(client, provider))


def test_a_token_that_somebody_else_signed_opens_nothing(people, provider, tegid, client):
    connected(tegid.user)
    provider.key = 1
    assert refused(client, through(client, provider))


def test_another_domain_of_google_opens_nothing(people, provider, tegid, client, settings):
    (app,) = google("school.example", "malpas", "secret")
    app["settings"] |= {"server_url": provider.url}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    SocialAccount.objects.create(user=tegid.user, provider="google", uid=provider.subject)
    for domain, opened in (("elsewhere.example", False), (None, False), ("school.example", True)):
        provider.claims = {"hd": domain}
        state = go(client, provider, "/account/with/google/")
        client.get("/account/with/google/back/", {"state": state, "code": "a-code"})
        assert is_in(client) == opened


def test_without_the_mark_of_this_browser_nothing_opens(people, provider, tegid, client):
    connected(tegid.user)
    stranger = Client()
    state = go(client, provider)
    for requested in (
        {"code": "a-code"},
        {"code": "a-code", "state": "made-up"},
        {"code": "a-code", "state": state},
    ):
        assert refused(stranger, stranger.get(BACK, requested))
    assert provider.tokens == 0


def test_an_answer_is_good_once(people, provider, tegid, client):
    connected(tegid.user)
    back = {"state": go(client, provider), "code": "a-code"}
    assert client.get(BACK, back).status_code == 302 and is_in(client)
    client.post("/account/logout/")
    assert refused(client, client.get(BACK, back))
    assert provider.tokens == 1


def test_an_answer_to_another_question_opens_nothing(people, provider, tegid, client):
    connected(tegid.user)
    state = go(client, provider)
    provider.requested["code_challenge"] = "somebody-elses"
    assert refused(client, client.get(BACK, {"state": state, "code": "a-code"}))


def test_cancel_and_failure_show_the_same_sentence(people, provider, client):
    for error in ("access_denied", "server_error"):
        assert refused(client, client.get(BACK, {"state": go(client, provider), "error": error}))


def test_a_provider_that_is_away_breaks_nothing(people, provider, settings, client):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    assert refused(client, client.post("/account/with/microsoft/"))
    assert refused(client, client.get(BACK, {"state": "made-up", "code": "a-code"}))


def test_connecting_requires_reauthentication(people, provider, tegid):
    connected(tegid.user)
    browser = people.client(give_password(tegid.user))
    assert [browser.post(path).url.split("?")[0] for path in (END, CONNECT)] == [
        "/account/reauthenticate/"
    ] * 2
    answer = browser.post("/account/reauthenticate/", {"password": PASSWORD, "next": CONNECT})
    assert answer.url.startswith(f"{provider.url}/authorize?")


def test_the_answer_connects_only_the_sign_in_that_asked(people, provider, tegid):
    browser, other = just_proved(people, tegid), make_staff("Mr", "Ifor", "Wyn", personal=True)
    state = go(browser, provider, CONNECT)
    states = browser.session["socialaccount_states"]
    browser = just_proved(people, other)
    session = browser.session
    session["socialaccount_states"] = states
    session.save()
    assert browser.get(BACK, {"state": state, "code": "a-code"}).status_code == 403
    assert not SocialAccount.objects.exists()


def test_what_is_connected_with_somebody_else_stays_theirs(people, provider, tegid):
    connected(people.deputy.user)
    browser = just_proved(people, tegid)
    answer = browser.get(through(browser, provider, CONNECT).url)
    assert CONNECTED_WITH_ANOTHER_SIGN_IN in answer.content.decode()
    assert SocialAccount.objects.get().user == people.deputy.user


def test_one_ends_ones_own(people, provider, tegid, client):
    connected(tegid.user)
    assert just_proved(people, tegid).post(END).url == "/account/signing-in/"
    assert AuditEntry.objects.get(verb="provider.ended").staff == tegid
    assert refused(client, through(client, provider))


@pytest.mark.policy("AU-6")
def test_a_leader_sees_a_connection_and_ends_it(people, provider, tegid):
    connected(tegid.user)
    others, leader = people.client(tegid), people.client(people.deputy)
    member = f"/staff/{tegid.pk}/"
    assert f"{member}connections/" in leader.get(member).content.decode()
    assert "Microsoft, connected on" in leader.get(f"{member}connections/").content.decode()
    assert (
        people.client(people.office).post(f"{member}connections/", {"provider": "microsoft"}).status_code
        == 403
    )
    assert SocialAccount.objects.exists()
    assert leader.post(f"{member}connections/", {"provider": "microsoft"}).status_code == 302
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.get(verb="provider.ended").staff == people.deputy
    assert others.get("/news/").url.startswith("/account/login/")
    assert leader.post(f"{member}connections/", {"provider": "microsoft"}).status_code == 302
    assert leader.post(f"{member}connections/", {"provider": "x" * 99}).status_code == 404


def test_where_it_is_not_set_up_its_addresses_do_not_exist(people, tegid):
    connected(tegid.user)
    for browser in (Client(), people.client(tegid)):
        found = [browser.get(path).status_code for path in ADDRESSES[:2]]
        assert found + [browser.post(path).status_code for path in ADDRESSES[:2]] == [404] * 4
    assert people.client(tegid).post(CONNECT).status_code == 404
    assert "Microsoft" not in Client().get("/account/login/").content.decode()


def test_the_pages_offer_it_where_it_is_set_up(people, provider, tegid):
    assert SIGN_IN_WITH_PROVIDER % {"name": "Microsoft"} in Client().get("/account/login/").content.decode()
    assert "Connect Microsoft" in people.client(tegid).get("/account/signing-in/").content.decode()
    assert Client().get("/account/with/microsoft/").status_code == 405


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "school.example", ""])
def test_only_the_number_of_one_tenant_is_taken(tenant):
    with pytest.raises(IncompleteProvider):
        microsoft(tenant, "malpas", "secret")


def test_half_a_set_up_is_refused_and_none_is_nothing():
    for half in ((TENANT, "malpas", ""), (TENANT, "", "secret")):
        with pytest.raises(IncompleteProvider):
            microsoft(*half)
    for half in (("school.example", "", ""), ("", "malpas", "secret"), ("everybody", "malpas", "secret")):
        with pytest.raises(IncompleteProvider):
            google(*half)
    assert microsoft("", "", "") + google("", "", "") == []


def policy_with(**chosen: str) -> str:
    """Return the form-action policy that a new process has with these settings."""
    words = (
        "from malpas import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MICRO", "GOOGLE"))
    }
    notices = subprocess.run(
        [sys.executable, "-c", words], env=environment | chosen, capture_output=True, text=True, check=True
    )
    return notices.stdout.strip()


def test_forms_go_elsewhere_only_where_it_is_set_up():
    assert policy_with() == "[\"'self'\"]"
    chosen = {
        "GOOGLE_DOMAIN": "school.example",
        "GOOGLE_CLIENT_ID": "malpas",
        "GOOGLE_CLIENT_SECRET": "secret",
    }
    assert policy_with(**chosen) == "[\"'self'\", 'https://accounts.google.com']"
