"""Show leaders the record of what was done, in words."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.records.forms import FilterForm
from malpas.records.queries import acts


@access()
@require_safe
def records(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_slt:
        raise Http404
    form = FilterForm(request.GET)
    wanted = form.read()
    lines, last = acts(request.actor, wanted)
    rest = request.GET.copy()
    rest.pop("before", None)
    context = {
        "form": form,
        "lines": lines,
        "query": rest.urlencode(),
        "older": last.pk if last else None,
        "is_first": wanted.before is None,
    }
    return render(request, "malpas/records/records.html", context)
