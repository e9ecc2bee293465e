"""The cards with which pupils sign in: a new one ends the old (PU-4)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.enums import UserKind
from accounts.models import User
from accounts.services import record
from classes.codes import new_token, token_hash
from classes.models import Classroom, Pupil, PupilCard
from classes.rules import may_make_card
from malpas.lib.errors import RuleViolation


@transaction.atomic
def new_card(*, pupil: Pupil, by: Actor, at: datetime) -> str:
    """A new card for a pupil; its whole address, which is nowhere kept. The old card and its sign-ins end.

    Makes the pupil's account if there is none: no address, no password, no messaging (PU-4).
    """
    if not may_make_card(by, pupil):
        raise RuleViolation(_("Cards are made by the child's own class."))
    row = Pupil.objects.select_for_update().get(pk=pupil.pk)
    if row.left_on or row.classroom_id is None:
        raise RuleViolation(_("This child is in no class."))
    _account_for(row)
    token = new_token()
    PupilCard.objects.update_or_create(pupil=row, defaults={"token_hash": token_hash(token), "made_at": at})
    record("card.made", by=by, about=row)
    return settings.PUBLIC_URL + reverse("pupil_card", args=[token])


def _account_for(pupil: Pupil) -> None:
    if pupil.account_id:
        User.objects.filter(pk=pupil.account_id).update(
            access_epoch=F("access_epoch") + 1, name=pupil.first_name
        )
        return
    pupil.account = User.objects.create_user(kind=UserKind.PUPIL, name=pupil.first_name)
    pupil.save(update_fields=["account"])


@transaction.atomic
def new_cards(*, classroom: Classroom, by: Actor, at: datetime) -> list[tuple[Pupil, str]]:
    """New cards for the whole class, by name: each pupil with the address of their card."""
    pupils = Pupil.objects.here().filter(classroom=classroom).select_related("classroom").by_name()
    return [(pupil, new_card(pupil=pupil, by=by, at=at)) for pupil in pupils]


@transaction.atomic
def end_card(*, pupil: Pupil, by: Actor) -> None:
    """A lost card opens nothing any more, and whoever signed in with it is out."""
    if not may_make_card(by, pupil):
        raise RuleViolation(_("Cards are made by the child's own class."))
    PupilCard.objects.filter(pupil=pupil).delete()
    User.objects.filter(pupil=pupil).update(access_epoch=F("access_epoch") + 1)
    record("card.ended", by=by, about=pupil)
