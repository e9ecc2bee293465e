from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UserKind(TextChoices):
    PERSON = "person", _("a person")
    CLASS = "class", _("a class account")
    PUPIL = "pupil", _("a pupil")


class Language(TextChoices):
    ENGLISH = "en", "English"
    WELSH = "cy", "Cymraeg"


class ClosureKind(TextChoices):
    HALF_TERM = "half_term", _("Half-term")
    INSET = "inset", _("INSET day")
    HOLIDAY = "holiday", _("Holiday")
    CLOSED = "closed", _("School closed")


class DeliveryState(TextChoices):
    PENDING = "pending", _("waiting to go")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")
    CANCELLED = "cancelled", _("cancelled")


class GovernorChangeKind(TextChoices):
    NAME = "name", _("becomes the governor for complaints about the head teacher")
    END = "end", _("is no longer the governor")
    ADDRESS = "address", _("gets a new e-mail address")
    MFA = "mfa", _("sets up a new second step")
    PROVIDER = "provider", _("no longer signs in with Microsoft or Google")
    OWN_ADDRESS = "own_address", _("has changed their own e-mail address")


class GovernorChangeState(TextChoices):
    OPEN = "open", _("waits for a second leader")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")
