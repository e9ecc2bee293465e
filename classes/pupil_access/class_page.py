"""The door of a class: a secret address at which its pupils choose their dragon (PU-4)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from classes.joining.codes import door_hash, new_token
from classes.models.joining import ClassDoor
from classes.models.people import Classroom
from classes.pupil_access.rules import may_make_door
from classes.rules import check_ends
from malpas.lib.errors import RuleViolation


class NotYourDoor(RuleViolation):
    sentence = _("The door of a class is opened by the class itself.")


@transaction.atomic
def new_door(*, classroom: Classroom, by: Actor, at: datetime, ends: int | None = None) -> str:
    """A new address for the class's door, for its poster; kept nowhere. The old one opens nothing any more.

    `ends`: 1 once somebody has confirmed that the old one ends; else raises EndsOthers where there is one.
    """
    if not may_make_door(by, classroom):
        raise NotYourDoor
    check_ends(ClassDoor.objects.select_for_update().filter(classroom=classroom).count(), ends)
    token = new_token()
    ClassDoor.objects.update_or_create(
        classroom=classroom, defaults={"token_hash": door_hash(token), "made_at": at}
    )
    record("door.made", by=by, about=classroom)
    return settings.PUBLIC_URL + reverse("pupil_class_door", args=[token])


@transaction.atomic
def open_door(*, classroom: Classroom, by: Actor, at: datetime) -> ClassDoor:
    """The class's door for its own computer, without an address to know; made if no poster ever was."""
    if not may_make_door(by, classroom):
        raise NotYourDoor
    fresh = {"token_hash": door_hash(new_token()), "made_at": at}
    door, _made = ClassDoor.objects.get_or_create(classroom=classroom, defaults=fresh)
    record("door.opened", by=by, about=classroom)
    return door
