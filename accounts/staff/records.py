"""Add members of staff, correct their records, and give roles on confirmation (AU-8)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Value
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember, User
from accounts.staff.rules import NotLeader, check_may_change
from accounts.staff.services import change_staff
from malpas.lib.db.plain import Plain
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import replay

COLUMNS = ("title", "forename", "surname", "job")
# The head hands over on a page of its own, and two leaders decide about the governor.
GIVEN_ROLES = ("is_slt", "is_office", "is_safeguarding")


class RolesUnconfirmed(RuleViolation):
    """Raised with the new roles that nobody has confirmed yet: each opens something."""

    sentence = _("Please read what this opens, and confirm it.")

    def __init__(self, given: list[str]) -> None:
        self.given = given
        super().__init__()


class SameName(RuleViolation):
    """Raised with the staff of this very name, departed ones too."""

    sentence = _("Somebody of this name works here already, or has left. Is it the same person?")

    def __init__(self, same: list[StaffMember]) -> None:
        self.same = same
        super().__init__()


def _check_confirmed(given: Collection[str], confirmed: Collection[str]) -> None:
    if given and set(given) != set(confirmed):
        raise RolesUnconfirmed([name for name in GIVEN_ROLES if name in given])


def _check_name(forename: str, surname: str) -> None:
    rows = StaffMember.objects.annotate(one=Plain(F("forename")), other=Plain(F("surname")))
    same = rows.filter(one=Plain(Value(forename)), other=Plain(Value(surname))).order_by("pk")[:10]
    if same:
        raise SameName(list(same))


@transaction.atomic
def add_staff(
    *,
    values: Mapping[str, str],
    roles: Collection[str],
    confirmed: Collection[str],
    another: bool,
    key: UUID,
    by: Actor,
    at: datetime,
) -> StaffMember:
    """Add a member of staff; a repeated request returns the first.

    `roles`: of GIVEN_ROLES. `another`: somebody has said that it is not the one of the same name. Concurrent calls
    are serialised. Raises NotLeader, SameName, RolesUnconfirmed, IdempotencyConflict.
    """
    if not by.is_slt:
        raise NotLeader
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('staff_added'))")
    if found := StaffMember.objects.filter(added_key=key).first():
        return replay(found, **{name: values[name] for name in COLUMNS})
    if not another:
        _check_name(values["forename"], values["surname"])
    _check_confirmed(roles, confirmed)
    made = StaffMember(
        added_key=key, **{name: values[name] for name in COLUMNS}, **dict.fromkeys(roles, True)
    )
    change_staff(made, [*COLUMNS, *roles], by=by, at=at)
    record("staff.added", by=by, about=made)
    return made


@transaction.atomic
def correct_staff(staff: StaffMember, values: Mapping[str, str], *, by: Actor) -> set[str]:
    """Correct columns of COLUMNS; return which have changed.

    An account that bears the old signature bears the new one (AU-8). Raises NotLeader, HeadsRecord.
    """
    row = StaffMember.objects.select_for_update(no_key=True).get(pk=staff.pk)
    check_may_change(by, row)
    changed = {name for name in COLUMNS if name in values and getattr(row, name) != values[name]}
    if not changed:
        return changed
    signature = row.signature
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=sorted(changed))
    User.objects.filter(staff_member=row, name=signature).update(name=row.signature)
    record("staff.corrected", by=by, about=row, fields=sorted(changed))
    return changed


@transaction.atomic
def set_roles(
    staff: StaffMember, wanted: Mapping[str, bool], *, confirmed: Collection[str], by: Actor, at: datetime
) -> list[str]:
    """Give and take the roles of `wanted`; return those that changed.

    What is not named stays, so that two leaders do not undo each other. Raises RolesUnconfirmed for new ones that
    `confirmed` does not name, and what `change_staff` raises.
    """
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    changed = [name for name in GIVEN_ROLES if name in wanted and getattr(row, name) != wanted[name]]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        change_staff(row, changed, by=by, at=at)
    _check_confirmed([name for name in changed if wanted[name]], confirmed)
    return changed
