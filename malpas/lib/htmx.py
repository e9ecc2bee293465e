"""Make responses for pages that htmx swaps in part."""

from collections.abc import Callable
from functools import wraps
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import IdempotencyConflict


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect the whole page, whether htmx or the browser sent the request."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", None) else HttpResponseRedirect(url)


def refresh_when_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Reload the whole page when a fragment that it polls is gone.

    The page then answers 404 too, so that nobody goes on reading what they may no longer see (F35).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if not getattr(request, "htmx", None):
                raise
            return HttpResponse(status=404, headers={"HX-Refresh": "true"})

    return guarded


def refuse(form, violation: RuleViolation):
    """Add the sentence of a broken rule to the form; the view then answers 422 with what was typed.

    After an idempotency conflict the form gets a new key, so that the next submission is stored.
    """
    form.add_error(None, violation.sentence)
    if isinstance(violation, IdempotencyConflict):
        form.data = form.data.copy()
        form.data["key"] = str(uuid4())
    return form
