import re
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from malpas.lib.uploads.photos import files as storage
from tests.structure.access import ACCESS, PUBLIC
from tests.structure.routes import EVERYBODY_IN, OUTSIDE, Row, route_names
from tests.structure.world import CANARY, make_world

OURS = re.compile("admin:(accounts|classes|points|messaging|stories|moderation)_")


def unlisted(names: set[str], access: dict[str, Row], public: set[str]) -> set[str]:
    """Routes that nobody has decided about; the admin is tried as a whole."""
    return {name for name in names if not name.startswith("admin:")} - set(access) - public


def test_every_route_is_in_the_table_or_on_the_public_list():
    assert unlisted(set(route_names()), ACCESS, PUBLIC) == set()


def test_the_table_names_no_route_that_is_gone():
    assert (set(ACCESS) | PUBLIC) - set(route_names()) <= {"mailbox", "mailbox_mail"}


def test_a_new_route_without_a_row_is_found():
    assert unlisted({"home", "secret_door", "admin:index"}, {"home": Row(set())}, set()) == {"secret_door"}


@pytest.fixture
def world(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = make_world(people)
    for size in (640, 1600):
        path = storage.path_of(made.photo.name, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a picture")
    return made


def ask(browser: Client, name: str, row: Row, world):
    path = reverse(name, kwargs=row.args(world))
    return browser.post(path, row.data(world)) if row.method == "post" else browser.get(path)


def tried(world, name: str, row: Row, browser: Client | None) -> tuple[int, bool]:
    """(status, whether somebody who was turned away saw a family's words); what it changed is undone."""
    browser = browser or Client()
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        answer = ask(browser, name, row, world)
        body = b"" if answer.streaming else answer.content
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer.status_code, answer.status_code in (302, 403, 404) and CANARY.encode() in body


def test_the_matrix_holds(world):
    browsers, wrong = world.people.everybody(), []
    for name, row in ACCESS.items():
        for person, browser in browsers.items():
            status, leaked = tried(world, name, row, browser)
            if leaked or status != row.expected(person):
                wrong.append(f"{name} for {person}: {status}, not {row.expected(person)}; leaked: {leaked}")
    assert set(browsers) == EVERYBODY_IN | OUTSIDE
    assert wrong == []


def test_a_wrong_row_is_found(world):
    everybody = Row(ok=EVERYBODY_IN, args=lambda world: {"pk": world.conversation.pk})
    browser = world.people.client(world.people.dylan)
    status, _leaked = tried(world, "conversation", everybody, browser)
    assert status != everybody.expected("parent of another class")


def admin_lists() -> list[str]:
    return sorted(name for name in route_names() if OURS.match(name) and name.endswith("_changelist"))


def test_the_admin_is_closed_to_everybody_but_office_and_leaders(world):
    assert len(admin_lists()) >= 10
    browsers = world.people.everybody()
    for person in EVERYBODY_IN - {"office", "deputy", "head"}:
        for name in ["admin:index", *admin_lists()]:
            answer = browsers[person].get(reverse(name))
            assert answer.status_code in (302, 404), (person, name)
            assert CANARY.encode() not in answer.content


OFFICE_NEVER = {
    "admin:moderation_report_changelist",
    "admin:moderation_decision_changelist",
    "admin:accounts_auditentry_changelist",
    "admin:points_behaviour_changelist",
    "admin:points_award_changelist",
    "admin:stories_post_changelist",
    "admin:messaging_phrase_changelist",
    "admin:messaging_keywordrule_changelist",
    "admin:messaging_topictext_changelist",
    "admin:messaging_standardreply_changelist",
    "admin:messaging_oversightaccess_changelist",
    "admin:messaging_suspension_changelist",
}


def test_the_office_sees_the_schools_records_and_not_what_people_wrote(world):
    browsers = world.people.everybody()
    for name in admin_lists():
        assert browsers["head"].get(reverse(name)).status_code == 200, name
        expected = 403 if name in OFFICE_NEVER else 200
        assert browsers["office"].get(reverse(name)).status_code == expected, name


def test_what_waits_for_the_class_is_nowhere_for_the_class(world):
    browser = world.people.client(world.people.celyn)
    conversation = f"/messages/{world.conversation.pk}/"
    assert f"A {CANARY}." in browser.get(conversation).content.decode()
    for path in ("/messages/", conversation, f"{conversation}new/", "/class/board/", "/news/"):
        assert f"Late {CANARY}" not in browser.get(path).content.decode(), path
    world.people.client(world.people.nia)
    assert f"Late {CANARY}" in world.people.client(world.people.nia).get(conversation).content.decode()
