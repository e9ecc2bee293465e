"""What browsers are told and asked: tokens, safe reading, redirects, headers, caches (A30–A34, A63)."""

import re
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models.audit import AuditEntry
from classes.models.guardianships import Guardianship
from malpas.lib.uploads.serving import REVALIDATED
from messaging.models.conversations import Message
from points.models import Award
from tests.abuse.kit import all_paths, browser_of, outsider, public_paths
from tests.people import BACKEND, PASSWORD
from tests.structure.routes import route_names

WRITES = [
    "board_award",
    "board_undo",
    "conversation",
    "message_change",
    "message_withdraw",
    "write_absence",
    "post_new",
]


def strict(world, who) -> Client:
    """A browser of this person whose tokens are asked for, as outside of tests."""
    open_one = world.people.client(who)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = open_one.cookies
    return client


def test_A30_no_address_takes_anything_without_a_token(world):
    people, wrong = world.people, []
    browsers = [strict(world, who) for who in (people.nia, people.celyn, people.head)]
    for path in all_paths(world):
        for browser in [*browsers, Client(enforce_csrf_checks=True, raise_request_exception=False)]:
            status = browser.post(path, {"body": "x"}, headers={"HX-Request": "true"}).status_code
            if status != 403:
                wrong.append((path, status))
    assert wrong == []


def admin_posts(world) -> list[str]:
    lists = [reverse(name) for name in route_names() if re.match(r"admin:\w+_(changelist|add)$", name)]
    acts = [
        reverse("admin:classes_guardianship_change", args=[world.guardianship.pk]),
        reverse("admin:moderation_report_decide", args=[world.report.pk, "remove"]),
    ]
    return lists + acts


def test_A30_nor_does_the_admin(world):
    head, paths = strict(world, world.people.head), admin_posts(world)
    assert len(paths) > 20
    for path in paths:
        assert head.post(path, {"reason": "x"}).status_code == 403, path


def test_A30_a_token_from_elsewhere_is_none(world):
    people, path = world.people, reverse("child_conversation", args=[world.people.mali.pk])
    browser = strict(world, people.gareth)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode()).group(1)
    other = strict(world, people.dylan)
    mine = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', other.get("/help/").content.decode()).group(1)
    sent = {"body": "Hello", "key": str(uuid4())}
    before = Message.objects.count()
    assert browser.post(path, sent | {"csrfmiddlewaretoken": mine}).status_code == 403
    away = {"Origin": "https://evil.example", "X-CSRFToken": token}
    assert browser.post(path, sent, headers=away).status_code == 403
    assert browser.post(path, '{"body": "x"}', content_type="text/plain").status_code == 403
    assert Message.objects.count() == before
    assert browser.post(path, sent | {"csrfmiddlewaretoken": token}).status_code == 302
    assert Message.objects.count() == before + 1


COUNTS_APART = {"Session", "AuditEntry"}


def everything() -> dict[str, list]:
    """Every row of every table, save the sessions and the record."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model.__name__ not in COUNTS_APART
    }


def test_A31_reading_changes_nothing(world):
    people = world.people
    browsers = [browser_of(world, who) for who in (people.nia, people.celyn, people.head)]
    before, written = everything(), AuditEntry.objects.count()
    admin = [path for path in admin_posts(world) if "decide" not in path]
    for browser in [*browsers, outsider()]:
        for path in [*all_paths(world), *admin]:
            assert browser.get(path).status_code < 500, path
    assert everything() == before
    new = AuditEntry.objects.order_by("turn")[written:]
    assert {entry.verb for entry in new} == {"report.opened"}


def test_A31_a_prefetched_sign_out_signs_nobody_out(world):
    for path in ("/account/logout/", "/pupil/leave/"):
        for who in (world.people.nia, world.people.mali):
            browser = browser_of(world, who)
            browser.get(path)
            assert browser.get("/", follow=True).status_code == 200
            assert "_auth_user_id" in browser.session


EVIL = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", " //evil.example", "http:///evil.example", "//evil.example@ours",
]  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_A32_no_next_leads_out_of_the_portal(world, target):
    people = world.people
    people.nia.set_password(PASSWORD)
    people.nia.save()
    sent = {"login": people.nia.email, "password": PASSWORD, "next": target}
    answers = [
        outsider().post("/account/login/", sent),
        outsider().post("/account/login/?next=/points/", sent),
    ]
    assert all(answer.status_code == 302 for answer in answers)
    who = {"who": people.pritchard.pk, "pin": "4071", "next": target}
    for headers in ({}, {"HX-Request": "true"}):
        answers.append(browser_of(world, people.celyn).post("/class/who/", who, headers=headers))
        answers.append(outsider().post("/language/", {"language": "cy", "next": target}, headers=headers))
        answers.append(
            browser_of(world, people.nia).post("/account/logout/", {"next": target}, headers=headers)
        )
    for answer in answers:
        assert answer.status_code in (200, 204, 302, 422)
        for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url"):
            assert "evil" not in answer.headers.get(name, "") and ":" not in answer.headers.get(name, ""), (
                name
            )


def test_A32_a_next_within_the_portal_is_followed(world):
    who = {"who": world.people.pritchard.pk, "pin": "4071", "next": "/news/"}
    assert browser_of(world, world.people.celyn).post("/class/who/", who).headers["Location"] == "/news/"


def walled(answer) -> list[str]:
    """Which of the walls are missing."""
    asked = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    missing = [name for name, value in asked.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"):
        missing += [] if part in policy else [part]
    return missing + (["unsafe"] if "unsafe" in policy else [])


def test_A33_every_answer_carries_the_walls(world, monkeypatch):
    people, kinds = world.people, set()
    browsers = [browser_of(world, who) for who in (people.nia, people.celyn, people.office)]
    for browser in [outsider(), *browsers]:
        for path in [*all_paths(world), "/no-such-page/", "/help/?a=%00", "/admin/", "/static/css/none.css"]:
            asked = [browser.get(path)]
            if browser is browsers[0] and path not in ("/account/logout/", "/pupil/leave/"):
                asked.append(browser.post(path))
            for answer in asked:
                assert walled(answer) == [], (path, answer.status_code)
                kinds.add((answer.status_code, answer.headers.get("Content-Type", "").split(";")[0]))
    paper = browsers[1].post("/class/cards/")
    assert walled(paper) == []
    kinds.add((paper.status_code, paper.headers["Content-Type"]))
    assert {200, 204, 302, 400, 403, 404, 405, 422} <= {status for status, _kind in kinds}
    assert {"text/html", "text/csv", "image/jpeg", "application/pdf"} <= {kind for _status, kind in kinds}

    def broken(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("messaging.inbox.parent_rows", broken)
    answer = browser_of(world, world.people.nia).get("/messages/")
    assert answer.status_code == 500 and walled(answer) == []
    assert "broken on purpose" not in answer.content.decode()


def test_A33_over_https_every_answer_asks_for_https(people, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for path in ("/help/", "/no-such-page/", "/messages/", "/help/?a=%00"):
        assert Client().get(path, secure=True).headers["Strict-Transport-Security"] == "max-age=31536000"


OUTSIDE = re.compile(
    r"""(?:src|srcset|href|action|poster|data|hx-get|hx-post|formaction|content)=["']?\s*(?:https?:)?//[^"'\s>]+"""
)
LINKS_OUT = {'href="https://school.example/behaviour'}  # a link that people press: the school's own


def test_A34_no_page_asks_another_host_for_anything(world):
    people, seen = world.people, 0
    for who in (None, people.nia, people.celyn, people.head, people.mali):
        browser = browser_of(world, who) if who else outsider()
        for path in [*all_paths(world), "/admin/"]:
            answer = browser.get(path)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                seen += 1
                assert set(OUTSIDE.findall(answer.content.decode())) <= LINKS_OUT, path
                assert "@import" not in answer.content.decode()
    assert seen > 50


def test_A34_no_style_asks_another_host_for_anything():
    from django.conf import settings

    sheets = list((settings.BASE_DIR / "static").rglob("*.css")) + list(
        (settings.BASE_DIR / "static").rglob("*.js")
    )
    assert len(sheets) > 5
    for sheet in sheets:
        text = sheet.read_text()
        assert not re.search(
            r"url\(\s*['\"]?(https?:)?//|@import\s+['\"]?(url\()?https?:|fetch\(\s*['\"]https?:", text
        ), sheet


def test_A63_what_is_for_one_person_is_kept_by_no_cache_and_a_fragment_never_stands_for_a_page(world):
    for who in (world.people.nia, world.people.celyn):
        browser = browser_of(world, who)
        for path in all_paths(world):
            answer = browser.get(path)
            is_photo = answer.headers.get("Content-Type") == "image/jpeg" and path.startswith("/photo/")
            stored = REVALIDATED if is_photo else "private, no-store"
            assert answer.headers["Cache-Control"] == stored, path
            assert "HX-Request" in answer.headers["Vary"], path
    part = browser_of(world, world.people.celyn).get(
        reverse("board_award"), {"all": "on"}, headers={"HX-Request": "true"}
    )
    whole = browser_of(world, world.people.celyn).get(reverse("board_award"), {"all": "on"})
    assert "<html" not in part.content.decode() and "<html" in whole.content.decode()


def test_A63_pages_for_everybody_differ_by_language_and_cookie(people):
    for path in public_paths():
        answer = outsider().get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].replace(" ", "").split(",")), (
                path
            )


def test_A10_after_signing_out_back_shows_nothing_of_the_first_family(world):
    people = world.people
    people.client(people.dylan)  # who has agreed to the terms
    browser = browser_of(world, people.nia)
    page = browser.get("/messages/")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '"historyCacheSize":0' in page.content.decode()
    gone = browser.post("/account/logout/")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert gone.headers["Cache-Control"] == "private, no-store"
    assert not browser.session.keys()
    browser.force_login(people.dylan, backend=BACKEND)
    shown = browser.get("/points/", follow=True).content.decode()
    assert "Rhys" in shown and "Mali" not in shown
    assert Guardianship.objects.live().filter(contact__user=people.nia).exists() and Award.objects.exists()


def test_A10_forms_with_secrets_are_not_filled_in_again(world):
    page = outsider().post("/account/login/", {"login": "nia@family.example", "password": "a wrong one"})
    assert "a wrong one" not in page.content.decode()
    pin = browser_of(world, world.people.celyn).post(
        "/class/who/", {"who": world.people.pritchard.pk, "pin": "9183"}
    )
    assert pin.status_code == 422 and "9183" not in pin.content.decode()
