"""Keep an uploaded roster until somebody applies it, discards it, or a day is over."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import User
from classes.enums import RosterState
from classes.models.rosters import RosterColumn, RosterImport
from classes.rules import may_run_joining

from .apply import import_roster
from .files.plain import bare
from .reading import read_table


@transaction.atomic
def keep_upload(*, data: bytes, name: str, key: UUID, by: Actor) -> RosterImport:
    """Keep a file in the place of this account's earlier one, or return this very file if it waits by this key.

    A page that the Back button brings out has the key of the file before: another file gets a key of its own.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.user.pk)
    if found := RosterImport.objects.filter(uploaded_by=by.user, key=key).first():
        if found.file is not None and bytes(found.file) == data:
            return found
        key = uuid4()
    RosterImport.objects.filter(uploaded_by=by.user, state=RosterState.WAITING).delete()
    return RosterImport.objects.create(uploaded_by=by.user, key=key, file=data, name=name[:200])


@transaction.atomic
def apply_upload(
    *,
    upload: RosterImport,
    seen: str,
    accept_missing: bool,
    chosen: Collection[str],
    by: Actor,
    today: date,
) -> RosterImport:
    """Import an uploaded file as `import_roster` does.

    A second press returns the first result.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    upload = RosterImport.objects.select_for_update(of=("self",)).get(pk=upload.pk, uploaded_by=by.user)
    if upload.state != RosterState.WAITING or upload.file is None:
        return upload
    import_roster(
        table=read_table(bytes(upload.file), known_columns(), today=today),
        today=today,
        by=by,
        accept_missing=accept_missing,
        seen=seen,
        chosen=chosen,
        upload=upload,
        same=upload.same,
        same_classes=upload.same_classes,
    )
    return upload


@transaction.atomic
def decide_same(*, upload: RosterImport, by: Actor, same: str = "", classes: str = "") -> None:
    """Keep what somebody says of people who are here under another id, or of classes that were renamed here.

    It counts when the file is taken in; '' leaves what was said.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    waiting = RosterImport.objects.filter(pk=upload.pk, uploaded_by=by.user, state=RosterState.WAITING)
    if said := {name: value for name, value in (("same", same), ("same_classes", classes)) if value}:
        waiting.update(**said)


@transaction.atomic
def discard_upload(*, upload: RosterImport, by: Actor) -> None:
    """Delete a file that nobody wants to apply."""
    if not may_run_joining(by):
        raise PermissionDenied
    RosterImport.objects.filter(pk=upload.pk, uploaded_by=by.user, state=RosterState.WAITING).delete()


@transaction.atomic
def delete_expired() -> int:
    """Delete files that waited for a day; return how many."""
    rows = list(
        RosterImport.objects.expired().select_for_update(skip_locked=True, of=("self",)).defer("file")
    )
    for row in rows:
        record("roster.expired", by=None, about=row)
    RosterImport.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def known_columns() -> dict[str, str]:
    """Return bare header → our field, or '' for a column that is not read."""
    return dict(RosterColumn.objects.values_list("title", "field"))


@transaction.atomic
def name_columns(*, fields: Mapping[str, str], by: Actor) -> None:
    """Keep which of our fields each column is, for this file and the next ones.

    `fields`: header → our field, or '' for none. A field has one column: an earlier one is forgotten.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    for title, field in fields.items():
        if field:
            RosterColumn.objects.filter(field=field).delete()
        said = {"header": title, "field": field, "set_by": by.user}
        RosterColumn.objects.update_or_create(title=bare(title), defaults=said)
    record("roster.columns_named", by=by, columns=len(fields))


@transaction.atomic
def forget_column(*, column: RosterColumn, by: Actor) -> None:
    """Forget what somebody said of a column, so that the next file asks again."""
    if not may_run_joining(by):
        raise PermissionDenied
    if RosterColumn.objects.filter(pk=column.pk).delete()[0]:
        record("roster.column_forgotten", by=by)
