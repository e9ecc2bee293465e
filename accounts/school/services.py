"""Change the school's own names and numbers (AU-8, AU-10)."""

from collections.abc import Collection

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.school import School
from accounts.rules import check_leads
from malpas.lib.db.saving import save_fields


@transaction.atomic
def name_school(school: School, changed: Collection[str], *, by: Actor) -> None:
    """Save the fields `changed` of the school's row, and nothing else of it.

    Raises PermissionDenied for all but leaders.
    """
    check_leads(by)
    School.objects.select_for_update().filter(pk=school.pk).values_list("pk").first()
    save_fields(school, changed)
    record("school.named", by=by, about=school, fields=sorted(changed))
