"""The shared view and the parent lock, tried at every route (PA-11, AU-3)."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse

from accounts.gates import Opens, opens
from malpas.lib.uploads.photos import files as storage
from malpas.mail import mailbox
from tests.abuse.kit import PUBLIC_ARGS
from tests.accounts.parent_lock.lock import PIN, UNLOCK, give_pin, in_shared_view, locked
from tests.people import key
from tests.structure.access import ACCESS, PUBLIC
from tests.structure.routes import LEADERS, PARENTS, open_routes, route_names
from tests.structure.world import CANARY, make_world

pytestmark = [pytest.mark.django_db]
ADMIN = ["/admin/", "/admin/login/", "/admin/accounts/user/", "/admin/messaging/message/"]
NAMES_OF_ADULTS = ["Nia", "Gareth", "Pritchard", "Adeyemi", "Vaughan"]


@pytest.fixture
def world(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = make_world(people)
    path = storage.path_of(made.photo.name, 640)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")
    return made


def addresses(world) -> dict[str, str]:
    """Return every route behind which this parent has something, and some of the admin."""
    found = {name: reverse(name, kwargs=row.args(world)) for name, row in ACCESS.items()}
    found |= {
        name: reverse(name, kwargs=PUBLIC_ARGS.get(name)) for name in PUBLIC - {"mailbox", "mailbox_mail"}
    }
    return found | {f"admin {path}": path for path in ADMIN}


def requested(browser, path: str, method: str, **headers):
    """Return the response, and undo what it changed."""
    cookies = dict(browser.cookies)
    with transaction.atomic():
        answer = getattr(browser, method)(path, **headers)
        answer.body = "" if answer.streaming else answer.content.decode()
        transaction.set_rollback(True)
    browser.cookies.clear()
    browser.cookies.update(cookies)
    return answer


def ways(opened: set[str], world, browser) -> list[str]:
    """Return the wrong answers of closed routes: by GET, by POST, as a fragment."""
    wrong = []
    for name, path in addresses(world).items():
        if name in opened:
            continue
        for method in ("get", "post"):
            answer = requested(browser, path, method)
            if answer.status_code != 302 or not answer.url.startswith(UNLOCK) or CANARY in answer.body:
                wrong.append(f"{method} {name}: {answer.status_code}")
        part = requested(
            browser,
            path,
            "get",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/messages/"},
        )
        if part.status_code != 200 or CANARY in part.body or "lapsed" not in part["HX-Trigger"]:
            wrong.append(f"a part of {name}: {part.status_code}")
    return wrong


@pytest.mark.policy("PA-11", "PU-5")
def test_closed_routes_lead_a_locked_parent_to_unlock(world, people, clock):
    browser = locked(people, people.nia, clock)
    assert len(addresses(world)) > 70
    assert ways(open_routes(Opens.WHILE_LOCKED), world, browser) == []


@pytest.mark.policy("PA-11", "PU-5", "AU-3")
def test_closed_routes_lead_the_shared_view_to_unlock(world, people):
    browser = in_shared_view(people, people.nia)
    assert ways(open_routes(Opens.IN_SHARED_VIEW), world, browser) == []


# Whose decision it is: a new page of parents' stands here, or is declared open at its view.
LOCKED = {
    "account_change_password", "account_set_password", "account_reauthenticate", "account_email",
    "account_signup", "account_email_verification_sent", "join", "join_code",
    "account_confirm_login_code", "account_request_login_code",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_generate_recovery_codes", "mfa_index",
    "openid_connect_login", "openid_connect_callback",
    "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_setup",
    "staff_invitation", "staff_invitation_link",
    "address", "devices", "you", "devices_end", "still_off", "terms", "terms_mine", "terms_version", "saved_form",
    "child_meeting", "meeting_answer",
    "conversation_call", "conversation_done", "conversation_completed", "conversation_meet", "conversation_reopen",
    "parent_pin", "parent_lock_now", "parent_lock_here",
    "messages", "conversation", "conversation_news", "conversation_read", "child_conversation",
    "message_change", "message_withdraw", "message_put_back", "meeting_cancel", "meeting_move", "meeting_file", "write", "write_absence", "write_topic", "write_done", "absence_change", "absence_cancel",
    "enquiry_photo", "enquiry_photo_add", "enquiry_photo_remove", "file_add", "message_file", "message_file_small", "message_photo",
    "report_post", "post_take_down", "warnings", "warnings_read", "warnings_banner",
}  # fmt: skip


def undecided() -> set[str]:
    """Return parents' and public routes of which nobody decided whether they are locked."""
    of_parents = {name for name, row in ACCESS.items() if PARENTS & (row.ok | set(row.other))}
    return ((of_parents | PUBLIC) & set(route_names())) - LOCKED - open_routes(Opens.WHILE_LOCKED)


def test_every_page_of_parents_is_open_or_locked_by_decision():
    assert undecided() == set()
    assert set() == LOCKED & open_routes(Opens.WHILE_LOCKED)


def test_for_staff_the_lock_guards_what_families_alone_have():
    def may_open(row, people: set[str]) -> bool:
        return bool(people & (row.ok | {one for one, status in row.other.items() if status < 400}))

    staff = LEADERS | {"office"}
    alone = {name for name, row in ACCESS.items() if may_open(row, PARENTS) and not may_open(row, staff)}
    families, unlocked = open_routes(Opens.FOR_FAMILIES), open_routes(Opens.WHILE_LOCKED)
    assert alone - unlocked <= families
    assert set(ACCESS) >= families and not families & unlocked


def test_the_demo_schools_mailbox_opens_while_locked():
    """Its routes exist in demo mode only."""
    assert all(opens(view, Opens.WHILE_LOCKED) for view in (mailbox.index, mailbox.mail))


def test_public_routes_open_in_shared_view_and_while_locked():
    anybody, shared = open_routes(Opens.TO_ANYBODY), open_routes(Opens.IN_SHARED_VIEW)
    assert anybody < shared < open_routes(Opens.WHILE_LOCKED)


@pytest.mark.policy("PA-11", "AU-3")
def test_child_sees_points_and_stories_and_no_adults_name(world, people):
    browser = in_shared_view(people, people.nia)
    child, news = f"/together/{people.mali.pk}/", "/together/news/"
    pages = {path: browser.get(path).content.decode() for path in (child, news, UNLOCK, "/nowhere/")}
    assert "Sharing" in pages[child]
    assert f"A {CANARY}" in pages[news]
    assert browser.get(f"/photo/{world.photo.name}/640/").status_code == 200
    for path, body in pages.items():
        assert [name for name in NAMES_OF_ADULTS if name in body] == [], path
        assert not re.search(r'href="/(messages|write|report|news|account|help)/', body), path
        assert "Sign out" not in body or path == UNLOCK, path


def test_it_shows_ones_own_children_only(world, people):
    browser = in_shared_view(people, people.dylan)
    assert browser.get(f"/together/{people.mali.pk}/").status_code == 404
    assert browser.get("/together/").url == f"/together/{people.rhys.pk}/"
    assert CANARY not in browser.get("/together/news/").content.decode()


def test_a_parent_of_two_chooses_whose_points(people):
    body = in_shared_view(people, people.sioned).get("/together/").content.decode()
    assert "Efa" in body
    assert "Tomos" in body


@pytest.mark.policy("PA-11", "AU-3")
def test_only_unlocking_leads_back(world, people):
    browser = in_shared_view(people, people.nia)
    assert browser.post(UNLOCK, {"pin": "9182"}).status_code == 422
    assert browser.get("/messages/").status_code == 302
    assert browser.get("/").url == "/together/"
    assert browser.post(UNLOCK, {"pin": PIN}).status_code == 302
    assert browser.get("/messages/").status_code == 200


def test_it_stands_when_the_browser_comes_back_a_week_later(people, clock):
    browser = in_shared_view(people, people.nia)
    clock.set("2026-11-17 10:00")
    assert browser.get("/").url == "/together/"
    assert browser.get("/news/").status_code == 302


def test_it_opens_while_locked_too(people, clock):
    browser = locked(people, people.nia, clock)
    assert browser.post("/together/begin/").url == "/together/"
    assert browser.get("/news/").status_code == 302


def test_an_answer_on_its_way_cannot_write_the_mark_away(people):
    give_pin(people.nia)
    browser = people.client(people.nia)
    before = browser.cookies["sessionid"].value
    browser.post("/together/begin/")
    assert browser.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.policy("PU-5")
def test_posts_from_an_old_tab_are_not_carried_out(world, people):
    browser = in_shared_view(people, people.nia)
    path = f"/messages/{world.conversation.pk}/"
    browser.post(path, {"body": "haha", "key": key()})
    assert world.conversation.messages.filter(body="haha").count() == 0


def test_only_a_post_begins_it(people):
    browser = people.client(people.nia)
    assert browser.get("/together/begin/").status_code == 405
    assert browser.get("/together/").status_code == 404


def test_the_mark_is_stronger_than_a_lock_that_is_open(people):
    browser = people.client(people.nia)
    session = browser.session
    session["shared_view"] = "2026-11-10T10:00:00+00:00"
    session.save()
    assert browser.get("/messages/").status_code == 302
