"""Mark staff with a child; end pupils' sign-ins daily (PU-4)."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.gates import Opens, opens
from accounts.http import OpenRequest
from classes.pupil_access.session import may_stay, step_back
from classes.queries import children_of


class FamilyMiddleware:
    """Give office, leaders and governor with a child here what every parent has.

    Policy: PA-4, PA-5, PA-6, PA-13.
    """

    def __init__(self, get_response: Callable[[OpenRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        actor = request.actor
        if actor and actor.has_own_home and children_of(actor):
            request.actor = replace(actor, has_child=True)
        return self.get_response(request)


class PupilDayMiddleware:
    """Lead a pupil whose sign-in has ended back to the class page.

    Their time is over, they have left, or they are in no class.
    """

    def __init__(self, get_response: Callable[[OpenRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if not (request.actor and request.actor.is_pupil) or may_stay(request):
            return None
        step_back(request)
        request.actor = None
        if opens(view, Opens.AFTER_PUPIL_SESSION):
            return None
        messages.info(request, _("You were away for a while. Please sign in again."))
        return redirect("pupil_class")
