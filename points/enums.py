from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BehaviourGroup(TextChoices):
    LEARNING = "learning", _("Learning")
    KINDNESS = "kindness", _("Kindness")
    INSPIRE = "inspire", _("INSPIRE")
    HOME = "home", _("Home learning")
    CYMRAEG = "cymraeg", _("Cymraeg")


class Icon(TextChoices):
    """Icons of icons.svg that a behaviour may have."""

    STAR = "star", _("star")
    SHARING = "sharing", _("two halves")
    HELPING = "helping", _("a hand with a heart")
    LISTENING = "listening", _("ear")
    READY = "ready", _("school bag")
    EFFORT = "effort", _("mountain with a flag")
    ACHIEVEMENT = "achievement", _("rosette")
    COLLABORATION = "together", _("piece of a puzzle")
    INSPIRE = "inspire", _("spark")
    HOMEWORK = "homework", _("house with a book")
    BOOK = "book", _("book")
    CHAT = "chat", _("speech")
    HEART = "heart", _("heart")
    HAND = "hand", _("raised hand")
    SEEDLING = "seedling", _("seedling")
    SUN = "sun", _("sun")


class Period(TextChoices):
    TERM = "term", _("This term")
    YEAR = "year", _("This year")
    ALL = "all", _("All time")
