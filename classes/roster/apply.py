"""Import a roster in one transaction: all good rows, or nothing."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.models.people import User
from accounts.models.school import School
from accounts.notify.recheck import revoke_notifications
from classes.avatar.drawing import hatch
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.notifications import notify_office_of_order
from malpas.lib.errors import RuleViolation

from .plan import GUARDIANSHIP_FIELDS, Change, Plan, make_plan
from .reading import Table
from .values import contact_values, pupil_values

BATCH = 1000
UPDATE_BATCH = 250  # bulk_update names every row in one CASE, which the database walks for each row
_LOCK = 0x726F7374  # 'rost': the key of the import's advisory lock


class TooManyMissing(RuleViolation):
    """More than 10 % of today's pupils would be gone, unconfirmed."""


class ImportIsRunning(RuleViolation):
    """Another import is running.

    Two at once would each make the same pupils.
    """


@transaction.atomic
def import_roster(*, table: Table, today: date, by: Actor | None, accept_missing: bool = False) -> Plan:
    """Carry out what `make_plan` plans, and return the plan.

    Refused rows change nothing; the others all count. Never ends a guardianship, invites, deletes, or touches a
    restriction. Raises TooManyMissing unless `accept_missing`, and ImportIsRunning; then nothing has changed.
    """
    _one_at_a_time()
    plan = make_plan(table, today, lock=True)
    if plan.needs_confirmation and not accept_missing:
        raise TooManyMissing(
            _(
                "More than a tenth of the pupils are missing from this file. Was it filtered? Nothing was changed."
            )
        )
    if not plan.changes_nothing:
        _write(plan)
        _record(plan, by)
    return plan


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportIsRunning(_("Another import is running. Please try again in a minute."))


def _write(plan: Plan) -> None:
    Classroom.objects.bulk_create([Classroom(name=name) for name in plan.new_classes], batch_size=BATCH)
    classes = {room.name: room for room in Classroom.objects.all()}
    Pupil.objects.bulk_create(
        [
            Pupil(
                school_ref=found.ref,
                dragon=list(hatch(found.ref)),
                classroom=classes[room],
                **pupil_values(found),
            )
            for found, room in plan.new_pupils
        ],
        batch_size=BATCH,
    )
    Contact.objects.bulk_create(
        [Contact(school_ref=found.ref, **contact_values(found)) for found in plan.new_contacts],
        batch_size=BATCH,
    )
    _write_new_guardianships(plan)
    _update(Pupil, plan.pupils.changed, classes)
    _update(Contact, plan.contacts.changed, classes)
    _update(Guardianship, plan.guardianships.changed, classes)
    _rename_accounts(plan)
    _notify_of_orders(plan)
    _revoke_notifications_of_departed(plan)


def _rename_accounts(plan: Plan) -> None:
    """Rename accounts as in the records (AU-8).

    A member of staff keeps the name of their own row.
    """
    adults = [
        change.what for change in plan.contacts.changed if {"forename", "surname"} & change.fields.keys()
    ]
    children = [change.what for change in plan.pupils.changed if "preferred_forename" in change.fields]
    names = {each.user_id: each.full_name for each in adults if isinstance(each, Contact) and each.user_id}
    names |= {
        each.account_id: each.first_name for each in children if isinstance(each, Pupil) and each.account_id
    }
    users = list(User.objects.filter(pk__in=names, staff_member__isnull=True))
    for user in users:
        user.name = names[user.pk]
    User.objects.bulk_update(users, ["name"], batch_size=UPDATE_BATCH)


def _notify_of_orders(plan: Plan) -> None:
    """Notify the office of new court orders.

    A person decides about them, never the import.
    """
    ordered = [c.what.pk for c in plan.guardianships.changed if c.fields.get("court_order", (None, False))[1]]
    Guardianship.objects.filter(pk__in=ordered).update(order_decided_at=None)
    if Guardianship.objects.to_decide().filter(pk__in=ordered).exists():
        school = School.objects.here()
        assert school.now is not None
        release_at = school_hours(school).release(school.now)
        notify_office_of_order(release_at=release_at, key=f"order:{min(ordered)}:{release_at:%Y%m%dT%H%M}")


def _revoke_notifications_of_departed(plan: Plan) -> None:
    """Revoke notifications for children who leave or change class (I6)."""
    moved = [c.what.pk for c in plan.pupils.changed if {"left_on", "classroom"} & c.fields.keys()]
    adults = Contact.objects.filter(guardianships__pupil__in=moved, user__isnull=False)
    if moved:
        revoke_notifications(list(adults.values_list("user", flat=True).distinct()))


def _write_new_guardianships(plan: Plan) -> None:
    pupils = dict(Pupil.objects.values_list("school_ref", "pk"))
    contacts = dict(Contact.objects.values_list("school_ref", "pk"))
    guardianships = [
        Guardianship(
            pupil_id=pupils[pupil],
            contact_id=contacts[contact],
            **{name: getattr(found, name) for name in GUARDIANSHIP_FIELDS},
        )
        for (pupil, contact), found in plan.new_guardianships.items()
    ]
    Guardianship.objects.bulk_create(guardianships, batch_size=BATCH)


def _update(model: type[Model], changes: Sequence[Change], classes: dict[str, Classroom]) -> None:
    """Write only the columns that differ.

    Other edits are not overwritten.
    """
    rows: list[Model] = []
    for change in changes:
        for name, (_old, new) in change.fields.items():
            setattr(change.what, name, classes[str(new)] if name == "classroom" else new)
        rows.append(change.what)
    names = sorted({name for change in changes for name in change.fields})
    if names:
        model._default_manager.bulk_update(rows, names, batch_size=UPDATE_BATCH)


def _record(plan: Plan, by: Actor | None) -> None:
    """Record counts and which joined guardianships changed: ids and columns only."""
    record(
        "roster.imported",
        by=by,
        new={
            "classes": len(plan.new_classes),
            "pupils": len(plan.new_pupils),
            "contacts": len(plan.new_contacts),
            "guardianships": len(plan.new_guardianships),
        },
        changed={
            "pupils": len(plan.pupils.changed),
            "contacts": len(plan.contacts.changed),
            "guardianships": len(plan.guardianships.changed),
        },
        missing=len(plan.missing),
        leaving=len(plan.leaving),
        refused=len(plan.roster.refused_rows),
        joined_guardianships={
            str(c.what.pk): sorted(c.fields) for c in plan.guardianships.changed if c.joined
        },
    )
