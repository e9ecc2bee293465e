"""Answers for pages that htmx swaps in part."""

from collections.abc import Callable
from functools import wraps
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import IdempotencyConflict


def go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that moves the whole page, whether htmx asked or the browser did."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", None) else HttpResponseRedirect(url)


def page_ends_with_it(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a fragment that its own page asks for again and again: when it is gone, the page is loaded anew and is
    gone too, so that nobody goes on reading what is no longer theirs (F35)."""

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
    """Puts the sentence of a broken rule on the form; the view then answers 422 with what was typed.

    Where the form's key has sent other words before, it gets another: the next press sends these.
    """
    form.add_error(None, violation.sentence)
    if isinstance(violation, IdempotencyConflict):
        form.data = form.data.copy()
        form.data["key"] = str(uuid4())
    return form
