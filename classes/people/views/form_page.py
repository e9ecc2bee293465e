"""Show the page of one form of People, and rules that were broken at their fields."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def page(request: PortalRequest, template: str, form, **context: object) -> HttpResponse:
    """Return a form's page.

    422 where something is to be looked at again.
    """
    return render(
        request,
        f"classes/people/{template}.html",
        {"form": form, **context},
        status=422 if form.errors else 200,
    )


def refuse_at(form, violation: RuleViolation) -> None:
    """Show the broken rule at its field, or above the form."""
    name = getattr(violation, "field", "")
    if name in form.fields:
        form.add_error(name, violation.sentence)
    else:
        refuse(form, violation)
