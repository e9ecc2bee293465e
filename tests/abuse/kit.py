"""What somebody who wants in would try: addresses, people and rubbish."""

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.roles import web_url
from tests.structure.access import ACCESS, PUBLIC
from tests.structure.routes import Row
from tests.structure.world import World

PUBLIC_ARGS = {
    "join_code": {"code": "K7QM4XRDP9TW2HVC"},
    "pupil_card": {"token": "no-such-card"},
    "pupil_class_link": {"token": "no-such-door"},
    "pupil_pictures": {"pupil_id": 1},
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "microsoft"},
    "openid_connect_callback": {"provider_id": "microsoft"},
    "staff_invitation_link": {"token": "no-such-invitation"},
    "mailbox_mail": {"name": "no-such-mail.log"},
}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3), "teal").save(out, "JPEG")
    return out.getvalue()


JPEG = picture()


def web_environment(folder: Path, **more: str) -> dict[str, str]:
    """What a web process on the tests' database needs."""
    original = {name: os.environ[name] for name in ("REDIS_URL", "SECRET_KEY") if name in os.environ}
    given = urlsplit(web_url())
    return (
        original
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": given._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            "MALPAS_DEMO": "1",
            "WEB_WORKERS": "1",
            "DEBUG": "0",
            "MEDIA_ROOT": str(folder / "media"),
            "MAILBOX_DIR": str(folder / "mail"),
        }
        | more
    )


def outsider() -> Client:
    """A browser that is answered as people are: a fault is a page with status 500, not an exception."""
    return Client(raise_request_exception=False)


def browser_of(world: World, who, staff=None) -> Client:
    client = world.people.client(who, staff)
    client.raise_request_exception = False
    return client


def public_paths() -> Iterator[str]:
    for name in sorted(PUBLIC - {"mailbox", "mailbox_mail"}):
        yield reverse(name, kwargs=PUBLIC_ARGS.get(name))


def rows(world: World) -> Iterator[tuple[str, Row, str]]:
    """Every route of the access table with an address that exists."""
    for name, row in ACCESS.items():
        yield name, row, reverse(name, kwargs=row.args(world))


def all_paths(world: World) -> list[str]:
    return [*public_paths(), *(path for _name, _row, path in rows(world))]


def sitters(world: World) -> dict[str, Client]:
    """One browser for each kind of person."""
    people = world.people
    return {
        "nobody": outsider(),
        "parent": browser_of(world, people.nia),
        "class": browser_of(world, people.celyn),
        "office": browser_of(world, people.office),
        "head": browser_of(world, people.head),
        "pupil": browser_of(world, people.mali),
    }
