from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportCategory(TextChoices):
    RUDE = "rude", _("Rude or hurtful")
    BULLYING = "bullying", _("Bullying, threats or harassment")
    PRIVACY = "privacy", _("Somebody's privacy")
    SPAM = "spam", _("Advertising or spam")
    RISK = "risk", _("A child may be at risk")
    OTHER = "other", _("Something else")


class DecisionKind(TextChoices):
    HIDE = "hide", _("hidden")
    WARNING = "warning", _("warning")
    REMOVAL = "removal", _("removal")
    LIFT = "lift", _("removal lifted")
    CONDUCT = "conduct", _("dealt with under the code of conduct")
    NOTHING = "nothing", _("nothing to do")
