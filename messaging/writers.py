"""Lock the account of whoever writes."""

from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from malpas.lib.errors import RuleViolation


class NotYourConversation(RuleViolation):
    sentence = _("You cannot write in this conversation.")


def lock_writer(user: User) -> None:
    """One writer's posts come one after the other, so that a second press finds the first, and a removal ends them."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
