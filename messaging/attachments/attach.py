"""Attach uploaded files while their message is stored (PA-6, TE-4).

In the same transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.uploads.documents import files as document_files
from malpas.lib.uploads.photos import files as photo_files
from malpas.lib.uploads.photos import processing
from messaging.enums import FileKind
from messaging.models.attachments import MOST_FILES, Attachment
from messaging.models.conversations import Message


class TooManyFiles(RuleViolation):
    sentence = _("A message can have up to 5 photos or documents.")


class FilesGone(RuleViolation):
    sentence = _("What you added was here for too long. Please add it again.")


def _copies(files: Sequence[Attachment], message: Message, positions: Sequence[int]) -> list[Attachment]:
    return [
        Attachment(
            message=message,
            position=position,
            owner_id=message.author_id,
            staff_id=message.staff_id,
            kind=file.kind,
            name=file.name,
            title=file.title,
            alt=file.alt,
            width=file.width,
            height=file.height,
            size=file.size,
            uploaded_at=file.uploaded_at,
            cleared_at=file.cleared_at,
            harmful_at=file.harmful_at,
        )
        for position, file in zip(positions, files, strict=True)
    ]


def _unsent(names: Collection[str], by: Actor) -> list[Attachment]:
    """Lock this person's own unsent files in upload order. Raises FilesGone."""
    files = list(
        Attachment.objects.unsent_of(by).filter(name__in=names).select_for_update(of=("self",)).order_by("pk")
    )
    if len(files) != len(set(names)):
        raise FilesGone
    return files


def describe_unsent(described: Mapping[str, str], *, by: Actor) -> None:
    """Store descriptions of this person's own unsent photos, by name.

    Other files are left alone.
    """
    if not described:
        return
    for file in Attachment.objects.unsent_of(by).filter(name__in=described, kind=FileKind.PHOTO):
        if file.alt != described[file.name]:
            Attachment.objects.filter(pk=file.pk, message__isnull=True).update(alt=described[file.name])


def alt_texts_of(names: Collection[str], by: Actor) -> str:
    """Return the descriptions of these unsent photos, to screen with the message."""
    if not names:
        return ""
    return "\n".join(Attachment.objects.unsent_of(by).filter(name__in=names).values_list("alt", flat=True))


def send_along(messages: Sequence[Message], names: Collection[str], *, by: Actor) -> None:
    """Attach what `by` has uploaded to each of these messages.

    Call it in the transaction that stores them. Raises TooManyFiles, FilesGone: a message never goes
    without what its writer attached.
    """
    if not names:
        return
    if len(set(names)) > MOST_FILES:
        raise TooManyFiles
    files = _unsent(names, by)
    positions = range(1, len(files) + 1)
    Attachment.objects.filter(pk__in=[file.pk for file in files]).delete()
    Attachment.objects.bulk_create(
        copy for message in messages for copy in _copies(files, message, positions)
    )


def copy_along(message: Message, to: Message) -> None:
    """Copy the files of one message to another that replaces it (F36)."""
    files = list(message.files.all())
    Attachment.objects.bulk_create(_copies(files, to, [file.position or 0 for file in files]))


def copy_unsent(message: Message, *, by: Actor, at: datetime) -> None:
    """Give the files of a withdrawn message back to `by` as unsent ones (PA-6)."""
    files = list(message.files.all())
    copies = _copies(files, message, [0] * len(files))
    for file in copies:
        file.message, file.position, file.staff, file.uploaded_at = None, None, by.staff, at
    Attachment.objects.bulk_create(copies, ignore_conflicts=True)


def _redescribed(files: Iterable[Attachment], described: Mapping[str, str]) -> list[Attachment]:
    """Return the photos whose description was changed, with the new one."""
    found = []
    for file in files:
        description = described.get(file.name, file.alt)
        if file.kind == FileKind.PHOTO and description != file.alt:
            file.alt = description
            found.append(file)
    return found


def change_files(
    message: Message, names: Collection[str], *, by: Actor, described: Mapping[str, str] | None = None
) -> None:
    """Change the files of a pending message.

    Those of `names` stay or are attached; the others are removed. `described`: descriptions of its photos,
    by name. An attached row is never rewritten: a photo with another description replaces the one before.
    Call it in the transaction that holds the message as pending. Raises TooManyFiles, FilesGone.
    """
    old = {file.name: file for file in message.files.all()}
    staying = set(names) & set(old)
    new = _unsent(set(names) - staying, by) if set(names) - staying else []
    if len(staying) + len(new) > MOST_FILES:
        raise TooManyFiles
    gone = [file for file in old.values() if file.name not in staying]
    anew = _redescribed((old[name] for name in staying), described or {})
    Attachment.objects.filter(pk__in=[file.pk for file in [*gone, *new, *anew]]).delete()
    Attachment.objects.bulk_create(_copies(anew, message, [file.position or 0 for file in anew]))
    free = [
        position
        for position in range(1, MOST_FILES + 1)
        if position not in {old[name].position for name in staying}
    ]
    Attachment.objects.bulk_create(_copies(new, message, free[: len(new)]))
    remove_when_done(gone)


def remove_when_done(files: Sequence[Attachment]) -> None:
    """Remove unshared files from the disk after the commit.

    Another row may share a file. After a crash the periodic task removes them.
    """

    def remove() -> None:
        shared = set(
            Attachment.objects.filter(name__in=[file.name for file in files]).values_list("name", flat=True)
        )
        failpoint("file.before_forget")
        for file in files:
            if file.name not in shared:
                _forget(file)

    if files:
        transaction.on_commit(remove)


def _forget(file: Attachment) -> None:
    if file.kind == FileKind.PHOTO:
        photo_files.forget(file.name, processing.SIZES)
    else:
        document_files.forget(file.name)
