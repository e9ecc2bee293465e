"""Write down what an import makes and changes, so that it can be undone."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil

from .changes import Change

MODELS: dict[str, type[Model]] = {
    "classroom": Classroom,
    "pupil": Pupil,
    "contact": Contact,
    "guardianship": Guardianship,
}
# Columns of a new row by which a later use or correction of it is seen.
COLUMNS: dict[str, tuple[str, ...]] = {
    "classroom": ("name", "account_id"),
    "pupil": (
        "school_ref", "admission_number", "upn", "legal_forename", "legal_surname", "preferred_forename",
        "preferred_surname", "date_of_birth", "year", "classroom_id", "account_id", "left_on",
    ),
    "contact": ("school_ref", "title", "forename", "surname", "email", "mobile", "user_id"),
    "guardianship": (
        "relationship", "priority", "parental_responsibility", "court_order", "suggestion", "restriction",
        "restriction_note", "joined_at", "ended_at", "code_approved_at", "order_decided_at",
    ),
}  # fmt: skip


class Journal:
    """What one import has done.

    `made`: model → id → column → value. `changed`: model → id → column → [before, after]. `accounts`: id → [name
    before, name after]. `records`: id → what the import before said. `answers`: id of a renamed class → its columns
    before and after somebody said which class the file means.
    """

    def __init__(self) -> None:
        self.made: dict[str, dict[str, dict[str, Any]]] = {}
        self.changed: dict[str, dict[str, dict[str, list[Any]]]] = {}
        self.accounts: dict[str, list[str]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, list[dict[str, str]]] = {}

    def make(self, rows: Iterable[Model]) -> None:
        for row in rows:
            kind = _kind(row)
            values = {name: plain(getattr(row, name)) for name in COLUMNS[kind]}
            self.made.setdefault(kind, {})[str(row.pk)] = values

    def change(self, changes: Sequence[Change], classes: dict[str, Classroom]) -> None:
        for change in changes:
            fields = {
                ("classroom_id" if name == "classroom" else name): [
                    _stored(old, name, classes),
                    _stored(new, name, classes),
                ]
                for name, (old, new) in change.fields.items()
            }
            self.changed.setdefault(_kind(change.what), {})[str(change.what.pk)] = fields

    def answer(self, room: Classroom, roster_name: str) -> None:
        """Set what the file calls this class ('': another class), and write down what stood there."""
        before = {"roster_name": room.roster_name, "renamed_from": room.renamed_from}
        room.roster_name, room.renamed_from = roster_name, ""
        self.answers[str(room.pk)] = [before, {"roster_name": roster_name, "renamed_from": ""}]

    def as_json(self) -> dict[str, Any]:
        return {
            "made": self.made,
            "changed": self.changed,
            "accounts": self.accounts,
            "records": self.records,
            "answers": self.answers,
        }


def plain(value: object) -> Any:
    """Return a value as JSON holds it."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _kind(row: Model) -> str:
    return str(row._meta.model_name)


def _stored(value: object, name: str, classes: dict[str, Classroom]) -> Any:
    if name == "classroom":
        return classes[str(value)].pk if value else None
    return plain(value)
