"""Check, store and scan files before their message is sent (AU-5).

A file is on the disk before its row, and its row exists before the message: a failure in between leaves a
file without a row, which the periodic task removes, and never a row without a file.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.clock import SchoolNow
from accounts.sessions.rate_limits import counted_file
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.text import clean_line
from malpas.lib.uploads import storage
from malpas.lib.uploads.documents import checks, reading
from malpas.lib.uploads.documents import files as document_files
from malpas.lib.uploads.photos import decoding, processing
from malpas.lib.uploads.photos import files as photo_files
from malpas.lib.uploads.scanner import ScannerAway, ScannerUnsure, finds
from messaging.attachments.attach import remove_when_done
from messaging.enums import FileKind
from messaging.errors import NotYourConversation
from messaging.locks import lock_writer
from messaging.models.attachments import Attachment

DAY = timedelta(days=1)
FILES_A_DAY, BYTES_A_DAY = 200, 200 * 1024 * 1024  # of one account (A58)
UNSENT_FOR = timedelta(days=1)
SCAN_AT_ONCE, SCAN_LATER = 4, 30  # seconds for the scanner: in a request, and in the periodic task
SCANS = 20  # in one run
log = logging.getLogger(__name__)


class NoRoom(RuleViolation):
    sentence = _("There is no room for files just now. Your words can go without them.")


class EnoughForToday(RuleViolation):
    sentence = _("That is a lot of photos and documents in one day. Please add more tomorrow.")


class Harmful(RuleViolation):
    sentence = _("Our virus scanner finds something harmful in this document, so we did not keep it.")


class TooCostly(RuleViolation):
    """Refuse a file that used up what a decoder may take (A47).

    Nothing else of the same request is decoded.
    """


@dataclass(frozen=True)
class _Made:
    """Hold an accepted file.

    `stored` keeps it on the disk for a block, which gets its name.
    """

    kind: FileKind
    size: int
    stored: Callable[[], AbstractContextManager[str]]
    width: int = 0
    height: int = 0
    cleared: bool = True


def _title(written: str, kind: FileKind) -> str:
    """Return the name for saving: no folder, nothing invisible, the right ending."""
    plain = clean_line(PurePosixPath(written.replace("\\", "/")).name)
    ending = f".{'jpg' if kind == FileKind.PHOTO else kind.value}"
    stem = plain.removesuffix(ending) if kind == FileKind.PDF else PurePosixPath(plain).stem
    stem = "".join(sign for sign in stem if sign not in '<>:"/|?*').strip(". ")[:90]
    return f"{stem or kind.value}{ending}"


def _photo(data: bytes) -> _Made:
    made = decoding.decode(data)
    largest = made[processing.SIZES[0]]
    return _Made(
        FileKind.PHOTO,
        sum(len(rendition.jpeg) for rendition in made.values()),
        stored=lambda: photo_files.stored_photo(made),
        width=largest.width,
        height=largest.height,
    )


def _document(data: bytes) -> _Made:
    reading.read(data)
    cleared = True
    try:
        if finds(data, timeout=SCAN_AT_ONCE):
            raise Harmful
    except ScannerAway as away:
        log.warning("a document waits for the scanner, which gave no answer (%s)", away)
        cleared = False
    return _Made(
        FileKind.PDF,
        len(data),
        stored=lambda: document_files.stored_document(data),
        cleared=cleared,
    )


def _made(data: bytes) -> _Made:
    try:
        return _photo(data) if processing.kind_of(data) else _document(data)
    except processing.Unfit as unfit:
        broken = TooCostly if unfit.fault == processing.Fault.COSTLY else RuleViolation
        raise broken(decoding.FAULTS[unfit.fault]) from None
    except checks.Unfit as unfit:
        broken = TooCostly if unfit.fault == checks.Fault.COSTLY else RuleViolation
        raise broken(reading.FAULTS[unfit.fault]) from None


@transaction.atomic
def _row(made: _Made, name: str, title: str, *, by: Actor, at: datetime) -> Attachment:
    lock_writer(by.user)
    # A file of a broadcast counts once.
    today = Attachment.objects.filter(owner=by.user, uploaded_at__gt=at - DAY).values_list("name", "size")
    sizes = [size for _name, size in today.order_by().distinct()]
    if len(sizes) >= FILES_A_DAY or sum(sizes) + made.size > BYTES_A_DAY:
        raise EnoughForToday
    return Attachment.objects.create(
        owner=by.user,
        staff=by.staff,
        kind=made.kind,
        name=name,
        title=title,
        width=made.width,
        height=made.height,
        size=made.size,
        uploaded_at=at,
        cleared_at=at if made.cleared else None,
    )


def add_file(file: IO[bytes], *, title: str, by: Actor, at: datetime) -> Attachment:
    """Store a photo or PDF for an unsent message (AU-5).

    `by` is writing it. Nobody else sees it before the message is sent. It is decoded in a process of its
    own. Raises NoRoom, EnoughForToday, Harmful, TooCostly, Busy, TooManyRefusedFiles, RuleViolation with
    what is wrong with the file; then nothing of it is left.
    """
    if by.is_pupil or (by.is_class and by.staff is None):
        raise NotYourConversation
    with counted_file(by.user.pk):
        made = _made(
            file.read(settings.PHOTO_MAX_BYTES + 1)
        )  # one byte over the limit is enough to refuse it
    if not storage.has_room():
        raise NoRoom
    try:
        with made.stored() as name:
            failpoint("file.after_write")
            return _row(made, name, _title(title, made.kind), by=by, at=at)
    except storage.NotStored:
        raise NoRoom from None


@transaction.atomic
def forget_unsent() -> int:
    """Remove files uploaded a day ago and never sent.

    Returns how many.
    """
    old = Attachment.objects.filter(message__isnull=True, uploaded_at__lte=SchoolNow() - UNSENT_FOR)
    files = list(old.select_for_update(of=("self",), skip_locked=True)[:500])
    Attachment.objects.filter(pk__in=[file.pk for file in files]).delete()
    remove_when_done(files)
    return len(files)


@transaction.atomic
def _judge(name: str, harm: str) -> None:
    rows = Attachment.objects.filter(name=name, cleared_at__isnull=True)
    if not harm:
        rows.update(cleared_at=SchoolNow())
        return
    for file in rows:
        record("file.harmful", by=None, about=file, found=harm[:80])
    rows.update(harmful_at=SchoolNow())
    transaction.on_commit(lambda: document_files.forget(name))


def scan_due() -> int:
    """Scan documents that have no verdict yet (A51).

    Returns how many got one. No answer ends the run: an absent scanner is tried again in the next. A
    document that it cannot judge delays no other.
    """
    unscanned = Attachment.objects.filter(cleared_at__isnull=True, harmful_at__isnull=True)
    once = unscanned.order_by("name", "pk").distinct("name").values("pk")  # a file of a broadcast once
    names = list(unscanned.filter(pk__in=once).order_by("?").values_list("name", flat=True)[:SCANS])
    judged = 0
    for name in names:
        try:
            _judge(name, finds(document_files.path_of(name).read_bytes(), timeout=SCAN_LATER))
            judged += 1
        except (FileNotFoundError, ScannerUnsure) as error:
            log.error("a document still waits for the scanner: %s (%s)", name, type(error).__name__)
        except ScannerAway as away:
            log.warning("the scanner gave no answer (%s)", away)
            break
    return judged
