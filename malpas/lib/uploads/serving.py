"""Serve uploads: never as a page of ours, in no shared cache (AU-5, AU-9).

No other site can embed them. What a browser keeps of a story's photo it shows only after asking again.
"""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

REVALIDATED = "private, no-cache"


def _answer(path: Path, **facts) -> FileResponse:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, **facts)
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def photo_answer(path: Path) -> FileResponse:
    return _answer(path, content_type="image/jpeg", filename="photo.jpg")


def document_answer(path: Path, title: str) -> FileResponse:
    """Serve a document as a download under its title.

    Whatever the browser guesses.
    """
    return _answer(path, content_type="application/pdf", as_attachment=True, filename=title)


def photo_for_reader(request: HttpRequest, path: Path, name: str) -> HttpResponseBase:
    """Serve a photo that the reader's browser may keep if it asks before each use; `name` never stands for other bytes.

    The view has checked the reader's access by then: who lost it gets no 304, and signing out clears what was kept.
    """
    etag = quote_etag(name)
    answer: HttpResponseBase = get_conditional_response(request, etag=etag) or photo_answer(path)
    answer.headers["ETag"], answer.headers["Cache-Control"] = etag, REVALIDATED
    return answer
