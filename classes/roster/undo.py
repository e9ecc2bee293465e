"""Undo the last import while nobody has used what came in.

Used is: a code, an approval, an account, a restriction or an end of a tie since; anything that points at a row that the
import made (a card, a point, a message, an enquiry, staff of a class); a value that is another by now. A child who only
changed class goes back whatever the class has given meanwhile: points and messages stay with the child.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import User
from accounts.notify.recheck import revoke_notifications
from classes.enums import RosterState
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.rosters import RosterImport, RosterRecord
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation

from .apply import one_at_a_time
from .journal import MODELS, plain

ORDER = ("guardianship", "pupil", "contact", "classroom")  # in which rows can be deleted
USES = {
    "account_id": gettext_lazy("the portal is used with it"),
    "user_id": gettext_lazy("uses the portal"),
    "joined_at": gettext_lazy("uses the portal"),
    "code_approved_at": gettext_lazy("a code was approved"),
}
CORRECTED = gettext_lazy("was changed afterwards")
CODE = gettext_lazy("a code was made")
POINTED_AT = gettext_lazy("something was written, given or added since")


class CannotBeUndone(RuleViolation):
    """Another import came after this one, or it changed nothing."""

    sentence = gettext_lazy("Only the last import can be undone, and this is not the last one any more.")


class AlreadyUsed(RuleViolation):
    """Somebody has used what came in. `uses` says who and how."""

    def __init__(self, uses: list["Use"]) -> None:
        self.uses = uses
        said = "; ".join(str(use) for use in uses[:3])
        super().__init__(_("Nothing was undone, because this was used already: %(uses)s.") % {"uses": said})


@dataclass(frozen=True)
class Use:
    """Whose row stops the undoing, and why."""

    who: str
    why: str

    def __str__(self) -> str:
        return f"{self.who}: {self.why}"


def uses_of(done: RosterImport) -> list[Use]:
    """Return what stops the undoing, each person once, in a fixed number of queries."""
    found: dict[str, str] = {}
    for row, why in _Finder(done, lock=False).uses():
        found.setdefault(str(row), str(why))
    return [Use(who, why) for who, why in sorted(found.items())]


def orders_of(done: RosterImport) -> list[str]:
    """Return whose court orders this import reported, so that undoing it takes them back."""
    changed = (done.undo or {}).get("changed", {}).get("guardianship", {})
    reported = [pk for pk, fields in changed.items() if fields.get("court_order") == [False, True]]
    rows = Guardianship.objects.filter(pk__in=reported).select_related("contact", "pupil")
    return sorted(str(row) for row in rows)


def answers_of(done: RosterImport) -> list[str]:
    """Return the renamed classes of which somebody said what this file means.

    Undoing it asks again.
    """
    rooms = Classroom.objects.filter(pk__in=(done.undo or {}).get("answers", {}))
    return list(rooms.order_by("name").values_list("name", flat=True))


@transaction.atomic
def undo_import(*, done: RosterImport, by: Actor, at: datetime) -> None:
    """Put back what the import changed and delete what it made.

    Repeated, it does nothing. Raises CannotBeUndone, AlreadyUsed, and ImportIsRunning.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    one_at_a_time()
    done = RosterImport.objects.select_for_update(of=("self",)).get(pk=done.pk)
    if done.state == RosterState.UNDONE:
        return
    if done.undo is None:
        raise CannotBeUndone
    finder = _Finder(done, lock=True)
    found = [Use(str(row), str(why)) for row, why in finder.uses()]
    if found:
        raise AlreadyUsed(found)
    orders = orders_of(done)
    _put_back(done.undo)
    _delete(done.undo)
    record("roster.undone", by=by, about=done, **done.figures, orders=len(orders))
    done.state, done.undo, done.undone_at, done.undone_by = RosterState.UNDONE, None, at, by.user
    done.save(update_fields=["state", "undo", "undone_at", "undone_by"])


class _Finder:
    """Find uses of what an import made or changed.

    `lock`: lock these rows first, so that no use begins meanwhile.
    """

    def __init__(self, done: RosterImport, *, lock: bool) -> None:
        self.done, self.undo = done, done.undo or {}
        self.made = {kind: self.undo["made"].get(kind, {}) for kind in MODELS}
        self.changed = {kind: self.undo["changed"].get(kind, {}) for kind in MODELS}
        self.rows = {kind: self._read(kind, lock) for kind in MODELS}

    def _read(self, kind: str, lock: bool) -> dict[str, Model]:
        pks = [*self.made[kind], *self.changed[kind]]
        rows = MODELS[kind]._default_manager.filter(pk__in=pks).order_by("pk")
        if kind == "guardianship":
            rows = rows.select_related("pupil", "contact")
        return {str(row.pk): row for row in (rows.select_for_update(of=("self",)) if lock else rows)}

    def uses(self) -> Iterator[tuple[object, object]]:
        for kind in MODELS:
            yield from self.corrected(kind)
            yield from self.pointed_at(kind)
        yield from self.invited()

    def corrected(self, kind: str) -> Iterator[tuple[object, object]]:
        wanted = {pk: dict(values) for pk, values in self.made[kind].items()}
        for pk, fields in self.changed[kind].items():
            wanted[pk] = {name: after for name, (_before, after) in fields.items()}
        for pk, values in wanted.items():
            row = self.rows[kind].get(pk)
            if row is None:
                yield _("a row that is gone"), CORRECTED
                continue
            other = [name for name, value in values.items() if plain(getattr(row, name)) != value]
            if other:
                yield row, next((USES[name] for name in other if name in USES), CORRECTED)

    def pointed_at(self, kind: str) -> Iterator[tuple[object, object]]:
        """Yield rows that the import made and something else points at.

        Whatever points at them, of any app, hidden relations and lists of many to many too.
        """
        if not self.made[kind]:
            return
        for relation in MODELS[kind]._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
                continue
            field = relation.field  # type: ignore[union-attr]
            for pk in self._pointing(field, kind):
                yield self.rows[kind].get(str(pk), pk), POINTED_AT

    def _pointing(self, field: Any, kind: str) -> set[int]:
        model = field.model
        if model is RosterRecord:
            return set()
        pointing = model._base_manager.filter(**{f"{field.name}__in": list(self.made[kind])})
        own = str(model._meta.model_name)
        if own in MODELS and model is MODELS[own]:
            back = [pk for pk, fields in self.changed[own].items() if field.attname in fields]
            pointing = pointing.exclude(pk__in=[*self.made[own], *back])
        return set(pointing.values_list(field.attname, flat=True))

    def invited(self) -> Iterator[tuple[object, object]]:
        """Yield the ties of whom the import changed something, with a code since."""
        of = {kind: list(self.changed[kind]) for kind in ("guardianship", "pupil", "contact")}
        guardianships = Q(guardianship__in=of["guardianship"]) | Q(guardianship__pupil__in=of["pupil"])
        guardianships |= Q(guardianship__contact__in=of["contact"])
        since = Q(made_at__gt=self.done.applied_at) | Q(used_at__gt=self.done.applied_at)
        for code in Invitation.objects.filter(guardianships, since).select_related("guardianship"):
            yield code.guardianship, CODE


def _put_back(undo: dict[str, Any]) -> None:
    for kind, rows in undo["changed"].items():
        model = MODELS[kind]
        for pk, fields in rows.items():
            before = {name: _value(model, name, old) for name, (old, _new) in fields.items()}
            model._default_manager.filter(pk=pk).update(**before)
    for pk, (before, after) in undo["accounts"].items():
        User.objects.filter(pk=pk, name=after).update(name=before)
    for pk, said in undo["records"].items():
        RosterRecord.objects.filter(pk=pk).update(said=said)
    for pk, (said_before, answer) in undo["answers"].items():
        Classroom.objects.filter(pk=pk, **answer).update(**said_before)
    moved = [pk for pk, fields in undo["changed"].get("pupil", {}).items() if "classroom_id" in fields]
    adults = User.objects.filter(contact__guardianships__pupil__in=moved)
    revoke_notifications(list(adults.values_list("pk", flat=True).distinct()))


def _value(model: type[Model], name: str, stored: Any) -> Any:
    field = model._meta.get_field(name.removesuffix("_id") if name == "classroom_id" else name)
    return stored if isinstance(field, ForeignKey) else field.to_python(stored)  # type: ignore[union-attr]


def _delete(undo: dict[str, Any]) -> None:
    """Delete the rows that the import made, and nothing with them.

    A row that something points at stops it: by the database's own keys, not by what `uses_of` has found.
    """
    made = {kind: [int(pk) for pk in undo["made"].get(kind, {})] for kind in ORDER}
    RosterRecord.objects.filter(Q(pupil__in=made["pupil"]) | Q(contact__in=made["contact"])).delete()
    try:
        with connection.cursor() as cursor:
            for kind in ORDER:
                table = connection.ops.quote_name(MODELS[kind]._meta.db_table)
                cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [made[kind]])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        raise AlreadyUsed([Use(_("What came in"), str(POINTED_AT))]) from None
