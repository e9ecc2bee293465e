from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BehaviourGroup(TextChoices):
    LEARNING = "learning", _("Learning")
    KINDNESS = "kindness", _("Kindness")
    INSPIRE = "inspire", _("INSPIRE")
    HOME = "home", _("Home learning")
    CYMRAEG = "cymraeg", _("Cymraeg")
