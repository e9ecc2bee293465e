"""Add people to the records by hand, correct them, and connect adults with children.

Nobody changes their own record, or that of their own child (AU-8, PA-2).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.models.people import User
from accounts.notify.recheck import revoke_notifications
from classes.avatar.drawing import hatch
from classes.corrections.services import note_added, note_changes, note_connected
from classes.corrections.values import as_text
from classes.guardianship.services import NotYours
from classes.models.changes import RecordChange
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.notifications import notify_leaders_of_added_adult
from classes.own_children import OwnChild
from classes.people.rules import NAMES, NO_NAME, Nonsense, read_value, suggested
from classes.queries import is_own_child
from classes.rules import ADDED_BY_HAND, may_run_joining
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import IdempotencyConflict

PUPIL_COLUMNS = (
    "preferred_forename", "preferred_surname", "legal_forename", "legal_surname", "date_of_birth", "year",
    "admission_number", "upn", "school_ref",
)  # fmt: skip
CONTACT_COLUMNS = ("title", "forename", "surname", "email", "mobile")


class OwnRecord(RuleViolation):
    sentence = _("This is your own record. Please ask a colleague to change it.")


class Taken(RuleViolation):
    sentence = _("Somebody else in the records has this number already.")


class AddressTaken(RuleViolation):
    sentence = _("Another adult in the records has this e-mail address. Each adult needs one of their own.")


class Connected(RuleViolation):
    sentence = _("This adult is connected with this child already.")


class EndedBefore(RuleViolation):
    sentence = _("This connection was ended before. Open it again on its own page.")


def _check_keeper(by: Actor, person: Pupil | Contact | None = None) -> None:
    if not may_run_joining(by):
        raise NotYours
    if isinstance(person, Pupil) and is_own_child(by.user, person.pk):
        raise OwnChild
    if isinstance(person, Contact) and person.user_id == by.user.pk:
        raise OwnRecord


@contextmanager
def _numbers_once() -> Iterator[None]:
    """Turn the database's refusal of a second UPN or id into Taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "upn_once" in str(error) or "school_ref" in str(error):
            raise Taken from None
        raise


def _checked(values: Mapping[str, object], names: Collection[str], today: date) -> dict[str, object]:
    """Return these columns' values, each read as it would be typed.

    Raises Nonsense.
    """
    return {name: read_value(name, as_text(values[name]), today) for name in names if name in values}


def _change(person: Pupil | Contact, values: Mapping[str, object], *, by: Actor) -> set[str]:
    """Write the columns that differ, note old and new, and return their names."""
    before = {name: getattr(person, name) for name, value in values.items() if getattr(person, name) != value}
    for name in before:
        setattr(person, name, values[name])
    if before:
        with _numbers_once():
            save_fields(person, before)
        note_changes(person, before, by=by)
        record(f"{person._meta.model_name}.corrected", by=by, about=person, fields=sorted(before))
    return set(before)


def _without_repeat(values: dict[str, object], pupil: Pupil | None = None) -> dict[str, object]:
    """Store no surname in use that is the legal one.

    It follows that one.
    """
    legal = values.get("legal_surname", pupil.legal_surname if pupil else "")
    return values | ({"preferred_surname": ""} if values.get("preferred_surname") == legal else {})


def _locked_pupil(pupil: Pupil) -> Pupil:
    rows = Pupil.objects.select_for_update(of=("self",), no_key=True).select_related("classroom")
    return rows.get(pk=pupil.pk)


@transaction.atomic
def correct_pupil(*, pupil: Pupil, values: Mapping[str, object], by: Actor, at: datetime) -> set[str]:
    """Correct columns of a child's record; return which have changed.

    `values`: columns of PUPIL_COLUMNS and `classroom`; what is not named stays. Raises Nonsense, Taken, OwnChild.
    """
    _check_keeper(by, pupil)
    pupil = _locked_pupil(pupil)
    wanted = _without_repeat(_checked(values, PUPIL_COLUMNS, localtime(at).date()), pupil)
    if "classroom" in values:
        wanted["classroom"] = values["classroom"]
    changed = _change(pupil, wanted, by=by)
    follow_pupil(pupil, changed)
    return changed


def follow_pupil(pupil: Pupil, changed: Collection[str]) -> None:
    """Rename the child's account (AU-8), and revoke what the family may not see."""
    if pupil.account_id and "preferred_forename" in changed:
        User.objects.filter(pk=pupil.account_id).update(name=pupil.first_name)
    if {"left_on", "classroom"} & set(changed):
        adults = Contact.objects.filter(guardianships__pupil=pupil, user__isnull=False)
        revoke_notifications(list(adults.values_list("user", flat=True)))


@transaction.atomic
def set_leaving(*, pupil: Pupil, left_on: date | None, by: Actor) -> None:
    """Set the day from which a child is no pupil here.

    None: the child is here.

    The family keeps its access until the day before, and has it again when a child comes back.
    """
    _check_keeper(by, pupil)
    pupil = _locked_pupil(pupil)
    if left_on and not pupil.date_of_birth <= left_on < date(2100, 1, 1):
        raise RuleViolation(_("That is not a leaving date. Please check the year."))
    follow_pupil(pupil, _change(pupil, {"left_on": left_on}, by=by))


@transaction.atomic
def correct_contact(*, contact: Contact, values: Mapping[str, object], by: Actor, at: datetime) -> set[str]:
    """Correct columns of an adult's record; return which have changed.

    The account bears the name of the records (AU-8); its sign-in address stays. Raises Nonsense, AddressTaken.
    """
    _check_keeper(by, contact)
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.pk)
    wanted = _checked(values, CONTACT_COLUMNS, localtime(at).date())
    _check_name(wanted, contact)
    _check_address(wanted, contact)
    changed = _change(contact, wanted, by=by)
    follow_contact(contact, changed)
    return changed


def follow_contact(contact: Contact, changed: Collection[str]) -> None:
    """Rename the adult's account as in the records (AU-8)."""
    if contact.user_id and {"forename", "surname"} & set(changed):
        people = User.objects.filter(pk=contact.user_id, staff_member__isnull=True)
        people.update(name=contact.full_name)


def _check_name(values: Mapping[str, object], contact: Contact | None = None) -> None:
    """Raise Nonsense for an adult without any name; one is enough."""
    if not any(values.get(name, getattr(contact, name, "")) for name in ("forename", "surname")):
        raise Nonsense(str(NO_NAME), "surname")


def _check_address(values: Mapping[str, object], contact: Contact | None = None) -> None:
    """Raise AddressTaken for an address of another adult (AU-2)."""
    others = Contact.objects.whole()
    others = others.exclude(pk=contact.pk) if contact else others
    if (email := values.get("email")) and others.filter(email=email).exists():
        raise AddressTaken


def _made_by_key(by: Actor, key: UUID) -> RecordChange | None:
    """Return what this key has added already; the account is locked meanwhile."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.user.pk)
    return RecordChange.objects.filter(by=by.user, key=key).select_related("pupil", "contact").first()


def _replayed(person: Pupil | Contact, values: Mapping[str, object]) -> None:
    """Raise IdempotencyConflict if the key's first request had another name."""
    if any(getattr(person, name) != values[name] for name in (NAMES | {"date_of_birth"}) & values.keys()):
        raise IdempotencyConflict


@transaction.atomic
def add_pupil(
    *, values: Mapping[str, object], classroom: Classroom | None, key: UUID, by: Actor, at: datetime
) -> Pupil:
    """Add a child by hand; a repeated request returns the first.

    Without an id of the school's system the child gets one that the import never has.
    """
    _check_keeper(by)
    wanted = _without_repeat(_checked(values, PUPIL_COLUMNS, localtime(at).date()))
    if (found := _made_by_key(by, key)) and found.pupil:
        _replayed(found.pupil, wanted)
        return found.pupil
    wanted["school_ref"] = ref = wanted.get("school_ref") or f"{ADDED_BY_HAND}{key.hex}"
    with _numbers_once():
        pupil = Pupil.objects.create(dragon=list(hatch(str(ref))), classroom=classroom, **wanted)
    note_added(pupil, by=by, key=key)
    record("pupil.added", by=by, about=pupil)
    return pupil


@transaction.atomic
def add_adult(
    *,
    pupil: Pupil,
    values: Mapping[str, object],
    facts: Mapping[str, object],
    key: UUID,
    by: Actor,
    at: datetime,
) -> Guardianship:
    """Add an adult by hand and connect them with the child.

    `facts`: see `connect_adult`. A repeated request returns the first connection.
    """
    _check_keeper(by, pupil)
    wanted = _checked(values, CONTACT_COLUMNS, localtime(at).date())
    if (found := _made_by_key(by, key)) and found.contact:
        _replayed(found.contact, wanted)
        return Guardianship.objects.get(pupil=pupil, contact=found.contact, ended_at__isnull=True)
    _check_name(wanted)
    _check_address(wanted)
    contact = Contact.objects.create(school_ref=f"{ADDED_BY_HAND}{key.hex}", **wanted)
    note_added(contact, by=by, key=key)
    record("contact.added", by=by, about=contact)
    return connect_adult(pupil=pupil, contact=contact, facts=facts, by=by, at=at)


@transaction.atomic
def connect_adult(
    *, pupil: Pupil, contact: Contact, facts: Mapping[str, object], by: Actor, at: datetime
) -> Guardianship:
    """Connect an adult of the records with a child.

    It gives no access by itself (PA-2).

    Leaders hear at the next opening whom the office has connected with whom.

    `facts`: relationship, parental_responsibility, court_order. Raises Connected for a pair that has a connection,
    EndedBefore for one that somebody ended, OwnChild and OwnRecord.
    """
    _check_keeper(by, pupil)
    _check_keeper(by, contact)
    list(Pupil.objects.select_for_update(no_key=True).filter(pk=pupil.pk).values_list("pk"))
    earlier = Guardianship.objects.filter(pupil=pupil, contact=contact)
    if earlier:
        raise EndedBefore if all(one.ended_at for one in earlier) else Connected
    relationship = str(facts["relationship"])
    flags = {name: bool(facts[name]) for name in ("parental_responsibility", "court_order")}
    guardianship = Guardianship.objects.create(
        pupil=pupil,
        contact=contact,
        relationship=relationship,
        priority=Guardianship.objects.filter(pupil=pupil, ended_at__isnull=True).count() + 1,
        suggestion=suggested(relationship, **flags),
        **flags,
    )
    note_connected(pupil, contact, by=by)
    record("guardianship.added", by=by, about=guardianship)
    if not by.is_slt:
        who, release_at = by.staff.signature if by.staff else str(by.user), school_hours().release(at)
        notify_leaders_of_added_adult(guardianship, by=who, release_at=release_at)
    return guardianship
