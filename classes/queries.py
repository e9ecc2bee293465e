"""The doors to children and classes, and shaped reads for the office."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor, whoever
from accounts.enums import UserKind
from accounts.models import StaffMember, User
from classes.codes import code_hash, door_hash, token_hash
from classes.enums import CardState, Restriction, Suggestion, TieState
from classes.models import ClassDoor, Classroom, Contact, Guardianship, Invitation, Pupil, pupil_here
from classes.rules import card_state, door_marks, tie_state, why_code_waits, why_left_out
from malpas.lib.prepared import Prepared


def get_pupil_for(actor: Actor, pk: int) -> Pupil:
    """A child among those whom the actor may see; anything else does not exist (PA-4, PU-4)."""
    return get_object_or_404(Pupil.objects.visible_to(actor).select_related("classroom"), pk=pk)


def children_of(actor: Actor) -> list[Pupil]:
    """The children whom this adult may see now, by name, with their class (PA-4); none for all other accounts."""
    return CHILDREN(account=actor.user.pk)


def _children() -> QuerySet[Pupil]:
    return Pupil.objects.of_parent(whoever(UserKind.PERSON).user).select_related("classroom").by_name()


CHILDREN = Prepared(_children)


def get_own_class(actor: Actor) -> Classroom:
    """The class of a class account; for everybody else there is none (TE-2)."""
    if not actor.is_class:
        raise Http404
    return get_object_or_404(Classroom, account=actor.user)


def parents_of_class(classroom: Classroom | None) -> QuerySet[User]:
    """Adults with a live tie to a child of the class, or of the school (None), each once: whom to tell (PA-5)."""
    ties = Guardianship.objects.live().filter(contact__user=OuterRef("pk"))
    return User.objects.filter(Exists(ties.filter(pupil__classroom=classroom) if classroom else ties))


def is_read(classroom: Classroom | None) -> bool:
    """Whether somebody can read what families write to this class; nobody does for a child without one."""
    return classroom is not None and Classroom.objects.read_by_somebody().filter(pk=classroom.pk).exists()


def classes_nobody_reads() -> QuerySet[Classroom]:
    """Classes with children whose families have nobody to write to, by name: for leaders and the office."""
    return Classroom.objects.read_by_nobody().order_by("name")


def staff_of(classroom: Classroom) -> QuerySet[StaffMember]:
    """Who may sit at the class account today (TE-2)."""
    return StaffMember.objects.filter(classrooms=classroom).here()


def classes_to_step_into(actor: Actor) -> QuerySet[Classroom]:
    """The classes whose list of staff holds this person, with an account to step into (TE-2)."""
    return Classroom.objects.filter(
        staff=actor.staff, account__is_active=True, account__removed_at__isnull=True
    )


def find_invitation(code: str, date_of_birth: date | None) -> Invitation | None:
    """The open invitation for a code and the child's birthday. One hash and one query, whatever was typed (PA-1).

    A wrong, used, ended, withdrawn or barred code, a wrong birthday, a removed adult: None, all alike.
    """
    open_ties = (
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
    found = Invitation.objects.open().filter(Exists(open_ties), code_hash=code_hash(code))
    return found.select_related("guardianship__contact__user", "guardianship__pupil").first()


def find_carried_invitation(pk: object) -> Invitation | None:
    """The invitation that a browser carries through sign-up, while it is still open."""
    if not isinstance(pk, int):
        return None
    return Invitation.objects.open().filter(pk=pk).select_related("guardianship__contact").first()


def find_card(token: str) -> Pupil | None:
    """The pupil whose newest card carries this token, while they are in a class (PU-4)."""
    here = Pupil.objects.here().filter(classroom__isnull=False, account__is_active=True)
    found = here.filter(account__removed_at__isnull=True, card__token_hash=token_hash(token))
    return found.select_related("account", "classroom").first()


def find_door(token: str) -> ClassDoor | None:
    """The door that this address opens: the newest of its class (PU-4)."""
    return ClassDoor.objects.filter(token_hash=door_hash(token)).first()


def find_opened_door(kept: object) -> Classroom | None:
    """The class at whose door a browser stands, while that door has no newer address."""
    if not isinstance(kept, str):
        return None
    return Classroom.objects.filter(door__token_hash=kept).first()


def pupils_at_door(classroom: Classroom) -> QuerySet[Pupil]:
    """Who may choose their dragon: pupils of the class whose card has pictures. By dragon, for names say too much."""
    here = Pupil.objects.here().filter(classroom=classroom, account__is_active=True)
    able = (
        here.filter(account__removed_at__isnull=True)
        .exclude(card__isnull=True)
        .exclude(card__pictures_hash="")
    )
    return able.select_related("account").order_by("dragon", "pk")


def dragons_at_door(classroom: Classroom) -> list[tuple[Pupil, str]]:
    """Each pupil at the door with what stands under their dragon; '' for all but twins of a dragon."""
    pupils = list(pupils_at_door(classroom))
    return list(zip(pupils, door_marks([(each.dragon, each.first_name) for each in pupils]), strict=True))


def get_pupil_at_door(classroom: Classroom, pk: int) -> Pupil:
    """The pupil behind a dragon at this class's door; any other does not exist (PU-4)."""
    return get_object_or_404(pupils_at_door(classroom), pk=pk)


@dataclass(frozen=True)
class PupilCardState:
    pupil: Pupil
    state: CardState
    wrong: int


def _card(pupil: Pupil, at: datetime) -> PupilCardState:
    card = getattr(pupil, "card", None)
    return PupilCardState(pupil, card_state(card, at), card.wrong if card else 0)


def class_cards(classroom: Classroom, at: datetime) -> list[PupilCardState]:
    """Each child of the class by name, with how their card stands. One query."""
    return [_card(pupil, at) for pupil in classroom.pupils.here().by_name().select_related("card")]


def get_card_of(classroom: Classroom, pk: int, at: datetime) -> PupilCardState:
    """One child of this class with how their card stands; any other does not exist (TE-2)."""
    pupils = classroom.pupils.here().select_related("card", "classroom")
    return _card(get_object_or_404(pupils, pk=pk), at)


@dataclass(frozen=True)
class AdultState:
    """One adult of one child, as the office sees them. `until`: when an open code ends."""

    tie: Guardianship
    state: TieState
    until: datetime | None = None
    why_waits: str = ""  # what a leader has to approve before this adult's code

    @property
    def waits_for_code(self) -> bool:
        """Would be given a code, new or again, with the whole class."""
        waiting = self.state in {TieState.NOT_ASKED, TieState.INVITED, TieState.EXPIRED}
        return waiting and self.tie.suggestion == Suggestion.INVITE

    @property
    def may_have_code(self) -> bool:
        """Somebody may make them a code by hand."""
        closed = {TieState.JOINED, TieState.RESTRICTED, TieState.REMOVED, TieState.ENDED}
        return self.state not in closed and not self.why_waits

    @property
    def words(self) -> str:
        """'invited (until 24.11.2026)'."""
        if self.until is None:
            return str(self.state.label)
        day = _("until %(day)s") % {"day": f"{localtime(self.until):%d.%m.%Y}"}
        return f"{self.state.label} ({day})"


@dataclass(frozen=True)
class PupilStates:
    pupil: Pupil
    adults: list[AdultState]


def _state(tie: Guardianship, at: datetime) -> AdultState:
    waiting = next(iter(tie.invitations.all()), None)  # prefetched: neither used nor withdrawn
    state = tie_state(tie, waiting, at)
    until = waiting.expires_at if waiting and state == TieState.INVITED else None
    return AdultState(tie, state, until, why_code_waits(tie, needs_place=tie.needs_place))


def class_states(classroom: Classroom, at: datetime) -> list[PupilStates]:
    """Each child of the class by name, with each adult's state. Three queries, however many children."""
    waiting = Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)
    ties = (
        Guardianship.objects.with_needs_place()
        .filter(ended_at__isnull=True)
        .select_related("contact__user")
        .prefetch_related(Prefetch("invitations", waiting))
        .order_by("priority", "pk")
    )
    pupils = Pupil.objects.here().filter(classroom=classroom).by_name()
    found = pupils.prefetch_related(Prefetch("guardianships", ties, to_attr="ties"))
    return [PupilStates(pupil, [_state(tie, at) for tie in pupil.ties]) for pupil in found]


def state_of(tie: Guardianship, at: datetime) -> AdultState:
    """How far this one adult is."""
    waiting = tie.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).first()
    state = tie_state(tie, waiting, at)
    until = waiting.expires_at if waiting and state == TieState.INVITED else None
    return AdultState(tie, state, until, why_code_waits(tie, needs_place=needs_place(tie)))


SHOWN = {
    "waiting": {TieState.NOT_ASKED, TieState.INVITED, TieState.EXPIRED},
    "hold": {TieState.ON_HOLD, TieState.CONTACT_ONLY},
    "joined": {TieState.JOINED},
}


def shown_states(rows: list[PupilStates], show: str) -> list[PupilStates]:
    """The children with an adult of the kind that is looked at, and those adults only; 'all' is everybody."""
    if show not in SHOWN:
        return rows
    kept = [PupilStates(row.pupil, [a for a in row.adults if a.state in SHOWN[show]]) for row in rows]
    return [row for row in kept if row.adults]


def with_state(ties: QuerySet[Guardianship]) -> QuerySet[Guardianship]:
    """Each tie with `how_far`: `rules.tie_state` said to the database, in the same order."""
    unused = Invitation.objects.filter(
        guardianship=OuterRef("pk"), used_at__isnull=True, withdrawn_at__isnull=True
    )
    return ties.annotate(
        how_far=Case(
            When(ended_at__isnull=False, then=Value(TieState.ENDED)),
            When(restriction=Restriction.NO_ACCESS, then=Value(TieState.RESTRICTED)),
            When(contact__user__removed_at__isnull=False, then=Value(TieState.REMOVED)),
            When(joined_at__isnull=False, then=Value(TieState.JOINED)),
            When(Exists(unused.open()), then=Value(TieState.INVITED)),
            When(Exists(unused), then=Value(TieState.EXPIRED)),
            When(suggestion=Suggestion.HOLD, then=Value(TieState.ON_HOLD)),
            When(suggestion=Suggestion.INVITE, then=Value(TieState.NOT_ASKED)),
            default=Value(TieState.CONTACT_ONLY),
            output_field=CharField(),
        )
    )


def ties_in_state(ties: QuerySet[Guardianship], state: str) -> QuerySet[Guardianship]:
    """Those who are as far as that; 'waiting': not joined, with a code or without; 'order': to decide about."""
    if state == "order":
        return ties.filter(pk__in=Guardianship.objects.to_decide())
    here = with_state(ties).filter(pupil_here("pupil__"))
    return here.filter(how_far__in=SHOWN.get(state, {state}))


def orders_to_decide(classroom: Classroom | None) -> list[Guardianship]:
    """Joined adults for whom the records name a court order that nobody has decided about; of a class or of all."""
    ties = Guardianship.objects.to_decide().select_related("contact", "pupil__classroom")
    return list((ties.filter(pupil__classroom=classroom) if classroom else ties).order_by("pk"))


@dataclass(frozen=True)
class Waiting:
    """How many have not joined and would be given a code, and how many of them have one that still opens."""

    number: int
    with_code: int

    @property
    def without_code(self) -> int:
        return self.number - self.with_code


def waiting_counts(classroom: Classroom | None) -> Waiting:
    """Of a class, or of the whole school. One query."""
    ties = with_state(ties_to_invite(classroom)).order_by()
    return Waiting(**ties.aggregate(number=Count("pk"), with_code=Count("pk", filter=Q(how_far="invited"))))


def ties_to_invite(classroom: Classroom | None, *, without_code: bool = False) -> QuerySet[Guardianship]:
    """Adults whom the records suggest to invite and who have not joined, by class and the child's name.

    Of a class, or of everybody in the school (None). `without_code`: only whom no open code waits for. Whose code
    a leader has to approve first is not among them (PA-2).
    """
    ties: QuerySet[Guardianship] = Guardianship.objects.named_by_policy().with_needs_place()
    if classroom:
        ties = ties.filter(pupil__classroom=classroom)
    if without_code:
        ties = with_state(ties).exclude(how_far=TieState.INVITED)
    return (
        ties.filter(
            pupil_here("pupil__"),
            needs_place=False,
            suggestion=Suggestion.INVITE,
            joined_at__isnull=True,
            ended_at__isnull=True,
        )
        .exclude(restriction=Restriction.NO_ACCESS)
        .exclude(contact__user__removed_at__isnull=False)
        .order_by(
            "pupil__classroom__name",
            Lower("pupil__legal_surname"),
            Lower("pupil__preferred_forename"),
            "pupil",
            "priority",
            "pk",
        )
    )


@dataclass(frozen=True)
class LeftOut:
    """An adult who gets no letter with the rest, and why."""

    tie: Guardianship
    why: str


def left_out_of_letters(classroom: Classroom | None) -> list[LeftOut]:
    """Adults who have not joined and get no letter with a class's, or with the school's (None). One query."""
    ties = Guardianship.objects.with_needs_place().select_related("contact__user", "pupil__classroom")
    ties = ties.filter(pupil_here("pupil__"), joined_at__isnull=True, ended_at__isnull=True)
    ties = ties.exclude(pk__in=ties_to_invite(classroom).order_by().values("pk"))
    found = ties.filter(pupil__classroom=classroom) if classroom else ties
    found = found.order_by("pupil__classroom__name", Lower("pupil__legal_surname"), "pupil", "priority", "pk")
    return [LeftOut(tie, why_left_out(tie, needs_place=tie.needs_place)) for tie in found]


def ready_and_waiting(ties: QuerySet[Guardianship]) -> tuple[list[Guardianship], list[LeftOut]]:
    """Those among the chosen whose code nothing keeps waiting, and the rest with what a leader has to approve."""
    found = list(ties.with_needs_place().select_related("contact__user", "pupil__classroom"))
    waits = {tie.pk: why_code_waits(tie, needs_place=tie.needs_place) for tie in found}
    left_out = [LeftOut(tie, waits[tie.pk]) for tie in found if waits[tie.pk]]
    return [tie for tie in found if not waits[tie.pk]], left_out


def needs_place(tie: Guardianship) -> bool:
    """Whether others hold both places of the child, and no further adult is approved for this one (PA-2)."""
    return Guardianship.objects.with_needs_place().filter(pk=tie.pk, needs_place=True).exists()


def other_ties_live(contact: Contact, *, but: Guardianship) -> bool:
    """The adult keeps access to the portal through another child."""
    return Guardianship.objects.live().filter(contact=contact).exclude(pk=but.pk).exists()


def is_own_child(user: User, pupil_id: int) -> bool:
    """Whether the records name this account's holder as an adult of the child, with access or without."""
    return Guardianship.objects.filter(pupil=pupil_id, contact__user=user).exists()


def has_child(user: User) -> bool:
    """Whether this account opens the page of any child, as a parent's."""
    return Guardianship.objects.live().filter(contact__user=user).exists()
