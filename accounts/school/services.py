"""Change the school's own names, numbers and limits (AU-4, AU-8, AU-10)."""

from collections.abc import Collection, Mapping

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


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@transaction.atomic
def set_limits(values: Mapping[str, int | list[int]], *, by: Actor) -> None:
    """Set how many messages a parent may send in an hour, and the stages of a complaint; keep old and new.

    `values`: by column. A repeat changes nothing. Raises PermissionDenied for all but leaders.
    """
    check_leads(by)
    row = School.objects.select_for_update().get(pk=1)
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return
    for name in before:
        setattr(row, name, values[name])
    save_fields(row, before)
    changes = {name: [_text(old), _text(values[name])] for name, old in before.items()}
    record("admin.changed", by=by, about=row, fields=sorted(before), values=changes)
