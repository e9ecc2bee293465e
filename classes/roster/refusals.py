"""Why a roster is not taken in."""

from django.utils.translation import gettext_lazy

from malpas.lib.errors import RuleViolation


class TooManyMissing(RuleViolation):
    """More than 10 % of today's pupils would be gone, unconfirmed."""


class ImportIsRunning(RuleViolation):
    """Another import is running.

    Two at once would each make the same pupils.
    """


class ClassesUndecided(RuleViolation):
    """Raised while nobody has said whether a renamed class is the file's.

    The file has the name from before.
    """

    sentence = gettext_lazy(
        "A class was renamed here. Please say first whether the file means the same class."
    )


class LeaderTakes(RuleViolation):
    """Raised when the office would take back what somebody set by hand of a connection (PA-2)."""

    sentence = gettext_lazy(
        "What was set by hand of an adult and a child, such as a court order, a senior leader takes back. Please untick "
        "it, or ask one of them. Nothing was taken in."
    )


class RosterChanged(RuleViolation):
    """The portal has changed since somebody looked at the plan."""

    sentence = gettext_lazy(
        "Something has changed in the portal since you looked. Nothing was taken in. This is what the file would "
        "change now."
    )
