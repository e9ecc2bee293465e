"""Number and publish versions of the terms (PA-3, DO-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.school import School
from accounts.models.terms import TermsVersion
from accounts.rules import check_leads
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation
from malpas.lib.text import is_blank


class NotReady(RuleViolation):
    sentence = _("Both languages need their words, and the review a day that is still to come.")


class AlreadyPublished(RuleViolation):
    sentence = _("This version is published and stays as it is. Write a new one.")


class NotTheNewest(RuleViolation):
    sentence = _("A later version is published already. Write a new one.")


class LanguageUntouched(RuleViolation):
    """Raised when one language changed, the other did not, and nobody has confirmed that."""

    SENTENCES = {
        "cy": _("The English has changed and the Welsh has not. Is the Welsh right as it is?"),
        "en": _("The Welsh has changed and the English has not. Is the English right as it is?"),
    }

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__(self.SENTENCES[language])


def untouched_language(before: TermsVersion | None, version: TermsVersion) -> str:
    """Return the language ("en", "cy") that stayed while the other changed, or ''. Blanks do not count."""
    if before is None:
        return ""
    stayed = [
        language
        for language in ("en", "cy")
        if getattr(before, f"body_{language}").split() == getattr(version, f"body_{language}").split()
    ]
    return stayed[0] if len(stayed) == 1 else ""


def next_number() -> int:
    """Return the number of the next version."""
    return (TermsVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _lock() -> None:
    School.objects.select_for_update().filter(pk=1).values_list("pk").first()


@transaction.atomic
def save_draft(version: TermsVersion, changed: Collection[str], *, by: Actor) -> TermsVersion:
    """Store a draft: a new one under the next number, of an old one the fields `changed`.

    Raises PermissionDenied for all but leaders, AlreadyPublished.
    """
    check_leads(by)
    _lock()
    if version.pk and TermsVersion.objects.filter(pk=version.pk, published_at__isnull=False).exists():
        raise AlreadyPublished
    version.number = version.number or next_number()
    save_fields(version, changed)
    record("terms.drafted", by=by, about=version, number=version.number)
    return version


@transaction.atomic
def publish_terms(version: TermsVersion, *, by: Actor, at: datetime, untouched: str = "") -> TermsVersion:
    """Put a draft in force at `at`.

    Everybody is asked at their next request (PA-3, DO-1). Two leaders at once publish it once. `untouched`: the
    language that the leader has confirmed to be right although only the other changed. Raises PermissionDenied
    for all but leaders, NotReady, AlreadyPublished, NotTheNewest, LanguageUntouched.
    """
    check_leads(by)
    _lock()
    row = TermsVersion.objects.select_for_update().get(pk=version.pk)
    if row.published_at:
        raise AlreadyPublished
    if TermsVersion.objects.filter(published_at__isnull=False, number__gt=row.number).exists():
        raise NotTheNewest
    if is_blank(row.body_en) or is_blank(row.body_cy) or row.review_by <= localtime(at).date():
        raise NotReady
    before = TermsVersion.objects.filter(published_at__isnull=False, number__lt=row.number).first()
    if (stayed := untouched_language(before, row)) and stayed != untouched:
        raise LanguageUntouched(stayed)
    row.published_at = at
    row.save(update_fields=["published_at"])
    record("terms.published", by=by, about=row, number=row.number)
    return row
