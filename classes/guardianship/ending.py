"""Say in numbers what the end of a connection ends, and end it once confirmed."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.sessions.queries import signed_in_devices
from classes import hooks
from classes.guardianship.services import NotYours, end_guardianship, lock_guardianship
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.own_children import refuse_own_child
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation


class Ends(NamedTuple):
    """What closes with a connection.

    `codes`: open codes. `conversations`: with the class. `waiting`: messages that have not arrived. `devices`: on
    which the pages of this child close. `others`: children whom the adult goes on to see.
    """

    codes: int
    conversations: int
    waiting: int
    devices: int
    others: int

    @property
    def confirmed(self) -> tuple[int, int]:
        """The numbers that somebody confirms.

        The codes and the messages that are lost.
        """
        return self.codes, self.waiting

    @property
    def is_something(self) -> bool:
        """Whether anything closes at all."""
        return any((self.codes, self.conversations, self.waiting, self.devices))


class EndUnconfirmed(RuleViolation):
    """Raised with what would end."""

    sentence = _("Please confirm what ends.")

    def __init__(self, ends: Ends) -> None:
        self.ends = ends
        super().__init__()


def what_ends(guardianship: Guardianship, at: datetime) -> Ends:
    """Return what an end of this connection, or of its access, closes."""
    user, live = guardianship.contact.user, Guardianship.objects.live()
    closing = hooks.count_conversations.call_all(guardianship) if user else []
    has_access = live.filter(pk=guardianship.pk).exists()
    return Ends(
        codes=Invitation.objects.open().filter(guardianship=guardianship).count(),
        conversations=sum(each.conversations for each in closing) if has_access else 0,
        waiting=sum(each.waiting for each in closing),
        devices=len(signed_in_devices(user, "", at=at)) if user and has_access else 0,
        others=live.filter(contact=guardianship.contact).exclude(pupil=guardianship.pupil_id).count(),
    )


@transaction.atomic
def end_confirmed(
    *, guardianship: Guardianship, confirmed: tuple[int, int] | None, by: Actor, at: datetime
) -> Guardianship:
    """End a connection whose numbers somebody has confirmed (PA-2).

    A repeat changes nothing.

    `confirmed`: see Ends. Raises EndUnconfirmed with what ends where it differs, NotYours, OwnChild.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    guardianship = lock_guardianship(guardianship)
    if guardianship.ended_at is None:
        ends = what_ends(guardianship, at)
        if ends.confirmed != confirmed:
            raise EndUnconfirmed(ends)
    return end_guardianship(guardianship=guardianship, by=by, at=at)
