"""Show each person's first page, the pages that everybody may read, and errors."""

import sys

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.access import choose_language
from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import OpenRequest, PortalRequest
from accounts.models.terms import TermsVersion
from accounts.parent_lock.lock import is_shared_view
from accounts.rules import is_review_overdue, is_review_soon
from classes.joining.waiting import guardianships_waiting
from classes.models.guardianships import Guardianship
from classes.queries import classes_nobody_reads
from malpas.forms import LanguageForm
from malpas.operations import status
from malpas.set_up.steps import missing_steps
from messaging.office.queries.deadlines import complaints_due
from messaging.oversight.queries import staff_weeks
from moderation.models import Report

PAPER = "#eff6f2"  # the page by day, as in tokens.css


@access(Opens.TO_PUPILS | Opens.IN_SHARED_VIEW)
def home(request: PortalRequest) -> HttpResponse:
    actor = request.actor
    if actor.is_pupil:
        return redirect("pupil_page")
    if actor.is_parent and is_shared_view(request):
        return redirect("shared_view")
    if actor.is_class:
        return redirect("board")
    if actor.is_slt:
        return leadership(request)
    if actor.is_governor and not actor.is_office:
        return governors_home(request)
    return redirect("office" if actor.is_office else "newsfeed")


def leadership(request: PortalRequest) -> HttpResponse:
    number = request.school.terms_number
    terms = TermsVersion.objects.filter(number=number).first() if number else None
    today = localtime(request.school.now).date()
    context = {
        "terms": terms,
        "review_overdue": terms is not None and is_review_overdue(terms, today),
        "review_soon": terms is not None and is_review_soon(terms, today),
        "staff_week": staff_weeks(now=request.school.now, hours=school_hours(request.school))[0],
        "missing": missing_steps(request.school),
        "late": status.late(status.figures(request.school)),
        "adults_waiting": guardianships_waiting().count(),
        "orders": Guardianship.objects.to_decide().count(),
        "nobody_reads": classes_nobody_reads(),
        "complaints": complaints_due(request.actor, today=today),
        "open_reports": Report.objects.visible_to(request.actor).undecided().count(),
    }
    return render(request, "malpas/leadership.html", context)


def governors_home(request: PortalRequest) -> HttpResponse:
    """Show the governor what waits for them; nothing here is of a family."""
    context = {"complaints": complaints_due(request.actor, today=localtime(request.school.now).date())}
    return render(request, "malpas/governor.html", context)


@access(
    Opens.SIGNED_OUT
    | Opens.TO_PUPILS
    | Opens.AFTER_PUPIL_SESSION
    | Opens.BEFORE_OPENING
    | Opens.BEFORE_STAFF_CHOICE
    | Opens.TO_ANYBODY
)
@require_POST
def language(request: OpenRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if request.user.is_authenticated and form.is_valid():
        choose_language(request.user, form.cleaned_data["language"])
    return set_language(request)


@access(Opens.SCHOOL_PAGE)
def help_page(request: OpenRequest) -> HttpResponse:
    return render(request, "malpas/help.html")


@access(Opens.SCHOOL_PAGE)
def privacy(request: OpenRequest) -> HttpResponse:
    return render(request, "malpas/privacy.html")


@access(Opens.SCHOOL_PAGE)
def accessibility(request: OpenRequest) -> HttpResponse:
    return render(request, "malpas/accessibility.html")


@access(Opens.ASSET)
@require_safe
def manifest(request: OpenRequest) -> HttpResponse:
    """Describe the portal for a telephone's first screen: the school's name, colours and icons, nobody's data."""
    school = request.school
    icons = [
        {"src": static(path), "sizes": size, "type": "image/png", "purpose": "any maskable"}
        for path, size in (("icons/app-192.png", "192x192"), ("icons/app-512.png", "512x512"))
    ]
    described = {
        "name": str(school.name),
        "short_name": str(school.short_name),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": get_language(),
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    answer = JsonResponse(described, content_type="application/manifest+json")
    patch_cache_control(answer, public=True, max_age=60 * 60)
    return answer


@access(Opens.ASSET)
@require_safe
def favicon(request: OpenRequest) -> HttpResponse:
    """Lead to the icon's file for browsers that ask for it at the root."""
    return redirect(static("icons/favicon.ico"))


def bad_request(request: OpenRequest, exception: Exception) -> HttpResponse:
    return render(
        request, "400.html", {"too_many_files": isinstance(exception, TooManyFilesSent)}, status=400
    )


def forbidden(request: OpenRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: OpenRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: OpenRequest) -> HttpResponse:
    # Without the request, whose context would query what has just failed, such as the database.
    page = get_template("500.html").render({"concerns_email": settings.CONCERNS_EMAIL})
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(page, status=503, headers={"Retry-After": "10"})
    return HttpResponse(page, status=500)
