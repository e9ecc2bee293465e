import re
from dataclasses import replace
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import User
from classes import rate_limits
from classes.enums import Restriction
from classes.guardianship.restrictions import set_restriction
from classes.joining.invitations import withdraw_invitation
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from tests.clock import at
from tests.people import PASSWORD, make_contact, make_user
from tests.sentences.accounts import ACCOUNT_EXISTS_ALREADY
from tests.sentences.classes import THIRD_ADULT_REFUSED

NOW = at("2026-11-10 10:00")
BORN = "04/05/2018"
EMAIL = "wyn@family.example"


@pytest.fixture(autouse=True)
def few_tries(monkeypatch) -> None:
    """Lower the limits to 13 per address and 3 per person."""
    monkeypatch.setattr(rate_limits, "JOIN_ADDRESS", replace(rate_limits.JOIN_ADDRESS, amount=13))
    monkeypatch.setattr(rate_limits, "JOIN_PERSON", replace(rate_limits.JOIN_PERSON, amount=3))


def enter(client, code, born=BORN):
    return client.post("/join/", {"code": code, "date_of_birth": born})


def plain(answer) -> str:
    """Return the page without typed values and secrets."""
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer.content.decode()
    )
    return re.sub(r'(name="code"|name="date_of_birth")[^>]*', r"\1", re.sub(r' value="[^"]*"', "", text))


def mailed_code(email=EMAIL) -> str:
    mail = Delivery.objects.filter(address=email).latest("pk")
    return re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mail.body, re.MULTILINE).group(1)


def sign_up(client, email=EMAIL):
    return client.post("/account/signup/", {"email": email, "password1": PASSWORD})


@pytest.mark.policy("PA-1")
def test_the_qr_opens_the_page_with_the_code_filled_in(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    page = Client().get(f"/join/{code}/")
    assert page.status_code == 200
    assert f"{code[:4]} {code[4:8]}" in page.content.decode()


@pytest.mark.policy("PA-1")
@pytest.mark.policy("AU-2")
@pytest.mark.policy("AU-8")
def test_a_parent_joins_with_code_birthday_and_mailed_code(people, make_guardianship, invite):
    invitation, code = invite(make_guardianship())
    browser = Client()
    assert enter(browser, code.lower(), "2018-05-04").headers["Location"] == "/account/signup/"
    assert sign_up(browser).headers["Location"] == "/account/confirm-email/"
    user = User.objects.get(email=EMAIL)
    assert user.name == "Ŵyn Ŷstrad"
    invitation.refresh_from_db()
    assert invitation.claimed_by == user and invitation.used_at is None
    assert not Guardianship.objects.live().filter(contact__user=user).exists()
    answer = browser.post("/account/confirm-email/", {"code": mailed_code()})
    assert answer.headers["Location"] == "/"
    assert Guardianship.objects.live().filter(contact__user=user, pupil=people.efa).exists()
    assert browser.get("/").headers["Location"] == "/terms/agree/"


def test_a_name_typed_at_sign_up_is_not_taken(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    browser = Client()
    enter(browser, code)
    data = {"email": EMAIL, "password1": PASSWORD, "name": "Mrs Vaughan", "first_name": "Head"}
    browser.post("/account/signup/", data)
    assert User.objects.get(email=EMAIL).name == "Ŵyn Ŷstrad"


def test_sign_up_is_closed_without_a_code(people):
    page = Client().get("/account/signup/")
    assert "/join/" in page.content.decode()
    sign_up(Client())
    assert not User.objects.filter(email=EMAIL).exists()


def test_sign_up_closes_when_the_code_is_withdrawn_meanwhile(people, make_guardianship, invite):
    guardianship = make_guardianship()
    _invitation, code = invite(guardianship)
    browser = Client()
    enter(browser, code)
    withdraw_invitation(guardianship=guardianship, by=people.actor(people.office), at=NOW)
    sign_up(browser)
    assert not User.objects.filter(email=EMAIL).exists()


def refused_codes(people, make_guardianship, invite):
    """Return every kind of refused code, each proved to have existed."""
    office = people.actor(people.office)
    used, used_code = invite(make_guardianship(contact=make_contact("A", "Used")))
    Invitation.objects.filter(pk=used.pk).update(used_at=NOW)
    _ended, ended_code = invite(make_guardianship(contact=make_contact("A", "Ended")), "2026-10-01 10:00")
    gone, gone_code = invite(make_guardianship(contact=make_contact("A", "Withdrawn")))
    withdraw_invitation(guardianship=gone.guardianship, by=office, at=NOW)
    barred, barred_code = invite(make_guardianship(contact=make_contact("A", "Barred")))
    Guardianship.objects.filter(pk=barred.guardianship_id).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    over, over_code = invite(make_guardianship(contact=make_contact("A", "Over")))
    Guardianship.objects.filter(pk=over.guardianship_id).update(ended_at=NOW)
    User.objects.filter(pk=people.kai.pk).update(removed_at=None)
    _other, removed_code = invite(make_guardianship(contact=people.kai.contact))
    User.objects.filter(pk=people.kai.pk).update(removed_at=NOW)
    return [used_code, ended_code, gone_code, barred_code, over_code, removed_code]


@pytest.mark.policy("PA-1")
def test_every_refused_code_gets_the_same_answer(
    people, make_guardianship, invite, django_assert_num_queries
):
    _good, good_code = invite(make_guardianship(contact=make_contact("A", "Good")))
    tries = [(code, BORN) for code in refused_codes(people, make_guardianship, invite)]
    tries += [("K7QM 4XRD P9TW 20V1", BORN), ("no code", BORN), ("x" * 6000, BORN), (good_code, "05/05/2018")]
    pages = {plain(enter(Client(), "no code"))}
    for code, born in tries:
        with django_assert_num_queries(3):  # the school, one search, one count
            answer = enter(Client(), code, born)
        assert answer.status_code == 422
        pages.add(plain(answer))
    assert len(pages) == 1
    assert enter(Client(), good_code).status_code == 302


@pytest.mark.parametrize(
    "born", ["", "yesterday", "31/02/2018", "0", "9" * 5000, "\x00", "2018-05-04T00:00", "ŵ"]
)
def test_a_date_that_is_none_gets_a_sentence(people, born):
    answer = enter(Client(), "K7QM 4XRD P9TW 20V1", born)
    assert answer.status_code == 422
    assert "date" in answer.content.decode()


@pytest.mark.parametrize("code", ["", " ", "\x00", "x" * 6000, "' OR 1=1 --", "‮K7QM", "\ud800"])
def test_a_hostile_code_gets_a_sentence(people, code):
    typed = quote_from_bytes(code.encode("utf-8", "surrogatepass"))
    body = f"code={typed}&date_of_birth=04/05/2018"
    answer = Client().post("/join/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


@pytest.mark.parametrize("code", ["x" * 3000, "%E2%80%AE", "<script>", "a b"])
def test_a_hostile_address_shows_the_plain_page(people, code):
    page = Client().get(f"/join/{code}/")
    assert page.status_code in {200, 400}
    assert "<script>alert" not in page.content.decode()


@pytest.mark.policy("PA-1")
def test_guessing_from_one_address_is_shut_out(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    for _try in range(rate_limits.JOIN_ADDRESS.amount):
        assert enter(Client(), "K7QM 4XRD P9TW 20V1").status_code == 422
    answer = enter(Client(), code)
    assert answer.status_code == 429
    assert "lot of tries" in answer.content.decode()


def test_right_codes_are_not_counted(people, make_guardianship, invite):
    for _try in range(rate_limits.JOIN_ADDRESS.amount + 2):
        _invitation, code = invite(Guardianship.objects.filter(joined_at=None).first() or make_guardianship())
        assert enter(Client(), code).status_code == 302


def test_somebody_signed_in_is_counted_by_themselves(people):
    browser = people.client(people.nia)
    for _try in range(rate_limits.JOIN_PERSON.amount):
        assert enter(browser, "K7QM 4XRD P9TW 20V1").status_code == 422
    assert enter(browser, "K7QM 4XRD P9TW 20V1").status_code == 429
    assert enter(people.client(people.dylan), "K7QM 4XRD P9TW 20V1").status_code == 422


@pytest.mark.policy("PA-1")
def test_the_rate_limit_holds_while_redis_is_down(people, settings):
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "unix:///nowhere/redis.sock",
    }
    settings.CACHES = settings.CACHES | {"default": redis}
    for _try in range(rate_limits.JOIN_ADDRESS.local_amount):
        assert enter(Client(), "K7QM 4XRD P9TW 20V1").status_code == 422
    assert enter(Client(), "K7QM 4XRD P9TW 20V1").status_code == 429


@pytest.mark.policy("PA-5")
def test_a_second_child_is_added_to_the_same_account(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship(people.rhys, contact=people.nia.contact))
    browser = people.client(people.nia)
    assert enter(browser, code).headers["Location"] == "/"
    guardianships = Guardianship.objects.live().filter(contact__user=people.nia)
    assert {guardianship.pupil for guardianship in guardianships} == {people.mali, people.rhys}


def test_a_code_of_another_adult_gets_the_one_answer(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship(user=make_user("Ŵyn Ŷstrad", EMAIL)))
    mine = enter(people.client(people.dylan), code)
    wrong = enter(people.client(people.dylan), "K7QM 4XRD P9TW 20V1")
    assert (mine.status_code, plain(mine)) == (wrong.status_code, plain(wrong))
    assert Invitation.objects.open().exists()


def test_a_parent_with_an_account_signs_in_to_add_the_child(people, make_guardianship, invite):
    people.nia.set_password(PASSWORD)
    people.nia.save()
    _invitation, code = invite(make_guardianship(people.rhys, contact=people.nia.contact))
    browser = Client()
    assert enter(browser, code).headers["Location"] == "/account/login/"
    browser.post("/account/login/", {"login": people.nia.email, "password": PASSWORD})
    assert Guardianship.objects.live().filter(contact__user=people.nia, pupil=people.rhys).exists()


@pytest.mark.policy("PA-2")
def test_a_third_adult_is_sent_to_the_office(people, late_for_a_slot):
    _guardianship, invitation, code = late_for_a_slot()
    answer = enter(Client(), code)
    assert answer.status_code == 422
    assert THIRD_ADULT_REFUSED in answer.content.decode()
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


@pytest.mark.policy("PA-2")
def test_losing_the_last_slot_at_sign_up_leaves_the_code(people, make_guardianship, invite):
    invitation, code = invite(make_guardianship())
    browser = Client()
    enter(browser, code)
    sign_up(browser)
    other = make_guardianship(contact=make_contact("Ann", "Quicker"))
    Guardianship.objects.filter(pk=other.pk).update(joined_at=NOW, slot=2)
    answer = browser.post("/account/confirm-email/", {"code": mailed_code()}, follow=True)
    assert THIRD_ADULT_REFUSED in answer.content.decode()
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


@pytest.mark.policy("AU-2")
@pytest.mark.policy("AU-6")
def test_an_address_in_use_gets_the_same_page_and_makes_nothing(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    pages = []
    for email in (people.dylan.email, "new@family.example"):
        browser = Client()
        enter(browser, code)
        answer = sign_up(browser, email)
        opened = browser.get(answer.headers["Location"])
        pages.append((answer.status_code, answer.headers["Location"], plain(opened).replace(email, "")))
    assert pages[0] == pages[1]
    assert User.objects.filter(email__iexact=people.dylan.email).count() == 1
    assert ACCOUNT_EXISTS_ALREADY in Delivery.objects.get(address=people.dylan.email).body


def test_the_mail_is_queued_in_the_recipients_language(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    browser = Client(headers={"accept-language": "cy"})
    enter(browser, code)
    sign_up(browser)
    user = User.objects.get(email=EMAIL)
    mail = Delivery.objects.get(address=EMAIL)
    assert user.language == "cy"
    assert (mail.state, mail.user) == ("pending", user)


@pytest.mark.policy("PA-9")
def test_no_access_ends_at_the_next_request_and_is_written_down(people):
    guardianship = Guardianship.objects.get(contact__user=people.nia)
    Delivery.objects.create(
        user=people.nia, address=people.nia.email, subject="x", body="x", message_id="<1@x>"
    )
    note = {"restriction": Restriction.NO_ACCESS, "note": "Seen the order."}
    set_restriction(guardianship=guardianship, **note, by=people.actor(people.office), at=NOW)
    assert not Guardianship.objects.live().filter(contact__user=people.nia).exists()
    assert Guardianship.objects.live().filter(contact__user=people.gareth).exists()
    assert Delivery.objects.get(user=people.nia).state == "cancelled"
