"""Ask whether two records of adults are one person, and put them together."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from classes.people.forms import SameForm, SearchForm
from classes.people.merging import merge_contacts
from classes.people.queries import get_contact_record
from classes.people.same_people import others_named, say_not_same, side_by_side
from classes.roster.matching.perhaps_same import pairs_to_ask
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


@access()
@require_safe
def same_find(request: PortalRequest, pk: int) -> HttpResponse:
    """Look for another record of this adult."""
    contact, q = get_contact_record(request.actor, pk), SearchForm(request.GET).read()["q"]
    context = {
        "contact": contact,
        "q": q,
        "found": others_named(q, contact),
        "asked": pairs_to_ask([contact]),
    }
    return render(request, "classes/people/same_find.html", context)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def same(request: PortalRequest, pk: int, other_id: int) -> HttpResponse:
    """Show two records side by side; the first one stays."""
    keep, gone = (get_contact_record(request.actor, one) for one in (pk, other_id))
    if keep.pk == gone.pk:
        if pk == other_id:
            raise Http404
        return redirect("people_adult", keep.pk)
    accounts = [(one.user.pk, one.user.email or str(one.user)) for one in (keep, gone) if one.user]
    form = SameForm(request.POST if request.method == "POST" else None, accounts=accounts)
    if form.is_valid():
        try:
            return _answered(request, form, keep, gone)
        except RuleViolation as violation:
            refuse(form, violation)
    context = {
        "form": form,
        "keep": keep,
        "gone": gone,
        "rows": side_by_side(keep, gone),
        "accounts": accounts,
    }
    return render(request, "classes/people/same.html", context, status=422 if form.errors else 200)


def _answered(request: PortalRequest, form: SameForm, keep, gone) -> HttpResponse:
    said = form.cleaned_data
    if said["answer"] == SameForm.SAME:
        merge_contacts(
            keep=keep, gone=gone, account=said.get("account"), by=request.actor, at=request.school.now
        )
        messages.success(request, _("Put together. The next roster knows both numbers."))
    else:
        say_not_same(one=keep, other=gone, by=request.actor)
        messages.info(request, _("Kept apart. You are not asked about these two again."))
    return redirect("people_adult", keep.pk)
