"""Find invitations, and how far each adult of a child has joined."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from classes.enums import JoiningState, Restriction, Suggestion
from classes.joining.codes import code_hash
from classes.joining.rules import joining_state, why_code_waits, why_skipped
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship, GuardianshipQuerySet
from classes.models.joining import Invitation
from classes.models.pupils import Pupil, pupil_here
from classes.queries import needs_slot
from malpas.lib.db.plain import Plain


def find_invitation(code: str, date_of_birth: date | None) -> Invitation | None:
    """Return the open invitation for a code and the child's birthday (PA-1).

    One hash and one query, whatever was typed. None, without distinction, for a wrong, used, ended, withdrawn or
    barred code, a wrong birthday, and a removed adult.
    """
    open_guardianships = (
        Guardianship.objects.filter(
            pupil_here("pupil__"),
            pk=OuterRef("guardianship"),
            pupil__date_of_birth=date_of_birth or date(1, 1, 1),
            joined_at__isnull=True,
            ended_at__isnull=True,
        )
        .exclude(restriction=Restriction.NO_ACCESS)
        .exclude(contact__user__removed_at__isnull=False)
    )
    found = Invitation.objects.open().filter(Exists(open_guardianships), code_hash=code_hash(code))
    return found.select_related("guardianship__contact__user", "guardianship__pupil").first()


def find_carried_invitation(pk: object) -> Invitation | None:
    """Return the invitation that a browser carries through sign-up, while open."""
    if not isinstance(pk, int):
        return None
    return Invitation.objects.open().filter(pk=pk).select_related("guardianship__contact").first()


@dataclass(frozen=True)
class AdultState:
    """How far one adult of one child has joined.

    `until`: when an open code ends. `why_waits`: what a leader has to approve before this adult's code.
    """

    guardianship: Guardianship
    state: JoiningState
    until: datetime | None = None
    why_waits: str = ""

    @property
    def is_closed(self) -> bool:
        """Return whether no code can be made, whoever approves."""
        closed = {JoiningState.JOINED, JoiningState.RESTRICTED, JoiningState.REMOVED, JoiningState.ENDED}
        return self.state in closed

    @property
    def may_have_code(self) -> bool:
        """Return whether somebody may make them a code by hand."""
        return not self.is_closed and not self.why_waits

    @property
    def label(self) -> str:
        """Return the state in words: 'invited (until 24.11.2026)'."""
        if self.until is None:
            return str(self.state.label)
        day = _("until %(day)s") % {"day": f"{localtime(self.until):%d.%m.%Y}"}
        return f"{self.state.label} ({day})"


@dataclass(frozen=True)
class PupilStates:
    pupil: Pupil
    adults: list[AdultState]


def _state(guardianship: Guardianship, at: datetime) -> AdultState:
    waiting = next(iter(guardianship.invitations.all()), None)  # prefetched: neither used nor withdrawn
    state = joining_state(guardianship, waiting, at)
    until = waiting.expires_at if waiting and state == JoiningState.INVITED else None
    return AdultState(
        guardianship, state, until, why_code_waits(guardianship, needs_slot=guardianship.needs_slot)
    )


def _with_codes(guardianships: GuardianshipQuerySet) -> GuardianshipQuerySet:
    """Add what `_state` reads: the slot, the account and the unused code."""
    waiting = Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)
    found = guardianships.with_needs_slot().select_related("contact__user")
    return found.prefetch_related(Prefetch("invitations", waiting))


def states_of(guardianships: GuardianshipQuerySet, at: datetime) -> list[AdultState]:
    """Return how far each of these has joined, in their order.

    Two queries.
    """
    return [_state(guardianship, at) for guardianship in _with_codes(guardianships)]


def class_states(classroom: Classroom, at: datetime) -> list[PupilStates]:
    """Return the children of the class as registers have them, with each adult's state.

    Three queries, however many children.
    """
    guardianships = _with_codes(Guardianship.objects.filter(ended_at__isnull=True))
    pupils = Pupil.objects.here().filter(classroom=classroom)
    pupils = pupils.order_by(Plain("surname"), Plain("preferred_forename"), "pk")
    found = pupils.prefetch_related(
        Prefetch("guardianships", guardianships.order_by("priority", "pk"), to_attr="open_guardianships")
    )
    return [
        PupilStates(pupil, [_state(guardianship, at) for guardianship in pupil.open_guardianships])
        for pupil in found
    ]


def state_of(guardianship: Guardianship, at: datetime) -> AdultState:
    """Return how far this one adult has joined."""
    waiting = guardianship.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).first()
    state = joining_state(guardianship, waiting, at)
    until = waiting.expires_at if waiting and state == JoiningState.INVITED else None
    return AdultState(
        guardianship, state, until, why_code_waits(guardianship, needs_slot=needs_slot(guardianship))
    )


STATES_BY_FILTER = {
    "waiting": {JoiningState.NOT_INVITED, JoiningState.INVITED, JoiningState.EXPIRED},
    "hold": {JoiningState.ON_HOLD, JoiningState.CONTACT_ONLY},
    "joined": {JoiningState.JOINED},
}


def filter_states(rows: list[PupilStates], state_filter: str) -> list[PupilStates]:
    """Return children with an adult of this filter, without other adults.

    `state_filter` 'all': everybody.
    """
    if state_filter not in STATES_BY_FILTER:
        return rows
    filtered = [
        PupilStates(row.pupil, [a for a in row.adults if a.state in STATES_BY_FILTER[state_filter]])
        for row in rows
    ]
    return [row for row in filtered if row.adults]


def with_state(guardianships: QuerySet[Guardianship]) -> QuerySet[Any]:
    """Annotate `how_far`, the same states as `rules.joining_state` in the same order."""
    unused = Invitation.objects.filter(
        guardianship=OuterRef("pk"), used_at__isnull=True, withdrawn_at__isnull=True
    )
    return guardianships.annotate(
        how_far=Case(
            When(ended_at__isnull=False, then=Value(JoiningState.ENDED)),
            When(restriction=Restriction.NO_ACCESS, then=Value(JoiningState.RESTRICTED)),
            When(contact__user__removed_at__isnull=False, then=Value(JoiningState.REMOVED)),
            When(joined_at__isnull=False, then=Value(JoiningState.JOINED)),
            When(Exists(unused.open()), then=Value(JoiningState.INVITED)),
            When(Exists(unused), then=Value(JoiningState.EXPIRED)),
            When(suggestion=Suggestion.HOLD, then=Value(JoiningState.ON_HOLD)),
            When(suggestion=Suggestion.INVITE, then=Value(JoiningState.NOT_INVITED)),
            default=Value(JoiningState.CONTACT_ONLY),
            output_field=CharField(),
        )
    )


def guardianships_in_state(guardianships: QuerySet[Guardianship], state: str) -> QuerySet[Guardianship]:
    """Return the guardianships in this state.

    'waiting': not joined, with a code or without; 'order': a court order to decide about.
    """
    if state == "order":
        return guardianships.filter(pk__in=Guardianship.objects.to_decide())
    here = with_state(guardianships).filter(pupil_here("pupil__"))
    return here.filter(how_far__in=STATES_BY_FILTER.get(state, {state}))


@dataclass(frozen=True)
class Waiting:
    """How many adults have not joined, and how many have a code."""

    number: int
    with_code: int

    @property
    def without_code(self) -> int:
        return self.number - self.with_code


def waiting_counts(classroom: Classroom | None) -> Waiting:
    """Count the waiting adults of a class or of the school (None).

    One query.
    """
    guardianships = with_state(guardianships_to_invite(classroom)).order_by()
    return Waiting(
        **guardianships.aggregate(number=Count("pk"), with_code=Count("pk", filter=Q(how_far="invited")))
    )


def guardianships_to_invite(
    classroom: Classroom | None, *, without_code: bool = False
) -> QuerySet[Guardianship]:
    """Return the adults to invite who have not joined.

    By class and the child's name, of a class or of the school (None). `without_code`: only those without an open
    code. Adults whose code a leader has to approve first are left out (PA-2).
    """
    guardianships: QuerySet[Any] = Guardianship.objects.named_by_policy().with_needs_slot()
    if classroom:
        guardianships = guardianships.filter(pupil__classroom=classroom)
    if without_code:
        guardianships = with_state(guardianships).exclude(how_far=JoiningState.INVITED)
    return (
        guardianships.filter(
            pupil_here("pupil__"),
            needs_slot=False,
            suggestion=Suggestion.INVITE,
            joined_at__isnull=True,
            ended_at__isnull=True,
        )
        .exclude(restriction=Restriction.NO_ACCESS)
        .exclude(contact__user__removed_at__isnull=False)
        .order_by(
            "pupil__classroom__name",
            Plain("pupil__surname"),
            Plain("pupil__preferred_forename"),
            "pupil",
            "priority",
            "pk",
        )
    )


@dataclass(frozen=True)
class SkippedAdult:
    """An adult who gets no letter with the rest, and why."""

    guardianship: Guardianship
    why: str


def skipped_adults(classroom: Classroom | None) -> list[SkippedAdult]:
    """Return adults not joined who get no letter with the rest.

    Of a class or of the school (None). One query.
    """
    guardianships = Guardianship.objects.with_needs_slot().select_related("contact__user", "pupil__classroom")
    guardianships = guardianships.filter(pupil_here("pupil__"), joined_at__isnull=True, ended_at__isnull=True)
    guardianships = guardianships.exclude(pk__in=guardianships_to_invite(classroom).order_by().values("pk"))
    found = guardianships.filter(pupil__classroom=classroom) if classroom else guardianships
    found = found.order_by("pupil__classroom__name", Plain("pupil__surname"), "pupil", "priority", "pk")
    return [
        SkippedAdult(guardianship, why_skipped(guardianship, needs_slot=guardianship.needs_slot))
        for guardianship in found
    ]


def ready_and_waiting(guardianships: GuardianshipQuerySet) -> tuple[list[Guardianship], list[SkippedAdult]]:
    """Split the chosen into those who may have a code, and others.

    Returns (ready, skipped). A skipped one says what a leader has to approve first.
    """
    found = list(guardianships.with_needs_slot().select_related("contact__user", "pupil__classroom"))
    waits = {
        guardianship.pk: why_code_waits(guardianship, needs_slot=guardianship.needs_slot)
        for guardianship in found
    }
    skipped = [
        SkippedAdult(guardianship, waits[guardianship.pk]) for guardianship in found if waits[guardianship.pk]
    ]
    return [guardianship for guardianship in found if not waits[guardianship.pk]], skipped
