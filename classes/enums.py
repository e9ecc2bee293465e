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


class Suggestion(TextChoices):
    """What the school's records suggest for this tie. A person in the office decides."""

    INVITE = "invite", _("invite")
    HOLD = "hold", _("hold: ask first")
    CONTACT_ONLY = "contact_only", _("contact only")


class Restriction(TextChoices):
    NONE = "none", _("none")
    MESSAGING_PAUSED = "messaging_paused", _("messaging paused")
    NO_ACCESS = "no_access", _("no access")


class Suspicion(TextChoices):
    """What was odd about a code. The office is told once; whoever tried it reads nothing of it (A17)."""

    GUESSED = "guessed", _("the birthday was guessed at")
    OTHER_ADULT = "other_adult", _("tried by another adult")


class TieState(TextChoices):
    """How far one adult is with one child, as the office sees it."""

    JOINED = "joined", _("joined")
    INVITED = "invited", _("invited")
    EXPIRED = "expired", _("code has ended")
    ON_HOLD = "on_hold", _("on hold")
    NOT_ASKED = "not_asked", _("not asked")
    CONTACT_ONLY = "contact_only", _("contact only")
    RESTRICTED = "restricted", _("no access")
    REMOVED = "removed", _("removed: paper or telephone")
    ENDED = "ended", _("ended")
