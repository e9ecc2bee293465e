"""Saving a row by the names of its columns: what somebody else wrote meanwhile stays."""

from collections.abc import Iterable

from django.db.models import Model


def save_fields(row: Model, names: Iterable[str]) -> None:
    """Insert a new row; of an existing one write only these columns.

    Names that are no column of the row (a form's own fields, many-to-many relations) are left out.
    """
    if row._state.adding:
        row.save(force_insert=True)
        return
    columns = {field.name for field in row._meta.concrete_fields if not field.primary_key}
    row.save(update_fields=sorted(columns & set(names)))
