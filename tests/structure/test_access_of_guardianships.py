"""The matrix once more, for adults whose tie to the very child it is about is paused, restricted or ended (PA-2)."""

import pytest
from django.test import Client

from accounts.models.people import User
from classes.models.guardianships import Guardianship
from classes.models.joining import SlotApproval
from malpas.lib.uploads.photos import files as storage
from tests.clock import at
from tests.people import make_contact, make_user
from tests.structure.access import ACCESS
from tests.structure.routes import Row
from tests.structure.test_access import tried
from tests.structure.world import World, make_world

# Whoever has no child left sees the pages of their own account, and of the rest what a stranger sees. Pages that
# are about one's own children are empty, or not there.
WITHOUT_A_CHILD = {"points": 200}


@pytest.fixture
def world(people, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    made = make_world(people)
    path = storage.path_of(made.photo.name, 640)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")
    return made


def further_parent(world: World, name: str, **fields) -> User:
    """A further adult of Mali, approved and joined; then `fields`."""
    people, user = world.people, make_user(f"{name} Bowen", f"{name.lower()}@family.example")
    contact = make_contact(name, "Bowen", user)
    approval = SlotApproval.objects.create(
        pupil=people.mali, contact=contact, reason="Care.", approved_by=people.head
    )
    joined = {"approval": approval, "joined_at": at("2026-09-02 09:00"), "restriction_note": "An order."}
    Guardianship.objects.create(pupil=people.mali, contact=contact, **joined, **fields)
    return user


def wrong_answers(world: World, browser: Client, expected) -> list[str]:
    wrong = []
    for name, row in ACCESS.items():
        status, leaked = tried(world, name, row, browser)
        if leaked or status != expected(name, row):
            wrong.append(f"{name}: {status}, not {expected(name, row)}; leaked: {leaked}")
    return wrong


def about_children(name: str, row: Row) -> int:
    """What somebody without a child gets: as a stranger to this child, and 404 where one writes about a child."""
    if name in WITHOUT_A_CHILD:
        return WITHOUT_A_CHILD[name]
    return 404 if name.startswith(("write", "file_add")) else row.expected("parent of another class")


@pytest.mark.policy("PA-2")
def test_a_parent_whose_messages_are_paused_reads_as_the_other_parent_does(world):
    browser = world.people.client(further_parent(world, "Paula", restriction="messaging_paused"))
    assert wrong_answers(world, browser, lambda _name, row: row.expected("other parent of the child")) == []


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize(
    "fields",
    [{"restriction": "no_access"}, {"ended_at": at("2026-11-09 12:00")}],
    ids=["restricted", "former"],
)
def test_a_restricted_and_a_former_parent_are_strangers_on_every_route(world, fields):
    user = further_parent(world, "Rex", **fields)
    assert wrong_answers(world, world.people.client(user), about_children) == []
    Guardianship.objects.filter(contact__user=user).update(restriction="none", ended_at=None)
    opened = wrong_answers(world, world.people.client(user), about_children)
    assert {line.split(":")[0] for line in opened} >= {
        "child_points",
        "post",
        "photo",
        "write",
        "write_absence",
    }
