import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.devices import Device
from accounts.models.notifications import Delivery
from accounts.sessions.devices import end_all_sessions
from tests.people import PASSWORD
from tests.sentences.accounts import NEW_DEVICE_SIGNED_IN

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"

pytestmark = pytest.mark.usefixtures("no_counts")


def sign_in(user, browser=None, agent=ANDROID, **more):
    browser = browser or Client()
    form = {"login": user.email, "password": PASSWORD, "remember": "true"} | more
    answer = browser.post("/account/login/", form, headers={"User-Agent": agent})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def notices(user) -> list[str]:
    return list(
        Delivery.objects.filter(address=user.email, subject=NEW_DEVICE_SIGNED_IN)
        .order_by("pk")
        .values_list("body", flat=True)
    )


@pytest.fixture
def nia(people):
    people.nia.set_password(PASSWORD)
    people.nia.save()
    people.client(people.nia)  # the terms are agreed to
    return people.nia


@pytest.mark.policy("AU-6")
def test_the_first_device_is_not_announced_and_a_second_one_is(nia, settings):
    sign_in(nia)
    assert notices(nia) == []
    sign_in(nia, agent=WINDOWS)
    (mail,) = notices(nia)
    assert (
        "Firefox on Windows" in mail and "Tuesday 10 November, 10:00" in mail and "/account/devices/" in mail
    )
    assert "127.0.0.1" not in mail.replace(settings.PUBLIC_URL, "") and "Mozilla" not in mail


def test_a_device_that_is_known_is_not_announced_again(nia):
    sign_in(nia)
    browser = sign_in(nia, agent=WINDOWS)
    browser.post("/account/logout/")
    sign_in(nia, browser, agent=WINDOWS)
    assert len(notices(nia)) == 1


def test_copied_cookie_does_not_hide_another_browser(nia):
    first = sign_in(nia)
    thief = Client()
    thief.cookies["device"] = first.cookies["device"].value
    sign_in(nia, thief, agent=WINDOWS)
    assert len(notices(nia)) == 1


def test_shared_device_is_reported_each_time_without_cookie(nia):
    sign_in(nia)
    browser = sign_in(nia, agent=WINDOWS, remember="false")
    assert "device" not in browser.cookies
    sign_in(nia, browser=Client(), agent=WINDOWS, remember="false")
    assert len(notices(nia)) == 2


def test_device_shared_by_one_user_is_reported_each_time(nia):
    sign_in(nia)
    browser = Client()
    browser.cookies["device"] = "of-somebody-else"
    for _time in range(2):
        sign_in(nia, browser, agent=WINDOWS, remember="false")
        browser.post("/account/logout/")
    assert len(notices(nia)) == 2


def test_the_mail_is_in_the_persons_language(nia):
    type(nia).objects.filter(pk=nia.pk).update(language="cy")
    sign_in(nia)
    sign_in(nia, agent=WINDOWS)
    mail = Delivery.objects.filter(address=nia.email).latest("pk")
    assert "Mae dyfais newydd" in mail.subject and "Firefox ar Windows" in mail.body


def test_only_the_hash_of_the_cookie_is_stored(nia):
    browser = sign_in(nia)
    assert len(Device.objects.get(user=nia).mark) == 64
    assert browser.cookies["device"].value not in str(Device.objects.values())
    assert browser.cookies["device"]["httponly"]


@pytest.mark.policy("AU-6")
def test_page_names_each_device_this_one_first(nia, clock):
    elsewhere = sign_in(nia, agent=WINDOWS)
    clock.set("2026-11-10 10:05")
    elsewhere.get("/messages/")
    page = sign_in(nia).get("/account/devices/").content.decode()
    assert page.index("Chrome on Android") < page.index("This device") < page.index("Firefox on Windows")
    assert "Last used today at 10:05" in page
    assert "Mozilla" not in page and "127.0.0.1" not in page


@pytest.mark.policy("AU-6")
def test_one_device_is_signed_out_from_another(nia):
    first, second = sign_in(nia), sign_in(nia, agent=WINDOWS)
    row = UserSession.objects.get(session_key=first.session.session_key)
    assert second.post("/account/devices/end/", {"device": row.pk}).status_code == 302
    assert first.get("/messages/").headers["Location"].startswith("/account/login/")
    assert second.get("/messages/").status_code == 200
    assert AuditEntry.objects.filter(verb="session.ended", user=nia).count() == 1
    sign_in(nia, first)
    assert len(notices(nia)) == 2  # the one that was signed out is unknown again


def test_A19_nobody_signs_another_persons_device_out(people, nia):
    mine = sign_in(nia)
    row = UserSession.objects.get(user=nia)
    stranger = people.client(people.dylan)
    assert stranger.post("/account/devices/end/", {"device": row.pk}).status_code == 302
    assert mine.get("/messages/").status_code == 200


@pytest.mark.parametrize("sent", [{}, {"device": "x"}, {"device": "-1"}, {"device": "9" * 30}])
def test_rubbish_signs_nobody_out(nia, sent):
    browser = sign_in(nia)
    assert browser.post("/account/devices/end/", sent).status_code == 302
    assert browser.get("/messages/").status_code == 200


def test_A08_everywhere_else_ends_all_others_listed_or_not(people, nia):
    here, listed, unlisted = sign_in(nia), sign_in(nia, agent=WINDOWS), people.client(nia)
    here.post("/account/devices/end/", {"others": "true"})
    assert [browser.get("/messages/").status_code for browser in (here, listed, unlisted)] == [200, 302, 302]
    page = here.get("/account/devices/").content.decode()
    assert "This device" in page and "Firefox" not in page


def test_what_has_ended_is_not_on_the_list(people, nia, clock):
    sign_in(nia, agent=WINDOWS)
    end_all_sessions(nia, by=people.actor(people.head))
    nia.refresh_from_db()
    sign_in(nia, agent=WINDOWS, remember="false")
    clock.set("2026-11-10 10:31")
    assert "Firefox" not in sign_in(nia).get("/account/devices/").content.decode()


def test_query_count_does_not_grow_with_devices(nia, django_assert_max_num_queries):
    browser = sign_in(nia)
    for _n in range(5):
        sign_in(nia, agent=WINDOWS)
    browser.get("/messages/")
    with django_assert_max_num_queries(8):
        browser.get("/account/devices/")


def test_sign_in_after_signing_out_everywhere_is_reported(people, nia):
    sign_in(nia)
    end_all_sessions(nia, by=people.actor(people.head))
    sign_in(nia, agent=WINDOWS)
    assert len(notices(nia)) == 1


def test_a_new_password_makes_every_other_browser_a_stranger(nia):
    here, other = sign_in(nia), sign_in(nia, agent=WINDOWS)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "quite another phrase"})
    nia.refresh_from_db()
    before = len(notices(nia))
    for browser in (here, other):
        browser.post("/account/logout/")
    again = {"password": "quite another phrase"}
    sign_in(nia, here, **again)
    assert len(notices(nia)) == before
    sign_in(nia, other, agent=WINDOWS, **again)
    assert len(notices(nia)) == before + 1
