"""One request of a person who is signed in, by a connection of its own."""

import http.client
import time
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart


class Answer(NamedTuple):
    """`status` 0: the line was cut before an answer came."""

    status: int
    text: str
    seconds: float
    place: str = ""


def _uploads(files: dict[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in files.items()]


def ask(
    port: int,
    session: str | None,
    path: str,
    form: dict | None = None,
    *,
    files: dict[str, bytes] | None = None,
    seconds: float = 40,
) -> Answer:
    """Ask for a page, or send `form`, without following redirects. `files`: name → what is added."""
    kind, body = "application/x-www-form-urlencoded", urlencode(form or {}).encode()
    if files:
        kind, body = (
            MULTIPART_CONTENT,
            encode_multipart(BOUNDARY, (form or {}) | {"added": _uploads(files)}),
        )
    cookie = f"csrftoken={'c' * 32}" + (f"; sessionid={session}" if session else "")
    head = {
        "Cookie": cookie,
        "X-CSRFToken": "c" * 32,
        "Content-Type": kind,
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    began = time.monotonic()
    try:
        line.request("POST" if form is not None else "GET", path, body, head)
        got = line.getresponse()
        text = got.read().decode()
    except (OSError, http.client.HTTPException):
        return Answer(0, "", time.monotonic() - began)
    finally:
        line.close()
    return Answer(got.status, text, time.monotonic() - began, got.headers.get("Location", ""))
