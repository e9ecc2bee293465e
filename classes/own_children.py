"""Keep staff from deciding access to their own children (PA-2)."""

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from classes.models.guardianships import Guardianship
from classes.queries import is_own_child
from malpas.lib.errors import RuleViolation


class OwnChild(RuleViolation):
    sentence = _("This is about a child of your own. Please ask a colleague to decide it.")


def refuse_own_child(guardianship: Guardianship, *, by: Actor) -> None:
    """Raise OwnChild if the actor is an adult of the child.

    Whichever adult of the child the act is about.
    """
    if is_own_child(by.user, guardianship.pupil_id):
        raise OwnChild
