"""Find pupils' cards and class pages (PU-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from classes.enums import CardState
from classes.joining.codes import class_page_hash, token_hash
from classes.models.classrooms import Classroom
from classes.models.joining import ClassPage
from classes.models.pupils import Pupil
from classes.pupil_access.rules import card_state, class_page_marks, shows_another_dragon


def find_card(token: str) -> Pupil | None:
    """Return the pupil whose newest card has this token (PU-4).

    Only while they are in a class.
    """
    here = Pupil.objects.here().filter(classroom__isnull=False, account__is_active=True)
    found = here.filter(account__removed_at__isnull=True, card__token_hash=token_hash(token))
    return found.select_related("account", "classroom").first()


def find_class_page(token: str) -> ClassPage | None:
    """Return the class page of this token: the newest of its class.

    Policy: PU-4.
    """
    return ClassPage.objects.filter(token_hash=class_page_hash(token)).first()


def find_opened_class_page(token_hash: object) -> Classroom | None:
    """Return the class page open in a browser, if still valid."""
    if not isinstance(token_hash, str):
        return None
    return Classroom.objects.filter(class_page__token_hash=token_hash).first()


def pupils_at_class_page(classroom: Classroom) -> QuerySet[Pupil]:
    """Return pupils of the class who can sign in with pictures.

    Ordered by dragon, because an order by name would give names away.
    """
    here = Pupil.objects.here().filter(classroom=classroom, account__is_active=True)
    able = (
        here.filter(account__removed_at__isnull=True)
        .exclude(card__isnull=True)
        .exclude(card__pictures_hash="")
    )
    return able.select_related("account").order_by("dragon", "pk")


def dragons_at_class_page(classroom: Classroom) -> list[tuple[Pupil, str]]:
    """Return each pupil with the mark under their dragon.

    '' unless two dragons are the same.
    """
    pupils = list(pupils_at_class_page(classroom))
    return list(
        zip(pupils, class_page_marks([(each.dragon, each.first_name) for each in pupils]), strict=True)
    )


def get_pupil_at_class_page(classroom: Classroom, pk: int) -> Pupil:
    """Return a pupil of this class page. Raises Http404 (PU-4)."""
    return get_object_or_404(pupils_at_class_page(classroom), pk=pk)


@dataclass(frozen=True)
class PupilCardState:
    pupil: Pupil
    state: CardState
    wrong: int
    old_dragon: bool


def _card(pupil: Pupil, at: datetime) -> PupilCardState:
    card = getattr(pupil, "card", None)
    return PupilCardState(
        pupil, card_state(card, at), card.wrong if card else 0, shows_another_dragon(card, pupil.dragon)
    )


def class_cards(classroom: Classroom, at: datetime) -> list[PupilCardState]:
    """Return the children of the class by name, with their card's state.

    One query.
    """
    return [_card(pupil, at) for pupil in classroom.pupils.here().by_name().select_related("card")]


def get_card_of(classroom: Classroom, pk: int, at: datetime) -> PupilCardState:
    """Return one child of this class with the card's state.

    Raises Http404 (TE-2).
    """
    pupils = classroom.pupils.here().select_related("card", "classroom")
    return _card(get_object_or_404(pupils, pk=pk), at)
