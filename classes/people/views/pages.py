"""Show people to office and leaders: the search, a child, an adult."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.sessions.queries import signed_in_devices
from classes import hooks
from classes.corrections.queries import corrected_fields
from classes.joining.queries import states_of
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.people.forms import SearchForm
from classes.people.history import history_of
from classes.people.queries import check_keeper, find_people, get_contact_record, get_pupil_record
from classes.queries import is_own_child
from classes.roster.matching.perhaps_same import pairs_to_ask
from classes.rules import ADDED_BY_HAND


@access()
@require_safe
def people(request: PortalRequest) -> HttpResponse:
    check_keeper(request.actor)
    said = SearchForm(request.GET).read()
    room = said["room"]
    found = find_people(said["q"], kind=said["kind"], classroom=room, page=said["page"])
    by_reference = hooks.find_by_reference.call_all(request.actor, said["q"]) if said["q"] else []
    same = {"q": said["q"], "room": room.pk if room else ""}
    context = {
        **said,
        "rows": found,
        "references": [one for each in by_reference for one in each],
        "classrooms": Classroom.objects.all(),
        "same": urlencode(same),
        "query": urlencode({**same, "kind": said["kind"]}) + "&",
    }
    return render(request, "classes/people/people.html", context)


@access()
@require_safe
def child(request: PortalRequest, pk: int) -> HttpResponse:
    pupil, now = get_pupil_record(request.actor, pk), request.school.now
    connections = Guardianship.objects.filter(pupil=pupil).select_related("contact__user", "pupil")
    adults = states_of(connections.order_by("priority", "pk"), now)
    context = {
        "pupil": pupil,
        "by_hand": pupil.school_ref.startswith(ADDED_BY_HAND),
        "has_left": pupil.has_left(localdate(now)),
        "adults": [adult for adult in adults if not adult.guardianship.ended_at],
        "former": [adult for adult in adults if adult.guardianship.ended_at],
        "corrected": corrected_fields([pupil]).get(pupil.pk, {}),
        "history": history_of(pupil, request.actor),
        "is_own": is_own_child(request.user, pupil.pk),
    }
    return render(request, "classes/people/child.html", context)


@access()
@require_safe
def adult(request: PortalRequest, pk: int) -> HttpResponse:
    contact, now = get_contact_record(request.actor, pk), request.school.now
    if contact.pk != pk:
        return redirect("people_adult", contact.pk)
    connections = Guardianship.objects.filter(contact=contact).select_related("pupil__classroom")
    children = states_of(connections.order_by("pupil__date_of_birth", "pk"), now)
    user = contact.user
    context = {
        "contact": contact,
        "account": user,
        "by_hand": contact.school_ref.startswith(ADDED_BY_HAND),
        "children": [one for one in children if not one.guardianship.ended_at],
        "former": [one for one in children if one.guardianship.ended_at],
        "devices": len(signed_in_devices(user, "", at=now)) if user else 0,
        "corrected": corrected_fields([contact]).get(contact.pk, {}),
        "history": history_of(contact, request.actor),
        "asked": pairs_to_ask([contact]),
        "is_own": user is not None and user.pk == request.user.pk,
    }
    return render(request, "classes/people/adult.html", context)
