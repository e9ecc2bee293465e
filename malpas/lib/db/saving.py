"""Save a row by the names of its columns, so that concurrent changes of other columns stay."""

from collections.abc import Iterable

from django.db.models import Model


def save_fields(row: Model, names: Iterable[str]) -> None:
    """Insert a new row, or update only these columns of an existing one.

    Names that are no column (a form's own fields, many-to-many relations) are ignored.
    """
    if row._state.adding:
        row.save(force_insert=True)
        return
    columns = {field.name for field in row._meta.concrete_fields if not field.primary_key}
    row.save(update_fields=sorted(columns & set(names)))
