"""Choose a pupil's dragon. Every part is free from the first day."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from classes.avatar.drawing import PARTS
from classes.avatar.rules import may_choose_dragon
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation


class NotYourDragon(RuleViolation):
    sentence = _("A dragon is chosen by its own child.")


class NoSuchPart(RuleViolation):
    sentence = _("Dragons have no such part. Please choose another.")


@transaction.atomic
def choose_dragon(*, pupil: Pupil, traits: Sequence[int], by: Actor) -> Pupil:
    """Set the dragon that a pupil chose.

    `traits`: one number for each of PARTS, in order. Raises NotYourDragon for everybody but the pupil, NoSuchPart for
    a number that no dragon has.
    """
    if not may_choose_dragon(by, pupil):
        raise NotYourDragon
    if len(traits) != len(PARTS) or not all(
        0 <= trait < size for trait, size in zip(traits, PARTS.values(), strict=True)
    ):
        raise NoSuchPart
    row = Pupil.objects.select_for_update().get(pk=pupil.pk)
    row.dragon = list(traits)
    row.save(update_fields=["dragon"])
    return row
