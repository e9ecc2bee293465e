"""Find children and classes that an actor may see."""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import User
from classes import hooks
from classes.models.classrooms import READ_BY_SOMEBODY, Classroom
from classes.models.former_accounts import FormerAccount
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from malpas.lib.db.columns import Columns, set_related


class _Children(NamedTuple):
    """The statement that reads an adult's children, and the columns of its rows."""

    sql: str
    pupil: Columns[Pupil]
    classroom: Columns[Classroom]


@cache
def _children() -> _Children:
    """Write the statement, once a process: it says the same as `Pupil.objects.of_parent`."""
    pupil = Columns(Pupil, "p")
    classroom = Columns(Classroom, "r", start=pupil.end)
    sql = f"""
        SELECT {pupil.sql}, {classroom.sql}
        FROM classes_pupil p LEFT JOIN classes_classroom r ON r.id = p.classroom_id
        WHERE p.id IN (
            SELECT g.pupil_id FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id
            WHERE c.user_id = %s AND has_access(g.pupil_id, c.user_id, false)
        )
        ORDER BY lower(p.preferred_forename), lower(p.surname), p.id
    """
    return _Children(sql, pupil, classroom)


def get_pupil_for(actor: Actor, pk: int) -> Pupil:
    """Return a child whom the actor may see. Raises Http404 (PA-4, PU-4)."""
    return get_object_or_404(Pupil.objects.visible_to(actor).select_related("classroom"), pk=pk)


def children_of(actor: Actor) -> list[Pupil]:
    """Return this adult's children by name, with their class (PA-4).

    There are none for a class, a pupil or an account without a child.
    """
    parts = _children()
    with connection.cursor() as cursor:
        cursor.execute(parts.sql, [actor.user.pk])
        rows = cursor.fetchall()
    children = [cast(Pupil, parts.pupil.read(row)) for row in rows]
    for child, row in zip(children, rows, strict=True):
        set_related(child, "classroom", parts.classroom.read(row))
    return children


def get_own_class(actor: Actor) -> Classroom:
    """Return the class of a class account.

    Raises Http404 for everybody else (TE-2).
    """
    if not actor.is_class:
        raise Http404
    return get_object_or_404(Classroom, account=actor.user)


def parents_of_class(classroom: Classroom | None) -> QuerySet[User]:
    """Return adults with access to a child of the class, each once.

    None: of the whole school. Policy: PA-5.
    """
    guardianships = Guardianship.objects.live().filter(contact__user=OuterRef("pk"))
    return User.objects.filter(
        Exists(guardianships.filter(pupil__classroom=classroom) if classroom else guardianships)
    )


def is_read(classroom: Classroom | None) -> bool:
    """Return whether somebody can read what families write to this class.

    False for a child without a class (None).
    """
    if classroom is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM classes_classroom r WHERE r.id = %s AND {READ_BY_SOMEBODY}", [classroom.pk]
        )
        return cursor.fetchone() is not None


def classes_nobody_reads() -> QuerySet[Classroom]:
    """Return classes with children and nobody to read their messages, by name."""
    unread = Classroom.objects.exclude(pk__in=Classroom.objects.read_by_somebody().values("pk"))
    return unread.filter(Exists(Pupil.objects.here().filter(classroom=OuterRef("pk")))).order_by("name")


def needs_slot(guardianship: Guardianship) -> bool:
    """Return whether both slots are taken and no further adult is approved.

    Policy: PA-2.
    """
    annotated: QuerySet[Any] = Guardianship.objects.with_needs_slot()
    return annotated.filter(pk=guardianship.pk, needs_slot=True).exists()


def other_guardianships_live(contact: Contact, *, but: Guardianship) -> bool:
    """Return whether the adult has access through another child."""
    return Guardianship.objects.live().filter(contact=contact).exclude(pk=but.pk).exists()


def records_of_accounts(users: Collection[int]) -> dict[int, set[int]]:
    """Return account id → ids of its adult's records, also of one whose account it was before. One query.

    Of a record that was put together with another one, the record that stays.
    """
    stays = Coalesce("contact__merged_into", "contact")
    now = Contact.objects.filter(user__in=users).values_list("user", "pk")
    before = FormerAccount.objects.filter(user__in=users).values_list("user", stays)
    found: dict[int, set[int]] = {}
    for user, contact in now.union(before):
        found.setdefault(user, set()).add(contact)
    return found


def is_own_child(user: User, pupil_id: int) -> bool:
    """Return whether the records name the account's owner as the child's adult.

    With access or without.
    """
    return Guardianship.objects.filter(pupil=pupil_id, contact__user=user).exists()


def has_child(user: User) -> bool:
    """Return whether this account has access to any child."""
    return Guardianship.objects.live().filter(contact__user=user).exists()


def absent_pupil_ids(actor: Actor, day: date) -> set[int]:
    """Return the ids of this class's absent pupils, never why (PA-7)."""
    return {pupil.pk for pupils in hooks.list_absent.call_all(actor, day) for pupil in pupils}


def classes_of_staff(pks: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the classes for which each of these members of staff works."""
    found: dict[int, list[str]] = {}
    pairs = Classroom.objects.filter(staff__in=pks).order_by("name").values_list("staff", "name")
    for pk, name in pairs:
        found.setdefault(pk, []).append(name)
    return found
