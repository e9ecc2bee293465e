"""What was uploaded, as an answer: never as a page of ours, kept by no cache, of use to no other site (AU-5, AU-9)."""

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
    """To be saved under its title, whatever the browser thinks of it."""
    return _answer(path, content_type="application/pdf", as_attachment=True, filename=title)
