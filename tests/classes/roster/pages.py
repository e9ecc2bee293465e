"""Walk through the pages of the roster as the office does."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.clock import school_now
from classes.models.rosters import RosterImport
from classes.roster.undo import undo_import


def bring(client: Client, data: bytes, name: str = "export.csv", key=None):
    """Upload a file; the answer leads to what it would change."""
    return client.post("/roster/", {"key": key or uuid4(), "file": SimpleUploadedFile(name, data)})


def look(client: Client, data: bytes):
    """Upload a file and open what it would change."""
    answer = bring(client, data)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.headers["Location"])


def take_in(client: Client, data: bytes, **ticks):
    """Upload a file and take it in as it stands on the page."""
    return confirm(client, look(client, data), **ticks)


def confirm(client: Client, page, **ticks):
    return client.post(page.request["PATH_INFO"], {"seen": page.context["plan"].digest, **ticks})


def undo(people) -> None:
    """Undo the last import as the office."""
    done = RosterImport.objects.to_undo().get()
    undo_import(done=done, by=people.actor(people.office), at=school_now())
