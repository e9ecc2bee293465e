"""Choose the PIN of a parent lock, checked against the children's birthdays.

Policy: PA-11.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.models.parent_pin import ParentPin
from accounts.parent_lock.forms import ChoosePinForm
from accounts.parent_lock.lock import lock_address, opened_by_pin
from accounts.parent_lock.pin import choose_parent_pin
from classes.queries import children_of
from malpas.lib.errors import RuleViolation


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_pin(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_parent:
        raise Http404
    has_one = ParentPin.objects.filter(user=request.actor.user).exists()
    if has_one and opened_by_pin(request):  # a new PIN needs the password, not the old PIN
        return redirect(f"{lock_address(reverse('parent_pin'))}&forgotten=on")
    form = ChoosePinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            birthdays = [child.date_of_birth for child in children_of(request.actor)]
            choose_parent_pin(
                form.cleaned_data["new"], birthdays=birthdays, by=request.actor, at=request.school.now
            )
        except RuleViolation as violation:
            form.add_error("new", violation.sentence)
        else:
            messages.success(request, _("PIN saved. It unlocks messages and your account."))
            return redirect("home")
    status = 422 if form.errors else 200
    return render(
        request, "accounts/parent_lock/choose_pin.html", {"form": form, "has_one": has_one}, status=status
    )
