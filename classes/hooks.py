"""Define what `classes` asks of the apps above it.

They register their functions in `AppConfig.ready`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from accounts.actor import Actor
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from malpas.lib.hooks import Hook

# Withdraw what is pending between this adult and the child's class, in the transaction that restricts or ends access.
# The guardianship is passed as it is after the change.
end_access: Hook[[Guardianship, datetime], object] = Hook()


class ConversationEnds(NamedTuple):
    """How many conversations close with a connection, and messages of them that have not arrived."""

    conversations: int
    waiting: int


# Count what closes with this connection; the adult has an account.
count_conversations: Hook[[Guardianship], ConversationEnds] = Hook()

# Return the pupils of this class account who are absent on a day (PA-13).
list_absent: Hook[[Actor, date], Iterable[Pupil]] = Hook()


# Give what belongs to the first record to the second, in the transaction that puts two records of one adult together.
contact_merged: Hook[[Contact, Contact], object] = Hook()


class FoundByReference(NamedTuple):
    """What a reference stands for: words about it, and its address."""

    words: str
    url: str


# Return what this actor may open by the reference that somebody names (PA-7).
find_by_reference: Hook[[Actor, str], list[FoundByReference]] = Hook()
