"""Serve uploads: never as a page of ours, never cached (AU-5, AU-9).

No other site can embed them.
"""

from pathlib import Path

from django.http import FileResponse, Http404


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
