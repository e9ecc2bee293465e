from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Relationship(TextChoices):
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    STEPMOTHER = "stepmother", _("Stepmother")
    STEPFATHER = "stepfather", _("Stepfather")
    GRANDMOTHER = "grandmother", _("Grandmother")
    GRANDFATHER = "grandfather", _("Grandfather")
    GUARDIAN = "guardian", _("Guardian")
    CARER = "carer", _("Carer")
    OTHER = "other", _("Other")


# PA-2 names these by relationship; anybody else by parental responsibility.
PARENTS_AND_GUARDIANS = frozenset({Relationship.MOTHER, Relationship.FATHER, Relationship.GUARDIAN})


class Suggestion(TextChoices):
    """What the school's records suggest for this adult. The office decides."""

    INVITE = "invite", _("invite")
    HOLD = "hold", _("hold: ask first")
    CONTACT_ONLY = "contact_only", _("contact only")


class Restriction(TextChoices):
    NONE = "none", _("as usual")
    MESSAGING_PAUSED = "messaging_paused", _("messaging paused")
    NO_ACCESS = "no_access", _("no access")


class Suspicion(TextChoices):
    """Why a code is suspicious.

    The office is notified once, the visitor never (A17).
    """

    GUESSED = "guessed", _("somebody guessed birthdays")
    OTHER_ADULT = "other_adult", _("tried by another adult")


class Picture(TextChoices):
    """The twelve pictures of a pupil's code, known to five-year-olds (PU-4)."""

    SUN = "sun", _("sun")
    MOON = "moon", _("moon")
    STAR = "star", _("star")
    HEART = "heart", _("heart")
    FLOWER = "flower", _("flower")
    FISH = "fish", _("fish")
    BOAT = "boat", _("boat")
    TREE = "tree", _("tree")
    APPLE = "apple", _("apple")
    HOUSE = "house", _("house")
    SHEEP = "sheep", _("sheep")
    KEY = "key", _("key")


class CardState(TextChoices):
    """The state of a child's card, as the class sees it."""

    NONE = "none", _("no card yet")
    OLD = "old", _("a card without pictures")
    READY = "ready", _("has a card")
    RESTING = "resting", _("5 wrong tries: locked for a while")
    SHUT = "shut", _("many wrong tries: locked")


class JoiningState(TextChoices):
    """How far one adult has joined for one child."""

    JOINED = "joined", _("joined")
    INVITED = "invited", _("invited")
    EXPIRED = "expired", _("code has ended")
    ON_HOLD = "on_hold", _("on hold")
    NOT_INVITED = "not_invited", _("not asked")
    CONTACT_ONLY = "contact_only", _("contact only")
    RESTRICTED = "restricted", _("no access")
    REMOVED = "removed", _("removed: paper or telephone")
    ENDED = "ended", _("ended")


class LetterSetState(TextChoices):
    """The state of a set of letters that a worker makes."""

    REQUESTED = "requested", _("being made")
    READY = "ready", _("ready to download")
    FETCHED = "fetched", _("downloaded")
    EXPIRED = "expired", _("not downloaded in time")
    FAILED = "failed", _("not made")


class RosterState(TextChoices):
    """Where a roster is between its upload and the portal."""

    WAITING = "waiting", _("waiting")
    APPLIED = "applied", _("taken in")
    UNDONE = "undone", _("undone")


class LetterSetFailure(TextChoices):
    """Why letters could not be made: the sentence that the requester reads."""

    CHANGED = (
        "changed",
        _(
            "The number of letters that would end has changed in the meantime. Nothing was done. Please start again."
        ),
    )
    REFUSED = (
        "refused",
        _("One of the adults can no longer have a code. Nothing was done. Please check the list again."),
    )
    NOBODY = "nobody", _("Everybody has joined, has a code, or waits for your decision.")
    NO_RIGHT = "no_right", _("Codes are made by the office.")
    GAVE_UP = (
        "gave_up",
        _("We could not make the letters. No code was changed. Please try again, or tell your technician."),
    )
