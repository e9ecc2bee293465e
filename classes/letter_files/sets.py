"""Make many letters by a worker, for one download (PA-1).

New codes, the end of the old ones and the file come in one transaction: an attempt that fails or whose worker dies
leaves no code and ends none. A copy of the database does not give the file away, and it is gone after an hour.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember
from accounts.models.school import School
from classes.enums import LetterSetFailure, LetterSetState
from classes.joining.invitations import NoCode, check_contacts, contacts_of, invite_guardianships
from classes.joining.queries import guardianships_to_invite, ready_and_waiting
from classes.letter_files.encryption import seal, unseal
from classes.letter_files.names import check_boxes
from classes.letter_files.pdf import letters_pdf
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.letters import LetterSet
from classes.rules import EndsOthers, check_ends, may_run_joining
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)  # a living worker also locks the row: the lease only spaces the attempts
MOST_ATTEMPTS = 3
PIECE = 64 * 1024


class AlreadyMade(RuleViolation):
    sentence = _("These letters were made already. Nothing was done a second time.")


class _CannotBeMade(Exception):
    def __init__(self, failure: LetterSetFailure) -> None:
        self.failure = failure
        super().__init__(failure)


@transaction.atomic
def request_letters(
    *,
    guardianships: Sequence[Guardianship],
    by: Actor,
    key: UUID,
    name: str,
    by_hand: bool = False,
    ends: int | None = None,
    contacts: int | None = None,
    boxes: int | None = None,
) -> LetterSet:
    """Store a request for letters, or return the one of this key.

    `ends`: how many codes end by it, as somebody has confirmed. `contacts`: how many contacts only are among those
    chosen by hand, as somebody has confirmed. `boxes`: how many letters show boxes in names. Raises EndsOthers with the
    number where it differs, AsksFirst with those contacts, HasBoxes with those letters, NoCode for somebody without
    the right.
    """
    if not may_run_joining(by):
        raise NoCode(LetterSetFailure.NO_RIGHT.label)
    if found := LetterSet.objects.of(by.user).filter(key=key).first():
        return found
    pks = [one.pk for one in guardianships]
    check_boxes(guardianships, boxes)
    if by_hand:
        check_contacts(pks, contacts)
    check_ends(Invitation.objects.open().filter(guardianship__in=pks).count(), ends)
    requested = {"name": name, "guardianships": pks, "by_hand": by_hand, "ends": ends}
    row, is_new = LetterSet.objects.get_or_create(requested_by=by.user, key=key, defaults=requested)
    if is_new:
        record("letters.requested", by=by, about=row, number=len(pks))
    return row


@transaction.atomic
def draw_letters(
    *,
    guardianships: Sequence[Guardianship],
    by: Actor,
    key: UUID,
    name: str,
    school: School,
    at: datetime,
    by_hand: bool = False,
    ends: int | None = None,
    contacts: int | None = None,
    boxes: int | None = None,
) -> bytes:
    """Make codes for few adults and return their letters.

    The set is listed as downloaded.

    No old code ends unless its letter is drawn. The arguments are those of `request_letters`. Raises
    AlreadyMade for a repeated key: the page of that set says what became of it.
    """
    drawn = {"state": LetterSetState.FETCHED, "ready_at": SchoolNow(), "fetched_at": SchoolNow()}
    requested = {
        "name": name,
        "guardianships": [one.pk for one in guardianships],
        "by_hand": by_hand,
        "ends": ends,
    }
    # Written first: a second request of this key waits here for the end of the first.
    row, is_new = LetterSet.objects.get_or_create(requested_by=by.user, key=key, defaults=requested | drawn)
    if not is_new:
        raise AlreadyMade
    check_boxes(guardianships, boxes)
    issued = invite_guardianships(
        guardianships=guardianships, by=by, at=at, by_hand=by_hand, ends=ends, contacts=contacts
    )
    file = letters_pdf(issued, school)
    made = Invitation.objects.open().filter(guardianship__in=row.guardianships)
    row.invitations = list(made.values_list("pk", flat=True))
    row.save(update_fields=["invitations"])
    record("letters.drawn", by=by, about=row, number=len(issued))
    return file


def make_letters_due(*, at: datetime) -> int:
    """Make the requested letters; return the number of sets made.

    One that fails does not stop the others.
    """
    made = 0
    while row := _claim():
        failpoint("letters.claimed")
        made += _attempt(row, at)
    return made


@transaction.atomic
def _claim() -> LetterSet | None:
    """Return a set under a lease, with its attempt counted.

    A set tried too often is given up.
    """
    for row in LetterSet.objects.due().select_for_update(skip_locked=True, of=("self",)).order_by("pk"):
        if row.attempts >= MOST_ATTEMPTS:
            _fail(row, LetterSetFailure.GAVE_UP)
            continue
        row.attempts, row.lease_until = row.attempts + 1, SchoolNow() + LEASE
        row.save(update_fields=["attempts", "lease_until"])
        return row
    return None


def _attempt(row: LetterSet, at: datetime) -> bool:
    """Make one set and return whether it is ready.

    Any failure is in the row, or its lease brings it back.
    """
    try:
        return _make(row, at)
    except _CannotBeMade as error:
        _fail(row, error.failure)
    except EndsOthers:
        _fail(row, LetterSetFailure.CHANGED)
    except RuleViolation:
        _fail(row, LetterSetFailure.REFUSED)
    except SoftTimeLimitExceeded:  # Celery's soft limit: this process must end
        raise
    except Exception as error:
        log.error("letters %s were not made (%s), attempt %s", row.pk, type(error).__name__, row.attempts)
    return False


@transaction.atomic
def _make(row: LetterSet, at: datetime) -> bool:
    """Make codes and file at once, or nothing.

    False when another worker has taken the set over.
    """
    ours = LetterSet.objects.filter(pk=row.pk, state=LetterSetState.REQUESTED, attempts=row.attempts)
    if not ours.select_for_update(skip_locked=True, of=("self",)).values_list("pk").first():
        return False
    by = _requester(row)
    found = _still_to_invite(row)
    # Whoever chose these by hand has read of the contacts among them before it was stored.
    contacts = len(contacts_of([one.pk for one in found])) if row.by_hand else None
    issued = invite_guardianships(
        guardianships=found, by=by, at=at, by_hand=row.by_hand, ends=row.ends, contacts=contacts
    )
    failpoint("letters.issued")
    file = letters_pdf(issued, School.objects.here())
    made = Invitation.objects.open().filter(guardianship__in=[one.guardianship.pk for one in issued])
    ours.update(
        state=LetterSetState.READY,
        sealed=seal(file, row.key),
        invitations=list(made.values_list("pk", flat=True)),
        ready_at=SchoolNow(),
        lease_until=None,
    )
    record("letters.made", by=by, about=row, number=len(issued))
    return True


def _requester(row: LetterSet) -> Actor:
    """Return the requester as they are now.

    Raises _CannotBeMade if their right has ended.
    """
    staff = StaffMember.objects.here().select_related("user").filter(user=row.requested_by_id).first()
    actor = Actor(staff.user, staff) if staff and staff.user else None
    if actor is None or not actor.user.is_active or actor.user.removed_at or not may_run_joining(actor):
        raise _CannotBeMade(LetterSetFailure.NO_RIGHT)
    return actor


def _still_to_invite(row: LetterSet) -> list[Guardianship]:
    """Return the set's adults who may have a code, in order.

    Those who joined meanwhile need none. Raises _CannotBeMade for nobody.
    """
    if row.by_hand:
        chosen = Guardianship.objects.filter(pk__in=row.guardianships, joined_at__isnull=True)
        ready, _skipped = ready_and_waiting(chosen)
        found = sorted(ready, key=lambda one: row.guardianships.index(one.pk))
    else:
        found = list(guardianships_to_invite(None).filter(pk__in=row.guardianships))
    if not found:
        raise _CannotBeMade(LetterSetFailure.NOBODY)
    return found


def _fail(row: LetterSet, failure: LetterSetFailure) -> None:
    ours = LetterSet.objects.filter(pk=row.pk, state=LetterSetState.REQUESTED, attempts=row.attempts)
    if ours.update(state=LetterSetState.FAILED, failure=failure, lease_until=None):
        log.warning("letters %s are not made: %s", row.pk, failure.value)


def open_letters(*, letter_set: LetterSet, by: Actor) -> bytes | None:
    """Return the file for a download, or None when it is gone.

    Only for the requester, while they may run joining. Raises NotSealedHere after a change of CODE_KEY.
    """
    if not may_run_joining(by):
        raise NoCode(LetterSetFailure.NO_RIGHT.label)
    readable = LetterSet.objects.of(by.user).readable().filter(pk=letter_set.pk)
    if not readable.update(opened_at=Coalesce("opened_at", SchoolNow())):
        return None
    sealed = readable.values_list("sealed", flat=True).first()
    return unseal(bytes(sealed), letter_set.key) if sealed else None


def pieces_of(file: bytes, *, letter_set: LetterSet, by: Actor) -> Iterator[bytes]:
    """Yield the file, and delete it after the last piece.

    A download that breaks off leaves it.
    """
    for start in range(0, len(file), PIECE):
        yield file[start : start + PIECE]
    finish_download(letter_set=letter_set, by=by)


@transaction.atomic
def finish_download(*, letter_set: LetterSet, by: Actor) -> None:
    """Delete the file of letters that were downloaded."""
    ready = LetterSet.objects.of(by.user).filter(pk=letter_set.pk, state=LetterSetState.READY)
    if ready.update(state=LetterSetState.FETCHED, fetched_at=SchoolNow(), sealed=None):
        record("letters.fetched", by=by, about=letter_set)


@transaction.atomic
def expire_letters_due() -> int:
    """Delete files an hour old; end the codes of unopened ones.

    Returns how many sets.
    """
    old = LetterSet.objects.to_expire().defer("sealed")
    rows = list(old.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    for row in rows:
        ended = 0 if row.opened_at else _withdraw(row)
        LetterSet.objects.filter(pk=row.pk).update(state=LetterSetState.EXPIRED, sealed=None)
        record("letters.expired", by=None, about=row, ended=ended)
    return len(rows)


def _withdraw(row: LetterSet) -> int:
    codes = Invitation.objects.filter(pk__in=row.invitations, used_at__isnull=True, withdrawn_at__isnull=True)
    return codes.update(withdrawn_at=SchoolNow())
