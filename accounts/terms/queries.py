"""Find versions of the terms, and who has agreed to them."""

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.actor import Actor
from accounts.models.terms import TermsAcceptance, TermsVersion


def agreed_by(actor: Actor) -> QuerySet[TermsAcceptance]:
    """Return what this person agreed to, newest first, with its version (PA-3)."""
    return TermsAcceptance.objects.of(actor).select_related("version").order_by("-version__number", "-pk")


def agreed_before(actor: Actor, number: int) -> TermsVersion | None:
    """Return the newest earlier version that they agreed to, for comparison."""
    found = agreed_by(actor).filter(version__number__lt=number).first()
    return found.version if found else None


def get_terms_for(actor: Actor, number: int, *, in_force: int | None) -> TermsVersion:
    """Return a version that this person may read; else 404 (PA-3).

    One that they agreed to, or the one in force.
    """
    mine = Q(pk__in=TermsAcceptance.objects.of(actor).values("version"))
    published = TermsVersion.objects.filter(published_at__isnull=False, number=number)
    found = published.filter(mine | Q(number=in_force)).first()
    if found is None:
        raise Http404
    return found


def newest_draft() -> TermsVersion | None:
    """Return the draft that would be published next: the newest version, if it is one."""
    newest = TermsVersion.objects.first()
    return newest if newest and newest.published_at is None else None


def newest_published() -> TermsVersion | None:
    """Return the newest published version."""
    return TermsVersion.objects.filter(published_at__isnull=False).first()
