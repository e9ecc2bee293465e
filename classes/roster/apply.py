"""Import a roster in one transaction: all good rows, or nothing."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.clock import SchoolNow
from accounts.models.people import User
from accounts.models.school import School
from accounts.notify.recheck import revoke_notifications
from classes.avatar.drawing import hatch
from classes.enums import RosterState
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.models.rosters import RosterImport, RosterRecord
from classes.notifications import notify_office_of_order
from malpas.lib.db.saving import save_fields

from .changes import BY_HAND, Change
from .journal import Journal
from .layouts.table import Table
from .plan import Plan, make_plan
from .refusals import ClassesUndecided, ImportIsRunning, LeaderTakes, RosterChanged, TooManyMissing
from .values import SAME_CLASS, contact_values, pupil_values

BATCH = 1000
UPDATE_BATCH = 250  # bulk_update names every row in one CASE, which the database walks for each row
_LOCK = 0x726F7374  # 'rost': the key of the import's advisory lock


@transaction.atomic
def import_roster(
    *,
    table: Table,
    today: date,
    by: Actor | None,
    accept_missing: bool = False,
    seen: str | None = None,
    chosen: Collection[str] = (),
    upload: RosterImport | None = None,
    same: str = "",
    same_classes: str = "",
    name: str = "",
) -> Plan:
    """Carry out what `make_plan` plans, and return the plan.

    Refused rows change nothing; the others all count. Never ends a guardianship, invites, deletes, or touches a
    restriction. `seen`: the digest of the plan that somebody agreed to. `chosen`: the ids of corrections by hand whose
    file's value is taken. `same`, `same_classes`: as `make_plan` takes them. Raises TooManyMissing unless
    `accept_missing`, ClassesUndecided, RosterChanged, LeaderTakes, and ImportIsRunning; then nothing has changed.
    """
    one_at_a_time()
    plan = make_plan(table, today, lock=True, same=same, same_classes=same_classes)
    if seen is not None and seen != plan.digest:
        raise RosterChanged
    if plan.asked_classes and not same_classes:
        raise ClassesUndecided
    if by is not None and not by.is_slt and any(one.id in chosen for one in plan.guardianships.corrections):
        raise LeaderTakes
    plan.take(chosen)
    if plan.needs_confirmation and not accept_missing:
        raise TooManyMissing(
            _(
                "More than a tenth of the pupils are missing from this file. Was it filtered? Nothing was changed."
            )
        )
    journal = Journal()
    if not plan.changes_nothing:
        _write(plan, journal)
        _record(plan, by)
    _write_records(plan, journal)
    _keep_class_names(plan, same_classes, journal)
    _keep(plan, journal, upload, by, name)
    return plan


def one_at_a_time() -> None:
    """Lock imports and their undoing against each other. Raises ImportIsRunning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportIsRunning(_("Another import is running. Please try again in a minute."))


def _keep(plan: Plan, journal: Journal, upload: RosterImport | None, by: Actor | None, name: str) -> None:
    """Keep what was done, in the place of what an earlier import had done."""
    does_nothing = plan.changes_nothing and not plan.asked_classes
    if upload is None and does_nothing:
        return
    row = upload or RosterImport(key=uuid4(), name=name, uploaded_by=by.user if by else None)
    if not does_nothing:
        RosterImport.objects.filter(undo__isnull=False).update(undo=None)
        row.undo = journal.as_json()
    row.state, row.file, row.figures = RosterState.APPLIED, None, plan.figures
    row.applied_at = SchoolNow()
    save_fields(row, ("state", "file", "figures", "applied_at", "undo"))


def _write(plan: Plan, journal: Journal) -> None:
    journal.make(
        Classroom.objects.bulk_create([Classroom(name=name) for name in plan.new_classes], batch_size=BATCH)
    )
    classes = {room.name: room for room in Classroom.objects.all()}
    pupils = [
        Pupil(
            school_ref=found.ref,
            dragon=list(hatch(found.ref)),
            classroom=classes[room],
            **pupil_values(found),
        )
        for found, room in plan.new_pupils
    ]
    journal.make(Pupil.objects.bulk_create(pupils, batch_size=BATCH))
    contacts = [Contact(school_ref=found.ref, **contact_values(found)) for found in plan.new_contacts]
    journal.make(Contact.objects.bulk_create(contacts, batch_size=BATCH))
    journal.make(_write_new_guardianships(plan))
    for model, tally in ((Pupil, plan.pupils), (Contact, plan.contacts), (Guardianship, plan.guardianships)):
        _update(model, tally.changed, classes)
        journal.change(tally.changed, classes)
    _rename_accounts(plan, journal)
    _notify_of_orders(plan)
    _revoke_notifications_of_departed(plan)


def _keep_class_names(plan: Plan, said: str, journal: Journal) -> None:
    """Remember what somebody said of renamed classes, so that nobody is asked again."""
    for in_file, here in plan.asked_classes:
        room = Classroom.objects.get(name=here)
        journal.answer(room, in_file if said == SAME_CLASS else "")
        save_fields(room, ("roster_name", "renamed_from"))


def _write_records(plan: Plan, journal: Journal) -> None:
    """Remember what the file said of names and addresses, to see corrections by hand."""
    new: list[RosterRecord] = []
    changed: list[RosterRecord] = []
    records = {(r.pupil_id, r.contact_id): r for r in RosterRecord.objects.all()}
    for key, said in _said(plan).items():
        record = records.get(key)
        if record is None:
            new.append(RosterRecord(pupil_id=key[0], contact_id=key[1], said=said))
        elif said != {name: record.said.get(name) for name in said}:
            journal.records[str(record.pk)] = record.said
            record.said = record.said | said
            changed.append(record)
    RosterRecord.objects.bulk_create(new, batch_size=BATCH)
    RosterRecord.objects.bulk_update(changed, ["said"], batch_size=UPDATE_BATCH)


def _said(plan: Plan) -> dict[tuple[int | None, int | None], dict[str, object]]:
    """Return (pupil id, contact id) → the values that the file has for them."""
    old = {str(new): str(before) for before, new in _new_refs(plan)}
    new = {before: ref for ref, before in old.items()}
    roster = plan.roster
    refs = [new.get(p.ref, p.ref) for p in roster.pupils.values() if not p.has_left]
    found: dict[tuple[int | None, int | None], dict[str, object]] = {}
    for pupil in Pupil.objects.filter(school_ref__in=refs):
        cells = roster.pupils[old.get(pupil.school_ref, pupil.school_ref)]
        found[pupil.pk, None] = _by_hand(pupil_values(cells, pupil))
    for contact in Contact.objects.filter(school_ref__in=[new.get(ref, ref) for ref in roster.contacts]):
        adult = roster.contacts[old.get(contact.school_ref, contact.school_ref)]
        found[None, contact.pk] = _by_hand(contact_values(adult, contact))
    return found


def _new_refs(plan: Plan) -> list[tuple[object, object]]:
    """Return (id before, new id) of those whose id the school's system has changed."""
    changed = [*plan.pupils.changed, *plan.contacts.changed]
    return [change.fields["school_ref"] for change in changed if "school_ref" in change.fields]


def _by_hand(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name in BY_HAND}


def _rename_accounts(plan: Plan, journal: Journal) -> None:
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
        journal.accounts[str(user.pk)] = [user.name, names[user.pk]]
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


def _write_new_guardianships(plan: Plan) -> list[Guardianship]:
    pupils = dict(Pupil.objects.values_list("school_ref", "pk"))
    contacts = dict(Contact.objects.values_list("school_ref", "pk"))
    guardianships = [
        Guardianship(
            pupil_id=pupils[pupil],
            contact_id=contacts[contact],
            **found.values,
        )
        for (pupil, contact), found in plan.new_guardianships.items()
    ]
    return Guardianship.objects.bulk_create(guardianships, batch_size=BATCH)


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
