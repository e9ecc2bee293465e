"""Codes for everybody of a class, as the page of its letters makes them."""

from datetime import datetime

from accounts.actor import Actor
from classes.joining.invitations import Issued, invite_guardianships
from classes.joining.queries import guardianships_to_invite
from classes.models.classrooms import Classroom


def invite_class(
    *, classroom: Classroom | None, by: Actor, at: datetime, ends: int | None = None
) -> list[Issued]:
    guardianships = guardianships_to_invite(classroom)
    return invite_guardianships(guardianships=guardianships, by=by, at=at, ends=ends)
