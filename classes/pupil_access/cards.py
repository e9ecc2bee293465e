"""Make, end and check the cards with which pupils sign in (PU-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.enums import UserKind
from accounts.models.people import User
from classes.enums import CardState, Picture
from classes.joining.codes import new_pictures, new_token, pictures_hash, same, token_hash
from classes.models.classrooms import Classroom
from classes.models.joining import PupilCard
from classes.models.pupils import Pupil
from classes.pupil_access.rules import MOST_WRONG, PICTURES_REST, WRONG_IN_A_ROW, card_state, may_make_card
from classes.rules import check_ends
from malpas.lib.errors import RuleViolation

UNCOUNTED = {"wrong": 0, "wrong_in_a_row": 0, "shut_until": None}


class NotYourCards(RuleViolation):
    sentence = _("Cards are made by the child's own class.")


@dataclass(frozen=True)
class IssuedCard:
    """What is printed and stored nowhere: the QR's address, and the pictures."""

    pupil: Pupil
    address: str
    pictures: list[Picture]


@transaction.atomic
def new_card(*, pupil: Pupil, by: Actor, at: datetime) -> IssuedCard:
    """Make a pupil's card, and end the old one.

    With its pictures and sign-ins. Makes the pupil's account if there is none: no address, no password, no messaging
    (PU-4).
    """
    if not may_make_card(by, pupil):
        raise NotYourCards
    row = Pupil.objects.select_for_update().get(pk=pupil.pk)
    if row.has_left(localtime(at).date()) or row.classroom_id is None:
        raise RuleViolation(_("This child is in no class."))
    _account_for(row)
    token, pictures = new_token(), new_pictures()
    stored = {
        "token_hash": token_hash(token),
        "pictures_hash": pictures_hash(row.pk, pictures),
        "dragon": row.dragon,
        "made_at": at,
    }
    PupilCard.objects.update_or_create(pupil=row, defaults=stored | UNCOUNTED)
    record("card.made", by=by, about=row)
    pupil.dragon = row.dragon  # as locked: what is printed is what is stored
    return IssuedCard(pupil, settings.PUBLIC_URL + reverse("pupil_card", args=[token]), pictures)


def _account_for(pupil: Pupil) -> None:
    if pupil.account_id:
        User.objects.filter(pk=pupil.account_id).update(
            access_epoch=F("access_epoch") + 1, name=pupil.first_name
        )
        return
    pupil.account = User.objects.create_user(kind=UserKind.PUPIL, name=pupil.first_name)
    pupil.save(update_fields=["account"])


@transaction.atomic
def new_cards(
    *, classroom: Classroom, by: Actor, at: datetime, missing: bool = False, ends: int | None = None
) -> list[IssuedCard]:
    """Make cards for a class, by name, or only missing ones.

    `missing`: only those. `ends`: how many cards end by it, as somebody has confirmed. Raises EndsOthers with the
    number where it differs.
    """
    pupils = Pupil.objects.here().filter(classroom=classroom).select_related("classroom").by_name()
    list(pupils.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    if missing:
        pupils = pupils.filter(card__isnull=True)
    else:
        check_ends(PupilCard.objects.filter(pupil__in=pupils.order_by()).count(), ends)
    return [new_card(pupil=pupil, by=by, at=at) for pupil in pupils]


@transaction.atomic
def end_card(*, pupil: Pupil, by: Actor) -> None:
    """End a lost card, its pictures and its sign-ins."""
    if not may_make_card(by, pupil):
        raise NotYourCards
    PupilCard.objects.filter(pupil=pupil).delete()
    User.objects.filter(pupil=pupil).update(access_epoch=F("access_epoch") + 1)
    record("card.ended", by=by, about=pupil)


@transaction.atomic
def let_in_again(*, pupil: Pupil, by: Actor) -> None:
    """Reset a pupil's count of wrong pictures; the class knows who tried.

    Policy: PU-4.
    """
    if not may_make_card(by, pupil):
        raise NotYourCards
    PupilCard.objects.filter(pupil=pupil).update(**UNCOUNTED)
    record("card.let_in_again", by=by, about=pupil)


@transaction.atomic
def try_pictures(*, pupil: Pupil, pictures: list[str], at: datetime) -> bool:
    """Return whether these pictures, in order, open the pupil's page now (PU-4).

    Five wrong ones in a row, and they are refused for a quarter of an hour; twenty in all, and they are refused until
    the class resets the count. Wrong and refused are one answer. The row is locked, so that guesses made at once are
    counted one by one.
    """
    card = PupilCard.objects.select_for_update().filter(pupil=pupil).first()
    stored = card.pictures_hash if card else ""
    right = same(stored, pictures_hash(pupil.pk, pictures))
    if card is None or card_state(card, at) != CardState.READY:
        return False
    if not right:
        _count(card, at)
    elif card.wrong_in_a_row:
        PupilCard.objects.filter(pk=card.pk).update(wrong_in_a_row=0)
    return right


def _count(card: PupilCard, at: datetime) -> None:
    card.wrong, card.wrong_in_a_row = card.wrong + 1, card.wrong_in_a_row + 1
    if card.wrong >= MOST_WRONG:
        record("card.shut", by=None, about=card.pupil)
    elif card.wrong_in_a_row >= WRONG_IN_A_ROW:
        card.wrong_in_a_row, card.shut_until = 0, at + PICTURES_REST
        record("card.rests", by=None, about=card.pupil)
    card.save(update_fields=["wrong", "wrong_in_a_row", "shut_until"])
