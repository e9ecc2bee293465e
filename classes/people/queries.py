"""Find people of the school for office and leaders.

One search, and each record.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import SlotApproval
from classes.models.pupils import Pupil, pupil_here
from classes.rules import may_run_joining
from malpas.lib.db.plain import Plain, having_words, words_of

PAGE = 50
Person = Pupil | Contact | StaffMember


def check_keeper(actor: Actor) -> None:
    """Raise Http404 for everybody but office and leaders."""
    if not may_run_joining(actor):
        raise Http404


def get_pupil_record(actor: Actor, pk: int) -> Pupil:
    """Return any child of the records, departed ones too. Raises Http404."""
    check_keeper(actor)
    return get_object_or_404(Pupil.objects.select_related("classroom"), pk=pk)


def get_contact_record(actor: Actor, pk: int) -> Contact:
    """Return an adult of the records.

    Of somebody's second record the one that stays. Raises Http404.
    """
    check_keeper(actor)
    rows = Contact.objects.select_related("user")
    contact = get_object_or_404(rows, pk=pk)
    return rows.get(pk=contact.merged_into_id) if contact.merged_into_id else contact


def get_connection(actor: Actor, pk: int) -> Guardianship:
    """Return the connection of one adult and one child. Raises Http404."""
    check_keeper(actor)
    rows = Guardianship.objects.select_related("contact__user", "pupil__classroom", "code_approved_by")
    return get_object_or_404(rows, pk=pk)


def leaders_to_ask() -> list[StaffMember]:
    """Return the senior leaders who can approve: those with an account."""
    return list(StaffMember.objects.leaders().filter(user__isnull=False))


class Approval(NamedTuple):
    """What a leader approved in writing.

    A code, or a further adult (PA-2).
    """

    kind: str
    by: StaffMember
    at: datetime
    reason: str


def approvals_of(guardianship: Guardianship) -> list[Approval]:
    """Return the approvals that stand for this connection."""
    pair = {"pupil": guardianship.pupil_id, "contact": guardianship.contact_id}
    slots = SlotApproval.objects.filter(**pair).select_related("approved_by").order_by("pk")
    found = [Approval("slot", slot.approved_by, slot.approved_at, slot.reason) for slot in slots]
    if guardianship.code_approved_by and guardianship.code_approved_at:
        by, at = guardianship.code_approved_by, guardianship.code_approved_at
        found.insert(0, Approval("code", by, at, guardianship.code_reason))
    return found


@dataclass(frozen=True)
class PersonRow:
    """Somebody on the list.

    `connections`: of a child its adults, of an adult their children.
    """

    kind: str
    person: Any
    connections: list[Guardianship] = field(default_factory=list)


def _keys(rows: QuerySet[Any], kind: str, surname: str, forename: str) -> QuerySet[Any]:
    sorted_by = {"by_surname": Plain(F(surname)), "by_forename": Plain(F(forename))}
    rows = rows.annotate(kind=Value(kind, CharField()), **sorted_by).order_by()
    return rows.values_list("by_surname", "by_forename", "kind", "pk")


def _children(words: list[str], classroom: Classroom | None, departed: bool | None) -> QuerySet[Any]:
    rows = Pupil.objects.all()
    if departed is not None:
        rows = rows.exclude(pupil_here()) if departed else rows.filter(pupil_here())
    rows = rows.filter(classroom=classroom) if classroom else rows
    columns = ["preferred_forename", "legal_forename", "surname", "legal_surname", "admission_number", "upn"]
    return _keys(having_words(rows, columns, words), "child", "surname", "preferred_forename")


def _adults(words: list[str], classroom: Classroom | None) -> QuerySet[Any]:
    rows = Contact.objects.whole()
    if classroom:
        here = Guardianship.objects.filter(pupil_here("pupil__"), pupil__classroom=classroom)
        rows = rows.filter(Exists(here.filter(contact=OuterRef("pk"), ended_at__isnull=True)))
    columns = ["title", "forename", "surname", "email", "mobile"]
    return _keys(having_words(rows, columns, words), "adult", "surname", "forename")


def _staff(words: list[str], classroom: Classroom | None) -> QuerySet[Any]:
    rows = StaffMember.objects.here()
    rows = rows.filter(classrooms=classroom) if classroom else rows
    return _keys(
        having_words(rows, ["title", "forename", "surname", "job"], words), "staff", "surname", "forename"
    )


def find_people(q: str, *, kind: str, classroom: Classroom | None, page: int) -> Page:
    """Return a page of PersonRow, sorted as registers are: surname, then forename.

    `kind`: child, adult, staff, left (departed children), or '' for everybody. A name also finds departed children.
    """
    words = words_of(q)
    rows = {
        "child": lambda: _children(words, classroom, None if words else False),
        "adult": lambda: _adults(words, classroom),
        "staff": lambda: _staff(words, classroom),
        "left": lambda: _children(words, classroom, True),
    }
    wanted = [kind] if kind else ["child", "adult", "staff"]
    first, *others = [rows[each]() for each in wanted]
    found = first.union(*others, all=True) if others else first
    shown = Paginator(found.order_by("by_surname", "by_forename", "kind", "pk"), PAGE).get_page(page)
    shown.object_list = _rows([(kind, pk) for _surname, _forename, kind, pk in shown.object_list])
    return shown


def _rows(keys: list[tuple[str, int]]) -> list[PersonRow]:
    """Read the people of one page with their connections.

    Five queries at most.
    """
    chosen = {name: [pk for kind, pk in keys if kind == name] for name in ("child", "adult", "staff")}
    found: dict[tuple[str, int], PersonRow] = {}
    for one in _with_connections(Pupil.objects.select_related("classroom"), chosen["child"]):
        found["child", one.pk] = PersonRow("child", one, one.connections)
    for one in _with_connections(Contact.objects.all(), chosen["adult"]):
        found["adult", one.pk] = PersonRow("adult", one, one.connections)
    staff = (
        StaffMember.objects.prefetch_related("classrooms") if chosen["staff"] else StaffMember.objects.none()
    )
    for one in staff.filter(pk__in=chosen["staff"]):
        found["staff", one.pk] = PersonRow("staff", one)
    return [found[key] for key in keys if key in found]


def _with_connections(rows: QuerySet[Any], pks: Collection[int]) -> QuerySet[Any]:
    connections = Guardianship.objects.filter(ended_at__isnull=True).order_by("priority", "pk")
    connections = connections.select_related("contact", "pupil__classroom")
    return rows.filter(pk__in=pks).prefetch_related(
        Prefetch("guardianships", connections, to_attr="connections")
    )


def same_named_adults(forename: str, surname: str) -> list[PersonRow]:
    """Return adults of this very name, with their children.

    Perhaps the same person.
    """
    same = Contact.objects.whole().annotate(one=Plain(F("forename")), other=Plain(F("surname")))
    same = same.filter(one=Plain(Value(forename)), other=Plain(Value(surname)))
    return _rows([("adult", pk) for pk in same.order_by("pk").values_list("pk", flat=True)[:10]])


def same_named_children(forename: str, surnames: Collection[str]) -> list[Pupil]:
    """Return children of this very name, departed ones too.

    `surnames`: the legal one and the one they use.
    """
    forenames = Q(one=Plain(Value(forename))) | Q(legal=Plain(Value(forename)))
    same = Pupil.objects.annotate(
        one=Plain(F("preferred_forename")),
        legal=Plain(F("legal_forename")),
        other=Plain(F("surname")),
        legal_other=Plain(F("legal_surname")),
    )
    alike = [Plain(Value(surname)) for surname in surnames]
    same = same.filter(forenames, Q(other__in=alike) | Q(legal_other__in=alike))
    return list(same.select_related("classroom").order_by("pk")[:10])


def adults_to_connect(q: str, pupil: Pupil) -> list[PersonRow]:
    """Return at most thirty adults of this name whom nothing connects with the child."""
    known = Guardianship.objects.filter(pupil=pupil, contact=OuterRef("pk"))
    return _first_adults(q, ~Exists(known))


def adults_named(q: str) -> list[PersonRow]:
    """Return at most thirty adults of this name with their children."""
    return _first_adults(q)


def _first_adults(q: str, *conditions: Any) -> list[PersonRow]:
    words = words_of(q)
    if not words:
        return []
    found = _adults(words, None).filter(*conditions).order_by("by_surname", "by_forename", "pk")[:30]
    return _rows([("adult", pk) for _surname, _forename, _kind, pk in found])


def rows_of_adults(pks: Iterable[int]) -> list[PersonRow]:
    """Return these adults with their children, in this order."""
    return _rows([("adult", pk) for pk in pks])
