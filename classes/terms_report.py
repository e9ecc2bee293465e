"""Show SLT who has agreed to the terms in force (PA-3)."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.people import StaffMember, User
from accounts.models.terms import TermsAcceptance, TermsVersion
from classes.class_account.forms import AgreedForm
from classes.models.guardianships import Guardianship
from malpas.lib.db.plain import Plain

PAGE = 50


@dataclass(frozen=True)
class Group:
    """Parents or staff: how many there are, and how many agreed."""

    name: str
    everybody: int
    agreed: int

    @property
    def missing(self) -> int:
        return self.everybody - self.agreed


def _first_agreed(version: TermsVersion, **whose: OuterRef | None) -> Subquery:
    found = TermsAcceptance.objects.filter(version=version, **whose).order_by("accepted_at")
    return Subquery(found.values("accepted_at")[:1])


def parents(version: TermsVersion) -> QuerySet[User]:
    """Return adults with access to a child, by name.

    Annotated with `agreed_at` (UTC) or None.
    """
    guardianships = Guardianship.objects.live().filter(contact__user=OuterRef("pk"))
    agreed = _first_agreed(version, user=OuterRef("pk"), staff=None)
    rows = User.objects.filter(Exists(guardianships), staff_member__isnull=True)
    return rows.annotate(agreed_at=agreed).order_by(Plain("name"), "pk")


def staff(version: TermsVersion) -> QuerySet[StaffMember]:
    """Return present staff who can reach the portal, by name, with `agreed_at`.

    By an account of their own, or by a class account.
    """
    here = StaffMember.objects.here()
    here = here.filter(Q(user__isnull=False) | Q(classrooms__account__isnull=False)).distinct()
    return here.annotate(agreed_at=_first_agreed(version, staff=OuterRef("pk"))).order_by(
        Plain("surname"), Plain("forename"), "pk"
    )


def _version(number: int | None) -> TermsVersion | None:
    return TermsVersion.objects.filter(number=number).first() if number else None


@access()
@require_safe
def terms_agreed(request: PortalRequest) -> HttpResponse:
    form = AgreedForm(request.GET)
    if not request.actor.is_slt or not form.is_valid():
        raise Http404
    version, filters = _version(request.school.terms_number), form.cleaned_data
    context: dict[str, object] = {"version": version, "filters": filters}
    if version:
        sides = {"parents": parents(version), "staff": staff(version)}
        group, wanted = filters["group"] or "parents", filters["state"]
        context["groups"] = [_counted(name, rows) for name, rows in sides.items()]
        context |= {"page": Paginator(_wanted(sides[group], wanted), PAGE).get_page(filters["page"] or 1)}
        context |= {"group": group, "state": wanted, "query": f"group={group}&state={wanted}&"}
    return render(request, "classes/terms_report/agreed.html", context)


def _counted(name: str, rows: QuerySet) -> Group:
    return Group(name, rows.count(), rows.filter(agreed_at__isnull=False).count())


def _wanted(rows: QuerySet, state: str) -> QuerySet:
    return rows.filter(agreed_at__isnull=state == "missing") if state else rows
