"""Getting in, staying in, getting back in (A01–A18)."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail

from accounts.access import remove_access
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember
from accounts.notify.outbox import deliver_due
from classes.joining.invitations import make_invitation
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from tests.abuse.kit import browser_of, outsider
from tests.clock import at
from tests.people import BACKEND, PASSWORD, PIN, guardianship, make_contact

NEW = "quite-another-phrase-2026"
LOGIN = "/account/login/"


def plain(answer, *typed: str) -> str:
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer.content.decode())
    for word in typed:
        text = text.replace(word, "")
    return text


@pytest.fixture
def nia(people):
    people.nia.set_password(PASSWORD)
    people.nia.save()
    return people.nia


def sign_in(browser, email, password=PASSWORD, **headers):
    return browser.post(LOGIN, {"login": email, "password": password}, headers=headers)


def test_A01_guessing_one_account_is_stopped_for_this_account_alone(people, nia):
    assert sign_in(outsider(), nia.email).status_code == 302
    answers = [sign_in(outsider(), nia.email, f"guess-{n}-of-many") for n in range(6)]
    assert sign_in(outsider(), nia.email).status_code != 302
    assert {answer.status_code for answer in answers} <= {200, 422, 429}
    people.dylan.set_password(PASSWORD)
    people.dylan.save()
    assert sign_in(outsider(), people.dylan.email).status_code == 302


FORWARDED = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"]


@pytest.mark.parametrize("header", FORWARDED)
def test_A04_an_address_that_the_client_claims_is_not_believed(people, nia, header):
    for n in range(12):
        sign_in(outsider(), nia.email, "guess", **{header: f"203.0.113.{n}"})
    assert sign_in(outsider(), nia.email, **{header: "203.0.113.99"}).status_code != 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP"])
def test_A04_nor_at_the_form_for_codes(people, monkeypatch, header):
    from dataclasses import replace

    from classes import rate_limits

    monkeypatch.setattr(rate_limits, "JOIN_ADDRESS", replace(rate_limits.JOIN_ADDRESS, amount=3))
    tries = [
        outsider().post("/join/", {"code": "K7QM 4XRD P9TW 20V1", "date_of_birth": "2018-05-04"}, headers={header: f"203.0.113.{n}"})
        for n in range(5)
    ]  # fmt: skip
    assert [answer.status_code for answer in tries] == [422, 422, 422, 429, 429]


def test_A05_signing_in_says_the_same_to_everybody_it_does_not_know(people, nia):
    people.kai.set_password(PASSWORD)
    people.kai.save(update_fields=["password"])
    assert sign_in(outsider(), nia.email).status_code == 302
    tries = [(nia.email, "a-wrong-password"), ("nobody@family.example", PASSWORD), (people.kai.email, PASSWORD),
             (people.gareth.email, PASSWORD), (people.mali.account.name, PASSWORD)]  # fmt: skip
    answers = [(sign_in(outsider(), email, password), email) for email, password in tries]
    assert len({(answer.status_code, plain(answer, email)) for answer, email in answers[:4]}) == 1
    assert all(answer.status_code != 302 for answer, _email in answers)


def test_A05_a_reset_says_the_same_and_sends_one_mail_either_way(people, nia):
    seen = set()
    for email in (nia.email, "nobody@family.example", people.kai.email):
        before, browser = Delivery.objects.count(), outsider()
        answer = browser.post("/account/password/reset/", {"email": email})
        shown = browser.get(answer.headers["Location"])
        seen.add((answer.status_code, answer.headers["Location"], plain(shown, email)))
        assert Delivery.objects.count() == before + 1, email
        assert Delivery.objects.latest("pk").address == email
    assert len(seen) == 1


def reset_path(email: str) -> str:
    body = Delivery.objects.filter(address=email).latest("pk").body
    return re.search(r"https?://[^/\s]+(/account/password/reset/key/\S+)", body).group(1)


def choose(browser, path: str, password: str):
    page = browser.get(path, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else path
    return browser.post(where, {"password1": password, "password2": password})


def ask_reset(email: str, **headers) -> str:
    outsider().post("/account/password/reset/", {"email": email}, headers=headers)
    return reset_path(email)


def test_A06_a_reset_link_works_once(people, nia):
    path = ask_reset(nia.email)
    choose(outsider(), path, NEW)
    nia.refresh_from_db()
    assert nia.check_password(NEW)
    choose(outsider(), path, "a-third-phrase-for-2026")
    nia.refresh_from_db()
    assert nia.check_password(NEW)


def test_A06_a_reset_link_ends_after_an_hour(people, nia, monkeypatch):
    from datetime import datetime, timedelta

    path = ask_reset(nia.email)
    late = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005  as the generator does
    monkeypatch.setattr("accounts.sign_in.backends.ResetTokens._now", lambda self: late)
    choose(outsider(), path, NEW)
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)
    monkeypatch.undo()
    choose(outsider(), path, NEW)
    nia.refresh_from_db()
    assert nia.check_password(NEW)


@pytest.mark.parametrize("ends", ["password", "removal", "other"])
def test_A06_a_reset_link_ends_with_the_password_the_access_and_opens_no_other_account(people, nia, ends):
    path = ask_reset(nia.email)
    if ends == "password":
        nia.set_password(NEW)
        nia.save()
    elif ends == "removal":
        remove_access(nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    else:
        path = ask_reset(people.gareth.email).replace("key/", "key/", 1)
        token = path.rsplit("-", 1)[1]
        own = ask_reset(nia.email)
        path = own.rsplit("-", 1)[0] + "-" + token
    choose(outsider(), path, "a-third-phrase-for-2026")
    nia.refresh_from_db()
    assert not nia.check_password("a-third-phrase-for-2026")


def test_A06_the_link_leads_to_the_portal_whatever_host_was_asked(people, nia, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    refused = outsider().post(
        "/account/password/reset/", {"email": nia.email}, headers={"Host": "evil.example"}
    )
    assert refused.status_code == 400
    assert not Delivery.objects.exists()
    ask_reset(nia.email, **{"X-Forwarded-Host": "evil.example"})
    assert "evil" not in Delivery.objects.latest("pk").body


def test_A07_a_session_brought_along_is_not_the_one_after_sign_in(people, nia):
    browser = outsider()
    browser.get(LOGIN)
    session = browser.session
    session["planted"] = "x"
    session.save()
    browser.cookies["sessionid"] = planted = session.session_key
    assert sign_in(browser, nia.email).status_code == 302
    assert browser.cookies["sessionid"].value != planted
    thief = outsider()
    thief.cookies["sessionid"] = planted
    assert thief.get("/messages/").status_code == 302


def test_A07_a_session_that_never_was_is_not_taken_over(people, nia):
    browser = outsider()
    browser.cookies["sessionid"] = chosen = "a" * 32
    assert sign_in(browser, nia.email).status_code == 302
    assert browser.cookies["sessionid"].value != chosen


def test_A07_a_class_account_session_gets_a_new_session_key(people):
    browser = browser_of_people(people, people.celyn)
    before = browser.cookies["sessionid"].value
    answer = browser.post("/class/who/", {"who": people.adeyemi.pk, "pin": PIN})
    assert answer.status_code == 302 and browser.cookies["sessionid"].value != before
    thief = outsider()
    thief.cookies["sessionid"] = before
    assert thief.get("/class/board/").status_code == 302


def browser_of_people(people, who):
    client = people.client(who)
    client.raise_request_exception = False
    return client


ENDS = {
    "sign-out": lambda people, browser: browser.post("/account/logout/"),
    "password": lambda people, browser: (people.nia.set_password(NEW), people.nia.save()),
    "removal": lambda people, browser: remove_access(people.nia, by=people.actor(people.head), at=at("2026-11-10 10:00")),
    "inactive": lambda people, browser: type(people.nia).objects.filter(pk=people.nia.pk).update(is_active=False),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_A08_a_cookie_is_worth_nothing_afterwards(people, nia, end):
    browser, thief = browser_of_people(people, nia), outsider()
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert thief.get("/messages/").status_code == 200
    ENDS[end](people, browser)
    for headers, status, where in (({}, 302, "Location"), ({"HX-Request": "true"}, 200, "HX-Redirect")):
        answer = thief.get("/messages/", headers=headers)
        assert (answer.status_code, answer.content) == (status, b"")
        assert answer.headers[where].startswith(LOGIN)


def test_A08_changing_the_password_ends_the_other_devices(people, nia):
    here, elsewhere = browser_of_people(people, nia), browser_of_people(people, nia)
    assert elsewhere.get("/messages/").status_code == 200
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/account/password/change/", sent).status_code == 302
    assert elsewhere.get("/messages/").status_code == 302


def test_A08_a_removed_parent_cannot_sign_in_again(people, nia):
    assert sign_in(outsider(), nia.email).status_code == 302
    remove_access(nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    browser = outsider()
    assert sign_in(browser, nia.email).status_code != 302
    assert browser.get("/messages/").status_code == 302


def test_A13_weak_passwords_are_refused_and_strange_ones_kept_as_typed(people, nia):
    path = ask_reset(nia.email)
    for weak in ("short", "password12", "1234567890", "nia@family.example"):
        assert choose(outsider(), path, weak).status_code != 302, weak
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)
    long = " 🐉" + "ŵ" * 70
    choose(outsider(), path, long)
    assert sign_in(outsider(), nia.email, long).status_code == 302


def test_A14_the_admin_has_no_sign_in_to_guess_at(people):
    assert outsider().get("/admin/", follow=True).request["PATH_INFO"] == LOGIN
    answer = outsider().post("/admin/login/", {"username": "head", "password": "x"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith(LOGIN)


@pytest.fixture
def invited(people):
    made = guardianship(make_contact("Ŵyn", "Ŷstrad"), people.efa, None)
    invitation, code = make_invitation(
        guardianship=made, by=people.actor(people.office), at=at("2026-11-10 10:00"), by_hand=True
    )
    return invitation, code


def test_A16_every_spelling_of_a_code_opens_once(people, invited):
    _invitation, code = invited
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:12].lower()} {code[12:]} "
    assert outsider().post("/join/", {"code": typed, "date_of_birth": "2018-05-04"}).status_code == 302
    Invitation.objects.update(used_at=at("2026-11-10 10:00"))
    used = outsider().post("/join/", {"code": typed, "date_of_birth": "2018-05-04"})
    wrong = outsider().post("/join/", {"code": "K7QM 4XRD P9TW 20V1", "date_of_birth": "2018-05-04"})
    assert (used.status_code, wrong.status_code) == (422, 422)
    shown = [re.sub(r'name="code"[^>]*', "", plain(answer)) for answer in (used, wrong)]
    assert shown[0] == shown[1]


def test_A17_a_found_code_does_not_guardianship_its_finder_to_the_child(people, invited):
    invitation, code = invited
    for who in (people.dylan, people.nia):
        answer = browser_of_people(people, who).post("/join/", {"code": code, "date_of_birth": "2018-05-04"})
        assert answer.status_code == 422
    assert not Guardianship.objects.filter(contact__user=people.dylan, pupil=people.efa).exists()
    stranger = outsider().post("/join/", {"code": code, "date_of_birth": "2018-05-05"})
    assert stranger.status_code == 422
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


def test_A18_a_stolen_database_holds_no_code_no_pin_and_no_password(people, nia, invited):
    invitation, code = invited
    assert code not in str(Invitation.objects.filter(pk=invitation.pk).values())
    assert all(
        PIN not in staff.pin and staff.pin.startswith("argon2")
        for staff in StaffMember.objects.exclude(pin="")
    )
    assert nia.password.startswith("argon2") and PASSWORD not in nia.password


def test_A28_sign_up_and_confirmation_cannot_be_jumped_to(people):
    browser = outsider()
    before = type(people.nia).objects.count()
    sent = {"email": "new@family.example", "password1": PASSWORD}
    assert browser.post("/account/signup/", sent).status_code in (200, 302, 403)
    browser.post("/account/confirm-email/", {"code": "ABCDEF"})
    browser.post("/account/password/reset/key/1-set-password/", {"password1": NEW, "password2": NEW})
    assert type(people.nia).objects.count() == before
    assert browser.get("/messages/").status_code == 302


def test_A67_a_reset_link_altered_opens_nothing(people, nia):
    path = ask_reset(nia.email)
    uid, token = re.search(r"key/([^-]+)-([^/]+)/", path).groups()
    others = [
        default_token_generator.make_token(people.gareth),
        token[:-1],
        token[::-1],
        "set-password",
        uuid4().hex,
    ]
    for forged in others:
        choose(outsider(), f"/account/password/reset/key/{uid}-{forged}/", NEW)
        nia.refresh_from_db()
        assert nia.check_password(PASSWORD)
    choose(outsider(), path, NEW)
    nia.refresh_from_db()
    assert nia.check_password(NEW)


def test_A57_a_mail_carries_neither_words_nor_photos(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    from messaging.conversations.services.scheduling import announce_due as announce_messages
    from stories.services import announce_due
    from tests.structure.world import CANARY

    assert announce_due() and announce_messages()
    while deliver_due():
        pass
    assert len(mail.outbox) > 2
    for sent in mail.outbox:
        raw = sent.message().as_string()
        assert CANARY not in raw and "0" * 32 not in raw and "image/" not in raw
        assert sent.attachments == [] and sent.content_subtype == "plain"


def test_A57_the_browser_of_the_reader_gets_the_photo_only_when_signed_in(world):
    path = f"/photo/{world.photo.name}/640/"
    assert browser_of(world, world.people.nia).get(path).status_code == 200
    assert outsider().get(path).status_code == 302


def test_A07_sign_in_over_a_live_session_of_another_person_takes_nothing_along(people, nia):
    browser = browser_of_people(people, people.celyn)
    assert browser.session.get("staff")
    browser.force_login(nia, backend=BACKEND)
    assert "staff" not in browser.session
