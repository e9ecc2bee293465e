"""Nobody at work decides who reaches a child of their own (PA-2)."""

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from classes.models.guardianships import Guardianship
from classes.queries import is_own_child
from malpas.lib.errors import RuleViolation


class OwnChild(RuleViolation):
    sentence = _("This is about a child of your own. Please ask a colleague to decide it.")


def refuse_own_child(guardianship: Guardianship, *, by: Actor) -> None:
    """Refuse an act on any adult of a child that the actor is an adult of. Raises OwnChild."""
    if is_own_child(by.user, guardianship.pupil_id):
        raise OwnChild
