"""Count, for office and leaders, who has joined and who has a letter."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models.people import User
from classes.enums import JoiningState, LetterSetState
from classes.joining.queries import Waiting, guardianships_to_invite, states_of, with_state
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship, GuardianshipQuerySet
from classes.models.joining import Invitation
from classes.models.letters import READABLE_FOR, LetterSet
from classes.models.pupils import Pupil, pupil_here
from malpas.lib.csv_lines import telephone_cell
from malpas.lib.db.plain import Plain

SETS = 20  # the newest that the page lists


class ClassLetters(NamedTuple):
    """A class: its children, those of whom nobody has joined, and adults who have not."""

    classroom: Classroom
    children: int
    without_adult: int
    waiting: Waiting


def class_letters() -> list[ClassLetters]:
    """Return the classes with children, by name. Two queries."""
    joined = Q(guardianships__joined_at__isnull=False, guardianships__ended_at__isnull=True)
    here = Pupil.objects.filter(pupil_here()).order_by()
    counted = here.values("classroom").annotate(
        number=Count("pk", distinct=True), with_adult=Count("pk", filter=joined, distinct=True)
    )
    children = {row["classroom"]: row for row in counted}
    rows = with_state(guardianships_to_invite(None)).order_by().values("pupil__classroom")
    coded = Count("pk", filter=Q(how_far=JoiningState.INVITED))
    waiting = {
        row["pupil__classroom"]: Waiting(row["number"], row["coded"])
        for row in rows.annotate(number=Count("pk"), coded=coded)
    }
    return [
        ClassLetters(
            room,
            children[room.pk]["number"],
            children[room.pk]["number"] - children[room.pk]["with_adult"],
            waiting.get(room.pk, Waiting(0, 0)),
        )
        for room in Classroom.objects.all()
        if room.pk in children
    ]


class SetRow(NamedTuple):
    """A set of letters: how many, its state today.

    `is_mine`: the reader may open it.
    """

    letter_set: LetterSet
    number: int
    state: LetterSetState
    is_mine: bool


def state_now(row: LetterSet, at: datetime) -> LetterSetState:
    """Return the state of a set.

    A file is over after an hour, before any periodic task.
    """
    state = LetterSetState(row.state)
    over = state == LetterSetState.READY and row.ready_at is not None and row.ready_at <= at - READABLE_FOR
    return LetterSetState.EXPIRED if over else state


def newest_sets(user: User, at: datetime) -> list[SetRow]:
    """Return the newest sets of letters, whoever requested them."""
    rows = LetterSet.objects.defer("sealed", "invitations").select_related("requested_by").order_by("-pk")
    return [
        SetRow(row, len(row.guardianships), state_now(row, at), row.requested_by_id == user.pk)
        for row in rows[:SETS]
    ]


def count_open_codes(guardianships: Iterable[Guardianship]) -> int:
    """Return how many of these have an open code, which a new one ends."""
    pks = [one.pk for one in guardianships]
    return Invitation.objects.open().filter(guardianship__in=pks).count()


def not_joined(classroom: Classroom | None) -> GuardianshipQuerySet:
    """Return the adults to invite who have not joined, of a class or of the school."""
    rows = Guardianship.objects.filter(pupil_here("pupil__"), joined_at__isnull=True, ended_at__isnull=True)
    rows = rows.filter(pupil__classroom=classroom) if classroom else rows
    wanted = {JoiningState.NOT_INVITED, JoiningState.INVITED, JoiningState.EXPIRED}
    rows = rows.filter(pk__in=with_state(rows).filter(how_far__in=wanted).values("pk"))
    return rows.order_by("pupil__classroom__name", Plain(F("pupil__surname")), "pupil", "priority", "pk")


def not_joined_rows(classroom: Classroom | None, at: datetime) -> Iterator[list[object]]:
    """Yield the cells of the list of who has not joined, names of the columns first."""
    yield [
        _("Class"), _("Child"), _("Adult"), _("Relationship"), _("Telephone"), _("State"), _("Code until"),
        _("Waits for a senior leader"),
    ]  # fmt: skip
    for state in states_of(not_joined(classroom).select_related("pupil__classroom"), at):
        one = state.guardianship
        until = f"{localtime(state.until):%d/%m/%Y}" if state.until else ""
        yield [
            one.pupil.classroom or "", one.pupil, one.contact, one.get_relationship_display(), telephone_cell(one.contact.mobile),
            state.state.label, until, _("yes") if state.why_waits else "",
        ]  # fmt: skip
