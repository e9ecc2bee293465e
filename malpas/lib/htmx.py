"""Answers for pages that htmx swaps in part."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from malpas.lib.errors import RuleViolation


def go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that moves the whole page, whether htmx asked or the browser did."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", None) else HttpResponseRedirect(url)


def refuse(form, violation: RuleViolation):
    """Puts the sentence of a broken rule on the form; the view then answers 422 with what was typed."""
    form.add_error(None, violation.sentence)
    return form
