"""Number and publish versions of the terms (PA-3, DO-1)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.school import School
from accounts.models.terms import TermsVersion
from malpas.lib.errors import RuleViolation
from malpas.lib.text import is_blank


class NotReady(RuleViolation):
    sentence = _("Both languages need their words, and the review a day that is still to come.")


class AlreadyPublished(RuleViolation):
    sentence = _("This version is published and stays as it is. Write a new one.")


class NotTheNewest(RuleViolation):
    sentence = _("A later version is published already. Write a new one.")


def next_number() -> int:
    """Return the number of the next version."""
    return (TermsVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def publish_terms(version: TermsVersion, *, by: Actor, at: datetime) -> TermsVersion:
    """Put a draft in force at `at`.

    Everybody is asked at their next request (PA-3, DO-1). Two leaders at once publish it once. Raises
    NotReady, AlreadyPublished, NotTheNewest.
    """
    School.objects.select_for_update().filter(pk=1).values_list("pk").first()
    row = TermsVersion.objects.select_for_update().get(pk=version.pk)
    if row.published_at:
        raise AlreadyPublished
    if TermsVersion.objects.filter(published_at__isnull=False, number__gt=row.number).exists():
        raise NotTheNewest
    if is_blank(row.body_en) or is_blank(row.body_cy) or row.review_by <= localtime(at).date():
        raise NotReady
    row.published_at = at
    row.save(update_fields=["published_at"])
    record("terms.published", by=by, about=row, number=row.number)
    return row
