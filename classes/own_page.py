"""Show a person what the school and the portal hold of them, and lead to what they can change."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from classes.models.guardianships import Contact
from classes.queries import children_of


@access()
@require_safe
def own_page(request: PortalRequest) -> HttpResponse:
    """Name, telephone, children, language and sign-in of whoever asks; 404 for a shared account."""
    actor = request.actor
    if not actor.is_personal:
        raise Http404
    known = {
        "contact": Contact.objects.filter(user=actor.user).first(),
        "own_children": children_of(actor) if actor.is_parent else [],
    }
    return render(request, "classes/own_page.html", known)
